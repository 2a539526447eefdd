"""``jiepin demo``: the whole country on this machine, with invented people."""

import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from provisioning.demo.country import Country
from provisioning.demo.place import Place
from provisioning.demo.process import ProgramError, end_children
from provisioning.demo.season import Season
from provisioning.demo.tour import Tour

app = typer.Typer(add_completion=False)
FAILED = 1
ENDS = (signal.SIGHUP, signal.SIGTERM)
"""The window was closed, or somebody asked the process to end."""
MARKER = ".jiepin-demo"
DEFAULT_FOLDER = Path("demo-data")


@app.callback(invoke_without_command=True)
def demo(  # noqa: PLR0913
    *,
    headless: Annotated[bool, typer.Option(help="A whole season without a person.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed invents the same people.")] = 20260427,
    kiosks: Annotated[int, typer.Option(min=1, max=200)] = 3,
    teachers: Annotated[int, typer.Option(min=2, max=20_000)] = 60,
    schools: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="Real school lists instead of invented ones."
        ),
    ] = None,
    outages: Annotated[
        bool, typer.Option(help="Cut lines, lose answers, kill -9 kiosks, syncd and server.")
    ] = False,
    chaos: Annotated[
        bool, typer.Option(help="Outages; the server is restored from backups; a disk is copied.")
    ] = False,
    folder: Annotated[Path | None, typer.Option(help="Where everything lives.")] = None,
    size: Annotated[str | None, typer.Option(help="Size of the kiosk, such as 80x24.")] = None,
    keep: Annotated[bool, typer.Option(help="Keep the folder of a headless season.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line at the end.")] = False,
) -> None:
    """Server, syncd, simulated kiosks, and one kiosk in this terminal with virtual cards.

    Examples: jiepin demo
              jiepin demo --headless --seed 1 --kiosks 20 --teachers 500 --outages --json
    """
    for each in ENDS:
        signal.signal(each, _end)
    if headless:
        place = folder or Path(tempfile.mkdtemp(prefix="jiepin-demo-"))
    else:
        place = folder or DEFAULT_FOLDER
        _clear(place)
    country = Country(place=Place(place.resolve()), seed=seed, kiosks=kiosks, teachers=teachers)
    country.files = tuple(schools or ())
    country.chaos = chaos
    try:
        if headless:
            _headless(country, outages=outages, as_json=as_json, keep=keep or folder is not None)
        else:
            Tour(country, size).run()
    finally:
        end_children()


def _end(number: int, _: FrameType | None) -> NoReturn:
    """Leave as at Ctrl+C, or every program of the country would go on without its demo."""
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _clear(folder: Path) -> None:
    """Delete the last demo; a folder that no demo made is left alone."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        typer.echo(f"{folder} holds other files; give another --folder", err=True)
        raise typer.Exit(FAILED)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARKER).touch()


def _headless(country: Country, *, outages: bool, as_json: bool, keep: bool) -> None:
    def say(words: str) -> None:
        typer.echo(words, err=True)

    say(f"seed {country.seed}, folder {country.place.folder}")
    season = Season(country, say, outages=outages)
    try:
        report = season.run()
    except ProgramError as error:
        say(f"failed: {error}")
        say(f"logs: {country.place.logs}")
        raise typer.Exit(FAILED) from error
    finally:
        country.stop()
    if as_json:
        sys.stdout.write(report.as_json() + "\n")
    else:
        typer.echo("\n".join(report.lines()))
    if not report.holds:
        say(f"a promise was broken; everything is kept in {country.place.folder}")
        raise typer.Exit(FAILED)
    if not keep:
        shutil.rmtree(country.place.folder)
