"""The control list (管制名單): who stands on it, and telling the machines of their schools.

Persons are keyed hashes here, so that an export or a log of the list names nobody; the key lies in
the same database, which holds national numbers anyway. Standing on it refuses nothing: it is a flag
for people (UX W07).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Connection, select

from core.rules.barred import Ground, load_grounds
from core.sealing import keyed_id
from core.wire.kind import BarredNotice
from core.wire.payload import BarredPayload
from server.inbox import Notice, fresh_salt, machines_at
from server.lists import day_of, read_table
from server.own import own_wire
from server.store.season_tables import barred
from server.store.settings import read_setting
from server.store.tables import roster

LIST_KEY = "control_list_key"
LIST_KEY_BYTES = 32
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Why somebody is on the list, from which day on, and the first day she is not."""

    ground: Ground
    since: date
    until: date | None
    county: str


@cache
def grounds() -> tuple[Ground, ...]:
    """The grounds of the package."""
    return load_grounds(read_table("barred.toml"))


def person_of(key: bytes, national_id: str) -> bytes:
    """What stands for a person on the list."""
    return keyed_id(key, "barred", national_id)


def find_bars(connection: Connection, people: Iterable[str], on: date) -> Mapping[str, Bar]:
    """Who of these national numbers is barred that day, each by what ends last."""
    key = read_setting(connection, LIST_KEY)
    if key is None:  # no list was ever taken in
        return {}
    names = {person_of(key, each): each for each in people}
    wanted = sorted(names)
    known = {each.code: each for each in grounds()}
    found: dict[str, Bar] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(barred).where(barred.c.person.in_(wanted[start : start + AT_ONCE]))
        )
        for row in rows:
            bar = Bar(
                ground=known[row.ground],
                since=date.fromisoformat(row.since),
                until=date.fromisoformat(row.until) if row.until else None,
                county=row.county,
            )
            name = names[row.person]
            if _holds(bar, on) and _rank(bar) > _rank(found.get(name)):
                found[name] = bar
    return found


def notices_of(connection: Connection, people: Iterable[str], now_ms: int) -> Iterator[Notice]:
    """What machines are to be told of those of these people whom a school has registered.

    ``people`` are national numbers. Who is not on the list is said to be off it.
    """
    wanted = sorted(set(people))
    bars = find_bars(connection, wanted, day_of(now_ms))
    for start in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(roster.c.teacher, roster.c.national_id, roster.c.school)
            .where(roster.c.national_id.in_(wanted[start : start + AT_ONCE]), roster.c.valid)
            .order_by(roster.c.teacher, roster.c.school)
        ).all()
        serving: dict[str, list[bytes]] = {}
        for school, dev in machines_at(connection, {row.school for row in rows}):
            serving.setdefault(school, []).append(dev)
        told = {
            (dev, row.teacher): row.national_id
            for row in rows
            for dev in serving.get(row.school, ())
        }
        for (dev, teacher), person in sorted(told.items()):
            yield notice_of(dev, teacher, bars.get(person))


def notice_of(dev: bytes, teacher: bytes, bar: Bar | None) -> Notice:
    """One machine told of one teacher."""
    payload = BarredPayload(
        salt=fresh_salt(),
        clause=None if bar is None else bar.ground.clause,
        since=None if bar is None else bar.since.isoformat(),
        until=None if bar is None or bar.until is None else bar.until.isoformat(),
    )
    return Notice(
        dev=dev, kind="inbox.barred", body=BarredNotice(teacher=teacher), content=own_wire(payload)
    )


def _holds(bar: Bar, on: date) -> bool:
    return bar.since <= on and (bar.until is None or on < bar.until)


def _rank(bar: Bar | None) -> date:
    """The later it ends, the more it weighs; nothing weighs nothing."""
    if bar is None:
        return date.min
    return bar.until or date.max
