"""``jiepin doctor``: is this machine fit to be a station or a server, and what to do if not."""

import json
import locale
import os
import shutil
import socket
import stat
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(add_completion=False)
Grade = Literal["ok", "warning", "fault"]
PCSC_SOCKET = Path("/run/pcscd/pcscd.comm")
FREE_BYTES = 512 * 1024 * 1024
CLOCK_TOLERANCE_S = 30
TIMEOUT_S = 5
COLUMNS, ROWS = 80, 24
CREDENTIALS = ("store.key", "log.key", "seal.key")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``remedy`` is empty when it is well."""

    what: str
    grade: Grade
    seen: str
    remedy: str = ""


def look(station: Path | None, server: str | None) -> Iterator[Finding]:
    """Everything worth a look on this machine, cheapest first."""
    yield _disk(station or Path.cwd())
    yield _locale()
    yield _terminal()
    yield _fonts()
    yield _reader()
    if station is not None:
        yield _credentials(station)
    if server is not None:
        yield from _server(server)


def _disk(place: Path) -> Finding:
    free = shutil.disk_usage(place if place.exists() else place.parent).free
    seen = f"{free // 1024 // 1024} MiB free"
    if free < FREE_BYTES:
        return Finding("disk", "fault", seen, "free space: a full disk stops new applications")
    return Finding("disk", "ok", seen)


def _locale() -> Finding:
    name = locale.getpreferredencoding(do_setlocale=False)
    if name.upper().replace("-", "") != "UTF8":
        return Finding("locale", "fault", name, "set LANG=C.UTF-8, else Chinese cannot be shown")
    return Finding("locale", "ok", name)


def _terminal() -> Finding:
    size = shutil.get_terminal_size((0, 0))
    seen = f"{size.columns}x{size.lines}" if size.columns else "no terminal"
    if size.columns and (size.columns < COLUMNS or size.lines < ROWS):
        return Finding("terminal", "fault", seen, f"the kiosk needs {COLUMNS}x{ROWS}")
    return Finding("terminal", "ok", seen)


def _fonts() -> Finding:
    tool = shutil.which("fc-list")
    if tool is None:
        return Finding("fonts", "warning", "fc-list is missing", "install fontconfig to check")
    found = subprocess.run(  # noqa: S603 - a fixed command
        [tool, ":lang=zh-tw", "family"], capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not found:
        return Finding("fonts", "warning", "no Chinese font", "install fonts-noto-cjk")
    return Finding("fonts", "ok", min(found))


def _reader() -> Finding:
    if not PCSC_SOCKET.exists():
        remedy = "start pcscd (or use --virtual-reader)"
        return Finding("card reader service", "warning", "not running", remedy)
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(TIMEOUT_S)
        try:
            probe.connect(str(PCSC_SOCKET))
        except OSError:
            return Finding("card reader service", "fault", "does not answer", "restart pcscd")
    return Finding("card reader service", "ok", "answers")


def _credentials(station: Path) -> Finding:
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY", station / "credentials"))
    missing = [name for name in CREDENTIALS if not (folder / name).exists()]
    if missing:
        remedy = "run `jiepin syncd enrol`"
        return Finding("credentials", "fault", f"missing: {', '.join(missing)}", remedy)
    loose = [name for name in CREDENTIALS if stat.S_IMODE((folder / name).stat().st_mode) & 0o077]
    if loose:
        return Finding("credentials", "fault", f"others may read {', '.join(loose)}", "chmod 600")
    return Finding("credentials", "ok", "present, mode 600")


def _server(server: str) -> Iterator[Finding]:
    if not server.startswith(("http://", "https://")):
        yield Finding("server", "fault", server, "the address begins with http:// or https://")
        return
    try:
        with urllib.request.urlopen(f"{server}/readyz", timeout=TIMEOUT_S) as answer:  # noqa: S310 - checked above
            stated = answer.headers.get("Date")
    except (OSError, urllib.error.URLError):
        remedy = "the station works off line; check the line when it should be on"
        yield Finding("server", "warning", "cannot be reached", remedy)
        return
    yield Finding("server", "ok", "ready")
    difference = abs(parsedate_to_datetime(stated).timestamp() - time.time()) if stated else 0.0
    if difference > CLOCK_TOLERANCE_S:
        yield Finding("clock", "fault", f"{difference:.0f} s off", "set the clock by the network")
    else:
        yield Finding("clock", "ok", f"within {CLOCK_TOLERANCE_S} s of the server")


@app.callback(invoke_without_command=True)
def doctor(
    station: Annotated[Path | None, typer.Option(help="Folder of a station.")] = None,
    server: Annotated[str | None, typer.Option(help="Address of the server.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable answer.")] = False,
) -> None:
    """Look at disk, locale, terminal, fonts, reader, credentials, line and clock.

    Exit code 0 when nothing is at fault. Example: jiepin doctor --station station --json
    """
    findings = tuple(look(station, server))
    if as_json:
        typer.echo(
            json.dumps([[each.what, each.grade, each.seen, each.remedy] for each in findings])
        )
    else:
        for each in findings:
            typer.echo(f"{each.grade:<8} {each.what:<20} {each.seen}")
            if each.remedy:
                typer.echo(f"{'':<8} {'':<20} → {each.remedy}")
    if any(each.grade == "fault" for each in findings):
        raise typer.Exit(1)
