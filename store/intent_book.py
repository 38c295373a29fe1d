"""The book of intents (``domain.books.IntentBook``): the queue of record. Each method is one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from domain.breaker import Limits
from domain.causes import Batch, CauseCount, Stretch
from domain.facets import Target
from domain.intents import Attempt, Claim, Intent, IntentKind, IntentState, Result
from domain.people import CaseId
from domain.work_items import Ask
from store import causes, claiming, planning, retrying, withdrawing
from store.answering import answer_unknown, offer_again
from store.codec import VALUE
from store.intent_rows import attempt_of, intent_of
from store.recording import record
from store.transactions import Store
from store.work_tables import attempts, intents


class SqlIntentBook:
    """Intents and their attempts."""

    def __init__(self, store: Store, limits: Mapping[Target, Limits] | None = None) -> None:
        """Over a store; ``limits`` says what each target bears, the same in all processes."""
        self._store = store
        self._limits = limits or {}

    def discard_plans(self) -> int:
        """Drop plans that were never applied, so that their cases are decided afresh."""
        return self._store.writing(planning.discard_plans)

    def apply(self, run_id: str, now: datetime) -> int:
        """Turn a run's planned intents and asks into real ones; returns how many intents."""
        return self._store.writing(lambda connection: planning.apply_plan(connection, run_id, now))

    def due(self, now: datetime, limit: int) -> Mapping[Target, Sequence[str]]:
        """Ids that the dispatcher could claim now, oldest due first, at most ``limit`` of each target."""
        return self._store.reading(lambda connection: claiming.due(connection, now, limit, self._limits))

    def claim(
        self, now: datetime, lease: timedelta, limit: int, worker: str, ids: Sequence[str] | None = None
    ) -> Sequence[Claim]:
        """Take due intents (or some of ``ids``) for a time, an open attempt written with each."""
        if limit < 1 or (ids is not None and not ids):
            return []
        taking = claiming.Lease(worker, now, lease)
        return self._store.writing(
            lambda connection: claiming.claim(self._store, connection, taking, limit, ids, self._limits)
        )

    def renew(self, claims: Sequence[Claim], until: datetime, *, beginning: bool = False) -> Sequence[Claim]:
        """Prolong leases; a claim that somebody else holds by now is left out."""
        return self._store.writing(lambda one: claiming.renew(one, claims, until, beginning=beginning))

    def record(self, results: Sequence[Result]) -> int:
        """End attempts; returns how many were ours (fencing)."""
        return self._store.writing(lambda connection: record(self._store, connection, results, self._limits))

    def find(self, intent_id: str) -> Intent | None:
        """One intent."""

        def work(connection: Connection) -> Intent | None:
            row = connection.execute(select(intents).where(intents.c.intent_id == intent_id)).one_or_none()
            return None if row is None else intent_of(self._store, row)

        return self._store.reading(work)

    def listed(
        self,
        states: frozenset[IntentState] | None = None,
        case_id: CaseId | None = None,
        run_id: str = "",
        limit: int = 500,
    ) -> Sequence[Intent]:
        """Intents, newest first."""
        statement = select(intents).order_by(intents.c.created_at.desc(), intents.c.intent_id.desc()).limit(limit)
        if states is not None:
            statement = statement.where(intents.c.state.in_(sorted(states)))
        if case_id is not None:
            statement = statement.where(intents.c.case_id == case_id)
        if run_id:
            statement = statement.where(intents.c.run_id == run_id)
        return self._store.reading(lambda one: [intent_of(self._store, row) for row in one.execute(statement)])

    def attempts(self, intent_id: str) -> Sequence[Attempt]:
        """All tries at an intent, oldest first."""
        statement = select(attempts).where(attempts.c.intent_id == intent_id).order_by(attempts.c.token)
        return self._store.reading(lambda connection: [attempt_of(row) for row in connection.execute(statement)])

    def proof(self, intent_id: str) -> Mapping[str, str]:
        """What the last attempt that brought anything left as evidence (versions, process ids); empty without one."""
        statement = (
            select(attempts.c.token, attempts.c.proof)
            .where(attempts.c.intent_id == intent_id, attempts.c.proof.is_not(None))
            .order_by(attempts.c.token.desc())
            .limit(1)
        )
        row = self._store.reading(lambda connection: connection.execute(statement).one_or_none())
        if row is None:
            return {}
        place = f"{intent_id}/{row.token}"
        return VALUE.load(self._store.open(attempts.c.proof, place, row.proof), place)

    def retry(self, intent_id: str, now: datetime, by: str) -> bool:
        """Offer a parked intent again; False when it is not parked."""
        return self._store.writing(lambda connection: offer_again(connection, intent_id, now, by))

    def answer_unknown(self, intent_id: str, now: datetime, by: str, reason: str, *, arrived: bool) -> bool:
        """End a doubt by a person: arrived (done), or not (ready again); False when there is no doubt."""
        return self._store.writing(
            lambda connection: answer_unknown(connection, intent_id, now, by, reason, arrived=arrived)
        )

    def causes(self) -> Sequence[CauseCount]:
        """Parked intents, doubts, and waiting intents that failed, by cause; the largest number first."""
        return self._store.reading(causes.causes)

    def parked_for(self, target: Target, kind: IntentKind, code: str, stretch: Stretch) -> Sequence[Intent]:
        """The parked intents of a cause, oldest first."""
        return self._store.reading(
            lambda connection: causes.parked_for(self._store, connection, target, kind, code, stretch)
        )

    def retry_pinned(self, pinned: Sequence[Intent], now: datetime, by: str, reason: str) -> Batch:
        """Offer a pinned list again, once; what was moved or tried meanwhile is left out."""
        return self._store.writing(lambda connection: retrying.retry_pinned(connection, pinned, now, by, reason))

    def batch(self, pin: str) -> Batch | None:
        """What became of a pinned list; None when nobody has offered it."""
        return self._store.reading(lambda connection: retrying.batch(connection, pin))

    def withdraw(self, intent_id: str, now: datetime, by: str, reason: str) -> bool:
        """End a parked, ready or held intent for good; False in any other state."""
        return self._store.writing(lambda connection: withdrawing.withdraw(connection, intent_id, now, by, reason))

    def restore(self, ask: Ask, intent_id: str, now: datetime, by: str, reason: str) -> bool:
        """Park a withdrawn intent and open ``ask``; False when it is not withdrawn, or for more than thirty days."""
        return self._store.writing(
            lambda connection: withdrawing.restore(self._store, connection, ask, intent_id, now, by, reason)
        )

    def counts(self, run_id: str = "") -> Mapping[tuple[Target, IntentKind, IntentState], int]:
        """How many intents stand where, of one run or of all."""
        columns = (intents.c.target, intents.c.kind, intents.c.state)
        statement = select(*columns, func.count().label("number")).group_by(*columns)
        if run_id:
            statement = statement.where(intents.c.run_id == run_id)
        rows = self._store.reading(lambda connection: connection.execute(statement).all())
        return {(Target(row.target), IntentKind(row.kind), IntentState(row.state)): row.number for row in rows}

    def next_due(self) -> datetime | None:
        """When the next intent can be claimed if nothing else happens; barred, held and blocked ones cannot."""
        return self._store.reading(lambda connection: claiming.next_due(connection, self._limits))
