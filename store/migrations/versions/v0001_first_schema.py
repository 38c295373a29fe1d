"""The first schema: what the systems say, what is to be done, and who switched what.

Plain types on purpose: an instant is microseconds since 1970 (UTC), a sealed value is bytes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, those of cases first: others refer to them."""
    _cases()
    _bindings()
    _views()
    _agreements()
    _findings()
    _decisions()
    _quarantine()
    _cursors()
    _intents()
    _attempts()
    _work_items()
    _runs()
    _inbox()
    _modes()
    _bars()
    _changes()
    _known_keys()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("whole", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("avs", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("look_wanted_at", sa.BigInteger(), nullable=True),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )
    op.create_index("ix_cases_avs", "cases", ["avs"])
    op.create_index("ix_cases_look_wanted_at", "cases", ["look_wanted_at"])
    op.create_index("ix_cases_person", "cases", ["person"])


def _bindings() -> None:
    op.create_table(
        "bindings",
        sa.Column("binding_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_bindings_case_id_cases"),
        sa.PrimaryKeyConstraint("binding_id", name="pk_bindings"),
    )
    op.create_index("ix_bindings_person", "bindings", ["person"])
    op.create_index(
        "uq_bindings_open",
        "bindings",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _views() -> None:
    op.create_table(
        "views",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("whole", sa.LargeBinary(), nullable=False),
        sa.Column("sight", sa.String(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_views_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_views"),
    )


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_agreements_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "facet", name="pk_agreements"),
    )


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("treatment", sa.String(), nullable=False),
        sa.Column("sides", sa.LargeBinary(), nullable=False),
        sa.Column("proposed", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_findings_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "place", name="pk_findings"),
    )
    op.create_index("ix_findings_finding", "findings", ["finding"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("case_content", sa.LargeBinary(), nullable=False),
        sa.Column("view_content", sa.LargeBinary(), nullable=True),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_decisions_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_decisions"),
    )


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("system", "reference", name="pk_quarantine"),
    )


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_cursors"),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("intent_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("lane", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("effect", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("last_code", sa.String(), nullable=False),
        sa.Column("last_message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_intents_case_id_cases"),
        sa.PrimaryKeyConstraint("intent_id", name="pk_intents"),
        sa.UniqueConstraint("case_id", "target", "position", name="uq_intents_case_id_target_position"),
        sa.UniqueConstraint("key", name="uq_intents_key"),
    )
    op.create_index("ix_intents_created_at", "intents", ["created_at"])
    op.create_index("ix_intents_lane", "intents", ["lane", "position"])
    op.create_index(
        "ix_intents_open_due_at",
        "intents",
        ["due_at", "intent_id"],
        sqlite_where=sa.text("state IN ('ready', 'claimed', 'unknown')"),
        postgresql_where=sa.text("state IN ('ready', 'claimed', 'unknown')"),
    )
    op.create_index("ix_intents_run_id", "intents", ["run_id"])


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("intent_id", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["intent_id"], ["intents.intent_id"], name="fk_attempts_intent_id_intents"),
        sa.PrimaryKeyConstraint("intent_id", "token", name="pk_attempts"),
    )


def _work_items() -> None:
    op.create_table(
        "work_items",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("substance", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_work_items"),
    )
    op.create_index("ix_work_items_case_id", "work_items", ["case_id"])
    op.create_index("ix_work_items_state", "work_items", ["state", "due_on"])
    op.create_index(
        "uq_work_items_pending",
        "work_items",
        ["key"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'planned')"),
        postgresql_where=sa.text("state IN ('open', 'planned')"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("alive_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_runs"),
        sa.UniqueConstraint("job", "due_at", name="uq_runs_job_due_at"),
    )
    op.create_index(
        "uq_runs_running",
        "runs",
        ["job"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_case_id", "inbox", ["case_id", "kind", "received_at"])


def _modes() -> None:
    op.create_table(
        "modes",
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("facet", "target", name="pk_modes"),
    )


def _bars() -> None:
    op.create_table(
        "bars",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("halted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("target", "kind", "halted", name="pk_bars"),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("change_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name="pk_changes"),
    )
    op.create_index("ix_changes_about", "changes", ["about"])


def _known_keys() -> None:
    op.create_table(
        "known_keys",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("witness", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_known_keys"),
    )
