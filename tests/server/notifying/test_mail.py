"""Mail over real sockets: what arrives, under which name, and what each refusal means."""

import email
import email.policy
import socket

import pytest

from server.notifying.delivery import Parcel, PutOff, Refused, Sent
from server.notifying.mail import Mail
from server.notifying.settings import Credentials, MailSettings
from server.notifying.text import OFFICIAL_EN, OFFICIAL_ZH, Topic, message_of
from tests.fakes.device import NOON_MS
from tests.server.notifying.peers import PASSWORD, USER, mail_server, own_tls

PARCEL = Parcel(
    id=bytes(range(16)),
    topic=Topic.RESULT,
    target="teacher@example.tw",
    message=message_of(Topic.RESULT, "115"),
    t_ms=NOON_MS,
)
GUESS = Credentials(smtp_user=USER, smtp_password=PASSWORD[::-1])
LOGIN = Credentials(smtp_user=USER, smtp_password=PASSWORD)


def settings(peer, **more):
    return MailSettings(
        host="127.0.0.1",
        port=peer.port,
        sender="教師介聘 <no-reply@example.tw>",
        **({"security": "none"} | more),
    )


async def deliver(*parcels, by, credentials=None):
    mail = Mail(by, credentials or Credentials())
    outcomes = [await mail.send(each) for each in parcels]
    await mail.rest()
    return outcomes


async def test_a_letter_arrives_under_one_name_however_often_it_is_sent():
    async with mail_server() as peer:
        outcomes = await deliver(PARCEL, PARCEL, by=settings(peer))

    letters = [email.message_from_bytes(each, policy=email.policy.default) for each in peer.letters]
    assert outcomes == [Sent(), Sent()]
    assert [each["Message-ID"] for each in letters] == [
        "<000102030405060708090a0b0c0d0e0f@example.tw>"
    ] * 2
    first = letters[0]
    assert (peer.to[0], first["To"]) == (["teacher@example.tw"], "teacher@example.tw")
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"] == "Fri, 24 Apr 2026 11:06:40 +0800"
    assert "115" in first["Subject"]
    text = first.get_content()
    assert OFFICIAL_ZH in text
    assert OFFICIAL_EN in text


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_password_goes_over_tls_only(tmp_path, security):
    context, ca_file = own_tls(tmp_path)
    implicit = security == "tls"
    async with mail_server(tls=context, implicit=implicit, login=True) as peer:
        by = settings(peer, security=security, ca_file=ca_file)
        good = await deliver(PARCEL, by=by, credentials=LOGIN)
        bad = await deliver(PARCEL, by=by, credentials=GUESS)
        stranger = await deliver(PARCEL, by=settings(peer, security=security), credentials=LOGIN)

    assert good == [Sent()]
    assert set(peer.logins) == {(USER, PASSWORD), (USER, PASSWORD[::-1])}
    assert bad == [PutOff(code="login_refused", everything=True)]
    assert stranger == [PutOff(code="tls", everything=True)]
    assert len(peer.letters) == 1


async def test_no_password_is_given_to_a_server_without_starttls():
    async with mail_server() as peer:
        outcomes = await deliver(PARCEL, by=settings(peer, security="starttls"), credentials=LOGIN)

    assert outcomes == [PutOff(code="tls", everything=True)]
    assert (peer.logins, peer.letters) == ([], [])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.1.1 no such box", Refused("address_refused")),
        ("451 4.7.1 grey list", PutOff(code="address_later", everything=False)),
    ],
)
async def test_one_bad_address_holds_up_nobody_else(answer, expected):
    async with mail_server() as peer:
        peer.answers = [answer]
        outcomes = await deliver(PARCEL, PARCEL, by=settings(peer))

    assert outcomes == [expected, Sent()]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("554 5.7.1 spam", Refused("content_refused")),
        ("452 4.3.1 full", PutOff(code="content_later", everything=False)),
    ],
)
async def test_a_letter_that_is_not_wanted_is_told_from_one_that_is_put_off(answer, expected):
    async with mail_server() as peer:
        peer.contents = [answer]
        outcomes = await deliver(PARCEL, PARCEL, by=settings(peer))

    assert outcomes == [expected, Sent()]


async def test_a_sender_that_is_not_allowed_is_a_setting_to_mend():
    async with mail_server() as peer:
        peer.refuse_sender = True
        outcomes = await deliver(PARCEL, by=settings(peer))

    assert outcomes == [PutOff(code="sender_refused", everything=True)]


async def test_without_a_server_everything_waits():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        by = MailSettings(
            host="127.0.0.1",
            port=taken.getsockname()[1],
            sender="no-reply@example.tw",
            security="none",
        )

        outcomes = await deliver(PARCEL, by=by)

    assert outcomes == [PutOff(code="unreachable", everything=True)]
