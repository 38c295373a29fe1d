"""Decisions at their limits: what is not asked, not mailed and not wished, and why."""

from dataclasses import replace

import pytest

from domain.cases import ExitReason
from domain.consent_terms import Recipient, Statute
from domain.facets import Facet, Target
from domain.intents import IntentKind
from domain.mail import Mailbox
from domain.normal_form import keyword_of
from domain.registrations import RegistryView, Sight
from domain.work_items import WorkItemKind
from pipelines.effects.effect import EFFECTS
from pipelines.needs import chunked
from tests.builders import MIRROR, NOW, Institutions, case, closed_case, mirror, person, registration, view
from tests.pipelines.deciding import ALL_ACTIVE, CONTEXT, decided, with_rules

UNKNOWN = RegistryView(Sight.UNKNOWN_PERSON, NOW)
BARE = person(registration(has_keyword=False))


def test_an_old_denial_is_not_compared_once_a_basis_came() -> None:
    decision = decided(case(), RegistryView(Sight.NOT_ALLOWED, NOW))
    assert (decision.findings, decision.wishes, decision.asks) == ((), (), ())


def test_c13_while_only_observed_no_keyword_is_removed_and_the_finding_says_what_would_be() -> None:
    agreed = {Facet.KEYWORD: keyword_of("AD000001", present=True)}
    modes = {**ALL_ACTIVE}
    del modes[Facet.KEYWORD, Target.PLASTA]
    context = replace(with_rules(remove_keyword_on_closing=True), modes=modes)
    decision = decided(closed_case(ExitReason.OTHER), view(), agreed, context)
    assert decision.wishes == ()
    assert [(one.facet, one.proposed, one.active) for one in decision.findings] == [
        (Facet.KEYWORD, Target.PLASTA, False)
    ]


def test_an_inactive_registration_gets_no_keyword() -> None:
    registered = case(mirror=mirror({Facet.REGISTRATION: MIRROR[Facet.REGISTRATION]}))
    decision = decided(registered, view(person(registration(active=False, has_keyword=False))))
    assert IntentKind.SET_KEYWORD not in [wish.kind for wish in decision.wishes]
    assert [ask.kind for ask in decision.asks] == [WorkItemKind.REGISTER_PERSON]


class OrpWithoutMail(Institutions):
    """A registry in which no ORP has a mailbox."""

    def mailbox(self, institution: str) -> Mailbox | None:
        """Everybody's but an ORP's."""
        return None if institution.startswith("orp-") else super().mailbox(institution)


def test_c3_where_the_orp_has_no_mailbox_the_work_item_stands_alone() -> None:
    decision = decided(case(mirror={}), UNKNOWN, context=replace(CONTEXT, institutions=OrpWithoutMail()))
    assert [wish.kind for wish in decision.wishes] == [IntentKind.WRITE_BACK]
    assert [ask.kind for ask in decision.asks] == [WorkItemKind.REGISTER_PERSON]


def test_c3_while_mails_are_only_observed_the_orp_gets_none() -> None:
    modes = {flow: mode for flow, mode in ALL_ACTIVE.items() if flow != (Facet.REGISTRATION, Target.MAIL)}
    decision = decided(case(mirror={}), UNKNOWN, context=replace(CONTEXT, modes=modes))
    assert IntentKind.SEND_MAIL not in [wish.kind for wish in decision.wishes]


def test_c3_while_registrations_are_only_observed_none_is_asked_for() -> None:
    modes = {flow: mode for flow, mode in ALL_ACTIVE.items() if flow != (Facet.REGISTRATION, Target.PLASTA)}
    context = replace(with_rules(registration_enabled=True), modes=modes)
    decision = decided(case(mirror={}), UNKNOWN, context=context)
    assert IntentKind.REQUEST_REGISTRATION not in [wish.kind for wish in decision.wishes]


def test_c3_a_person_whom_plasta_knows_is_never_registered_by_operation() -> None:
    context = with_rules(registration_enabled=True)
    decision = decided(case(mirror={}), view(person(registration(active=False))), context=context)
    assert IntentKind.REQUEST_REGISTRATION not in [wish.kind for wish in decision.wishes]


def test_c3_the_request_is_the_same_one_whatever_both_systems_agree_on_meanwhile() -> None:
    context = with_rules(registration_enabled=True)
    first = decided(case(mirror={}), UNKNOWN, context=context)
    mirrored = mirror({Facet.REGISTRATION: {"status": "not_registered"}})
    later = decided(case(mirror=mirrored), UNKNOWN, {Facet.REGISTRATION: {"status": "not_registered"}}, context)
    keys = [[wish.key for wish in one.wishes if wish.kind is IntentKind.REQUEST_REGISTRATION] for one in (first, later)]
    assert keys[0] == keys[1] != []


class Stranger(Institutions):
    """A registry whose ORP has no standing of its own."""

    def recipient(self, institution: str) -> Recipient:
        """Nothing but its name."""
        return Recipient(institution)


def test_a_statute_that_covers_the_check_for_anybody_covers_its_mail_too() -> None:
    statutes = tuple(replace(one, public_employment_only=False) for one in CONTEXT.rules.statutes)
    context = replace(with_rules(statutes=statutes), institutions=Stranger())
    decision = decided(case(mirror={}, procurations=()), UNKNOWN, context=context)
    assert IntentKind.SEND_MAIL in [wish.kind for wish in decision.wishes]


def test_a_basis_that_does_not_cover_the_keyword_touches_none() -> None:
    duty: Statute = CONTEXT.rules.statutes[0]
    narrow = replace(duty, fields=duty.fields - {"keyword"})
    context = with_rules(statutes=(narrow, *CONTEXT.rules.statutes[1:]))
    registered = case(mirror=mirror({Facet.REGISTRATION: MIRROR[Facet.REGISTRATION]}), procurations=())
    decision = decided(registered, view(BARE), context=context)
    assert IntentKind.SET_KEYWORD not in [wish.kind for wish in decision.wishes]


def test_every_kind_of_intent_has_its_effect() -> None:
    assert set(EFFECTS) == set(IntentKind)


@pytest.mark.parametrize(
    ("count", "chunks"), [(0, []), (1, [[0]]), (2, [[0, 1]]), (5, [[0, 1], [2, 3], [4]]), (4, [[0, 1], [2, 3]])]
)
def test_chunks_hold_everything_once_in_order(count: int, chunks: list[list[int]]) -> None:
    assert list(chunked(range(count), 2)) == chunks
