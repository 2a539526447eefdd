"""The freeze on either database: what goes in, what is left out, what is written, and when."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from core.wire.kind import Revision, Withdrawal
from server.imports.shelf import batch_of, write_season
from server.keeping.retention import due_before, erase
from server.lists import load_season, moment, read_season, read_table
from server.season.committee import read_docket
from server.season.freeze import check_time, plan_freeze, write_freeze
from server.season.lot import draw_lots
from server.season.merkle import merkle_root
from server.season.run import read_rules
from server.season.sift import Reason
from server.store.season_tables import audit, freeze, freeze_entry, problem, school
from server.store.tables import application
from server.terminal import RefusedError
from tests.server.running import read_rows
from tests.server.season.country import FREEZE_MS, HOUR_MS, POINTS, SUBMIT_MS, Site

EAST = ("144601", "144602")
YEAR_MS = 365 * 24 * HOUR_MS


def plan(country):
    return country.read(lambda connection: plan_freeze(connection, read_rules()))


def make(country, *, early=False, now_ms=FREEZE_MS):
    with country.store.writing() as connection:
        return write_freeze(
            connection,
            plan_freeze(connection, read_rules()),
            by="host1",
            early=early,
            now_ms=now_ms,
        )


def reasons(plan):
    return {each.app: each.reason for each in plan.left_out}


def elementary(plan):
    return json.loads(plan.problems["elementary"])


def demonstrate(country):
    text = read_table("calendar_115.toml").replace('source = "範例', 'source = "示範，範例')
    with country.store.writing() as connection:
        write_season(connection, load_season(text), batch_of({"c": "00"}, "test", 0))


def open_next_season(country, name="116"):
    """A calendar like this one's, a year later."""
    text = read_table("calendar_115.toml")
    text = text.replace('season = "115"', f'season = "{name}"').replace("= 2026-", "= 2027-")
    with country.store.writing() as connection:
        write_season(connection, load_season(text), batch_of({"c": "00"}, "test", 0))


def test_the_input_holds_what_the_teachers_said_and_the_officers_awarded(country):
    site = Site(country, "134601", "134602")
    amy = site.approved(1, "134601", EAST, birth="1980-01-01")
    bea = site.approved(2, "134602", EAST[::-1], birth="1975-04-28", indigenous=True)
    country.open_seats("144601,普通,2,是", "134501,數學,1,")
    country.receive(site.device)

    found = plan(country)

    document = elementary(found)
    root = merkle_root(
        [each.hash for each in site.device.links if each.event.kind != "teacher.register"]
    )
    assert found.input_root == root
    assert document["format"] == "jiepin-problem/1"
    assert (document["season"], document["stage"]) == ("115", "elementary")
    assert document["vacancies"] == [
        {"school": "144601", "subject": "general", "count": 2, "refill": False}
    ]
    assert [each["id"] for each in document["schools"]] == ["134601", "134602", *EAST]
    assert document["schools"][0]["marks"] == ["indigenous", "very_remote"]
    lots = draw_lots(root, [amy.link.hash, bea.link.hash])
    by_lot = {each["lot"]: each for each in document["teachers"]}
    first = by_lot[lots[amy.link.hash]]
    assert first["id"] == f"T000{lots[amy.link.hash]}"
    assert first["wishes"] == list(EAST)
    assert first["points"] == {"14": POINTS.total_b}
    assert first["tie"] == [1, 12, POINTS.appraisal, POINTS.awards, POINTS.training]
    assert by_lot[lots[bea.link.hash]]["tie"][0] == 2  # older
    assert by_lot[lots[bea.link.hash]]["indigenous"] is True


def test_the_bytes_are_canonical_and_name_nobody(country):
    site = Site(country, "134601")
    applied = site.approved(1, "134601", EAST)
    country.receive(site.device)

    data = plan(country).problems["elementary"]

    assert (
        data
        == json.dumps(
            json.loads(data), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
    )
    for secret in (applied.claim.national_id, applied.claim.teacher_name, "1985"):
        assert secret.encode() not in data
    assert applied.teacher.app.hex().encode() not in data


def test_points_are_told_for_the_counties_that_are_wished_for(country):
    site = Site(country, "134601")
    site.approved(1, "134601", ("024601", "144602", "144601"), counties=("02", "14"))
    country.receive(site.device)

    assert elementary(plan(country))["teachers"][0]["points"] == {
        "02": POINTS.total_a,
        "14": POINTS.total_b,
    }


def test_everything_left_out_is_listed_with_its_reason(country):
    site = Site(country, "134601", "134602")
    waiting = site.applied(1, "134601", EAST)
    returned = site.applied(2, "134601", EAST)
    country.decide(site.device, site.officer, returned, verdict="returned")
    gone = site.approved(3, "134601", EAST)
    site.device.withdraw(gone.teacher, gone.link.hash)
    stranger = country.teacher(4, "134602")
    flagged = country.apply(site.device, stranger, EAST)
    country.decide(site.device, site.officer, flagged)
    own = site.approved(5, "134601", ("134602",), counties=("13", "14"))
    elsewhere = site.approved(6, "134601", ("024601",), counties=("07", "14"))
    other_year = site.approved(7, "134601", EAST, season="114")
    site.approved(8, "134602", EAST)
    country.receive(site.device)

    found = plan(country)

    assert reasons(found) == {
        waiting.teacher.app: Reason.NOT_REVIEWED,
        returned.teacher.app: Reason.RETURNED,
        gone.teacher.app: Reason.WITHDRAWN,
        flagged.teacher.app: Reason.FLAGGED,
        own.teacher.app: Reason.WISHES_REFUSED,
        elsewhere.teacher.app: Reason.WISHES_REFUSED,
        other_year.teacher.app: Reason.OTHER_SEASON,
    }
    assert len(found.included) == 1


def test_late_versions_do_not_count_and_sealed_ones_do(country):
    early, late, sealed = (Site(country, "134601") for _ in range(3))
    early.approved(1, "134601", EAST)
    country.receive(early.device)
    country.beacon(late.device, SUBMIT_MS + HOUR_MS)
    too_late = late.approved(2, "134601", EAST)
    country.beacon(sealed.device, SUBMIT_MS - 2 * HOUR_MS)
    kept = sealed.approved(3, "134601", EAST)
    country.close(sealed.device)
    country.beacon(sealed.device, SUBMIT_MS + 2 * HOUR_MS)
    country.receive(late.device, sealed.device, at_ms=SUBMIT_MS + 3 * HOUR_MS)

    found = plan(country)

    assert reasons(found) == {too_late.teacher.app: Reason.LATE}
    assert {each.app: each.reason for each in found.included}[kept.teacher.app] is Reason.SEALED


def test_a_school_taken_off_the_list_stays_in_the_ranking_as_closed(country):
    site = Site(country, "134601")
    site.approved(1, "134601", ("144609", "144601"))
    country.receive(site.device)

    document = elementary(plan(country))

    assert document["teachers"][0]["wishes"] == ["144609", "144601"]
    assert document["schools"][-1] == {"id": "144609", "county": "14", "marks": ["closed"]}


def test_a_school_that_is_not_delegated_is_closed_and_its_seats_are_not_offered(country):
    site = Site(country, "134601")
    site.approved(1, "134601", EAST)
    country.open_seats("144602,普通,1,")
    country.receive(site.device)
    with country.store.writing() as connection:
        connection.execute(school.update().where(school.c.id == "144602").values(delegated=False))

    document = elementary(plan(country))

    assert document["vacancies"] == []
    assert document["schools"][-1] == {
        "id": "144602",
        "county": "14",
        "marks": ["closed", "remote"],
    }


def test_a_certificate_for_remote_areas_strikes_wishes_for_general_schools(country):
    site = Site(country, "134601")
    site.approved(1, "134601", EAST, area_limit="restricted", subjects=("general", "english"))
    country.receive(site.device)

    assert elementary(plan(country))["teachers"][0]["excluded"] == [
        {"school": "144601", "subject": "general", "reason": "teaching_area"},
        {"school": "144601", "subject": "english", "reason": "teaching_area"},
    ]


def test_a_freeze_is_written_once_with_its_root_its_problems_and_an_audit_row(country):
    site = Site(country, "134601")
    applied = site.approved(1, "134601", EAST)
    site.applied(2, "134601", EAST)
    country.receive(site.device)
    expected = plan(country)

    number = make(country)

    with country.store.reading() as connection:
        row = read_rows(connection, freeze)[0]
        entries = read_rows(connection, freeze_entry)
        stored = read_rows(connection, problem)[0]
        codes = [each["code"] for each in read_rows(connection, audit)]
    assert (row["id"], row["input_root"], row["early"]) == (number, expected.input_root, False)
    assert row["log_index"] == len(site.device.links)
    assert stored["sha256"] == sha256(expected.problems["elementary"]).digest()
    assert stored["teachers"] == 1
    assert {each["app"]: (each["included"], each["alias"]) for each in entries} == {
        applied.teacher.app: (True, "T0001"),
        country.teacher(2, "134601").app: (False, None),
    }
    assert codes[-1] == "freeze_made"


def test_the_order_of_arrival_does_not_change_the_freeze(country):
    sites = [Site(country, "134601"), Site(country, "134602")]
    for number, site in enumerate(sites, start=1):
        site.approved(number, site.device.schools[0], EAST)
    country.receive(sites[1].device)
    country.receive(sites[0].device)

    found = plan(country)

    expected = merkle_root(
        link.hash
        for site in sites
        for link in site.device.links
        if link.event.kind != "teacher.register"
    )
    assert found.input_root == expected
    assert len(found.included) == 2


def test_before_its_window_a_freeze_is_refused(country):
    site = Site(country, "134601")
    site.approved(1, "134601", EAST)
    country.receive(site.device)

    with pytest.raises(RefusedError) as caught:
        make(country, now_ms=SUBMIT_MS - HOUR_MS)

    assert caught.value.code == "too_early"
    assert "115/5/14" in str(caught.value)


def test_early_is_for_demonstrations_only(country):
    site = Site(country, "134601")
    site.approved(1, "134601", EAST)
    country.receive(site.device)

    with pytest.raises(RefusedError) as caught:
        make(country, early=True, now_ms=SUBMIT_MS - HOUR_MS)
    demonstrate(country)
    number = make(country, early=True, now_ms=SUBMIT_MS - HOUR_MS)

    assert caught.value.code == "early_not_allowed"
    with country.store.reading() as connection:
        assert [each["early"] for each in read_rows(connection, freeze)] == [True]
    assert number == 1


def test_the_window_opens_to_the_minute(country):
    season = country.read(read_season)
    opens = moment(1_778_688_000_000)  # 115/5/14 00:00

    with pytest.raises(RefusedError):
        check_time(season, opens - timedelta(milliseconds=1), early=False)
    check_time(season, opens, early=False)


def test_without_an_approved_application_there_is_nothing_to_freeze(country):
    with pytest.raises(RefusedError) as caught:
        make(country)

    assert caught.value.code == "nothing_to_freeze"


def test_who_takes_an_application_back_is_out_and_who_comes_again_is_in(country):
    """PROTOCOL 2.9: a withdrawal is a revision like the others."""
    site = Site(country, "134601")
    gone = site.approved(1, "134601", EAST)
    site.device.withdraw(gone.teacher, gone.link.hash)
    again = site.approved(2, "134601", EAST)
    back = site.device.withdraw(again.teacher, again.link.hash)
    new = country.apply(
        site.device,
        again.teacher,
        EAST[::-1],
        version=3,
        parents=(back.hash,),
        claim=again.claim,
    )
    country.receive(site.device)

    found = plan(country)

    assert reasons(found) == {gone.teacher.app: Reason.WITHDRAWN}
    assert [each.revision for each in found.included] == [new.link.hash]
    assert elementary(found)["teachers"][0]["wishes"] == list(EAST[::-1])


@pytest.mark.parametrize("under", ["hers", "another", "nobodys"])
def test_a_machine_elsewhere_takes_no_approved_application_back(country, under):
    """It knows the season's secret, so from a national number the names of all that is hers."""
    site, hostile = Site(country, "134601"), Site(country, "024601")
    amy = site.approved(1, "134601", EAST)
    country.receive(site.device)
    bea = country.teacher(2, "024601")
    hostile.device.register(bea, hostile.officer)
    who = {"hers": amy.teacher, "another": bea, "nobodys": country.teacher(3, "024601")}[under].who
    country.beacon(hostile.device, country.now_ms + 1)  # so that it is provably later
    hostile.device.add(
        "app.withdraw", Withdrawal(app=amy.teacher.app, version=2, parents=()), who=who
    )
    country.receive(hostile.device)

    found = plan(country)

    assert [each.revision for each in found.included] == [amy.link.hash]
    assert {each.reason for each in found.included} == {Reason.CONFLICT_APPROVED}


def test_what_she_settled_herself_is_no_conflict_any_more(country):
    here, there = Site(country, "134601"), Site(country, "134601")
    one = here.approved(1, "134601", EAST)
    there.device.register(one.teacher, there.officer)
    two = country.apply(there.device, one.teacher, EAST[::-1])
    country.receive(here.device, there.device)
    before = plan(country)

    resolved = country.apply(
        here.device,
        one.teacher,
        EAST[:1],
        version=2,
        parents=(one.link.hash, two.link.hash),
        claim=one.claim,
        kind="app.resolve",
    )
    country.receive(here.device)
    after = plan(country)

    assert {each.reason for each in before.included} == {Reason.CONFLICT_APPROVED}
    assert [(each.revision, each.reason) for each in after.included] == [(resolved.link.hash, None)]


def test_a_version_that_builds_on_a_rejected_one_leaves_one_head_in_the_views_too(country):
    site = Site(country, "134601")
    first = site.approved(1, "134601", EAST)
    rejected = site.device.add(
        "app.revise",
        Revision(
            app=first.teacher.app,
            version=2,
            parents=(first.link.hash,),
            claim=bytes(32),
            wishes=bytes(32),
        ),
        who=first.teacher.who,
        payload=first.link.frame.payload,
    )
    country.apply(
        site.device,
        first.teacher,
        EAST,
        version=3,
        parents=(rejected.hash,),
        claim=first.claim,
    )
    country.receive(site.device)

    rows = country.read(lambda connection: read_rows(connection, application))

    assert [each["state"] for each in rows] == ["current"]
    assert len(plan(country).included) == 1


@pytest.mark.parametrize("erased", [False, True])
def test_what_is_over_since_an_earlier_season_is_no_matter_of_this_one(country, erased):
    """Its teachers would be told a second result, and its conflicts stay on the docket for ever."""
    site, other = Site(country, "134601"), Site(country, "134601")
    before = site.approved(1, "134601", EAST)
    torn = site.approved(2, "134601", EAST)
    other.device.register(torn.teacher, other.officer)
    country.apply(other.device, torn.teacher, EAST[:1])
    gone = site.approved(3, "134601", EAST)
    site.device.withdraw(gone.teacher, gone.link.hash)
    country.receive(site.device, other.device)
    open_next_season(country)
    now = SUBMIT_MS + YEAR_MS - 24 * HOUR_MS
    if erased:
        with country.store.writing() as connection:
            erase(connection, due_before(connection, "116", now), "test", now)
    again = site.approved(4, "134601", EAST, season="116")
    wrong = site.approved(5, "134601", EAST)
    country.receive(site.device, at_ms=now)

    found = plan(country)
    docket = country.read(lambda c: read_docket(c, read_season(c), None))

    assert {each.app: each.reason for each in found.entries} == {
        again.teacher.app: None,
        wrong.teacher.app: Reason.OTHER_SEASON,
    }
    assert before.teacher.app not in reasons(found)
    assert docket.conflicts == ()


def test_a_calendar_corrected_in_its_season_makes_nothing_old(country):
    """What says it is of this season is listed, however late the first window opens by now."""
    site = Site(country, "134601")
    one = site.approved(1, "134601", EAST)
    unread = site.device.revise(country.teacher(2, "134601"))
    site.device.links[-1] = replace(unread, frame=replace(unread.frame, payload=None))
    country.receive(site.device)
    open_next_season(country, name="115")

    found = plan(country)

    assert {each.app for each in found.entries} == {
        one.teacher.app,
        country.teacher(2, "134601").app,
    }
    assert [each.app for each in found.included] == [one.teacher.app]
