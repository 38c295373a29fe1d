"""A context for decisions in tests: everything switched on unless said otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from domain.cases import CaseFile
from domain.decision import Agreed, CaseFacts, Decision, Mode
from domain.facets import Facet, FacetValue, Target
from domain.registrations import RegistryView
from pipelines.case_decision import decide
from pipelines.draft import Context
from pipelines.needs import Rules
from tests.builders import NOW, TODAY, Institutions

ACTIVE = Mode(active=True)
ALL_ACTIVE = {(facet, target): ACTIVE for facet in Facet for target in Target}


class PlainCalendar:
    """Working days are Monday to Friday: implements ``domain.ports.WorkingCalendar``."""

    def today(self, now: Any) -> date:  # noqa: ANN401 - the one day of these tests
        """Always the same day."""
        return TODAY

    def add_working_days(self, day: date, count: int) -> date:
        """One by one."""
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day


CONTEXT = Context(NOW, TODAY, ALL_ACTIVE, Rules(), Institutions(), PlainCalendar())


def decided(
    case: CaseFile,
    view: RegistryView | None,
    agreed: Mapping[Facet, FacetValue] | None = None,
    context: Context = CONTEXT,
) -> Decision:
    """The decision about a case and a view, with agreements at revision 0, as inferred ones have."""
    known = {facet: Agreed(value, 0) for facet, value in (agreed or {}).items()}
    return decide(CaseFacts(case, view, known), context)


def with_rules(**changes: Any) -> Context:  # noqa: ANN401 - any rule
    """The context with other rules."""
    return replace(CONTEXT, rules=replace(Rules(), **changes))


def observing() -> Context:
    """The context with nothing switched on."""
    return replace(CONTEXT, modes={})
