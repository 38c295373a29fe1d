"""Tables of what is to be done: intents, attempts, work items, runs, inbox, modes, bars, their log, and known keys."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from store.instants import Instant
from store.schema import SealedColumn, case_column, metadata

INTENT_OPEN = "intents.state IN ('ready', 'claimed', 'unknown')"
"""``domain.intents.OPEN`` as SQL, letter for letter in index and query: only so does SQLite use the partial index."""

intents = Table(
    "intents",
    metadata,
    Column("intent_id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("target", String, nullable=False),
    Column("facet", String, nullable=False),
    case_column(),
    Column("lane", LargeBinary, nullable=False, doc="keyed hash of case, target and, of a mail, its recipient"),
    Column("position", Integer, nullable=False, doc="place within case and target"),
    Column("basis", String, nullable=False),
    Column("why", String, nullable=False),
    Column("effect", SealedColumn, nullable=False, doc="payload, and the value that it settles"),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, doc="tries since it was offered, without the halted ones"),
    Column("due_at", Instant, nullable=False),
    Column("token", Integer, nullable=False, doc="rises with each claim"),
    Column("lease_until", Instant),
    Column("doubt", Boolean, nullable=False, doc="an attempt may have taken effect: look before anything else"),
    Column("held", Boolean, nullable=False, doc="nobody can look: waits for a person's answer"),
    Column("created_at", Instant, nullable=False),
    Column("run_id", String, nullable=False),
    Column("last_code", String, nullable=False),
    Column("last_message", String, nullable=False),
    Column("last_family", String, nullable=False, server_default=text("''"), doc="of the error; empty without one"),
    UniqueConstraint("key"),
    UniqueConstraint("case_id", "target", "position"),
)
Index("ix_intents_lane", intents.c.lane, intents.c.position)
Index("ix_intents_run_id", intents.c.run_id)
Index("ix_intents_created_at", intents.c.created_at)
Index(
    "ix_intents_open_due_at",
    intents.c.due_at,
    intents.c.intent_id,
    sqlite_where=text(INTENT_OPEN.removeprefix("intents.")),
    postgresql_where=text(INTENT_OPEN.removeprefix("intents.")),
)

guards = Table(
    "guards",
    metadata,
    Column("target", String, primary_key=True),
    Column("failures", Integer, nullable=False, doc="in a row, without an answer"),
    Column("probes", Integer, nullable=False, doc="that failed since it is shut"),
    Column("shut_at", Instant),
    Column("shut_until", Instant),
    Column("window_from", Instant, doc="start of the second in which calls are counted"),
    Column("window_calls", Integer, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("intent_id", String, ForeignKey("intents.intent_id"), primary_key=True),
    Column("token", Integer, primary_key=True, doc="of the claim; also the number that people see"),
    Column("worker", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String),
    Column("code", String, nullable=False),
    Column("message", String, nullable=False),
    Column("proof", SealedColumn, doc="what shows that the effect is there"),
)

work_items = Table(
    "work_items",
    metadata,
    Column("item_id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("role", String, nullable=False),
    Column("case_id", String),
    Column("due_on", Date, nullable=False),
    Column("substance", SealedColumn, nullable=False, doc="what it is about, and the values that it shows"),
    Column("state", String, nullable=False),
    Column("decided", Boolean, nullable=False, doc="born of a decision, which may take it back"),
    Column("opened_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("end_reason", String, nullable=False),
    Column("ended_by", String, nullable=False),
    Column("run_id", String, nullable=False),
)
_PENDING = text("state IN ('open', 'planned')")
Index("uq_work_items_pending", work_items.c.key, unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING)
Index("ix_work_items_case_id", work_items.c.case_id)
Index("ix_work_items_state", work_items.c.state, work_items.c.due_on)

runs = Table(
    "runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("job", String, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("alive_at", Instant, nullable=False, doc="last sign of life"),
    Column("ended_at", Instant),
    Column("counts", JSON, nullable=False),
    Column("message", String, nullable=False),
    UniqueConstraint("job", "due_at"),
)
_RUNNING = text("state = 'running'")
Index("uq_runs_running", runs.c.job, unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING)

inbox = Table(
    "inbox",
    metadata,
    Column("message_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("case_id", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("answer", SealedColumn),
    Column("answered_at", Instant),
)
Index("ix_inbox_case_id", inbox.c.case_id, inbox.c.kind, inbox.c.received_at)

modes = Table(
    "modes",
    metadata,
    Column("facet", String, primary_key=True),
    Column("target", String, primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("since", Date),
)

bars = Table(
    "bars",
    metadata,
    Column("target", String, primary_key=True, doc="empty: every target"),
    Column("kind", String, primary_key=True, doc="empty: every kind"),
    Column("halted", Boolean, primary_key=True),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("since", Instant, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("change_id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("what", String, nullable=False, doc="mode, pause, resume, halt, retry, close"),
    Column("about", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
)
Index("ix_changes_about", changes.c.about)

known_keys = Table(
    "known_keys",
    metadata,
    Column("key_id", String, primary_key=True),
    Column("purpose", String, nullable=False),
    Column("witness", LargeBinary, nullable=False, doc="recognises the key, and tells nothing else of it"),
    Column("since", Instant, nullable=False),
)
