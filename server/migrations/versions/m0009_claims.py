"""Which entries evidence shows, by number."""

import sqlalchemy as sa
from alembic import op

from server.store.dialect import forbid_change

revision = "0009"
down_revision = "0008"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create this table, append-only."""
    op.create_table(
        "claim",
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("inc", sa.Integer(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("recv_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("dev", "inc", "seq", "eh", name=op.f("pk_claim")),
    )
    forbid_change(op.get_bind(), "claim")
