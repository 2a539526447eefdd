"""The kiosk's side of a station's folder: its settings, and the desk over its store."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core.domain.place import load_counties
from core.domain.reading import Readings, readings_from
from core.domain.subject import load_subjects
from core.rules.county_form import CountyForm, load_county_form
from core.rules.evidence import Document, load_documents
from core.rules.scale import Scale, load_scales
from core.rules.scheme import Scheme, load_schemes
from core.sealing import KdfCost
from kiosk.adapters.chewing import Chewing, memory_folder
from kiosk.adapters.lettering import LetteringFile
from kiosk.adapters.mechanic import SystemdMechanic
from kiosk.adapters.printer import CupsPrinter, FolderPrinter
from kiosk.adapters.printer_port import Printer
from kiosk.desk.desk import Desk
from kiosk.desk.equipment import Equipment, MachineClock
from kiosk.desk.press import Press
from kiosk.session.display import Display, Language, Theme
from kiosk.session.ground import Ground, load_ground
from syncd.log_keys import settled
from syncd.station import KIOSK_LOCK, SETTINGS, StationError, held, read_station
from syncd.store.audit import AuditCode
from syncd.store.database import Store
from syncd.store.fault import StoreError
from syncd.text import kiosk_runs, station_fault

if TYPE_CHECKING:
    from kiosk.paper.typesetter import Typesetter

SCALE = "scale_115.toml"
DOCUMENTS = "evidence_115.toml"
READINGS = "readings.toml"
SUBJECTS, COUNTIES = "subjects.toml", "counties.toml"
GROUND = "practice.toml"
SCHEMES = "schemes_115.toml"
COUNTY_FORMS = "form_"
"""How the file of every county's form begins."""


class KioskSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the kiosk reads of ``station.json``; the daemon has keys of its own in the same file.

    ``contact`` is whom people ask, such as ``王主任 分機 12``; ``site`` the address where the
    county announces, ``organiser`` the authority that runs the season this year. The cost of new
    passwords (Argon2id) may be lowered for a demonstration, never at a school. ``palette`` and
    ``language`` are how the machine looks until somebody chooses otherwise. ``letters_file`` is
    where the unit that draws the terminal reads how large its letters are to be (ADR 0028); empty
    where they cannot be changed. ``printer`` is a CUPS queue, empty for the default one;
    ``printer_folder``, for demonstrations, is where files are left instead of paper. ``touch``:
    fingers point here, so rows and buttons are larger.
    """

    kdf_memory_kib: int = KdfCost().memory_kib
    kdf_passes: int = KdfCost().passes
    contact: str = ""
    site: str = ""
    organiser: str = ""
    palette: Theme | None = None
    language: Language = "zh"
    letters_file: str = ""
    printer: str = ""
    printer_folder: str = ""
    touch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """An open station: the desk, the clock both go by, the settings."""

    desk: Desk
    clock: MachineClock
    settings: KioskSettings


def read_kiosk_settings(folder: Path) -> KioskSettings:
    """The kiosk's part of ``station.json``.

    Raises:
        StationError: Missing or malformed.
    """
    path = folder / SETTINGS
    try:
        return msgspec.json.decode(path.read_bytes(), type=KioskSettings)
    except (OSError, msgspec.DecodeError) as error:
        raise StationError(station_fault("settings", path)) from error


@contextmanager
def open_counter(folder: Path) -> Iterator[Counter]:
    """The desk of a station, until the block ends.

    Raises:
        StationError: Not a station, or another kiosk runs on it.
        StoreError: The store does not open.
    """
    station, settings = read_station(folder), read_kiosk_settings(folder)
    with _only_one(folder), station.open_store() as store:
        station = settled(station, store)
        clock = MachineClock()
        clock.correct(store.link_state.read().offset_ms or 0)
        desk = Desk(
            Equipment(
                store=store,
                log_key=station.log_key,
                clock=clock,
                random_bytes=secrets.token_bytes,
                cost=KdfCost(memory_kib=settings.kdf_memory_kib, passes=settings.kdf_passes),
                scales=read_scales(),
                readings=read_readings(),
                composer=Chewing(memory_folder(os.environ)),
                contact=settings.contact,
                site=settings.site,
                organiser=settings.organiser,
                software=version("jiepin"),
                display=Display(theme=settings.palette or "light", language=settings.language),
                ground=read_ground(),
                schemes=read_schemes(),
                mechanic=SystemdMechanic(),
                lettering=LetteringFile(Path(settings.letters_file))
                if settings.letters_file
                else None,
                press=Press(
                    printer=_printer(settings),
                    typesetter=cache(_typesetter),
                    documents=read_documents(),
                    county_forms=read_county_forms(),
                ),
            )
        )
        with _noted(store, clock):
            yield Counter(desk=desk, clock=clock, settings=settings)


def read_scales() -> tuple[Scale, ...]:
    """The points scales of the season."""
    return load_scales(files("core.rules.tables").joinpath(SCALE).read_text(encoding="utf-8"))


def read_readings() -> Readings:
    """How characters are read, for the filter of schools; parsed when somebody filters."""
    table = files("core.rules.tables").joinpath(READINGS)
    return readings_from(lambda: table.read_text(encoding="utf-8"))


def read_schemes() -> tuple[Scheme, ...]:
    """The other schemes of the season."""
    return load_schemes(files("core.rules.tables").joinpath(SCHEMES).read_text(encoding="utf-8"))


def read_ground() -> Ground:
    """The invented people and schools of 練習模式."""
    tables = files("core.rules.tables")
    subjects = load_subjects(tables.joinpath(SUBJECTS).read_text(encoding="utf-8"))
    counties = load_counties(tables.joinpath(COUNTIES).read_text(encoding="utf-8"))
    return load_ground(
        files("kiosk").joinpath(GROUND).read_text(encoding="utf-8"), subjects, counties
    )


def read_documents() -> tuple[Document, ...]:
    """What teachers bring to the review of the season."""
    tables = files("core.rules.tables")
    return load_documents(tables.joinpath(DOCUMENTS).read_text(encoding="utf-8"))


def read_county_forms() -> tuple[CountyForm, ...]:
    """The paper forms of the counties' own schemes, each a table of its own."""
    tables = files("core.rules.tables").iterdir()
    found = sorted((each for each in tables if each.name.startswith(COUNTY_FORMS)), key=_name)
    return tuple(load_county_form(each.read_text(encoding="utf-8")) for each in found)


def _name(table: Traversable) -> str:
    return table.name


def _printer(settings: KioskSettings) -> Printer:
    if settings.printer_folder:
        return FolderPrinter(Path(settings.printer_folder))
    return CupsPrinter(settings.printer or None)


def _typesetter() -> "Typesetter":
    from kiosk.paper.typesetter import Typesetter  # noqa: PLC0415 - 80 MB nobody may ever need

    return Typesetter()


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two kiosks on one station would show two people each other's changes."""
    with held(folder, KIOSK_LOCK) as alone:
        if not alone:
            raise StationError(kiosk_runs(folder))
        yield


@contextmanager
def _noted(store: Store, clock: MachineClock) -> Iterator[None]:
    """Audit lines for start and orderly stop; a disk that is full then costs the line only."""
    _note(store, clock, AuditCode.PROGRAM_STARTED)
    yield
    _note(store, clock, AuditCode.PROGRAM_STOPPED)


def _note(store: Store, clock: MachineClock, code: AuditCode) -> None:
    with suppress(StoreError), store.transaction():
        store.audit.add(code, clock.moment(), detail="kiosk")
