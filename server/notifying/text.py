"""What a message says, in both languages at once. Nothing about the person: no name, no number.

Every message says where to look and that the official letter decides (F-180).
"""

from dataclasses import dataclass
from enum import StrEnum

OFFICIAL_ZH = "本通知僅供提醒，最終正式結果以學校公文為準；未收到通知時，請以介聘終端機所示為準。"
OFFICIAL_EN = (
    "This message is a reminder only. The official letter of the school decides; "
    "a message that does not arrive changes nothing."
)
WHERE_ZH = "查看方式：請持健保卡到學校的介聘終端機，選「查詢申請狀況」。"
WHERE_EN = "Where to look: take your health card to the kiosk at your school, row “Status”."
NOT_YOU_ZH = "若這不是您本人所為，請立即告知學校人事。本信由系統寄出，請勿回覆。"
NOT_YOU_EN = "If this was not you, tell the personnel officer at once. Please do not reply."


class Topic(StrEnum):
    """What a message can be about (F-177, U-020), and the code that proves an address."""

    PASSWORD = "password"  # noqa: S105 - the name of a topic
    REVIEW_PASSED = "review_passed"
    REVIEW_RETURNED = "review_returned"
    COUNTY_PASSED = "county_passed"
    COUNTY_OPEN = "county_open"
    RESULT = "result"
    LISTS_HIT = "lists_hit"
    LISTS_BACK = "lists_back"
    RECEIPT = "receipt"
    MAIL_CODE = "mail_code"


_ZH = {
    Topic.PASSWORD: "學校人事已確認您本人：您設定或重設了介聘終端機的密碼，或這一次免密碼進入。",
    Topic.REVIEW_PASSED: "學校人事的初審：通過。",
    Topic.REVIEW_RETURNED: "學校人事的初審：退回，需要您補件或說明。",
    Topic.COUNTY_PASSED: "縣市的積分審查：通過。",
    Topic.COUNTY_OPEN: "縣市的積分審查：尚未通過，請看理由。",
    Topic.RESULT: "介聘結果已產生。",
}
_EN = {
    Topic.PASSWORD: (
        "The officer confirmed who you are at the kiosk: a password was set or reset, or you went "
        "in without one this once."
    ),
    Topic.REVIEW_PASSED: "First review by the school's officer: passed.",
    Topic.REVIEW_RETURNED: "First review by the school's officer: returned; see what is asked.",
    Topic.COUNTY_PASSED: "Review of your points by the county: passed.",
    Topic.COUNTY_OPEN: "Review of your points by the county: not passed; see the reasons.",
    Topic.RESULT: "The result of the transfer has been produced.",
}
_SUBJECTS = {
    Topic.PASSWORD: "人事確認本人 / Confirmed by the officer",
    Topic.REVIEW_PASSED: "學校初審通過 / First review passed",
    Topic.REVIEW_RETURNED: "學校初審退回 / First review returned",
    Topic.COUNTY_PASSED: "縣市審查通過 / County review passed",
    Topic.COUNTY_OPEN: "縣市審查尚未通過 / County review: see the reasons",
    Topic.RESULT: "結果已產生 / Result produced",
    Topic.LISTS_HIT: "名單更正，您有志願不再開放 / A wish is no longer open",
    Topic.LISTS_BACK: "名單更正，您有志願恢復開放 / A wish is open again",
}
LISTS = frozenset({Topic.LISTS_HIT, Topic.LISTS_BACK})
LINKED = (
    "已完成連結，之後會在這裡收到介聘通知。輸入「解除」即可取消。\n"
    "Linked: transfer notices will arrive here. Send “unlink” to stop.\n" + OFFICIAL_ZH
)
UNLINKED = "已解除連結，不再由 LINE 通知。\nUnlinked: no more notices by LINE."
LINK_UNKNOWN = (
    "這組連結碼無效或已過期，請回介聘終端機重新產生。\n"
    "This code is not valid any more. Please make a new one at the kiosk."
)
UNLINK_WORDS = frozenset({"解除", "取消連結", "unlink"})


@dataclass(frozen=True, slots=True)
class Message:
    """Subject (mail only) and text."""

    subject: str
    text: str


def message_of(topic: Topic, season: str) -> Message:
    """One of the events of F-177; ``season`` is a year such as ``115``.

    Codes, receipts and changed lists say more (`code_message`, `server.notifying.receipt`,
    `server.notifying.hit_letter`).
    """
    return framed(topic, season, _ZH[topic], _EN[topic])


def framed(topic: Topic, season: str, zh: str, en: str) -> Message:
    """What is to be said, between the heading and what every message says."""
    text = "\n".join(
        (
            f"【教師介聘 {season} 學年度】",
            zh,
            WHERE_ZH,
            OFFICIAL_ZH,
            *((NOT_YOU_ZH,) if topic is Topic.PASSWORD else ()),
            "",
            f"[Teacher transfer, school year {season}]",
            en,
            WHERE_EN,
            OFFICIAL_EN,
            *((NOT_YOU_EN,) if topic is Topic.PASSWORD else ()),
            "",
        )
    )
    return Message(subject=f"教師介聘 {season}：{_SUBJECTS[topic]}", text=text)


def code_message(code: str, minutes: int) -> Message:
    """The six digits that prove an address (UX K10)."""
    text = "\n".join(
        (
            "【教師介聘】電子郵件驗證碼",
            "",
            f"    {code}",
            "",
            f"請在 {minutes} 分鐘內於介聘終端機輸入。",
            NOT_YOU_ZH,
            "",
            "[Teacher transfer] Code that proves your mail address",
            f"Please type the six digits at the kiosk within {minutes} minutes.",
            NOT_YOU_EN,
            "",
        )
    )
    return Message(subject="教師介聘：電子郵件驗證碼 / Mail code", text=text)
