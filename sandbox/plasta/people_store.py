"""Where the PLASTA stand-in keeps its persons: by number, AVS number, registration id and name, with the change feed.

Thread-safe: `lock` is re-entrant, so that a caller can look and change in one step. Records are immutable, so what
was read stays true for the reader.
"""

import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from sandbox.plasta.records import Change, JobSeeker

AKTIVIERT = "AKTIVIERT"
MUTIERT = "MUTIERT"
ABGEMELDET = "ABGEMELDET"
ABGELEHNT = "ABGELEHNT"
INAKTIVIERT = "INAKTIVIERT"
GELOESCHT = "GELOESCHT"
REAKTIVIERT = "REAKTIVIERT"

PREFIX_LETTERS = 2


def folded(text: str) -> str:
    """Return a name as the search compares it: no case, no accents, one form of apostrophe."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


class PeopleStore:
    """The persons and the feed of changes; the feed starts empty: what was there before is found by asking."""

    def __init__(self, job_seekers: Iterable[JobSeeker] = (), first_sequence: int = 1) -> None:
        """Take the persons as they are; the next change gets `first_sequence`."""
        self.lock = threading.RLock()
        self._people: dict[str, JobSeeker] = {}
        self._by_avs: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._by_name: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._by_stes_id: dict[str, str] = {}
        self._changes: list[Change] = []
        self._first_sequence = first_sequence
        for person in job_seekers:
            self._index(person)

    def __len__(self) -> int:
        return len(self._people)

    def __iter__(self) -> Iterator[JobSeeker]:
        with self.lock:
            return iter(list(self._people.values()))

    def get(self, personal_number: str) -> JobSeeker | None:
        """Return a person by number, merged ones too."""
        return self._people.get(personal_number)

    def surviving(self, personal_number: str) -> JobSeeker | None:
        """Return the person that a number stands for now, through any merges; None when there is none."""
        person = self.get(personal_number)
        passed: set[str] = set()
        while person is not None and person.merged_into is not None and person.personal_number not in passed:
            passed.add(person.personal_number)
            person = self.get(person.merged_into)
        return person

    def with_avs_number(self, avs_number: str) -> list[JobSeeker]:
        """Return every person with this AVS number; several are a fault of the register, and possible."""
        with self.lock:
            return [self._people[number] for number in self._by_avs.get(avs_number, ())]

    def with_stes_id(self, stes_id: str) -> JobSeeker | None:
        """Return the person of a registration."""
        number = self._by_stes_id.get(stes_id)
        return None if number is None else self._people[number]

    def with_name_prefix(self, family_name: str) -> list[JobSeeker]:
        """Return the persons whose family name starts so (two letters at least), as the search compares names."""
        wanted = folded(family_name)
        with self.lock:
            numbers = self._by_name.get(wanted[:PREFIX_LETTERS], ())
            people = [self._people[number] for number in numbers]
        return [person for person in people if folded(person.family_name).startswith(wanted)]

    def put(self, person: JobSeeker, stes_id: str | None, kind: str) -> None:
        """Store a new or changed person and append the change to the feed."""
        with self.lock:
            self._unindex(person.personal_number)
            self._index(person)
            sequence = self._first_sequence + len(self._changes)
            self._changes.append(Change(sequence, person.personal_number, stes_id, kind))

    def changes_since(self, sequence: int, limit: int) -> tuple[list[Change], bool, int]:
        """Return at most `limit` changes after `sequence`, whether more follow, and the newest number given so far."""
        with self.lock:
            start = max(0, sequence - self._first_sequence + 1)
            page = self._changes[start : start + limit]
            more = start + limit < len(self._changes)
            return page, more, self._first_sequence + len(self._changes) - 1

    def _index(self, person: JobSeeker) -> None:
        number = person.personal_number
        self._people[number] = person
        if person.avs_number is not None and person.merged_into is None:
            self._by_avs[person.avs_number][number] = None
        if person.merged_into is None:
            self._by_name[folded(person.family_name)[:PREFIX_LETTERS]][number] = None
        for registration in person.registrations:
            self._by_stes_id[registration.stes_id] = number

    def _unindex(self, number: str) -> None:
        known = self._people.get(number)
        if known is None:
            return
        if known.avs_number is not None:
            self._by_avs[known.avs_number].pop(number, None)
        self._by_name[folded(known.family_name)[:PREFIX_LETTERS]].pop(number, None)
        for registration in known.registrations:
            # After a merge the registration already belongs to the surviving person: leave that entry alone.
            if self._by_stes_id.get(registration.stes_id) == number:
                del self._by_stes_id[registration.stes_id]
