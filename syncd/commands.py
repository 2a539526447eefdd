"""``jiepin syncd``: enrol a station, carry its records, say how it stands."""

import asyncio
import json
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from core.wire.client import ClientState
from core.wire.talk import SECOND_MS, Policy
from syncd import text
from syncd.client import Client
from syncd.enrolment import Applicant, Enrolment, EnrolmentError
from syncd.journal import open_journal
from syncd.kit import Kit
from syncd.log_keys import holds_log_key, older_log_keys, rotate_log_key, settled
from syncd.renewal import Renewed, Renewer, Tools
from syncd.report import Report, report_of
from syncd.runner import Talk, keep_talking
from syncd.station import (
    DAEMON_LOCK,
    KIOSK_LOCK,
    SETTINGS,
    Settings,
    Station,
    StationError,
    create_station,
    held,
    read_root,
    read_station,
    replace_lost_log_key,
)
from syncd.store.fault import KeyChanged, StoreError
from syncd.store.moment import read_moment
from syncd.usb import commands as usb

FAILED, REFUSED, OFF_LINE = 1, 3, 4
EXIT_CODES = {
    "refused": REFUSED,
    "enrolled_already": REFUSED,
    "renewal_not_needed": REFUSED,
    "grant_other_device": REFUSED,
    "grant_renews": REFUSED,
    "grant_older": REFUSED,
    "offline": OFF_LINE,
    "undecided": OFF_LINE,
}
ASK_AGAIN_S = 0.2

StationOption = Annotated[Path, typer.Option("--station", help="Folder of the station.")]

app = typer.Typer(
    help="Carry this machine's records to the server and back.",
    no_args_is_help=True,
    add_completion=False,
)

app.add_typer(usb.app, name="usb")


@app.command()
def enrol(  # noqa: PLR0913, PLR0917 - one flag each
    station: StationOption,
    server: Annotated[str, typer.Option(help="Address of the server.")],
    root: Annotated[Path, typer.Option(help="Root keys this machine is to trust.")],
    school: Annotated[list[str], typer.Option(help="School code; repeat for several.")],
    name: Annotated[str, typer.Option(help="Name of the machine, as in the county's letter.")],
    wait_s: Annotated[float, typer.Option(help="How long to wait for the county desk.")] = 600,
) -> None:
    """Make keys, ask the county for a certificate, become a station. Can be repeated.

    Example: jiepin syncd enrol --station station --server https://example.org --root root.json
    --school 013601 --name KH-0231 < code.txt   (the one-time code of the letter, on standard input)
    """
    code = sys.stdin.readline().strip()
    if not code:
        _fail(text.NO_CODE, FAILED)
    with _faults():
        read_root(root)
        made = create_station(station, Settings(server=server, name=name), root.read_bytes())
        applicant = Applicant(name=name, schools=tuple(school), software=_software())
        device = asyncio.run(_enrol(made, applicant, code, wait_s))
    typer.echo(device)


@app.command()
def renew(  # noqa: PLR0913, PLR0917 - one flag each
    station: StationOption,
    server: Annotated[str | None, typer.Option(help="Only when the disk was replaced.")] = None,
    root: Annotated[Path | None, typer.Option(help="Only when the disk was replaced.")] = None,
    school: Annotated[
        list[str] | None, typer.Option(help="Only when the disk was replaced.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Only when the disk was replaced.")] = None,
    wait_s: Annotated[float, typer.Option(help="How long to wait for the county desk.")] = 600,
) -> None:
    """Begin a new incarnation of a stopped machine: new key, new certificate, nothing lost.

    For a machine whose log forked, that was rolled back or revoked, whose disk was replaced, or
    whose log key is lost. Needs a code from `jiepin provision device --renews ID`, and both
    programs stopped. Can be repeated.

    Example: jiepin syncd renew --station station < code.txt
    """
    code = sys.stdin.readline().strip()
    if not code:
        _fail(text.NO_CODE, FAILED)
    with _faults():
        if not (station / SETTINGS).exists():
            if server is None or root is None or not school or name is None:
                raise StationError(text.station_fault("incomplete", station))
            read_root(root)
            create_station(station, Settings(server=server, name=name), root.read_bytes())
        replace_lost_log_key(station)
        opened = read_station(station)
        with _nobody(station):
            renewed = asyncio.run(_renew(opened, tuple(school or ()), code, wait_s))
    typer.echo(text.renewed(renewed.identity.inc, renewed.carried, renewed.left), err=True)
    typer.echo(renewed.identity.device.hex())


@app.command("rotate-key")
def rotate_key(station: StationOption) -> None:
    """Go on under a new log key; the log itself says so, signed by both keys.

    Both programs must be stopped. Example: jiepin syncd rotate-key --station station
    """
    with _faults():
        opened = read_station(station)
        with _nobody(station), opened.open_store() as store:
            rotate_log_key(settled(opened, store), store, read_moment)
    typer.echo(text.key_changed(opened.settings.name), err=True)


@app.command()
def run(
    station: StationOption,
    beacon_s: Annotated[
        float | None, typer.Option(help="Ask for news this often, whatever the server says.")
    ] = None,
    retry_cap_s: Annotated[
        float | None, typer.Option(help="Never wait longer than this between tries.")
    ] = None,
) -> None:
    """Carry records until stopped (SIGTERM). Works off line; waits for enrolment if there is none.

    The two times are for demonstrations and tests. Example: jiepin syncd run --station station
    """
    with _faults():
        opened = read_station(station)
        policy = policy_of(beacon_s, retry_cap_s)
        with _only_one(station):
            asyncio.run(_run(opened, policy))


@app.command()
def status(
    station: StationOption,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002
) -> None:
    """Say how the station stands: what is pending, when the server was last heard.

    Example: jiepin syncd status --station station --json
    """
    with _faults():
        opened = read_station(station)
        with opened.open_store() as store:
            report = report_of(store)
            lost = report.seq is not None and not holds_log_key(opened, store)
    _print(report, as_json=as_json)
    if lost and report.device is not None:
        typer.echo(text.store_fault(KeyChanged()), err=as_json)
        typer.echo(text.how_to_go_on(report.device), err=as_json)


@app.command("send-now")
def send_now(
    station: StationOption,
    wait_s: Annotated[float, typer.Option(help="How long to wait for delivery.")] = 30,
) -> None:
    """Ask the running daemon to send at once, and wait until everything is delivered.

    Exit code 4 when it is not delivered in time. Example: jiepin syncd send-now --station station
    """
    with _faults():
        opened = read_station(station)
        with opened.open_store() as store:
            store.link_state.ask_to_send(read_moment())
            until = time.monotonic() + wait_s
            while store.outbox.pending() and time.monotonic() < until:
                time.sleep(ASK_AGAIN_S)
            report = report_of(store)
    _print(report, as_json=False)
    if report.pending:
        raise typer.Exit(OFF_LINE)


async def _enrol(station: Station, applicant: Applicant, code: str, wait_s: float) -> str:
    with station.open_store() as store:
        if store.identity.read() is not None:
            raise EnrolmentError("enrolled_already")
        async with _client(station) as client:
            enrolment = Enrolment(station, client, asyncio.sleep)
            grant = await enrolment.obtain(applicant, code, wait_s)
            return enrolment.accept(store, grant, read_moment).device.hex()


async def _renew(station: Station, schools: tuple[str, ...], code: str, wait_s: float) -> Renewed:
    with station.open_store() as store:
        identity = store.identity.read()
        applicant = Applicant(
            name=station.settings.name,
            schools=schools or (() if identity is None else identity.schools),
            software=_software(),
        )
        async with _client(station) as client:
            tools = Tools(
                store=store,
                client=client,
                sleep=asyncio.sleep,
                clock=read_moment,
                log=open_journal(),
            )
            return await Renewer(settled(station, store), tools).renew(applicant, code, wait_s)


async def _run(station: Station, policy: Policy) -> None:
    log = open_journal()
    with station.open_store() as store:
        station = settled(station, store)
        async with _client(station) as client:
            talk = Talk(
                Kit(
                    store=store,
                    client=client,
                    key=station.log_key,
                    clock=read_moment,
                    older=older_log_keys(station),
                ),
                policy=policy,
                software=_software(),
                chance=lambda: secrets.randbits(32),
                random_bytes=secrets.token_bytes,
                log=log,
            )
            log.info("daemon_started", station=station.settings.name)
            task = asyncio.ensure_future(keep_talking(talk, asyncio.sleep))
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
            try:
                await task
            except asyncio.CancelledError:
                log.info("daemon_stopped")


def policy_of(beacon_s: float | None, retry_cap_s: float | None) -> Policy:
    """The protocol's times, with what was given instead."""
    policy = Policy(beacon_ms=None if beacon_s is None else int(beacon_s * SECOND_MS))
    if retry_cap_s is None:
        return policy
    cap_ms = int(retry_cap_s * SECOND_MS)
    return replace(policy, retry_cap_ms=cap_ms, retry_first_ms=min(policy.retry_first_ms, cap_ms))


def _client(station: Station) -> Client:
    return Client(station.settings.server, station.settings.ca_file)


def _software() -> str:
    return version("jiepin")


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two daemons on one station would do no harm, but twice the work."""
    with held(folder, DAEMON_LOCK) as alone:
        if not alone:
            _fail(text.already_running(folder), FAILED)
        yield


@contextmanager
def _nobody(folder: Path) -> Iterator[None]:
    """Neither program may hold a key that is about to change."""
    with ExitStack() as stack:
        for name in (DAEMON_LOCK, KIOSK_LOCK):
            if not stack.enter_context(held(folder, name)):
                _fail(text.must_stop(folder), FAILED)
        yield


@contextmanager
def _faults() -> Iterator[None]:
    """One sentence and an exit code for what can go wrong outside."""
    try:
        yield
    except EnrolmentError as error:
        _fail(text.enrolment_fault(error.code), EXIT_CODES.get(error.code, FAILED))
    except StationError as error:
        _fail(str(error), FAILED)
    except StoreError as error:
        _fail(text.store_fault(error), FAILED)


def _fail(sentence: str, code: int) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    if report.name is None:
        typer.echo(text.NOT_ENROLLED)
        return
    typer.echo(text.standing(report.name, ClientState(report.client), report.pending))
    if report.attention is not None:
        typer.echo(text.attention(report.attention))
    if report.device is not None and not ClientState(report.client).may_write:
        typer.echo(text.how_to_go_on(report.device))
