"""Display settings (F2) of teachers: the newest of each, and telling the machines of her schools.

What they say is the kiosks' business; here they are bytes. A kiosk hears of a teacher only if one
of its schools registered her (ADR 0046).
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete, select

from core.sealing import SigningKey
from core.wire.kind import DisplayNotice
from core.wire.payload import DisplayPayload
from server.inbox import Notice, append_notices, fresh_salt, machines_at
from server.own import own_wire
from server.store import dialect
from server.store.notify_tables import display
from server.store.tables import roster


def keep_display(
    connection: Connection, teacher: bytes, settings: bytes, now_ms: int, key: SigningKey
) -> None:
    """These, in place of the ones before; every machine of hers is told, so that all agree.

    The machine they come from is told, too: what each hears last is the same. ``key`` is the
    receipt key.
    """
    connection.execute(delete(display).where(display.c.teacher == teacher))
    row = {"teacher": teacher, "settings": settings, "kept_ms": now_ms}
    dialect.insert_many(connection, display, [row])
    append_notices(connection, list(display_notices(connection, {teacher})), now_ms, key)


def display_notices(connection: Connection, teachers: Iterable[bytes]) -> Iterator[Notice]:
    """What the machines of these teachers' schools are to be told of those who chose something."""
    rows = connection.execute(
        select(display.c.teacher, display.c.settings, roster.c.school)
        .join(roster, roster.c.teacher == display.c.teacher)
        .where(display.c.teacher.in_(sorted(set(teachers))), roster.c.valid)
    ).all()
    serving = machines_at(connection, {row.school for row in rows})
    told = {
        (dev, row.teacher): row.settings
        for row in rows
        for school, dev in serving
        if school == row.school
    }
    for (dev, teacher), settings in sorted(told.items()):
        payload = DisplayPayload(salt=fresh_salt(), settings=settings)
        yield Notice(
            dev=dev,
            kind="inbox.display",
            body=DisplayNotice(teacher=teacher),
            content=own_wire(payload),
        )
