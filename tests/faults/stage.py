"""Where a trial plays: a small population over a fresh sandbox, scaled settings, and a prepared state to copy.

Credentials are canaries, as are the population's names and numbers: none may stand in a log or a file of ours.
"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from config.startup import configure
from domain.decision import Mode
from domain.facets import Facet, Target
from domain.intents import IntentState
from pipelines.needs import silent
from sandbox.faults import Fault
from sandbox.population.generate import Expected, Population, generate
from sandbox.serve import ZURICH, Access, Sandbox
from scheduler.bootstrap import House, open_house, upgrade, utc_now
from scheduler.runner import NightlyOrder
from tests.flows.settings import environ

SEED, ENOUGH_FOR_EVERY_SCENARIO = 7, 200

ACCESS = Access(
    cii_token="canary-token-ci7f3a",
    plasta_username="canary-user-pl2b",
    plasta_password="canary-password-pl9e41",
    webhook_secret="canary-secret-wh55",
)

STORIES = (
    "agreed",
    "avs_without_personal_number",
    "merged_person",
    "keyword_missing",
    "mirror_missing",
    "mirror_outdated",
    "office_changed",
    "deregistered_future",
    "deregistration_withdrawn",
    "reinserted",
    "not_registered",
    "registration_inactive",
    "deregistered_with_job",
    "several_active",
    "two_persons",
    "name_only_candidate",
    "keyword_removed_by_hand",
    "mirror_by_hand",
    "closed_but_active",
    "no_procuration",
    "procuration_revoked",
    "invalid_avs",
    "unknown_code",
)
"""One case each, and a second one of those that write."""

TWICE = ("keyword_missing", "mirror_missing", "not_registered")

FLOWS = (
    (Facet.REGISTRATION, Target.CII),
    (Facet.DEREGISTRATION, Target.CII),
    (Facet.KEYWORD_STATE, Target.CII),
    (Facet.KEYWORD, Target.PLASTA),
    (Facet.REGISTRATION, Target.MAIL),
    (Facet.REINSERTION, Target.MAIL),
)

SCALED: Mapping[str, str] = MappingProxyType(
    {
        "CII_CII__PAGE_SIZE": "10",
        "CII_DISPATCH__LEASE_SECONDS": "0.6",
        "CII_DISPATCH__THREADS": "2",
        "CII_DISPATCH__CHUNK": "50",
    }
)
"""Beside the waits of ``tests.flows.settings``: leases that end within a trial, several pages, rounds in parts."""

REFUSALS = (
    ("cii", Fault("http_status", operations="putMirrorFacet", status=422)),
    ("plasta", Fault("business_error", operations="addStesSchlagwort", code="STES_INAKTIV")),
    ("mailbox", Fault("recipient_refused")),
)
"""What makes every effect be refused before anything happens, so that a fresh sandbox is as the state believes."""

_WRITTEN_DAYS_AGO = timedelta(days=7)


def today() -> date:
    """The population's day: the real one, so that all clocks agree."""
    return utc_now().astimezone(ZURICH).date()


def people(on: date) -> Population:
    """A few cases, each with a story of its own, among the persons of a larger population."""
    whole = generate(SEED, ENOUGH_FOR_EVERY_SCENARIO, on)
    chosen = {case_id for story in STORIES for case_id in whole.expected.cases(story)[: 1 + (story in TWICE)]}
    cases = tuple(case for case in whole.cii_cases if case.case_id in chosen)
    told = {case_id: story for case_id, story in whole.expected.scenario_of.items() if case_id in chosen}
    return replace(whole, cii_cases=cases, expected=Expected(MappingProxyType(told)))


def stage(population: Population) -> Sandbox:
    """A fresh sandbox that asks for the canaries; start it as a context."""
    return Sandbox(population, access=ACCESS)


def settings(sandbox: Sandbox, folder: Path, **more: str) -> dict[str, str]:
    """The variables of a process of this stage."""
    return environ(sandbox, folder, **{**SCALED, **more})


def prepare(folder: Path, population: Population, *, parked: bool, **more: str) -> None:
    """A database with every flow on; ``parked``: after a night in which every effect was refused."""
    with stage(population) as sandbox:
        made = configure(settings(sandbox, folder, **more))
        upgrade(made.settings)
        with open_house(made) as house:
            _switch_on(house)
            if parked:
                _night_of_refusals(house, sandbox)


def _switch_on(house: House) -> None:
    since = today() - _WRITTEN_DAYS_AGO
    for facet, target in FLOWS:
        mode = Mode(active=True, since=since if facet is Facet.REINSERTION else None)
        house.needs.switches.set_mode(facet, target, mode, reason="test", by="test", now=house.needs.clock())


def _night_of_refusals(house: House, sandbox: Sandbox) -> None:
    for system, fault in REFUSALS:
        getattr(sandbox, system).faults.switch_on(fault)
    house.runner.nightly(NightlyOrder(utc_now()), silent)
    house.runner.send(timedelta(seconds=1), silent)
    states = {state for _, _, state in house.needs.intents.counts()}
    assert states == {IntentState.PARKED}, "every effect must have been refused"
    assert not [one for one in (sandbox.cii, sandbox.plasta, sandbox.mailbox) if one.ledger.effects()]


def copied(template: Path, folder: Path) -> Path:
    """A prepared state of its own for one trial."""
    return Path(shutil.copytree(template, folder))
