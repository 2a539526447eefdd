"""The drill: a server is lost after its last backup, and nothing that was receipted is (2.12).

Real parts: the server as a process that is killed, its commands, and the daemon of each kiosk with
its encrypted store. Only the kiosks' clocks are in our hand.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace

import msgspec
import pytest

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.client import ClientState
from core.wire.document import open_document
from core.wire.event import decode_frame, read_event
from core.wire.identity import Certificate
from core.wire.kind import BeaconSeen, Epoch, InboxSeen, Revision
from server.keeping.reconciliation import reconcile
from server.keeping.restore import restore, try_backup
from server.keeping.resumption import rest
from server.keeping.sealed import BackupError
from server.keys import read_keys
from server.store import identities, tables
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.season_tables import console_session
from server.store.settings import read_epoch
from server.views.check import check_views
from syncd.client import Client
from syncd.store.database import open_store as open_station
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState
from syncd.store.outbox import Delivery
from tests.fakes.centre import Centre as FakeCentre
from tests.fakes.device import Device, make_teacher
from tests.server.keeping.conftest import Keeper
from tests.server.log_of_a_season import Desk
from tests.server.process import Server
from tests.server.running import read_rows
from tests.syncd.centre import Centre, key
from tests.syncd.daemon import Daemon
from tests.syncd.machine import STORE_KEY, TestClock, identity_of

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR_MS = 3_600_000
SEAL = b"c" * 32


class Kiosk:
    """One machine: its store, its daemon, and people who submit."""

    def __init__(self, number, centre, folder):
        self.number = number
        self.key = key(f"kiosk {number}")
        self.clock = TestClock()
        self.store = open_station(folder / f"kiosk-{number}.db", STORE_KEY)
        self.identity = identity_of(centre, self.key)
        with self.store.transaction():
            self.store.identity.write(self.identity)
            self.store.link_state.write(LinkState(client=ClientState.OFFLINE))
        self.people = Device(FakeCentre(number), "013601")
        self.submitted = 0
        self.client = self.daemon = None

    def connect(self, address):
        self.client = Client(address)
        self.daemon = Daemon(self.store, self.client, self.clock, log_key=self.key)

    def submit(self, count):
        """Somebody hands in an application, ``count`` times."""
        for _ in range(count):
            self.submitted += 1
            teacher = make_teacher(self.number * 100 + self.submitted, "013601")
            made = self.people.revise(teacher)
            entry = Entry(
                kind="app.revise",
                body=msgspec.convert(made.event.body, Revision),
                who=made.event.who,
                payload=made.frame.payload,
            )
            with self.store.transaction():
                self.store.ledger.append(entry, self.clock(), self.key)

    async def settle(self, minutes=10):
        await self.daemon.pass_ms(minutes * 60_000, step_ms=20_000)

    def log(self):
        return [link.hash for link in self.store.ledger.links(1, 10_000)]

    def receipts(self):
        """Hashes of own entries that the server gave a receipt for."""
        links = self.store.ledger.links(1, 10_000)
        return {each.hash for each in links if self.store.outbox.receipt(each.event.seq)}

    def deliveries(self):
        return {
            self.store.outbox.delivery(each.event.seq)
            for each in self.store.ledger.links(1, 10_000)
        }

    def inbox(self):
        return [each.hash for each in self.store.inbox.since(0, 10_000)]


async def command(root, *words, code=0):
    """Run ``jiepin server …``; its JSON."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(root / "jiepin.py"),
        "server",
        *words,
        "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    out, err = await process.communicate()
    assert process.returncode == code, err.decode()
    return json.loads(out) if out else {}


def write_home(home, centre):
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "beacon.key").write_bytes(centre.beacon.private)
    (home / "keys" / "receipt.key").write_bytes(centre.receipt.private)
    (home / "trust.ttc").write_bytes(centre.signed_trust)


def certify(store, centre, kiosks):
    enrol = {centre.enrol.id: centre.enrol.public}
    with store.writing() as connection:
        for each in kiosks:
            signed = each.identity.certificate
            content = open_document(SignatureType.CERTIFICATE, signed, Certificate, enrol)
            identities.add_certificate(connection, signed, content, 0)


def rows_of(url, table):
    store = open_store(url)
    try:
        with store.reading() as connection:
            return read_rows(connection, table)
    finally:
        store.close()


@pytest.fixture
async def country(database_url, tmp_path, root):
    """A running server and three kiosks that it knows."""
    centre = Centre()
    home = tmp_path / "home"
    write_home(home, centre)
    (tmp_path / "seal.key").write_bytes(SEAL)
    (tmp_path / "backups").mkdir()
    kiosks = [Kiosk(number, centre, tmp_path) for number in range(1, 4)]
    store = open_store(database_url)
    migrate(store)
    certify(store, centre, kiosks)
    store.close()
    server = Server(home, database_url, root)
    address = await server.start()
    for each in kiosks:
        each.connect(address)
        await each.client.__aenter__()
    yield server, kiosks
    for each in kiosks:
        await each.client.__aexit__(None, None, None)
        each.store.close()
    if server.process.returncode is None:
        await server.stop(signal.SIGTERM)


async def test_every_receipt_is_backed_again_after_the_server_was_lost(
    country, database_url, empty_url, tmp_path, root
):
    server, kiosks = country
    first, second, third = kiosks
    where = ["--home", str(server.home), "--database", database_url]
    for each in kiosks:
        each.submit(3)
        await each.settle()
    made = await command(root, "backup", *where, "--to", str(tmp_path / "backups"))
    first.submit(4)
    second.submit(2)
    for each in (first, second):  # the third is not heard from again for a while
        await each.settle()
    issued = {row["eh"] for row in rows_of(database_url, tables.receipt)}
    told = {each.number: each.inbox() for each in kiosks}
    first.submit(1)

    port = server.address.read_text().strip().rsplit(":", 1)[1]
    await server.stop(signal.SIGKILL)
    now = ["--home", str(server.home), "--database", empty_url]
    restored = await command(
        root, "restore", *now, "--from", made["file"], "--key", str(tmp_path / "seal.key")
    )
    server.database_url = empty_url
    before = await command(root, "reconcile", *now, code=1)
    await server.start(f"127.0.0.1:{port}")
    for each in (first, second):
        await each.settle(30)
    between = await command(root, "reconcile", *now, code=1)
    await third.settle(30)
    again = await command(root, "backup", *now, "--to", str(tmp_path / "backups"))
    for each in kiosks:
        await each.settle(90)
    after = await command(root, "reconcile", *now)

    assert restored["awaited"] == 3
    assert restored["entries"] == made["entries"] == before["backed_up"]
    assert len(before["awaited"]) == 3
    assert [each["device"] for each in between["awaited"]] == [third.identity.device.hex()]
    assert after["zero"]
    assert after["backed_up"] == again["entries"]
    entries = rows_of(empty_url, tables.event)
    stored = {row["eh"] for row in entries}
    assert issued <= stored
    for each in kiosks:
        assert each.receipts() <= stored
        assert len(each.receipts()) == each.submitted
        mine = [row for row in entries if row["dev"] == each.identity.device]
        ours = [row["eh"] for row in sorted(mine, key=lambda row: row["seq"])]
        assert ours == each.log()[: len(ours)]
        assert each.daemon.kinds().count("server.epoch") == 1
        assert each.inbox()[: len(told[each.number])] == told[each.number]
        assert len(each.inbox()) > len(told[each.number]) or each is third
        assert Delivery.BACKED_UP in each.deliveries()
        assert "chore_refused" not in each.daemon.journal.events()
    store = open_store(empty_url)
    assert check_views(store).equal
    store.close()


@ON_ONE
def test_a_database_that_is_there_is_never_written_over(keeper: Keeper):
    made = keeper.back_up()

    with pytest.raises(BackupError, match="database_exists"):
        keeper.begin_anew(made.file, keeper.url)


@ON_ONE
def test_a_restored_server_has_a_new_life_and_nobody_is_logged_in(keeper: Keeper, empty_url):
    with keeper.store.writing() as connection:
        connection.execute(
            tables.metadata.tables["account"]
            .insert()
            .values(
                login="amy",
                name="王科員",
                role="centre",
                verifier=b"v",
                salt=b"s",
                tries=0,
                locked_until_ms=0,
                created_ms=0,
            )
        )
        connection.execute(
            console_session.insert().values(
                id=bytes(32), account="amy", created_ms=0, seen_ms=0, ends_ms=2**40
            )
        )
    made = keeper.back_up()

    restored = keeper.begin_anew(made.file, empty_url)

    store = open_store(empty_url)
    with store.reading() as connection, keeper.store.reading() as old:
        assert read_epoch(connection) == restored.epoch != read_epoch(old)
        assert read_rows(connection, console_session) == []
        assert read_rows(connection, tables.event) == read_rows(old, tables.event)
        assert len(read_rows(connection, tables.backup)) == 1
        heads = read_rows(connection, tables.head)
    assert all(row["durable"] == row["seq"] for row in heads)
    assert restored.awaited == len(keeper.season.devices)
    assert check_views(store).equal
    store.close()


@ON_ONE
def test_a_key_that_is_not_the_centres_opens_nothing_and_leaves_nothing(keeper, empty_url):
    made = keeper.back_up()
    wanted = keeper.wanted(made.file, empty_url, seal_key=SigningKey(bytes(32)).private)
    before = sorted(path.name for path in keeper.home.parent.rglob("*"))

    with pytest.raises(ValueError, match="sealed for another key"):
        restore(wanted)

    assert sorted(path.name for path in keeper.home.parent.rglob("*")) == before


def told(store, dev):
    """The inbox of a machine as ``(seq, prev)``, in order."""
    with store.reading() as connection:
        rows = [row for row in read_rows(connection, tables.inbox) if row["dev"] == dev]
    entries = [read_event(decode_frame(row["frame"])) for row in rows]
    return [(each.seq, each.prev) for each in entries]


def test_an_inbox_rests_until_its_machine_has_said_what_it_holds(keeper, empty_url):
    season, device = keeper.season, keeper.season.devices[1]
    made = keeper.back_up()
    number = season.devices.index(device)
    held = bytes(range(32))
    device.add("inbox.seen", InboxSeen(seq=40, head=held))
    restored = keeper.begin_anew(made.file, empty_url)
    store = open_store(empty_url)
    desk = Desk(season, store)
    desk.now_ms = keeper.clock.now_ms
    before = told(store, device.id)
    device.revise(make_teacher(9))

    desk.arrive([(number, seq) for seq in range(1, len(device.links) + 1)])
    resting = told(store, device.id)
    device.add("server.epoch", Epoch(epoch=bytes(8)))
    desk.arrive([(number, len(device.links))])
    still = told(store, device.id)
    device.add("server.epoch", Epoch(epoch=restored.epoch))
    desk.arrive([(number, len(device.links))])

    after = told(store, device.id)
    assert before == resting == still
    assert after[len(before)] == (41, held)
    assert [seq for seq, _ in after[len(before) :]] == list(
        range(41, 41 + len(after) - len(before))
    )
    with store.reading() as connection:
        assert device.id not in {
            row["dev"] for row in read_rows(connection, tables.deferred_notice)
        }
        assert device.id not in {each.dev for each in reconcile(connection).awaited}
    store.close()


@ON_ONE
def test_a_beacon_of_the_restored_server_says_it_too(keeper, empty_url):
    """The machine may have been cut off between meeting the new epoch and writing it down."""
    device = keeper.season.devices[2]
    made = keeper.back_up()
    keeper.begin_anew(made.file, empty_url)
    store = open_store(empty_url)
    desk = Desk(keeper.season, store)
    began = keeper.clock.now_ms
    awaited = []

    for t in (began - 1, began):
        device.add("beacon", BeaconSeen(digest=bytes(32), t=t))
        desk.arrive([(2, len(device.links))])
        with store.reading() as connection:
            awaited.append(device.id in {each.dev for each in reconcile(connection).awaited})

    assert awaited == [True, False]
    store.close()


@ON_ONE
def test_a_machine_that_brings_its_certificate_back_rests_too(keeper, empty_url):
    made = keeper.back_up()
    late, held = Device(keeper.season.centre), b"h" * 32
    keeper.season.devices.append(late)
    late.add("inbox.seen", InboxSeen(seq=3, head=held))
    late.revise(make_teacher(8))
    restored = keeper.begin_anew(made.file, empty_url)
    late.add("server.epoch", Epoch(epoch=restored.epoch))
    store = open_store(empty_url)
    desk = Desk(keeper.season, store)
    desk.certify(late)
    with store.writing() as connection:
        rest(connection, late.id)

    desk.arrive([(len(keeper.season.devices) - 1, seq) for seq in (1, 2, 3)])

    assert told(store, late.id)[0] == (4, held)
    store.close()


@ON_ONE
def test_a_backup_that_an_earlier_receipt_key_vouches_for_is_good(keeper, empty_url):
    made = keeper.back_up()
    keys = read_keys(keeper.home)
    other = SigningKey(b"r" * 32)
    trust = msgspec.structs.replace(keys.trust, v=2, receipt=(other.public,))
    renewed = replace(keys, receipt=other, trust=trust, steps={1: keys.signed_trust})
    forgetful = replace(renewed, steps={})

    assert try_backup(keeper.wanted(made.file, empty_url, keys=renewed)) == made.contents
    with pytest.raises(BackupError, match="checkpoint"):
        try_backup(keeper.wanted(made.file, empty_url, keys=forgetful))
