"""``work``, ``conflicts`` and ``done``: what people have to do and to decide. In French or German."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from console import values
from console.exit_codes import ExitCode
from console.json_output import Json, day, emit, instant
from console.records import Quarantined, StoredFinding
from console.screen import err, heading, item, line, table
from console.session import AsJson, Lang, Reason, Reveal, reason_given, session_of
from domain.compare import Treatment
from domain.decision import CaseFacts
from domain.facets import Language
from domain.people import CaseId
from domain.work_items import Role, WorkItem, WorkItemKind, WorkItemState
from mappings.sentences import say, word
from mappings.sentences.swiss_time import day as swiss_day

app = typer.Typer()

OfCase = Annotated[str, typer.Option("--case", help="Only of this case.")]
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")]

TECHNICAL = frozenset({WorkItemKind.TARGET_HALTED, WorkItemKind.SETTLE_UNKNOWN, WorkItemKind.LOOK_AT_PARKED})
"""Tasks of operations: what they are about is a code or a cause, never a personal value."""


@app.command(short_help="Differences that only a person can decide.")
def conflicts(
    context: typer.Context,
    case: OfCase = "",
    limit: Limit = 200,
    reveal: Reveal = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Differences that only a person can decide; nothing was overwritten. Values only with --reveal."""
    session = session_of(context)
    language = session.language(lang)
    with session.doors.house() as house:
        every = house.records.findings(CaseId(case) if case else None, frozenset({Treatment.CONFLICT}))
        found = every[:limit]
        facts = house.needs.cases.facts(sorted({one.case_id for one in found})) if reveal else {}
    if as_json:
        documents = [conflict_json(one, facts.get(one.case_id), reveal=reveal) for one in found]
        emit("conflicts/1", {"total": len(every), "revealed": reveal, "conflicts": documents})
        return
    _say_how_many("conflict_extra", len(every), limit, language)
    if not every:
        return
    line(say(language, "conflict_extra.untouched"))
    line(say(language, "work_extra.revealed" if reveal else "work_extra.hidden"))
    if reveal:
        for one in found:
            _card(one, facts.get(one.case_id), language)
    else:
        _by_facet(found, language)


def _by_facet(found: Sequence[StoredFinding], language: Language) -> None:
    """The question of each facet once, its cases below."""
    for facet in dict.fromkeys(one.finding.facet for one in found):
        heading(say(language, f"conflict.{facet}.question"))
        line(say(language, f"conflict.{facet}.what"))
        columns = [word(language, "column", name) for name in ("case", "since", "what")]
        same = [one for one in found if one.finding.facet is facet]
        table(columns, ((one.case_id, swiss_day(one.since), _moved(one, language)) for one in same))


def _moved(one: StoredFinding, language: Language) -> str:
    """How the two sides came apart."""
    return word(language, "finding", one.finding.finding)


def _card(one: StoredFinding, facts: CaseFacts | None, language: Language) -> None:
    """A conflict with both values, the last agreement beside them."""
    facet = one.finding.facet
    heading(f"{one.case_id} · {say(language, f'conflict.{facet}.question')}")
    line(say(language, f"conflict.{facet}.what"))
    columns = [word(language, "column", name) for name in ("field", "cii", "plasta", "agreed")]
    table(columns, values.rows(values.sides(one.finding, facts), language))


@app.command(short_help="What people have to do, and records that cannot be read.")
def work(
    context: typer.Context,
    role: Annotated[Role | None, typer.Option(help="Only for this role.")] = None,
    case: OfCase = "",
    limit: Limit = 200,
    reveal: Reveal = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """What people have to do, soonest due first, and records that cannot be read. Values only with --reveal."""
    session = session_of(context)
    language = session.language(lang)
    with session.doors.house() as house:
        opened = house.needs.work.listed(frozenset({WorkItemState.OPEN}), CaseId(case) if case else None, 100_000)
        unreadable = [one for one in house.records.quarantine() if not case or one.reference == case]
    items = [one for one in opened if role in (None, one.ask.role)]
    if as_json:
        document: Mapping[str, Json] = {
            "total": len(items),
            "revealed": reveal,
            "items": [item_json(one, reveal=reveal) for one in items[:limit]],
            "quarantine": [quarantine_json(one) for one in unreadable],
        }
        emit("work/1", document)
        return
    _say_how_many("work_extra", len(items), limit, language)
    if items:
        _show_items(items[:limit], reveal, language)
    if unreadable:
        _show_unreadable(unreadable, language)


def _say_how_many(where: str, number: int, limit: int, language: Language) -> None:
    """None, one, or many; and that not all are shown."""
    form = {0: "none", 1: "one"}.get(number, "many")
    line(say(language, f"{where}.{form}", count=number))
    if number > limit:
        line(say(language, "list_extra.part", count=limit))


def _show_items(items: Sequence[WorkItem], reveal: bool, language: Language) -> None:
    """What is to be done once for each kind, soonest due first, its tasks below."""
    line(say(language, "work_extra.revealed" if reveal else "work_extra.hidden"))
    for kind in dict.fromkeys(one.ask.kind for one in items):
        same = [one for one in items if one.ask.kind is kind]
        heading(f"{say(language, f'work.{kind}.title')} ({len(same)})")
        line(say(language, f"work.{kind}.to_do"))
        about = kind in TECHNICAL
        columns = ["due", "role", "case", "number_of_task", *(["about"] if about else [])]
        table([word(language, "column", name) for name in columns], (_item_row(one, language) for one in same))
        if reveal:
            _show_values(same, language)


def _item_row(one: WorkItem, language: Language) -> list[str]:
    """One task in words; what a technical one is about, behind it."""
    ask = one.ask
    row = [swiss_day(ask.due_on), word(language, "role", ask.role), ask.case_id or "–", one.item_id]
    return [*row, ask.about] if ask.kind in TECHNICAL else row


def _show_values(items: Sequence[WorkItem], language: Language) -> None:
    """The values of each task that has some: both sides, candidates."""
    for one in items:
        if one.ask.values:
            line(one.ask.case_id or one.item_id)
            for name, text in one.ask.values.items():
                item(f"{_value_name(name, language)}: {text}")


def _value_name(name: str, language: Language) -> str:
    """``cii.family_name`` as the column and the field in words; ``candidate.1`` as its kind and number."""
    first, _, second = name.partition(".")
    if first in {"cii", "plasta"}:
        return f"{word(language, 'column', first)}, {word(language, 'field', second)}"
    return f"{word(language, 'field', first)} {second}".strip()


def _show_unreadable(unreadable: Sequence[Quarantined], language: Language) -> None:
    """Records in quarantine: path and reason, never the content."""
    heading(say(language, "work.correct_record.title"))
    line(say(language, "work.correct_record.to_do"))
    columns = [word(language, "column", name) for name in ("reference", "source", "field", "what", "since")]
    table(
        columns,
        (
            (one.reference, word(language, "column", one.system), one.path, one.reason, swiss_day(one.since))
            for one in unreadable
        ),
    )


@app.command()
def done(
    context: typer.Context,
    task: Annotated[str, typer.Argument(help="Id of the task, from: cii-sync work")],
    reason: Reason,
) -> None:
    """Tick a task off. One whose cause is still there is asked for again by the next run."""
    words = reason_given(reason)
    doors = session_of(context).doors
    with doors.house() as house:
        if not house.needs.work.close(task, words, doors.who(), house.needs.clock()):
            line("Refused: no open task has this id. See: cii-sync work", console=err())
            raise typer.Exit(ExitCode.REFUSED)
    line("Done.")


def conflict_json(one: StoredFinding, facts: CaseFacts | None, *, reveal: bool) -> Mapping[str, Json]:
    """A conflict; its values only when they are to be shown."""
    document: dict[str, Json] = {
        "case": one.case_id,
        "facet": one.finding.facet.value,
        "finding": one.finding.finding.value,
        "since": instant(one.since),
    }
    if reveal:
        sides = values.sides(one.finding, facts)
        document |= {"cii": dict(sides.cii), "plasta": dict(sides.plasta), "agreed": dict(sides.agreed)}
    return document


def item_json(one: WorkItem, *, reveal: bool) -> Mapping[str, Json]:
    """A task; its values only when they are to be shown."""
    document: dict[str, Json] = {
        "id": one.item_id,
        "kind": one.ask.kind.value,
        "role": one.ask.role.value,
        "case": one.ask.case_id,
        "due_on": day(one.ask.due_on),
        "opened_at": instant(one.opened_at),
        "state": one.state.value,
        "about": one.ask.about if reveal or one.ask.kind in TECHNICAL else None,
    }
    if reveal:
        document["values"] = dict(one.ask.values)
    return document


def quarantine_json(one: Quarantined) -> Mapping[str, Json]:
    """A record that cannot be read."""
    return {
        "system": one.system,
        "reference": one.reference,
        "path": one.path,
        "reason": one.reason,
        "since": instant(one.since),
    }
