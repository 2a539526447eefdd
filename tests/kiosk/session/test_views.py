"""Values screens draw: task lines, school lists, differences, receipts, windows, audit lines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import SchoolId
from core.domain.reading import NO_READINGS, load_readings
from core.domain.school import Mark, Stage
from core.rules.calendar import build_calendar
from core.season.merge import Review
from core.season.numbering import receipt_number
from kiosk.session.device import CardRemoved, Ticked
from kiosk.session.difference import Move, difference
from kiosk.session.draft import Answers, Draft
from kiosk.session.form import agreement, answers_of, claim_of, faults_of, wishes_of
from kiosk.session.gesture import Ended, WentOn
from kiosk.session.listing import (
    Preview,
    branches,
    candidates,
    counties,
    main_school,
    preview,
    spelled_out,
    townships,
    wishes,
)
from kiosk.session.page import (
    NOTICES,
    NOTICES_VERSION,
    NoticesPage,
    Question,
    Task,
    TaskState,
    WishesPage,
)
from kiosk.session.receipt import qr_text
from kiosk.session.record import Agreement
from kiosk.session.season import (
    Window,
    deadline,
    officers_deadline,
    officers_window,
    publication,
    teachers_window,
)
from kiosk.session.state import Covered, Idle, Trouble, TroubleCode
from kiosk.session.step import step
from kiosk.session.tasks import change_since, first_open, first_question, task_lines
from kiosk.session.trail import Trace, TraceCode, audit_event
from tests.kiosk.people import (
    AMY,
    CALENDAR,
    CLERK,
    COMPLETE,
    DEADLINE,
    NOON,
    OFFICER_DEADLINE,
    OPENS,
    PINGTUNG,
    POST,
    REFERENCE,
    SEASON,
    STATION,
    TAITUNG,
    at_work,
    idle,
    record,
    school,
    seconds,
    table,
    version,
    working,
)
from tests.kiosk.session.test_cards import AT_QUEUE, known, showing

AT = WishesPage(county=PINGTUNG)
READINGS = load_readings(table("readings.toml"))


def states(scene, station=STATION, at=NOON):
    return {each.task: each.state for each in task_lines(scene, station, at)}


def test_in_the_beginning_only_the_notices_can_be_started():
    found = states(working(Draft()))

    assert found == {
        Task.NOTICES: TaskState.NOT_STARTED,
        Task.PASSWORD: TaskState.DONE,
        Task.BASICS: TaskState.BLOCKED,
        Task.POSTS: TaskState.BLOCKED,
        Task.WISHES: TaskState.BLOCKED,
        Task.CHECK: TaskState.BLOCKED,
        Task.REVIEW: TaskState.BLOCKED,
        Task.STATUS: TaskState.BLOCKED,
    }


def test_notices_half_read_are_under_way():
    scene = working(Draft(answers=Answers(notices_read=2)))

    assert states(scene)[Task.NOTICES] is TaskState.UNDER_WAY


def test_what_is_begun_is_under_way_and_what_is_whole_is_done():
    scene = working(Draft(answers=Answers(agreed_ms=1, phone1="07", indigenous=False)))
    lines = task_lines(scene, STATION, NOON)

    assert [each.state for each in lines[2:6]] == [
        TaskState.UNDER_WAY,
        TaskState.UNDER_WAY,
        TaskState.NOT_STARTED,
        TaskState.BLOCKED,
    ]
    assert lines[3].count == 2
    assert first_open(lines) is Task.BASICS
    assert first_question(scene, STATION) is Question.AREA_LIMIT


def test_a_complete_draft_can_be_checked_and_then_waits_for_review():
    ready = working()
    sent = working(record=record(version(1)))

    assert states(ready)[Task.CHECK] is TaskState.NOT_STARTED
    assert states(ready, at=DEADLINE)[Task.CHECK] is TaskState.BLOCKED
    assert task_lines(ready, STATION, NOON)[4].count == 3
    assert (states(sent)[Task.CHECK], states(sent)[Task.REVIEW]) == (
        TaskState.DONE,
        TaskState.WAITING,
    )
    assert first_open(task_lines(sent, STATION, NOON)) is Task.STATUS
    assert first_question(ready, STATION) is Question.INDIGENOUS


@pytest.mark.parametrize(
    ("review", "state"),
    [
        (Review.APPROVED, TaskState.DONE),
        (Review.RETURNED, TaskState.ATTENTION),
        (Review.CONTRADICTORY, TaskState.WAITING),
    ],
)
def test_the_review_row_says_how_the_school_decided(review, state):
    scene = working(record=replace(record(version(1)), review=review))

    assert states(scene)[Task.REVIEW] is state


def test_a_school_that_left_the_lists_and_a_conflict_need_attention():
    listed = replace(COMPLETE, wishes=(*COMPLETE.wishes, SchoolId("133605")))
    both = (version(1), version(2))
    scene = working(Draft(answers=listed), record=record(*both, heads=both))

    assert states(scene)[Task.WISHES] is TaskState.ATTENTION
    assert states(scene)[Task.CHECK] is TaskState.ATTENTION
    assert scene.record.current is None


def test_candidates_are_of_the_county_and_stage_by_township_with_rank_and_marks():
    found = candidates(REFERENCE, POST, COMPLETE, AT)

    assert [each.school.id for each in found] == ["133601", "133602", "133603", "133604", "133605"]
    assert [each.rank for each in found] == [1, None, 3, None, None]
    assert [each.open for each in found] == [True, True, True, True, False]
    assert found[2].marks == {Mark.SPECIAL_REMOTE, Mark.INDIGENOUS}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"keyword": "1336"}, ["133601", "133602", "133603", "133604", "133605"]),
        ({"keyword": "\uff11\uff13\uff13\uff16\uff10\uff14"}, ["133604"]),
        ({"keyword": "門"}, ["133603", "133604", "133605"]),
        ({"keyword": "里港"}, ["133605"]),
        ({"keyword": "沒有這所"}, []),
        ({"township": "三地門鄉"}, ["133603", "133604"]),
        ({"marks": frozenset({Mark.REMOTE, Mark.INDIGENOUS})}, ["133602", "133603", "133604"]),
        ({"marks": frozenset({Mark.INDIGENOUS}), "keyword": "石"}, ["133604"]),
    ],
)
def test_filters_leave_what_matches_all_of_them(changes, codes):
    found = candidates(REFERENCE, POST, COMPLETE, replace(AT, **changes))

    assert [each.school.id for each in found] == codes


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("fd", ["133601"]),  # ㄑㄎ on the keys of a 注音 keyboard
        ("vd", ["133601"]),  # ㄒㄎ: 溪 is read both ways
        ("ㄑㄎ", ["133601"]),
        ("xk", ["133601"]),  # Latin initials
        ("QK", ["133601"]),
        ("g1", ["133604"]),  # ㄕㄅ
        ("21", ["133604"]),  # digits that begin no code: ㄉㄅ, 石 is read ㄉㄢˋ too
        ("sd", ["133603", "133604"]),  # 三地門
        ("n2a", ["133603", "133604"]),  # ㄙㄉㄇ
        ("ㄑㄒ", []),  # two readings of one character are not two characters
        ("zz", []),
        ("fd!", []),
    ],
)
def test_a_school_is_found_by_the_initials_of_its_characters(typed, codes):
    found = candidates(REFERENCE, POST, COMPLETE, replace(AT, keyword=typed), READINGS)

    assert [each.school.id for each in found] == codes


@pytest.mark.parametrize(
    ("typed", "read"),
    [("2q", "ㄉㄆ"), ("21", "ㄉㄅ"), ("13", ""), ("溪口", ""), ("ㄉ", ""), ("", "")],
)
def test_the_box_says_how_keys_are_read(typed, read):
    page = replace(AT, keyword=typed)

    assert spelled_out(REFERENCE, POST, COMPLETE, page, READINGS) == read
    assert spelled_out(REFERENCE, POST, COMPLETE, page, NO_READINGS) == ""


def test_townships_come_with_how_many_schools_they_have():
    assert townships(REFERENCE, POST, PINGTUNG) == (("屏東市", 2), ("三地門鄉", 2), ("里港鄉", 1))


def test_the_own_county_is_not_offered():
    offered = {each.code for each in counties(REFERENCE, POST)}
    unknown = {each.code for each in counties(REFERENCE, replace(POST, school="000000"))}

    assert len(unknown) == 22
    assert unknown - offered == {"18"}


def test_the_own_list_shows_what_left_the_lists():
    listed = replace(COMPLETE, wishes=(SchoolId("139999"), *COMPLETE.wishes))

    lines = wishes(REFERENCE, POST, listed)

    assert (lines[0].school, lines[0].open, lines[0].marks) == (None, False, frozenset())
    assert [each.rank for each in lines] == [1, 2, 3, 4]


def test_the_preview_counts_what_the_priority_would_use():
    # F-074: five ordinary schools, then three of the priority.
    listed = replace(
        COMPLETE,
        wishes=tuple(map(SchoolId, ("133601", "133602", "143601", "133605", "133603", "143603"))),
    )

    found = preview(REFERENCE, POST, listed)

    assert (found.indigenous, found.ordinary, found.closed) == ((5, 6), (1, 2, 3), (4,))


def test_a_difference_names_the_fewest_moves():
    a, b, c = COMPLETE.wishes
    new = SchoolId("133604")
    after = replace(COMPLETE, wishes=(c, a, new), phone1="03-7654321", indigenous=True)

    found = difference(COMPLETE, after)

    assert found.added == (new,)
    assert found.removed == (b,)
    assert found.moved == (Move(school=c, before=3, after=1),)
    assert found.fields == ("phone1", "indigenous")
    assert found.count == 5


@given(st.permutations([f"{number:06}" for number in range(9)]))
def test_schools_that_did_not_move_keep_their_order(order):
    before = replace(COMPLETE, wishes=tuple(sorted(order)))
    after = replace(COMPLETE, wishes=tuple(order))

    moved = {each.school for each in difference(before, after).moved}

    still = [each for each in after.wishes if each not in moved]
    assert still == sorted(still)
    assert still


def test_nothing_differs_from_the_version_it_was_made_of():
    scene = working(record=record(version(1)))

    assert change_since(scene, version(1)).count == 0
    assert change_since(scene, None) is None
    assert change_since(scene, replace(version(1), claim=None)) is None
    assert difference(Answers(), Answers()).count == 0


def test_a_version_gives_back_the_answers_it_was_made_of():
    answers = replace(COMPLETE, subject2="english", phone2="0900-123456")
    claim = claim_of(AMY, POST, answers, SEASON, declared=True, salt=bytes(16))

    back = answers_of(claim, wishes_of(answers, bytes(16)), Agreement("115-1", 1))

    assert claim.phone2 == "0900123456"
    assert claim.subjects == ("general", "english")
    assert back == replace(answers, phone2="0900123456", notices_read=0, agreed_to="115-1")


def test_what_was_agreed_to_is_the_drafts_word_else_the_versions_else_unknown():
    sent = replace(version(1), agreed=Agreement("115-1", 7))

    assert agreement(replace(COMPLETE, agreed_ms=5, agreed_to="115-1"), sent, 9) == Agreement(
        "115-1", 5
    )
    assert agreement(Answers(), sent, 9) == Agreement("115-1", 7)
    assert agreement(Answers(), version(1), 9) == Agreement("", 9)
    assert agreement(Answers(), None, 9) == Agreement("", 9)


def test_what_is_missing_comes_before_what_is_wrong():
    found = faults_of(AMY, POST, Answers(), SEASON, REFERENCE, declared=True)

    assert [(each.code, each.place) for each in found] == [
        ("not_agreed", "notices"),
        ("not_answered", "indigenous"),
        ("not_answered", "area_limit"),
        ("not_answered", "service_years"),
        ("not_answered", "post"),
        ("not_answered", "subject2"),
        ("not_answered", "subject3"),
        ("phone_missing", "phone1"),
        ("email_missing", "email"),
        ("county_missing", "county_a"),
        ("county_missing", "county_b"),
        ("wishes_empty", "schools"),
    ]


@pytest.mark.parametrize(
    ("stage", "machine", "number"),
    [
        (Stage.ELEMENTARY, "KH-0231", "115E-0231-000427"),
        (Stage.JUNIOR, "KH-10231", "115J-0231-000427"),
        (Stage.KINDERGARTEN, "示範", "115K-0000-000427"),
    ],
)
def test_receipt_numbers_are_read_aloud_in_three_groups(stage, machine, number):
    assert receipt_number("115", stage, machine, 427) == number


def test_the_qr_code_holds_29_characters():
    text = qr_text("115", "115E-0231-000427", "8F3K-29QD")

    assert text == "TAS1:115:E0231000427:8F3K29QD"
    assert len(text) == 29


@pytest.mark.parametrize(
    ("at", "teachers", "officers"),
    [
        (OPENS - seconds(1), Window.BEFORE, Window.BEFORE),
        (OPENS, Window.OPEN, Window.OPEN),
        (DEADLINE - seconds(1), Window.OPEN, Window.OPEN),
        (DEADLINE, Window.AFTER, Window.OPEN),
        (OFFICER_DEADLINE, Window.AFTER, Window.AFTER),
    ],
)
def test_windows_are_half_open(at, teachers, officers):
    assert teachers_window(CALENDAR, at) is teachers
    assert officers_window(CALENDAR, at) is officers


def test_without_a_calendar_nothing_is_known():
    day = timedelta(days=1)
    calendar = build_calendar(
        opens=NOON,
        submit=NOON + day,
        officer=NOON + 2 * day,
        freeze=NOON + 3 * day,
        run=NOON + 4 * day,
        publish=NOON + 5 * day,
        ends=NOON + 6 * day,
    )

    assert teachers_window((), NOON) is officers_window((), NOON) is Window.UNKNOWN
    assert (deadline(()), officers_deadline(()), publication(())) == (None, None, None)
    assert (deadline(calendar), officers_deadline(calendar), publication(calendar)) == (
        NOON + day,
        NOON + 2 * day,
        NOON + 5 * day,
    )


@pytest.mark.parametrize(
    ("before", "event", "traces"),
    [
        (
            showing(Idle(), lookup=5),
            known(),
            (Trace(code=TraceCode.CARD_READ, who=AMY.teacher),),
        ),
        (
            showing(Idle(), lookup=5),
            known(post=None),
            (
                Trace(code=TraceCode.CARD_READ, who=AMY.teacher),
                Trace(code=TraceCode.CARD_REFUSED, detail="unregistered"),
            ),
        ),
        (
            showing(Trouble(TroubleCode.UNREGISTERED), holder=AMY),
            CardRemoved(at=NOON),
            (Trace(code=TraceCode.CARD_REMOVED, who=AMY.teacher),),
        ),
        (
            at_work(),
            Ticked(at=NOON + timedelta(minutes=3)),
            (Trace(code=TraceCode.SCREEN_COVERED, who=AMY.teacher),),
        ),
        (at_work(), Ended(at=NOON), (Trace(code=TraceCode.SIGNED_OUT, who=AMY.teacher),)),
        (
            at_work(page=NoticesPage(NOTICES - 1), draft=Draft()),
            WentOn(at=NOON),
            (Trace(code=TraceCode.NOTICES_AGREED, who=AMY.teacher, detail=NOTICES_VERSION),),
        ),
        (at_work(page=NoticesPage(NOTICES - 2), draft=Draft()), WentOn(at=NOON), ()),
        (
            at_work(page=NoticesPage(NOTICES - 1), draft=Draft(answers=COMPLETE)),
            WentOn(at=NOON),
            (),
        ),
        (
            showing(AT_QUEUE, holder=CLERK),
            Ended(at=NOON),
            (Trace(code=TraceCode.SIGNED_OUT, who=CLERK.teacher),),
        ),
        (showing(Covered(held=working(), since=NOON)), Ticked(at=NOON), ()),
        (idle(), Ticked(at=NOON), ()),
    ],
)
def test_audit_lines_are_derived_from_the_two_ends_of_a_step(before, event, traces):
    assert audit_event(before, step(before, event).session) == traces


BRANCHED = (
    school("133606", "雲門國小德文分校", "三地門鄉"),
    school("133607", "溪口國小山中分班", "三地門鄉"),
    school("133608", "無名分校", "三地門鄉"),
)
WITH_BRANCHES = replace(
    REFERENCE, schools={**REFERENCE.schools, **{each.id: each for each in BRANCHED}}
)


def test_both_counties_come_one_after_the_other_and_are_filtered_together():
    both = candidates(WITH_BRANCHES, POST, COMPLETE, replace(AT, county=None))
    found = candidates(REFERENCE, POST, COMPLETE, replace(AT, county=None, keyword="國小"))
    unchosen = candidates(REFERENCE, POST, Answers(), replace(AT, county=None))

    counties = [each.school.county for each in both]
    assert counties == sorted(counties)
    assert set(counties) == {PINGTUNG, TAITUNG}
    assert {each.school.id for each in found} == {
        key
        for key, each in REFERENCE.schools.items()
        if each.county in {PINGTUNG, TAITUNG} and each.stage is Stage.ELEMENTARY
    }
    assert unchosen == ()


def test_a_branch_stands_behind_its_main_school_where_both_are_in_one_township():
    listed = candidates(WITH_BRANCHES, POST, COMPLETE, AT)

    assert [each.school.id for each in listed if each.school.township == "三地門鄉"] == [
        "133603",
        "133606",
        "133604",
        "133607",
        "133608",
    ]


def test_a_branch_knows_its_main_school_and_the_main_school_its_branches():
    main, far = REFERENCE.schools[SchoolId("133603")], REFERENCE.schools[SchoolId("133601")]

    assert main_school(WITH_BRANCHES, BRANCHED[0]) == main
    assert main_school(WITH_BRANCHES, BRANCHED[1]) == far
    assert main_school(WITH_BRANCHES, BRANCHED[2]) is None
    assert main_school(WITH_BRANCHES, main) is None
    assert branches(WITH_BRANCHES, main) == BRANCHED[:1]
    assert branches(WITH_BRANCHES, REFERENCE.schools[SchoolId("133602")]) == ()
    lonely = replace(BRANCHED[0], name="遠山國小德文分校")
    assert main_school(WITH_BRANCHES, lonely) is None


def test_a_school_that_is_listed_twice_counts_once_and_is_named():
    twice = replace(COMPLETE, wishes=(*COMPLETE.wishes, COMPLETE.wishes[0]))

    seen = preview(REFERENCE, POST, twice)

    assert seen == Preview(indigenous=(3,), ordinary=(1, 2), closed=(), twice=(4,))


FULL_WIDTH = "".join(chr(ord(each) + 0xFEE0) for each in "133690")


@pytest.mark.parametrize(
    ("name", "township", "typed"),
    [
        ("車城國小", "車城鄉", ("tt", "rt", "cc", "jc", "ㄔㄔ", "ㄐㄔ", "車城")),
        ("枋寮國小", "枋寮鄉", ("zx", "1x", "fl", "ㄈㄌ", "ㄅㄌ")),
        ("臺北國小", "新埤鄉", ("台北", "臺北", "w1", "tb", FULL_WIDTH)),
    ],
)
def test_every_reading_of_a_character_finds_it_in_one_box(name, township, typed):
    one = school("133690", name, township)
    reference = replace(REFERENCE, schools={one.id: one})

    for keyword in typed:
        found = candidates(reference, POST, COMPLETE, replace(AT, keyword=keyword), READINGS)
        assert [each.school for each in found] == [one], keyword
