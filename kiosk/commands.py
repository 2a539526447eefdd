"""``jiepin kiosk``: the kiosk on the glass, line by line, or played by a script."""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kiosk.adapters.reader_port import Reader
from kiosk.adapters.virtual_reader import VirtualCard, VirtualReader
from kiosk.journal import Journal
from kiosk.station import Counter, open_counter
from kiosk.terminal import hold_on
from kiosk.virtual_cards import FILE, read_cards
from syncd.station import StationError
from syncd.store.fault import StoreError
from syncd.text import station_fault, store_fault

FAILED, USAGE, REFUSED, OFF_LINE = 1, 2, 3, 4
JOURNAL = "robot.journal"
LOG = "kiosk.log"

app = typer.Typer(add_completion=False)


@app.command()
def kiosk(
    station: Annotated[Path, typer.Option(help="Folder of this machine.", file_okay=False)],
    *,
    size: Annotated[
        str | None, typer.Option(help="Ask the terminal to become this large: 80x24, 120x40.")
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Questions and answers, one per line.")
    ] = False,
    virtual_reader: Annotated[
        bool, typer.Option("--virtual-reader", help=f"Cards from {FILE} instead of a reader.")
    ] = False,
    robot: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Play this script and end.")
    ] = None,
) -> None:
    """Run the kiosk of a station.

    Examples: jiepin kiosk --station station --size 80x24,
    jiepin kiosk --station station --plain, jiepin kiosk --station station --robot script.json
    """
    if robot is None:
        hold_on(stoppable=virtual_reader)
    if robot is not None:
        _play(station, robot)
    elif plain:
        _speak(station, virtual=virtual_reader)
    else:
        _draw(station, size, virtual=virtual_reader)


def _play(station: Path, script: Path) -> None:
    """Exit code 3 when a rule refuses, 4 when something did not come in time."""
    from kiosk.desk.conversation import Conversation  # noqa: PLC0415 - each way loads its own
    from kiosk.robot.hands import Hands, RefusedError, RobotError, WaitedError  # noqa: PLC0415
    from kiosk.robot.robot import Robot  # noqa: PLC0415
    from kiosk.robot.script import parse_script  # noqa: PLC0415

    try:
        acts = parse_script(script.read_bytes())
    except ValueError as error:
        _fail(f"{script} is not a script: {error}", USAGE)
    with _opened(station) as counter, _journal(station) as tell:
        hands = Hands(Conversation(counter.desk), counter.clock.now, time.sleep)
        try:
            Robot(hands, tell).play(acts)
        except RefusedError as error:
            _fail(f"refused: {error}", REFUSED)
        except WaitedError as error:
            _fail(f"waited: {error}", OFF_LINE)
        except RobotError as error:
            _fail(f"stopped: {error}", FAILED)


def _speak(station: Path, *, virtual: bool) -> None:
    from kiosk.plain.line import Line  # noqa: PLC0415

    with _opened(station) as counter:
        journal = _crash_log(station)
        line = Line(
            desk=counter.desk,
            now=counter.clock.now,
            reader=_reader(virtual=virtual),
            cards=_cards(station) if virtual else {},
        )
        try:
            line.run(sys.stdin, sys.stdout)
        except KeyboardInterrupt:
            line.leave()
        except Exception as error:  # noqa: BLE001 - the process's one: never a traceback on the glass
            journal.crashed(error)
            line.apologise()
            raise typer.Exit(FAILED) from None


def _draw(station: Path, size: str | None, *, virtual: bool) -> None:
    gc.disable()  # what a start makes stays: the application looks for garbage once it draws
    from kiosk.app import KioskApp  # noqa: PLC0415
    from kiosk.terminal import ambiguous_width, parse_size  # noqa: PLC0415
    from kiosk.widgets.glyphs import ASCII, LINES  # noqa: PLC0415

    if size is not None:
        try:
            wanted = parse_size(size)
        except ValueError:
            _fail(f"--size {size}: two numbers, such as 80x24", USAGE)
        sys.stdout.write(f"\x1b[8;{wanted.rows};{wanted.columns}t")
        sys.stdout.flush()
    with _opened(station) as counter:
        narrow = ambiguous_width(sys.stdout.fileno()) == 1
        code = KioskApp(
            desk=counter.desk,
            reader=_reader(virtual=virtual),
            clock=counter.clock.now,
            cards=_cards(station) if virtual else {},
            glyphs=LINES if narrow else ASCII,
            touch=counter.settings.touch,
            crashed=_crash_log(station).crashed,
        ).run(mouse=True)
    raise typer.Exit(code or 0)


@contextmanager
def _opened(station: Path) -> Iterator[Counter]:
    """The station, or one sentence and an exit code."""
    try:
        with open_counter(station) as counter:
            yield counter
    except StationError as error:
        _fail(str(error), FAILED)
    except StoreError as error:
        _fail(store_fault(error), FAILED)


@contextmanager
def _journal(station: Path) -> Iterator[Callable[[dict[str, object]], None]]:
    """Facts go to standard output and, flushed to the disk, into the station's journal."""
    with (station / JOURNAL).open("a", encoding="utf-8") as journal:

        def tell(fact: dict[str, object]) -> None:
            line = json.dumps(fact, ensure_ascii=False)
            journal.write(line + "\n")
            journal.flush()
            os.fsync(journal.fileno())
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

        yield tell


def _crash_log(station: Path) -> Journal:
    try:
        return Journal(station / LOG)
    except OSError as error:
        raise StationError(station_fault("unwritable", station / LOG)) from error


def _reader(*, virtual: bool) -> Reader:
    if virtual:
        return VirtualReader()
    from kiosk.adapters.reader import PcscReader  # noqa: PLC0415 - needs the card service's library

    return PcscReader()


def _cards(station: Path) -> Mapping[str, VirtualCard]:
    try:
        return read_cards(station / FILE)
    except ValueError as error:
        _fail(f"{station / FILE}: {error}", FAILED)


def _fail(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
