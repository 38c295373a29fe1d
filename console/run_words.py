"""A run's figures in words, in the order in which an operator reads them."""

from collections.abc import Mapping

from domain.books import Run

FIGURES: Mapping[str, str] = {
    "seen": "cases seen",
    "renewed": "cases or views renewed",
    "quarantined": "quarantined (unreadable)",
    "feed_followed": "changes in PLASTA of persons that we follow",
    "feed_dropped": "changes in PLASTA of others (dropped)",
    "looked_up": "looked up in PLASTA",
    "denied": "not looked up: no legal basis",
    "unreached": "not looked up: no answer",
    "decided": "compared and decided",
    "agreed": "agreed: nothing to do",
    "changed": "changed: an effect follows",
    "conflicts": "conflicts: a person decides",
    "to_a_person": "left to a person",
    "not_allowed": "not compared: no legal basis",
    "registrations_asked": "registrations asked for",
    "work_items": "work items",
    "wished": "effects planned",
    "observed": "effects only observed (mode)",
}
"""Keys of ``pipelines`` to words. A key that is missing here is shown as it is, after these."""


def figures(run: Run) -> list[tuple[str, int]]:
    """The figures of a run that are not zero, and always how many cases were seen."""
    known = [(word, run.counts.get(key, 0)) for key, word in FIGURES.items() if run.counts.get(key) or key == "seen"]
    return known + [(key, count) for key, count in sorted(run.counts.items()) if key not in FIGURES and count]


def seconds(run: Run) -> float | None:
    """How long a run took; None while it runs."""
    return (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
