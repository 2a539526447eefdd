"""Whole paths at a kiosk in a real terminal, by keys alone, at both sizes."""

import json
import shutil

import pytest
from rich.cells import cell_len

from tests.fakes.centre import Centre
from tests.journeys.tmux import Terminal, kiosk_words, uneven_rows, upright_columns
from tests.kiosk.people import PASSWORD
from tests.kiosk.robot.stations import (
    AMY,
    BEN,
    CLERK,
    County,
    card,
    make_station,
    opening,
    play,
    write_script,
)

SMALL, LARGE = (80, 24), (120, 40)
CARDS = [
    {"label": "林曉芒 國小 普通", "profile": card(AMY)},
    {"label": "王守信（人事）", "profile": card(CLERK)},
    {"label": "陳大川（未登錄）", "profile": card(BEN)},
    {"label": "讀不到的卡", "fault": "unreadable"},
    {"label": "反插的卡", "fault": "reversed"},
]
ANSWERS = {"phone": "03-5123456", "mail": "amy@example.tw"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A station whose officer is certified and has registered one teacher."""
    folder = tmp_path_factory.mktemp("country")
    station, centre = folder / "station", Centre()
    make_station(station, centre)
    county = County(station, centre)
    county.start()
    code, _, said = play(station, write_script(folder, opening(AMY)))
    county.stop()
    assert code == 0, said
    (station / "virtual_cards.json").write_text(json.dumps(CARDS, ensure_ascii=False))
    return station


@pytest.fixture
def kiosk(opened, tmp_path):
    """Starts a kiosk on a copy of that station; ends what it started."""
    started = []

    def start(size, **environment):
        station = tmp_path / f"station-{len(started)}"
        shutil.copytree(opened, station)
        folder = tmp_path / str(len(started))
        folder.mkdir()
        terminal = Terminal(folder, size, kiosk_words(station), **environment)
        started.append(terminal)
        terminal.until("讀卡機 正常")
        return terminal

    yield start
    for each in started:
        each.close()


def insert(terminal, number):
    """Put in the card with this number, from 1, of the list behind F9."""
    terminal.press("F9")
    listed = terminal.until("選一張卡片")
    inserted = "取出虛擬卡" in listed
    terminal.press(*["Down"] * (number - 1 + inserted), "Enter")


def take_out(terminal):
    terminal.press("F9")
    terminal.until("取出虛擬卡")
    terminal.press("Enter")


def first_use(terminal):
    """Card, witness, card again, privacy notice, password: up to the list of tasks."""
    insert(terminal, 1)
    terminal.until("首次使用，請人事到場")
    insert(terminal, 2)
    terminal.until("人事請輸入密碼")
    terminal.type(CLERK.password)
    terminal.press("Enter")
    terminal.until("我已核對健保卡與本人相符")
    terminal.press("Enter")
    terminal.until("插回教師的健保卡")
    insert(terminal, 1)
    terminal.until("我已了解，繼續")
    terminal.press("Enter")
    terminal.until("確認密碼")
    terminal.type(PASSWORD)
    terminal.press("Enter")
    terminal.type(PASSWORD)
    terminal.press("Enter")
    return terminal.until("您的申請")


def fill_in(terminal):
    """Notices, 基本資料, five questions, two counties: up to the wish list."""
    terminal.press("Enter")
    for number in range(1, 7):
        terminal.until(f"第 {number} / 6 則")
        terminal.press("Enter")
    terminal.until("平常使用之電子郵件")
    terminal.type(ANSWERS["phone"])
    terminal.press("Tab", "Tab")
    terminal.type(ANSWERS["mail"])
    terminal.until(ANSWERS["mail"])
    terminal.press("Enter")
    terminal.until("申請優先辦理「原民調」")
    terminal.press("Down", "Space")
    terminal.until("(o) 否")
    terminal.press("Enter")
    terminal.until("教師證任教地區限制")
    terminal.press("Space")
    terminal.until("(o) 一般地區")
    terminal.press("Enter")
    terminal.until("服務年資滿幾年")
    terminal.type("7")
    terminal.until("[ 7")
    terminal.press("Enter")
    terminal.until("現任服務學校與應聘科(類)別")
    terminal.press("Enter")
    terminal.until("第 1 科與現任相同")
    terminal.press("Enter")
    terminal.until("選擇志願縣市")
    terminal.type("屏")
    terminal.press("Space")
    terminal.until("甲  屏東縣")
    terminal.press("Tab")
    terminal.type("14")
    terminal.press("Space")
    terminal.until("乙  臺東縣")
    terminal.press("Enter")
    terminal.until("待選學校 屏東縣")
    return terminal.at_rest()


def choose(terminal):
    """Three wishes, the third moved to the top."""
    terminal.press("Space")
    terminal.until("您的志願 1 所" if terminal.size == SMALL else "您選擇的志願學校 1 所")
    terminal.press("Down", "Space", "Down", "Space")
    terminal.until("3 所 (草稿)")
    terminal.press("Tab", "End")
    terminal.type("1")
    terminal.press("Enter")
    terminal.until("已移動")


def send(terminal):
    """Back to the tasks, check, tick, send."""
    terminal.press("Escape")
    terminal.until("您的申請")
    terminal.press("Enter")
    terminal.until("請檢查您的答案")
    terminal.press("Space")
    terminal.until("[v] 我已詳閱")
    terminal.press("Enter")
    terminal.until("申請已送出")
    return terminal.at_rest()


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_newcomer_with_a_card_gets_to_a_receipt_by_keys_alone(kiosk, size):
    terminal = kiosk(size)

    first_use(terminal)
    wishes = fill_in(terminal).split("\n")
    choose(terminal)
    receipt = send(terminal)

    assert uneven_rows(wishes, size[0]) == []
    assert len(upright_columns(wishes)) == 1, "the line between the panes is straight"
    assert uneven_rows(receipt.split("\n"), size[0]) == []
    assert "115E-0231-" in receipt
    assert "第 1 版" in receipt
    assert "█" in receipt, "a QR code to take away"
    assert AMY.name not in receipt.split("\n")[0], "the header shows the name masked"


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_when_the_card_leaves_then_nothing_of_the_person_is_on_the_screen_and_the_work_comes_back(
    kiosk, size
):
    terminal = kiosk(size)
    first_use(terminal)
    fill_in(terminal)
    choose(terminal)

    take_out(terminal)
    covered = terminal.until("健保卡已取出")
    insert(terminal, 1)
    back = terminal.until("待選學校")

    for personal in (AMY.name, "林○", *ANSWERS.values(), "您的志願", "屏東", "石板"):
        assert personal not in covered
    assert "3 所 (草稿)" in back


def test_a_wrong_password_is_counted_and_the_right_one_opens_the_saved_draft(kiosk):
    terminal = kiosk(SMALL)
    first_use(terminal)
    fill_in(terminal)
    choose(terminal)
    terminal.press("F10")
    terminal.until("草稿已保存")

    insert(terminal, 1)
    terminal.until("確認身分")
    terminal.type("not-the-password")
    terminal.press("Enter")
    wrong = terminal.until("密碼不正確，還可試 4 次")
    terminal.type(PASSWORD)
    terminal.press("Enter")
    tasks = terminal.until("您的申請")

    assert "not-the-password" not in wrong
    assert "已填 3 所" in tasks


@pytest.mark.parametrize(
    ("number", "words"), [(3, "本校尚未登錄您的資料"), (4, "讀不到這張卡片"), (5, "未讀到晶片")]
)
def test_a_card_that_leads_nowhere_says_why_and_what_to_do(kiosk, number, words):
    terminal = kiosk(SMALL)

    insert(terminal, number)
    page = terminal.until(words)
    take_out(terminal)
    idle = terminal.until("健 保 卡")

    assert "怎麼辦" in page
    assert BEN.name not in page
    assert words not in idle


def test_an_officer_signs_in_reviews_and_signs(kiosk):
    terminal = kiosk(SMALL)
    first_use(terminal)
    fill_in(terminal)
    choose(terminal)
    send(terminal)
    terminal.press("F10")
    terminal.until("作業已結束")

    insert(terminal, 2)
    terminal.until("簽核憑證有效")
    terminal.type(CLERK.password)
    terminal.press("Enter")
    queue = terminal.until("待辦 1 件")
    terminal.press("Enter")
    terminal.until("任教地區限制")
    terminal.type("4")
    terminal.until("通過，送縣市審查")
    terminal.press("Space", *["Tab"] * 10, "Space", "Tab", "Space", "Tab")
    terminal.until("[v] 無上列情形")
    terminal.type(CLERK.password)
    terminal.press("Enter")
    signed = terminal.until("簽核完成")

    assert "林○芒" in queue
    assert AMY.name not in queue
    assert "簽章檢查碼" in signed


def test_control_keys_of_a_terminal_do_nothing_to_a_session(kiosk):
    terminal = kiosk(SMALL)
    first_use(terminal)

    terminal.press("C-p", "C-z", "C-s", "C-d", "C-l")
    after = terminal.text

    assert "您的申請" in after
    assert "Theme" not in after
    assert "Screenshot" not in after


def test_without_colours_everything_is_still_there(kiosk):
    terminal = kiosk(SMALL, NO_COLOR="1")

    first_use(terminal)

    assert terminal.until(">  1 閱讀並同意注意事項"), "focus is told by a mark"


def test_on_a_console_of_sixteen_colours_black_white_and_yellow_are_used(kiosk):
    terminal = kiosk(SMALL, TERM="linux", COLORTERM="")

    styled = terminal.styled()

    assert "健 保 卡" in terminal.text
    assert "38;2" not in styled
    assert "38;5" not in styled


def test_every_row_of_the_idle_screen_fits_the_terminal(kiosk):
    for size in (SMALL, LARGE):
        terminal = kiosk(size)

        rows = terminal.rows()

        assert max(map(cell_len, rows)) <= size[0]
        assert "─" * 20 in rows[1]
