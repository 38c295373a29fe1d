"""Numbers of what was done: by our own records, and by the ledgers of the stand-ins. Never one from the other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from console.demo.stand_ins import Effect
from console.doors import House
from domain.compare import Treatment
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
        len({mail.wish.payload["message_id"] for mail in mails_done(house)}),
        len(house.needs.work.listed(frozenset({WorkItemState.OPEN}), None, EVERY)),
        len(conflicts),
        len(records.quarantine()),
    )


def mails_done(house: House) -> list[Intent]:
    """The mails that a server accepted, one intent per recipient."""
    done = house.needs.intents.listed(frozenset({IntentState.DONE}), None, "", EVERY)
    return [one for one in done if one.wish.kind is IntentKind.SEND_MAIL]


def by_ledger(effects: Sequence[Effect]) -> Counter[str]:
    """By the ledgers of the other side: every effect, a doubled one counted twice."""
    return Counter(LEDGER.get(effect.operation, effect.operation) for effect in effects)


def doubled(effects: Sequence[Effect]) -> int:
    """Effects that happened more than once: the same key twice, or the same value written again."""
    keys = Counter((effect.system, effect.operation, effect.key) for effect in effects)
    return sum(number - 1 for number in keys.values()) + sum(effect.repeated for effect in effects)
