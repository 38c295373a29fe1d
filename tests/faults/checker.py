"""The checker of ``faults.md``: our books held against the ledgers of the stand-ins, after everything came to rest.

A ledger is the truth about effects; our books are the truth about what was accepted; the population's expectation is
the truth about what should have happened. Nothing here trusts the code under test but for reading its own books.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.registry import Registry
from domain.books import RunState
from domain.intents import SETTLED, Intent, IntentKind, IntentState
from domain.work_items import WorkItem, WorkItemKind, WorkItemState
from mappings.cii.words import FACET_NAMES
from sandbox.population.generate import Population
from sandbox.serve import Sandbox
from store.intent_book import SqlIntentBook
from store.run_book import SqlRunBook
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.faults import canaries
from tests.faults.reading import requests
from tests.faults.tally import Tally, Verdict

EVERYTHING = 100_000

EffectKey = tuple[str, ...]
"""What an effect is about, in words that a ledger and an intent have in common."""

EFFECTIVE = frozenset({IntentState.DONE, IntentState.ALREADY_SO})
ABOUT_ONE_INTENT = (WorkItemKind.SETTLE_UNKNOWN, WorkItemKind.LOOK_AT_PARKED)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is looked at: the stage, our store, the cases that must be as expected, and what was left on disk."""

    sandbox: Sandbox
    store: Store
    registry: Registry
    cases: Sequence[str]
    logs: Sequence[Path]
    folder: Path

    @property
    def population(self) -> Population:
        """Who plays."""
        return self.sandbox.population


@dataclass(frozen=True, slots=True)
class Books:
    """Our own books, read once."""

    intents: Sequence[Intent]
    tries: Mapping[str, int]
    items: Sequence[WorkItem]


def check(scene: Scene) -> Verdict:
    """All counters."""
    books = _read(scene.store)
    effects = _effects(scene.sandbox)
    lost = [*_unfinished(books), *_without_effect(books, effects, scene.registry), *_unanswered(scene.store)]
    lost += _not_as_expected(scene, books)
    doubled = _doubled(scene.sandbox)
    unexpected = _unknown_to_us(books, effects, scene.registry)
    unlisted, stale = _unlisted(books), _stale(books)
    runs = SqlRunBook(scene.store).listed(limit=EVERYTHING)
    unended = [f"run {run.run_id} is still {run.state}" for run in runs if run.state in _GOING_ON]
    leaked = canaries.in_logs(scene.population, scene.logs) + canaries.in_files(scene.population, scene.folder)
    ended = [one for one in books.intents if one.state in SETTLED]
    asked = requests(scene.store)
    tally = Tally(
        accepted=len(books.intents) + len(asked),
        done=len(ended) + sum(request.answer is not None for request in asked),
        recovered=sum(books.tries[one.intent_id] > 1 for one in ended),
        unknown=sum(one.state is IntentState.UNKNOWN for one in books.intents),
        lost=len(lost),
        doubled=len(doubled),
        unexpected=len(unexpected),
        unlisted=len(unlisted),
        stale=len(stale),
        unended=len(unended),
        leaked=len(leaked),
    )
    return Verdict(tally, (*lost, *doubled, *unexpected, *unlisted, *stale, *unended, *leaked))


_GOING_ON = (RunState.RUNNING, RunState.PLANNED)


def _read(store: Store) -> Books:
    book = SqlIntentBook(store)
    intents = book.listed(limit=EVERYTHING)
    tries = {one.intent_id: len(book.attempts(one.intent_id)) for one in intents}
    return Books(intents, tries, SqlWorkBook(store).listed(frozenset({WorkItemState.OPEN}), limit=EVERYTHING))


def _effects(sandbox: Sandbox) -> Counter[EffectKey]:
    """What happened, by what it is about."""
    found: Counter[EffectKey] = Counter()
    for effect in sandbox.plasta.ledger.effects():
        found["plasta", effect.operation, effect.detail["stesIdAvam"]] += 1
    for effect in sandbox.cii.ledger.effects():
        case_id, _, facet = effect.business_key.partition("#")[0].partition("/")
        found["cii", case_id, facet] += 1
    for effect in sandbox.mailbox.ledger.effects():
        message_id, _, recipient = effect.business_key.partition(" ")
        found["mail", message_id, recipient] += 1
    return found


def _about(intent: Intent, registry: Registry) -> EffectKey:
    """The same words for what an intent means to bring about."""
    wish = intent.wish
    match wish.kind:
        case IntentKind.SET_KEYWORD:
            return "plasta", "addStesSchlagwort", wish.payload["registration"]
        case IntentKind.WRITE_BACK:
            return "cii", wish.case_id, FACET_NAMES[wish.facet]
        case IntentKind.SEND_MAIL:
            box = registry.mailbox(wish.payload["recipient"])
            return "mail", wish.payload["message_id"], box.address if box else ""
        case _:
            raise AssertionError(f"no scenario wishes for {wish.kind}")


def _unfinished(books: Books) -> list[str]:
    """Neither over nor in a person's hands."""
    waiting = SETTLED | {IntentState.PARKED, IntentState.UNKNOWN}
    return [f"intent {one.intent_id} is still {one.state}" for one in books.intents if one.state not in waiting]


def _without_effect(books: Books, effects: Counter[EffectKey], registry: Registry) -> list[str]:
    """Said to be done, and no ledger knows of it."""
    done = [one for one in books.intents if one.state is IntentState.DONE]
    return [f"intent {one.intent_id} is done without effect" for one in done if not effects[_about(one, registry)]]


def _unanswered(store: Store) -> list[str]:
    return [f"request {one.message_id} has no answer" for one in requests(store) if one.answer is None]


def _unknown_to_us(books: Books, effects: Counter[EffectKey], registry: Registry) -> list[str]:
    """More effects than intents that could have brought them about."""
    ours = Counter(_about(one, registry) for one in books.intents)
    return [f"{count} effects {key[0]} {key[1]} of no intent" for key, count in (effects - ours).items()]


def _doubled(sandbox: Sandbox) -> list[str]:
    ledgers = (sandbox.plasta.ledger, sandbox.cii.ledger, sandbox.mailbox.ledger)
    counts = Counter(effect.business_key for ledger in ledgers for effect in ledger.effects())
    return [f"one effect happened {count} times" for count in counts.values() for _ in range(count - 1)]


def _unlisted(books: Books) -> list[str]:
    """In a person's hands, and no person is told."""
    told = {item.ask.key for item in books.items}
    kind_of = {IntentState.UNKNOWN: WorkItemKind.SETTLE_UNKNOWN, IntentState.PARKED: WorkItemKind.LOOK_AT_PARKED}
    return [
        f"intent {one.intent_id} is {one.state}, and no work item says so"
        for one in books.intents
        if one.state in kind_of and f"{kind_of[one.state]}:{one.intent_id}" not in told
    ]


def _stale(books: Books) -> list[str]:
    """A person is asked about an intent that needs nobody."""
    over = {one.intent_id for one in books.intents if one.state in SETTLED}
    return [
        f"work item {item.ask.kind} about {item.ask.key.partition(':')[2]}, which is over"
        for item in books.items
        if item.ask.kind in ABOUT_ONE_INTENT and item.ask.key.partition(":")[2] in over
    ]


def _not_as_expected(scene: Scene, books: Books) -> list[str]:
    """Cases that differ from their scenario: effects as the ledgers have them, doubts taken as on their way."""
    problems = []
    for case_id in scene.cases:
        expected = scene.population.expected.of(case_id)
        mine = [one for one in books.intents if one.wish.case_id == case_id]
        doubts = Counter(one.wish.kind for one in mine if one.state is IntentState.UNKNOWN)
        wanted = {
            "keywords": (expected.keyword_set, _keywords(scene.sandbox, mine), doubts[IntentKind.SET_KEYWORD]),
            "mirrors": (len(expected.write_backs), _mirrors(scene.sandbox, case_id), doubts[IntentKind.WRITE_BACK]),
            "mails": (_recipients(mine, expected.mails), _mails(scene.sandbox, case_id), doubts[IntentKind.SEND_MAIL]),
        }
        for what, (wish, real, in_doubt) in wanted.items():
            if not real <= wish <= real + in_doubt:
                problems.append(f"{case_id}: {real} {what} instead of {wish}")
        items = sorted(
            item.ask.kind
            for item in books.items
            if item.ask.case_id == case_id and item.ask.kind not in ABOUT_ONE_INTENT
        )
        if items != sorted(expected.work_items):
            problems.append(f"{case_id}: work items {items} instead of {sorted(expected.work_items)}")
    return problems


def _recipients(mine: Sequence[Intent], mails: int) -> int:
    """One effect for each recipient of each mail; a mail that was never wished for counts as one."""
    return max(mails, sum(one.wish.kind is IntentKind.SEND_MAIL for one in mine)) if mails else 0


def _keywords(sandbox: Sandbox, mine: Sequence[Intent]) -> int:
    wished = {one.wish.payload["registration"] for one in mine if one.wish.kind is IntentKind.SET_KEYWORD}
    return sum(effect.detail["stesIdAvam"] in wished for effect in sandbox.plasta.ledger.effects())


def _mirrors(sandbox: Sandbox, case_id: str) -> int:
    return sum(effect.business_key.startswith(f"{case_id}/") for effect in sandbox.cii.ledger.effects())


def _mails(sandbox: Sandbox, case_id: str) -> int:
    return sum(f".{case_id}." in effect.business_key for effect in sandbox.mailbox.ledger.effects())
