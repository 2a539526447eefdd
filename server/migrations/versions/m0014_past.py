"""What came of schools' seats in earlier years, for those who publish it (U-019)."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "past_result",
        sa.Column("season", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("vacancies", sa.Integer(), nullable=False),
        sa.Column("applicants", sa.Integer(), nullable=True),
        sa.Column("moved", sa.Integer(), nullable=True),
        sa.Column("lowest", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("import_batch", BIG, nullable=True),
        sa.PrimaryKeyConstraint("season", "school", "subject", name=op.f("pk_past_result")),
        sa.ForeignKeyConstraint(
            ["import_batch"],
            ["import_batch.id"],
            name=op.f("fk_past_result_import_batch_import_batch"),
        ),
    )
