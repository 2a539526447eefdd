"""Files of the log key, and the commands that change it."""

import fcntl
from contextlib import suppress

import pytest
from typer.testing import CliRunner

from core.wire.client import ClientState
from syncd.commands import app
from syncd.log_keys import new_log_key, older_log_keys, rotate_log_key, settled
from syncd.station import (
    DAEMON_LOCK,
    KIOSK_LOCK,
    STORE,
    Settings,
    StationError,
    create_station,
    read_station,
)
from syncd.store.database import open_store
from syncd.store.fault import StoreLocked, WritingStopped
from syncd.store.link_state import LinkState
from syncd.store.moment import read_moment
from tests.syncd.machine import TestClock, identity_of

COMMAND = CliRunner()


@pytest.fixture
def station(tmp_path, centre):
    """An enrolled station's folder."""
    settings = Settings(server="http://127.0.0.1:1", name="KH-0231")
    made = create_station(tmp_path / "station", settings, centre.root_file)
    with made.open_store() as store, store.transaction():
        store.identity.write(identity_of(centre, made.log_key))
        store.link_state.write(LinkState(client=ClientState.OFFLINE))
    return made


def test_a_change_is_in_the_log_and_the_old_key_is_kept(station):
    with station.open_store() as store:
        fresh = rotate_log_key(station, store, TestClock())

        assert store.ledger.newest("key.rotate").event.seq == 1
        assert store.ledger.key_at(1) == station.log_key.public
        assert store.ledger.key_at(2) == fresh.log_key.public
        store.check()
    assert older_log_keys(fresh) == (station.log_key,)


def test_changed_twice_both_old_keys_are_kept(station):
    with station.open_store() as store:
        second = rotate_log_key(station, store, TestClock())
        third = rotate_log_key(second, store, TestClock())

        keys = [store.ledger.key_at(seq) for seq in (1, 2, 3)]
        assert keys == [each.log_key.public for each in (station, second, third)]
    assert set(older_log_keys(third)) == {station.log_key, second.log_key}


def test_a_key_under_way_is_not_thrown_away_by_a_command_that_comes_in_between(station):
    """`jiepin syncd usb` may be called while the key changes; it finds the file laid by."""
    with (
        station.open_store() as store,
        open_store(station.folder / STORE, station.store_key, busy_ms=1) as other,
    ):

        def clock():
            with suppress(StoreLocked):
                settled(station, other)
            return TestClock()()

        rotate_log_key(station, store, clock)

        assert read_station(station.folder).log_key.public == store.identity.read().log_key


def test_a_key_the_system_provides_is_not_changed_here(station, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(station.folder / "credentials"))

    with station.open_store() as store:
        for change in (
            lambda: new_log_key(station),
            lambda: rotate_log_key(station, store, TestClock()),
        ):
            with pytest.raises(StationError, match="CREDENTIALS_DIRECTORY"):
                change()
        assert settled(station, store) == station


def test_a_stopped_log_does_not_change_its_key(station):
    with station.open_store() as store:
        store.link_state.write(LinkState(client=ClientState.FORKED))

        with pytest.raises(WritingStopped):
            rotate_log_key(station, store, TestClock())

        assert settled(station, store) == station


def test_before_enrolment_there_is_no_log_to_go_on(tmp_path, centre):
    settings = Settings(server="http://127.0.0.1:1", name="KH-0231")
    made = create_station(tmp_path / "new", settings, centre.root_file)

    with made.open_store() as store, pytest.raises(StationError, match="尚未註冊"):
        rotate_log_key(made, store, read_moment)


@pytest.mark.parametrize("lock", [DAEMON_LOCK, KIOSK_LOCK])
@pytest.mark.parametrize("command", ["rotate-key", "renew"])
def test_while_a_program_runs_its_key_does_not_change(station, lock, command):
    before = station.log_key
    with (station.folder / lock).open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = COMMAND.invoke(app, [command, "--station", str(station.folder)], input="CODE\n")

    assert done.exit_code == 1
    assert "請先停止" in done.output
    assert (station.folder / "credentials" / "log.key").read_bytes() == before.private


@pytest.mark.parametrize("lock", [DAEMON_LOCK, KIOSK_LOCK])
def test_a_lock_that_cannot_be_opened_is_told_in_a_sentence(station, lock):
    """As on a disk that was mounted again read only, or after somebody ran a program as root."""
    (station.folder / lock).mkdir()

    done = COMMAND.invoke(app, ["rotate-key", "--station", str(station.folder)])

    assert done.exit_code == 1
    assert f"{station.folder}：無法寫入" in done.output


def test_the_command_changes_the_key(station):
    done = COMMAND.invoke(app, ["rotate-key", "--station", str(station.folder)])

    assert done.exit_code == 0, done.output
    assert (station.folder / "credentials" / "log.key").read_bytes() != station.log_key.private


def test_a_renewal_needs_a_code(station):
    done = COMMAND.invoke(app, ["renew", "--station", str(station.folder)], input="")

    assert (done.exit_code, "一次性代碼" in done.output) == (1, True)


def test_a_healthy_machine_is_not_renewed(station):
    done = COMMAND.invoke(app, ["renew", "--station", str(station.folder)], input="CODE\n")

    assert (done.exit_code, "不需要換發" in done.output) == (3, True)


def test_a_machine_whose_log_key_is_gone_may_be_renewed(station):
    key = station.folder / "credentials" / "log.key"
    key.unlink()

    done = COMMAND.invoke(app, ["renew", "--station", str(station.folder)], input="CODE\n")

    assert (done.exit_code, "連不上伺服器" in done.output) == (4, True)
    assert key.read_bytes() != station.log_key.private


def test_a_machine_that_does_not_hold_its_key_says_how_to_go_on(station):
    (station.folder / "credentials" / "log.key").write_bytes(b"o" * 32)
    with station.open_store() as store:
        device = store.identity.read().device.hex()

    done = COMMAND.invoke(app, ["status", "--station", str(station.folder)])

    assert "不是本機紀錄現用的那一把" in done.output
    assert device in done.output
    assert "jiepin syncd renew" in done.output


def test_a_machine_that_holds_its_key_says_nothing_of_it(station):
    done = COMMAND.invoke(app, ["status", "--station", str(station.folder)])

    assert (done.exit_code, "金鑰" in done.output) == (0, False)


def test_an_empty_disk_needs_to_be_told_who_it_is(tmp_path):
    done = COMMAND.invoke(app, ["renew", "--station", str(tmp_path / "new")], input="CODE\n")

    assert (done.exit_code, "--server" in done.output) == (1, True)


def test_a_stopped_machine_says_how_to_go_on(station):
    with station.open_store() as store:
        store.link_state.write(LinkState(client=ClientState.FORKED, attention="forked"))
        device = store.identity.read().device.hex()

    done = COMMAND.invoke(app, ["status", "--station", str(station.folder)])

    assert device in done.output
    assert "jiepin syncd renew" in done.output
