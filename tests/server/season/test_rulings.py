"""Rules and rulings at the freeze: named, printed, signed, and folded from the log."""

import json

import pytest
from sqlalchemy import select, update

from core.sealing import SigningKey
from core.season.ruling import (
    ConflictRule,
    DoubtfulRule,
    Ruling,
    SeasonRules,
    Vote,
    account_name,
    rulings,
)
from core.wire.ack import Verdict
from core.wire.kind import EntryRuled
from server.directory import Directory
from server.season.freeze import plan_freeze, write_freeze
from server.season.ruling import read_rules_of_season, rule_on, set_rules
from server.season.run import read_rules
from server.season.sift import Reason
from server.store import tables
from server.store.centre import find_centre_key
from server.store.season_tables import audit, freeze
from server.store.tables import event, verdict
from server.terminal import RefusedError
from server.views.check import check_views
from server.views.fold import refold
from server.views.judgement import NOT_JUDGED
from tests.fakes.centre import SEASON
from tests.server.running import read_rows
from tests.server.season.country import FREEZE_MS, HOUR_MS, SUBMIT_MS, Site

EAST = ("144601", "144602")
LATER_MS = SUBMIT_MS + 3 * HOUR_MS


@pytest.fixture
def doubtful(country):
    """One application on time, one doubtful."""
    early, site = Site(country, "134601"), Site(country, "134602")
    early.approved(1, "134601", EAST)
    country.receive(early.device)
    country.beacon(site.device, SUBMIT_MS - HOUR_MS)
    case = site.approved(2, "134602", EAST)
    country.receive(site.device, at_ms=LATER_MS)
    return case


def conflict(country):
    """Two approved heads of one application; nobody can say which is later."""
    here, there = Site(country, "134601"), Site(country, "134601")
    one = here.approved(1, "134601", EAST)
    there.device.register(one.teacher, there.officer)
    two = country.apply(there.device, one.teacher, EAST[::-1])
    country.decide(there.device, there.officer, two)
    other = Site(country, "134602")
    other.approved(2, "134602", EAST)
    country.receive(there.device, here.device, other.device)
    return one, two


def rule(country, entry, login, ruling=Ruling.ACCEPT, key=None):
    country.now_ms += 1000
    with country.store.writing() as connection:
        return rule_on(
            connection,
            entry,
            ruling,
            login=login,
            reason="依電話紀錄",
            directory=country.directory,
            key=key or country.centre.receipt,
            now_ms=country.now_ms,
        )


def name(country, *, login="host1", **rules):
    with country.store.writing() as connection:
        set_rules(
            connection,
            SEASON,
            SeasonRules(**rules),
            login=login,
            reason="介聘委員會決議",
            key=country.centre.receipt,
            now_ms=country.now_ms,
        )


def plan(country):
    return country.read(lambda connection: plan_freeze(connection, read_rules()))


def make(country):
    with country.store.writing() as connection:
        return write_freeze(
            connection,
            plan_freeze(connection, read_rules()),
            by="host1",
            early=False,
            now_ms=FREEZE_MS,
        )


def test_an_undecided_entry_blocks_the_freeze_by_its_name(country, doubtful):
    with pytest.raises(RefusedError) as caught:
        make(country)

    assert caught.value.code == "undecided"
    assert doubtful.link.hash.hex()[:16] in str(caught.value)
    assert [each.entry for each in plan(country).undecided] == [doubtful.link.hash]


@pytest.fixture
def set_aside(country):
    """One application on time, of which the server could not judge an entry."""
    site = Site(country, "134601")
    case = site.approved(1, "134601", EAST)
    country.receive(site.device)
    with country.store.writing() as connection:
        connection.execute(
            update(verdict)
            .where(verdict.c.eh == case.link.hash)
            .values(verdict=Verdict.REVIEW.value, code=NOT_JUDGED)
        )
        return connection.execute(
            select(event.c.log_index).where(event.c.eh == case.link.hash)
        ).scalar_one()


def test_what_the_server_could_not_judge_blocks_the_freeze_by_its_place(country, set_aside):
    with pytest.raises(RefusedError) as caught:
        make(country)

    assert caught.value.code == "set_aside"
    assert f"第 {set_aside} 筆" in str(caught.value)
    assert plan(country).set_aside == (set_aside,)


def test_the_season_may_freeze_without_what_could_not_be_judged(country, set_aside):
    name(country, doubtful=DoubtfulRule.LEAVE_OUT)

    found = plan(country)

    assert found.set_aside == (set_aside,)
    assert not found.blocked


def test_one_officer_twice_is_one_officer(country, doubtful):
    assert rule(country, doubtful.link.hash, "host1") is None
    assert rule(country, doubtful.link.hash, "host1") is None

    assert plan(country).blocked


@pytest.mark.parametrize(
    ("ruling", "included", "reason"),
    [(Ruling.ACCEPT, 2, None), (Ruling.REJECT, 1, Reason.DOUBTFUL_REJECTED)],
)
def test_two_officers_settle_it_either_way(country, doubtful, ruling, included, reason):
    rule(country, doubtful.link.hash, "host1", ruling)
    assert rule(country, doubtful.link.hash, "host2", ruling) is ruling

    found = plan(country)
    make(country)

    assert len(found.included) == included
    assert {each.reason for each in found.left_out} == ({reason} if reason else set())
    if ruling is Ruling.ACCEPT:
        assert {each.reason for each in found.included} == {None, Reason.DOUBTFUL_ACCEPTED}


def test_the_season_may_leave_undecided_entries_out_and_prints_that(country, doubtful):
    name(country, doubtful=DoubtfulRule.LEAVE_OUT)

    found = plan(country)
    make(country)

    assert not found.blocked
    assert {each.app: each.reason for each in found.left_out} == {
        doubtful.teacher.app: Reason.DOUBTFUL
    }
    with country.store.reading() as connection:
        row = read_rows(connection, freeze)[0]
        said = [each["after"] for each in read_rows(connection, audit)][-1]
    assert (row["conflict_rule"], row["doubtful_rule"]) == ("three-steps", "leave-out")
    assert "rules three-steps and leave-out" in said


@pytest.mark.parametrize(
    ("named", "included", "reason"),
    [
        (ConflictRule.THREE_STEPS, 2, Reason.CONFLICT_FIRST_RECEIVED),
        (ConflictRule.TWO_STEPS, 1, Reason.CONFLICT_OPEN),
        (ConflictRule.LEAVE_OUT, 1, Reason.CONFLICT_OPEN),
    ],
)
def test_an_open_conflict_falls_under_the_rule_of_the_season(country, named, included, reason):
    one, two = conflict(country)
    name(country, conflict=named)

    found = plan(country)

    entries = {each.app: each for each in found.entries}
    assert found.rules.conflict is named
    assert len(found.included) == included
    assert entries[one.teacher.app].reason is reason
    if named is ConflictRule.THREE_STEPS:
        assert entries[one.teacher.app].revision == two.link.hash  # it arrived first


def test_without_a_word_the_rules_are_the_printed_three_steps(country):
    assert country.read(lambda connection: read_rules_of_season(connection, SEASON)) == SeasonRules(
        conflict=ConflictRule.THREE_STEPS, doubtful=DoubtfulRule.BLOCK
    )


def test_the_last_rules_of_this_season_count(country):
    name(country, conflict=ConflictRule.LEAVE_OUT)
    name(country, conflict=ConflictRule.TWO_STEPS, doubtful=DoubtfulRule.LEAVE_OUT)

    with country.store.reading() as connection:
        now = read_rules_of_season(connection, SEASON)
        other = read_rules_of_season(connection, "116")
    assert now == SeasonRules(conflict=ConflictRule.TWO_STEPS, doubtful=DoubtfulRule.LEAVE_OUT)
    assert other == SeasonRules()


def test_the_centres_log_is_a_chain_that_vouches_for_its_key(country, doubtful):
    rule(country, doubtful.link.hash, "host1")
    name(country, doubtful=DoubtfulRule.LEAVE_OUT)
    key = country.centre.receipt

    with country.store.reading() as connection:
        rows = [each for each in read_rows(connection, tables.event) if each["dev"] == key.id]
        known = find_centre_key(connection, key.id)

    assert [each["kind"] for each in rows] == ["centre.open", "centre.decide", "centre.rules"]
    assert [each["seq"] for each in rows] == [1, 2, 3]
    assert known == key.public
    assert check_views(country.store).equal


def test_rulings_are_folded_from_the_log_again_also_across_a_change_of_key(country, doubtful):
    rule(country, doubtful.link.hash, "host1", Ruling.REJECT)
    later = SigningKey(bytes(range(32)))
    rule(country, doubtful.link.hash, "host1", key=later)
    rule(country, doubtful.link.hash, "host2", key=later)
    before = plan(country)
    with country.store.reading() as connection:
        votes = read_rows(connection, tables.vote)

    with country.store.writing() as connection:
        refold(connection, Directory())

    with country.store.reading() as connection:
        assert read_rows(connection, tables.vote) == votes
    assert len(votes) == 3
    assert not before.undecided
    assert plan(country) == before
    assert check_views(country.store).equal


def test_a_chain_under_a_key_the_centre_never_had_is_found(country, doubtful):
    rule(country, doubtful.link.hash, "host1")
    honest = check_views(country.store, country.centre.trust)
    rule(country, doubtful.link.hash, "host2", key=SigningKey(bytes(range(32))))

    found = check_views(country.store, country.centre.trust)

    assert honest.equal
    assert [each.code for each in found.damages] == ["centre_unknown"]
    assert not found.equal


def test_a_vote_put_into_the_view_by_hand_is_found(country, doubtful):
    rule(country, doubtful.link.hash, "host1", Ruling.REJECT)
    with country.store.writing() as connection:
        connection.execute(update(tables.vote).values(ruling="accept"))

    found = check_views(country.store)

    assert [each.table for each in found.differences] == ["vote"]


def test_a_machine_that_writes_like_the_centre_says_nothing(country, doubtful):
    site = Site(country, "134601")
    for login in ("host1", "host2"):
        body = EntryRuled(entry=doubtful.link.hash, ruling="accept", officer=account_name(login))
        site.device.add("centre.decide", body)
    country.receive(site.device, at_ms=LATER_MS + 1000)

    with country.store.writing() as connection:
        refold(connection, Directory())

    with country.store.reading() as connection:
        assert read_rows(connection, tables.vote) == []
        assert find_centre_key(connection, site.device.id) is None
    assert plan(country).blocked


@pytest.mark.parametrize(
    ("said", "decided"),
    [
        ([], {}),
        (["1a"], {}),
        (["1a", "1a"], {}),
        (["1a", "2a"], {b"e": Ruling.ACCEPT}),
        (["1r", "2r"], {b"e": Ruling.REJECT}),
        (["1a", "2r"], {}),
        (["1a", "2r", "1r"], {b"e": Ruling.REJECT}),
        (["1a", "2a", "3r"], {}),
        (["1a", "2a", "2r"], {}),
        (["1a", "2a", "3r", "3a"], {b"e": Ruling.ACCEPT}),
    ],
)
def test_what_officers_say_decides_when_two_say_it_and_none_says_otherwise(said, decided):
    votes = [
        Vote(
            entry=b"e",
            officer=each[0].encode(),
            ruling=Ruling.ACCEPT if each[1] == "a" else Ruling.REJECT,
            place=place,
        )
        for place, each in enumerate(said)
    ]

    assert rulings(votes) == rulings(votes[::-1]) == decided


def test_accounts_are_named_in_the_log_without_being_told():
    assert account_name("host1") != account_name("host2")
    assert len(account_name("a" * 500)) == 16
    assert b"host1" not in account_name("host1")


def test_the_freeze_of_doubt_is_the_same_bytes_on_both_databases(country, doubtful):
    rule(country, doubtful.link.hash, "host1")
    rule(country, doubtful.link.hash, "host2")

    document = json.loads(plan(country).problems["elementary"])

    assert len(document["teachers"]) == 2
