"""What a text of another system may hold before it is stored, shown or sent on."""

import unicodedata

_NOT_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories of control characters, half characters, and separators that break lines."""


def is_plain(text: str) -> bool:
    """Whether a text is of visible characters and blanks only."""
    return not any(unicodedata.category(sign) in _NOT_TEXT for sign in text)
