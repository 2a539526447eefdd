"""A machine becomes one of ours (PROTOCOL 2.6): keys, form, code, certificate.

Interrupted and repeated.
"""

import os
import resource
import stat

import msgspec
import pytest
from aiohttp import web

from core.sealing import KEY_BYTES, code_proof
from core.wire.canon import from_wire
from core.wire.chain import Head
from core.wire.client import ClientState
from core.wire.document import split_document
from core.wire.identity import EnrolmentForm, certificate_hash
from syncd.client import Client
from syncd.enrolment import Applicant, Enrolment, EnrolmentError
from syncd.station import (
    Settings,
    StationError,
    create_station,
    read_credential,
    read_root,
    read_settings,
    read_station,
)
from syncd.store.audit import AuditCode
from tests.syncd.centre import Centre, key
from tests.syncd.machine import append
from tests.syncd.small_server import SmallServer

CODE = "7H2K-9QD3-XW5T"
KIOSK = Applicant(name="KH-0231", schools=("013601",), software="0.1.0")


@pytest.fixture
async def server(centre, aiohttp_server):
    small = SmallServer(centre)
    running = await aiohttp_server(small.app())
    small.url = str(running.make_url("/"))
    return small


@pytest.fixture
def station(tmp_path, centre, server):
    settings = Settings(server=server.url, name=KIOSK.name)
    return create_station(tmp_path / "station", settings, centre.root_file)


@pytest.fixture
async def client(server):
    async with Client(server.url) as opened:
        yield opened


def desk(server, after=1):
    """A sleep during which the county desk grants everything, the ``after``-th time."""
    naps = []

    async def sleep(pause_s):
        naps.append(pause_s)
        if len(naps) >= after:
            server.grant_all()

    sleep.naps = naps
    return sleep


async def test_a_machine_asks_waits_and_becomes_what_the_grant_says(
    station, server, client, centre, clock
):
    enrolment = Enrolment(station, client, desk(server, after=3))

    grant = await enrolment.obtain(KIOSK, CODE, 60)
    with station.open_store() as store:
        identity = enrolment.accept(store, grant, clock)

        assert store.identity.read() == identity
        assert identity.season_secret == centre.season_secret
        assert (identity.season, identity.schools, identity.inc) == ("115", ("013601",), 1)
        assert store.link_state.read().client is ClientState.OFFLINE
        assert store.ledger.head() == Head(inc=1, seq=0, hash=certificate_hash(grant.certificate))
        assert store.audit.newest(1)[0].code is AuditCode.DEVICE_ENROLLED
        assert append(store, log_key=station.log_key).event.dev == identity.device


async def test_keys_are_made_once_readable_by_nobody_else_and_never_replaced(
    station, tmp_path, centre
):
    folder = tmp_path / "station"
    before = {path.name: path.read_bytes() for path in (folder / "credentials").iterdir()}

    create_station(folder, Settings(server="http://other", name="KH-0231"), centre.root_file)

    after = {path.name: path.read_bytes() for path in (folder / "credentials").iterdir()}
    assert set(before) == {"store.key", "log.key", "seal.key"}
    assert after == before
    for path in [folder / "credentials", *(folder / "credentials").iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert read_settings(folder).server == "http://other"
    assert station.log_key.private.hex() not in repr(station)


async def test_the_code_itself_is_never_sent_or_stored(station, server, client):
    enrolment = Enrolment(station, client, desk(server))
    await enrolment.obtain(KIOSK, CODE, 60)

    kept = (station.folder / "enrolment.ttc").read_bytes()

    form = from_wire(kept, EnrolmentForm)
    body, _ = split_document(form.request)
    assert form.proof == code_proof("7h2k 9qd3 xw5t", body)
    assert CODE.encode() not in kept
    assert CODE.replace("-", "").encode() not in kept


async def test_an_interrupted_enrolment_sends_the_same_form_again(station, server, client):
    """A one-time code counts for one form."""
    with pytest.raises(EnrolmentError, match="undecided"):
        await Enrolment(station, client, desk(server, after=99)).obtain(KIOSK, CODE, 3)

    await Enrolment(station, client, desk(server)).obtain(KIOSK, CODE, 60)

    first, second = server.forms.values()
    assert first == second


async def test_another_code_makes_another_form(station, server, client):
    with pytest.raises(EnrolmentError):
        await Enrolment(station, client, desk(server, after=99)).obtain(KIOSK, "WRONG", 3)

    await Enrolment(station, client, desk(server)).obtain(KIOSK, CODE, 60)

    first, second = server.forms.values()
    assert first != second


async def test_without_a_line_it_keeps_asking_and_then_says_so(station, server):
    server.misbehave("enrol", *["<html>"] * 3)
    async with Client("http://127.0.0.1:9") as nobody:
        with pytest.raises(EnrolmentError, match="offline"):
            await Enrolment(station, nobody, desk(server)).obtain(KIOSK, CODE, 5)


async def test_a_bad_line_is_survived(station, server, client):
    server.misbehave("enrol", 500, "<html>", lambda _posted: web.Response())

    grant = await Enrolment(station, client, desk(server, after=6)).obtain(KIOSK, CODE, 60)

    assert grant.trust == server.centre.signed_trust


async def test_a_server_that_forgot_the_form_gets_it_again(station, server, client):
    async def sleep(_pause_s):
        if len(server.asked) == 1:
            server.forms.clear()
        else:
            server.grant_all()

    await Enrolment(station, client, sleep).obtain(KIOSK, CODE, 60)

    assert server.asked.count("enrol") >= 4


async def test_a_refusal_is_final_and_forgets_the_form(station, server, client):
    async def sleep(_pause_s):
        server.refused |= set(server.forms)

    with pytest.raises(EnrolmentError, match="refused"):
        await Enrolment(station, client, sleep).obtain(KIOSK, CODE, 60)

    assert not (station.folder / "enrolment.ttc").exists()


def forged(centre, what, request):
    """Grants that must not be believed."""
    good = centre.grant(request)
    stranger = Centre(roots=tuple(key(f"thief-{n}") for n in range(3)), enrol=key("thief"))
    replace = msgspec.structs.replace
    return {
        "another centre": stranger.grant(request),
        "another desk": replace(good, certificate=stranger.certificate(request.key)),
        "another machine": centre.grant(replace(request, key=key("other").public)),
        "an officer": replace(
            good, certificate=centre.certificate(request.key, subject="officer", holder=b"h" * 16)
        ),
        "no season": replace(good, sealed=None),
        "sealed for another": centre.grant(replace(request, seal=key("x").public)),
        "another season": replace(
            good, certificate=centre.certificate(request.key, seasons=("116",))
        ),
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "another centre",
        "another desk",
        "another machine",
        "an officer",
        "no season",
        "sealed for another",
        "another season",
    ],
)
async def test_a_grant_that_is_not_for_this_machine_is_not_believed(
    station, server, client, clock, what
):
    enrolment = Enrolment(station, client, desk(server, after=1))
    await enrolment.obtain(KIOSK, CODE, 60)
    (request,) = server.forms.values()

    with station.open_store() as store:
        with pytest.raises(EnrolmentError, match="grant_"):
            enrolment.accept(store, forged(server.centre, what, request), clock)

        assert store.identity.read() is None


def test_a_disk_that_was_full_leaves_no_half_made_key(tmp_path, centre):
    """Enrolment can be repeated: a key file without a key would stand in its way for good."""
    settings = Settings(server="http://127.0.0.1:1", name="KH-0231")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (KEY_BYTES // 2, most))
    try:
        with pytest.raises(StationError, match="無法寫入"):
            create_station(tmp_path / "new", settings, centre.root_file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    made = create_station(tmp_path / "new", settings, centre.root_file)

    assert len(made.log_key.private) == KEY_BYTES
    assert {path.name for path in (made.folder / "credentials").iterdir()} == {
        "store.key",
        "log.key",
        "seal.key",
    }


async def test_a_form_that_cannot_be_read_any_more_is_made_anew(station, server, client):
    (station.folder / "enrolment.ttc").write_bytes(b"rotten")

    with pytest.raises(EnrolmentError, match="undecided"):
        await Enrolment(station, client, desk(server, after=99)).obtain(KIOSK, CODE, 1)

    assert len(server.forms) == 1


def test_a_folder_that_is_no_station_is_told(tmp_path):
    with pytest.raises(StationError):
        read_station(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"threshold": 1, "keys": []}',
        b'{"threshold": 0, "keys": ["00"]}',
        b'{"threshold": 1, "keys": ["no hex"]}',
    ],
)
def test_root_keys_that_could_vouch_for_nothing_are_refused(tmp_path, content):
    path = tmp_path / "root.json"
    path.write_bytes(content)

    with pytest.raises(StationError):
        read_root(path)


async def test_the_kiosks_own_settings_survive_a_new_enrolment(station):
    path = station.folder / "station.json"
    path.write_text('{"server": "http://a", "name": "b", "reader": "virtual"}', encoding="utf-8")

    create_station(station.folder, station.settings, (station.folder / "root.json").read_bytes())

    assert msgspec.json.decode(path.read_bytes())["reader"] == "virtual"
    path.write_bytes(b"broken")
    with pytest.raises(StationError):
        create_station(station.folder, station.settings, b"{}")


async def test_keys_come_from_systemd_when_it_gives_them(station, tmp_path, monkeypatch):
    """PROTOCOL 5.4: delivered to the two services by LoadCredentialEncrypted."""
    given = tmp_path / "given"
    given.mkdir()
    for name in ("store.key", "log.key", "seal.key"):
        (given / name).write_bytes(os.urandom(32))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))

    assert read_station(station.folder).store_key == (given / "store.key").read_bytes()
    (given / "store.key").write_bytes(b"short")
    with pytest.raises(StationError):
        read_credential(station.folder, "store.key")
