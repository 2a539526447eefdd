"""Takes the steps a store's file still lacks, and notes them in the file, with sqlite-utils."""

import sys
from collections.abc import Callable, Mapping

# First: it registers the engine under the name that library looks for.
from syncd.store.driver import Connection

# That library looks for these two to know their numbers as types of columns. Nothing here has such
# numbers, and loading them takes as long as all the rest.
_UNWANTED = {"numpy", "pandas"} - sys.modules.keys()
sys.modules |= dict.fromkeys(_UNWANTED)  # type: ignore[arg-type] # None: is not there

from sqlite_utils import Database, Migrations  # noqa: E402

for _name in _UNWANTED:
    del sys.modules[_name]


def take(steps: Mapping[str, tuple[str, ...]], connection: Connection) -> None:
    """Take those steps that are pending, in order, in the caller's transaction."""
    migrations = Migrations("store")
    for name, statements in steps.items():
        migrations(name=name)(_step(statements))
    migrations.apply(Database(connection.raw, execute_plugins=False))


def _step(statements: tuple[str, ...]) -> Callable[[Database], None]:
    def step(database: Database) -> None:
        # One by one: as a script they would commit the transaction all steps share.
        for statement in statements:
            database.conn.execute(statement)

    return step
