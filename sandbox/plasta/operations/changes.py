"""The change feed that clients pull, and its faults: a page for ever, sequence numbers that go back, a gap."""

from dataclasses import replace

from sandbox.plasta.call import Call, Desk, Reply
from sandbox.plasta.records import Change
from sandbox.plasta.rendering import change_item
from sandbox.plasta.xml_text import flag, number, tag


def get_aenderungen(desk: Desk, call: Call) -> Reply:
    """Answer the changes after a sequence number, oldest first."""
    since, limit = int(call.required("seitSequenz")), int(call.required("maxAnzahl"))
    repeats = "feed_repeats" in call.faults
    page, more, newest = desk.state.people.changes_since(0 if repeats else since, limit)
    if "feed_goes_back" in call.faults:
        page, newest = _going_back(page, since), since - 1
    if "feed_gap" in call.faults:
        page = page[: len(page) // 2] + page[len(page) // 2 + 1 :]
    return Reply(
        number("letzteSequenz", newest)
        + flag("weitere", more or repeats)
        + tag("aenderungArray", *(change_item(item) for item in page))
    )


def _going_back(page: list[Change], since: int) -> list[Change]:
    """Number the page downwards from the number that was asked for, as a feed does that was restored from a backup."""
    return [replace(item, sequence=max(0, since - place)) for place, item in enumerate(page)]
