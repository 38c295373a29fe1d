"""What all decisions of one commit share."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Deciding:
    """The mark of the rules, the run, the instant, and whether wishes and asks wait as a plan."""

    rules: str
    run_id: str
    now: datetime
    planned: bool
