"""The county's review, the control list, and what a freeze took from the first."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create these; earlier freezes knew no county's review, which none required."""
    op.create_table(
        "county_review",
        sa.Column("eh", sa.LargeBinary(32), nullable=False),
        sa.Column("app", sa.LargeBinary(16), nullable=False),
        sa.Column("claim", sa.LargeBinary(32), nullable=False),
        sa.Column("decisions", sa.LargeBinary(), nullable=False),
        sa.Column("earlier", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=False),
        sa.Column("log_index", BIG, nullable=False),
        sa.Column("t_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("eh", name=op.f("pk_county_review")),
    )
    for name in ("app", "number"):
        op.create_index(op.f(f"ix_county_review_{name}"), "county_review", [name], unique=False)
    op.create_table(
        "barred",
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("import_batch", BIG, nullable=False),
        sa.PrimaryKeyConstraint("person", "ground", "since", name=op.f("pk_barred")),
        sa.ForeignKeyConstraint(
            ["import_batch"], ["import_batch.id"], name=op.f("fk_barred_import_batch_import_batch")
        ),
    )
    op.add_column(
        "freeze",
        sa.Column("county_rule", sa.Text(), server_default="optional", nullable=False),
    )
    op.add_column("freeze_entry", sa.Column("county", sa.LargeBinary(32), nullable=True))
