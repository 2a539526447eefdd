"""``jiepin syncd usb`` and ``jiepin server usb`` as people call them: sentences, exit codes."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import server.commands
import syncd.commands
from core.domain.ids import DeviceId, SchoolId
from core.wire.client import ClientState
from core.wire.event import SYSTEM
from core.wire.kind import Boot
from server.store import identities
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.season_tables import audit
from syncd.station import Settings, create_station
from syncd.store.identity import Identity
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState
from syncd.store.moment import read_moment
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS, SEASON_SECRET
from tests.server.running import read_rows

REMOVE = "可以取下"


def jiepin(app, *words):
    return CliRunner().invoke(app, [*map(str, words)])


@dataclass
class Desk:
    """A centre with a server's home and a seal key file, a stick, and stations."""

    folder: Path
    centre: Centre

    @property
    def stick(self):
        return self.folder / "stick"

    @property
    def seal_key(self):
        return self.folder / "seal.key"

    def found(self):
        self.centre.write_home(self.folder / "home")
        self.stick.mkdir()
        self.seal_key.write_bytes(self.centre.seal)
        self.seal_key.chmod(0o600)
        store = open_store(f"sqlite:///{self.folder / 'home' / 'server.db'}")
        migrate(store)
        store.close()

    def station(self, name="KH-0231", entries=3):
        """A machine with a certificate and some entries."""
        root = f'{{"threshold": 1, "keys": ["{self.centre.root.public.hex()}"]}}'.encode()
        settings = Settings(server="http://127.0.0.1:1", name=name)
        made = create_station(self.folder / name, settings, root)
        signed, content = self.centre.certify(made.log_key, name=name)
        database = open_store(f"sqlite:///{self.folder / 'home' / 'server.db'}")
        with database.writing() as connection:
            identities.add_certificate(connection, signed, content, NOON_MS)
        database.close()
        identity = Identity(
            device=DeviceId(content.id),
            inc=1,
            certificate=signed,
            trust=self.centre.signed_trust,
            name=name,
            schools=tuple(SchoolId(each) for each in content.schools),
            season="115",
            season_secret=SEASON_SECRET,
            server_url="http://127.0.0.1:1",
        )
        with made.open_store() as store, store.transaction():
            store.identity.write(identity)
            store.link_state.write(LinkState(client=ClientState.OFFLINE))
            entry = Entry(kind="boot", body=Boot(software="1", unclean=False), who=SYSTEM)
            for _ in range(entries):
                store.ledger.append(entry, read_moment(), made.log_key)
        return self.folder / name

    def export(self, station, *words):
        return jiepin(
            syncd.commands.app,
            *("usb", "export", "--station", station, "--to", self.stick, "--wait-s", 0, *words),
        )

    def centre_import(self, *words, paths=None):
        return jiepin(
            server.commands.app,
            *("usb", "import", *(paths or [self.stick]), "--home", self.folder / "home"),
            *("--seal-key", self.seal_key, *words),
        )

    def take_in(self, station, *words):
        return jiepin(
            syncd.commands.app, *("usb", "import", "--station", station, *(words or [self.stick]))
        )


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path, Centre())
    made.found()
    return made


@pytest.fixture
def plugged():
    """Mounts a file system of its own on a folder."""
    if os.geteuid() != 0:
        pytest.skip("needs hardware rights: mounting a small tmpfs takes root")
    folders = []

    def plug_in(folder):
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],  # noqa: S607
            check=True,
        )
        folders.append(folder)

    yield plug_in
    for folder in folders:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def test_there_and_back_in_the_words_of_a_school_office(desk):
    station = desk.station()

    out = desk.export(station)
    taken = desk.centre_import("--answers", desk.stick)
    back = desk.take_in(station)

    assert (out.exit_code, taken.exit_code, back.exit_code) == (0, 0, 0)
    assert "第 1～3 筆已寫入並讀回核對無誤" in out.stdout
    assert out.stdout.rstrip().endswith("可以取下隨身碟")
    assert "新收 3 筆，已收到第 3 筆為止" in taken.stdout
    assert "回覆檔" in taken.stdout
    assert "伺服器已收到第 3 筆為止" in back.stdout


def test_the_same_for_machines(desk):
    station = desk.station()

    out = json.loads(desk.export(station, "--json").stdout)
    taken = json.loads(desk.centre_import("--answers", desk.stick, "--json").stdout)
    back = json.loads(desk.take_in(station, desk.stick, "--json").stdout)

    (file,) = out["files"]
    assert (file["first"], file["last"], out["removable"]) == (1, 3, True)
    (said,) = taken["files"]
    assert (said["code"], said["added"], said["through"]) == ("ok", 3, 3)
    (answer,) = back["answers"]
    assert (answer["newer"], answer["through"], answer["refused"]) == (True, 3, None)


def test_the_centre_keeps_who_took_a_file_in(desk):
    desk.export(desk.station())

    desk.centre_import()

    store = open_store(f"sqlite:///{desk.folder / 'home' / 'server.db'}")
    with store.reading() as connection:
        (row,) = read_rows(connection, audit)
    store.close()
    (parcel,) = desk.stick.iterdir()
    assert (row["code"], row["target"]) == ("parcel_imported", parcel.name[4:36])
    assert row["after"] == "1.1-3 +3 ok"
    assert row["account"].startswith("os:")


def test_everything_can_be_repeated(desk):
    station = desk.station()
    for _ in range(2):
        assert desk.export(station).exit_code == 0
        assert desk.centre_import("--answers", desk.stick).exit_code == 0
        names = sorted(path.name for path in desk.stick.iterdir())
    desk.take_in(station)

    again = desk.take_in(station)

    assert len(names) == 2
    assert again.exit_code == 0
    assert "先前已讀入" in again.stdout


def test_two_schools_share_a_stick_with_somebody_elses_files(desk):
    stations = [desk.station("KH-0001"), desk.station("KH-0002")]
    (desk.stick / "holiday.jpg").write_bytes(b"pixels")
    (desk.stick / "TTX-notes.txt").write_bytes(b"notes")
    for station in stations:
        desk.export(station)

    taken = json.loads(desk.centre_import("--answers", desk.stick, "--json").stdout)
    back = [json.loads(desk.take_in(station, desk.stick, "--json").stdout) for station in stations]

    assert [each["code"] for each in taken["files"]] == ["ok", "ok"]
    assert [len(each["answers"]) for each in back] == [1, 1]
    assert (desk.stick / "holiday.jpg").read_bytes() == b"pixels"
    assert len(list(desk.stick.iterdir())) == 6


def test_ten_thousand_photographs_on_the_stick_hide_nothing(desk):
    station = desk.station()
    for number in range(10_000):
        (desk.stick / f"DSC{number:05}.JPG").touch()
    desk.export(station)

    taken = desk.centre_import("--answers", desk.stick)
    back = desk.take_in(station)

    assert (taken.exit_code, back.exit_code) == (0, 0)
    assert "新收 3 筆" in taken.stdout
    assert "伺服器已收到第 3 筆為止" in back.stdout


def test_another_machines_answer_named_outright_is_refused(desk):
    station, other = desk.station("KH-0001"), desk.station("KH-0002")
    desk.export(other)
    desk.centre_import("--answers", desk.stick)
    (answer,) = desk.stick.glob("*.tta")

    done = desk.take_in(station, answer)
    nothing = desk.take_in(station)

    assert done.exit_code == 3
    assert "另一台機器" in done.stdout
    assert nothing.exit_code == 1
    assert "沒有給本機的回覆檔" in nothing.stdout


def test_a_file_that_was_renamed_counts_by_its_content_if_the_name_is_one_of_ours(desk):
    station = desk.station()
    desk.export(station)
    (parcel,) = desk.stick.glob("*.ttx")
    renamed = parcel.rename(desk.stick / f"TTX-{'0a' * 16}-7-9.ttx")
    copied = desk.stick / "copy of parcel.ttx"
    copied.write_bytes(renamed.read_bytes())

    whole = json.loads(desk.centre_import("--json").stdout)
    named = desk.centre_import(paths=[copied])

    assert [(each["code"], each["through"]) for each in whole["files"]] == [("ok", 3)]
    assert named.exit_code == 3
    assert "檔名不是本系統的" in named.stdout


def test_links_folders_and_giants_are_not_read(desk):
    station = desk.station()
    desk.export(station)
    (parcel,) = desk.stick.glob("*.ttx")
    elsewhere = desk.folder / parcel.name
    parcel.rename(elsewhere)
    parcel.symlink_to(elsewhere)
    (desk.stick / f"TTX-{'0b' * 16}-1-2.ttx").mkdir()
    giant = desk.stick / f"TTX-{'0c' * 16}-1-2.ttx"
    with giant.open("wb") as file:
        file.truncate(17 * 1024 * 1024)

    done = desk.centre_import("--json")

    said = {each["name"][4:6]: each["refused"] for each in json.loads(done.stdout)["files"]}
    assert done.exit_code == 3
    assert said == {parcel.name[4:6]: "not_a_file", "0b": "not_a_file", "0c": "too_large"}


def test_a_seal_key_others_could_read_is_not_used(desk):
    desk.export(desk.station())
    desk.seal_key.chmod(0o644)

    done = desk.centre_import()

    assert done.exit_code == 1
    assert "0600" in done.stderr


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_seal_key_of_another_length_is_none(desk, content):
    desk.seal_key.write_bytes(content)

    done = desk.centre_import()

    assert done.exit_code == 1
    assert "封存金鑰" in done.stderr


def test_another_seasons_seal_key_is_said_to_be_that(desk):
    desk.export(desk.station())
    desk.seal_key.write_bytes(b"o" * 32)

    done = desk.centre_import()

    assert done.exit_code == 3
    assert "另一把封存金鑰" in done.stdout


def test_an_empty_stick_has_nothing_to_import(desk):
    done = desk.centre_import()

    assert done.exit_code == 1
    assert "沒有找到可匯入的檔案" in done.stdout


def test_an_answer_never_takes_the_place_of_something_else(desk):
    desk.export(desk.station())
    (parcel,) = desk.stick.glob("*.ttx")
    taken = parcel.with_suffix(".tta")
    taken.write_bytes(b"somebody's")

    done = desk.centre_import("--answers", desk.stick)

    assert done.exit_code == 3
    assert "沒有覆蓋" in done.stdout
    assert taken.read_bytes() == b"somebody's"


def test_a_missing_stick_is_named_and_nothing_is_claimed(desk):
    station = desk.station()
    desk.stick.rmdir()

    done = desk.export(station)

    assert done.exit_code == 1
    assert REMOVE not in done.output
    assert "紀錄都還在本機" in done.output


def test_the_settings_may_name_the_stick_and_an_empty_mount_point_is_not_it(desk):
    station = desk.station()
    settings = station / "station.json"
    named = json.loads(settings.read_text(encoding="utf-8")) | {"usb": str(desk.stick)}
    settings.write_text(json.dumps(named), encoding="utf-8")

    done = jiepin(syncd.commands.app, *("usb", "export", "--station", station, "--wait-s", 0))

    assert done.exit_code == 1
    assert REMOVE not in done.output
    assert list(desk.stick.iterdir()) == []


def test_a_machine_that_is_not_enrolled_says_so(desk):
    root = f'{{"threshold": 1, "keys": ["{desk.centre.root.public.hex()}"]}}'.encode()
    create_station(desk.folder / "bare", Settings(server="http://127.0.0.1:1", name="x"), root)

    for done in (desk.export(desk.folder / "bare"), desk.take_in(desk.folder / "bare")):
        assert done.exit_code == 1
        assert "尚未註冊" in done.output


def test_the_export_goes_on_when_the_stick_comes_back(desk, plugged):
    """As a process: at first there is no stick, then an empty mount point, then the stick."""
    station = desk.station()
    desk.stick.rmdir()
    words = ["syncd", "usb", "export", "--station", station, "--to", desk.stick, "--wait-s", 60]
    with subprocess.Popen(
        [sys.executable, "-m", "jiepin", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        asked = running.stderr.readline()
        desk.stick.mkdir()
        time.sleep(1.5)
        written_beside = list(desk.stick.iterdir())
        plugged(desk.stick)
        said, _ = running.communicate(timeout=60)

    assert "請再插上" in asked
    assert written_beside == []
    assert running.returncode == 0
    assert said.rstrip().endswith("可以取下隨身碟")
    assert [path.suffix for path in desk.stick.iterdir()] == [".ttx"]


def test_sticks_can_be_listed():
    done = jiepin(syncd.commands.app, "usb", "list", "--json")

    assert done.exit_code == 0
    assert isinstance(json.loads(done.stdout)["sticks"], list)
