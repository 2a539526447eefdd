"""通知設定 in line mode: the same words and the same acts by number."""

from dataclasses import replace

from kiosk.plain.prompt import View
from kiosk.plain.sent import status_prompt
from kiosk.plain.teacher import teacher_prompt
from kiosk.session.contact import Contact, Telephone, masked_address
from kiosk.session.draft import Draft
from kiosk.session.gesture import WentBack
from kiosk.session.page import BasicsPage, CheckPage, ContactPage, StatusPage
from kiosk.session.person import Secret
from kiosk.session.reach import CodeAsked, CodeTyped, ContactOpened, LineAsked, LineUnlinkAsked
from tests.kiosk.people import COMPLETE, NOON, at_work
from tests.kiosk.plain.test_prompts import ZH, situation
from tests.kiosk.screens.gallery import ANSWERS, LETTER, QR_URL

PAGE = ContactPage(behind=StatusPage())


def prompt(contact=None, view=None, fault=None, answers=ANSWERS):
    scene = at_work(page=replace(PAGE, fault=fault), contact=contact or Contact()).scene
    scene = replace(scene, draft=Draft(answers=answers))
    now = situation(scene)
    return teacher_prompt(now if view is None else replace(now, view=view), scene)


def acts(found):
    return [each.answer if isinstance(each.answer, View) else each.answer.event(NOON)
            for each in found.options]  # fmt: skip


def test_every_act_of_the_screen_is_a_number():
    found = prompt(Contact(proof=LETTER))

    assert acts(found) == [CodeAsked(at=NOON), View("code"), LineAsked(at=NOON)]
    assert found.back.answer.event(NOON) == WentBack(at=NOON)
    assert f"{ZH.label_email}：{ANSWERS.email} 未確認" in found.lines
    assert ZH.notices_sent[1] in found.lines


def test_the_code_is_typed_and_taken_as_it_is():
    found = prompt(Contact(proof=LETTER), view=View("code"))

    assert found.typed("042 137").event(NOON) == CodeTyped(
        at=NOON, code=Secret.from_text("042 137")
    )


def test_what_was_wrong_is_said_and_a_missing_address_too():
    wrong = prompt(Contact(proof=LETTER), fault="code_wrong")
    missing = prompt(answers=replace(ANSWERS, email=""))

    assert ZH.contact_fault("code_wrong") in wrong.lines
    assert ZH.contact_no_address in missing.lines


def test_the_address_of_the_code_is_said_where_it_cannot_be_scanned():
    found = prompt(Contact(telephone=Telephone.OPEN, url=QR_URL))

    assert QR_URL in found.lines
    assert set(ZH.line_scan) <= set(found.lines)


def test_what_can_be_done_with_a_telephone_depends_on_how_it_stands():
    linked = acts(prompt(Contact(telephone=Telephone.LINKED)))
    off = prompt(Contact(telephone=Telephone.OFF))

    assert linked[-1] == LineUnlinkAsked(at=NOON)
    assert acts(off) == [CodeAsked(at=NOON), View("code")]
    assert f"LINE：{ZH.telephone(Telephone.OFF, '')}" in off.lines


def test_the_way_there_is_a_choice_of_both_pages_and_the_state_is_said():
    basics = at_work(page=BasicsPage()).scene
    status = at_work(page=StatusPage()).scene
    check = at_work(page=CheckPage()).scene
    found = teacher_prompt(situation(basics), basics)

    assert found.options[-1].answer.event(NOON) == ContactOpened(at=NOON)
    assert found.options[-1].label == "通知設定：未確認"
    asked = status_prompt(situation(status), status, StatusPage())
    found = [each for each in asked.options if each.label == ZH.contact_title]
    assert [each.answer.event(NOON) for each in found] == [ContactOpened(at=NOON)]
    said = teacher_prompt(situation(check), check).lines
    assert f"{ZH.label_email}：{masked_address(COMPLETE.email)} 未確認" in said
    assert COMPLETE.email not in "\n".join(said)


def test_how_a_number_was_read_is_said_before_going_on():
    answers = replace(ANSWERS, phone1="(07)123-4567 分機 89")
    scene = replace(at_work(page=BasicsPage()).scene, draft=Draft(answers=answers))

    found = teacher_prompt(situation(scene), scene)

    assert "(07)123-4567 分機 89 讀作 07-1234567#89" in found.options[0].label
