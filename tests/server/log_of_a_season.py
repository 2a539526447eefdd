"""A small season on several machines, appended in any order of arrival, without HTTP."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from core.signature import SignatureType
from core.wire.document import open_document
from core.wire.identity import Certificate
from server.appending import Appender, Outcome
from server.config import Limits
from server.directory import Directory
from server.judging import Judge
from server.key_changes import Watch
from server.store import identities
from server.store.database import Store
from server.store.tables import VIEWS
from server.upload import Upload, open_batch, verify_batch
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS, Device, Officer, make_officer, make_teacher
from tests.server.running import read_rows

ARRIVAL_COLUMNS = {"recv_ms"}
SEASON_SEED = 7
Arrival = tuple[int, int]
"""Number of a machine, and the entry of its log that arrives."""


class Season:
    """Three machines of one school and one of another; what they say depends on each other.

    One teacher solves a conflict, one takes her application back, one takes it back and comes
    again, one has two versions that stand against each other.
    """

    def __init__(self) -> None:
        self.centre = Centre(SEASON_SEED)
        self.officer = make_officer(self.centre)
        self.late = make_officer(self.centre)
        self.devices = [Device(self.centre) for _ in range(3)]
        self.devices.append(Device(self.centre, "354601"))
        first, second, third, other = self.devices
        amy, bob, eve, dee, fay = (make_teacher(number) for number in range(1, 6))
        first.add_boot()
        first.register(amy, self.officer)
        claim = first.claim(amy)
        one = first.revise(amy, claim=claim)
        two = second.revise(amy, claim=claim, parents=(one.hash,), version=2)
        apart = third.revise(amy, version=2, parents=(one.hash,))
        yes = second.decide(self.officer, one)
        third.decide(self.late, apart)
        first.revise(amy, kind="app.resolve", version=3, parents=(two.hash, apart.hash))
        second.revise(bob)
        third.register(bob, self.late)
        first.decide(self.officer, one, approve=False, earlier=(yes.hash,))
        other.revise(eve, claim=other.claim(eve, school="354601"))
        other.decide(self.officer, two)
        third.withdraw(bob, second.links[-1].hash)
        second.register(dee, self.officer)
        first.revise(dee)
        third.revise(dee)
        first.register(fay, self.officer)
        again = first.claim(fay)
        sent = second.revise(fay, claim=again)
        first.decide(self.officer, sent)
        back = third.withdraw(fay, sent.hash)
        second.revise(fay, claim=again, parents=(back.hash,), version=3)

    def chains(self) -> list[list[Arrival]]:
        """Per machine its entries, which arrive in their order."""
        return [
            [(number, seq) for seq in range(1, len(device.links) + 1)]
            for number, device in enumerate(self.devices)
        ]


class Desk:
    """Puts machines, officers and batches into a migrated database."""

    def __init__(self, season: Season, store: Store) -> None:
        self.season = season
        self.store = store
        self.now_ms = NOON_MS
        self.directory = Directory()
        self.calm = True
        self.judge = Judge(
            self.directory, season.centre.receipt, lambda: self.now_ms, lambda: self.calm
        )
        self.append = Appender(self.judge, Limits(), lambda: self.now_ms, Watch(self.directory))

    def certify(self, *members: Device | Officer) -> None:
        """Make members known."""
        enrol = {self.season.centre.enrol.id: self.season.centre.enrol.public}
        with self.store.writing() as connection:
            for member in members:
                content = open_document(
                    SignatureType.CERTIFICATE, member.certificate, Certificate, enrol
                )
                identities.add_certificate(connection, member.certificate, content, self.now_ms)

    def arrive(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Append entries in the order given, one batch each, in one transaction."""
        self.now_ms += 1
        with self.store.writing() as connection:
            return self.append(connection, list(self.uploads(connection, arrivals)))

    def judge_some(self) -> None:
        """One turn of the chore."""
        with self.store.writing() as connection:
            self.judge(connection)

    def views(self) -> dict[str, list[dict[str, object]]]:
        """Every view, without the columns that tell when something arrived."""
        with self.store.reading() as connection:
            return {
                table.name: [
                    {name: row[name] for name in row if name not in ARRIVAL_COLUMNS}
                    for row in read_rows(connection, table)
                ]
                for table in VIEWS
            }

    def uploads(self, connection: Connection, arrivals: Sequence[Arrival]) -> Iterator[Upload]:
        """What these entries are as uploads of one each, verified by what is known."""
        for number, seq in arrivals:
            device = self.season.devices[number]
            data = device.batch(seq, seq)
            opened = open_batch(
                data, device.id, lambda dev, inc: self.directory.device(connection, dev, inc)
            )
            assert isinstance(opened, tuple)
            upload = verify_batch(data, *opened)
            assert isinstance(upload, Upload)
            yield upload
