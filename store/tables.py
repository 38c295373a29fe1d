"""All tables by one name, for whoever needs the whole schema."""

from store.case_tables import agreements, bindings, cases, cursors, decisions, findings, quarantine, views
from store.schema import metadata
from store.work_tables import attempts, bars, changes, inbox, intents, known_keys, modes, runs, work_items

__all__ = [
    "agreements",
    "attempts",
    "bars",
    "bindings",
    "cases",
    "changes",
    "cursors",
    "decisions",
    "findings",
    "inbox",
    "intents",
    "known_keys",
    "metadata",
    "modes",
    "quarantine",
    "runs",
    "views",
    "work_items",
]
