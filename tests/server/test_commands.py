"""`jiepin server …` as people and scripts call it."""

import json

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from core.wire.reference import ReferenceFile
from server.commands import app
from server.store import enrolments
from server.store.database import open_store
from server.store.tables import application, reference
from tests.fakes.device import NOON_MS, Device
from tests.server.log_of_a_season import Desk, Season
from tests.server.running import read_rows


@pytest.fixture
def home(tmp_path, centre):
    """A home folder with keys and no database yet."""
    centre.write_home(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def jiepin(home, database_url):
    """Run a subcommand on this home."""

    def run(*words):
        where = ["--home", str(home), "--database", database_url]
        return CliRunner().invoke(app, [*words, *where])

    return run


def test_migrate_creates_the_database_and_is_repeatable(home, blank_database_url):
    words = ["migrate", "--json", "--home", str(home), "--database", blank_database_url]

    first, second = CliRunner().invoke(app, words), CliRunner().invoke(app, words)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert json.loads(first.stdout)["steps"][0] == "0001"
    assert json.loads(second.stdout) == {"steps": []}


def test_refold_check_says_equal_or_fails(jiepin, database_url):
    jiepin("migrate")
    season, store = Season(), open_store(database_url)
    desk = Desk(season, store)
    desk.certify(*season.devices, season.officer, season.late)
    desk.arrive([arrival for chain in season.chains() for arrival in chain])

    good = jiepin("refold", "--check", "--json")
    with store.writing() as connection:
        connection.execute(update(application).values(points_a=1))
    bad = jiepin("refold", "--check", "--json")
    rebuilt = jiepin("refold", "--json")
    mended = jiepin("refold", "--check")

    store.close()
    assert (good.exit_code, json.loads(good.stdout)["equal"]) == (0, True)
    assert (bad.exit_code, json.loads(bad.stdout)["equal"]) == (1, False)
    assert json.loads(bad.stdout)["differences"][0]["table"] == "application"
    assert json.loads(rebuilt.stdout)["entries"] == json.loads(good.stdout)["entries"] > 0
    assert mended.exit_code == 0


def release(centre, folder, version, text):
    """A folder as `jiepin provision release` leaves it."""
    folder.mkdir(exist_ok=True)
    content = ReferenceFile(kind="notice", text=text)
    signed, files = centre.publish(version, {"notices": (version, content)})
    (folder / "snapshot.ttc").write_bytes(signed)
    (folder / "notices.ttc").write_bytes(files[0])
    return str(folder)


def test_a_release_is_published_from_its_folder(jiepin, centre, tmp_path, database_url):
    jiepin("migrate")
    folder = release(centre, tmp_path / "release", 1, "注意")

    first = jiepin("publish-reference", folder, "--json")
    again = jiepin("publish-reference", folder, "--json")

    store = open_store(database_url)
    with store.reading() as connection:
        rows = read_rows(connection, reference)
    store.close()
    assert json.loads(first.stdout) == {"fresh": True, "version": 1, "withdrawn": 0}
    assert json.loads(again.stdout) == {"fresh": False, "version": 1, "withdrawn": 0}
    assert [row["version"] for row in rows] == [1]


def test_an_older_release_is_refused_by_rule(jiepin, centre, tmp_path):
    jiepin("migrate")
    jiepin("publish-reference", release(centre, tmp_path / "new", 2, "新"))

    older = jiepin("publish-reference", release(centre, tmp_path / "old", 1, "舊"))

    assert older.exit_code == 3
    assert "rollback" in older.stderr


def test_a_folder_without_a_signature_fails_with_a_sentence(jiepin, tmp_path):
    jiepin("migrate")
    (tmp_path / "empty").mkdir()

    answered = jiepin("publish-reference", str(tmp_path / "empty"))

    assert answered.exit_code == 1
    assert "snapshot.ttc" in answered.stderr


def test_requests_that_wait_are_listed(jiepin, centre, database_url):
    jiepin("migrate")
    store, form = open_store(database_url), Device(centre).form()
    with store.writing() as connection:
        name = enrolments.add(connection, form, "device", NOON_MS)
    store.close()

    answered = jiepin("requests", "--json")

    assert json.loads(answered.stdout)["requests"] == [
        {"id": name.hex(), "subject": "device", "name": "KH-0001", "schools": ["014601"]}
    ]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda home: (home / "keys" / "beacon.key").unlink(), "beacon.key"),
        (lambda home: (home / "keys" / "receipt.key").write_bytes(b"short"), "receipt.key"),
        (lambda home: (home / "keys" / "beacon.key").write_bytes(bytes(32)), "beacon"),
        (lambda home: (home / "trust.ttc").unlink(), "trust.ttc"),
        (lambda home: (home / "trust.ttc").write_bytes(b"\xc0"), "trust.ttc"),
    ],
)
def test_a_home_without_usable_keys_is_named_and_nothing_is_served(jiepin, home, spoil, said):
    spoil(home)

    answered = jiepin("run", "--listen", "127.0.0.1:0")

    assert answered.exit_code == 1
    assert said in answered.stderr
    assert not (home / "address").exists()


@pytest.mark.parametrize("listen", ["nowhere", "127.0.0.1", "127.0.0.1:http"])
def test_an_address_that_is_none_is_a_mistake_of_usage(jiepin, listen):
    assert jiepin("run", "--listen", listen).exit_code == 2


def test_a_command_before_migrate_says_what_to_do(home, blank_database_url):
    words = ["requests", "--home", str(home), "--database", blank_database_url]

    answered = CliRunner().invoke(app, words)

    assert answered.exit_code == 1
    assert "migrate" in answered.stderr
