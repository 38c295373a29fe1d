"""What ``retry --cause`` would do, before anybody does it: the pinned list, examples, and what would not go."""

from collections import Counter
from collections.abc import Mapping, Sequence

from console.advice import advice_on
from console.causes import named_cause
from console.json_output import Json, emit, instant
from console.judging import WouldNotGo, judged
from console.pinning import Chosen
from console.screen import item, line
from domain.intents import Intent
from pipelines.needs import Needs

EXAMPLES = 5
"""Intents that a preview names, by reference."""


REASONS: Mapping[WouldNotGo, str] = {
    WouldNotGo.NOT_WANTED: "today's decision does not want them any more (they end as overtaken)",
    WouldNotGo.NO_BASIS: "no legal basis covers them any more (they wait, parked, for one)",
    WouldNotGo.CASE_UNKNOWN: "their case is not in our books",
}


def show(list_now: Chosen, needs: Needs, as_json: bool) -> None:
    """What ``--yes`` would do, and the mark to do exactly that."""
    would_not = judged(list_now.pinned, needs)
    if as_json:
        emit("retry_preview/1", preview_json(list_now, would_not))
        return
    _tell_bars(list_now)
    _tell_refused(list_now.refused)
    if not list_now.pinned:
        line("No parked intent of this cause is to be retried. See: cii-sync causes")
        return
    line(f"{len(list_now.pinned)} intents would be offered again, and no other. For example:")
    for one in list_now.pinned[:EXAMPLES]:
        item(f"{one.intent_id} of {one.wish.case_id}, parked since {one.due_at:%Y-%m-%d %H:%M} UTC")
    for why, number in would_not.items():
        line(f"{number} would not go: {REASONS[why]}.")
    if list_now.halted is None:
        line(f"Do it with the same --cause, --since and --until, and: --yes --pinned {list_now.pin} --reason '...'")


def _tell_bars(list_now: Chosen) -> None:
    """What stops the target meanwhile."""
    for bar in list_now.bars:
        word = "halted" if bar.halted else "paused"
        line(f"{bar.target or 'Everything'} is {word} since {bar.since:%Y-%m-%d %H:%M} UTC: {bar.reason}")
    if list_now.halted is not None:
        line("While it is halted nothing is retried in bulk. First: cii-sync resume TARGET --reason '...'")


def _tell_refused(refused: Sequence[Intent]) -> None:
    """Those that are never retried in bulk, by family."""
    for family, number in Counter(one.last_family for one in refused).items():
        line(f"{number} left out ({family}): {advice_on(family).then}")


def preview_json(list_now: Chosen, would_not: Counter[WouldNotGo]) -> Mapping[str, Json]:
    """The preview by its codes."""
    halted = list_now.halted is not None
    return {
        "cause": named_cause(list_now.cause),
        "since": instant(list_now.stretch.since),
        "until": instant(list_now.stretch.until),
        "count": len(list_now.pinned),
        "pinned": list_now.pin if list_now.pinned and not halted else None,
        "examples": [
            {"intent": one.intent_id, "case": one.wish.case_id, "parked_at": instant(one.due_at)}
            for one in list_now.pinned[:EXAMPLES]
        ],
        "would_not_go": {one.value: number for one, number in would_not.items()},
        "left_out": dict(Counter(one.last_family for one in list_now.refused)),
        "halted": halted,
    }
