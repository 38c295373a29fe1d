"""The checker can fail: each promise is broken by hand, and found; a night in order has nothing to say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, Update, delete, update

from config.startup import configure
from domain.books import RunState
from domain.intents import IntentKind, IntentState
from sandbox.serve import Sandbox
from scheduler.bootstrap import utc_now
from store.opening import open_store
from store.transactions import Store
from store.work_tables import inbox, intents, runs, work_items
from tests.faults import stage
from tests.faults.checker import Scene, check
from tests.faults.processes import start
from tests.faults.tally import Tally
from tests.faults.trial import PLAYS


@dataclass
class Night:
    """A nightly that is over, with hands to break something in it."""

    sandbox: Sandbox
    store: Store
    folder: Path
    log: Path
    scenario: str = "nightly"

    def judged(self) -> Tally:
        configuration = configure(stage.settings(self.sandbox, self.folder))
        cases = PLAYS[self.scenario].cases(self.sandbox.population)
        return check(Scene(self.sandbox, self.store, configuration.registry, cases, [self.log], self.folder)).tally

    def change(self, statement: Update) -> None:
        def work(connection: Connection) -> None:
            connection.execute(statement)

        self.store.writing(work)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checker") / "template"
    stage.prepare(folder, stage.people(stage.today()), parked=False)
    return folder


@pytest.fixture
def night(template: Path, tmp_path: Path) -> Iterator[Night]:
    """A nightly over a fresh sandbox, without a fault."""
    with stage.stage(stage.people(stage.today())) as sandbox:
        folder = stage.copied(template, tmp_path / "state")
        environ = stage.settings(sandbox, folder)
        log = tmp_path / "log"
        assert start(["nightly"], environ, log).ended() == 0
        settings = configure(environ).settings
        store = open_store(settings.database_url.get_secret_value(), settings.key_file, utc_now)
        yield Night(sandbox, store, folder, log)
        store.engine.dispose()


def test_a_night_in_order_has_nothing_to_say(night: Night) -> None:
    tally = night.judged()
    assert tally.is_clean
    assert (tally.accepted, tally.done, tally.unknown) == (24, 24, 0)


def test_an_intent_left_lying_is_lost(night: Night) -> None:
    night.change(update(intents).values(state=IntentState.CLAIMED.value))
    assert night.judged().lost == 24


def test_a_question_that_was_never_asked_is_missed(night: Night) -> None:
    night.store.writing(lambda one: one.execute(delete(work_items).where(work_items.c.kind == "choose_registration")))
    assert night.judged().lost == 1


def test_an_effect_that_is_said_to_be_done_and_is_not_is_lost(night: Night) -> None:
    kept = [one for one in night.sandbox.mailbox.ledger.effects() if "registration-wanted" not in one.business_key]
    night.sandbox.mailbox.ledger._effects[:] = kept  # noqa: SLF001 - a ledger cannot be made to forget otherwise
    assert night.judged().lost >= 3


def test_an_effect_that_happened_twice_is_doubled_and_unexpected(night: Night) -> None:
    first = night.sandbox.mailbox.ledger.effects()[0]
    night.sandbox.mailbox.ledger.record(first.operation, first.business_key)
    tally = night.judged()
    assert (tally.doubled, tally.unexpected) == (1, 1)


def test_an_effect_that_nobody_meant_is_unexpected(night: Night) -> None:
    night.sandbox.mailbox.ledger.record("deliver", "<somebody@else> office@vs.example")
    assert night.judged().unexpected == 1


def test_a_doubt_that_nobody_is_told_of_is_unlisted(night: Night) -> None:
    mails = intents.c.kind == IntentKind.SEND_MAIL.value
    night.change(update(intents).where(mails).values(state=IntentState.UNKNOWN.value, held=True))
    assert (night.judged().unlisted, night.judged().unknown) == (5, 5)


def test_a_question_about_something_that_is_over_is_stale(night: Night) -> None:
    with night.store.engine.connect() as connection:
        over = connection.execute(intents.select()).first()
    assert over is not None
    asked = work_items.c.kind == "choose_registration"
    about = {"kind": "settle_unknown", "key": f"settle_unknown:{over.intent_id}"}
    night.change(update(work_items).where(asked).values(about))
    assert night.judged().stale == 1


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.PLANNED])
def test_a_run_without_an_end_is_told(night: Night, state: RunState) -> None:
    night.change(update(runs).values(state=state.value))
    assert night.judged().unended == 1


def test_a_request_without_an_answer_is_lost(night: Night) -> None:
    row = {"message_id": "M1", "kind": "registration_check", "case_id": "CII-2026-000001", "by": "tandem"}
    night.store.writing(lambda one: one.execute(inbox.insert().values(row | {"received_at": utc_now()})))
    assert night.judged().lost == 1


@pytest.mark.parametrize("what", ["avs_number", "family_name"])
def test_a_name_or_a_number_in_a_log_is_a_leak(night: Night, what: str) -> None:
    person = next(case.beneficiary for case in night.sandbox.population.cii_cases if case.beneficiary.avs_number)
    night.log.write_text(f'{{"message": "looked up {getattr(person, what)}"}}\n')
    assert night.judged().leaked == 1


def test_a_password_in_a_file_of_the_state_folder_is_a_leak(night: Night) -> None:
    (night.folder / "left-behind.txt").write_text(stage.ACCESS.plasta_password)
    assert night.judged().leaked == 1
