"""Witnessed heads, officers' rulings, and the rules a freeze was made by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these views; earlier freezes were made by the rules that are the default."""
    op.create_table(
        "witness",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("dev", sa.LargeBinary(16), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("t_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_witness")),
    )
    op.create_index(op.f("ix_witness_head"), "witness", ["head"], unique=False)
    op.create_table(
        "vote",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("entry", sa.LargeBinary(32), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=False),
        sa.Column("log_index", BIG, nullable=False),
        sa.Column("t_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_entry"), "vote", ["entry"], unique=False)
    for name, default in (("conflict_rule", "three-steps"), ("doubtful_rule", "block")):
        op.add_column("freeze", sa.Column(name, sa.Text(), server_default=default, nullable=False))
