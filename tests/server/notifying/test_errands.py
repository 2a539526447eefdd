"""What machines may ask for a teacher: proved, bounded, repeatable, and never a relay."""

import email
import email.policy

import pytest

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.canon import from_wire
from core.wire.document import sign_document
from core.wire.errand import Errand, ErrandAnswer, Progress, Task
from server.api.line import spoken_in
from server.notifying.errands import ADDRESS_IN_AN_HOUR, TEACHER_IN_AN_HOUR
from server.notifying.linking import link_url
from server.store.notify_tables import errand, line_link, notification
from tests.fakes.device import Device, make_teacher
from tests.server.notifying.conftest import until
from tests.server.notifying.peers import USER, signed, wrote

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
LETTERS = "abcdefghijklmnop"


class Machine:
    """Asks as the machine of a site would."""

    def __init__(self, site):
        self.site, self.device, self.count = site, site.device, 0

    async def ask(self, task=Task.MAIL_CODE, key=None, **changed):
        """Status, and the answer or the code of a refusal."""
        self.count += 1
        _, beacon = await self.site.server.beacon(self.device.id)
        words = {"address": None, "code": None, "token": None}
        if task is Task.MAIL_CODE:
            words |= {"address": "teacher@example.tw", "code": "042137"}
        if task is Task.MAIL_PROVED:
            words |= {"address": "teacher@example.tw"}
        if task is Task.LINE_LINK:
            words |= {"token": LETTERS}
        if task is Task.DISPLAY:
            words |= {"display": b"{}"}
        words |= {
            "dev": self.device.id,
            "inc": 1,
            "seq": self.device.head.seq,
            "beacon": beacon,
            "id": self.count.to_bytes(16, "big"),
            "teacher": self.site.teacher.pseudonym,
            "task": task,
        }
        asked = Errand(**(words | changed))
        data = sign_document(SignatureType.ERRAND, asked, key or self.device.key)
        path = f"/v1/errand/{self.device.id.hex()}"
        async with self.site.server.client.post(path, data=data) as response:
            body = await response.read()
            if response.content_type == "application/json":
                return response.status, (await response.json())["code"]
            return response.status, from_wire(body, ErrandAnswer)

    async def stands(self, **more):
        """Progress and detail of an errand that is taken."""
        status, answer = await self.ask(**more)
        assert status == 200
        return answer.progress, answer.detail


@pytest.fixture
async def machine(site):
    await site.register_and_revise()
    return Machine(site)


async def test_a_code_goes_to_the_address_that_was_typed_and_to_no_other(machine):
    status, answer = await machine.ask(address=" name@example.tw ", id=bytes(16))
    letters = await machine.site.letters(1)

    letter = email.message_from_bytes(letters[0], policy=email.policy.default)
    assert (status, answer.progress) == (200, Progress.QUEUED)
    assert answer.channels == ("mail", "line")
    assert letter["To"] == "name@example.tw"
    assert "042137" in letter.get_content()
    later = await machine.stands(address=" name@example.tw ", id=bytes(16))
    assert later == (Progress.DONE, "")
    rows = await machine.site.server.rows(notification)
    assert [(row["address"], row["code"]) for row in rows] == [(None, None)]
    assert len(machine.site.mail.letters) == 1


async def test_an_address_that_the_server_refuses_is_said(machine):
    machine.site.mail.answers = ["550 no such box"]
    await machine.ask(id=bytes(16))

    answer = (Progress.QUEUED, "")
    while answer[0] is Progress.QUEUED:
        answer = await machine.stands(id=bytes(16))

    assert answer == (Progress.REFUSED, "address_refused")


async def test_only_one_plain_address_is_written_to(machine):
    for address in (
        "nobody",
        "a@example.tw\r\nBcc: b@example.tw",
        "a@example.tw, b@example.tw",
        '"a b"@x.tw',
    ):
        assert await machine.stands(address=address) == (Progress.REFUSED, "email_wrong")
    assert await machine.site.server.rows(notification) == []


async def test_codes_are_asked_for_a_minute_apart_and_not_without_end(machine):
    clock = machine.site.server.clock
    assert (await machine.stands())[0] is Progress.QUEUED
    assert await machine.stands() == (Progress.REFUSED, "too_soon")
    for _ in range(TEACHER_IN_AN_HOUR - 1):
        clock.now_ms += MINUTE_MS
        assert (await machine.stands())[0] is Progress.QUEUED
    clock.now_ms += MINUTE_MS
    assert await machine.stands() == (Progress.REFUSED, "too_many")
    clock.now_ms += HOUR_MS
    assert (await machine.stands())[0] is Progress.QUEUED


async def test_one_address_is_not_flooded_through_many_teachers(machine):
    site = machine.site
    for number in range(ADDRESS_IN_AN_HOUR + 1):
        site.device.register(make_teacher(10 + number), site.officer)
    await site.server.send(site.device, 3)

    answers = [
        await machine.stands(
            teacher=make_teacher(10 + number).pseudonym,
            address=("victim@example.tw", "VICTIM@example.tw")[number % 2],
        )
        for number in range(ADDRESS_IN_AN_HOUR + 1)
    ]

    assert [each[0] for each in answers[:-1]] == [Progress.QUEUED] * ADDRESS_IN_AN_HOUR
    assert answers[-1] == (Progress.REFUSED, "too_many")


async def test_a_machine_asks_only_for_teachers_of_its_own_schools(machine):
    stranger = make_teacher(99).pseudonym
    other = Device(machine.site.server.centre, "999999")
    await machine.site.server.enrol(other)

    assert await machine.stands(teacher=stranger) == (Progress.REFUSED, "teacher_unknown")
    machine.device = other
    assert await machine.stands() == (Progress.REFUSED, "teacher_unknown")


async def test_the_same_id_for_something_else_is_refused(machine):
    await machine.ask(id=bytes(16))

    answer = await machine.stands(task=Task.LINE_LINK, id=bytes(16))

    assert answer == (Progress.REFUSED, "other_errand")


async def test_strangers_and_old_statements_are_turned_away(machine):
    device = machine.device
    assert await machine.ask(key=SigningKey(bytes(32))) == (403, "signature")
    assert await machine.ask(beacon=bytes(8)) == (404, "beacon_unknown")
    assert await machine.ask(dev=bytes(16)) == (403, "other_device")
    assert await machine.ask(code=None) == (400, "errand")
    machine.device = Device(machine.site.server.centre)
    assert (await machine.ask())[0] == 401
    async with machine.site.server.client.post(
        f"/v1/errand/{device.id.hex()}", data=b"\x93"
    ) as response:
        assert response.status == 400
    assert await machine.site.server.rows(errand) == []


async def hook(site, *events, signature=None):
    body, good = signed(list(events))
    headers = {"X-Line-Signature": good if signature is None else signature}
    async with site.server.client.post("/line/webhook", data=body, headers=headers) as response:
        return response.status


async def test_a_telephone_is_linked_by_the_token_and_unlinked_from_either_side(machine):
    site = machine.site
    status, answer = await machine.ask(Task.LINE_LINK, id=bytes(16))
    assert (status, answer.progress) == (200, Progress.OPEN)
    assert answer.url == link_url("@jiepin", LETTERS)
    assert answer.url == "https://line.me/R/oaMessage/%40jiepin/?JP-abcdefghijklmnop"

    assert await hook(site, wrote(USER, f"JP-{LETTERS}")) == 200
    done = await machine.stands(task=Task.LINE_LINK, id=bytes(16))
    stored = (await site.server.rows(line_link))[0]
    assert await hook(site, wrote(USER, "解除")) == 200
    after = await machine.stands(task=Task.LINE_LINK, id=bytes(16))

    assert done == (Progress.DONE, "")
    assert USER.encode() not in stored["sealed"] + stored["user_hash"]
    assert after == (Progress.REFUSED, "unlinked")
    texts = [each["messages"][0]["text"] for each in site.line.replies]
    assert ["已完成連結" in texts[0], "已解除連結" in texts[1]] == [True, True]


async def test_the_kiosk_can_untie_it_and_a_block_unties_it(machine):
    site = machine.site
    await machine.ask(Task.LINE_LINK)
    await hook(site, wrote(USER, f"JP-{LETTERS}"))

    assert await machine.stands(task=Task.LINE_UNLINK) == (Progress.DONE, "")
    assert await site.server.rows(line_link) == []
    await machine.ask(Task.LINE_LINK, token="b" * 16)
    await hook(site, wrote(USER, "JP-" + "b" * 16))
    assert len(await site.server.rows(line_link)) == 1
    blocked = {"type": "unfollow", "source": {"type": "user", "userId": USER}}
    await hook(site, blocked)
    assert await site.server.rows(line_link) == []


async def test_a_token_counts_once_and_for_a_quarter_of_an_hour(machine):
    site = machine.site
    await machine.ask(Task.LINE_LINK, id=bytes(16))
    site.server.clock.now_ms += 15 * MINUTE_MS

    await hook(site, wrote(USER, f"JP-{LETTERS}"))

    assert await machine.stands(task=Task.LINE_LINK, id=bytes(16)) == (Progress.REFUSED, "expired")
    assert await site.server.rows(line_link) == []
    assert "無效或已過期" in site.line.replies[0]["messages"][0]["text"]


async def test_a_forged_webhook_changes_nothing(machine):
    await machine.ask(Task.LINE_LINK)

    for signature in ("", "AAAA", "not base 64", "é"):
        event = wrote(USER, f"JP-{LETTERS}")
        assert await hook(machine.site, event, signature=signature) == 401

    assert await machine.site.server.rows(line_link) == []


async def test_whatever_else_is_written_is_passed_over(machine):
    await machine.ask(Task.LINE_LINK)

    good = wrote(USER, "JP-" + LETTERS)
    status = await hook(
        machine.site,
        None,
        7,
        {},
        {"type": "message"},
        wrote("", "JP-" + LETTERS),
        wrote("U" * 65, "JP-" + LETTERS),
        wrote(USER, "hello"),
        wrote(USER, "JP-short"),
        {"type": "follow", "source": {"type": "user", "userId": USER}},
        {**good, "source": {"type": "group", "userId": USER}},
        {**good, "message": {"type": "sticker"}},
    )

    assert status == 200
    assert await machine.site.server.rows(line_link) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"7", b'{"events": 7}', b"[" * 60_000])
def test_a_body_of_another_shape_says_nothing(body):
    assert list(spoken_in(body)) == []


async def test_a_webhook_is_bounded_and_may_be_empty(machine):
    client = machine.site.server.client
    async with client.post("/line/webhook", data=b"x" * 70_000) as response:
        assert response.status == 413
    assert await hook(machine.site) == 200


async def test_a_reply_that_fails_does_not_undo_the_link(machine):
    site = machine.site
    await machine.ask(Task.LINE_LINK)
    event = wrote(USER, f"JP-{LETTERS}", reply="")

    assert await hook(site, event) == 200

    assert len(await site.server.rows(line_link)) == 1
    assert site.line.replies == []


async def test_a_result_reaches_the_telephone_too(machine):
    site = machine.site
    await machine.ask(Task.LINE_LINK)
    await hook(site, wrote("U7", f"JP-{LETTERS}"))
    site.device.decide(site.officer, site.device.links[1])
    await site.server.send(site.device)

    await until(lambda: site.line.pushes)

    assert site.line.pushes[0][1]["to"] == "U7"
