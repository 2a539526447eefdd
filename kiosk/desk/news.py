"""What changed at this machine without anybody here doing it: line, lists, officers, notices."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.domain.ids import ApplicationId, TeacherId
from core.domain.school import Stage
from core.wire.client import ClientState
from kiosk.desk.contacts import read_contact
from kiosk.desk.disk import Disk
from kiosk.desk.equipment import Equipment
from kiosk.desk.left_cards import read_left_cards
from kiosk.desk.records import read_record
from kiosk.desk.sealing import read_seal
from kiosk.desk.tidying import tidy_drafts
from kiosk.session.answer import ContactChanged, RecordChanged
from kiosk.session.contact import Contact
from kiosk.session.device import LinkChanged, StationChanged
from kiosk.session.station import LASTING, Link, LinkName, Station
from syncd.store.fault import StoreError
from syncd.store.identity import Identity
from syncd.store.link_state import LinkState

CLOCK_WRONG_MS = 30_000  # UX 4.9
TIDIED_EVERY = timedelta(hours=1)
NOTICES = "notices"
"""Name of the reference file with what the organisers publish."""
NAMES = {
    ClientState.UNENROLLED: LinkName.UNENROLLED,
    ClientState.CURRENT: LinkName.ONLINE,
    ClientState.SENDING: LinkName.UPLOADING,
    ClientState.WAITING: LinkName.WAITING,
    ClientState.OFFLINE: LinkName.OFFLINE,
    ClientState.STALE: LinkName.STALE,
    ClientState.CLOSED: LinkName.CLOSED,
    ClientState.FORKED: LinkName.FORKED,
    ClientState.SELF_ROLLBACK: LinkName.SELF_ROLLBACK,
    ClientState.REVOKED: LinkName.REVOKED,
}

News = LinkChanged | StationChanged | RecordChanged | ContactChanged


class Newspaper:
    """Compares the store with what was last told; ask about once a second."""

    def __init__(self, equipment: Equipment, disk: Disk) -> None:
        self._equipment = equipment
        self._disk = disk
        self._version: int | None = None
        self._station: Station | None = None
        self._link: Link | None = None
        self._watched: tuple[ApplicationId, Stage] | None = None
        self._tidied: datetime | None = None
        self._teacher: TeacherId | None = None
        self._contact = Contact()

    def watch(self, app: ApplicationId | None, stage: Stage | None) -> None:
        """Tell of this application from now on; None stops."""
        self._watched = None if app is None or stage is None else (app, stage)
        if self._watched is None:
            self._teacher = None

    def meet(self, teacher: TeacherId) -> None:
        """Tell how this teacher can be reached, until nothing is watched any more."""
        self._teacher, self._contact = teacher, Contact()

    def heard(self, told: ContactChanged) -> None:
        """This was told otherwise; what differs from it later is news."""
        if told.contact is not None:
            self._contact = told.contact

    def station(self) -> Station:
        """The machine as it stands now."""
        equipment = self._equipment
        identity, stored = equipment.store.identity.read(), equipment.store.reference.current()
        schools = () if identity is None else identity.schools
        reference = None if stored is None else stored.reference
        return Station(
            machine="" if identity is None else identity.name,
            season="" if identity is None else identity.season,
            schools=schools,
            school=None if reference is None or not schools else reference.schools.get(schools[0]),
            reference=reference,
            calendar=() if stored is None else stored.calendar,
            reference_at=None
            if stored is None
            else datetime.fromtimestamp(stored.snapshot.t / 1000, UTC),
            link=self._link_now(),
            has_officer=_has_officer(equipment, identity),
            contact=equipment.contact,
            seal=read_seal(equipment),
            server="" if identity is None else identity.server_url,
            display=equipment.display,
            notice="" if stored is None else stored.notices.get(NOTICES, ""),
            ground=equipment.ground,
            schemes=equipment.schemes,
            letters=equipment.lettering is not None,
            site=equipment.site,
            organiser=equipment.organiser,
            software=equipment.software,
            readings=equipment.readings,
            scales=equipment.scales,
            documents=() if equipment.press is None else equipment.press.documents,
            county_forms=() if equipment.press is None else equipment.press.county_forms,
            left_cards=read_left_cards(equipment),
        )

    def read(self, now: datetime) -> Iterator[News]:
        """What is new since the last time."""
        version = self._equipment.store.data_version()
        fresh, self._version = version != self._version, version
        if fresh:
            station = replace(self.station(), link=Link())
            if station != self._station:
                self._station = station
                yield StationChanged(at=now, station=replace(station, link=self._link_now()))
        elif self._resealed():
            yield StationChanged(at=now, station=replace(self.station(), link=self._link_now()))
        link = self._link_now()
        if link != self._link:
            self._link = link
            self._equipment.clock.correct(link.offset_ms)
            yield LinkChanged(at=now, link=link)
        if fresh and self._watched is None:
            self._tidy(now)
        if fresh and self._watched is not None:
            app, stage = self._watched
            yield RecordChanged(at=now, record=read_record(self._equipment, app, stage))
        yield from self._reached(now)

    def _reached(self, now: datetime) -> Iterator[ContactChanged]:
        if self._teacher is None:
            return
        contact = read_contact(self._equipment, self._teacher)
        if contact != self._contact:
            self._contact = contact
            yield ContactChanged(at=now, teacher=self._teacher, contact=contact)

    def _tidy(self, now: datetime) -> None:
        """Now and then, while nobody works here, drafts that have done their work go."""
        if self._tidied is not None and now - self._tidied < TIDIED_EVERY:
            return
        self._tidied = now
        with suppress(StoreError):  # it is tried again, and nobody waits for it
            tidy_drafts(self._equipment)

    def _resealed(self) -> bool:
        """Whether an officer has signed here since: what this program writes is no news else."""
        station = self._station
        if station is None or station.seal is None:
            return False
        seal = read_seal(self._equipment)
        self._station = replace(station, seal=seal)
        return seal != station.seal

    def _link_now(self) -> Link:
        store = self._equipment.store
        state, sight = store.link_state.read(), store.link_state.sight()
        return Link(
            name=self._name(state),
            pending=store.outbox.pending(),
            compared=None if sight is None else datetime.fromtimestamp(sight.server_ms / 1000, UTC),
            offset_ms=state.offset_ms or 0,
            attention=state.attention,
            busy=store.link_state.pace_ms() > 0,
        )

    def _name(self, state: LinkState) -> LinkName:
        """One word for all that may be true at once: the worst."""
        name = NAMES[state.client]
        if name is LinkName.UNENROLLED and self._equipment.store.identity.read() is not None:
            name = LinkName.OFFLINE  # the daemon has not looked yet
        if name in LASTING:
            return name
        if self._disk.full:
            return LinkName.FULL
        if abs(state.offset_ms or 0) > CLOCK_WRONG_MS:
            return LinkName.CLOCK
        return name if state.attention is None else LinkName.BLOCKED


def _has_officer(equipment: Equipment, identity: Identity | None) -> bool:
    """Whether somebody certified for a school of this machine could witness a first use."""
    if identity is None:
        return False
    return any(
        set(each.certificate.schools) & set(identity.schools)
        for each in equipment.store.officers.all()
    )
