"""The control list: every wrong line, what would change, and who is told."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from core.domain.ids import generate_national_id
from core.wire.canon import from_wire
from core.wire.event import decode_frame, read_event
from core.wire.payload import BarredPayload
from server.barring import day_of, find_bars, grounds
from server.commands import app
from server.imports.barred import plan_barred, read_barred
from server.imports.text import REASONS
from server.store.season_tables import audit, barred, import_batch
from server.store.tables import inbox, payload, roster
from server.terminal import Exit
from tests.server.imports.lists import GAZETTEER, TODAY, sheet
from tests.server.running import read_rows
from tests.server.season.country import SUBMIT_MS, Country, Site

HEADINGS = "縣市,身分證統一編號,依據,起日,迄日,來源"
AMY, BEN = (generate_national_id("A", "2", f"555000{n}").text for n in (1, 2))
EAST = ("144601",)


def read(*rows):
    return read_barred(sheet(HEADINGS, *rows), GAZETTEER, grounds(), TODAY)


def test_a_line_says_who_why_and_from_when_to_when():
    lines, faults = read(
        f"屏東縣,{AMY},未報到,109/8/1,,府教學字第1號",
        f"[13]屏東縣,{BEN.lower()},公費生,110/8/1,116/7/31, 契約 ",
    )

    assert faults == ()
    assert [(each.person.text, each.ground.code, each.since, each.until) for each in lines] == [
        (AMY, "not_reported", date(2020, 8, 1), date(2030, 8, 1)),
        (BEN, "public_funded", date(2021, 8, 1), date(2027, 8, 1)),
    ]
    assert {each.county for each in lines} == {"13"}


@pytest.mark.parametrize(
    ("row", "column", "code", "proposal"),
    [
        (f"屏東,{AMY},未報到,109/8/1,,文", "縣市", "county_unknown", "屏東縣"),
        ("屏東縣,A1,未報到,109/8/1,,文", "身分證統一編號", "person_form", ""),
        (f"屏東縣,{AMY},沒報到,109/8/1,,文", "依據", "ground_unknown", "未報到"),
        (f"屏東縣,{AMY},未報到,八月一日,,文", "起日", "day_form", ""),
        (f"屏東縣,{AMY},未報到,1905/1/1,,文", "起日", "day_form", ""),
        (f"屏東縣,{AMY},未報到,120/8/1,,文", "起日", "day_ahead", ""),
        (f"屏東縣,{AMY},公費生,109/8/1,,文", "迄日", "until_missing", ""),
        (f"屏東縣,{AMY},未報到,109/8/1,109/7/30,文", "迄日", "until_before", ""),
        (f"屏東縣,{AMY},未報到,109/8/1,,", "來源", "source_missing", ""),
        (f"屏東縣,{AMY},未報到,109/8/1,,{'文' * 121}", "來源", "source_too_long", ""),
    ],
)
def test_a_wrong_line_is_left_out_with_place_reason_and_proposal(row, column, code, proposal):
    lines, faults = read(f"屏東縣,{BEN},放棄介聘,109/8/1,,文", row)

    assert [each.person.text for each in lines] == [BEN]
    assert [(each.line, each.column, each.code, each.proposal) for each in faults] == [
        (3, column, code, proposal)
    ]
    assert code in REASONS


def test_of_lines_that_contradict_each_other_none_is_taken_and_a_repetition_is_noted():
    lines, _ = read(
        f"屏東縣,{AMY},未報到,109/8/1,,文",
        f"屏東縣,{AMY},未報到,109/8/1,115/7/31,文",
        f"屏東縣,{BEN},未報到,109/8/1,,文",
        f"屏東縣,{BEN},未報到,109/8/1,,文",
    )

    plan = plan_barred(lines, {})

    assert [each.person.text for each in plan.new] == [BEN]
    assert sorted(each.code for each in plan.faults) == [
        "row_contradicts", "row_contradicts", "row_repeated",
    ]  # fmt: skip
    assert all(AMY not in each.value for each in plan.faults)


class Terminal:
    """The command line beside a country whose machines have sent something."""

    def __init__(self, store, url, folder, centre):
        self.store = store
        self.words = ["--home", str(folder), "--database", url]
        self.folder = folder
        self.country = Country(store, centre)

    def run(self, *rows, words=("--yes",), name="list.csv"):
        place = self.folder / name
        place.write_text("\n".join((HEADINGS, *rows)), "utf-8")
        return CliRunner().invoke(
            app, ["import", "barred", str(place), *words, "--json", *self.words]
        )

    def rows(self, table):
        with self.store.reading() as connection:
            return read_rows(connection, table)

    def told(self):
        """Device, teacher and payload of every notice about the list, in order."""
        with self.store.reading() as connection:
            rows = connection.execute(
                select(inbox.c.dev, inbox.c.frame, payload.c.data)
                .join(payload, payload.c.eh == inbox.c.eh)
                .where(inbox.c.kind == "inbox.barred")
                .order_by(inbox.c.dev, inbox.c.seq)
            ).all()
        return [
            (
                row.dev,
                read_event(decode_frame(row.frame)).body["teacher"],
                from_wire(row.data, BarredPayload),
            )
            for row in rows
        ]


@pytest.fixture
def terminal(store, database_url, tmp_path, centre):
    centre.write_home(tmp_path)
    return Terminal(store, database_url, tmp_path, centre)


def test_a_confirmed_list_is_written_without_names_and_the_schools_machine_is_told(terminal):
    country = terminal.country
    site, other = Site(country, "134601"), Site(country, "134602")
    teacher = country.teacher(1, "134601")
    site.device.register(teacher, site.officer)
    country.receive(site.device, other.device)
    row = f"屏東縣,{teacher.national_id},未報到,109/8/1,,府教學字第1號"

    shown = terminal.run(row, words=("--dry-run",))
    empty = terminal.rows(barred)
    done = terminal.run(row)
    again = terminal.run(row)

    facts = json.loads(done.stdout)
    assert (json.loads(shown.stdout)["outcome"], empty) == ("dry_run", [])
    assert (done.exit_code, facts["new"], facts["written"]) == (Exit.OK, 1, 1)
    assert json.loads(again.stdout)["outcome"] == "nothing_to_do"
    (stored,) = terminal.rows(barred)
    written = (terminal.rows(barred), terminal.rows(audit), terminal.rows(import_batch))
    assert teacher.national_id not in repr(written)
    assert teacher.national_id not in done.output
    assert (stored["until"], stored["masked"][:3]) == ("2030-08-01", teacher.national_id[:3])
    ((dev, who, said),) = terminal.told()
    assert (dev, who) == (site.device.id, teacher.pseudonym)
    assert (said.since, said.until) == ("2020-08-01", "2030-08-01")
    assert said.clause.endswith("第十一條")


def test_who_is_registered_after_the_list_came_is_told_and_an_ended_bar_is_taken_back(terminal):
    country = terminal.country
    site = Site(country, "134601")
    teacher, other = country.teacher(1, "134601"), country.teacher(2, "134601")
    row = f"屏東縣,{teacher.national_id},未報到,109/8/1"
    terminal.run(f"{row},,文")
    site.device.register(teacher, site.officer)
    site.device.register(other, site.officer)
    country.receive(site.device)
    marked = terminal.told()

    terminal.run(f"{row},110/7/31,更正", name="later.csv")
    taken = terminal.told()

    assert [(each[1], each[2].until) for each in marked] == [(teacher.pseudonym, "2030-08-01")]
    assert [each[2].clause is None for each in taken] == [False, True]
    with terminal.store.reading() as connection:
        assert find_bars(connection, [teacher.national_id], day_of(SUBMIT_MS)) == {}


def test_of_two_bars_the_one_that_ends_last_counts_and_it_ends_by_itself(terminal):
    terminal.run(
        f"屏東縣,{AMY},薦送主任,114/8/1,,文",
        f"屏東縣,{AMY},未報到,109/8/1,,文",
        f"屏東縣,{AMY},放棄介聘,100/8/1,,文",
    )

    with terminal.store.reading() as connection:
        found = {
            day: find_bars(connection, [AMY, BEN], day)
            for day in (date(2026, 4, 1), date(2030, 7, 31), date(2030, 8, 1))
        }

    assert [bar.ground.code for bar in found[date(2026, 4, 1)].values()] == ["not_reported"]
    assert found[date(2030, 7, 31)].keys() == {AMY}
    assert found[date(2030, 8, 1)] == {}


def test_without_the_servers_keys_nobody_can_be_told_and_nothing_is_written(terminal):
    country = terminal.country
    site = Site(country, "134601")
    teacher = country.teacher(1, "134601")
    site.device.register(teacher, site.officer)
    country.receive(site.device)
    (terminal.folder / "keys" / "receipt.key").unlink()

    refused = terminal.run(f"屏東縣,{teacher.national_id},未報到,109/8/1,,文")

    assert refused.exit_code == Exit.REFUSED
    assert terminal.rows(barred) == []
    assert terminal.rows(roster)


def test_a_file_that_is_no_control_list_is_not_taken(terminal):
    place = terminal.folder / "x.csv"
    place.write_text("代碼,缺額\n134601,1", "utf-8")

    done = CliRunner().invoke(
        app, ["import", "barred", str(place), "--yes", "--json", *terminal.words]
    )

    assert done.exit_code == Exit.FAILED
    assert json.loads(done.stdout)["outcome"] == "unusable"
