"""Cards as the second factor of console accounts (ADR 0035)."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these tables."""
    op.create_table(
        "account_card",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("verifier", sa.LargeBinary(32), nullable=False),
        sa.Column("bound_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_card")),
        sa.ForeignKeyConstraint(
            ["account"], ["account.login"], name=op.f("fk_account_card_account_account")
        ),
    )
    op.create_table(
        "card_code",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("issued_ms", BIG, nullable=False),
        sa.Column("ends_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_card_code")),
        sa.ForeignKeyConstraint(
            ["account"], ["account.login"], name=op.f("fk_card_code_account_account")
        ),
    )
    op.create_table(
        "half_way",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("challenge", sa.LargeBinary(32), nullable=True),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("ends_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_half_way")),
        sa.UniqueConstraint("id", name=op.f("uq_half_way_id")),
        sa.ForeignKeyConstraint(
            ["account"], ["account.login"], name=op.f("fk_half_way_account_account")
        ),
    )
