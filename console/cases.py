"""``case``: what happened to one case, newest first. In French or German."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from console.doors import House
from console.exit_codes import ExitCode
from console.identifiers import CASE_ID
from console.json_output import Json, emit, instant
from console.records import TimelineEntry
from console.screen import heading, line, table
from console.session import AsJson, Lang, session_of, wrong_usage
from domain.decision import CaseFacts
from domain.facets import Language
from domain.people import CaseId
from mappings.sentences import known, say, word
from mappings.sentences.swiss_time import stamp

app = typer.Typer()

KINDS = {"intent": "intent_kind", "attempt": "intent_kind", "view": "sight"}
"""By source of an entry: the table of words for what it is about."""


@app.command(name="case", short_help="What happened to one case, newest first.")
def show_case(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="The case's reference, such as CII-2026-000123.")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """One case: where it stands and what happened, newest first. No personal value is shown."""
    session = session_of(context)
    language = session.language(lang)
    if not CASE_ID.fullmatch(case):
        raise wrong_usage("A case's reference is like CII-2026-000123.")
    with session.doors.house() as house:
        facts = _facts(house, CaseId(case))
        entries = house.records.timeline(CaseId(case))
    newest_first = sorted(entries, key=lambda entry: entry.at, reverse=True)
    if as_json:
        emit("case/1", case_json(case, facts, newest_first))
    elif facts is None and not entries:
        line(say(language, "case_extra.unknown"))
    else:
        _show(case, facts, newest_first, language)
    raise typer.Exit(ExitCode.DONE if facts or entries else ExitCode.USAGE)


def _facts(house: House, case: CaseId) -> CaseFacts | None:
    """What is known of the case; None for one in quarantine, or unknown."""
    return house.needs.cases.facts([case]).get(case)


def _show(case: str, facts: CaseFacts | None, entries: Sequence[TimelineEntry], language: Language) -> None:
    """Head and timeline."""
    heading(say(language, "case_extra.head", case=case))
    if facts is not None:
        for text in head(facts, language):
            line(text)
    if not entries:
        line(say(language, "case_extra.empty"))
        return
    columns = (word(language, "column", "when"), word(language, "column", "what"))
    table(columns, ((stamp(entry.at), sentence(entry, language)) for entry in entries))


def head(facts: CaseFacts, language: Language) -> list[str]:
    """Region, procedures and how PLASTA knows the person; codes only, in words."""
    lines = [word(language, "region", facts.case.region)]
    for one in facts.case.procedures:
        procedure, state = word(language, "procedure", one.kind), word(language, "coaching_state", one.state)
        lines.append(say(language, "case_extra.procedure", procedure=procedure, state=state))
    if facts.view is not None:
        sight = word(language, "sight", facts.view.sight)
        lines.append(say(language, "case_extra.sight", sight=sight, read_at=facts.view.read_at))
    return lines


def sentence(entry: TimelineEntry, language: Language) -> str:
    """An entry in words; one that has no sentence yet is shown by its codes, never dropped."""
    key = f"timeline.{entry.source}.{entry.what}"
    if not known(key):
        return " ".join(part for part in (entry.source, entry.what, entry.about) if part)
    return say(language, key, kind=_kind(entry, language))


def _kind(entry: TimelineEntry, language: Language) -> str:
    """What the entry is about, in words."""
    if entry.source == "work_item" and known(title := f"work.{entry.about}.title"):
        return say(language, title)
    return word(language, KINDS.get(entry.source, ""), entry.about)


def case_json(case: str, facts: CaseFacts | None, entries: Sequence[TimelineEntry]) -> Mapping[str, Json]:
    """The case by its codes."""
    return {
        "case": case,
        "known": facts is not None,
        "region": facts.case.region if facts else None,
        "procedures": [
            {"kind": one.kind.value, "state": one.state, "open": one.is_open}
            for one in (facts.case.procedures if facts else ())
        ],
        "sight": facts.view.sight.value if facts and facts.view else None,
        "read_at": instant(facts.view.read_at) if facts and facts.view else None,
        "entries": [
            {
                "at": instant(entry.at),
                "source": entry.source,
                "what": entry.what,
                "about": entry.about,
                "reference": entry.reference,
            }
            for entry in entries
        ],
    }
