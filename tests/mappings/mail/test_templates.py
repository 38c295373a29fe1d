"""Every kind has its three templates in each language, and none of them says what must not be said."""

import re
from importlib.resources import files

import pytest

from domain.errors import MisconfiguredError
from mappings.mail.kinds import KINDS
from mappings.mail.templates import template_names, template_source
from mappings.mail.words import LANGUAGES, codes, word

HEALTH = (
    r"sant[ée]s?|malad\w*|m[ée]dec\w*|m[ée]dic\w*|diagnos\w*|invalid\w*|accident\w*|d[ée]pendance\w*|handicap\w*|psych\w*"
    r"|incapacit\w*|th[ée]rap\w*|h[ôo]pit\w*|SMR|OAI|AI|Suva"
    r"|Gesundheit\w*|[Kk]rank\w*|[Aa]rzt\w*|[Ää]rzt\w*|Unfall\w*|Sucht\w*|Abh[äa]ngigkeit\w*|Behinder\w*|Arbeitsunf\w*"
    r"|RAD|IV|IV-Stelle|Spital\w*"
)
SOCIAL = r"aide sociale|Sozialhilfe\w*|LIAS|LEMC|CII LIAS-LEMC|poursuites?|Betreibung\w*|dettes?|Schulden"
PERSON = r"Madame|Monsieur|Herrn?|Frau|b[ée]n[ée]ficiaire\w*|AVS|AHV|756|n[ée]e? le|geboren\w*|motif\w*|Grund"
FORBIDDEN = re.compile(rf"\b(?:{HEALTH}|{SOCIAL}|{PERSON})\b")

SHOWN = {name: template_source(name) for name in template_names()}
WORDS = {
    f"{table}.{code}.{language}": word(table, code, language, path="x")
    for table in ("region", "role")
    for code in codes(table)
    for language in LANGUAGES
}


@pytest.mark.parametrize("text", [*SHOWN.values(), *WORDS.values()], ids=[*SHOWN, *WORDS])
def test_no_name_no_health_word_no_reason(text: str) -> None:
    assert FORBIDDEN.findall(text) == []


@pytest.mark.parametrize("said", ["pour maladie", "der Arzt sagt", "Madame Müller", "mot-clé CII LIAS-LEMC", "die IV"])
def test_the_forbidden_words_are_found_when_they_are_there(said: str) -> None:
    assert FORBIDDEN.search(said)


@pytest.mark.parametrize("name", [name for name in SHOWN if name.endswith(".subject.j2")])
def test_a_subject_names_no_institution_and_only_the_reference(name: str) -> None:
    assert re.findall(r"{{\s*(\w+)\s*}}", SHOWN[name]) == ["case_reference"]
    assert not re.search(r"\b(CMS|SMZ|ORP|RAV|tandem|Tandem)\b", SHOWN[name])


def test_each_kind_is_complete_and_nothing_else_ships() -> None:
    wanted = {
        f"{kind}.{language}.{form}.j2"
        for kind in KINDS
        for language in LANGUAGES
        for form in ("subject", "txt", "html")
    }
    assert set(template_names()) == wanted | {"layout.txt.j2", "layout.html.j2"}


def test_templates_lie_in_the_package() -> None:
    assert (files("mappings.mail") / "templates" / "layout.txt.j2").is_file()


@pytest.mark.parametrize("name", ["absent.j2", "../words.toml", "/etc/hostname"])
def test_only_what_ships_is_read(name: str) -> None:
    with pytest.raises(MisconfiguredError):
        template_source(name)
