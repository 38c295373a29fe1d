"""Logs with canaries at DEBUG: a made-up person, number, address and password must occur nowhere (S7, S8, F81)."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
from sqlalchemy import create_engine, text

from config.correlation import correlated, correlation_id, new_correlation_id
from config.log_format import FIELDS, fields_of
from config.logging import CAPPED, LOST, hook_uncaught, logging_to
from domain.errors import RefusedError, UnavailableError
from tests.config.samples import avs_number

PERSON = "Zimtstern"
AVS = avs_number(123_456_789)
PASSWORD = "Sesam7Kardamom"
ADDRESS = "zimtstern@invented.example"
CANARIES = (PERSON, AVS, PASSWORD, "zimtstern")

OWN = logging.getLogger("pipelines.nightly")


class Stream(io.StringIO):
    """A stream whose lines can be read as records."""

    def records(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def stream() -> Iterator[Stream]:
    written = Stream()
    with logging_to(written):
        yield written
    assert not [canary for canary in CANARIES if canary in written.getvalue()]


def test_a_record_is_one_json_object_with_time_in_utc(stream: Stream) -> None:
    with correlated("abc-1"):
        OWN.info("seen %d cases", 500, extra={"run_id": "r1", "count": 500})
    (told,) = stream.records()
    when = datetime.fromisoformat(str(told.pop("time")))
    assert when.utcoffset() == UTC.utcoffset(None)
    assert told == {
        "level": "INFO",
        "logger": "pipelines.nightly",
        "message": "seen 500 cases",
        "correlation_id": "abc-1",
        "run_id": "r1",
        "count": 500,
    }


def test_s8_only_named_fields_pass(stream: Stream) -> None:
    OWN.info("checked", extra={"case_id": "CII-2026-000123", "family_name": PERSON, "avs_number": AVS})
    (told,) = stream.records()
    assert told["case_id"] == "CII-2026-000123"
    assert told["dropped_fields"] == 2
    assert "family_name" not in told


@pytest.mark.parametrize("value", [AVS, int(AVS), f"see {ADDRESS}", f"password={PASSWORD}", {"name": PERSON}, [PERSON]])
def test_s8_a_named_field_with_the_wrong_content_is_redacted(stream: Stream, value: object) -> None:
    OWN.info("checked", extra={"reason": value})
    assert "reason" in stream.records()[0]


def test_values_that_are_harmless_stay_as_they_are(stream: Stream) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    OWN.info("checked", extra={"seconds": 1.5, "state": None, "outcome": True, "lease_until": at})
    (told,) = stream.records()
    assert (told["seconds"], told["state"], told["outcome"]) == (1.5, None, True)
    assert told["lease_until"] == "2026-11-22T00:00:00+00:00"


@pytest.mark.parametrize(
    "sentence", [f"no person {AVS}", f"mail to {ADDRESS}", f"password={PASSWORD}", f"https://u:{PASSWORD}@h.example/"]
)
def test_s8_our_own_sentences_are_redacted_too(stream: Stream, sentence: str) -> None:
    OWN.debug(sentence)
    OWN.debug("%s", sentence)
    assert len(stream.records()) == 2


def test_s7_nobody_can_forge_a_line(stream: Stream) -> None:
    OWN.warning("name %s", 'x\r\n{"level": "INFO"}\x1b[2J\u2028\u202e')
    assert len(stream.getvalue().splitlines()) == 1
    assert stream.getvalue().isascii()
    assert "\x1b" not in str(stream.records()[0]["message"])


@pytest.mark.parametrize(
    "library", [*CAPPED, "zeep.transports", "zeep.wsdl", "urllib3.connectionpool", "unknown.library"]
)
def test_s8_libraries_say_nothing_below_warning_even_when_asked(stream: Stream, library: str) -> None:
    logger = logging.getLogger(library)
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.debug("HTTP Post to %s:\n%s", "https://x", f"<password>{PASSWORD}</password><name>{PERSON}</name>")
    logger.info("[parameters: ('%s',)]", PERSON)
    logger.setLevel(before)
    assert stream.getvalue() == ""


def test_s8_of_a_library_only_the_template_is_logged(stream: Stream) -> None:
    logging.getLogger("urllib3.connectionpool").warning("Retrying after %r: %s", ConnectionError(PERSON), f"/p/{AVS}")
    logging.getLogger("celery.worker").error("Task %(name)s raised: %(exc)s", {"name": "t", "exc": PERSON})
    logging.getLogger("amqp").error(f"connection of {PERSON} lost")  # noqa: G004 - what libraries do
    retry, task, filled = stream.records()
    assert retry["message"] == "Retrying after %r: %s"
    assert task["message"] == "Task %(name)s raised: %(exc)s"
    assert filled["message"] == "text of a library, withheld"
    assert str(filled["source"]).startswith("test_logging:")


def test_s8_sql_echo_prints_nothing(stream: Stream, capsys: pytest.CaptureFixture[str]) -> None:
    engine = create_engine("sqlite://", echo="debug")
    with engine.connect() as connection:
        assert connection.execute(text("select :name"), {"name": PERSON}).scalar() == PERSON
    engine.dispose()
    assert stream.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_s8_exceptions_show_type_and_place_but_no_value(stream: Stream) -> None:
    try:
        try:
            raise KeyError(PERSON)  # noqa: TRY301 - a cause as a library would raise it
        except KeyError as error:
            raise UnavailableError("no answer", system="plasta", operation="getStes", reference="CII-1") from error
    except UnavailableError:
        OWN.exception("check failed")
    (told,) = stream.records()
    assert told["error"] == ["domain.errors.UnavailableError: plasta.getStes [CII-1]: no answer", "KeyError"]
    (place,) = told["trace"] if isinstance(told["trace"], list) else [""]
    assert place.startswith("config/test_logging.py:test_s8_exceptions_show_type_and_place_but_no_value:")


def test_s8_even_our_own_errors_are_redacted(stream: Stream) -> None:
    OWN.error("failed", exc_info=RefusedError(f"person {AVS} of {ADDRESS}"))
    assert "RefusedError" in stream.getvalue()


def test_a_cause_that_was_hidden_on_purpose_stays_hidden(stream: Stream) -> None:
    try:
        try:
            int(PERSON)
        except ValueError:
            raise UnavailableError("no answer") from None
    except UnavailableError:
        OWN.exception("check failed")
    assert stream.records()[0]["error"] == ["domain.errors.UnavailableError: no answer"]


def test_a_long_chain_of_causes_is_cut(stream: Stream) -> None:
    error: Exception = ValueError(PERSON)
    for _ in range(30):
        outer = ValueError(PERSON)
        outer.__cause__ = error
        error = outer
    OWN.error("failed", exc_info=error)
    assert stream.records()[0]["error"] == ["ValueError"] * 8


def test_f81_a_record_that_fails_is_counted_and_its_arguments_stay_unseen(capsys: pytest.CaptureFixture[str]) -> None:
    written = Stream()
    with logging_to(written) as handler:
        OWN.info("seen %d", PERSON)
        assert handler.lost == 1
    assert written.getvalue() == LOST
    assert PERSON not in "".join(capsys.readouterr())


def test_f81_a_stream_that_is_gone_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    written = Stream()
    with logging_to(written) as handler:
        written.close()
        OWN.error("still here")
        assert handler.lost == 1
    assert capsys.readouterr() == ("", "")


def test_warnings_of_python_are_records_without_their_text(stream: Stream) -> None:
    warnings.warn(f"about {PERSON}", UserWarning, stacklevel=1)
    assert stream.records()[0]["logger"] == "py.warnings"


def test_text_lines_say_the_same_for_a_terminal() -> None:
    written = Stream()
    with logging_to(written, "INFO", "text"):
        OWN.debug("not at this level")
        OWN.error("stopped\nhere", extra={"case_id": "CII-1", "reason": "no answer"}, exc_info=KeyError(PERSON))
    (line,) = written.getvalue().splitlines()
    assert ' ERROR pipelines.nightly stopped\\nhere case_id=CII-1 reason="no answer" error=KeyError' in line
    assert PERSON not in line


def test_the_former_logging_returns_after_the_block() -> None:
    root = logging.getLogger()
    before = list(root.handlers), root.level
    with logging_to(Stream()):
        assert list(root.handlers) != before[0]
    assert (list(root.handlers), root.level) == before


def test_an_uncaught_error_is_a_line_without_its_message(stream: Stream, capsys: pytest.CaptureFixture[str]) -> None:
    hooks = sys.excepthook, threading.excepthook
    try:
        hook_uncaught()
        sys.excepthook(ValueError, ValueError(PERSON), None)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        worker = threading.Thread(target=lambda: int(PERSON))
        worker.start()
        worker.join()
    finally:
        sys.excepthook, threading.excepthook = hooks
    assert [told["error"] for told in stream.records()] == [["ValueError"], ["ValueError"]]
    assert PERSON not in "".join(capsys.readouterr())


def test_correlation_is_nested_and_ends() -> None:
    with correlated() as outer:
        assert correlation_id() == outer
        with correlated("inner"):
            assert correlation_id() == "inner"
        assert correlation_id() == outer
    assert correlation_id() == ""
    assert new_correlation_id() != new_correlation_id()


@pytest.mark.parametrize("given", ["", "a b", "x\n", "-a", "a" * 65, ADDRESS])
def test_a_correlation_id_from_elsewhere_is_letters_digits_dashes(given: str) -> None:
    with pytest.raises(ValueError, match="1 to 64"), correlated(given):
        pass


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_our_own_records_obey_the_level(level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]) -> None:
    written = Stream()
    with logging_to(written, level):
        for each in (OWN.debug, OWN.info, OWN.warning, OWN.error):
            each("said")
    assert len(written.records()) == 4 - ["DEBUG", "INFO", "WARNING", "ERROR"].index(level)


def test_no_allowed_field_is_named_after_a_person() -> None:
    assert not {"name", "avs_number", "personal_number", "email", "subject", "body", "payload", "password"} & FIELDS
    record = logging.LogRecord("store.x", logging.INFO, "", 0, "ok", None, None)
    assert set(fields_of(record)) == {"time", "level", "logger", "message"}
