"""Numbers of what was done: by our own records, and by the ledgers of the stand-ins. Never one from the other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from console.demo.stand_ins import Effect
from console.doors import House
from domain.compare import Treatment
from domain.facets import MIRRORED
from domain.intents import Intent, IntentKind, IntentState
from domain.work_items import WorkItemState

EVERY = 1_000_000
LEDGER = {"addStesSchlagwort": "keywords set", "putMirrorFacet": "write-backs", "deliver": "mails, one per recipient"}
"""Operations of the three contracts that change something, and what they are here."""

OURS = {
    IntentKind.SET_KEYWORD: "keywords set",
    IntentKind.WRITE_BACK: "write-backs",
    IntentKind.SEND_MAIL: "mails, one per recipient",
}
"""Kinds of intent, in the same words."""

KINDS = tuple(OURS.values())


@dataclass(frozen=True, slots=True)
class Done:
    """What we hold for done: numbers by kind, distinct messages, open tasks, conflicts, records put aside."""

    effects: Counter[str]
    messages: int
    tasks: int
    conflicts: int
    quarantined: int


def ours(house: House) -> Done:
    """By our own books."""
    effects: Counter[str] = Counter()
    for (_, kind, state), number in house.needs.intents.counts().items():
        if state is IntentState.DONE:
            effects[OURS.get(kind, kind.value)] += number
    records = house.records
    conflicts = {one.case_id for one in records.findings(None, frozenset({Treatment.CONFLICT}))}
    return Done(
        effects,
        len({mail.wish.payload["message_id"] for mail in done(house) if mail.wish.kind is IntentKind.SEND_MAIL}),
        len(house.needs.work.listed(frozenset({WorkItemState.OPEN}), None, EVERY)),
        len(conflicts),
        len(records.quarantine()),
    )


def done(house: House) -> Sequence[Intent]:
    """Every intent whose effect we hold for done."""
    return house.needs.intents.listed(frozenset({IntentState.DONE}), None, "", EVERY)


def our_marks(house: House) -> Counter[str]:
    """What we did, to what: comparable with :func:`ledger_marks`, made without it."""
    return Counter(_our_mark(one, house) for one in done(house))


def _our_mark(one: Intent, house: House) -> str:
    """A write-back by case and facet, a keyword by our correlation id, a mail by its id and envelope recipient."""
    wish = one.wish
    if wish.kind is IntentKind.WRITE_BACK:
        return f"{wish.case_id}/{MIRRORED[wish.facet]}"
    if wish.kind is IntentKind.SEND_MAIL:
        box = house.needs.institutions.mailbox(wish.payload["recipient"])
        return f"{wish.payload['message_id']} {box.address if box else ''}"
    return one.intent_id


def ledger_marks(effects: Sequence[Effect]) -> Counter[str]:
    """The same from the other side: PLASTA by correlation id, the CII software without its generation."""
    return Counter(
        effect.correlation_id if effect.system == "plasta" else effect.key.partition("#")[0] for effect in effects
    )


def by_ledger(effects: Sequence[Effect]) -> Counter[str]:
    """By the ledgers of the other side: every effect, a doubled one counted twice."""
    return Counter(LEDGER.get(effect.operation, effect.operation) for effect in effects)


def doubled(effects: Sequence[Effect]) -> int:
    """Effects that happened more than once: the same key twice, or the same value written again."""
    keys = Counter((effect.system, effect.operation, effect.key) for effect in effects)
    return sum(number - 1 for number in keys.values()) + sum(effect.repeated for effect in effects)
