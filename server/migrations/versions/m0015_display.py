"""Display settings are kept with the person and used at every kiosk of her schools (UX K12)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "display",
        sa.Column("teacher", sa.LargeBinary(), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("kept_ms", BIG, nullable=False),
        sa.PrimaryKeyConstraint("teacher", name=op.f("pk_display")),
    )
