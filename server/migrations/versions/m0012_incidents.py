"""What machines reported as wrong with them (U-063)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "incident",
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("t_ms", BIG, nullable=False),
        sa.Column("recv_ms", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dev", "number", "t_ms", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_recv_ms"), "incident", ["recv_ms"])
