"""Entries of an earlier incarnation, under their own names."""

import sqlalchemy as sa
from alembic import op

from server.store.dialect import forbid_change

revision = "0007"
down_revision = "0006"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create this table, append-only."""
    op.create_table(
        "refiled",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("log_index", BIG, nullable=False),
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("inc", sa.Integer(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_refiled")),
        sa.UniqueConstraint("log_index", name=op.f("uq_refiled_log_index")),
    )
    forbid_change(op.get_bind(), "refiled")
