"""What staff enter and decide: lists, accounts, audit, freeze, runs."""

import sqlalchemy as sa
from alembic import op

from server.store.dialect import forbid_change

revision = "0004"
down_revision = "0003"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these tables."""
    op.create_table(
        "account",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("locked_until_ms", BIG, nullable=False),
        sa.Column("created_ms", BIG, nullable=False),
        sa.Column("disabled_ms", BIG, nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_account")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("t_ms", BIG, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "freeze",
        sa.Column("id", BIG, nullable=False),
        sa.Column("season", sa.Text(), nullable=False),
        sa.Column("frozen_ms", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("log_index", BIG, nullable=False),
        sa.Column("input_root", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freeze")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("applied_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "phase",
        sa.Column("season", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opens_ms", BIG, nullable=False),
        sa.Column("closes_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("season", "name", name=op.f("pk_phase")),
    )
    op.create_table(
        "console_session",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("created_ms", BIG, nullable=False),
        sa.Column("seen_ms", BIG, nullable=False),
        sa.Column("ends_ms", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["account.login"], name=op.f("fk_console_session_account_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_session")),
    )
    op.create_table(
        "freeze_entry",
        sa.Column("freeze", BIG, nullable=False),
        sa.Column("app", sa.LargeBinary(16), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("revision", sa.LargeBinary(32), nullable=True),
        sa.Column("decision", sa.LargeBinary(32), nullable=True),
        sa.Column("included", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("lot", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["freeze"], ["freeze.id"], name=op.f("fk_freeze_entry_freeze_freeze")
        ),
        sa.PrimaryKeyConstraint("freeze", "app", name=op.f("pk_freeze_entry")),
    )
    op.create_table(
        "problem",
        sa.Column("freeze", BIG, nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["freeze"], ["freeze.id"], name=op.f("fk_problem_freeze_freeze")),
        sa.PrimaryKeyConstraint("freeze", "stage", name=op.f("pk_problem")),
    )
    op.create_table(
        "run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("freeze", BIG, nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("started_ms", BIG, nullable=False),
        sa.Column("ended_ms", BIG, nullable=True),
        sa.Column("placement_sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("trace_sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("placement", sa.LargeBinary(), nullable=True),
        sa.Column("trace", sa.LargeBinary(), nullable=True),
        sa.Column("explanations", sa.LargeBinary(), nullable=True),
        sa.Column("check_ok", sa.Boolean(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["freeze"], ["freeze.id"], name=op.f("fk_run_freeze_freeze")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("township", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("delegated", sa.Boolean(), nullable=False),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.Column("import_batch", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["import_batch"], ["import_batch.id"], name=op.f("fk_school_import_batch_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", "stage", name=op.f("pk_school")),
    )
    op.create_index(op.f("ix_school_county"), "school", ["county"], unique=False)
    op.create_table(
        "vacancy",
        sa.Column("season", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("refill", sa.Boolean(), nullable=False),
        sa.Column("import_batch", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["import_batch"], ["import_batch.id"], name=op.f("fk_vacancy_import_batch_import_batch")
        ),
        sa.PrimaryKeyConstraint("season", "school", "subject", name=op.f("pk_vacancy")),
    )
    op.create_table(
        "publication",
        sa.Column("freeze", BIG, nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("run", BIG, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("t_ms", BIG, nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["freeze"], ["freeze.id"], name=op.f("fk_publication_freeze_freeze")
        ),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_publication_run_run")),
        sa.PrimaryKeyConstraint("freeze", "stage", name=op.f("pk_publication")),
    )
    op.create_table(
        "run_approval",
        sa.Column("run", BIG, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("t_ms", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["account.login"], name=op.f("fk_run_approval_account_account")
        ),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_run_approval_run_run")),
        sa.PrimaryKeyConstraint("run", "account", name=op.f("pk_run_approval")),
    )
    for table in ("audit",):
        forbid_change(op.get_bind(), table)
