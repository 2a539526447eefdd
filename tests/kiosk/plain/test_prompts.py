"""What line mode says in each scene, and what the answers mean, in both languages; no threads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.ids import SchoolId
from core.domain.refusal import Refusal
from core.season.county import CountyVerdict, Hold
from core.season.merge import Review
from core.season.seal_code import seal_code
from kiosk.plain.bureau import officer_prompt, officer_state
from kiosk.plain.entry import card_out_prompt, covered_prompt, entry_prompt
from kiosk.plain.prompt import Card, Collect, Say, Situation, View
from kiosk.plain.teacher import state_lines, teacher_prompt
from kiosk.session.bureau import (
    CasePage,
    DecisionForm,
    QueuePage,
    RegisterPage,
    RosterPage,
    SignedPage,
)
from kiosk.session.contact import Contact, Mailing, Proof, masked_address
from kiosk.session.draft import Answers, Draft
from kiosk.session.gesture import (
    CharacterChosen,
    EnrolmentTyped,
    FormChosen,
    HeadChosen,
    HeadTurned,
    InsertionChosen,
    PasswordChosen,
    PasswordForgotten,
    PasswordTyped,
    ReadingTyped,
    ServiceYearsAnswered,
    SubmitAsked,
    Touched,
    WentBack,
    WishMoved,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.page import (
    BasicsPage,
    CheckPage,
    ConflictPage,
    CountiesPage,
    Doubt,
    InsertMode,
    Interruption,
    NamePage,
    PostsPage,
    Question,
    ReceiptPage,
    StatusPage,
    StepsPage,
    TasksPage,
    WishesPage,
    WithdrawPage,
)
from kiosk.session.paper import OWN_FORMS, Form
from kiosk.session.paperwork import DecisionSigned, PointsTyped, RegisterAnswered, RemarkTyped
from kiosk.session.person import Lock
from kiosk.session.progress import StageName
from kiosk.session.rare_name import begin
from kiosk.session.record import CountyView, Delivery, PointsView, ResultView, ReviewView
from kiosk.session.state import (
    AskingOfficerPassword,
    CardOut,
    Covered,
    Idle,
    OfficerCardWanted,
    OfficerEnrolling,
    OfficerSignedIn,
    Reading,
    SignedIn,
    TakeCard,
    Trouble,
    TroubleCode,
)
from kiosk.session.station import Link, LinkName, Reader, Seal, Sealed, Service
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.plain import PLAIN
from tests.kiosk.changhua import AT_RICE, of_rice
from tests.kiosk.people import (
    AMY,
    CLERK,
    COMPLETE,
    DEADLINE,
    FRESH,
    KNOWN_KUN,
    KUN,
    NOON,
    OFFICER,
    PINGTUNG,
    STATION,
    at_work,
    idle,
    record,
    seconds,
    secret,
    version,
    working,
)
from tests.kiosk.session.test_cards import (
    ASKING,
    AT_QUEUE,
    BACK,
    CHOOSING,
    CONFIRMING,
    NOTICE,
    WANTED,
    WITNESS_PASSWORD,
)
from tests.kiosk.session.test_officer import CASE, FORM, ROWS

ZH = LANGUAGES["zh"]
LOCKED = Lock(tries_left=0, until_ms=int((NOON + timedelta(minutes=10)).timestamp() * 1000))
AT_WISHES = WishesPage(county=PINGTUNG)
DECIDED = ReviewView(
    verdict="returned",
    at=NOON,
    points=PointsView(
        reason_a=400,
        reason_b=0,
        service=1400,
        appraisal=0,
        awards=0,
        training=0,
        special=0,
        total_a=1800,
        total_b=1400,
    ),
    reasons=("reinstatement_missing",),
    remark="請補正本",
)
MOVED = ResultView(
    moved=True,
    school="133601",
    subject="general",
    wish=1,
    phase="single",
    explanation=("第 1 志願",),
    at=NOON,
)


def situation(scene, view=View(), *, language="zh", cards=(), collected=(), **station):  # noqa: B008
    session = replace(idle(replace(STATION, **station)), scene=scene)
    return Situation(
        session=session,
        view=view,
        texts=LANGUAGES[language],
        plain=PLAIN[language],
        cards=cards,
        collected=collected,
    )


def prompt(scene, view=View(), **how):  # noqa: B008
    now = situation(scene, view, **how)
    match scene:
        case SignedIn():
            return teacher_prompt(now, scene)
        case OfficerSignedIn():
            return officer_prompt(now, scene)
        case Covered():
            return covered_prompt(now, scene)
        case CardOut():
            return card_out_prompt(now, scene)
        case _:
            return entry_prompt(now, scene)


def said(found):
    return "\n".join([*found.lines, *(each.label for each in found.options), found.question])


def event(answer):
    assert isinstance(answer, Say)
    return answer.event(NOON)


STAYED = replace(MOVED, moved=False)
UNANSWERED = Refusal(code="not_answered", place="area_limit")
CONFLICT = record(version(1), version(2), heads=(version(1), version(2)))
ELSEWHERE = replace(
    version(2), claim=None, wishes=None, submitted=None, delivery=Delivery.ELSEWHERE
)
GONE = replace(version(3), claim=None, wishes=None, withdrawn=True)
THREE = record(version(1), ELSEWHERE, GONE, heads=(version(1), ELSEWHERE, GONE))
WITHDRAWN = record(version(1), GONE)
BACKED = replace(
    version(1),
    delivery=Delivery.BACKED_UP,
    delivered=NOON,
    log_index=1233,
    server_receipt=b"s" * 114,
)
SEAL = Seal(
    closing=Sealed(hash=bytes(range(32)), at=DEADLINE, witnessed=True),
    later=Sealed(hash=bytes(range(1, 33)), at=DEADLINE, witnessed=False),
)
NAMING = replace(
    begin(KNOWN_KUN, KUN.name),
    name=KUN.name,
    keys="djp ",
    found=tuple("堃昆崑坤琨錕焜褌晜鯤"),
    fault="name_unfinished",
)
RARE = replace(CASE, claim=version(1, replace(COMPLETE, teacher_name="游錫堃"), KUN).claim)
SCENES = [
    Idle("ended"),
    Idle(),
    Reading(NOON),
    Trouble(TroubleCode.FOREIGN, "citizen"),
    TakeCard(since=NOON, notice="expired"),
    WANTED,
    replace(WANTED, reset=True, fault="not_officer"),
    replace(WITNESS_PASSWORD, fault="password_wrong", lock=Lock(tries_left=2)),
    CONFIRMING,
    replace(BACK, fault="other_card"),
    NOTICE,
    replace(CHOOSING, fault="too_short"),
    replace(ASKING, lock=LOCKED, fault="locked"),
    replace(ASKING, person=KUN),
    replace(ASKING, person=KUN, naming=begin(KUN, KUN.name)),
    replace(ASKING, person=KNOWN_KUN, naming=NAMING),
    working(person=KUN, page=BasicsPage()),
    working(person=KNOWN_KUN, page=NamePage(NAMING)),
    OfficerCardWanted(since=NOON, fault="unreadable"),
    OfficerEnrolling(person=CLERK, since=NOON, has_password=True, lock=FRESH),
    AskingOfficerPassword(officer=OFFICER, since=NOON, lock=FRESH),
    Covered(held=working(saved=NOON), since=NOON),
    CardOut(held=AT_QUEUE, since=NOON, bookmark="queue"),
    CardOut(held=working(toast="printed"), since=NOON, bookmark="status"),
    working(recovered=True, record=CONFLICT, toast="undone", alarm="full"),
    working(page=BasicsPage((Refusal(code="phone_wrong", place="phone1"),))),
    *(working(page=PostsPage(question)) for question in Question),
    working(page=PostsPage(Question.AREA_LIMIT, (UNANSWERED,))),
    working(page=CountiesPage((Refusal(code="county_own", place="county_a"),))),
    working(page=AT_WISHES),
    working(page=StepsPage(AT_WISHES)),
    *(
        working(page=Interruption(asks=doubt, behind=AT_WISHES, count=2, slot="b", county=PINGTUNG))
        for doubt in Doubt
    ),
    working(page=CheckPage(asked=True, faults=(Refusal(code="school_own", place="schools.2"),))),
    working(page=CheckPage(password_wanted=True, password_wrong=True)),
    working(page=StatusPage()),
    working(page=StatusPage(version(1)), record=CONFLICT),
    working(page=ConflictPage(), record=CONFLICT),
    working(page=ConflictPage(2), record=THREE),
    working(page=CheckPage(), record=CONFLICT),
    working(page=WithdrawPage(), record=record(version(1))),
    working(page=WithdrawPage(password_wanted=True, password_wrong=True)),
    working(page=TasksPage(), record=WITHDRAWN, reading="full"),
    working(page=CheckPage(), record=WITHDRAWN),
    working(page=StatusPage(), record=WITHDRAWN),
    working(page=ReceiptPage(GONE), record=WITHDRAWN),
    working(page=ReceiptPage(BACKED)),
    working(page=StatusPage(), record=replace(record(ELSEWHERE), decision=DECIDED, result=MOVED)),
    working(
        page=StatusPage(), record=replace(record(version(1)), result=replace(MOVED, moved=False))
    ),
    AT_QUEUE,
    replace(AT_QUEUE, page=QueuePage(rows=()), toast="not_granted", alarm="locked"),
    replace(AT_QUEUE, page=QueuePage(rows=ROWS, own=True)),
    replace(AT_QUEUE, page=CasePage(case=CASE, form=DecisionForm(points=CASE.points))),
    replace(AT_QUEUE, page=SignedPage(row=ROWS[0], verdict="approved", check_code="X", next=None)),
    replace(AT_QUEUE, page=RosterPage()),
    replace(AT_QUEUE, page=RosterPage(rows=())),
    replace(AT_QUEUE, page=RegisterPage(done="陳大川", trouble="unreadable")),
    replace(AT_QUEUE, page=RegisterPage(form=FORM)),
    replace(AT_QUEUE, page=RegisterPage(form=replace(FORM, person=KUN))),
    replace(AT_QUEUE, page=RegisterPage(form=replace(FORM, person=KUN), naming=NAMING)),
    replace(
        AT_QUEUE,
        page=CasePage(
            case=replace(CASE, version=version(1)), form=DecisionForm(points=CASE.points)
        ),
    ),
    replace(AT_QUEUE, page=CasePage(case=RARE, form=DecisionForm(points=CASE.points))),
]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_has_words_and_a_way_to_answer_in_both_languages(scene, language):
    found = prompt(scene, language=language, cards=("x",))

    assert said(found).strip()
    waits_for_a_card = isinstance(scene, Reading)
    assert waits_for_a_card or found.options or found.typed or found.back
    for option in found.options:
        if isinstance(option.answer, Say):
            assert option.answer.event(NOON).at == NOON


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        (Reader(service=Service.FAILED), ZH.service_down[0]),
        (Reader(service=Service.FINE, device=Service.MISSING), ZH.reader_down[0]),
    ],
)
def test_a_failed_check_is_said_on_the_idle_screen(reader, words):
    now = situation(Idle())
    broken = replace(now, session=replace(now.session, reader=reader))

    assert words in said(entry_prompt(broken, Idle()))


def test_without_a_calendar_the_idle_screen_says_so():
    assert ZH.no_calendar in said(prompt(Idle(), calendar=()))


@pytest.mark.parametrize(("left_s", "tens"), [(45, 50), (40, 40), (31, 40), (1, 10)])
def test_a_countdown_is_said_in_tens(left_s, tens):
    scene = Covered(held=working(), since=NOON - seconds(45 - left_s))

    assert ZH.covered_left(tens) in said(prompt(scene))


def test_any_line_goes_on_from_the_cover():
    assert isinstance(event(prompt(Covered(held=working(), since=NOON)).answer("x")), Touched)


def test_the_password_is_asked_after_choosing_to_sign_in_and_an_empty_line_goes_back():
    menu, asked = prompt(ASKING), prompt(ASKING, View("password"))

    assert menu.answer("1") == View("password")
    assert event(asked.answer("mango-tree-42")) == PasswordTyped(
        at=NOON, password=secret("mango-tree-42")
    )
    assert asked.answer("") == View()


def test_a_number_that_was_revealed_is_said_in_full():
    now = situation(ASKING)
    shown = replace(now, session=replace(now.session, revealed_until=NOON))

    assert AMY.national_id.text in said(entry_prompt(shown, ASKING))
    assert AMY.national_id.masked in said(entry_prompt(now, ASKING))


def test_a_forgotten_password_is_a_choice():
    found = prompt(ASKING)

    assert event(found.answer(str(len(found.options)))) == PasswordForgotten(at=NOON)


def test_a_new_password_is_collected_twice():
    once, twice = secret("mango-tree-42"), secret("mango-tree-43")

    first = prompt(CHOOSING).answer("mango-tree-42")
    second = prompt(CHOOSING, collected=(once,)).answer("mango-tree-43")

    assert first == Collect(once)
    assert event(second) == PasswordChosen(at=NOON, password=once, again=twice)
    assert prompt(CHOOSING).answer("") == View("once")


@pytest.mark.parametrize("has_password", [True, False])
def test_an_enrolment_collects_code_and_password(has_password):
    scene = OfficerEnrolling(person=CLERK, since=NOON, has_password=has_password, lock=FRESH)
    code, password = secret("8F3K"), secret("river-stone-7")
    typed = (code,) if has_password else (code, password)

    last = prompt(scene, collected=typed).answer("river-stone-7")

    assert prompt(scene).answer("8F3K") == Collect(code)
    assert event(last) == EnrolmentTyped(at=NOON, code=code, password=password, again=password)


@pytest.mark.parametrize(("scene", "label"), [(WANTED, "x"), (Trouble(TroubleCode.PULLED), "")])
def test_virtual_cards_go_in_where_one_is_waited_for_and_out_where_one_is_stuck(scene, label):
    assert prompt(scene, cards=("x",)).answer("1") == Card(label)


@pytest.mark.parametrize(("text", "years"), [("7", 7), (" 12 ", 12), ("x", None), ("1234", None)])
def test_years_are_typed_as_a_number(text, years):
    found = prompt(working(page=PostsPage(Question.SERVICE_YEARS)), View("years"))

    answer = found.answer(text)

    if years is None:
        assert answer is None
    else:
        assert event(answer) == ServiceYearsAnswered(at=NOON, answer=years)


def test_the_outcome_of_the_priority_is_computed_from_the_own_wishes():
    scene = working(page=PostsPage(Question.INDIGENOUS))
    only = replace(COMPLETE, wishes=(SchoolId("133603"),))
    none = replace(COMPLETE, wishes=())

    assert ZH.yes_uses("3") in said(prompt(scene))
    assert ZH.yes_all() in said(prompt(replace(scene, draft=Draft(answers=only))))
    assert ZH.yes_no_school in said(prompt(replace(scene, draft=Draft(answers=none))))
    assert ZH.yes_outcome not in said(prompt(scene, reference=None))


def test_without_lists_codes_stand_for_names():
    scene = working(page=PostsPage(Question.POST))
    counties = working(page=CountiesPage())

    assert "183601" in said(prompt(scene, reference=None))
    assert ZH.not_chosen in said(prompt(counties, reference=None))
    assert "133601" in said(prompt(working(page=AT_WISHES), reference=None))


def test_the_password_for_sending_is_typed_hidden():
    found = prompt(working(page=CheckPage(password_wanted=True)))

    assert found.secret
    assert event(found.answer("mango-tree-42")) == SubmitAsked(
        at=NOON, password=secret("mango-tree-42")
    )


def test_before_sending_the_telephone_stands_as_it_will_be_signed():
    answers = replace(COMPLETE, phone1="0912 345 678", phone2="")

    shown = said(prompt(working(Draft(answers=answers), page=CheckPage())))

    assert "0912345678" in shown


@pytest.mark.parametrize(("text", "rank"), [("2", 2), ("x", None), ("99999", None)])
def test_a_rank_is_typed_as_a_number(text, rank):
    at_rank = prompt(working(page=AT_WISHES), View("rank", "133601")).answer(text)
    before = prompt(working(page=AT_WISHES), View("before")).answer(text)

    if rank is None:
        assert at_rank is before is None
    else:
        assert event(at_rank) == WishMoved(at=NOON, school="133601", rank=rank)
        chosen = event(before)
        assert isinstance(chosen, InsertionChosen)
        assert (chosen.insertion.mode, chosen.insertion.rank) == (InsertMode.BEFORE, rank)


def test_a_wish_that_is_gone_leads_back_to_the_list():
    found = prompt(working(page=AT_WISHES), View("wish", "133602"))

    assert found == prompt(working(page=AT_WISHES), View("list"))


def test_a_search_without_a_hit_says_so():
    page = replace(AT_WISHES, keyword="沒有這所")

    assert ZH.no_candidate in said(prompt(working(page=page), View("found")))
    assert ZH.filter_hint in said(prompt(working(page=page), View("add")))
    assert ZH.no_candidate in said(prompt(working(page=page), View("found"), reference=None))


def test_a_result_and_the_reasons_of_a_return_are_read_out():
    sent = replace(record(version(1)), review=Review.RETURNED, decision=DECIDED, result=MOVED)

    words = said(prompt(working(page=StatusPage(), record=sent)))

    assert ZH.verdict("returned") in words
    assert ZH.reason("reinstatement_missing") in words
    assert "請補正本" in words
    assert "(甲)積分總計：18.0" in words
    assert "(乙)積分總計：14.0" in words
    assert "審核狀態：審核通過" in words
    assert "人事初審：" in words
    assert "溪口國小" in words


def test_the_countys_review_is_read_out_with_its_number_figures_and_reasons():
    school = replace(DECIDED, verdict="approved", reasons=())
    county = CountyView(
        verdict=CountyVerdict.PASSED, hold=Hold.HOLDS, at=NOON, county="01",
        points=replace(school.points, awards=0, total_a=1700), changes=(), reasons=(),
    )  # fmt: skip
    passed = replace(
        record(version(1)), review=Review.APPROVED, decision=school, county=county,
        number="01000007",
    )  # fmt: skip
    papers = replace(county, verdict=CountyVerdict.RETURNED, points=None, reasons=("請補正本",))

    words = said(prompt(working(page=StatusPage(), record=passed)))
    again = said(prompt(working(page=StatusPage(), record=replace(passed, county=papers))))

    note = ZH.step_note(StageName.COUNTY)  # bring your papers
    assert note not in words
    assert note in again
    assert "審核狀態：審核通過（縣市）" in words
    assert ZH.points_county in words
    assert "(甲)積分總計：17.0" in words
    assert "電腦編號：01000007" in words
    assert "縣市請補件" in again
    assert "請補正本" in again
    assert ZH.points_title in again


def test_after_the_deadline_the_status_says_so():
    over = replace(at_work(page=StatusPage()), at=NOON + timedelta(days=3))
    now = replace(situation(over.scene), session=over)

    assert any("不能再修改" in line for line in teacher_prompt(now, over.scene).lines)


def test_what_just_happened_is_said_before_the_page():
    teacher = working(toast="undone", alarm="full")
    officer = replace(AT_QUEUE, toast="not_granted", alarm="locked")

    assert state_lines(situation(teacher), teacher) == ("已復原一步。", ZH.alarm("full"))
    assert officer_state(situation(officer), officer) == (
        ZH.toast("not_granted"),
        ZH.alarm("locked"),
    )
    assert state_lines(situation(working()), working()) == ()


def test_an_officer_types_points_remark_and_the_signing_password():
    scene = replace(AT_QUEUE, page=CasePage(case=CASE, form=DecisionForm(points=CASE.points)))

    points = prompt(scene, View("points", "awards")).answer(" 3.5 ")
    remark = prompt(scene, View("remark")).answer("請補正本")
    signing = prompt(scene, View("sign"))
    reasons = prompt(scene, View("reasons"))

    assert event(points) == PointsTyped(at=NOON, place="awards", text="3.5")
    assert event(remark) == RemarkTyped(at=NOON, text="請補正本")
    assert event(signing.answer("river-stone-7")) == DecisionSigned(
        at=NOON, password=secret("river-stone-7")
    )
    assert signing.answer("") == View()
    assert len(reasons.options) == 8


@pytest.mark.parametrize(
    ("spot", "answer", "value"),
    [
        ("name", "陳大川", "陳大川"),
        ("title", "4", "director"),
        ("school", "2", "183602"),
        ("stage", "1", "junior"),
        ("subject", "1", "general"),
    ],
)
def test_each_field_of_a_registration_has_its_list(spot, answer, value):
    scene = replace(AT_QUEUE, page=RegisterPage(form=FORM))

    found = prompt(scene, View(spot)).answer(answer)

    assert event(found) == RegisterAnswered(at=NOON, place=spot, value=value)


def test_a_registration_without_stage_or_lists_offers_no_subject():
    blank = replace(AT_QUEUE, page=RegisterPage(form=replace(FORM, stage=None, school=None)))

    assert prompt(blank, View("subject")).options == ()
    assert ZH.not_chosen in said(prompt(blank))


def test_a_task_list_tells_where_the_teacher_was():
    scene = working(Draft(answers=Answers()), page=TasksPage(resumed="wishes"))

    assert PLAIN["zh"].resumed(ZH.task("wishes")) in said(prompt(scene))


def test_both_versions_of_a_conflict_are_read_out_with_what_differs():
    other = replace(COMPLETE, phone1="0900123456", wishes=COMPLETE.wishes[::-1])
    there = replace(version(2, other), delivery=Delivery.ELSEWHERE)
    torn = record(version(1), there, heads=(version(1), there))

    found = prompt(working(page=ConflictPage(), record=torn))

    words = said(found)
    assert "左 第 1 版" in words
    assert "右 第 2 版" in words
    assert ZH.sent_elsewhere in words
    assert "聯絡電話1：0900123456" in words
    assert ZH.place("email") not in words
    assert event(found.answer("2")) == HeadChosen(at=NOON, version=there.hash)
    assert event(found.answer("3")) == HeadChosen(at=NOON, version=version(1).hash, edit=True)


def test_with_three_versions_the_next_one_is_a_choice():
    found = prompt(working(page=ConflictPage(2), record=THREE))

    assert ZH.conflict_pair(1, 3, 3) in said(found)
    assert ZH.side_withdrawn in said(found)
    assert ZH.side_missing in said(prompt(working(page=ConflictPage(1), record=THREE)))
    assert event(found.answer("5")) == HeadTurned(at=NOON)


def test_taking_back_is_offered_asked_and_needs_the_password():
    sent = record(version(1))
    status = prompt(working(page=StatusPage(), record=sent))
    asked = prompt(working(page=WithdrawPage(), record=sent))
    wanted = prompt(working(page=WithdrawPage(password_wanted=True), record=sent))

    assert event(status.answer(str(len(status.options)))) == WithdrawAsked(at=NOON)
    assert event(asked.answer("1")) == WentBack(at=NOON)
    assert event(asked.answer("2")) == WithdrawConfirmed(at=NOON)
    assert wanted.secret
    assert event(wanted.answer("mango-tree-42")) == WithdrawConfirmed(
        at=NOON, password=secret("mango-tree-42")
    )


def test_a_receipt_says_whose_it_is_and_how_far_the_version_has_come():
    device, server = (prompt(working(page=ReceiptPage(each))) for each in (version(1), BACKED))

    assert ZH.device_receipt in said(device)
    assert "傳送：已存本機" in said(device)
    assert ZH.server_receipt in said(server)
    assert ZH.log_index(1233) in said(server)
    assert "已備援" in said(server)


def test_a_receipt_says_whether_it_goes_by_mail_and_leads_to_the_code():
    proof = Proof(address=COMPLETE.email, asked=NOON, mailing=Mailing.SENT, proved=True)
    open_ = prompt(working(page=ReceiptPage(version(1))))
    proved = prompt(working(page=ReceiptPage(version(1)), contact=Contact(proof=proof)))

    assert ZH.receipt_unmailed in said(open_)
    leads = [each.label for each in open_.options if ZH.contact_title in each.label]
    assert leads == ["通知設定：未確認"]
    assert ZH.receipt_mailed(masked_address(COMPLETE.email)) in said(proved)
    assert not [each for each in proved.options if ZH.contact_title in each.label]


def test_a_receipt_of_practice_speaks_of_no_mail():
    found = prompt(working(page=ReceiptPage(version(1))), practice=True)

    assert ZH.practice_receipt in said(found)
    assert ZH.receipt_unmailed not in said(found)
    assert ZH.contact_title not in said(found)


def test_the_seal_is_spoken_letter_by_letter_with_its_witness():
    idle_words = said(prompt(Idle(), seal=SEAL))
    queue_words = said(prompt(replace(AT_QUEUE, page=QueuePage(rows=ROWS)), seal=SEAL))

    for words in (idle_words, queue_words):
        assert " ".join(seal_code(SEAL.closing.hash)) in words
        assert ZH.seal_witnessed in words
        assert ZH.seal_unwitnessed in words
    assert ZH.seal_title not in said(prompt(Idle()))


@pytest.mark.parametrize("name", [LinkName.FORKED, LinkName.FULL, LinkName.STALE])
def test_what_is_wrong_with_the_machine_is_said_to_everybody(name):
    link = Link(name=name)
    title, found, remedy = ZH.machine_trouble(name.value)
    officer = situation(AT_QUEUE, link=link)

    assert title in said(prompt(Idle(), link=link))
    assert found in said(prompt(working(), link=link))
    assert remedy in officer_state(officer, AT_QUEUE)


def name_prompts(view):
    return prompt(working(person=KNOWN_KUN, page=NamePage(NAMING)), view)


@pytest.mark.parametrize(
    ("line", "keys"),
    [("djp", "djp "), ("5k6", "5k6"), ("ㄎㄨㄣ", "djp "), ("ㄓㄜ\u02ca", "5k6"), (" 0 ", "0 ")],
)
def test_a_reading_is_typed_as_keys_or_symbols_and_needs_no_sign_for_the_first_tone(line, keys):
    asked = name_prompts(View("reading"))

    found = event(asked.answer(line))

    assert isinstance(found, ReadingTyped)
    assert found.keys == keys
    assert asked.answer(line).view == View("characters")
    assert asked.answer(" ") == View()


def test_characters_are_numbered_nine_at_a_time_and_told_apart_by_their_code():
    first = name_prompts(View("characters"))
    second = name_prompts(View("characters", "9"))

    assert [each.label for each in first.options][:2] == ["堃 U+5803", "昆 U+6606"]
    assert event(first.answer("1")) == CharacterChosen(at=NOON, character="堃")
    assert first.answer("10") == View("characters", "9")
    assert event(second.answer("1")) == CharacterChosen(at=NOON, character="鯤")
    assert second.answer("2") == View("characters", "0")
    assert second.answer("0") == View()


def test_without_characters_there_is_only_the_name_itself():
    nothing = replace(NAMING, found=None)

    found = prompt(working(person=KUN, page=NamePage(nothing)), View("characters"))

    assert ZH.names_title in found.lines
    complete = replace(NAMING, name="游錫堃", roster=None)
    shown = prompt(working(person=KUN, page=NamePage(complete)), View("reading"))
    assert ZH.names_title in shown.lines
    assert PLAIN["zh"].find_character not in [each.label for each in shown.options]


def test_the_officer_hears_both_names_the_numbers_of_the_characters_and_what_to_look_at():
    found = said(
        prompt(replace(AT_QUEUE, page=CasePage(case=RARE, form=DecisionForm(points=CASE.points))))
    )

    assert all(each in found for each in ("游錫□", "游錫堃", "U+5803", ZH.pledge_name))


def test_the_officer_chooses_a_form_of_the_case_by_number():
    printed = replace(CASE, version=version(1))
    found = prompt(
        replace(AT_QUEUE, page=CasePage(case=printed, form=DecisionForm(points=CASE.points)))
    )
    forms = [each for each in found.options if each.label.startswith(ZH.print_title)]

    assert [event(each.answer) for each in forms] == [
        FormChosen(at=NOON, form=form) for form in OWN_FORMS
    ]


def test_a_countys_own_forms_are_further_choices_for_teacher_and_officer():
    county = {"reference": AT_RICE.reference, "county_forms": AT_RICE.county_forms}
    case = replace(CASE, version=of_rice())
    form = DecisionForm(points=CASE.points)
    mine = prompt(working(record=record(of_rice()), page=StatusPage()), **county)
    officers = prompt(replace(AT_QUEUE, page=CasePage(case=case, form=form)), **county)

    for found in (mine, officers):
        labels = [each.label for each in found.options if each.label.startswith(ZH.print_title)]
        assert [ZH.form(form) in label for form, label in zip(Form, labels, strict=True)] == [
            True
        ] * len(Form)
