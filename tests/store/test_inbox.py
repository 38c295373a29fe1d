"""The inbox: accepted once per message id, answered once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.books import Request
from store.inbox import SqlInbox
from store.transactions import Store
from tests.builders import NOW
from tests.store.steps import case_id

PRESSED = Request("M1", "registration_check", case_id(1), NOW, "tandem")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def inbox(store: Store) -> SqlInbox:
    return SqlInbox(store)


def test_f20_a_message_is_accepted_once(inbox: SqlInbox) -> None:
    assert inbox.accept(PRESSED)
    assert not inbox.accept(replace(PRESSED, received_at=NOW + MINUTE))
    assert inbox.find("M1") == PRESSED


def test_f24_the_very_same_call_is_accepted_again_until_it_is_answered(inbox: SqlInbox) -> None:
    assert inbox.accept(PRESSED)
    assert inbox.accept(PRESSED), "the answer to the first COMMIT was lost"

    inbox.answer("M1", {"answer": "ok"}, NOW)
    assert not inbox.accept(PRESSED)


def test_the_first_answer_stands(inbox: SqlInbox) -> None:
    inbox.accept(PRESSED)

    inbox.answer("M1", {"answer": "ok"}, NOW + MINUTE)
    inbox.answer("M1", {"answer": "not_registered"}, NOW + 2 * MINUTE)
    inbox.answer("M-unknown", {"answer": "ok"}, NOW)

    assert inbox.find("M1") == replace(PRESSED, answer={"answer": "ok"}, answered_at=NOW + MINUTE)
    assert inbox.find("M-unknown") is None


def test_the_latest_request_is_that_of_its_kind_and_case_since_an_instant(inbox: SqlInbox) -> None:
    inbox.accept(PRESSED)
    inbox.accept(replace(PRESSED, message_id="M2", received_at=NOW + MINUTE))
    inbox.accept(replace(PRESSED, message_id="M3", kind="other", received_at=NOW + 2 * MINUTE))
    inbox.accept(replace(PRESSED, message_id="M4", case_id=case_id(2), received_at=NOW + 2 * MINUTE))

    latest = inbox.latest("registration_check", case_id(1), NOW)
    assert latest is not None
    assert latest.message_id == "M2"
    assert inbox.latest("registration_check", case_id(1), NOW + 2 * MINUTE) is None


def test_f3_what_has_no_answer_is_found_oldest_first(inbox: SqlInbox) -> None:
    inbox.accept(replace(PRESSED, message_id="M2", received_at=NOW + MINUTE))
    inbox.accept(PRESSED)
    inbox.accept(replace(PRESSED, message_id="M3", received_at=NOW + 5 * MINUTE))
    inbox.accept(replace(PRESSED, message_id="M4", kind="other"))
    inbox.accept(replace(PRESSED, message_id="M5"))
    inbox.answer("M5", {"answer": "ok"}, NOW)

    found = inbox.unanswered("registration_check", NOW + 5 * MINUTE, 10)
    assert [one.message_id for one in found] == ["M1", "M2"]
    assert [one.message_id for one in inbox.unanswered("registration_check", NOW + 5 * MINUTE, 1)] == ["M1"]
