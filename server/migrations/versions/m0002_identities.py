"""Who may speak, where each log stands, what is published."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these tables."""
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("grant", sa.LargeBinary(), nullable=True),
        sa.Column("asked_ms", BIG, nullable=False),
        sa.Column("decided_ms", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_state"), "enrolment", ["state"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("serial", BIG, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("schools", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("known_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_certificate")),
        sa.UniqueConstraint("id", "serial", name=op.f("uq_certificate_id_serial")),
    )
    op.create_table(
        "revocation",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("last_seq", BIG, nullable=True),
        sa.Column("t_ms", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    op.create_table(
        "device",
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("inc", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("schools", sa.Text(), nullable=False),
        sa.Column("enrolled_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("dev", name=op.f("pk_device")),
    )
    op.create_table(
        "device_school",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.ForeignKeyConstraint(["dev"], ["device.dev"], name=op.f("fk_device_school_dev_device")),
        sa.PrimaryKeyConstraint("school", "dev", name=op.f("pk_device_school")),
    )
    op.create_table(
        "head",
        sa.Column("dev", sa.LargeBinary(16), nullable=False),
        sa.Column("inc", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("certificate", sa.LargeBinary(32), nullable=False),
        sa.Column("quarantined_ms", BIG, nullable=True),
        sa.Column("recv_ms", BIG, nullable=True),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("day_events", sa.Integer(), nullable=False),
        sa.Column("day_bytes", BIG, nullable=False),
        sa.Column("season_bytes", BIG, nullable=False),
        sa.Column("evidence_bytes", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificate.hash"], name=op.f("fk_head_certificate_certificate")
        ),
        sa.ForeignKeyConstraint(["dev"], ["device.dev"], name=op.f("fk_head_dev_device")),
        sa.PrimaryKeyConstraint("dev", "inc", name=op.f("pk_head")),
    )
    op.create_table(
        "reference",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(8), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_reference")),
    )
    op.create_table(
        "reference_file",
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_reference_file")),
    )
