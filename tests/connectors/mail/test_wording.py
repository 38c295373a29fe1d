"""The mails as people read them: golden texts, the same facts in HTML, nothing that should not be said."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, meta

from connectors.mail.wording import render
from domain.errors import InvalidRecordError, MappingError
from domain.facets import Language
from domain.mail import OutgoingMail
from mappings.mail.kinds import KINDS
from mappings.mail.templates import template_names, template_source
from tests.connectors.mail.conftest import REINSERTION
from tests.connectors.mail.samples import FULL, GOLDEN, as_read, samples

SAMPLES = samples()
each_sample = pytest.mark.parametrize("mail", SAMPLES.values(), ids=SAMPLES.keys())


@pytest.mark.parametrize("name", SAMPLES)
def test_the_text_is_the_one_that_was_read_and_approved(name: str) -> None:
    assert as_read(render(SAMPLES[name])) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_there_is_a_golden_file_for_each_sample_and_no_other() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SAMPLES)


class Reading(HTMLParser):
    """Checks that tags nest, and keeps what a reader sees and in which language."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.used: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.used.add(tag)
        self.text += " "
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "body" in self.open:
            self.text += data


def read_html(mail: OutgoingMail) -> Reading:
    reading = Reading()
    reading.feed(render(mail).html)
    reading.close()
    assert reading.open == []
    return reading


def facts(text: str) -> set[str]:
    """The words and dates of a text, without its punctuation and its links."""
    return set(re.findall(r"[\w.-]*\w", re.sub(r"https?://\S+", " ", text)))


@each_sample
def test_html_says_what_the_text_says(mail: OutgoingMail) -> None:
    shown, plain = facts(read_html(mail).text), facts(render(mail).text)
    assert plain - shown == set()
    titles = facts(render(mail).subject)
    assert shown - plain <= titles


@each_sample
def test_html_is_plain_and_follows_the_readers_theme(mail: OutgoingMail) -> None:
    reading = read_html(mail)
    assert not reading.used & {"table", "img", "script", "link", "style", "iframe", "form", "font"}
    styles = " ".join(value for name, value in reading.attributes if name == "style")
    assert not re.search(r"(?<![-\w])(?:color|background)\s*:|#[0-9a-f]{3}|rgb", styles)
    assert ("content", "light dark") in reading.attributes


@each_sample
def test_each_part_of_html_says_its_language(mail: OutgoingMail) -> None:
    named = [value for name, value in read_html(mail).attributes if name == "lang"]
    assert named[0] == mail.languages[0].value
    assert set(named) == {language.value for language in mail.languages}


@each_sample
def test_the_subject_holds_the_reference_and_one_line(mail: OutgoingMail) -> None:
    subject = render(mail).subject
    assert subject.count("CII-2026-000123") == len(mail.languages)
    assert "\n" not in subject
    assert "CMS" not in subject
    assert "SMZ" not in subject


@each_sample
def test_swiss_spelling(mail: OutgoingMail) -> None:
    text = render(mail).text
    assert "ß" not in text
    assert not re.search(r"[„“”]|\d{4}-\d{2}-\d{2}", text)


def test_the_second_language_is_announced_first_in_its_own_words() -> None:
    both = replace(REINSERTION, languages=(Language.DE, Language.FR))
    assert render(both).text.startswith("La version française se trouve plus bas.")
    assert render(both).subject.startswith("Wiedereingliederung")


def test_a_language_named_twice_is_written_once() -> None:
    twice = replace(REINSERTION, languages=(Language.FR, Language.FR))
    assert render(twice) == render(replace(REINSERTION, languages=(Language.FR,)))


def test_no_language_is_an_error_with_its_path() -> None:
    with pytest.raises(InvalidRecordError, match="languages"):
        render(replace(REINSERTION, languages=()))


def test_only_a_tandem_that_can_be_answered_is_offered() -> None:
    assert "Répondez" in render(REINSERTION).text
    assert "Répondez" not in render(replace(REINSERTION, reply_to=())).text


def test_an_unknown_kind_is_an_error_with_its_path() -> None:
    with pytest.raises(MappingError, match="template"):
        render(replace(REINSERTION, template="../../../etc/passwd"))


def test_a_link_cannot_leave_its_attribute() -> None:
    fields = {**FULL["registration_wanted"], "link": 'https://a.example/"><script>x</script>'}
    html = render(replace(REINSERTION, template="registration_wanted", fields=fields)).html
    assert "<script>" not in html


@pytest.mark.parametrize("name", template_names())
def test_a_template_knows_no_other_fact_than_its_kind_allows(name: str) -> None:
    environment = Environment(autoescape=True)
    asked = meta.find_undeclared_variables(environment.parse(template_source(name)))
    prefix = name.partition(".")[0]
    if prefix == "layout":
        assert asked <= {"parts", "subject"}
    else:
        kind = KINDS[prefix]
        assert asked <= {*kind.required, *kind.optional, "reply_reaches_tandem"}
