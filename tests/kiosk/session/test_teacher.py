"""A teacher's pages.

Tasks, notices, 基本資料, 應聘資料, counties and wishes, steps (K03 to K05).
"""

from dataclasses import replace

import pytest

from core.domain.ids import CountyCode, SchoolId
from core.domain.school import Mark
from kiosk.session.device import StationChanged
from kiosk.session.draft import Answers, Aside, Draft
from kiosk.session.effect import SaveDraft
from kiosk.session.gesture import (
    AreaLimitAnswered,
    ClearAsked,
    ClosedRemovalAsked,
    CountiesOpened,
    CountyChosen,
    DifferenceAsked,
    IndigenousAnswered,
    InsertionChosen,
    KeywordTyped,
    LanguageAnswered,
    MarksChosen,
    PasteCut,
    QuestionOpened,
    Redone,
    ServiceYearsAnswered,
    StepChosen,
    StepsOpened,
    SubjectAnswered,
    TabChosen,
    TaskOpened,
    TextTyped,
    TownshipChosen,
    Undone,
    VersionRestored,
    WentBack,
    WentOn,
    WishAdded,
    WishMoved,
    WishRemoved,
)
from kiosk.session.page import (
    NOTICES,
    BasicsPage,
    CheckPage,
    CountiesPage,
    Doubt,
    Insertion,
    InsertMode,
    Interruption,
    NoticesPage,
    PostsPage,
    Question,
    ReceiptPage,
    StatusPage,
    StepsPage,
    Task,
    TasksPage,
    WishesPage,
)
from kiosk.session.step import step
from tests.kiosk.people import (
    COMPLETE,
    DEADLINE,
    HUALIEN,
    NOON,
    OPENS,
    PINGTUNG,
    STATION,
    TAITUNG,
    at_work,
    record,
    seconds,
    version,
)

A, B, C = COMPLETE.wishes
MANGO = SchoolId("133602")
AT_WISHES = WishesPage(county=PINGTUNG)
EMPTY = Draft()
AGREED = Draft(answers=Answers(agreed_ms=1, notices_read=6))
LATE = DEADLINE + seconds(1)


def play(session, *events):
    for event in events:
        session = step(session, event).session
    return session


def page(session):
    return session.scene.page


def answers(session):
    return session.scene.draft.answers


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (Task.NOTICES, NoticesPage()),
        (Task.BASICS, BasicsPage()),
        (Task.POSTS, PostsPage()),
        (Task.WISHES, AT_WISHES),
        (Task.REVIEW, StatusPage()),
        (Task.STATUS, StatusPage()),
    ],
)
def test_a_task_opens_its_page_and_is_remembered(task, expected):
    session = at_work(record=record(version(1)))

    after = play(session, TaskOpened(at=NOON, task=task))

    assert page(after) == expected
    remembered = Task.NOTICES if task in {Task.REVIEW, Task.STATUS} else task
    assert after.scene.draft.bookmark == remembered


def test_the_check_opens_once_everything_is_answered():
    after = play(at_work(), TaskOpened(at=NOON, task=Task.CHECK))

    assert isinstance(page(after), CheckPage)
    assert [each.code for each in page(after).faults] == ["not_declared"]


@pytest.mark.parametrize(
    ("draft", "task", "toast"),
    [
        (EMPTY, Task.BASICS, "blocked"),
        (AGREED, Task.CHECK, "blocked"),
        (AGREED, Task.STATUS, "blocked"),
        (AGREED, Task.PASSWORD, "password_kept"),
    ],
)
def test_a_task_that_cannot_be_started_says_so(draft, task, toast):
    after = play(at_work(draft), TaskOpened(at=NOON, task=task))

    assert page(after) == TasksPage()
    assert after.scene.toast == toast


def test_a_message_goes_away_with_the_next_key():
    said = play(at_work(EMPTY), TaskOpened(at=NOON, task=Task.BASICS))

    after = play(said, WentBack(at=NOON))

    assert after.scene.toast is None


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (EMPTY, NoticesPage()),
        (AGREED, BasicsPage()),
        (Draft(answers=replace(COMPLETE, service_years=None)), PostsPage(Question.SERVICE_YEARS)),
        (Draft(answers=replace(COMPLETE, county_b=None)), CountiesPage()),
    ],
)
def test_enter_on_the_task_list_opens_what_is_next(draft, expected):
    assert page(play(at_work(draft), WentOn(at=NOON))) == expected


def test_the_notices_are_read_one_by_one_and_agreed_to_on_the_last():
    session = at_work(EMPTY, page=NoticesPage())

    last = play(session, *[WentOn(at=NOON)] * (NOTICES - 1))
    agreed = step(last, WentOn(at=NOON))

    assert page(last) == NoticesPage(NOTICES - 1)
    assert answers(last).notices_read == NOTICES - 1
    assert answers(last).agreed_ms is None
    assert answers(agreed.session).agreed_ms == int(NOON.timestamp() * 1000)
    assert page(agreed.session) == BasicsPage()
    assert isinstance(agreed.effects[0], SaveDraft)
    assert agreed.session.scene.draft.past == ()


def test_notices_read_again_only_turn_pages():
    session = at_work(page=NoticesPage())

    last = play(session, *[WentOn(at=NOON)] * (NOTICES - 1))

    assert page(last) == NoticesPage(NOTICES - 1)
    assert page(play(last, WentOn(at=NOON))) == TasksPage()
    assert last.pending == ()


def test_after_the_deadline_nobody_agrees_any_more():
    session = at_work(EMPTY, page=NoticesPage(NOTICES - 1))

    after = play(session, WentOn(at=LATE))

    assert answers(after).agreed_ms is None
    assert after.scene.toast == "closed"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (TasksPage(), TasksPage()),
        (NoticesPage(0), TasksPage()),
        (NoticesPage(3), NoticesPage(2)),
        (BasicsPage(), TasksPage()),
        (PostsPage(Question.INDIGENOUS), TasksPage()),
        (PostsPage(Question.POST), PostsPage(Question.SERVICE_YEARS)),
        (AT_WISHES, TasksPage()),
        (StepsPage(AT_WISHES), AT_WISHES),
        (Interruption(asks=Doubt.CLEAR_WISHES, behind=AT_WISHES), AT_WISHES),
        (StatusPage(version(1)), StatusPage()),
        (StatusPage(), TasksPage()),
        (ReceiptPage(version(1)), TasksPage()),
    ],
)
def test_esc_goes_one_step_back(shown, expected):
    assert page(play(at_work(page=shown), WentBack(at=NOON))) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (ReceiptPage(version(1)), StatusPage()),
        (StepsPage(AT_WISHES), AT_WISHES),
        (StatusPage(), StatusPage()),
        (CheckPage(), CheckPage()),
    ],
)
def test_enter_goes_on_where_a_page_has_one_way(shown, expected):
    assert page(play(at_work(page=shown), WentOn(at=NOON))) == expected


def test_given_a_wrong_phone_when_she_goes_on_then_all_faults_are_listed_and_typing_stays():
    session = at_work(AGREED, page=BasicsPage())

    after = play(
        session,
        TextTyped(at=NOON, place="phone1", text="07-123456"),
        TextTyped(at=NOON, place="phone2", text="x"),
        TextTyped(at=NOON, place="email", text="name@"),
        WentOn(at=NOON),
    )

    assert [(each.place, each.code) for each in page(after).faults] == [
        ("phone1", "phone_wrong"),
        ("phone2", "phone_wrong"),
        ("email", "email_wrong"),
    ]
    assert answers(after).phone1 == "07-123456"


def test_given_good_basics_when_she_goes_on_then_the_questions_open():
    after = play(
        at_work(AGREED, page=BasicsPage()),
        TextTyped(at=NOON, place="phone1", text="07-1234567#89"),
        TextTyped(at=NOON, place="email", text="name@example.tw"),
        WentOn(at=NOON),
    )

    assert page(after) == PostsPage(Question.INDIGENOUS)


def test_the_five_questions_one_after_another():
    session = at_work(
        Draft(answers=replace(AGREED.answers, phone1="07-1234567", email="a@example.tw")),
        page=PostsPage(),
    )

    unanswered = play(session, WentOn(at=NOON))
    first = play(session, IndigenousAnswered(at=NOON, answer=False), WentOn(at=NOON))
    second = play(first, AreaLimitAnswered(at=NOON, answer="general"), WentOn(at=NOON))
    third = play(second, ServiceYearsAnswered(at=NOON, answer=7), WentOn(at=NOON))
    fourth = play(third, WentOn(at=NOON))
    done = play(
        fourth,
        LanguageAnswered(at=NOON, answer=True),
        SubjectAnswered(at=NOON, slot=2, subject="special_disability"),
        SubjectAnswered(at=NOON, slot=2, subject=""),
        SubjectAnswered(at=NOON, slot=3, subject=""),
        WentOn(at=NOON),
    )

    assert page(unanswered).faults[0].code == "not_answered"
    assert [page(each).question for each in (first, second, third, fourth)] == [
        Question.AREA_LIMIT,
        Question.SERVICE_YEARS,
        Question.POST,
        Question.SUBJECTS,
    ]
    assert answers(fourth).post_confirmed
    assert (answers(done).subject2, answers(done).language) == ("", True)
    assert page(done) == CountiesPage()


def test_passing_the_last_question_without_a_choice_means_none():
    done = play(
        at_work(
            Draft(answers=replace(COMPLETE, subject2=None, subject3=None)),
            page=PostsPage(Question.SUBJECTS),
        ),
        WentOn(at=NOON),
    )

    assert (answers(done).subject2, answers(done).subject3) == ("", "")
    assert page(done) == AT_WISHES


def test_a_subject_chosen_twice_is_refused_when_going_on():
    after = play(
        at_work(page=PostsPage(Question.SUBJECTS)),
        SubjectAnswered(at=NOON, slot=2, subject="general"),
        WentOn(at=NOON),
    )

    assert page(after).faults[0].code == "subject_twice"


@pytest.mark.parametrize(
    ("shown", "expected"), [(PostsPage(), PostsPage(Question.POST)), (TasksPage(), TasksPage())]
)
def test_a_question_can_be_opened_directly(shown, expected):
    after = play(at_work(page=shown), QuestionOpened(at=NOON, question=Question.POST))

    assert page(after) == expected


def test_yes_to_the_priority_asks_first_with_her_own_wishes_counted():
    session = at_work(page=PostsPage())

    asked = play(session, IndigenousAnswered(at=NOON, answer=True))
    refused = play(asked, WentBack(at=NOON))
    agreed = play(asked, WentOn(at=NOON))

    assert page(asked) == Interruption(asks=Doubt.INDIGENOUS_YES, behind=PostsPage(), count=1)
    assert answers(asked).indigenous is False
    assert answers(refused).indigenous is False
    assert answers(agreed).indigenous is True
    assert page(agreed) == PostsPage()
    assert answers(play(agreed, IndigenousAnswered(at=NOON, answer=True))) == answers(agreed)


def test_yes_without_lists_counts_nothing():
    bare = replace(STATION, reference=None)

    asked = play(at_work(station=bare, page=PostsPage()), IndigenousAnswered(at=NOON, answer=True))

    assert page(asked).count == 0


@pytest.mark.parametrize("at", [OPENS - seconds(1), DEADLINE])
@pytest.mark.parametrize(
    ("shown", "event"),
    [
        (BasicsPage(), TextTyped(at=NOON, place="phone2", text="09")),
        (PostsPage(), IndigenousAnswered(at=NOON, answer=True)),
        (PostsPage(), ServiceYearsAnswered(at=NOON, answer=1)),
        (AT_WISHES, WishAdded(at=NOON, school=MANGO)),
        (AT_WISHES, WishRemoved(at=NOON, school=A)),
        (AT_WISHES, ClearAsked(at=NOON)),
        (CountiesPage(), CountyChosen(at=NOON, slot="a", county=HUALIEN)),
    ],
)
def test_outside_the_window_pages_are_read_only(at, shown, event):
    session = at_work(page=shown)

    after = step(session, replace(event, at=at))

    assert after.session.scene.draft == session.scene.draft
    assert after.session.scene.toast == "closed"
    assert after.effects == ()


def test_before_the_calendar_has_come_drafts_can_be_written():
    session = at_work(station=replace(STATION, calendar=()), page=BasicsPage())

    after = play(session, TextTyped(at=LATE, place="phone2", text="0900123456"))

    assert answers(after).phone2 == "0900123456"


def test_opening_a_task_after_the_deadline_leaves_the_draft_alone():
    session = at_work()

    after = play(session, TaskOpened(at=LATE, task=Task.BASICS))

    assert page(after) == BasicsPage()
    assert after.scene.draft == session.scene.draft


def test_both_counties_are_needed_and_not_the_own_one():
    session = at_work(AGREED, page=CountiesPage())

    own = play(
        session,
        CountyChosen(at=NOON, slot="a", county=PINGTUNG),
        CountyChosen(at=NOON, slot="b", county=CountyCode("18")),
        WentOn(at=NOON),
    )
    good = play(own, CountyChosen(at=NOON, slot="b", county=TAITUNG), WentOn(at=NOON))

    assert [each.code for each in page(own).faults] == ["county_own"]
    assert page(good) == AT_WISHES


@pytest.mark.parametrize("county", [PINGTUNG, CountyCode("99")])
def test_the_same_or_an_unknown_county_changes_nothing(county):
    session = at_work(page=CountiesPage())

    assert play(session, CountyChosen(at=NOON, slot="a", county=county)) == session


def test_a_change_of_county_asks_with_the_number_of_wishes_and_can_be_taken_back():
    session = at_work(page=AT_WISHES)

    asked = play(session, CountyChosen(at=NOON, slot="a", county=HUALIEN))
    changed = play(asked, WentOn(at=NOON))
    undone = play(changed, Undone(at=NOON))

    assert page(asked) == Interruption(
        asks=Doubt.CHANGE_COUNTY, behind=AT_WISHES, count=2, slot="a", county=HUALIEN
    )
    assert answers(changed).wishes == (B,)
    assert page(changed) == WishesPage(county=HUALIEN)
    assert answers(undone).wishes == COMPLETE.wishes
    assert page(undone) == AT_WISHES


def test_counties_that_change_places_ask_nothing():
    after = play(at_work(page=AT_WISHES), CountyChosen(at=NOON, slot="a", county=TAITUNG))

    assert (answers(after).county_a, answers(after).county_b) == (TAITUNG, PINGTUNG)
    assert page(after) == AT_WISHES


def test_an_interruption_that_lost_its_county_only_closes():
    asked = Interruption(asks=Doubt.CHANGE_COUNTY, behind=AT_WISHES)

    assert page(play(at_work(page=asked), WentOn(at=NOON))) == AT_WISHES


def test_other_keys_do_nothing_behind_an_interruption():
    asked = Interruption(asks=Doubt.CLEAR_WISHES, behind=AT_WISHES, count=3)
    session = at_work(page=asked)

    assert play(session, WishRemoved(at=NOON, school=A), Undone(at=NOON)) == session


def test_filters_stay_on_the_page():
    after = play(
        at_work(page=AT_WISHES),
        TabChosen(at=NOON, county=TAITUNG),
        TownshipChosen(at=NOON, township="臺東市"),
        KeywordTyped(at=NOON, text="日" * 50),
        MarksChosen(at=NOON, marks=frozenset({Mark.REMOTE})),
    )

    assert page(after) == WishesPage(
        county=TAITUNG, township="臺東市", keyword="日" * 40, marks=frozenset({Mark.REMOTE})
    )
    assert play(after, TabChosen(at=NOON, county=HUALIEN)) == after
    assert page(play(after, CountiesOpened(at=NOON))) == CountiesPage()


def test_space_adds_where_the_mode_says_and_removes_what_is_there():
    session = play(
        at_work(page=AT_WISHES),
        InsertionChosen(at=NOON, insertion=Insertion(InsertMode.BEFORE, 2)),
    )

    added = play(session, WishAdded(at=NOON, school=MANGO))
    removed = play(added, WishAdded(at=NOON, school=MANGO))

    assert answers(added).wishes == (A, MANGO, B, C)
    assert added.scene.toast == "wish_added"
    assert answers(removed).wishes == COMPLETE.wishes
    assert removed.scene.toast == "wish_removed"


def test_wishes_move_and_leave():
    after = play(
        at_work(page=AT_WISHES),
        WishMoved(at=NOON, school=C, rank=1),
        WishRemoved(at=NOON, school=B),
    )

    assert answers(after).wishes == (C, A)


@pytest.mark.parametrize(
    ("school", "toast"),
    [
        ("139999", "school_unknown"),
        ("183601", "school_own"),
        ("133501", "school_wrong_stage"),
        ("153601", "school_outside_counties"),
        ("133605", "school_not_delegated"),
    ],
)
def test_a_school_that_cannot_be_wished_for_is_refused_with_the_reason(school, toast):
    session = at_work(page=AT_WISHES)

    after = play(session, WishAdded(at=NOON, school=SchoolId(school)))

    assert answers(after) == COMPLETE
    assert after.scene.toast == toast


def test_a_full_list_says_so():
    full = tuple(SchoolId(f"9{number:05}") for number in range(1000))
    session = at_work(Draft(answers=replace(COMPLETE, wishes=full)), page=AT_WISHES)

    assert play(session, WishAdded(at=NOON, school=A)).scene.toast == "list_full"


def test_clearing_asks_and_comes_back_with_one_key():
    session = at_work(page=AT_WISHES)

    asked = play(session, ClearAsked(at=NOON))
    cleared = play(asked, WentOn(at=NOON))
    again = play(cleared, Undone(at=NOON))

    assert page(asked) == Interruption(asks=Doubt.CLEAR_WISHES, behind=AT_WISHES, count=3)
    assert answers(cleared).wishes == ()
    assert cleared.scene.toast == "wishes_cleared"
    assert answers(again).wishes == COMPLETE.wishes
    assert page(play(cleared, ClearAsked(at=NOON))) == AT_WISHES


def test_schools_that_left_the_lists_go_with_one_question():
    listed = (*COMPLETE.wishes, SchoolId("133605"), SchoolId("139999"))
    session = at_work(Draft(answers=replace(COMPLETE, wishes=listed)), page=AT_WISHES)

    asked = play(session, ClosedRemovalAsked(at=NOON))
    after = play(asked, WentOn(at=NOON))

    assert page(asked).count == 2
    assert answers(after).wishes == COMPLETE.wishes


def test_without_lists_wishes_cannot_be_changed():
    bare = replace(STATION, reference=None)
    session = at_work(station=bare, page=AT_WISHES)
    asked = Interruption(asks=Doubt.REMOVE_CLOSED, behind=AT_WISHES, count=1)

    refused = play(session, WishAdded(at=NOON, school=MANGO))
    late = play(at_work(station=bare, page=asked), WentOn(at=NOON))

    assert refused.scene.toast == "lists_missing"
    assert late.scene.toast == "lists_missing"


def test_enter_on_the_wishes_goes_to_the_check_or_to_what_is_missing():
    complete = play(at_work(page=AT_WISHES), WentOn(at=NOON))
    lacking = Draft(answers=replace(COMPLETE, phone1=""))

    assert isinstance(page(complete), CheckPage)
    assert page(play(at_work(lacking, page=AT_WISHES), WentOn(at=NOON))) == TasksPage()


def test_wish_keys_on_another_page_do_nothing():
    session = at_work(page=BasicsPage())

    assert play(session, WishAdded(at=NOON, school=MANGO)) == session


def test_the_list_of_steps_opens_over_the_page_and_leads_to_any_of_them():
    session = play(
        at_work(page=AT_WISHES),
        WishAdded(at=NOON, school=MANGO),
        WishRemoved(at=NOON, school=A),
    )

    listed = play(session, StepsOpened(at=NOON))
    first = play(listed, StepChosen(at=NOON, count=1))
    none = play(first, StepChosen(at=NOON, count=0))

    assert page(listed) == StepsPage(AT_WISHES)
    assert answers(first).wishes == (A, B, C, MANGO)
    assert answers(none) == COMPLETE
    assert answers(play(none, Redone(at=NOON), Redone(at=NOON))).wishes == (B, C, MANGO)


def test_nothing_to_take_back_says_so():
    assert play(at_work(), Undone(at=NOON)).scene.toast == "no_step"


def test_a_version_sent_earlier_becomes_a_draft_that_can_be_taken_back():
    older = version(1, replace(COMPLETE, wishes=(C,), phone1="03-7654321"))
    session = at_work(record=record(older, version(2)))

    restored = play(session, VersionRestored(at=NOON, version=older.hash))

    assert answers(restored).wishes == (C,)
    assert answers(restored).agreed_ms == COMPLETE.agreed_ms
    assert restored.scene.toast == "restored"
    assert answers(play(restored, Undone(at=NOON))) == COMPLETE


def test_the_version_that_is_the_draft_already_is_restored_without_a_step():
    same = version(1, replace(COMPLETE, notices_read=0))

    after = play(at_work(record=record(same)), VersionRestored(at=NOON, version=same.hash))

    assert (page(after), after.scene.toast) == (TasksPage(), "restored")
    assert after.scene.draft.past == ()


@pytest.mark.parametrize("sent", [record(), record(replace(version(1), claim=None, wishes=None))])
def test_a_version_whose_content_is_elsewhere_cannot_be_restored(sent):
    after = play(at_work(record=sent), VersionRestored(at=NOON, version=version(1).hash))

    assert after.scene.toast == "version_elsewhere"


def test_the_difference_to_a_version_opens_and_closes():
    session = at_work(record=record(version(1)), page=StatusPage())

    shown = play(session, DifferenceAsked(at=NOON, version=version(1).hash))

    assert page(shown) == StatusPage(version(1))
    assert page(play(shown, DifferenceAsked(at=NOON, version=None))) == StatusPage()


def test_new_lists_reach_the_page_that_is_open():
    session = at_work(page=AT_WISHES)

    after = play(session, StationChanged(at=NOON, station=replace(STATION, reference=None)))

    assert play(after, WishAdded(at=NOON, school=MANGO)).scene.toast == "lists_missing"


def test_the_schools_of_both_counties_stand_in_one_list_when_asked_for():
    both = play(at_work(page=AT_WISHES), TabChosen(at=NOON, county=None))
    swapped = play(
        both,
        CountyChosen(at=NOON, slot="a", county=TAITUNG),
    )

    assert page(both) == WishesPage(county=None)
    assert page(swapped).county is None, "a list of both is right for any two"


def test_a_township_brings_its_county_to_the_front():
    both = at_work(page=WishesPage(county=None))

    after = play(both, TownshipChosen(at=NOON, township="臺東市", county=TAITUNG))

    assert page(after) == WishesPage(county=TAITUNG, township="臺東市")


def test_what_is_pasted_into_the_filter_is_one_bounded_line_without_control_characters():
    after = play(at_work(page=AT_WISHES), KeywordTyped(at=NOON, text="溪\x1b\x00口" + "長" * 600))

    assert page(after).keyword == "溪口" + "長" * 38


def test_a_paste_that_was_cut_says_so_wherever_it_happened():
    for shown in (AT_WISHES, BasicsPage(), TasksPage()):
        after = play(at_work(page=shown), PasteCut(at=NOON))

        assert after.scene.toast == "paste_cut"
        assert page(after) == shown


def test_a_version_put_back_leaves_the_wishes_that_rest_where_they_are():
    resting = Aside(school=SchoolId("153601"), county=HUALIEN, rank=2)
    back = Aside(school=SchoolId("133604"), county=PINGTUNG, rank=1)
    draft = Draft(answers=replace(COMPLETE, wishes=(), aside=(back, resting)))

    after = play(
        at_work(draft, record=record(version(1))),
        VersionRestored(at=NOON, version=version(1).hash),
    )

    assert after.scene.draft.answers.wishes == COMPLETE.wishes
    assert after.scene.draft.answers.aside == (resting,)
