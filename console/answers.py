"""The answer of a check (C1-C3) as three blocks of sentences: found, done, left to do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from console.exit_codes import ExitCode
from domain.facets import Language
from mappings.sentences import known, say, word
from mappings.sentences.swiss_time import ZURICH

WAITING = "waiting"
"""No answer within our patience: the check is taken in and runs as soon as it can."""

FINISHED = frozenset({"ok", "keyword_set", "no_keyword_wanted"})
"""Answers that leave nothing to do and nothing to wait for."""

STOPPED = frozenset({"credentials", "contract", "settings", "misconfigured"})
"""Families that do not end by waiting."""

COVERED: Mapping[str, frozenset[str]] = {
    "not_registered": frozenset({"register_person"}),
    "inactive": frozenset({"register_person"}),
    "several_persons": frozenset({"confirm_identity"}),
    "is_it_her": frozenset({"confirm_identity"}),
    "several_registrations": frozenset({"choose_registration"}),
    "keyword_by_hand": frozenset({"keyword_by_hand"}),
    "keyword_unknown": frozenset({"settle_unknown"}),
    "not_allowed": frozenset({"procuration_needed"}),
    "unreadable": frozenset({"correct_record"}),
}
"""Tasks that an answer has asked for already, in its own words."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the tandem reads."""

    found: tuple[str, ...]
    done: tuple[str, ...]
    to_do: tuple[str, ...]


def sentence_key(answer: Mapping[str, str]) -> str:
    """Which sentences fit: the answer's own, or those of a special case of *not reachable*."""
    code = answer.get("answer", WAITING)
    return "stopped" if code == "not_reachable" and answer.get("family") in STOPPED else code


def exit_code(answer: Mapping[str, str]) -> ExitCode:
    """0 when all is done, 4 when nobody answered, 2 for a case that does not exist, else 6."""
    key = sentence_key(answer)
    if key in FINISHED:
        return ExitCode.DONE
    if key == "unknown_case":
        return ExitCode.USAGE
    return ExitCode.NOT_REACHABLE if key in {"not_reachable", "stopped"} else ExitCode.WAITS


def told(answer: Mapping[str, str], language: Language) -> Told:
    """The three blocks in a language."""
    key = sentence_key(answer)
    system = answer.get("system") or "plasta"
    fields: dict[str, str | datetime] = {"path": answer.get("path", ""), "System": word(language, "System", system)}
    if answer.get("read_at"):
        fields["read_at"] = datetime.fromisoformat(answer["read_at"])
    found, done, to_do = (say(language, f"answer.{key}.{block}", **fields) for block in ("found", "done", "to_do"))
    tasks = [kind for kind in answer.get("work_items", "").split(",") if kind and kind not in COVERED.get(key, ())]
    more = [say(language, f"work.{kind}.to_do") for kind in tasks if known(f"work.{kind}.to_do")]
    if more and key in FINISHED:
        return Told((found, *_more(answer, language)), (done,), tuple(more))
    return Told((found, *_more(answer, language)), (done,), (to_do, *more))


def _more(answer: Mapping[str, str], language: Language) -> list[str]:
    """The office, and a de-registration that is announced or past."""
    lines = []
    if answer.get("office"):
        lines.append(say(language, "answer_extra.office", office=word(language, "office", answer["office"])))
    if answer.get("deregistered_on"):
        day = date.fromisoformat(answer["deregistered_on"])
        seen = datetime.fromisoformat(answer["read_at"]).astimezone(ZURICH).date()
        kind = "deregistration_ahead" if day > seen else "deregistered"
        lines.append(say(language, f"answer_extra.{kind}", day=day))
    return lines


def repeated(age: timedelta, language: Language) -> str:
    """That this is an earlier answer, and how old it is."""
    minutes = int(age.total_seconds() // 60)
    form = "now" if minutes < 1 else "one" if minutes == 1 else "many"
    return say(language, f"answer_extra.repeated_{form}", minutes=minutes)
