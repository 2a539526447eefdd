"""The season from the command line, as the demonstration and an operator run it."""

import json
import re
import time

import pytest
from typer.testing import CliRunner

from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.reference import ReferenceFile
from server.commands import app
from server.imports.shelf import batch_of, write_notice, write_season
from server.lists import load_season, read_table
from server.season.run import default_rules
from server.staff.card import Card, bind_card, code_fits, find_card, required_roles
from server.staff.role import Role
from server.store.season_tables import freeze, run
from server.terminal import Exit
from tests.server.running import read_rows
from tests.server.season.country import PASSWORD, Site


class Terminal:
    """The command line over a country."""

    def __init__(self, country, url, home):
        self.country = country
        self._words = ["--home", str(home), "--database", url]

    def run(self, *words, **options):
        return CliRunner().invoke(app, [*words, *self._words], **options)

    def facts(self, *words, login=None):
        more = ["--as", login] if login else []
        done = self.run(*words, *more, "--json", input=f"{PASSWORD}\n" if login else None)
        assert done.exit_code == Exit.OK, done.output
        return json.loads(done.stdout)

    def rows(self, table):
        with self.country.store.reading() as connection:
            return read_rows(connection, table)


@pytest.fixture
def terminal(country, database_url, centre, tmp_path):
    centre.write_home(tmp_path)
    here, there = Site(country, "134601"), Site(country, "144601")
    here.approved(1, "134601", ("144601",))
    there.approved(2, "144601", ("134601",), counties=("13", "02"))
    here.applied(3, "134601", ("144602",))
    country.receive(here.device, there.device)
    return Terminal(country, database_url, tmp_path)


@pytest.fixture
def demonstration(terminal):
    text = read_table("calendar_115.toml").replace('source = "', 'source = "示範：')
    moved = text.replace("2026-0", "2097-0")
    with terminal.country.store.writing() as connection:
        write_season(connection, load_season(moved), batch_of({"c": "00"}, "test", 0))
    return terminal


def test_the_whole_season_closes_with_two_people(demonstration):
    terminal = demonstration
    for login in ("host1", "host2"):
        terminal.country.account(login)

    frozen = terminal.facts("freeze", "--early", login="host1")
    matched = terminal.facts("match", login="host1")
    approved = terminal.facts("approve", login="host2")
    published = terminal.facts("publish", login="host1")
    again = terminal.facts("publish", login="host1")

    assert (frozen["included"], len(frozen["left_out"])) == (2, 1)
    assert len(bytes.fromhex(frozen["input_root"])) == 32
    assert (matched["moved"], matched["check_ok"]) == (2, True)
    assert approved == {"approved": [1], "by": "host2"}
    assert (published["notices"], published["fresh"]) == (3, True)
    assert (again["notices"], again["fresh"]) == (3, False)


def test_a_dry_run_prints_the_root_that_the_freeze_will_have(demonstration):
    dry = demonstration.facts("freeze", "--early", "--dry-run")
    rows = demonstration.rows(freeze)
    real = demonstration.facts("freeze", "--early")

    assert (dry["freeze"], rows) == (None, [])
    assert dry["input_root"] == real["input_root"]


def test_a_dry_publication_counts_and_sends_nothing(demonstration):
    for login in ("host1", "host2"):
        demonstration.country.account(login)
    demonstration.facts("freeze", "--early")
    demonstration.facts("match")
    demonstration.facts("approve", login="host2")

    dry = demonstration.facts("publish", "--dry-run")
    real = demonstration.facts("publish")

    assert (dry["notices"], dry["dry_run"]) == (3, True)
    assert (real["notices"], real["fresh"]) == (3, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["freeze"], "too_early"),
        (["match"], "not_frozen"),
        (["publish"], "not_frozen"),
    ],
)
def test_what_the_rules_forbid_ends_with_exit_code_3_and_a_sentence(demonstration, words, code):
    done = demonstration.run(*words)

    assert done.exit_code == Exit.REFUSED
    assert code in done.stderr
    assert "。" in done.stderr


def test_before_its_time_a_real_season_cannot_be_frozen_early(terminal):
    text = read_table("calendar_115.toml").replace("2026-0", "2097-0")
    with terminal.country.store.writing() as connection:
        write_season(connection, load_season(text), batch_of({"c": "00"}, "test", 0))

    done = terminal.run("freeze", "--early")

    assert (done.exit_code, "early_not_allowed" in done.stderr) == (Exit.REFUSED, True)


def test_without_the_second_person_publishing_is_refused(demonstration):
    demonstration.country.account("host1")
    demonstration.facts("freeze", "--early")
    demonstration.facts("match", login="host1")

    same = demonstration.run("approve", "--as", "host1", input=f"{PASSWORD}\n")
    published = demonstration.run("publish")

    assert (same.exit_code, "same_person" in same.stderr) == (Exit.REFUSED, True)
    assert (published.exit_code, "not_approved" in published.stderr) == (Exit.REFUSED, True)


@pytest.mark.parametrize(
    ("password", "role", "code"),
    [("wrong", Role.HOST, "password_wrong"), (PASSWORD, Role.AUDITOR, "role")],
)
def test_who_acts_must_know_the_password_and_have_the_right(demonstration, password, role, code):
    demonstration.country.account("someone", role)
    demonstration.facts("freeze", "--early")

    done = demonstration.run("match", "--as", "someone", input=f"{password}\n")

    assert (done.exit_code, code in done.stderr) == (Exit.REFUSED, True)
    assert demonstration.rows(run) == []


def test_another_rule_file_is_used_and_goes_into_the_problem(demonstration, tmp_path):
    rules = json.loads(default_rules().read_text())
    place = tmp_path / "rules.json"
    place.write_text(json.dumps(rules | {"name": "no-swaps", "phases": rules["phases"][:2]}))

    demonstration.facts("freeze", "--early", "--rules", str(place))
    matched = demonstration.facts("match")

    assert (matched["moved"], matched["check_ok"]) == (0, True)


def test_rules_the_matcher_refuses_are_a_failed_run(demonstration, tmp_path):
    rules = json.loads(default_rules().read_text())
    place = tmp_path / "rules.json"
    place.write_text(json.dumps(rules | {"phases": "none"}))
    demonstration.facts("freeze", "--early", "--rules", str(place))

    done = demonstration.run("match", "--json")

    assert done.exit_code == Exit.FAILED
    assert demonstration.rows(run)[0]["state"] == "failed"


def test_reference_files_hold_the_lists_and_are_written_only_when_they_change(terminal, tmp_path):
    with terminal.country.store.writing() as connection:
        write_notice(connection, "請攜帶健保卡。", batch_of({"n": "00"}, "test", 0))
    folder = tmp_path / "reference"

    first = terminal.facts("export-reference", str(folder))
    again = terminal.facts("export-reference", str(folder))

    files = {
        path.stem: from_wire(path.read_bytes(), ReferenceFile, FILE_LIMITS)
        for path in sorted(folder.glob("*.ttc"))
    }
    assert sorted(files) == [
        "calendar",
        "notices",
        "officers",
        "schools-elementary",
        "schools-junior",
        "schools-kindergarten",
    ]
    assert sorted(first["written"]) == sorted(files)
    assert again["written"] == []
    assert [row.id for row in files["schools-junior"].schools] == ["134501"]
    mountain = files["schools-elementary"].schools[2]
    assert (mountain.id, mountain.short_name, mountain.county) == ("134601", "山海", "13")
    assert mountain.marks[0][0] == "indigenous"
    assert mountain.delegated
    assert files["notices"].text == "請攜帶健保卡。"
    assert len(files["officers"].certificates) == 2
    assert [row.name for row in files["calendar"].phases][:3] == [
        "lists",
        "list_correction",
        "apply",
    ]


def test_accounts_are_added_with_a_password_from_the_input_or_one_shown_once(terminal):
    added = terminal.run("accounts", "add", "host1", "--role", "host", input=f"{PASSWORD}\n")
    made = terminal.run("accounts", "add", "host2", "--role", "host", "--generate", "--json")
    taken = terminal.run("accounts", "add", "host1", "--role", "host", input=f"{PASSWORD}\n")
    short = terminal.run("accounts", "add", "host3", "--role", "host", input="short\n")
    county = terminal.run("accounts", "add", "east", "--role", "county", input=f"{PASSWORD}\n")
    unknown = terminal.run(
        "accounts", "add", "east", "--role", "county", "--county", "99", input=f"{PASSWORD}\n"
    )

    assert added.exit_code == made.exit_code == Exit.OK
    assert PASSWORD not in added.output
    assert len(json.loads(made.stdout)["password"]) >= 10
    assert [each.exit_code for each in (taken, short, county)] == [Exit.REFUSED] * 3
    assert unknown.exit_code == Exit.USAGE


def test_the_rules_of_the_season_are_shown_set_with_a_reason_and_printed_with_the_freeze(
    demonstration,
):
    demonstration.country.account("host1", Role.HOST)
    default = demonstration.facts("season-rules")

    unreasoned = demonstration.run("season-rules", "--conflict", "two-steps")
    changed = demonstration.facts(
        "season-rules",
        *("--conflict", "two-steps", "--doubtful", "leave-out", "--county", "required"),
        *("--reason", "介聘委員會決議"),
        login="host1",
    )
    shown = demonstration.run("season-rules")
    planned = demonstration.facts("freeze", "--early", "--dry-run")
    printed = demonstration.run("freeze", "--early", "--dry-run")

    assert (default["conflict"], default["doubtful"]) == ("three-steps", "block")
    assert unreasoned.exit_code == Exit.REFUSED
    assert (changed["conflict"], changed["doubtful"]) == ("two-steps", "leave-out")
    assert "兩步驟備位規則" in shown.stdout
    assert planned["rules"] == {
        "conflict": "two-steps", "doubtful": "leave-out", "county": "required",
    }  # fmt: skip
    assert planned["undecided"] == []
    assert "兩步驟備位規則" in printed.stdout
    assert "  1. 只計通過學校初審的版本" in printed.stdout


def test_a_card_is_let_in_by_a_code_shown_once_and_taken_away_by_a_command(terminal):
    terminal.run("accounts", "add", "host1", "--role", "host", input=f"{PASSWORD}\n")

    nobody = terminal.run("accounts", "card-code", "host9")
    code = json.loads(terminal.run("accounts", "card-code", "host1", "--json").stdout)["code"]
    none = terminal.run("accounts", "card-forget", "host1")
    with terminal.country.store.writing() as connection:
        kept = code_fits(connection, "host1", code, time.time_ns() // 1_000_000)
        bind_card(connection, "host1", Card(salt=bytes(16), verifier=bytes(32)), 1)
    there = terminal.run("accounts", "card-code", "host1")
    gone = terminal.run("accounts", "card-forget", "host1")

    assert (nobody.exit_code, none.exit_code, there.exit_code) == (3, 3, 3)
    assert "沒有這個帳號" in nobody.stderr
    assert "card-forget" in there.stderr
    assert kept
    assert re.fullmatch("([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code)
    assert gone.exit_code == 0
    with terminal.country.store.reading() as connection:
        assert find_card(connection, "host1") is None


def test_the_roles_that_need_a_card_are_named_and_named_anew(terminal):
    both = terminal.run("accounts", "card-rule", "--role", "host", "--role", "county", "--json")
    with terminal.country.store.reading() as connection:
        needed = required_roles(connection)
    none = terminal.run("accounts", "card-rule")

    assert json.loads(both.stdout) == {"roles": ["county", "host"]}
    assert needed == {Role.COUNTY, Role.HOST}
    assert "沒有身分須用健保卡" in none.stdout
