"""The steps of the schema lead to the tables the code works with, on either database."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from server.store import notify_tables, season_tables, tables
from server.store.database import open_store
from server.store.migrate import current_revision, migrate, scripts
from server.store.settings import read_epoch


def test_the_steps_lead_to_exactly_the_tables_of_the_code(store):
    assert season_tables.metadata is notify_tables.metadata is tables.metadata
    with store.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, tables.metadata) == []


def test_taking_the_steps_twice_changes_nothing(blank_database_url):
    store = open_store(blank_database_url)
    assert current_revision(store) is None
    first = migrate(store)
    with store.reading() as connection:
        epoch = read_epoch(connection)

    second = migrate(store)

    with store.reading() as connection:
        assert read_epoch(connection) == epoch
    assert (first[-1], second) == (current_revision(store), ())
    store.close()


def test_the_steps_form_one_line():
    directory = scripts()

    assert len(directory.get_heads()) == 1
    assert [step.revision for step in directory.walk_revisions()][-1] == "0001"


def test_every_constraint_has_a_name_of_the_convention(store):
    with store.reading() as connection:
        inspector = inspect(connection)
        names = [
            each["name"]
            for table in tables.metadata.tables
            for each in (*inspector.get_unique_constraints(table), *inspector.get_indexes(table))
        ]

    assert all(name and name.startswith(("uq_", "ix_")) for name in names)
