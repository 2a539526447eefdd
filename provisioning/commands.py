"""``jiepin provision``: keys, letters with one-time codes, certificates, revocations, releases."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from core.wire.fault import WireError
from provisioning.ceremony import make_keys
from provisioning.desk import Desk, DeskError, work_through
from provisioning.drill.drills import DRILLS
from provisioning.drill.rehearsal import rehearse
from provisioning.drill.text import title as titles
from provisioning.keyring import KeyringError
from provisioning.letter import Letter, Letters, device_id, make_code
from provisioning.register import Register
from provisioning.release import sign_reference
from provisioning.revocation import revoke
from provisioning.succession import Role, succeed

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Keys, one-time codes, certificates, revocations and releases.\n\n"
    "Example: jiepin provision root --keys keys --season 115",
)
Keys = Annotated[Path, typer.Option("--keys", help="Folder of the centre's keys.")]
School = Annotated[list[str], typer.Option("--school", help="School code; repeat for several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable answer.")]
FAILED = 1
USAGE = 2
OFF_LINE = 4
WATCH_S = 0.5


@app.command()
def root(keys: Keys, season: Annotated[str, typer.Option(help="ROC year, such as 115.")]) -> None:
    """Make every key of the centre and the trust document (once a year).

    Example: jiepin provision root --keys keys --season 115
    """
    with _faults():
        trust = make_keys(keys, season, secrets.token_bytes)
    typer.echo(f"trust document {trust.v} for season {trust.season} in {keys}", err=True)


@app.command()
def trust(
    keys: Keys,
    renew: Annotated[
        list[str],
        typer.Option(help="root, enrol, release, beacon, receipt or seal; repeat for several."),
    ],
    distrust: Annotated[
        list[str] | None,
        typer.Option(help="Of these, what the old key signed counts no more (it was stolen)."),
    ] = None,
) -> None:
    """Make new keys and the next trust document; two root keys must be in the folder.

    Give the server its keys and trust.ttc, and start it again; kiosks follow step by step.

    Example: jiepin provision trust --keys keys --renew beacon --renew receipt
    """
    with _faults():
        newer = succeed(
            keys,
            _roles(renew),
            secrets.token_bytes,
            distrusted=_roles(distrust or []),
        )
    typer.echo(f"trust document {newer.v}: new {', '.join(sorted(renew))}", err=True)


@app.command()
def device(
    keys: Keys,
    school: School,
    name: Annotated[str, typer.Option(help="Number on the machine, such as KH-0231.")],
    role: Annotated[Literal["kiosk", "county", "spare"], typer.Option()] = "kiosk",
    renews: Annotated[
        str | None, typer.Option(help="Id of a machine that is to begin a new incarnation.")
    ] = None,
) -> None:
    """Write a letter that lets one machine enrol; prints its one-time code.

    With --renews the machine keeps its id: `jiepin syncd renew` on it, or on the one that
    replaces it.

    Example: jiepin provision device --keys keys --school 553601 --name KH-0231
    """
    with _faults():
        if renews is not None:
            Register(keys / "desk" / "issued.json").newest(bytes.fromhex(device_id(renews)))
        letter = Letter(
            code=_code(),
            subject="device",
            role=role,
            schools=tuple(school),
            name=name,
            renews=None if renews is None else device_id(renews),
        )
    _letter(keys, letter)


@app.command()
def officer(
    keys: Keys,
    school: School,
    name: Annotated[str, typer.Option(help="Name and title as teachers see it, such as 王主任.")],
    role: Annotated[Literal["personnel", "principal"], typer.Option()] = "personnel",
) -> None:
    """Write a letter that lets one officer make a signing key; prints its one-time code.

    Example: jiepin provision officer --keys keys --school 553601 --name 王主任
    """
    _letter(
        keys, Letter(code=_code(), subject="officer", role=role, schools=tuple(school), name=name)
    )


@app.command()
def desk(
    keys: Keys,
    server: Annotated[str, typer.Option(help="Address of the server.")],
    *,
    watch: Annotated[bool, typer.Option(help="Go on until stopped.")] = False,
    as_json: AsJson = False,
) -> None:
    """Grant the requests that wait at the server and have a valid one-time code.

    Example: jiepin provision desk --keys keys --server http://127.0.0.1:8080 --watch
    """
    with _faults():
        clerk = Desk(keys)
    while True:
        try:
            outcomes = asyncio.run(work_through(clerk, server))
        except DeskError as error:
            if not watch:
                typer.echo(f"{error}; nothing was granted, try again later", err=True)
                raise typer.Exit(OFF_LINE) from error
            outcomes = ()
        for each in outcomes:
            line = {
                "request": each.request,
                "subject": each.subject,
                "name": each.name,
                "code": each.code,
            }
            typer.echo(
                json.dumps(line, ensure_ascii=False)
                if as_json
                else f"{each.code}  {each.subject}  {each.name}"
            )
        if not watch:
            return
        time.sleep(WATCH_S)


@app.command("revoke")
def revoke_certificate(
    keys: Keys,
    reason: Annotated[str, typer.Option(help="Why, for the list.")],
    certificate: Annotated[
        str | None, typer.Option(help="An officer, or a machine for good: 32 hex digits.")
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(help="A machine as it is now; it may be renewed later: 32 hex digits."),
    ] = None,
    last_good: Annotated[int | None, typer.Option(help="Last entry that still counts.")] = None,
) -> None:
    """Put a certificate on the revocation list; release and publish it afterwards.

    Example: jiepin provision revoke --keys keys --device 0f… --last-good 41 --reason 遺失
    """
    with _faults():
        if (certificate is None) == (device is None):
            raise KeyringError("name either --certificate or --device")
        name = bytes.fromhex(certificate or "")
        if device is not None:
            register = Register(keys / "desk" / "issued.json")
            name = register.newest(bytes.fromhex(device))
        newer = revoke(keys, name, last_good, reason, time.time_ns() // 1_000_000)
    typer.echo(f"revocation list {newer.v}, {len(newer.items)} certificates", err=True)


@app.command()
def release(
    keys: Keys,
    folder: Annotated[
        Path, typer.Argument(help="Folder written by `jiepin server export-reference`.")
    ],
    previous: Annotated[
        Path | None, typer.Option(help="snapshot.ttc of the release before.")
    ] = None,
) -> None:
    """Sign a folder of reference files with the release key.

    Example: jiepin provision release --keys keys reference --previous old/snapshot.ttc
    """
    with _faults():
        snapshot = sign_reference(keys, folder, previous, time.time_ns() // 1_000_000)
    typer.echo(f"reference {snapshot.v}: {len(snapshot.files)} files", err=True)


@app.command()
def drill(
    name: Annotated[str, typer.Argument(help="Which one; without a name they are listed.")] = "",
    folder: Annotated[
        Path | None, typer.Option(help="Keep the throw-away country here afterwards.")
    ] = None,
) -> None:
    """Rehearse a loss on real programs, in a country that is thrown away. See docs/drills.md.

    Example: jiepin provision drill clone
    """
    if not name:
        for each in DRILLS:
            typer.echo(f"{each:16}{titles(each)}")
        return
    if name not in DRILLS:
        typer.echo(f"no such drill: {name}", err=True)
        raise typer.Exit(USAGE)
    if not rehearse(name, folder, typer.echo):
        raise typer.Exit(FAILED)


@contextmanager
def _faults() -> Iterator[None]:
    """Known faults become one sentence and exit code 1."""
    try:
        yield
    except (KeyringError, WireError, OSError, ValueError) as error:
        typer.echo(f"not done: {error}", err=True)
        raise typer.Exit(FAILED) from error


def _roles(names: Iterable[str]) -> tuple[Role, ...]:
    try:
        return tuple(msgspec.convert(name, Role) for name in sorted(set(names)))
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error


def _code() -> str:
    return make_code(secrets.token_bytes)


def _letter(keys: Path, letter: Letter) -> None:
    with _faults():
        Letters(keys / "desk" / "letters.json").add(letter)
    typer.echo(letter.code)
