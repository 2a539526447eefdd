"""Backups and what they hold, erasing after a season, going on after a restore, trust's past."""

import sqlalchemy as sa
from alembic import op

from server.store.dialect import allow_change, forbid_change, forbid_change_but_erasing

revision = "0005"
down_revision = "0004"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these tables; let content become null, and nothing else."""
    op.create_table(
        "backup",
        sa.Column("id", BIG, nullable=False),
        sa.Column("made_ms", BIG, nullable=False),
        sa.Column("verified_ms", BIG, nullable=False),
        sa.Column("last_index", BIG, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("bytes", BIG, nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_table(
        "resumption",
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("dev", name=op.f("pk_resumption")),
    )
    op.create_table(
        "deferred_notice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferred_notice")),
    )
    op.create_index(op.f("ix_deferred_notice_dev"), "deferred_notice", ["dev"])
    op.create_table(
        "trust",
        sa.Column("v", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("v", name=op.f("pk_trust")),
    )
    op.add_column("head", sa.Column("durable", BIG, server_default="0", nullable=False))
    forbid_change(op.get_bind(), "backup")
    allow_change(op.get_bind(), "evidence")
    for table, kept in (
        ("payload", ("eh",)),
        ("evidence", ("id", "dev", "inc", "recv_ms", "reason", "sha256")),
    ):
        with op.batch_alter_table(table) as altered:
            altered.alter_column("data", existing_type=sa.LargeBinary(), nullable=True)
        forbid_change_but_erasing(op.get_bind(), table, "data", kept)
