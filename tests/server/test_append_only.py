"""The database itself refuses to change the log (PROTOCOL 6, DESIGN promise 1)."""

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from server.store import season_tables, tables
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher

OTHER = {bytes: b"another value", int: 77, str: "another value"}
GUARDED = [*tables.APPEND_ONLY, season_tables.audit]


async def filled(server, centre):
    """One row at least in every table of the log."""
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.register(teacher, officer)
    device.revise(teacher)
    clone = device.branch(1)
    clone.add_boot()
    await server.send(device)
    await server.upload(clone, clone.batch())

    def note(connection):
        connection.execute(
            season_tables.audit.insert().values(
                t_ms=NOON_MS, account="system", code="test", target="x"
            )
        )
        connection.execute(
            tables.refiled.insert().values(
                eh=b"e" * 32,
                log_index=1,
                dev=device.id,
                inc=1,
                seq=1,
                kind="boot",
                frame=b"f",
            )
        )
        connection.execute(
            tables.backup.insert().values(
                made_ms=1, verified_ms=2, last_index=0, file="x", bytes=3, checkpoint=b"y"
            )
        )

    await server.context.store.write(note)


def attempt(server, statement):
    with pytest.raises(DBAPIError, match="append only"), server.context.store.writing() as c:
        c.execute(statement)


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.name)
async def test_no_row_of_the_log_can_be_changed_or_removed(server, centre, table):
    await filled(server, centre)
    before = await server.rows(table)
    column = next(column for column in table.columns if not column.primary_key)

    attempt(server, update(table).values({column: column}))
    attempt(server, delete(table))
    if server.context.store.engine.dialect.name == "postgresql":
        attempt(server, text(f"TRUNCATE {table.name} CASCADE"))
    else:
        again = insert(table).prefix_with("OR REPLACE").from_select(table.columns, select(table))
        attempt(server, again)

    assert before
    assert await server.rows(table) == before


@pytest.mark.parametrize("table", [tables.payload, tables.evidence], ids=lambda table: table.name)
async def test_content_may_be_erased_and_nothing_else_with_it(server, centre, table):
    """DESIGN D3: the duty to erase; what is left still names what stood there."""
    await filled(server, centre)
    before = await server.rows(table)
    others = [column for column in table.columns if column.name != "data"]

    for column in others:
        other = OTHER[type(before[0][column.name])]
        attempt(server, update(table).values({column.name: other}))
        attempt(server, update(table).values({"data": None, column.name: other}))
    attempt(server, update(table).values(data=b"other content"))
    with server.context.store.writing() as connection:
        connection.execute(update(table).values(data=None))
    attempt(server, update(table).values(data=b"back again"))
    attempt(server, delete(table))

    after = await server.rows(table)
    assert [row | {"data": None} for row in before] == after
