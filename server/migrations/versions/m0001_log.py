"""The log, append only, and the personal content that lies beside it."""

import sqlalchemy as sa
from alembic import op

from server.store.dialect import forbid_change

revision = "0001"
down_revision = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these tables."""
    op.create_table(
        "event",
        sa.Column("log_index", BIG, autoincrement=False, nullable=False),
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("inc", sa.Integer(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recv_ms", BIG, nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log_index", name=op.f("pk_event")),
        sa.UniqueConstraint("dev", "inc", "seq", name=op.f("uq_event_dev_inc_seq")),
        sa.UniqueConstraint("eh", name=op.f("uq_event_eh")),
    )
    op.create_table(
        "receipt",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("log_index", BIG, nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_receipt")),
    )
    op.create_table(
        "inbox",
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sent_ms", BIG, nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("dev", "seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("eh", name=op.f("uq_inbox_eh")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("inc", sa.Integer(), nullable=False),
        sa.Column("recv_ms", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("dev", "sha256", name=op.f("uq_evidence_dev_sha256")),
    )
    op.create_table(
        "payload",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_payload")),
    )
    for table in ("event", "receipt", "inbox", "evidence"):
        forbid_change(op.get_bind(), table)
