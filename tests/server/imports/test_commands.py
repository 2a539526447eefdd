"""`jiepin server import …` as people run it, on either database."""

import json
import os
import pty
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from typer.testing import CliRunner

from server.commands import app
from server.imports.cell import school_year_start
from server.lists import day_of, read_notice, read_season
from server.store.season_tables import audit, import_batch, school, vacancy
from server.terminal import Exit
from tests.server.imports.lists import COUNTED, DIRECTORY, ENTERED, VACANCIES, counted, listed
from tests.server.running import read_rows

LISTS = {
    "e1.csv": (DIRECTORY, listed("014601"), listed("014602", name="市立田園國小")),
    "basec.csv": (COUNTED, counted("014601"), counted("014602", name="市立田園國小")),
}


class Terminal:
    """The command line on a database, with files in a folder."""

    def __init__(self, store, url, folder):
        self.store = store
        self._url = url
        self.folder = folder

    def write(self, name, *lines, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes("\r\n".join(lines).encode(encoding))
        return str(path)

    def run(self, *words, **options):
        home = ["--home", str(self.folder), "--database", self._url]
        return CliRunner().invoke(app, ["import", *words, *home], **options)

    def facts(self, *words):
        done = self.run(*words, "--json")
        return done.exit_code, json.loads(done.stdout)

    def rows(self, table):
        with self.store.reading() as connection:
            return read_rows(connection, table)


@pytest.fixture
def terminal(store, database_url, tmp_path):
    return Terminal(store, database_url, tmp_path)


@pytest.fixture
def files(terminal):
    return [terminal.write(name, *lines) for name, lines in LISTS.items()]


def test_nothing_is_written_before_it_is_confirmed(terminal, files):
    code, facts = terminal.facts("schools", *files)

    assert (code, facts["outcome"], facts["new"]) == (Exit.REFUSED, "not_confirmed", 2)
    assert terminal.rows(school) == []


def test_a_dry_run_says_what_would_happen_and_succeeds(terminal, files):
    code, facts = terminal.facts("schools", *files, "--yes", "--dry-run")

    assert (code, facts["outcome"], facts["new"]) == (Exit.OK, "dry_run", 2)
    assert terminal.rows(school) == []


def test_confirmed_lists_are_written_with_a_batch_and_an_audit_row(terminal, files):
    code, facts = terminal.facts("schools", *files, "--yes")

    assert (code, facts["outcome"], facts["written"]) == (Exit.OK, "written", 2)
    rows = terminal.rows(school)
    assert [row["short_name"] for row in rows] == ["山海", "田園"]
    assert all(row["delegated"] and row["import_batch"] == 1 for row in rows)
    assert terminal.rows(import_batch)[0]["source"] == "basec.csv e1.csv"
    assert terminal.rows(audit)[-1]["code"] == "schools_imported"


def test_the_same_files_again_change_nothing_and_say_when_they_came(terminal, files):
    terminal.facts("schools", *files, "--yes")

    code, facts = terminal.facts("schools", *reversed(files), "--yes")
    told = terminal.run("schools", *files, "--yes")

    assert (code, facts["outcome"], facts["unchanged"]) == (Exit.OK, "nothing_to_do", 2)
    assert len(terminal.rows(import_batch)) == 1
    assert "匯入過" in told.stdout


def test_rows_with_faults_are_told_by_line_column_value_reason_and_proposal(terminal):
    bad = terminal.write("bad.csv", DIRECTORY, listed("014601"), listed("01460O"))

    told = terminal.run("schools", bad, "--yes")
    _, facts = terminal.facts("schools", bad, "--yes")

    assert "bad.csv 第 3 列 「代碼」：讀到「01460O」 代碼含有像數字的英文字母。是否為 014600？" in (
        told.stdout
    )
    assert facts["faults"] == [
        {
            "file": "bad.csv",
            "line": 3,
            "column": "代碼",
            "value": "01460O",
            "code": "code_letter",
            "proposal": "014600",
            "severity": "row",
        }
    ]
    assert [row["id"] for row in terminal.rows(school)] == ["014601"]


def test_a_file_that_cannot_be_used_keeps_all_of_them_out(terminal, files):
    wrong = terminal.write("utf16.csv", DIRECTORY, encoding="utf-16")

    code, facts = terminal.facts("schools", *files, wrong, "--yes")

    assert (code, facts["outcome"]) == (Exit.FAILED, "unusable")
    assert [each["code"] for each in facts["faults"]] == ["encoding_unknown"]
    assert terminal.rows(school) == []


def test_a_big5_list_by_hand_adds_a_branch_school(terminal, files):
    terminal.facts("schools", *files, "--yes")
    branch = terminal.write(
        "branch.csv", ENTERED, "014601-A,山海國小東分校,新北市,淡水區,國小,特", encoding="cp950"
    )

    before = day_of(time.time_ns() // 1_000_000)
    code, facts = terminal.facts("schools", branch, "--yes")
    after = day_of(time.time_ns() // 1_000_000)

    assert (code, facts["new"], facts["gone"]) == (Exit.OK, 1, [])
    assert facts["files"][0]["encoding"] == "big5"
    row = next(row for row in terminal.rows(school) if row["id"] == "014601-A")
    assert row["entered"]
    ((mark, since, until),) = json.loads(row["marks"])
    assert (mark, until) == ("special_remote", None)
    # Without a year in the list it is the one of today, which a midnight of August may change.
    assert since in {school_year_start(day).isoformat() for day in (before, after)}


def test_what_a_list_no_longer_names_is_closed_only_on_request(terminal, files):
    terminal.facts("schools", *files, "--yes")
    shorter = terminal.write("e1b.csv", DIRECTORY, listed("014601"))

    _, told = terminal.facts("schools", shorter, "--yes")
    _, closed = terminal.facts("schools", shorter, "--yes", "--close-gone")

    assert (told["gone"], told["outcome"]) == (["014602"], "nothing_to_do")
    assert closed["written"] == 1
    assert {row["id"]: row["delegated"] for row in terminal.rows(school)} == {
        "014601": True,
        "014602": False,
    }


def test_seats_come_and_go_by_their_list(terminal, files):
    terminal.facts("schools", *files, "--yes")
    seats = terminal.write("seats.csv", VACANCIES, "014601,普通,2,是", "014602,普通,1,")
    fewer = terminal.write("fewer.csv", VACANCIES, "014601,普通,0,")

    first = terminal.facts("vacancies", seats, "--yes")
    again = terminal.facts("vacancies", seats, "--yes")
    second = terminal.facts("vacancies", fewer, "--yes", "--close-gone")

    assert (first[0], first[1]["season"], first[1]["seats"]) == (Exit.OK, "115", 3)
    assert again[1]["outcome"] == "nothing_to_do"
    assert second[1]["written"] == 2
    assert terminal.rows(vacancy) == []


def test_seats_at_unknown_schools_are_told_and_left_out(terminal, files):
    terminal.facts("schools", *files, "--yes")
    seats = terminal.write("seats.csv", VACANCIES, "014699,普通,1,", "014601,普通,1,")

    _, facts = terminal.facts("vacancies", seats, "--yes")

    assert [(each["line"], each["code"]) for each in facts["faults"]] == [(2, "school_unknown")]
    assert len(terminal.rows(vacancy)) == 1


def test_a_list_of_something_else_is_no_list_of_seats(terminal):
    wrong = terminal.write("wrong.csv", "姓名,電話", "a,b")

    code, facts = terminal.facts("vacancies", wrong, "--yes")

    assert (code, facts["faults"][0]["code"]) == (Exit.FAILED, "header_unknown")


def test_the_calendar_of_the_package_is_taken_once(terminal):
    first = terminal.facts("calendar", "--yes")
    again = terminal.facts("calendar", "--yes")

    assert (first[1]["outcome"], again[1]["outcome"]) == ("written", "nothing_to_do")
    with terminal.store.reading() as connection:
        assert read_season(connection).source.startswith("範例")


def test_a_table_that_is_no_calendar_is_refused_in_one_sentence(terminal):
    wrong = terminal.write("wrong.toml", 'season = "115"')

    done = terminal.run("calendar", wrong, "--yes")

    assert done.exit_code == Exit.FAILED
    assert "不是日程表" in done.stderr


def test_a_notice_is_kept_as_text_for_every_kiosk(terminal):
    text = terminal.write("notice.txt", "今年原民校名單另行公告。")

    terminal.facts("notice", text, "--yes")
    _, again = terminal.facts("notice", text, "--yes")

    assert again["outcome"] == "nothing_to_do"
    with terminal.store.reading() as connection:
        assert read_notice(connection) == "今年原民校名單另行公告。"


def test_a_database_that_was_never_migrated_is_told_in_one_sentence(tmp_path, files):
    done = CliRunner().invoke(app, ["import", "schools", *files, "--home", str(tmp_path)])

    assert done.exit_code == Exit.FAILED
    assert "jiepin server migrate" in done.stderr


@pytest.mark.parametrize(("answer", "written"), [("n", 0), ("y", 2)])
def test_a_person_at_a_terminal_is_asked_and_decides(tmp_path, files, answer, written):
    CliRunner().invoke(app, ["migrate", "--home", str(tmp_path)])
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "jiepin", "server", "import", "schools"]
    words = [*command, *files, "--home", str(tmp_path)]

    with subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, text=True) as running:
        os.write(ours, f"{answer}\n".encode())
        told, _ = running.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)

    assert "確認寫入？" in told
    with closing(sqlite3.connect(tmp_path / "server.db")) as connection:
        assert connection.execute("SELECT count(*) FROM school").fetchone() == (written,)
