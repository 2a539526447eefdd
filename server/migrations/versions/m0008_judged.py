"""How far verdicts have come: until now every entry had its own when it was acknowledged."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Say so of the entries that are here."""
    connection = op.get_bind()
    last = connection.execute(sa.text("SELECT max(log_index) FROM event")).scalar_one() or 0
    connection.execute(
        sa.text("INSERT INTO setting (name, value) VALUES ('judged', :value)"),
        {"value": last.to_bytes(8, "big")},
    )
