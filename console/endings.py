"""Ends the tasks whose cause a person has just dealt with by a command, so that nobody has to tick them off as well."""

from collections.abc import Collection

from console.doors import House
from domain.work_items import WorkItemState

EVERY = 100_000


def end_tasks(house: House, keys: Collection[str], reason: str, by: str) -> int:
    """Close the open work items with these keys; returns how many there were."""
    items = house.needs.work.listed(frozenset({WorkItemState.OPEN}), None, EVERY)
    now = house.needs.clock()
    return sum(house.needs.work.close(item.item_id, reason, by, now) for item in items if item.ask.key in keys)
