"""Keys and buttons of conflict, withdrawal and 封箱碼, on the stage."""

from dataclasses import replace

import pytest

from core.domain.school import Stage
from core.season.seal_code import decode_seal_code, seal_code
from kiosk.session.answer import Printed
from kiosk.session.device import CardRemoved
from kiosk.session.effect import Decide, PrintForm, Submit, Withdraw
from kiosk.session.page import (
    CheckPage,
    ConflictPage,
    ContactPage,
    StatusPage,
    TasksPage,
    WithdrawPage,
)
from kiosk.session.paper import Form, Outcome
from kiosk.session.record import Delivery
from kiosk.session.station import Link, LinkName
from kiosk.text.catalogue import LANGUAGES
from tests.kiosk.screens.gallery import (
    BACKED,
    CLOSING,
    HERE,
    PICTURES,
    REVIEWED,
    SEALED,
    THERE,
    sent,
    teacher,
    troubled,
)
from tests.kiosk.screens.stage import LARGE, SIZES, SMALL, StagedKiosk, text_of

ZH = LANGUAGES["zh"]


def page_of(app):
    return app.session.scene.page


@pytest.mark.parametrize("size", SIZES)
async def test_both_versions_and_what_differs_are_on_one_screen(size):
    app = StagedKiosk(PICTURES["k06-conflict"].session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()

        shown = text_of(app)

    for word in ("左 第 2 版", "右 第 3 版", "另一台機器送出", "* 07-1234567#89", "0900123456"):
        assert word in shown
    for button in ("1 採用左邊", "2 採用右邊", "3 修改左邊", "4 修改右邊"):
        assert button in shown


@pytest.mark.parametrize(
    ("key", "page", "chosen"),
    [
        ("1", CheckPage, HERE),
        ("2", CheckPage, THERE),
        ("3", TasksPage, HERE),
        ("4", TasksPage, THERE),
    ],
)
async def test_a_digit_chooses(key, page, chosen):
    app = StagedKiosk(PICTURES["k06-conflict"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        await pilot.press(key)
        await pilot.pause()

        assert isinstance(page_of(app), page)
        assert app.session.scene.draft.answers.wishes == chosen.wishes.schools


async def test_buttons_choose_as_well_and_sending_names_both():
    app = StagedKiosk(PICTURES["k06-conflict"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "enter")
        await pilot.pause()
        settled = text_of(app)
        await pilot.click("#declare")
        await pilot.click("#submit")
        await pilot.pause()

    (asked,) = app.asked(Submit)
    assert "取代互相衝突的第 2 版、第 3 版" in settled
    assert set(asked.heads) == {HERE.hash, THERE.hash}


async def test_f3_turns_to_the_next_of_three():
    app = StagedKiosk(PICTURES["k06-conflict-three"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        third = text_of(app)

        await pilot.press("f3")
        await pilot.pause()

        assert "第 1 個與第 3 個" in third
        assert "撤回申請" in third
        assert page_of(app) == ConflictPage(1)
        assert "第 1 個與第 2 個" in text_of(app)


async def test_the_status_leads_to_the_choice():
    app = StagedKiosk(PICTURES["k11-conflict"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        status = text_of(app)

        await pilot.press("enter")
        await pilot.pause()

        assert "版本衝突" in status
        assert page_of(app) == ConflictPage()


@pytest.mark.parametrize("name", ["k03-tasks", "k11-backed-up"])
async def test_f8_asks_before_taking_back_and_the_safe_answer_has_the_focus(name):
    app = StagedKiosk(PICTURES[name].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f8")
        await pilot.pause()
        asked = page_of(app)

        await pilot.press("enter")
        await pilot.pause()

        assert asked == WithdrawPage()
        assert page_of(app) == TasksPage()
        assert app.asked(Withdraw) == []


async def test_the_button_takes_back_and_a_password_is_asked_when_the_last_is_old():
    app = StagedKiosk(PICTURES["k11-withdraw"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.click("#withdraw")
        await pilot.pause()

        assert len(app.asked(Withdraw)) == 1

    again = StagedKiosk(PICTURES["k11-withdraw-password"].session)
    async with again.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*"mango-42")
        typed = text_of(again)
        await pilot.press("enter")
        await pilot.pause()

    assert "mango-42" not in typed
    assert again.asked(Withdraw)[0].password.typed == b"mango-42"


@pytest.mark.parametrize("name", ["k07-server", "k07-receipt"])
async def test_a_receipt_says_whose_it_is(name):
    app = StagedKiosk(PICTURES[name].session)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        shown = text_of(app)

    server = name == "k07-server"
    assert ("伺服器收據" in shown) == server
    assert ("伺服器紀錄第 1,233 筆" in shown) == server
    assert ("本機收據" in shown) != server


async def test_space_on_the_status_shows_the_servers_receipt_once_it_is_here():
    app = StagedKiosk(teacher(StatusPage(), record=sent(BACKED)))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await pilot.press("space")
        await pilot.pause()

        shown = text_of(app)

    assert "伺服器收據" in shown
    assert "伺服器紀錄第 1,233 筆" in shown


@pytest.mark.parametrize("size", SIZES)
async def test_after_the_deadline_the_idle_screen_shows_the_seal_and_its_witness(size):
    app = StagedKiosk(PICTURES["k01-sealed-later"].session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()

        shown = text_of(app)

    for sealed in (CLOSING, REVIEWED):
        code = seal_code(sealed.hash)
        assert code in shown
        assert decode_seal_code(code) == sealed.hash[:10]
    assert "已有外部見證" in shown
    assert "尚無外部見證" in shown
    assert "▀" in shown
    assert "健保卡 等待插入" in shown


async def test_without_an_address_the_code_itself_is_in_the_qr_code():
    bare = replace(PICTURES["k01-sealed"].session, station=replace(SEALED, server=""))
    app = StagedKiosk(bare)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        assert "▀" in text_of(app)


async def test_officers_see_the_seal_in_their_queue_and_behind_f7():
    app = StagedKiosk(PICTURES["o01-seal-note"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        queue = text_of(app)
        await pilot.press("f7")
        await pilot.pause()
        sheet = text_of(app)

    assert seal_code(REVIEWED.hash) in queue
    assert seal_code(CLOSING.hash) in sheet
    assert "▀" in sheet


@pytest.mark.parametrize(
    "name", [LinkName.FULL, LinkName.FORKED, LinkName.SELF_ROLLBACK, LinkName.REVOKED]
)
async def test_a_machine_that_cannot_write_says_so_before_anybody_comes(name):
    idle = replace(PICTURES["k01-idle"].session, station=troubled(name))
    app = StagedKiosk(idle)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        title, found, remedy = app.texts.machine_trouble(name.value)

        shown = "".join(text_of(app).split())

    for sentence in (title, found, remedy, "王主任 分機 12"):
        assert "".join(sentence.split()) in shown
    assert app.texts.link(Link(name=name)).replace(" ", "") in shown


async def test_whoever_only_looks_is_told_on_every_page_until_the_machine_works_again():
    app = StagedKiosk(PICTURES["k03-full"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        looking = text_of(app)
        app.show(replace(app.session, station=troubled(LinkName.OFFLINE)))
        await pilot.pause()

        assert "只能查詢" in looking
        assert "再插一次" in text_of(app)


@pytest.mark.parametrize("name", ["k07-receipt", "k11-status"])
async def test_f6_prints_the_form_that_is_chosen_and_says_how_it_ended(name):
    app = StagedKiosk(PICTURES[name].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f6")
        await pilot.pause()
        offered = text_of(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        before = text_of(app)
        app.tell(CardRemoved(at=app.time))
        await pilot.pause()
        (asked,) = app.asked(PrintForm)
        meanwhile = text_of(app)
        app.tell(Printed(ticket=asked.ticket, at=app.time, outcome=Outcome.NO_PRINTER))
        await pilot.pause()
        ended = text_of(app)

    assert all(word in offered for word in ("個人資料表", "送出回執", "應備文件檢核表", "送件封面"))
    assert asked.form is Form.RECEIPT
    assert "請先取回健保卡" in before
    assert "列印中" in meanwhile
    assert "這台機器沒有印表機" in ended


@pytest.mark.parametrize("size", SIZES)
async def test_a_receipt_says_that_an_address_nobody_proved_gets_none_and_f5_leads_there(size):
    app = StagedKiosk(PICTURES["k07-receipt"].session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = text_of(app)
        await pilot.press("f5")
        await pilot.pause()
        page = page_of(app)
        await pilot.press("escape")
        await pilot.pause()
        back = text_of(app)

    assert ZH.receipt_unmailed in shown
    assert "F5 寄信" in shown
    assert isinstance(page, ContactPage)
    assert ZH.receipt_unmailed in back


async def test_a_receipt_says_where_it_goes_by_mail_once_the_address_is_proved():
    app = StagedKiosk(PICTURES["k07-server"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        shown = text_of(app)

    assert "收據會寄到 l***@example.tw" in shown
    assert "F2 顯示" in shown
    assert "F5" not in shown


async def test_practice_promises_no_mail():
    session = PICTURES["k07-receipt"].session
    app = StagedKiosk(replace(session, station=replace(session.station, practice=True)))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        shown = text_of(app)

    assert ZH.practice_receipt in shown
    assert "信箱" not in shown
    assert "F5" not in shown


async def decide_by_enter(session, *keys):
    app = StagedKiosk(session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("4", *keys, "enter")
        await pilot.pause()
        return app, text_of(app), app.screen.focused


async def test_enter_beside_a_tick_of_the_decision_names_what_is_missing():
    picture = PICTURES["o03-decision"].session
    page = picture.scene.page
    open_form = replace(page.form, verdict="returned", reasons=frozenset())
    scene = replace(picture.scene, page=replace(page, form=open_form))

    app, shown, _ = await decide_by_enter(replace(picture, scene=scene), "tab")

    assert ZH.refusal("reason_missing") in shown
    assert app.asked(Decide) == []


async def test_enter_beside_a_tick_of_a_whole_decision_asks_for_the_password():
    app, _, focused = await decide_by_enter(PICTURES["o03-decision"].session, "tab")

    assert focused is not None
    assert focused.id == "password"
    assert app.asked(Decide) == []


async def test_enter_signs_is_promised_only_where_it_does():
    app = StagedKiosk(PICTURES["o03-decision"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("1")
        await pilot.pause()
        claim = text_of(app)
        await pilot.press("4")
        await pilot.pause()
        decision = text_of(app)

    assert "Enter 簽核" not in claim
    assert "Enter 簽核" in decision


@pytest.mark.parametrize("stage", Stage)
async def test_neither_stage_nor_state_is_cut_in_the_queue(stage):
    picture = PICTURES["o01-queue"].session
    rows = tuple(
        replace(each, stage=stage, rejection="role", reopened=False)
        for each in picture.scene.page.rows
    )
    scene = replace(picture.scene, page=replace(picture.scene.page, rows=rows))
    app = StagedKiosk(replace(picture, scene=scene), language="en")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        assert f" {app.texts.stage(stage)} " in text_of(app)
        assert f" {app.texts.delivery_word(Delivery.ATTENTION)} " in text_of(app)
        assert ".." not in text_of(app)


async def test_f7_prints_a_form_of_the_case_for_the_officer():
    app = StagedKiosk(PICTURES["o03-print"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f7")
        await pilot.pause()
        offered = text_of(app)
        await pilot.press("enter")
        await pilot.pause()
        (asked,) = app.asked(PrintForm)
        app.tell(Printed(ticket=asked.ticket, at=app.time, outcome=Outcome.NO_PRINTER))
        await pilot.pause()
        ended = text_of(app)

    assert all(word in offered for word in ("個人資料表", "送出回執", "應備文件檢核表", "送件封面"))
    assert asked.form is Form.PERSONAL
    assert "這台機器沒有印表機" in ended


async def test_f6_does_nothing_before_something_was_sent():
    app = StagedKiosk(teacher(StatusPage(), record=sent()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f6")
        await pilot.pause()

        assert "個人資料表" not in text_of(app)
        assert app.asked(PrintForm) == []
