"""A machine without a line comes back to a server that was restored (PROTOCOL 2.12, ADR 0021)."""

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from core.sealing import SigningKey
from core.wire.ack import Verdict
from core.wire.event import SYSTEM
from core.wire.fault import WireError
from core.wire.kind import Renewal
from core.wire.refile import REPLAY
from core.wire.rotation import KIND as ROTATION
from core.wire.rotation import rotation, statement
from core.wire.usb import documents_of, read_parcel
from server.config import ServerConfig
from server.store.settings import RESTORED_MS, write_number
from server.store.tables import certificate, refiled, verdict
from server.usb.intake import take
from syncd.store.ledger import Entry
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.server.running import start
from tests.usb.fake_stick import FakeStick
from tests.usb.kiosk import Kiosk
from tests.usb.sticks import parcel_of

DAY_MS = 86_400_000


@asynccontextmanager
async def restored(centre, tmp_path):
    """A server that knows nobody, in a later life; its keys are the same."""
    home = tmp_path / "restored"
    centre.write_home(home)
    async with start(ServerConfig(home=home), NOON_MS + DAY_MS, centre) as running:
        await running.context.store.write(
            lambda connection: write_number(connection, RESTORED_MS, NOON_MS)
        )
        yield running


async def journey(kiosk, server, centre):
    """One stick there and back."""
    stick = FakeStick()
    kiosk.export(stick)
    answers = []
    for data in stick.files.values():
        took = await take(server.context, (centre.seal,), data)
        answers.append(await kiosk.taking(took.answer))
        server.clock.now_ms += 60_000
    return answers


def decided(kiosk, officer):
    """A version and the officer's decision about it."""
    teacher = make_teacher(1)
    kiosk.register(teacher, officer)
    return kiosk.decide(officer, kiosk.submit(teacher))


async def test_it_brings_its_certificates_and_everything_is_there_again(
    kiosk, server, centre, tmp_path
):
    officer = make_officer(centre)
    await server.enrol(kiosk.device, officer)
    kiosk.store.officers.add(officer.certificate)
    decision = decided(kiosk, officer)
    await journey(kiosk, server, centre)
    known = kiosk.hashes()

    async with restored(centre, tmp_path) as anew:
        for _ in range(3):
            await journey(kiosk, anew, centre)

        assert (await anew.log_of(kiosk.device))[: len(known)] == known
        verdicts = {row["eh"]: row["verdict"] for row in await anew.rows(verdict)}
        assert verdicts[decision.hash] == Verdict.VALID
        assert len(await anew.rows(certificate)) == 2
    assert "server.epoch" in kiosk.kinds()


async def test_an_officers_name_is_not_to_be_read_on_the_stick(kiosk, centre):
    officer = make_officer(centre)
    kiosk.store.officers.add(officer.certificate)
    kiosk.boot()
    stick = FakeStick()

    kiosk.export(stick)

    (data,) = stick.files.values()
    assert documents_of(data) == (kiosk.device.certificate,)
    assert "王主任".encode() not in data


async def test_a_renewed_machine_carries_what_its_older_logs_had_sent(
    kiosk, server, centre, tmp_path
):
    """As on the line: what the server lost of an older incarnation nobody else has."""
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    await journey(kiosk, server, centre)
    older = kiosk.hashes()
    later = renew(kiosk, centre)
    await server.enrol(later.device)
    await journey(later, server, centre)

    async with restored(centre, tmp_path) as anew:
        for _ in range(3):
            await journey(later, anew, centre)

        assert set(older) <= {row["eh"] for row in await anew.rows(refiled)}
    assert later.kinds().count(REPLAY) == len(older)


def renew(kiosk, centre):
    """The machine's next incarnation, as `syncd.renewal` begins it."""
    device, head = kiosk.device.branch(0), kiosk.store.ledger.head()
    device.key, device.inc = SigningKey(b"2" * 32), 2
    device.certificate, _ = centre.certify(device.key, id=device.id, schools=device.schools, inc=2)
    identity = kiosk.store.identity.read()
    with kiosk.store.transaction():
        kiosk.store.identity.write(replace(identity, inc=2, certificate=device.certificate))
    later = Kiosk(device=device, store=kiosk.store, clock=kiosk.clock)
    said = Renewal(inc=1, seq=head.seq, head=head.hash, reason="forked")
    later.append("device.renew", said)
    return later


async def test_a_copy_left_in_an_old_incarnation_hands_its_log_in(server, centre):
    """Its certificate travels with it; it opens a log that is closed."""
    device = Device(centre)
    device.add_boot()
    later = device.branch(0)
    later.key, later.inc = SigningKey(b"2" * 32), 2
    later.certificate, _ = centre.certify(later.key, id=device.id, inc=2)
    await server.enrol(later)
    data = parcel_of(device, centre, purpose="evidence", documents=(device.certificate,))

    took = await take(server.context, (centre.seal,), data)

    assert took.code == "ok"


class TestAnotherKey:
    """A parcel that begins behind a change of key, for a centre that forgot the change."""

    @pytest.fixture
    def device(self, centre):
        device = Device(centre)
        device.add_boot()
        self.first, self.second = device.key, SigningKey(b"n" * 32)
        place = (device.id, 1, 2, device.head.hash)
        self.changed = device.add(ROTATION, rotation(place, self.first, self.second))
        device.key = self.second
        device.add_boot()
        return device

    def read(self, centre, device, *documents):
        data = parcel_of(device, centre, 3, documents=documents)
        return read_parcel(data, lambda *_: self.first.public, (centre.seal,))

    def test_both_keys_word_for_it_is_enough(self, centre, device):
        word = statement(self.changed.event, self.first.public)

        assert self.read(centre, device, b"nonsense", word).manifest.first == 3

    def test_without_it_nobody_knows_who_wrote(self, centre, device):
        with pytest.raises(WireError, match="signature"):
            self.read(centre, device)

    def test_the_word_for_another_log_says_nothing(self, centre, device):
        other = replace(self.changed, event=replaced(self.changed.event, inc=2))

        with pytest.raises(WireError, match="signature"):
            self.read(centre, device, statement(other.event, self.first.public))

    def test_an_export_carries_it(self, kiosk):
        before = kiosk.device.key
        kiosk.boot()
        place = (kiosk.device.id, 1, 2, kiosk.store.ledger.head().hash)
        after = SigningKey(b"n" * 32)
        with kiosk.store.transaction():
            body = rotation(place, before, after)
            entry = Entry(kind=ROTATION, body=body, who=SYSTEM)
            kiosk.store.ledger.append(entry, kiosk.clock(), before)
            kiosk.store.identity.change_log_key(after.public)
        kiosk.device.key = after
        kiosk.boot()
        stick = FakeStick()

        kiosk.export(stick)

        changed = kiosk.store.ledger.newest(ROTATION)
        (data,) = stick.files.values()
        word = statement(changed.event, before.public)
        assert documents_of(data) == (kiosk.device.certificate, word)


def replaced(event, **changes):
    """The same entry with another field; its proofs are no longer for it."""
    return type(event)(**{name: getattr(event, name) for name in event.__struct_fields__} | changes)
