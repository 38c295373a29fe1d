"""What happened, per case, counted at the ledgers and in our own books, in the words of the expectation."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.work_items import WorkItemState
from sandbox.serve import Sandbox
from scheduler.bootstrap import House


@dataclass
class Happened:
    """One case: keyword effects, mirror writes, mails (Message-IDs) and open work items."""

    keyword_set: int = 0
    write_backs: list[str] = field(default_factory=list)
    mails: set[str] = field(default_factory=set)
    work_items: list[str] = field(default_factory=list)


def happened(house: House, sandbox: Sandbox) -> Mapping[str, Happened]:
    """All cases in which anything happened; effects are read at the stand-ins' ledgers alone."""
    by_case: defaultdict[str, Happened] = defaultdict(Happened)
    owner = registration_owners(house)
    for effect in sandbox.plasta.ledger.effects():
        if effect.operation == "addStesSchlagwort":
            by_case[owner[effect.business_key.split("/")[0]]].keyword_set += 1
    for effect in sandbox.cii.ledger.effects():
        case_id, facet = effect.business_key.split("#")[0].split("/")
        by_case[case_id].write_backs.append(facet)
    for effect in sandbox.mailbox.ledger.effects():
        message_id = effect.business_key.split(" ")[0]
        by_case[message_id.split(".")[1]].mails.add(message_id)
    for item in house.needs.work.listed(frozenset({WorkItemState.OPEN}), limit=100_000):
        by_case[item.ask.case_id or ""].work_items.append(item.ask.kind.value)
    return by_case


def registration_owners(house: House) -> Mapping[str, str]:
    """The case of each person that the ledger names."""
    facts = house.needs.cases.facts([one.wish.case_id for one in house.needs.intents.listed(limit=100_000)])
    return {
        one.view.person.personal_number: case_id
        for case_id, one in facts.items()
        if one.view is not None and one.view.person is not None
    }


def doubled(sandbox: Sandbox) -> dict[str, int]:
    """Business keys under which more than one effect happened, at any stand-in."""
    ledgers = (sandbox.plasta.ledger, sandbox.cii.ledger, sandbox.mailbox.ledger)
    counts = Counter(effect.business_key for ledger in ledgers for effect in ledger.effects())
    return {key: count for key, count in counts.items() if count > 1}
