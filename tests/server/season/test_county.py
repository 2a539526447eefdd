"""What a county's review and the control list change in the freeze, and the command that passes."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from core.season.county import CountyRule, CountyVerdict
from core.season.ruling import SeasonRules
from core.wire.payload import PointsAwarded
from server.barring import grounds
from server.imports.barred import plan_barred, read_barred
from server.imports.shelf import batch_of, read_gazetteer, write_barred
from server.lists import moment, read_season
from server.season.caseload import read_cases, read_content
from server.season.county import as_the_school, pass_waiting, review
from server.season.freeze import plan_freeze
from server.season.ruling import set_rules
from server.season.run import read_rules
from server.season.sift import Reason
from server.staff.role import Role
from server.store.settings import RESTORED_MS, write_number
from server.store.tables import county_review, payload
from server.terminal import RefusedError
from tests.server.imports.lists import sheet
from tests.server.running import read_rows
from tests.server.season.country import HOUR_MS, POINTS, SUBMIT_MS, Site

EAST = ("144601", "144602")
NOW = SUBMIT_MS + 5 * 24 * HOUR_MS  # 115/5/3 17:00
LESS = PointsAwarded(
    reason_a=1000, reason_b=500, service=600, appraisal=400, awards=100, training=50, special=0
)


@pytest.fixture
def county(country):
    """A county's reviewer over two teachers its schools passed."""
    return Reviewer(country)


class Reviewer:
    def __init__(self, country):
        self.country = country
        self.site = Site(country, "134601", "134602")
        self.first = self.site.approved(1, "134601", EAST)
        self.second = self.site.approved(2, "134602", EAST)
        country.receive(self.site.device)
        self.account = country.account("pingtung", Role.COUNTY, "13")

    def write(self, work):
        with self.country.store.writing() as connection:
            return work(connection)

    def review(self, applied, **changed):
        def work(connection):
            (case,) = read_cases(connection, "13", applied.teacher.app)
            wanted = as_the_school(case, read_content(connection, case))
            return review(
                connection,
                replace(wanted, **changed),
                account=self.account,
                season=read_season(connection),
                key=self.country.centre.receipt,
                now_ms=NOW,
            )

        return self.write(work)

    def refuse(self, applied, verdict=CountyVerdict.REFUSED):
        return self.review(applied, verdict=verdict, points=None, reason="證件不實")

    def pass_all(self, account=None, now_ms=NOW):
        return self.write(
            lambda connection: pass_waiting(
                connection,
                account=account or self.account,
                key=self.country.centre.receipt,
                now_ms=now_ms,
            )
        )

    def require(self):
        self.write(
            lambda connection: set_rules(
                connection, "115", SeasonRules(county=CountyRule.REQUIRED), login="host1",
                reason="委員會決議", key=self.country.centre.receipt, now_ms=NOW,
            )
        )  # fmt: skip

    def bar(self, applied):
        text = f"屏東縣,{applied.claim.national_id},未報到,109/8/1,,文"
        lines, faults = read_barred(
            sheet("縣市,身分證統一編號,依據,起日,迄日,來源", text),
            read_gazetteer(), grounds(), moment(NOW).date(),
        )  # fmt: skip
        assert faults == ()
        batch = batch_of({"x.csv": "00"}, "test", NOW)
        self.write(lambda connection: write_barred(connection, plan_barred(lines, {}), batch))

    def plan(self):
        return self.country.read(lambda connection: plan_freeze(connection, read_rules()))

    def rows(self):
        return self.country.read(lambda connection: read_rows(connection, county_review))


def by_app(plan):
    return {each.app: each for each in plan.entries}


def points_in(plan):
    """What the matcher's input says of points, sorted."""
    return sorted(re.findall(rb'"points":({[^}]*})', b"".join(plan.problems.values())))


def test_without_a_review_the_schools_figures_go_in(county):
    plan = county.plan()

    assert len(plan.included) == 2
    assert all(each.county is None for each in plan.included)
    assert plan.rules.county is CountyRule.OPTIONAL


def test_the_countys_figures_go_in_where_it_reviewed_and_stand_under_the_root(county):
    before = county.plan()
    county.review(county.first, points=LESS, changes={"awards": "獎狀非主管機關核給"})

    after = county.plan()

    assert points_in(before) != points_in(after)
    assert before.input_root != after.input_root
    entry = by_app(after)[county.first.teacher.app]
    assert entry.county == county.rows()[0]["eh"]
    assert by_app(after)[county.second.teacher.app].county is None


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (CountyVerdict.REFUSED, Reason.COUNTY_REFUSED),
        (CountyVerdict.RETURNED, Reason.COUNTY_RETURNED),
    ],
)
def test_what_the_county_did_not_pass_stays_out(county, verdict, reason):
    county.refuse(county.first, verdict)

    entry = by_app(county.plan())[county.first.teacher.app]

    assert (entry.included, entry.reason) == (False, reason)


def test_a_season_that_requires_the_county_takes_only_what_it_passed(county):
    county.require()
    county.review(county.first)

    plan = county.plan()

    assert [each.app for each in plan.included] == [county.first.teacher.app]
    assert by_app(plan)[county.second.teacher.app].reason is Reason.COUNTY_MISSING


def test_a_review_that_does_not_hold_any_more_gives_no_points_and_is_listed(county):
    county.review(county.first, points=LESS, changes={"awards": "獎狀非主管機關核給"})
    decided = next(
        link for link in county.site.device.links
        if link.event.kind == "officer.approve"
        and link.event.body["app"] == county.first.teacher.app
    )  # fmt: skip
    county.country.decide(
        county.site.device, county.site.officer, county.first, earlier=(decided.hash,)
    )
    county.country.receive(county.site.device)

    optional = by_app(county.plan())[county.first.teacher.app]
    county.require()
    required = by_app(county.plan())[county.first.teacher.app]

    assert (optional.included, optional.reason) == (True, Reason.SCHOOLS_FIGURES)
    assert optional.county is None
    assert (required.included, required.reason) == (False, Reason.COUNTY_OUTDATED)


def test_who_is_on_the_control_list_waits_for_people_and_goes_in_when_they_pass_her(county):
    county.bar(county.first)

    waiting = by_app(county.plan())[county.first.teacher.app]
    county.review(county.first)
    passed = by_app(county.plan())[county.first.teacher.app]

    assert (waiting.included, waiting.reason) == (False, Reason.BARRED)
    assert passed.included


def test_erased_figures_are_no_figures(county):
    county.review(county.first)
    eh = county.rows()[0]["eh"]
    county.write(
        lambda connection: connection.execute(
            update(payload).where(payload.c.eh == eh).values(data=None)
        )
    )

    assert by_app(county.plan())[county.first.teacher.app].reason is Reason.PAYLOAD_MISSING


def test_the_command_passes_what_waits_and_leaves_the_rest_to_people(county):
    county.bar(county.second)

    done = county.pass_all()
    again = county.pass_all()

    assert (done, again) == ((1, 1), (0, 1))
    assert [row["app"] for row in county.rows()] == [county.first.teacher.app]


def test_who_has_no_county_or_comes_late_passes_nothing(county):
    host = county.country.account("host1", Role.HOST)

    with pytest.raises(RefusedError, match="所在縣市"):
        county.pass_all(host)
    with pytest.raises(RefusedError, match="截止"):
        county.pass_all(now_ms=SUBMIT_MS + 60 * 24 * HOUR_MS)
    county.account = host
    with pytest.raises(RefusedError, match="所在縣市"):
        county.review(county.first)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"mark": "0" * 16}, "已有變動"),
        ({"points": None}, "須核定"),
        ({"verdict": CountyVerdict.REFUSED, "reason": "證件不實"}, "不核定積分"),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(county, changed, words):
    with pytest.raises(RefusedError, match=words):
        county.review(county.first, **changed)
    assert POINTS != LESS


def test_after_a_restore_numbers_go_on_behind_those_that_may_be_lost(county):
    first = county.review(county.first)
    county.write(lambda connection: write_number(connection, RESTORED_MS, NOW + 1))

    second = county.review(county.second)
    again = county.review(county.first)

    assert (first, second, again) == ("13000001", "13001002", "13000001")
