"""``--plain``: the whole path of a teacher and an officer as questions and answers (UX 4.12)."""

import io
import queue
import re
import threading
import time

import pytest

from core.wire.payload import read_application
from kiosk.adapters.virtual_reader import CardFault, VirtualCard, VirtualReader, nhi_card
from kiosk.plain.line import Line
from kiosk.plain.talk import WIPE
from kiosk.text.plain import PLAIN
from tests.kiosk.machine import AMY, BEN, CLERK, ready

PATIENCE_S = 60.0
ASKED = PLAIN["zh"].choose


class Keyboard:
    """A stream of lines somebody types, one at a time."""

    def __init__(self):
        self._lines = queue.Queue()

    def type(self, text):
        self._lines.put(f"{text}\n")

    def close(self):
        self._lines.put(None)

    def __iter__(self):
        return iter(self._lines.get, None)

    def fileno(self):
        raise OSError("no file")


class Paper(io.StringIO):
    """What was said so far."""


class Glass(Paper):
    """What was said on a terminal."""

    def isatty(self):
        return True


class Talker:
    """Somebody at line mode: waits for words, answers by number or by the words of a choice."""

    def __init__(self, machine, cards, paper=None):
        self.machine, self.keys, self.paper = machine, Keyboard(), paper or Paper()
        self.reader = VirtualReader()
        self._seen = 0
        self.line = Line(desk=machine.desk, now=machine.clock.now, reader=self.reader, cards=cards)
        self._thread = threading.Thread(target=self.line.run, args=(self.keys, self.paper))
        self._thread.start()

    def hear(self, *words, last=""):
        """Wait until all of these were said since the last answer; gives what was said."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            said = self.paper.getvalue()[self._seen :]
            if all(word in said for word in words) and said.endswith(last):
                return said
            time.sleep(0.01)
        raise AssertionError(f"{words} were not said, but: {said}")

    def type(self, text):
        self._seen = len(self.paper.getvalue())
        self.keys.type(text)

    def choose(self, *words):
        """Answer with the number of the choice that has these words, once all is said."""
        said = self.hear(*words, last=ASKED)
        pattern = re.compile(rf"^(\d+) .*{re.escape(words[0])}", re.MULTILINE)
        self.type(pattern.findall(said)[-1])

    def close(self):
        self.keys.close()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


def chip(holder):
    profile = holder.profile
    return nhi_card(
        card_number=profile.card_number,
        name=holder.name,
        national_id=profile.national_id,
        birth=profile.birth,
        sex=profile.sex,
        issued=profile.issued,
    )


@pytest.fixture
def machine(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def talker(machine):
    cards = {
        "曉芒": chip(AMY),
        "大川": chip(BEN),
        "主任": chip(CLERK),
        "壞卡": VirtualCard(fault=CardFault.UNREADABLE),
    }
    talker = Talker(machine, cards)
    yield talker
    talker.close()


def first_use(talker):
    talker.choose("虛擬卡：曉芒")
    talker.hear("首次使用")
    talker.choose("虛擬卡：主任")
    talker.hear("人事請輸入密碼")
    talker.type(CLERK.password)
    talker.choose("確認本人無誤")
    talker.choose("虛擬卡：曉芒")
    talker.choose("我已了解")
    talker.hear("密碼")
    talker.type(AMY.password)
    talker.hear("確認密碼")
    talker.type(AMY.password)
    talker.hear("您的申請")


def fill_in(talker):
    talker.choose("閱讀並同意注意事項")
    for number in range(2, 7):
        talker.choose("繼續")
        talker.hear(f"第 {number} / 6 則")
    talker.choose("我同意")
    talker.choose("聯絡電話1")
    talker.hear("07-1234567#89")
    talker.type("?")
    talker.hear("審查或報到有問題時打這個電話", "故障回報", "?? 個資告知", "聯絡電話1：")
    talker.type("？？")
    talker.hear("這台機器存了什麼、存到何時", "聯絡電話1：")
    talker.type("03-5123456")
    talker.choose("電子郵件")
    talker.hear("電子郵件：")
    talker.type("amy@example.tw")
    talker.hear("amy@example.tw")
    talker.choose("繼續")
    talker.choose("否，不申請")
    talker.hear("[v] 否")
    talker.choose("繼續")
    talker.choose("一般地區")
    talker.hear("[v] 一般")
    talker.choose("繼續")
    talker.choose("服務年資：")
    talker.hear("3/5")
    talker.type("七")
    talker.hear("沒有這個選項")
    talker.type("7")
    talker.hear("滿 7 年")
    talker.choose("繼續")
    talker.hear("松風國小")
    talker.choose("繼續")
    talker.choose("第 2 科")
    talker.choose("身心障礙類")
    talker.hear("第 2 科：身心障礙類")
    talker.choose("繼續")
    talker.choose("甲：")
    talker.choose("屏東縣")
    talker.choose("乙：")
    talker.choose("臺東縣")
    talker.hear("乙：臺東縣")
    talker.choose("確定志願縣市")


def add(talker, keyword, school):
    talker.choose("找學校並加入志願")
    talker.hear("請輸入學校代碼")
    talker.type(keyword)
    talker.choose(school)
    talker.hear("已加入志願")
    talker.type("0")


def test_a_teacher_applies_from_the_first_card_to_the_receipt(talker, machine):
    first_use(talker)
    fill_in(talker)
    add(talker, "133601", "溪口國小")
    add(talker, "雲門", "雲門國小")
    talker.choose("換另一個縣市")
    add(talker, "日出", "日出國小")
    talker.choose("調整或刪除志願")
    talker.choose("日出國小")
    talker.choose("移動到第一位")
    talker.hear("第 1 志願 日出國小")
    talker.type("0")
    talker.type("0")
    talker.choose("繼續")
    talker.choose("我已詳閱")
    talker.hear("[v] 我已詳閱")
    talker.choose("送出申請")

    said = talker.hear("受理編號：115E-0231-", "檢查碼：")

    links = machine.store.ledger.links(1, 50)
    sent = next(link for link in links if link.event.kind == "app.revise")
    assert read_application(sent.frame.payload)[1].schools == ("143601", "133601", "133603")
    assert "本機受理，待上傳" in said
    talker.choose("作業狀況")
    talker.hear("待初審")
    talker.choose("放進草稿")
    talker.hear("您的申請")
    talker.type("0")
    talker.hear("請取回健保卡")
    talker.choose("取出卡片")
    talker.hear("請插入健保卡")


def test_steps_can_be_taken_back_and_chosen_from_their_list(talker):
    first_use(talker)
    fill_in(talker)
    add(talker, "溪口", "溪口國小")
    talker.choose("復原一步")
    talker.hear("您的志願 0 所")
    talker.choose("重做一步")
    talker.hear("第 1 志願 溪口國小")
    talker.choose("修改紀錄")
    talker.choose("最初的樣子")
    talker.hear("已到選擇的步驟")


def test_wishes_are_cleared_inserted_in_front_and_filtered_by_township(talker):
    first_use(talker)
    fill_in(talker)
    add(talker, "溪口", "溪口國小")
    talker.choose("更改加入位置")
    talker.choose("從最前插入")
    talker.choose("選擇鄉鎮市區")
    talker.choose("三地門鄉 2 所")
    talker.choose("找學校並加入志願")
    talker.type("")
    talker.choose("石板國小")
    talker.hear("已加入志願")
    talker.type("0")
    talker.hear("第 1 志願 石板國小", "第 2 志願 溪口國小")
    talker.choose("清空志願")
    talker.hear("將清空草稿裡的 2 所志願")
    talker.choose("確定")
    talker.hear("已清空志願")


def test_what_is_missing_is_said_with_its_place(talker):
    first_use(talker)
    talker.choose("閱讀並同意注意事項")
    for number in range(2, 7):
        talker.choose("繼續")
        talker.hear(f"第 {number} / 6 則")
    talker.choose("我同意")
    talker.choose("繼續")

    talker.hear("有 2 個地方要修正", "聯絡電話1：請填聯絡電話")


def test_an_officer_registers_reviews_and_signs(talker, machine):
    first_use(talker)
    fill_in(talker)
    add(talker, "溪口", "溪口國小")
    talker.choose("繼續")
    talker.choose("我已詳閱")
    talker.choose("送出申請")
    talker.choose("結束並取回卡片")
    talker.choose("取出卡片")

    talker.choose("人事、服務人員")
    talker.choose("虛擬卡：主任")
    talker.hear("密碼")
    talker.type(CLERK.password)
    talker.choose("林曉芒")
    talker.choose("積分")
    talker.choose("考績積分：")
    talker.type("8.5")
    talker.hear("考績積分：8.5")
    talker.choose("年資積分：")
    talker.type("1")
    talker.hear("年資積分 理由：這一項與試算不同")
    talker.choose("年資積分 理由")
    talker.choose("依規定不予採計")
    talker.hear("說明")
    talker.type("其中一年為留職停薪")
    talker.hear("年資積分 理由：依規定不予採計 其中一年為留職停薪")
    talker.type("0")
    talker.choose("通過，送縣市審查")
    talker.choose("已核對正本")
    talker.choose("無上列情形")
    talker.choose("簽核送出")
    talker.hear("簽核密碼")
    talker.type(CLERK.password)

    talker.hear("簽核完成", "簽章檢查碼")
    assert machine.store.ledger.newest("officer.approve") is not None
    talker.choose("回待辦清單")
    talker.choose("本單位教師帳號管理")
    talker.hear("2 人", "林曉芒")
    talker.type("0")
    talker.choose("教師資料登錄")
    talker.choose("虛擬卡：大川")
    talker.choose("職稱：")
    talker.choose("主任")
    talker.choose("登錄資料")
    talker.hear("已登錄 陳大川")


def test_a_bad_card_is_explained_and_taken_out(talker):
    talker.choose("虛擬卡：壞卡")
    talker.hear("讀不到這張卡片", "洽詢：王主任 分機 12")
    talker.choose("取出卡片")
    talker.hear("請插入健保卡")


def test_a_wrong_password_is_said_with_the_tries_left_and_never_repeated_aloud(talker):
    first_use(talker)
    talker.type("0")
    talker.choose("取出卡片")
    talker.choose("虛擬卡：曉芒")
    talker.choose("登入")
    talker.hear("密碼（輸入時不會顯示）")
    talker.type("wrong-one-1")

    said = talker.hear("密碼不正確，還可試 4 次")

    assert "wrong-one-1" not in said


def test_an_empty_line_says_it_again_and_an_unknown_number_is_named(talker):
    talker.hear("請插入健保卡開始")
    talker.type("")
    talker.hear("請插入健保卡開始")
    talker.type("99")
    talker.hear("沒有這個選項", "請插入健保卡開始")


def test_on_a_terminal_everything_said_is_cleared_away_when_the_person_is_gone(machine):
    talker = Talker(machine, {"曉芒": chip(AMY), "主任": chip(CLERK)}, Glass())
    talker.hear("請插入健保卡開始")
    left_by_a_crash = talker.paper.getvalue()
    first_use(talker)
    shown = talker.paper.getvalue().rpartition(WIPE)[2]

    talker.reader.remove()
    talker.hear("健保卡已取出")
    left = talker.paper.getvalue().rpartition(WIPE)[2]
    talker.close()

    assert left_by_a_crash.startswith(WIPE)
    assert AMY.name in shown
    assert AMY.name not in left
    assert "您的申請" not in left


def test_while_a_question_stands_only_what_is_new_is_said_and_on_a_line_of_its_own(talker):
    talker.hear("請插入健保卡開始", ASKED)
    before = talker.paper.getvalue()

    talker.reader.unplug()
    talker.hear("未偵測到讀卡機", f"請通知人事。\n{ASKED}")
    talker.reader.plug_in()
    talker.type("")
    talker.hear("請插入健保卡開始")

    said = talker.paper.getvalue().removeprefix(before)
    assert "未偵測到讀卡機" not in before
    assert said.startswith("\n未偵測到讀卡機\n")
    assert said.partition(ASKED)[0].count("虛擬卡") == 0
