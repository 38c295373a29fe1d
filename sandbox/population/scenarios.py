"""The scenarios: how often each occurs, and what one correct nightly over a fresh store must do with such a case.

This table is the only source of the expected result. It follows the rules of the domain. A mirrored value that the
middleware wrote itself is the last agreement. Without one, equal values become the agreement, a value on one side only
is proposed to the other, two different values are a conflict. A faulty or ambiguous answer binds nobody and writes
nothing. Denied consent means that PLASTA is not asked at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

REGISTRATION, DEREGISTRATION, KEYWORD = "registration", "deregistration", "keyword"
BULK = "agreed"
"""The scenario that takes every case that no other needs."""

WORK_ITEM_KINDS = (
    "register_person",
    "confirm_identity",
    "choose_registration",
    "resolve_conflict",
    "keyword_by_hand",
    "remove_keyword",
    "confirm_reinsertion",
    "procuration_needed",
    "correct_record",
)


@dataclass(frozen=True)
class Expectation:
    """What one case adds to the result. `write_backs` are mirror facets, `mails` counts messages, not recipients."""

    looked_up: bool = True
    quarantined: bool = False
    keyword_set: int = 0
    write_backs: tuple[str, ...] = ()
    mails: int = 0
    work_items: tuple[str, ...] = ()
    conflicts: int = 0
    seen: int = 1

    @property
    def is_quiet(self) -> bool:
        """True when the case was looked up and nothing is left to do."""
        return self == Expectation()

    def as_json(self) -> dict[str, object]:
        """Return the expectation under its field names."""
        return {
            "seen": self.seen,
            "looked_up": self.looked_up,
            "quarantined": self.quarantined,
            "keyword_set": self.keyword_set,
            "write_backs": list(self.write_backs),
            "mails": self.mails,
            "work_items": list(self.work_items),
            "conflicts": self.conflicts,
        }


@dataclass(frozen=True)
class Scenario:
    """One row: its share per mille of all cases, the expected result, and in one line what is the matter."""

    name: str
    share: int
    what: str
    expected: Expectation = field(default_factory=Expectation)


def _row(  # noqa: PLR0913 - the columns of the table
    name: str,
    share: int,
    what: str,
    *,
    looked_up: bool = True,
    quarantined: bool = False,
    keyword_set: int = 0,
    write_backs: tuple[str, ...] = (),
    mails: int = 0,
    work_items: tuple[str, ...] = (),
    conflicts: int = 0,
) -> Scenario:
    expected = Expectation(looked_up, quarantined, keyword_set, write_backs, mails, work_items, conflicts)
    return Scenario(name, share, what, expected)


def _denied(name: str, share: int, what: str) -> Scenario:
    return _row(name, share, what, looked_up=False, work_items=("procuration_needed",))


def _unreadable(name: str, share: int, what: str) -> Scenario:
    return _row(name, share, what, looked_up=False, quarantined=True, work_items=("correct_record",))


_ROWS = (
    # Quiet: nothing to do.
    _row(BULK, 598, "coaching runs, registration and keyword mirrored as PLASTA has them"),
    _row("several_registrations", 25, "an old inactive registration beside the active one: normal"),
    _row("avs_without_personal_number", 30, "only the AVS number known: bound by search"),
    _row("personal_number_only", 25, "no AVS number in the case: bound by personal number and birth date"),
    _row("merged_person", 3, "the personal number was merged into another: followed, a normal event"),
    _row("case_management_covered", 15, "case management, a valid procuration names the ORP"),
    _row("assessment_covered", 10, "assessment, a valid procuration names the ORP"),
    _row("reinserted_earlier", 15, "reinsertion confirmed before mails were switched on: none is sent any more"),
    _row("closed_agreed", 50, "closed for employment, PLASTA says the same, keyword gone"),
    _row("closed_not_asked", 10, "closed, the procuration has ended: not looked up, nothing to do", looked_up=False),
    # To be written.
    _row("keyword_missing", 40, "registered, keyword not set (C2)", keyword_set=1, write_backs=(KEYWORD,)),
    _row("mirror_missing", 30, "registered, nothing mirrored yet", write_backs=(REGISTRATION, KEYWORD)),
    _row("mirror_outdated", 10, "we mirrored an older state than PLASTA has", write_backs=(REGISTRATION,)),
    _row(
        "office_changed",
        5,
        "moved to another office, new registration without keyword: no reinsertion, nobody's hand",
        keyword_set=1,
        write_backs=(REGISTRATION,),
    ),
    _row(
        "deregistered_future",
        5,
        "a de-registration with a job takes effect later: mirrored, no reinsertion yet",
        write_backs=(DEREGISTRATION,),
    ),
    _row(
        "deregistration_withdrawn",
        5,
        "a mirrored de-registration was withdrawn in PLASTA: the mirror is cleared",
        write_backs=(DEREGISTRATION,),
    ),
    _row("reinserted", 5, "the tandem confirmed the reinsertion (C10): one mail", mails=1),
    # A person has to act.
    _row(
        "not_registered",
        25,
        "unknown to PLASTA (C3): the ORP is asked to register the person",
        write_backs=(REGISTRATION,),
        mails=1,
        work_items=("register_person",),
    ),
    _row(
        "registration_inactive",
        10,
        "known to PLASTA, the only registration is inactive (C3)",
        write_backs=(REGISTRATION,),
        mails=1,
        work_items=("register_person",),
    ),
    _row(
        "deregistered_with_job",
        8,
        "de-registered with a job, no word of the tandem: is it a reinsertion?",
        write_backs=(REGISTRATION, DEREGISTRATION),
        work_items=("confirm_reinsertion",),
    ),
    _row("several_active", 5, "two active registrations: which one?", work_items=("choose_registration",)),
    _row("two_persons", 5, "no number; name and birth date hit two", work_items=("confirm_identity",)),
    _row("name_only_candidate", 6, "no number; name and birth date hit one", work_items=("confirm_identity",)),
    _row("birth_date_differs", 5, "number known under another birth date", work_items=("confirm_identity",)),
    _row("keyword_left", 6, "closed, the keyword is still there (C13)", work_items=("remove_keyword",)),
    _row(
        "keyword_by_hand",
        5,
        "closed and removed, then set again by somebody in PLASTA",
        write_backs=(KEYWORD,),
        work_items=("keyword_by_hand",),
    ),
    _row(
        "keyword_removed_by_hand",
        5,
        "mirrored as set, PLASTA has it no more: somebody took it away; not set again by itself",
        write_backs=(KEYWORD,),
        work_items=("keyword_by_hand",),
    ),
    # Conflicts.
    _row(
        "mirror_by_hand",
        5,
        "somebody typed another state into the mirror than PLASTA has",
        work_items=("resolve_conflict",),
        conflicts=1,
    ),
    _row(
        "identity_differs",
        6,
        "number and birth date match, the family name differs",
        work_items=("resolve_conflict",),
        conflicts=1,
    ),
    _row(
        "closed_but_active",
        5,
        "closed for employment, still active in PLASTA",
        work_items=("resolve_conflict",),
        conflicts=1,
    ),
    # Not allowed to know.
    _denied("no_procuration", 6, "case management, nothing was signed"),
    _denied("procuration_without_orp", 3, "case management, the procuration names others only"),
    _denied("procuration_expired", 4, "case management, the procuration has expired"),
    _denied("procuration_revoked", 3, "case management, the procuration was revoked"),
    # Not readable.
    _unreadable("invalid_avs", 4, "the AVS number has a wrong check digit"),
    _unreadable("unknown_code", 3, "a procedure in a state that no list knows"),
)

SCENARIOS = MappingProxyType({row.name: row for row in _ROWS})
"""The table by name, in its order. The shares add up to 1000."""

EVERY_SCENARIO_FROM = 200
"""From this many cases on, every scenario occurs at least once."""


def counts(cases: int) -> dict[str, int]:
    """How many cases follow each scenario: the share, rounded down, and at least one in a big enough population.

    What is left over goes to the bulk, so that the counts add up.
    """
    least = 1 if cases >= EVERY_SCENARIO_FROM else 0
    told = {row.name: max(least, cases * row.share // 1000) for row in _ROWS if row.name != BULK}
    return {BULK: cases - sum(told.values()), **told}


def totals(scenario_counts: dict[str, int]) -> dict[str, int]:
    """The expected result of a whole population: the table's rows, added up."""
    sums = dict.fromkeys(
        (
            "seen",
            "looked_up",
            "agreed",
            "quarantined",
            "keyword_set",
            "write_backs",
            "mails",
            "work_items",
            "conflicts",
        ),
        0,
    )
    for name, count in scenario_counts.items():
        expected = SCENARIOS[name].expected
        sums["seen"] += count * expected.seen
        sums["looked_up"] += count * expected.looked_up
        sums["agreed"] += count * expected.is_quiet
        sums["quarantined"] += count * expected.quarantined
        sums["keyword_set"] += count * expected.keyword_set
        sums["write_backs"] += count * len(expected.write_backs)
        sums["mails"] += count * expected.mails
        sums["work_items"] += count * len(expected.work_items)
        sums["conflicts"] += count * expected.conflicts
    return sums
