"""``jiepin syncd`` as processes, against the real server as a process, and the real desk."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.wire.event import SYSTEM
from core.wire.kind import Boot
from provisioning.ceremony import make_keys
from provisioning.demo.process import quiet_port
from provisioning.desk import Desk, work_through
from provisioning.letter import Letter, Letters, make_code
from syncd.station import read_station
from syncd.store.ledger import Entry
from syncd.store.moment import read_moment

pytestmark = pytest.mark.unmeasured  # whole programs; the other tests of the daemon reach the lines

READY_S = 90
BOOT = Entry(kind="boot", body=Boot(software="0.1.0", unclean=False), who=SYSTEM)


def jiepin(*words, stdin=""):
    """A finished command."""
    return subprocess.run(
        [sys.executable, "-m", "jiepin", *map(str, words)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def start(*words, log):
    """A running command."""
    with log.open("ab") as written:
        return subprocess.Popen(
            [sys.executable, "-m", "jiepin", *map(str, words)],
            stdout=subprocess.DEVNULL,
            stderr=written,
        )


def wait_until(condition, what):
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not in time: {what}")


@dataclass
class Country:
    """Keys, a running server and one station, in one folder."""

    folder: Path
    programs: list = field(default_factory=list)
    server: subprocess.Popen | None = None
    listen: str = field(default_factory=lambda: f"127.0.0.1:{quiet_port()}")

    @property
    def home(self):
        return self.folder / "server"

    @property
    def keys(self):
        return self.folder / "keys"

    @property
    def station(self):
        return self.folder / "station"

    @property
    def address(self):
        return (self.home / "address").read_text(encoding="utf-8").strip()

    def found(self):
        """The key ceremony, and a home for the server."""
        make_keys(self.keys, "115", secrets.token_bytes)
        shutil.copytree(self.keys / "server", self.home / "keys")
        shutil.copy(self.keys / "trust.ttc", self.home)

    def start_server(self):
        """Always on the same port."""
        (self.home / "address").unlink(missing_ok=True)
        words = ("server", "run", "--home", self.home, "--listen", self.listen)
        self.server = start(*words, log=self.folder / "server.log")
        self.programs.append(self.server)
        wait_until(lambda: (self.home / "address").exists() and self.address, "server")

    def kill_server(self):
        self.server.kill()
        self.server.wait()

    def letter(self, **changes):
        """A one-time code of the county."""
        code = make_code(secrets.token_bytes)
        words = {"subject": "device", "role": "kiosk", "schools": ("013601",), "name": "KH-0231"}
        Letters(self.keys / "desk" / "letters.json").add(Letter(code=code, **words | changes))
        return code

    def grant(self):
        """The county desk works through what waits."""
        return asyncio.run(work_through(Desk(self.keys), self.address))

    def enrol(self, code, wait_s=30):
        return jiepin(
            *("syncd", "enrol", "--station", self.station, "--server", self.address),
            *("--root", self.keys / "root.json", "--school", "013601", "--name", "KH-0231"),
            *("--wait-s", wait_s),
            stdin=code + "\n",
        )

    def start_syncd(self):
        words = ("syncd", "run", "--station", self.station, "--beacon-s", 0.3, "--retry-cap-s", 0.3)
        program = start(*words, log=self.folder / "syncd.log")
        self.programs.append(program)
        return program

    def status(self):
        done = jiepin("syncd", "status", "--station", self.station, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def commit(self, count=1):
        """What a kiosk does: another process on the same store."""
        station = read_station(self.station)
        with station.open_store() as store:
            for _ in range(count):
                with store.transaction():
                    link = store.ledger.append(BOOT, read_moment(), station.log_key)
            return link.event.seq

    def delivered(self):
        station = read_station(self.station)
        with station.open_store() as store:
            return store.outbox.pending() == 0

    def local_log(self):
        with read_station(self.station).open_store() as store:
            return [link.hash.hex() for link in store.ledger.links(1, 100_000)]

    def server_log(self):
        connection = sqlite3.connect(self.home / "server.db")
        rows = connection.execute("SELECT hex(eh) FROM event ORDER BY seq").fetchall()
        connection.close()
        return [row[0].lower() for row in rows]

    def stop(self):
        for program in self.programs:
            if program.poll() is None:
                program.kill()
            program.wait()


@pytest.fixture
def country(tmp_path):
    made = Country(tmp_path)
    made.found()
    made.start_server()
    yield made
    made.stop()


@pytest.fixture
def enrolled(country):
    """A station with its certificate."""
    code = country.letter()
    country.enrol(code, wait_s=0)
    country.grant()
    done = country.enrol(code)
    assert done.returncode == 0, done.stderr
    return country


def test_a_station_enrols_carries_its_records_and_says_how_it_stands(enrolled):
    last = enrolled.commit(5)
    daemon = enrolled.start_syncd()
    wait_until(enrolled.delivered, "delivery")
    status = enrolled.status()
    told = jiepin("syncd", "status", "--station", enrolled.station)
    sent = jiepin("syncd", "send-now", "--station", enrolled.station)
    second = jiepin("syncd", "run", "--station", enrolled.station)
    daemon.send_signal(signal.SIGTERM)

    assert daemon.wait(READY_S) == 0
    assert (status["client"], status["pending"], status["name"]) == ("current", 0, "KH-0231")
    assert status["seq"] > last
    assert status["season"] == "115"
    assert "KH-0231：已同步" in told.stdout
    assert sent.returncode == 0
    assert second.returncode == 1
    assert "已在執行" in second.stderr
    with read_station(enrolled.station).open_store() as store:
        assert not store.unclean
    assert enrolled.server_log() == enrolled.local_log()


def test_kill_minus_nine_of_both_sides_loses_and_doubles_nothing(enrolled):
    daemon = enrolled.start_syncd()
    for turn in range(4):
        enrolled.commit(25)
        if turn % 2:
            enrolled.kill_server()
            daemon.kill()
            daemon.wait()
            enrolled.commit(5)
            enrolled.start_server()
        else:
            daemon.kill()
            daemon.wait()
        daemon = enrolled.start_syncd()
    wait_until(enrolled.delivered, "delivery")
    daemon.send_signal(signal.SIGTERM)
    daemon.wait(READY_S)

    local = enrolled.local_log()
    assert enrolled.server_log() == local
    assert len(local) >= 4 * 25 + 2 * 5


def test_enrolment_can_be_interrupted_and_is_told_in_sentences(country):
    code = country.letter()

    waiting = country.enrol(code, wait_s=0)
    outcome = country.grant()
    done = country.enrol(code)
    again = country.enrol(code)

    assert waiting.returncode == 4
    assert "尚未核發" in waiting.stderr
    assert [each.code for each in outcome] == ["granted"]
    assert done.returncode == 0
    assert len(bytes.fromhex(done.stdout.strip())) == 16
    assert again.returncode == 3
    assert not (country.station / "enrolment.ttc").exists()


def test_a_wrong_code_is_refused_by_the_desk(country):
    country.enrol("WRONG-CODE", wait_s=0)
    outcome = country.grant()

    refused = country.enrol("WRONG-CODE")

    assert [each.code for each in outcome] == ["code_unknown"]
    assert refused.returncode == 3


@pytest.fixture
def lonely(tmp_path):
    """Keys, but no server."""
    made = Country(tmp_path)
    made.found()
    (made.home / "address").write_text("http://127.0.0.1:9", encoding="utf-8")
    return made


def test_no_server_is_exit_code_four(lonely):
    done = lonely.enrol(lonely.letter(), wait_s=0)

    assert done.returncode == 4
    assert "連不上伺服器" in done.stderr


def test_a_code_is_read_from_standard_input_only(lonely):
    done = lonely.enrol("")

    assert done.returncode == 1
    assert "標準輸入" in done.stderr


@pytest.mark.parametrize("words", [("run",), ("status",), ("send-now",)])
def test_a_folder_that_is_no_station_is_told(tmp_path, words):
    done = jiepin("syncd", *words, "--station", tmp_path)

    assert done.returncode == 1
    assert str(tmp_path) in done.stderr


def test_off_line_send_now_says_so_and_a_wrong_store_key_is_told(enrolled):
    enrolled.commit()

    done = jiepin("syncd", "send-now", "--station", enrolled.station, "--wait-s", 0.1)

    assert done.returncode == 4
    assert "待送 1 筆" in done.stdout

    (enrolled.station / "credentials" / "store.key").write_bytes(os.urandom(32))

    done = jiepin("syncd", "status", "--station", enrolled.station)

    assert done.returncode == 1
    assert "金鑰打不開" in done.stderr


def test_before_enrolment_the_status_says_so(lonely):
    lonely.enrol(lonely.letter(), wait_s=0)

    status = lonely.status()
    told = jiepin("syncd", "status", "--station", lonely.station)

    assert status["enrolled"] is False
    assert "尚未註冊" in told.stdout
