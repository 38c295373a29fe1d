"""A sandbox with a population and a house over it, for both databases; everything switched on."""

from collections.abc import Iterator
from datetime import date

import pytest

from domain.decision import Mode
from domain.facets import Facet, Target
from sandbox.population.generate import generate
from sandbox.serve import Sandbox
from scheduler.bootstrap import House

CASES = 200
TODAY = date(2026, 11, 22)

SWITCHED_ON = (
    (Facet.REGISTRATION, Target.CII),
    (Facet.DEREGISTRATION, Target.CII),
    (Facet.KEYWORD_STATE, Target.CII),
    (Facet.KEYWORD, Target.PLASTA),
    (Facet.REGISTRATION, Target.MAIL),
    (Facet.REINSERTION, Target.MAIL),
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Real servers on loopback ports over a small population with every scenario in it."""
    with Sandbox(generate(7, CASES, TODAY)) as running:
        yield running


def switch_on(house: House, mails_since: date) -> None:
    """Every flow active; mails for what is confirmed from a day on."""
    for facet, target in SWITCHED_ON:
        since = mails_since if facet is Facet.REINSERTION else None
        mode = Mode(active=True, since=since)
        house.needs.switches.set_mode(facet, target, mode, reason="test", by="test", now=house.needs.clock())
