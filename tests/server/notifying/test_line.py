"""LINE by the Messaging API: the request as documented, and what each answer means."""

import uuid

import pytest

from server.notifying.delivery import Parcel, PutOff, Refused, Sent
from server.notifying.line import MONTH_SPENT_MS, Line
from server.notifying.settings import Credentials, LineSettings
from server.notifying.text import Topic, message_of
from tests.fakes.device import NOON_MS
from tests.server.notifying.peers import SECRET, TOKEN, line_platform

OLD = "an old token"
PARCEL = Parcel(
    id=bytes(range(16)),
    topic=Topic.REVIEW_PASSED,
    target="U1234",
    message=message_of(Topic.REVIEW_PASSED, "115"),
    t_ms=NOON_MS,
)


async def push(peer, *parcels, token=TOKEN):
    line = Line(
        LineSettings(account="@jiepin", api=peer.url),
        Credentials(line_secret=SECRET, line_token=token),
    )
    outcomes = [await line.send(each) for each in parcels]
    await line.rest()
    return outcomes


async def test_a_push_names_whom_it_is_for_and_its_retry_key():
    async with line_platform() as peer:
        outcomes = await push(peer, PARCEL)

    assert outcomes == [Sent()]
    key, content = peer.pushes[0]
    assert key == str(uuid.UUID(bytes=PARCEL.id))
    assert content == {
        "to": "U1234",
        "messages": [{"type": "text", "text": PARCEL.message.text}],
    }


async def test_a_push_whose_answer_was_lost_is_not_sent_twice():
    async with line_platform() as peer:
        peer.answers = [(500, "lost", True, {})]
        outcomes = await push(peer, PARCEL, PARCEL)

    assert outcomes == [PutOff(code="server_fault", everything=True), Sent()]
    assert len(peer.pushes) == 1


@pytest.mark.parametrize(
    ("status", "message", "headers", "expected"),
    [
        (
            429,
            "You have reached your monthly limit.",
            {},
            PutOff(code="quota", everything=True, after_ms=MONTH_SPENT_MS),
        ),
        (
            429,
            "The API rate limit has been exceeded. Try again later.",
            {"Retry-After": "7"},
            PutOff(code="too_many", everything=True, after_ms=7000),
        ),
        (503, "busy", {"Retry-After": "soon"}, PutOff(code="server_fault", everything=True)),
        (403, "Not available", {}, PutOff(code="login_refused", everything=True)),
        (400, "The property, 'to', is invalid", {}, Refused("refused")),
        (302, "elsewhere", {"Location": "/"}, Refused("refused")),
    ],
)
async def test_each_documented_answer_is_understood(status, message, headers, expected):
    async with line_platform() as peer:
        peer.answers = [(status, message, False, headers)]
        outcomes = await push(peer, PARCEL)

    assert outcomes == [expected]
    assert peer.pushes == []


async def test_a_wrong_token_is_ours_to_mend():
    async with line_platform() as peer:
        assert await push(peer, PARCEL, token=OLD) == [
            PutOff(code="login_refused", everything=True)
        ]


async def test_without_a_line_everything_waits_and_a_reply_is_given_up():
    async with line_platform() as peer:
        gone = Line(LineSettings(account="@jiepin", api=peer.url), Credentials(line_token=TOKEN))

    assert await gone.send(PARCEL) == PutOff(code="unreachable", everything=True)
    assert not await gone.reply("r", "text")
    await gone.rest()
