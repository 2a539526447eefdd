"""Since when a notice is laid by for a silent machine: its content goes with its season."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Those that are here were laid by when the newest entry had come, at the latest."""
    op.add_column("deferred_notice", sa.Column("t_ms", BIG, server_default="0", nullable=False))
    op.get_bind().execute(
        sa.text("UPDATE deferred_notice SET t_ms = (SELECT coalesce(max(recv_ms), 0) FROM event)")
    )
