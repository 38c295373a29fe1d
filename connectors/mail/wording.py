"""The words of a mail: its templates rendered in each language that its recipients need."""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError

from domain.errors import InvalidRecordError, MisconfiguredError
from domain.facets import Language
from domain.mail import OutgoingMail
from mappings.mail.fields import readable
from mappings.mail.kinds import MailKind, kind_named
from mappings.mail.templates import template_source

NOTICE = {
    Language.FR: "La version française se trouve plus bas.",
    Language.DE: "Die deutsche Fassung steht weiter unten.",
}
"""Tells the reader of the second language, in that language, to read on."""


@dataclass(frozen=True, slots=True)
class Part:
    """One language of a mail. ``html`` is already escaped."""

    language: Language
    notice: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What a mail says: subject, plain text and HTML, with the languages in their order."""

    languages: tuple[Language, ...]
    subject: str
    text: str
    html: str


def render(mail: OutgoingMail) -> Wording:
    """The wording of a mail, bilingual when it has two languages, the first recipient's first.

    Raises :class:`MappingError` or :class:`InvalidRecordError` with the path of a field that is wrong, and
    :class:`MisconfiguredError` when a template asks for something that its kind does not have.
    """
    languages = tuple(dict.fromkeys(mail.languages))
    if not languages:
        raise InvalidRecordError("missing", path="languages", system="mail", operation="render")
    kind = kind_named(mail.template)
    try:
        parts = [_part(kind, mail, language) for language in languages]
        subject = " / ".join(part.subject for part in parts)
        text = _text().get_template("layout.txt.j2").render(parts=parts)
        html = _html().get_template("layout.html.j2").render(parts=parts, subject=subject)
    except TemplateError as fault:
        reason = f"the template cannot be rendered ({type(fault).__name__})"
        raise MisconfiguredError(reason, system="mail", operation="render", reference=kind.name) from None
    return Wording(languages, subject, text.strip() + "\n", html.strip() + "\n")


def _part(kind: MailKind, mail: OutgoingMail, language: Language) -> Part:
    """One language's subject, text and inner HTML."""
    facts = {**readable(kind, mail.fields, language.value), "reply_reaches_tandem": bool(mail.reply_to)}
    prefix = f"{kind.name}.{language.value}"
    return Part(
        language=language,
        notice=NOTICE[language],
        subject=_text().get_template(f"{prefix}.subject.j2").render(facts).strip(),
        text=_text().get_template(f"{prefix}.txt.j2").render(facts).strip(),
        html=_html().get_template(f"{prefix}.html.j2").render(facts).strip(),
    )


@cache
def _text() -> Environment:
    """Templates of plain text: nothing is escaped, an unknown name is an error."""
    return Environment(loader=FunctionLoader(template_source), undefined=StrictUndefined, autoescape=False)  # noqa: S701 (plain text)


@cache
def _html() -> Environment:
    """Templates of HTML: every value is escaped, an unknown name is an error."""
    return Environment(loader=FunctionLoader(template_source), undefined=StrictUndefined, autoescape=True)
