"""An intent as a row, and back. Payload and settled value are sealed together as the intent's *effect*."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from domain.facets import Facet, Target
from domain.intents import Attempt, Intent, IntentKind, IntentState, Outcome, Wish
from domain.people import CaseId
from store.codec import EFFECT
from store.transactions import Store
from store.work_tables import intents

RECIPIENT = "recipient"
"""The payload of a mail names its envelope recipient: each has a lane of its own."""


def lane_of(store: Store, wish: Wish) -> bytes:
    """Who must be served in order: one case at one target and, of mails, one recipient; a keyed hash."""
    return store.keyring.fingerprint("\0".join((wish.case_id, wish.target, wish.payload.get(RECIPIENT, ""))).encode())


def wish_columns(store: Store, intent_id: str, wish: Wish) -> Mapping[str, Any]:
    """What a wish says, as columns."""
    return {
        "intent_id": intent_id,
        "key": wish.key,
        "kind": wish.kind.value,
        "target": wish.target.value,
        "facet": wish.facet.value,
        "case_id": wish.case_id,
        "lane": lane_of(store, wish),
        "basis": wish.basis,
        "why": wish.why,
        "effect": store.seal(intents.c.effect, intent_id, EFFECT.dump((wish.payload, wish.settles))),
    }


def intent_of(store: Store, row: Row[Any]) -> Intent:
    """A stored intent, opened."""
    payload, settles = EFFECT.load(store.open(intents.c.effect, row.intent_id, row.effect), row.intent_id)
    wish = Wish(
        row.key,
        IntentKind(row.kind),
        Target(row.target),
        Facet(row.facet),
        CaseId(row.case_id),
        row.basis,
        payload,
        row.why,
        settles,
    )
    return Intent(
        row.intent_id,
        wish,
        IntentState(row.state),
        row.position,
        row.attempts,
        row.due_at,
        row.created_at,
        row.run_id,
        row.last_code,
        row.last_message,
        row.last_family,
    )


def attempt_of(row: Row[Any]) -> Attempt:
    """A stored attempt; its number is that of the claim."""
    outcome = Outcome(row.outcome) if row.outcome else None
    return Attempt(row.token, row.started_at, row.ended_at, outcome, row.worker, row.code, row.message)
