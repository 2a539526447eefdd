"""封箱碼 as staff hear of them: entering one, and how each was matched against the logs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from sqlalchemy import Connection

from core.season.seal_code import Misheard, decode_seal_code, seal_code
from server.console.fleet import read_fleet
from server.console.layout import Crumb
from server.console.visit import Visit
from server.season.text import misheard
from server.season.witness import BY_STAFF, Left, Sighting, Way, leave_witness, read_sightings
from server.terminal import RefusedError

DEVICE_BYTES = 16
NOTE_AT_LEAST = 2
NOTE_AT_MOST = 200
CRUMBS = (Crumb("總覽", "/"), Crumb("封箱碼"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A machine to choose from."""

    dev: bytes
    name: str
    school: str


async def list_witnesses(visit: Visit) -> web.StreamResponse:
    """What was entered, and what became of it."""
    return await _page(visit)


async def enter_code(visit: Visit) -> web.StreamResponse:
    """A code that somebody read out, typed in; what is wrong with it is said by its group."""
    typed, note = await visit.field("code"), (await visit.field("note"))[:NOTE_AT_MOST]
    way, machine = await visit.field("way"), await visit.field("machine")
    told = decode_seal_code(typed)
    if isinstance(told, Misheard):
        return await _page(
            visit, problem=misheard(told.groups), typed=typed, note=note, chosen=machine
        )
    if len(note) < NOTE_AT_LEAST:
        return await _page(
            visit, problem="請填寫是誰告知的。", typed=typed, note=note, chosen=machine
        )
    device_id = bytes.fromhex(machine) if _is_id(machine) else None
    own = {each.dev for each in await _machines(visit)}
    if device_id is None or device_id not in own:
        raise RefusedError("machine_unknown", "請選擇這個封箱碼是哪一台服務站的。")
    if way not in {each.value for each in BY_STAFF}:
        raise RefusedError("way_unknown", "請選擇封箱碼是怎麼得知的。")
    key, login = visit.context.keys.receipt, visit.account.login

    def work(connection: Connection) -> Left:
        return leave_witness(
            connection,
            told,
            Way(way),
            device_id=device_id,
            key=key,
            now_ms=visit.now_ms,
            login=login,
            reason=note,
        )

    left = await visit.write(work)
    done = "new" if left.fresh else "known"
    return web.Response(
        status=HTTPStatus.SEE_OTHER,
        headers={"Location": f"/witnesses?done={done}&code={seal_code(told)}"},
    )


async def _page(
    visit: Visit, *, problem: str = "", typed: str = "", note: str = "", chosen: str = ""
) -> web.StreamResponse:
    machines = await _machines(visit)
    owned = None if visit.county is None else {each.dev for each in machines}
    sightings = await visit.read(lambda connection: read_sightings(connection, owned))
    return visit.page(
        "witnesses.html",
        CRUMBS,
        status=HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
        sightings=sightings,
        counts=_counts(sightings),
        machines=machines,
        by_staff=BY_STAFF,
        problem=problem,
        typed=typed,
        note=note,
        chosen=chosen,
        done=visit.request.query.get("done", ""),
        done_code=visit.request.query.get("code", "")[:23],
    )


async def _machines(visit: Visit) -> list[Chosen]:
    fleet = await visit.read(lambda connection: read_fleet(connection, visit.county))
    return [
        Chosen(dev=row.dev, name=row.name, school="、".join(fleet.schools.get(row.dev, ())[:2]))
        for row in fleet.rows
    ]


def _counts(sightings: Iterable[Sighting]) -> Mapping[str, int]:
    return Counter(
        "elsewhere"
        if each.elsewhere
        else "matched"
        if each.place
        else "missing"
        if each.missing
        else "waiting"
        for each in sightings
    )


def _is_id(text: str) -> bool:
    return len(text) == 2 * DEVICE_BYTES and set(text) <= set("0123456789abcdef")
