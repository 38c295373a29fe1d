"""What must not stand in a log, taken out by pattern. The second net: the first is to log only named fields.

Better too much than too little: whatever looks like an AVS number goes, with or without a right check digit, in any
spelling, glued to other digits or not; after a word like *password* the rest of the line goes.
"""

import re

AVS_HIDDEN = "[avs]"
ADDRESS_HIDDEN = "[address]"
SECRET_HIDDEN = "[hidden]"  # noqa: S105 - what stands in place of a secret
MAX_TEXT = 2000
MAX_INPUT = 20_000

_GAP = r"(?:%2[0DEde]|[\W_]){0,3}"
"""What people and programs write between the digits: dots, blanks, dashes, their URL escapes, invisible signs."""

_AVS = re.compile(r"7" + _GAP + "5" + _GAP + "6" + (_GAP + r"\d") * 10)
_ADDRESS = re.compile(r"[^\s@<>\"'(),:;\[\]\\]{1,256}(?:@|%40)[\w.\-\[\]:]{1,255}")
_URL_LOGIN = re.compile(r"://[^\s/@]{1,512}@")
_KEY_BLOCK = re.compile(r"-----BEGIN.*", re.DOTALL)
_AFTER_SECRET_WORD = re.compile(
    r"(?:pass(?:word|wort|wd|phrase)|\bpwd|kennwort|mot[ _-]?de[ _-]?passe|secret(?!ar)|geheimnis|token|api[_-]?key|"
    r"authori[sz]ation|cookie|credentials?|private[_-]?key)"
    r"(?:[\w:-]{0,40}[\"'\s]{0,4}[=:>]|[\w:-]{0,40}\s+[\w:-]{1,40}=)[^\r\n]*",
    re.IGNORECASE,
)
"""``password=``, ``"token": ``, ``<p:Password xsi:type=``, and all that follows on the line."""

_BEARER = re.compile(r"\b(?:bearer|basic|digest)\s+[\w.~+/=-]{6,}", re.IGNORECASE)


def redact(text: str) -> str:
    """The text without AVS numbers, addresses, logins and secrets."""
    text = _KEY_BLOCK.sub(SECRET_HIDDEN, text)
    text = _AFTER_SECRET_WORD.sub(SECRET_HIDDEN, text)
    text = _BEARER.sub(SECRET_HIDDEN, text)
    text = _URL_LOGIN.sub(f"://{SECRET_HIDDEN}@", text)
    text = _AVS.sub(AVS_HIDDEN, text)
    return _ADDRESS.sub(ADDRESS_HIDDEN, text) if "@" in text or "%40" in text else text


def one_line(text: str) -> str:
    """The text with every sign that a terminal or a log reader could act on written out as an escape.

    Line ends, ANSI escapes, invisible and direction-changing signs, lone surrogates (S7).
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    """A sign as Python writes it in a string: ``\\n``, ``\\x1b``, ``\\u202e``."""
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")


def safe_text(text: str) -> str:
    """Redacted, on one line, and cut with a mark where a log line would get out of hand.

    A text beyond :data:`MAX_INPUT` is withheld as a whole: cutting first could leave half of a number unrecognised.
    """
    if len(text) > MAX_INPUT:
        return f"[{len(text)} characters, withheld]"
    clean = one_line(redact(text))
    return clean if len(clean) <= MAX_TEXT else clean[:MAX_TEXT] + " [...]"
