"""The views, which are folds of the log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these tables."""
    op.create_table(
        "verdict",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("verdict", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("waits_for", sa.LargeBinary(16), nullable=True),
        sa.Column("teacher", sa.LargeBinary(16), nullable=True),
        sa.Column("officer", sa.LargeBinary(16), nullable=True),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_waits_for"), "verdict", ["waits_for"], unique=False)
    op.create_table(
        "roster",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("teacher", sa.LargeBinary(16), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("national_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("birth", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=True),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_roster")),
    )
    op.create_index(op.f("ix_roster_school"), "roster", ["school"], unique=False)
    op.create_index(op.f("ix_roster_teacher"), "roster", ["teacher"], unique=False)
    op.create_table(
        "revision",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("app", sa.LargeBinary(16), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("parents", sa.LargeBinary(), nullable=False),
        sa.Column("claim", sa.LargeBinary(32), nullable=True),
        sa.Column("wishes", sa.LargeBinary(32), nullable=True),
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("inc", sa.Integer(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("claimed_ms", BIG, nullable=False),
        sa.Column("recv_ms", BIG, nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("teacher", sa.LargeBinary(16), nullable=True),
        sa.Column("national_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("county_a", sa.Text(), nullable=True),
        sa.Column("county_b", sa.Text(), nullable=True),
        sa.Column("wish_count", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_app"), "revision", ["app"], unique=False)
    op.create_table(
        "decision",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("app", sa.LargeBinary(16), nullable=False),
        sa.Column("revision", sa.LargeBinary(32), nullable=False),
        sa.Column("claim", sa.LargeBinary(32), nullable=False),
        sa.Column("earlier", sa.LargeBinary(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=True),
        sa.Column("claimed_ms", BIG, nullable=False),
        sa.Column("recv_ms", BIG, nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("points_a", sa.Integer(), nullable=True),
        sa.Column("points_b", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_app"), "decision", ["app"], unique=False)
    op.create_table(
        "application",
        sa.Column("app", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("heads", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.LargeBinary(32), nullable=True),
        sa.Column("version", BIG, nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("decision", sa.LargeBinary(32), nullable=True),
        sa.Column("points_a", sa.Integer(), nullable=True),
        sa.Column("points_b", sa.Integer(), nullable=True),
        sa.Column("teacher", sa.LargeBinary(16), nullable=True),
        sa.Column("national_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("county_a", sa.Text(), nullable=True),
        sa.Column("county_b", sa.Text(), nullable=True),
        sa.Column("wish_count", sa.Integer(), nullable=True),
        sa.Column("flag", sa.Text(), nullable=True),
        sa.Column("recv_ms", BIG, nullable=True),
        sa.PrimaryKeyConstraint("app", name=op.f("pk_application")),
    )
    op.create_index(op.f("ix_application_school"), "application", ["school"], unique=False)
