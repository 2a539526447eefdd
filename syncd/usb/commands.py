"""``jiepin syncd usb``: the log onto a stick, and answers from it (PROTOCOL 2.13)."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from core.sealing import seal_public
from core.wire.fault import WireError
from core.wire.stick import Stick, StickError, carry_out, find
from core.wire.stick_name import ANSWER_ENDING, is_ours, parse_name
from core.wire.usb import FILE_BYTES
from syncd.client import Client
from syncd.kit import Kit
from syncd.log_keys import older_log_keys, settled
from syncd.station import Station, StationError, read_station
from syncd.store.database import Store
from syncd.store.fault import StoreError
from syncd.store.moment import read_moment
from syncd.text import store_fault
from syncd.usb import text
from syncd.usb.arrival import Arrival, take_in
from syncd.usb.export import Carried, Sender, UnenrolledError, export
from syncd.usb.folder import Folder
from syncd.usb.mounts import removable_mounts

FAILED, REFUSED = 1, 3
LOOK_AGAIN_S = 1.0

StationOption = Annotated[Path, typer.Option("--station", help="Folder of the station.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]

app = typer.Typer(help="Carry records on a stick where there is no line.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder, and the path whose disk it must not be on."""

    path: Path
    foreign_to: Path | None

    def open(self) -> Folder:
        """The folder as it is now."""
        return Folder(self.path, self.foreign_to)


@app.command("list")
def list_sticks(*, as_json: AsJson = False) -> None:
    """List the sticks that are plugged in, and mount options they lack.

    Example: jiepin syncd usb list
    """
    sticks = removable_mounts()
    facts = [{"path": str(each.path), "missing": list(each.missing)} for each in sticks]
    lines = [str(each.path) for each in sticks] or [text.NO_STICK]
    lines += [text.careless(each.path, each.missing) for each in sticks if each.missing]
    _print({"sticks": facts}, lines, as_json=as_json)


@app.command("export")
def export_log(
    station: StationOption,
    to: Annotated[Path | None, typer.Option(help="Folder of the stick.")] = None,
    wait_s: Annotated[
        float, typer.Option(help="How long to wait for a stick that was pulled out.")
    ] = 60,
    *,
    as_json: AsJson = False,
) -> None:
    """Write everything the server has not confirmed onto a stick, sealed; a copy, not a move.

    Nothing on the stick is deleted. When this ends with 可以取下, everything was read back from it.
    Exit code 1: not everything is on it; run it again to go on.

    Example: jiepin syncd usb export --station station --to /media/stick
    """
    done: list[Carried] = []
    with _faults(), _opened(station) as (opened, store):
        place = _place(opened, to)
        sender = _sender(opened, store)
        for each in export(sender, place.open, _patience(wait_s)):
            done.append(each)
            fresh = bool(each.written)
            _say(text.placed(each.name, each.first, each.last, fresh=fresh), as_json=as_json)
    facts = {"files": [asdict(each) for each in done], "removable": True}
    _print(facts, [text.KEEP_COPY, text.MAY_REMOVE], as_json=as_json)


@app.command("import")
def import_answers(
    station: StationOption,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Answer files, or folders with some.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Take in what the server answered: receipts, notices, lists, keys. Can be repeated.

    Exit code 1: nothing was found; 3: a file was refused.

    Example: jiepin syncd usb import --station station /media/stick
    """
    facts: list[dict[str, object]] = []
    with _faults(), _opened(station) as (opened, store):
        sources = paths or [_place(opened, None).path]
        for name, stick in _files(store, sources):
            facts.append(_taken(opened, store, name, stick, as_json=as_json))
    _print({"answers": facts}, [] if facts else [text.NO_ANSWERS], as_json=as_json)
    if not facts:
        raise typer.Exit(FAILED)
    if any(each["refused"] for each in facts):
        raise typer.Exit(REFUSED)


def _taken(
    station: Station, store: Store, name: str, stick: Stick | None, *, as_json: bool
) -> dict[str, object]:
    """One file taken in, or why not, as facts."""
    try:
        data = _read(name, stick)
        arrival = asyncio.run(take_in(_kit(station, store), station.seal_key, data))
    except (WireError, StickError) as error:
        _say(text.answer_fault(name, error.code), as_json=as_json)
        return {"name": name, "refused": error.code}
    for line in _lines(name, arrival):
        _say(line, as_json=as_json)
    return {"name": name, "refused": None, **asdict(arrival)}


def _read(name: str, stick: Stick | None) -> bytes:
    if stick is None:
        raise WireError("name")
    data = carry_out(find(name, FILE_BYTES), stick)
    if data is None:
        raise StickError("gone")
    return data


def _lines(name: str, arrival: Arrival) -> Iterator[str]:
    if not (arrival.newer or arrival.inbox):
        yield text.known(name)
        return
    yield text.arrived(name, arrival.through, arrival.inbox)
    if arrival.reference is not None:
        yield text.reference(arrival.reference)
    for code in dict.fromkeys(arrival.codes):
        yield text.left(code)
    if not arrival.client.may_write:
        yield text.state(arrival.client)


def _files(store: Store, sources: Sequence[Path]) -> Iterator[tuple[str, Stick | None]]:
    """Files to take in, each with its opened folder; None for a name that is not ours."""
    identity = store.identity.read()
    if identity is None:
        raise UnenrolledError
    for source in sources:
        whole = source.is_dir()
        with Folder(source if whole else source.parent) as stick:
            for name in stick.names(is_ours) if whole else (source.name,):
                try:
                    found = parse_name(name)
                except ValueError:
                    if not whole:
                        yield name, None
                    continue
                if found.ending == ANSWER_ENDING and (found.dev == identity.device or not whole):
                    yield name, stick


def _place(station: Station, to: Path | None) -> _Place:
    """The folder that was named, that of the settings, or the only stick there is.

    Raises:
        typer.Exit: None, or several.
    """
    if to is not None:
        on_this_disk = to.is_dir() and to.stat().st_dev == station.folder.stat().st_dev
        if on_this_disk:
            typer.echo(text.SAME_DISK, err=True)
        return _Place(to, None if on_this_disk else station.folder)
    if station.settings.usb is not None:
        return _Place(Path(station.settings.usb), station.folder)
    sticks = removable_mounts()
    if len(sticks) == 1:
        if sticks[0].missing:
            typer.echo(text.careless(sticks[0].path, sticks[0].missing), err=True)
        return _Place(sticks[0].path, station.folder)
    typer.echo(text.choose([each.path for each in sticks]) if sticks else text.NO_STICK, err=True)
    raise typer.Exit(FAILED)


def _patience(wait_s: float) -> Callable[[], bool]:
    """Waits for a stick that was pulled out, in all so long; says so once each time."""
    until = time.monotonic() + wait_s
    told = False

    def wait() -> bool:
        nonlocal told
        if time.monotonic() >= until:
            typer.echo(text.STILL_LOST, err=True)
            return False
        if not told:
            typer.echo(text.LOST, err=True)
            told = True
        time.sleep(min(LOOK_AGAIN_S, wait_s))
        return True

    return wait


def _kit(station: Station, store: Store) -> Kit:
    return Kit(
        store=store,
        client=Client(station.settings.server),
        key=station.log_key,
        clock=read_moment,
        older=older_log_keys(station),
    )


def _sender(station: Station, store: Store) -> Sender:
    return Sender(
        store=store,
        key_at=_kit(station, store).key_at,
        key=station.log_key,
        reply=seal_public(station.seal_key),
        clock=read_moment,
        random_bytes=secrets.token_bytes,
    )


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Station, Store]]:
    station = read_station(folder)
    with station.open_store() as store:
        yield settled(station, store), store


@contextmanager
def _faults() -> Iterator[None]:
    """One sentence and an exit code for what can go wrong outside."""
    try:
        yield
    except StickError as error:
        _fail(text.stick_fault(error.code), REFUSED if error.code == "occupied" else FAILED)
    except UnenrolledError:
        _fail(text.NOT_ENROLLED, FAILED)
    except StationError as error:
        _fail(str(error), FAILED)
    except StoreError as error:
        _fail(store_fault(error), FAILED)


def _fail(sentence: str, code: int) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _say(line: str, *, as_json: bool) -> None:
    """A line while it goes on; beside JSON it goes where people look."""
    typer.echo(line, err=as_json)


def _print(facts: Mapping[str, object], lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    for line in lines:
        typer.echo(line)
