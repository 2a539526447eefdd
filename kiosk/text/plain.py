"""Sentences only line mode needs: how to answer, and what a keyboard does elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol


class PlainTexts(Protocol):
    """Sentences of line mode, in every language."""

    choose: str
    back: str
    end: str
    end_and_card: str
    take_card_out: str
    not_an_answer: str
    typed_hidden: str
    or_without: str
    officers: str
    reveal: str
    more_time: str
    search: str
    find_character: str
    next_page: str
    search_again: str
    show_list: str
    undo: str
    redo: str
    steps: str
    move_up: str
    move_down: str
    move_first: str
    move_last: str
    move_rank: str
    ask_rank: str
    insertion: str
    change_field: str
    tick: str
    untick: str
    decide: str
    other_version: str
    pledges: str
    own_cases: str
    refresh: str
    good_bye: str
    lines_begin: str
    lines_leave: str

    def put_in(self, label: str) -> str: ...
    def resumed(self, task: str) -> str: ...
    def found(self, count: int, shown: int) -> str: ...
    def at_rank(self, rank: int, school: str) -> str: ...
    def value(self, label: str, value: str) -> str: ...


class PlainZh:
    """正體中文."""

    choose = "請輸入號碼後按 Enter（? 說明，直接按 Enter 再唸一次）："
    back = "0 返回"
    end = "0 結束"
    end_and_card = "結束並取回卡片"
    take_card_out = "取出卡片"
    not_an_answer = "沒有這個選項。"
    typed_hidden = "（輸入時不會顯示）"
    or_without = "不想設密碼：直接按 Enter，可選擇這一次免密碼進入，或返回。"
    officers = "人事、服務人員"
    reveal = "顯示完整證號"
    more_time = "需要更多時間（15 分鐘）"
    search = "找學校並加入志願"
    find_character = "用注音找字"
    next_page = "下一頁"
    search_again = "請輸入學校代碼、校名或鄉鎮的一部分："
    show_list = "調整或刪除志願"
    undo = "復原一步"
    redo = "重做一步"
    steps = "修改紀錄"
    move_up = "往前移動"
    move_down = "往後移動"
    move_first = "移動到第一位"
    move_last = "移動到最後一位"
    move_rank = "移動到第幾位"
    ask_rank = "移到第幾位："
    insertion = "更改加入位置"
    change_field = "修改"
    tick = "[ ]"
    untick = "[v]"
    decide = "簽核送出"
    other_version = "右邊換下一個版本"
    pledges = "切結"
    own_cases = "您本人的申請不在這裡，將由校長指定之人員初審。"
    refresh = "重新整理"
    good_bye = "再見。"
    lines_begin = "純文字模式。要回到畫面，請選「顯示設定」，再選「離開純文字模式」。"
    lines_leave = "離開純文字模式，回到畫面"

    def resumed(self, task: str) -> str:
        return f"上次做到「{task}」。"

    def put_in(self, label: str) -> str:
        return f"插入虛擬卡：{label}"

    def found(self, count: int, shown: int) -> str:
        return f"找到 {count} 所" + ("" if count == shown else f"，先列 {shown} 所，請多輸入幾個字")

    def at_rank(self, rank: int, school: str) -> str:
        return f"第 {rank} 志願 {school}"

    def value(self, label: str, value: str) -> str:
        return f"{label}：{value}"


class PlainEnglish:
    """English."""

    choose = "Type a number, then Enter (? helps, Enter alone repeats): "
    back = "0 back"
    end = "0 end"
    end_and_card = "End and take the card back"
    take_card_out = "Take the card out"
    not_an_answer = "There is no such choice."
    typed_hidden = "(not shown while you type)"
    or_without = "Just Enter: to go in without a password this once, or to go back."
    officers = "Personnel officers"
    reveal = "Show the full number"
    more_time = "I need more time (15 minutes)"
    search = "Find a school and add it"
    find_character = "Find a character by its sound"
    next_page = "Next page"
    search_again = "Part of a school's code, name or township: "
    show_list = "Move or remove a wish"
    undo = "Take one step back"
    redo = "Do it again"
    steps = "List of steps"
    move_up = "Move up"
    move_down = "Move down"
    move_first = "Move to the first place"
    move_last = "Move to the last place"
    move_rank = "Move to a place"
    ask_rank = "To which place: "
    insertion = "Change where wishes are added"
    change_field = "Change"
    tick = "[ ]"
    untick = "[v]"
    decide = "Sign"
    other_version = "The next version on the right"
    pledges = "Pledge"
    own_cases = "Your own application is not here; someone the principal names reviews it."
    refresh = "Look again"
    good_bye = "Good-bye."
    lines_begin = 'Line by line. To go back to the screen: "Display", then "Back to the screen".'
    lines_leave = "Back to the screen"

    def resumed(self, task: str) -> str:
        return f'Last time you were at "{task}".'

    def put_in(self, label: str) -> str:
        return f"Insert virtual card: {label}"

    def found(self, count: int, shown: int) -> str:
        return f"{count} found" + ("" if count == shown else f", the first {shown}; type more")

    def at_rank(self, rank: int, school: str) -> str:
        return f"Wish {rank} {school}"

    def value(self, label: str, value: str) -> str:
        return f"{label}: {value}"


PLAIN: Mapping[str, PlainTexts] = MappingProxyType({"zh": PlainZh(), "en": PlainEnglish()})
