"""The receipt of a version by mail (U-010): what a teacher needs in a dispute, and no more.

It goes to the address the version itself names, and only where the machine says that the teacher
proved it. It carries no number of a person, and her name masked.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, select

from core.domain.application import Claim
from core.domain.name import masked_name
from core.domain.roc import TAIPEI, format_roc_minute
from core.rules.calendar import Phase, PhaseName, find_phase
from core.season.address import receipt_address
from core.season.numbering import receipt_number
from core.wire.errand import Task
from core.wire.fault import WireError
from core.wire.payload import read_application
from core.wire.receipt import check_code
from server.lists import moment, read_season
from server.notifying.hiding import keyed
from server.notifying.queue import Channel, Told, notification_id
from server.notifying.text import (
    NOT_YOU_EN,
    NOT_YOU_ZH,
    OFFICIAL_EN,
    OFFICIAL_ZH,
    WHERE_EN,
    WHERE_ZH,
    Message,
    Topic,
)
from server.store.notify_tables import errand
from server.store.tables import application, device, payload, receipt, revision

UNPROVED = "unproved"
NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts:
    """What the letter says; ``address`` leads to the public page, None where none is set."""

    season: str
    name: str
    number: str
    check_code: str
    version: int
    withdrawn: bool
    sent: datetime
    received: datetime
    calendar: tuple[Phase, ...]
    address: str | None


def find_receipt(
    connection: Connection, app: bytes, name: bytes, key: bytes, public: str
) -> tuple[str, Message] | str:
    """Address and letter of the notification ``name``, or the code of why there is none.

    ``key`` keys the hashes of addresses, ``public`` is where anybody may check receipts.
    """
    row = _version(connection, app, name)
    if row is None:
        return NO_ADDRESS
    claim = _claim(connection, app, row)
    if claim is None or not claim.email:
        return NO_ADDRESS
    if not is_proved(connection, row.holder, claim.email, key):
        return UNPROVED
    facts = ReceiptFacts(
        season=claim.season,
        name=masked_name(claim.teacher_name),
        number=receipt_number(claim.season, claim.stage, row.machine, row.seq),
        check_code=check_code(row.eh),
        version=row.version,
        withdrawn=row.claim is None,
        sent=moment(row.claimed_ms),
        received=moment(row.recv_ms),
        calendar=read_season(connection).calendar,
        address=receipt_address(public, row.signed) if public else None,
    )
    return claim.email, receipt_message(facts)


def receipt_message(facts: ReceiptFacts) -> Message:
    """The letter in both languages; what follows is for a version that stands."""
    what_zh = "撤回申請" if facts.withdrawn else "送出申請"
    what_en = "withdrawal" if facts.withdrawn else "application"
    zh = (
        f"【教師介聘 {facts.season} 學年度】收件回執（{what_zh}）",
        "",
        f"申請人：{facts.name}",
        f"受理編號：{facts.number}",
        f"檢查碼：{facts.check_code}",
        f"版本：第 {facts.version} 版",
        f"送出時間（本機簽章）：{format_roc_minute(facts.sent)}",
        f"伺服器收到時間：{format_roc_minute(facts.received)}",
        *((f"公開查驗：{facts.address}",) if facts.address else ()),
        "",
        *(() if facts.withdrawn else ("接下來：", *_steps_zh(facts.calendar))),
        WHERE_ZH,
        OFFICIAL_ZH,
        NOT_YOU_ZH,
    )
    en = (
        f"[Teacher transfer, school year {facts.season}] Receipt ({what_en})",
        "",
        f"Applicant: {facts.name}",
        f"Receipt number: {facts.number}",
        f"Check code: {facts.check_code}",
        f"Version: {facts.version}",
        f"Sent (signed at the kiosk): {_iso(facts.sent)}",
        f"Received by the server: {_iso(facts.received)}",
        *((f"Public check: {facts.address}",) if facts.address else ()),
        "",
        *(() if facts.withdrawn else ("Next:", *_steps_en(facts.calendar))),
        WHERE_EN,
        OFFICIAL_EN,
        NOT_YOU_EN,
        "",
    )
    subject = f"教師介聘 {facts.season}：收件回執 {facts.number} / Receipt"
    return Message(subject=subject, text="\n".join((*zh, "", *en)))


def _steps_zh(calendar: tuple[Phase, ...]) -> tuple[str, ...]:
    review, county, result = _moments(calendar)
    until = f"{format_roc_minute(review)} 前，" if review else ""
    return (
        f"・人事初審：{until}請攜正本",
        f"・縣市積分審查：{format_roc_minute(county) if county else '依公告'}",
        f"・結果公告：{format_roc_minute(result) if result else '依公告'}（以公文為準）",
        "・截止前可再修改，但須重新送出；修改期間，本版仍然有效。",
    )


def _steps_en(calendar: tuple[Phase, ...]) -> tuple[str, ...]:
    review, county, result = _moments(calendar)
    return (
        f"- review at your school{f', by {_iso(review)}' if review else ''}: bring the originals",
        f"- review by the county: {_iso(county) if county else 'as announced'}",
        f"- result: {_iso(result) if result else 'as announced'} (the official letter decides)",
        "- until the deadline you may change it and send it again; until then this version counts.",
    )


def _moments(
    calendar: tuple[Phase, ...],
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """End of the school's review, begin of the county's, publication."""
    review = find_phase(calendar, PhaseName.OFFICER_REVIEW)
    county = find_phase(calendar, PhaseName.COUNTY_REVIEW)
    result = find_phase(calendar, PhaseName.PUBLISH)
    return (
        None if review is None else review.closes,
        None if county is None else county.opens,
        None if result is None else result.opens,
    )


def _iso(at: datetime) -> str:
    return f"{at.astimezone(TAIPEI):%Y-%m-%d %H:%M}"


def _version(connection: Connection, app: bytes, name: bytes) -> Row[*tuple[object, ...]] | None:
    """The version the notification is about: its name is made of that entry's hash."""
    rows = connection.execute(
        select(
            revision,
            receipt.c.signed,
            device.c.name.label("machine"),
            application.c.teacher.label("holder"),
        )
        .join(receipt, receipt.c.eh == revision.c.eh)
        .join(device, device.c.dev == revision.c.dev)
        .join(application, application.c.app == revision.c.app)
        .where(revision.c.app == app)
    )
    wanted = (
        row
        for row in rows
        if notification_id(Channel.MAIL, Told(Topic.RECEIPT, app, row.eh)) == name
    )
    return next(wanted, None)


def _claim(connection: Connection, app: bytes, row: Row[*tuple[object, ...]]) -> Claim | None:
    """The claim of the version; of one that takes the application back, the newest before it."""
    rows = connection.execute(
        select(payload.c.data)
        .join(revision, revision.c.eh == payload.c.eh)
        .where(revision.c.app == app, revision.c.version <= row.version)
        .where(revision.c.claim.is_not(None))
        .order_by((revision.c.eh == row.eh).desc(), revision.c.version.desc())
    )
    for each in rows:
        try:
            claim, _ = read_application(each.data or b"")
        except WireError:
            continue  # erased
        return claim
    return None


def is_proved(connection: Connection, teacher: bytes, address: str, key: bytes) -> bool:
    """Whether a machine said that this teacher typed the code that went to this address."""
    found = select(errand.c.id).where(
        errand.c.teacher == teacher,
        errand.c.task == Task.MAIL_PROVED.value,
        errand.c.address_hash == keyed(key, b"mail", address.lower()),
    )
    return connection.execute(found).first() is not None
