"""What is told to people outside: notifications, errands of the machines, links to LINE."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these tables."""
    op.create_table(
        "notification",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("app", sa.LargeBinary(16), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("t_ms", BIG, nullable=False),
        sa.Column("due_ms", BIG, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("done_ms", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index(
        "ix_notification_state_channel_due_ms", "notification", ["state", "channel", "due_ms"]
    )
    op.create_table(
        "errand",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("teacher", sa.LargeBinary(16), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("t_ms", BIG, nullable=False),
        sa.Column("used_ms", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    for column in ("dev", "teacher", "address_hash", "token_hash"):
        op.create_index(op.f(f"ix_errand_{column}"), "errand", [column])
    op.create_table(
        "line_link",
        sa.Column("teacher", sa.LargeBinary(16), nullable=False),
        sa.Column("user_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("linked_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("teacher", name=op.f("pk_line_link")),
    )
    op.create_index(op.f("ix_line_link_user_hash"), "line_link", ["user_hash"])
