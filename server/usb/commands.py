"""``jiepin server usb``: parcels from sticks, with the seal key at hand (PROTOCOL 2.13)."""

import asyncio
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.sealing import KEY_BYTES
from core.wire.fault import WireError
from core.wire.stick import Stick, StickError, carry_out, find, place
from core.wire.stick_name import PARCEL_ENDING, StickName, is_ours, parse_name
from core.wire.usb import FILE_BYTES, check_answer, file_name
from server.audit import AuditCode, record
from server.config import ServerConfig
from server.context import Context
from server.keys import KeysError
from server.store.migrate import migrate
from server.store.writer import StoreError
from server.terminal import AsJson, Database, Exit, Home, opened, operator, report
from server.usb import text
from server.usb.folder import Folder
from server.usb.intake import Taken, open_server, take

PRIVATE = 0o077

app = typer.Typer(help="Take in what machines without a line carried on sticks.")
Facts = dict[str, object]


class SealKeyError(Exception):
    """A seal key file that is not to be used; a sentence says why."""


@app.callback()
def _usb() -> None:
    """Take in what machines without a line carried on sticks."""


@app.command("import")
def import_parcels(  # noqa: PLR0913 - one flag each
    paths: Annotated[list[Path], typer.Argument(help="Files (TTX-….ttx), or folders with some.")],
    home: Home,
    seal_key: Annotated[
        list[Path],
        typer.Option(help="Private seal key, 32 bytes, mode 0600; repeat for earlier ones."),
    ],
    answers: Annotated[
        Path | None, typer.Option(help="Folder for the answers, such as the stick.")
    ] = None,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Give parcels to the ingest, as if they had come over the line; write answers to carry back.

    Can run beside the server. Taking in a file again changes nothing and writes a newer answer.
    Exit code 1: nothing was found; 3: a file, or a part of one, was not taken.

    Example: jiepin server usb import /media/stick --home server --seal-key seal.key
    --answers /media/stick
    """
    try:
        private = [read_seal_key(each) for each in seal_key]
        with opened(home, database) as store:
            migrate(store)
        config = ServerConfig(home=home, database=database)
        facts = asyncio.run(_import(config, private, paths, answers))
    except (SealKeyError, KeysError, StoreError, StickError) as error:
        typer.echo(_sentence(error), err=True)
        raise typer.Exit(Exit.FAILED) from error
    lines = [line for each in facts for line in _lines(each)] or [text.NOTHING_FOUND]
    report({"files": facts}, iter(lines), as_json=as_json)
    if not facts:
        raise typer.Exit(Exit.FAILED)
    if any(each["refused"] or each["code"] != "ok" or each["unwritten"] for each in facts):
        raise typer.Exit(Exit.REFUSED)


def read_seal_key(path: Path) -> bytes:
    """32 raw bytes of a key file that nobody else can read.

    Raises:
        SealKeyError: Missing, readable by others, or of another length.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise SealKeyError(text.key_fault("missing", path)) from error
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode) or mode & PRIVATE:
            raise SealKeyError(text.key_fault("open", path))
        secret = file.read(KEY_BYTES + 1)
    if len(secret) != KEY_BYTES:
        raise SealKeyError(text.key_fault("size", path))
    return secret


async def _import(
    config: ServerConfig, private: Sequence[bytes], paths: Sequence[Path], answers: Path | None
) -> list[Facts]:
    async with open_server(config) as context:
        return [await _one(context, private, name, stick, answers) for name, stick in _files(paths)]


async def _one(
    context: Context,
    private: Sequence[bytes],
    name: str,
    stick: Stick | None,
    answers: Path | None,
) -> Facts:
    """One file taken in and answered, as facts."""
    facts: Facts = {"name": name, "refused": None, "code": "ok", "answer": None, "unwritten": None}
    try:
        taken = await take(context, private, _read(name, stick))
    except (WireError, StickError) as error:
        return facts | {"refused": error.code}
    manifest = taken.manifest
    await context.store.write(partial(_record, context, taken))
    facts |= {
        "device": manifest.dev.hex(),
        "from": manifest.first,
        "to": manifest.last,
        "purpose": manifest.purpose,
        "code": taken.code,
        "added": taken.added,
        "through": taken.through,
        "inbox": taken.inbox,
    }
    if answers is None:
        return facts
    return facts | _answered(context, taken, answers)


def _record(context: Context, taken: Taken, connection: Connection) -> None:
    """Who took it in, in the audit trail; the log itself knows only that it arrived."""
    manifest = taken.manifest
    record(
        connection,
        AuditCode.PARCEL_IMPORTED,
        account=operator(),
        target=manifest.dev.hex(),
        now_ms=context.now_ms(),
        after=f"{manifest.inc}.{manifest.first}-{manifest.last} +{taken.added} {taken.code}",
    )


def _answered(context: Context, taken: Taken, folder: Path) -> Facts:
    """Write the answer; an earlier one for the same entries gives way."""
    trust = context.keys.trust
    mine = check_answer(taken.answer, trust.receipt)
    name = file_name(mine).text

    def may_replace(there: bytes) -> bool:
        try:
            earlier = check_answer(there, trust.receipt)
        except WireError:
            return False
        return (earlier.dev, earlier.inc) == (mine.dev, mine.inc) and earlier.t <= mine.t

    try:
        with Folder(folder) as stick:
            carry_out(place(name, taken.answer, may_replace), stick)
    except StickError as error:
        return {"answer": name, "unwritten": error.code}
    return {"answer": name}


def _files(paths: Sequence[Path]) -> Iterator[tuple[str, Stick | None]]:
    """Files to take in, each with its opened folder; None for a name that is not ours."""
    for path in paths:
        whole = path.is_dir()
        with Folder(path if whole else path.parent) as stick:
            for name in stick.names(is_ours) if whole else (path.name,):
                found = _ours(name)
                if found is not None and found.ending == PARCEL_ENDING:
                    yield name, stick
                elif not whole:
                    yield name, None


def _ours(name: str) -> StickName | None:
    try:
        return parse_name(name)
    except ValueError:
        return None


def _read(name: str, stick: Stick | None) -> bytes:
    if stick is None:
        raise WireError("name")
    data = carry_out(find(name, FILE_BYTES), stick)
    if data is None:
        raise StickError("gone")
    return data


def _lines(facts: Mapping[str, object]) -> Iterator[str]:
    name = str(facts["name"])
    if facts["refused"]:
        yield text.refused(name, str(facts["refused"]))
        return
    if facts["purpose"] == "evidence":
        yield text.evidence(name)
    else:
        yield text.taken(name, int(str(facts["added"])), int(str(facts["through"])))
    if facts["code"] != "ok":
        yield text.not_whole(str(facts["code"]))
    if facts["unwritten"]:
        yield text.not_answered(str(facts["answer"]), str(facts["unwritten"]))
    elif facts["answer"]:
        yield text.answered(str(facts["answer"]))


def _sentence(error: Exception) -> str:
    if isinstance(error, StickError):
        return text.refused("", error.code).lstrip("：")
    return str(error)
