"""After its season content is erased, and everything still verifies (DESIGN D3)."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from core.sealing import SigningKey
from server.commands import app
from server.keeping.restore import await_machines
from server.store import tables
from server.store.season_tables import audit, phase
from server.views.check import check_views
from tests.fakes.device import NOON_MS, make_teacher
from tests.server.running import read_rows

DAY_MS = 86_400_000
NEXT, LATER = "116", "117"


@pytest.fixture
def calendar(keeper):
    """The next season began the day after; the one behind it lies far ahead."""
    with keeper.store.writing() as connection:
        for season, opens in ((NEXT, NOON_MS + DAY_MS), (LATER, 2**42)):
            connection.execute(
                insert(phase).values(
                    season=season, name="fill", opens_ms=opens, closes_ms=opens + DAY_MS
                )
            )


def run(keeper, *words, code=0):
    options = ["--home", str(keeper.home), "--database", keeper.url, "--json"]
    done = CliRunner().invoke(app, [*words, *options])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout) if code == 0 else done.stderr


def rows(keeper, table):
    with keeper.store.reading() as connection:
        return read_rows(connection, table)


def names_in(value):
    """Whether anything a person could be known by is in these rows."""
    return any(
        isinstance(each, str) and each.startswith("測試") for row in value for each in row.values()
    )


@pytest.mark.usefixtures("calendar")
def test_the_first_step_only_counts(keeper):
    before = rows(keeper, tables.payload)

    said = run(keeper, "retain", "--before", NEXT)

    assert said["payloads"] == len(before) > 0
    assert not said["erased"]
    assert rows(keeper, tables.payload) == before
    assert rows(keeper, audit) == []


@pytest.mark.usefixtures("calendar")
def test_the_second_step_erases_content_and_nothing_of_the_chain(keeper):
    log, answers = rows(keeper, tables.event), rows(keeper, tables.inbox)
    said = run(keeper, "retain", "--before", NEXT)

    done = run(keeper, "retain", "--before", NEXT, "--confirm", said["code"])

    checked = check_views(keeper.store)
    told = run(keeper, "refold", "--check")
    assert done["erased"]
    assert (rows(keeper, tables.event), rows(keeper, tables.inbox)) == (log, answers)
    assert all(row["data"] is None for row in rows(keeper, tables.payload))
    assert not any(names_in(rows(keeper, table)) for table in tables.VIEWS)
    assert checked.equal
    assert (checked.erased, checked.absent) == (told["erased"], told["absent"])
    assert checked.erased > 0 == checked.absent
    assert [row["code"] for row in rows(keeper, audit)] == ["content_erased"]
    assert run(keeper, "retain", "--before", NEXT)["payloads"] == 0


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pictures_of_runs_go_with_the_content_and_not_before(keeper):
    drawn = keeper.home / "pictures" / ("ab" * 32) / "run" / "chart.svg"
    drawn.parent.mkdir(parents=True)
    drawn.write_text("<svg/>", encoding="utf-8")

    code = run(keeper, "retain", "--before", NEXT)["code"]
    counted = drawn.exists()
    run(keeper, "retain", "--before", NEXT, "--confirm", code)
    again = run(keeper, "retain", "--before", NEXT)["code"]
    run(keeper, "retain", "--before", NEXT, "--confirm", again)

    assert counted
    assert not (keeper.home / "pictures").exists()


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_not_a_byte_of_a_name_is_left_in_the_file(keeper):
    place = Path(keeper.url.removeprefix("sqlite:///"))

    def found():
        files = place.parent.glob(f"{place.name}*")
        return any("測試0001".encode() in path.read_bytes() for path in files)

    before = found()
    code = run(keeper, "retain", "--before", NEXT)["code"]
    run(keeper, "retain", "--before", NEXT, "--confirm", code)

    assert before
    assert not found()


@pytest.mark.usefixtures("calendar")
def test_notices_laid_by_for_a_machine_that_stays_away_go_too(keeper):
    """After a restore they wait for it, with copies of what colleagues declared in them."""
    season, old, new = keeper.season, make_teacher(8), make_teacher(9)
    with keeper.store.writing() as connection:
        await_machines(connection)

    def laid_by(teacher):
        device = season.devices[0]
        device.register(teacher, season.officer)
        version = device.revise(teacher)
        device.decide(season.officer, version, signed_by=SigningKey(bytes(32)))
        keeper.desk.arrive([(0, seq) for seq in range(1, len(device.links) + 1)])
        return [row for row in rows(keeper, tables.deferred_notice) if row["content"]]

    before = laid_by(old)
    keeper.desk.now_ms += 2 * DAY_MS
    since = [row for row in laid_by(new) if row not in before]
    others = [row for row in rows(keeper, tables.deferred_notice) if not row["content"]]
    code = run(keeper, "retain", "--before", NEXT)["code"]

    run(keeper, "retain", "--before", NEXT, "--confirm", code)

    left = rows(keeper, tables.deferred_notice)
    assert before
    assert since
    assert others
    assert [row for row in left if row["content"]] == since
    assert [row for row in left if not row["content"]] == others


@pytest.mark.usefixtures("calendar")
def test_what_came_since_is_kept(keeper):
    keeper.desk.now_ms = NOON_MS + 2 * DAY_MS
    device = keeper.season.devices[0]
    device.register(make_teacher(7), keeper.season.officer)
    keeper.desk.arrive([(0, len(device.links))])
    code = run(keeper, "retain", "--before", NEXT)["code"]

    run(keeper, "retain", "--before", NEXT, "--confirm", code)

    kept = [row["eh"] for row in rows(keeper, tables.payload) if row["data"] is not None]
    assert device.links[-1].hash in kept
    assert names_in(rows(keeper, tables.roster))


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("words", [["--before", LATER], ["--before", "999"]])
def test_a_season_that_has_not_begun_ends_nothing(keeper, words):
    said = run(keeper, "retain", *words, code=3)

    assert "season_" in said
    assert all(row["data"] is not None for row in rows(keeper, tables.payload))


@pytest.mark.usefixtures("calendar")
def test_a_code_for_something_else_erases_nothing(keeper):
    said = run(keeper, "retain", "--before", NEXT, "--confirm", "00000000", code=3)

    assert "code_differs" in said
    assert all(row["data"] is not None for row in rows(keeper, tables.payload))


@pytest.mark.usefixtures("calendar")
def test_a_backup_of_an_erased_log_is_in_order_too(keeper):
    code = run(keeper, "retain", "--before", NEXT)["code"]
    run(keeper, "retain", "--before", NEXT, "--confirm", code)

    made = keeper.back_up()

    assert made.contents.size == len(rows(keeper, tables.event))
