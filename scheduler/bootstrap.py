"""Objects are built here, by hand, and nowhere else. Adapters are imported when a command asks for them."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.correlation import correlated
from config.settings import Settings, StoreSettings
from config.startup import Configuration
from domain.breaker import Limits
from domain.errors import RetryPolicy
from domain.facets import Target
from domain.ports import CheckResult, Clock
from pipelines.needs import Needs, Pace, Rules
from scheduler import targets
from scheduler.checks import checks as all_checks
from scheduler.in_process import InProcessRunner
from scheduler.runner import Runner
from scheduler.schedule import SILENCE
from scheduler.sending import ThreadSpread, Wait
from store.case_book import SqlCaseBook
from store.inbox import SqlInbox
from store.intent_book import SqlIntentBook
from store.opening import open_store, prepare
from store.run_book import SqlRunBook
from store.switchboard import SqlSwitchboard
from store.transactions import Store
from store.work_book import SqlWorkBook


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a process works with; ``store`` is for the reading side of the console."""

    configuration: Configuration
    needs: Needs
    runner: Runner
    store: Store


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def upgrade(settings: StoreSettings, clock: Clock = utc_now) -> None:
    """``db upgrade``: schema and key file brought up to this program; raises ``SettingsError`` when that is unsafe."""
    prepare(settings.database_url.get_secret_value(), settings.key_file, clock)


@contextmanager
def open_house(configuration: Configuration, wait: Wait = time.sleep, clock: Clock = utc_now) -> Iterator[House]:
    """A house over the database of the settings; raises ``SettingsError`` when its schema or key is not ours.

    Everything done inside the block carries one correlation id: a command is one cause.
    """
    settings = configuration.settings
    store = open_store(settings.database_url.get_secret_value(), settings.key_file, clock)
    try:
        threads = ThreadPoolExecutor(settings.dispatch.threads, thread_name_prefix="send")
        with correlated(), threads as pool:
            needs = _needs(configuration, store, pool, clock)
            yield House(configuration, needs, _runner(settings, needs, wait), store)
    finally:
        store.engine.dispose()


def _needs(configuration: Configuration, store: Store, pool: ThreadPoolExecutor, clock: Clock) -> Needs:
    """The books over one store, the adapters over their targets, the rules from the settings."""
    settings = configuration.settings
    return Needs(
        cases=SqlCaseBook(store),
        intents=SqlIntentBook(store, limits(settings)),
        runs=SqlRunBook(store, SILENCE),
        switches=SqlSwitchboard(store),
        inbox=SqlInbox(store),
        work=SqlWorkBook(store),
        cii=targets.case_system(settings),
        plasta=targets.registry(settings),
        mailer=targets.mailer(settings, clock),
        institutions=configuration.registry,
        calendar=configuration.working_days,
        clock=clock,
        rules=rules(settings),
        pace=pace(settings),
        spread=ThreadSpread(pool),
    )


def _runner(settings: Settings, needs: Needs, wait: Wait) -> Runner:
    """The runner that the settings ask for."""
    if settings.runner == "in_process":
        return InProcessRunner(needs, wait)
    # Imported here: an installation without a broker never loads Celery, and the CLI starts fast.
    from scheduler.celery_runner import celery_runner

    return celery_runner(settings, needs, wait)


def checks(configuration: Configuration, clock: Clock = utc_now) -> list[CheckResult]:
    """What ``doctor`` tells of every part."""
    return all_checks(configuration, clock)


def rules(settings: Settings) -> Rules:
    """The settings that decisions depend on."""
    return Rules(
        reinsertion_auto=settings.reinsertion.auto,
        registration_enabled=settings.plasta.registration_enabled,
        remove_keyword_on_closing=settings.closing.remove_keyword,
        mail_domain=settings.mail.envelope_domain,
        cii_pages=str(settings.cii.web_url or "").rstrip("/"),
        resent_mails=settings.mail.resend_kinds,
        overlap_pages=settings.cii.overlap_pages,
        repeat_check_after=timedelta(minutes=settings.dispatch.check_repeat_minutes),
    )


def limits(settings: Settings) -> dict[Target, Limits]:
    """What each target bears."""
    of = {Target.CII: settings.cii.limits, Target.PLASTA: settings.plasta.limits, Target.MAIL: settings.mail.limits}
    return {target: Limits(at_once=one.at_once, per_second=one.per_second) for target, one in of.items()}


def pace(settings: Settings) -> Pace:
    """How much at once, and how failures are paced at each target."""
    dispatch = settings.dispatch
    settle = {
        Target.CII: settings.cii.limits.settle_seconds,
        Target.PLASTA: settings.plasta.limits.settle_seconds,
        Target.MAIL: 2 * settings.mail.limits.deadline_seconds,
    }
    retry = {
        target: RetryPolicy(
            base=timedelta(seconds=dispatch.retry_base_seconds),
            cap=timedelta(seconds=dispatch.retry_cap_seconds),
            attempts=dispatch.max_attempts,
            settle=timedelta(seconds=seconds),
        )
        for target, seconds in settle.items()
    }
    return Pace(claim=dispatch.chunk, lease=timedelta(seconds=dispatch.lease_seconds), retry=retry)
