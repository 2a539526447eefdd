"""The receipt by mail (U-010): to a proved address alone, once a version, without a number."""

import email
import email.policy

import pytest
from sqlalchemy import update

from core.domain.name import masked_name
from core.domain.roc import format_roc_minute
from core.domain.school import Stage
from core.rules.calendar import build_calendar
from core.season.address import receipt_address
from core.season.numbering import receipt_number
from core.wire.errand import Progress, Task
from core.wire.receipt import check_code
from server.lists import moment
from server.notifying.receipt import ReceiptFacts, receipt_message
from server.notifying.text import OFFICIAL_ZH
from server.store.notify_tables import notification
from server.store.tables import payload, receipt
from tests.fakes.device import NOON_MS
from tests.server.notifying.test_errands import Machine

PUBLIC = "https://transfer.example.tw"
NOON = moment(NOON_MS)


def read(letter):
    return email.message_from_bytes(letter, policy=email.policy.default)


async def states(site):
    rows = await site.server.rows(notification)
    return sorted((row["topic"], row["channel"], row["state"], row["detail"]) for row in rows)


@pytest.fixture
async def machine(site):
    """A teacher whose address was proved before she sent anything."""
    site.sender.public = PUBLIC
    site.device.register(site.teacher, site.officer)
    await site.server.send(site.device)
    found = Machine(site)
    assert await found.stands(task=Task.MAIL_PROVED) == (Progress.DONE, "")
    return found


async def test_a_version_is_answered_by_a_letter_with_everything_a_dispute_needs(machine):
    site = machine.site
    await site.link_line()
    version = site.device.revise(site.teacher)
    await site.server.send(site.device)

    letter = read((await site.letters(1))[0])

    claim = site.device.claim(site.teacher)
    (made,) = [row for row in await site.server.rows(receipt) if row["eh"] == version.hash]
    said = letter.get_content()
    number = receipt_number("115", Stage.ELEMENTARY, "KH-0001", version.event.seq)
    assert letter["To"] == claim.email
    assert number in letter["Subject"]
    for word in (number, check_code(version.hash), "第 1 版", masked_name(claim.teacher_name)):
        assert word in said
    assert receipt_address(PUBLIC, made["signed"]) in said.replace("\n", "")
    assert OFFICIAL_ZH in said
    for word in (claim.national_id, claim.teacher_name, claim.phone1, claim.birth):
        assert word not in said
    assert len(site.mail.letters) == 1
    assert await states(site) == [("receipt", "mail", "sent", None)]  # never by LINE


async def test_each_version_has_its_own_letter_and_judging_anew_sends_none(machine):
    site = machine.site
    first = site.device.revise(site.teacher)
    second = site.device.revise(site.teacher, parents=(first.hash,), version=2)
    await site.server.send(site.device)
    await site.server.send(site.device)
    letters = [read(each).get_content() for each in await site.letters(2)]

    said = sorted(check_code(each.hash) in letters[0] for each in (first, second))
    assert said == [False, True]
    assert {len(letters), len(site.mail.letters)} == {2}


async def test_a_withdrawal_is_receipted_to_the_address_of_the_version_it_took_back(machine):
    site = machine.site
    first = site.device.revise(site.teacher)
    site.device.withdraw(site.teacher, first.hash)
    await site.server.send(site.device)

    letters = [read(each) for each in await site.letters(2)]

    (taken,) = [each for each in letters if "撤回申請" in each.get_content()]
    assert taken["To"] == "teacher@example.tw"
    assert "接下來" not in taken.get_content()


async def test_an_address_nobody_proved_gets_nothing_and_a_proved_one_its_version(
    site,
):
    await site.register_and_revise()
    machine = Machine(site)
    before = await states(site)

    other = await machine.stands(task=Task.MAIL_PROVED, address="other@example.tw")
    while (await states(site))[0][2] == "waiting":
        pass
    refused = await states(site)
    newer = site.device.claim(site.teacher, email="Other@example.tw")
    head = site.device.head.hash
    site.device.revise(site.teacher, parents=(head,), version=2, claim=newer)
    await site.server.send(site.device)
    letter = read((await site.letters(1))[0])

    assert before == []
    assert other == (Progress.DONE, "")
    assert refused == [("receipt", "mail", "failed", "unproved")]
    assert letter["To"] == "Other@example.tw"


async def test_who_proves_the_address_after_sending_gets_the_receipt_then(site):
    await site.register_and_revise()

    await Machine(site).stands(task=Task.MAIL_PROVED)

    assert "收件回執" in read((await site.letters(1))[0])["Subject"]


async def test_content_that_was_erased_is_written_to_nobody(machine):
    site = machine.site
    site.mail.answers = ["451 later"] * 3
    version = site.device.revise(site.teacher)
    await site.server.send(site.device)
    await site.server.context.store.write(
        lambda connection: connection.execute(
            update(payload).where(payload.c.eh == version.hash).values(data=None)
        )
    )
    site.server.clock.now_ms += 3_600_000
    site.sender.wake()

    while (await states(site))[0][2] == "waiting":
        site.server.clock.now_ms += 60_000
        site.sender.wake()

    assert await states(site) == [("receipt", "mail", "failed", "no_address")]
    assert site.mail.letters == []


def facts(**changed):
    given = {
        "season": "115",
        "name": "林○明",
        "number": "115E-0231-000427",
        "check_code": "8F3K-29QD",
        "version": 3,
        "withdrawn": False,
        "sent": NOON,
        "received": NOON,
        "calendar": (),
        "address": None,
    }
    return ReceiptFacts(**(given | changed))


def test_without_a_calendar_or_a_public_address_the_letter_says_as_announced():
    text = receipt_message(facts()).text

    assert "人事初審：請攜正本" in text
    assert text.count("依公告") == 2
    assert text.count("as announced") == 2
    assert "公開查驗" not in text


def test_with_a_calendar_the_next_steps_have_their_days():
    deadline = moment(NOON_MS + 86_400_000)
    days = [moment(NOON_MS + n * 86_400_000) for n in range(2, 7)]
    calendar = build_calendar(
        opens=NOON, submit=deadline, officer=days[0], freeze=days[1], run=days[2],
        publish=days[3], ends=days[4],
    )  # fmt: skip

    text = receipt_message(facts(calendar=calendar, address="HTTPS://X/V/1")).text

    assert f"人事初審：{format_roc_minute(days[0])} 前" in text
    assert f"結果公告：{format_roc_minute(days[3])}" in text
    assert "公開查驗：HTTPS://X/V/1" in text
