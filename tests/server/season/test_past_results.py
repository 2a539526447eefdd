"""Past results (U-019): kept when published, told only if the season says so, never of few."""

import json
from dataclasses import replace
from datetime import date

import pytest

from core.domain.past import PastResult
from core.domain.points import Points
from core.wire.past import read_past
from server.past import (
    Showing,
    keep_results,
    read_past_results,
    read_showing,
    set_showing,
    told_results,
)
from server.season.publish import publish
from server.season.reference import reference_files
from server.season.result import Move
from server.season.tally import OWN_SOURCE, tally
from server.staff.role import Role
from server.store.season_tables import audit, freeze
from server.terminal import Exit, RefusedError
from tests.server.season.country import PASSWORD
from tests.server.season.test_commands import Terminal
from tests.server.season.test_publish import LATER, approved, sites  # noqa: F401 - fixtures

SHOWN = Showing(shown=True, smallest=3)


def result(school="144601", year=114, **changed):
    said = {"vacancies": 2, "applicants": 14, "moved": 6, "lowest": Points(4150)} | changed
    return PastResult(
        year=year, school=school, subject="general", source="公告", as_of="2025-06-01", **said
    )


def teacher(number, wishes, subjects=("general",), points=3000, excluded=()):
    return {
        "id": f"T{number:04}",
        "wishes": list(wishes),
        "subjects": list(subjects),
        "points": {"14": points},
        "excluded": [{"school": s, "subject": c, "reason": "teaching_area"} for s, c in excluded],
    }


class Moved:
    """A result with these moves."""

    def __init__(self, *moves):
        self.moves = tuple(
            Move(alias=alias, origin=("1", "general"), destination=place, wish=1, phase="p")
            for alias, place in moves
        )


def test_a_tally_counts_seats_wishes_and_moves_of_each_school_and_subject():
    problem = json.dumps(
        {
            "schools": [{"id": "144601", "county": "14"}, {"id": "144602", "county": "14"}],
            "vacancies": [
                {"school": "144601", "subject": "general", "count": 2, "refill": True},
                {"school": "144602", "subject": "english", "count": 1, "refill": True},
            ],
            "teachers": [
                teacher(1, ["144601", "144602"], points=4100),
                teacher(2, ["144601"], ("general", "english"), points=3900),
                teacher(3, ["144602"], excluded=[("144602", "general")]),
            ],
        }
    ).encode()
    here = ("144601", "general")

    found = tally(problem, Moved(("T0001", here), ("T0002", here)), 115, date(2026, 5, 20))

    assert [
        (each.school, each.subject, each.vacancies, each.applicants, each.moved, each.lowest)
        for each in found
    ] == [
        ("144601", "english", 0, 1, 0, None),
        ("144601", "general", 2, 2, 2, Points(3900)),
        ("144602", "english", 1, 0, 0, None),
        ("144602", "general", 0, 1, 0, None),
    ]
    assert {(each.year, each.source, each.as_of) for each in found} == {
        (115, OWN_SOURCE, "2026-05-20")
    }


def test_what_is_told_is_the_newest_earlier_year_of_schools_that_are_still_listed():
    kept = [
        result(year=113),
        result(year=114, applicants=9),
        result(year=115, applicants=99),
        result("999999"),
        result("144602", moved=2),
    ]

    told = told_results(kept, SHOWN, {"144601": "14", "144602": "14"}, "115")

    assert [(each.school, each.year, each.applicants, each.moved) for each in told] == [
        ("144601", 114, 9, 6),
        ("144602", 114, 14, None),
    ]
    assert told_results(kept, SHOWN, {"144601": "14"}, "rehearsal") == ()


@pytest.mark.parametrize(("publishing", "lowest"), [((), None), (("14",), Points(4150))])
def test_the_lowest_total_is_told_only_where_the_county_publishes_it(publishing, lowest):
    (told,) = told_results([result()], replace(SHOWN, lowest=publishing), {"144601": "14"}, "115")

    assert told.lowest == lowest


def exported(country):
    with country.store.reading() as connection:
        return reference_files(connection)


def showing(country, value):
    with country.store.writing() as connection:
        set_showing(connection, value, by="host1", now_ms=1)


def test_no_file_is_exported_before_the_season_says_so_and_an_empty_one_when_it_takes_it_back(
    country,
):
    with country.store.writing() as connection:
        keep_results(connection, [result()])

    before = exported(country)
    showing(country, SHOWN)
    shown = exported(country)
    showing(country, replace(SHOWN, shown=False))
    hidden = exported(country)

    assert "past" not in before
    assert read_past(shown["past"]) == (result(lowest=None),)
    assert read_past(hidden["past"]) == ()
    assert {**shown, "past": b""} == {**before, "past": b""}


def test_of_a_year_school_and_subject_the_last_that_was_said_counts(country):
    with country.store.writing() as connection:
        keep_results(connection, [result()])
        keep_results(connection, [result(applicants=20), result(year=113)])
        keep_results(connection, [])
        kept = read_past_results(connection)

    assert [(each.year, each.applicants) for each in kept] == [(113, 14), (114, 20)]


def test_nobody_can_have_counts_of_two_people_told(country):
    with pytest.raises(RefusedError) as caught:
        showing(country, Showing(shown=True, smallest=2))

    assert caught.value.code == "smallest"


def published(country, number):
    with country.store.writing() as connection:
        publish(connection, number, by="host1", key=country.centre.receipt, now_ms=LATER)
        return read_past_results(connection)


def test_publishing_keeps_what_later_years_may_be_told(country, approved):  # noqa: F811
    kept = published(country, approved)

    assert [
        (each.year, each.school, each.applicants, each.moved)
        for each in kept
        if each.subject == "general"
    ] == [
        (115, "134601", 1, 1),
        (115, "144601", 1, 1),
        (115, "144602", 1, 0),
    ]
    assert published(country, approved) == kept


def test_a_rehearsal_under_another_name_is_nobodys_past(country, approved):  # noqa: F811
    with country.store.writing() as connection:
        connection.execute(freeze.update().values(season="rehearsal"))

    assert published(country, approved) == ()


@pytest.fixture
def terminal(country, database_url, centre, tmp_path):
    centre.write_home(tmp_path)
    return Terminal(country, database_url, tmp_path)


def test_from_a_list_to_the_exported_file_by_command(terminal, tmp_path):
    path = tmp_path / "past.csv"
    path.write_text(
        "年度,代碼,科別,缺額,選填人數,調入人數,最低積分\n114,144601,普通,2,14,6,41.5\n"
        "114,144602,普通,1,4,1,\n114,999999,普通,1,4,1,\n"
    )
    words = ["import", "past-results", str(path), "--source", "臺東縣政府公告"]

    unasked = terminal.run(*words, "--as-of", "114/6/1")
    taken = terminal.facts(*words, "--as-of", "114/6/1", "--yes")
    again = terminal.facts(*words, "--as-of", "114/6/1", "--yes")
    terminal.country.account("host1")
    hidden = terminal.facts("past-results")
    terminal.facts("past-results", "--show", "--lowest", "臺東縣", login="host1")
    shown = terminal.run("past-results")
    terminal.run("export-reference", str(tmp_path / "reference"))

    assert unasked.exit_code == Exit.REFUSED
    assert (taken["new"], taken["written"], len(taken["faults"])) == (2, 2, 1)
    assert (again["outcome"], again["unchanged"]) == ("nothing_to_do", 2)
    assert (hidden["shown"], hidden["years"], hidden["rows"]) == (False, [114], 2)
    assert "提供教師參考" in shown.stdout
    assert "範例" in shown.stdout
    told = read_past((tmp_path / "reference" / "past.ttc").read_bytes())
    assert [(each.school, each.applicants, each.lowest) for each in told] == [
        ("144601", 14, Points(4150)),
        ("144602", None, None),
    ]
    codes = [row["code"] for row in terminal.rows(audit)]
    assert "past_results_imported" in codes
    assert "past_results_set" in codes


def test_a_changed_line_is_said_before_it_is_written(terminal, tmp_path):
    path = tmp_path / "past.csv"
    header = "年度,代碼,科別,缺額,選填人數,調入人數\n"
    words = ["import", "past-results", str(path), "--source", "公告", "--as-of", "114/6/1"]
    path.write_text(f"{header}114,144601,普通,2,14,6\n")
    terminal.facts(*words, "--yes")
    path.write_text(f"{header}114,144601,普通,2,15,6\n")

    said = terminal.run(*words, "--dry-run")

    assert "變更 114 144601 general" in said.stdout
    assert "試算完成，未寫入" in said.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--source", " ", "--as-of", "114/6/1"], Exit.USAGE),
        (["--source", "公告", "--as-of", "昨天"], Exit.USAGE),
        (["--source", "公告", "--as-of", "114/6/1", "--yes"], Exit.FAILED),
    ],
)
def test_without_source_date_or_columns_nothing_is_taken_in(terminal, tmp_path, words, code):
    path = tmp_path / "past.csv"
    path.write_text("年度,代碼\n114,144601\n")

    assert terminal.run("import", "past-results", str(path), *words).exit_code == code
    assert terminal.run("past-results", "--lowest", "火星").exit_code == Exit.USAGE


def test_whoever_may_not_publish_may_not_show_it_either(terminal):
    terminal.country.account("county1", Role.COUNTY, county="14")

    done = terminal.run("past-results", "--show", "--as", "county1", input=f"{PASSWORD}\n")

    assert done.exit_code == Exit.REFUSED
    with terminal.country.store.reading() as connection:
        assert read_showing(connection) == Showing()
    assert terminal.facts("past-results", "--smallest", "7", "--lowest", "-")["smallest"] == 7
