"""Bring a database to the schema of this version, in one transaction."""

import secrets

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from server.store.database import Store
from server.store.settings import ensure_epoch

HEAD = "head"


def scripts() -> ScriptDirectory:
    """The steps, from the empty database to this version."""
    config = Config()
    config.set_main_option("script_location", "server:migrations")
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def current_revision(store: Store) -> str | None:
    """The schema a database has; None when it is empty."""
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(store: Store) -> tuple[str, ...]:
    """Take the steps that are missing; their names. A new database gets its epoch."""
    directory = scripts()
    with store.writing() as connection:
        context = MigrationContext.configure(connection)
        missing = list(directory.iterate_revisions(HEAD, context.get_current_revision()))
        with Operations.context(context):
            for step in reversed(missing):
                step.module.upgrade()
                context.stamp(directory, step.revision)
        ensure_epoch(connection, secrets.token_bytes)
    return tuple(step.revision for step in reversed(missing))
