"""The first schema."""

from alembic import op

from server.store import season_tables, tables
from server.store.dialect import forbid_change

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    connection = op.get_bind()
    tables.metadata.create_all(connection)
    for table in (*tables.APPEND_ONLY, season_tables.audit):
        forbid_change(connection, table.name)
