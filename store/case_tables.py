"""Tables of what the systems say: cases, bindings, views, agreements, findings, decisions, quarantine, cursors."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, text

from store.instants import Instant
from store.schema import SealedColumn, case_column, metadata

cases = Table(
    "cases",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("document", SealedColumn, nullable=False, doc="the case file as JSON"),
    Column("content", LargeBinary, nullable=False, doc="keyed hash of what a decision depends on"),
    Column("whole", LargeBinary, nullable=False, doc="keyed hash of the whole document, versions included"),
    Column("person", LargeBinary, doc="keyed hash of the personal number that the CII software tells"),
    Column("avs", LargeBinary, doc="keyed hash of the AVS number that the CII software tells"),
    Column("read_at", Instant, nullable=False, doc="when the content was asked for, or settled by a write of ours"),
    Column("look_wanted_at", Instant, doc="set when the registry is to be asked again, until it was"),
    Column("first_seen_at", Instant, nullable=False),
    Column("run_id", String, nullable=False, doc="the run that wrote the row last; empty outside of runs"),
)
Index("ix_cases_person", cases.c.person)
Index("ix_cases_avs", cases.c.avs)
Index("ix_cases_look_wanted_at", cases.c.look_wanted_at)

bindings = Table(
    "bindings",
    metadata,
    Column("binding_id", String, primary_key=True),
    case_column(),
    Column("number", SealedColumn, nullable=False, doc="the personal number"),
    Column("person", LargeBinary, nullable=False, doc="keyed hash of the personal number"),
    Column("bound_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
Index("ix_bindings_person", bindings.c.person)
_OPEN_BINDING = text("ended_at IS NULL")
Index(
    "uq_bindings_open",
    bindings.c.case_id,
    unique=True,
    sqlite_where=_OPEN_BINDING,
    postgresql_where=_OPEN_BINDING,
)

views = Table(
    "views",
    metadata,
    case_column(primary_key=True),
    Column("document", SealedColumn, nullable=False, doc="the registry's view as JSON"),
    Column("content", LargeBinary, nullable=False),
    Column("whole", LargeBinary, nullable=False),
    Column("sight", String, nullable=False, doc="how the look-up ended, a word of domain.registrations.Sight"),
    Column("read_at", Instant, nullable=False),
    Column("run_id", String, nullable=False),
)

agreements = Table(
    "agreements",
    metadata,
    case_column(primary_key=True),
    Column("facet", String, primary_key=True),
    Column("value", SealedColumn, nullable=False),
    Column("content", LargeBinary, nullable=False, doc="keyed hash of the value"),
    Column("revision", Integer, nullable=False),
    Column("agreed_at", Instant, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    case_column(primary_key=True),
    Column("place", Integer, primary_key=True, doc="order within the decision: a facet can be found about twice"),
    Column("facet", String, nullable=False),
    Column("finding", String, nullable=False),
    Column("treatment", String, nullable=False),
    Column("sides", SealedColumn, nullable=False, doc="what both sides say"),
    Column("proposed", String),
    Column("active", Boolean, nullable=False),
    Column("why", String, nullable=False),
    Column("since", Instant, nullable=False, doc="when this finding was first made of this facet"),
    Column("run_id", String, nullable=False),
)
Index("ix_findings_finding", findings.c.finding)

decisions = Table(
    "decisions",
    metadata,
    case_column(primary_key=True),
    Column("case_content", LargeBinary, nullable=False, doc="hash of the case that was decided on"),
    Column("view_content", LargeBinary, doc="hash of the view that was decided on"),
    Column("rules", String, nullable=False),
    Column("recheck_on", Date),
    Column("decided_at", Instant, nullable=False),
    Column("run_id", String, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("system", String, primary_key=True),
    Column("reference", String, primary_key=True),
    Column("path", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("raw", SealedColumn, nullable=False, doc="the record as it came, for support"),
    Column("content", LargeBinary, nullable=False, doc="keyed hash of the record"),
    Column("since", Instant, nullable=False),
    Column("run_id", String, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("source", String, primary_key=True),
    Column("position", String, nullable=False),
    Column("moved_at", Instant, nullable=False),
)
