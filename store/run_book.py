"""The book of runs (``domain.books.RunBook``): one row per (job, due time), one running at a time, no end forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from domain.books import Run, RunState
from store.ids import new_id
from store.transactions import Store
from store.upserts import insert_new
from store.work_tables import runs

NO_SIGN_OF_LIFE = "no sign of life"
_UNFINISHED = (RunState.RUNNING.value, RunState.PLANNED.value)


class SqlRunBook:
    """Runs of scheduled jobs. A run that was silent for ``silence`` is taken for dead when the next one opens."""

    def __init__(self, store: Store, silence: timedelta = timedelta(minutes=10)) -> None:
        self._store = store
        self._silence = silence

    def open(self, job: str, due_at: datetime, now: datetime) -> Run | None:
        """Start a run; None when this (job, due time) ran already or the job is running."""
        run = Run(new_id("R", now), job, due_at, RunState.RUNNING, now)

        def work(connection: Connection) -> bool:
            dead = (runs.c.job == job, runs.c.state == RunState.RUNNING.value, runs.c.alive_at < now - self._silence)
            end = {"state": RunState.FAILED.value, "ended_at": now, "message": NO_SIGN_OF_LIFE}
            connection.execute(update(runs).where(*dead).values(end))
            # Our own row can stand there already: the answer to an earlier COMMIT of this very call was lost.
            ours = select(runs.c.run_id).where(runs.c.run_id == run.run_id)
            return insert_new(connection, runs, _row(run)) or connection.execute(ours).first() is not None

        return run if self._store.writing(work) else None

    def find(self, run_id: str) -> Run | None:
        """One run."""
        statement = select(runs).where(runs.c.run_id == run_id)
        row = self._store.reading(lambda connection: connection.execute(statement).one_or_none())
        return None if row is None else _run(row)

    def progress(self, run_id: str, counts: Mapping[str, int], now: datetime) -> None:
        """Tell how far a run is; also its sign of life. A run that has ended stays as it ended."""
        values = {"counts": dict(counts), "alive_at": now}
        self._update(run_id, (RunState.RUNNING.value,), values)

    def end(self, run_id: str, state: RunState, counts: Mapping[str, int], now: datetime, message: str = "") -> None:
        """Record how a run ended (or that its plan waits); the first end stands."""
        values = {"state": state.value, "counts": dict(counts), "alive_at": now, "ended_at": now, "message": message}
        self._update(run_id, _UNFINISHED, values)

    def listed(self, job: str = "", limit: int = 30) -> Sequence[Run]:
        """Runs, newest first."""
        statement = select(runs).order_by(runs.c.started_at.desc(), runs.c.run_id.desc()).limit(limit)
        if job:
            statement = statement.where(runs.c.job == job)
        return self._store.reading(lambda connection: [_run(row) for row in connection.execute(statement)])

    def _update(self, run_id: str, states: Sequence[str], values: Mapping[str, Any]) -> None:
        statement = update(runs).where(runs.c.run_id == run_id, runs.c.state.in_(states)).values(values)
        self._store.writing(lambda connection: connection.execute(statement))


def _row(run: Run) -> Mapping[str, Any]:
    return {
        "run_id": run.run_id,
        "job": run.job,
        "due_at": run.due_at,
        "state": run.state.value,
        "started_at": run.started_at,
        "alive_at": run.started_at,
        "ended_at": None,
        "counts": {},
        "message": "",
    }


def _run(row: Row[Any]) -> Run:
    return Run(
        row.run_id,
        row.job,
        row.due_at,
        RunState(row.state),
        row.started_at,
        row.ended_at,
        row.counts,
        row.message,
    )
