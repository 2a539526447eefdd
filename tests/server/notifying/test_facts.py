"""What is stored is told: once, to the newest address, without a word about the person."""

import email
import email.policy

from sqlalchemy import select, update

from core.wire.kind import TeacherPresent
from server.directory import Directory
from server.keeping.retention import Due, erase
from server.notifying.queue import Told, queue
from server.notifying.text import LISTS, OFFICIAL_ZH, Topic, message_of
from server.store.notify_tables import errand, line_link, notification
from server.store.tables import payload
from server.views.fold import refold
from tests.fakes.device import NOON_MS
from tests.server.notifying.conftest import until
from tests.server.notifying.peers import USER

EVENTS = [topic for topic in Topic if topic not in {Topic.MAIL_CODE, Topic.RECEIPT} | LISTS]


def read(letter):
    return email.message_from_bytes(letter, policy=email.policy.default)


async def waiting(site):
    rows = await site.server.rows(notification)
    return sorted((row["channel"], row["topic"]) for row in rows)


async def test_a_first_review_is_told_by_mail_and_by_line_once_it_counts(site):
    version = await site.register_and_revise()
    await site.link_line()
    site.device.decide(site.officer, version)
    await site.server.send(site.device)
    await site.server.send(site.device)

    letters = await site.letters(1)
    await until(lambda: site.line.pushes)

    letter = read(letters[0])
    assert letter["To"] == "teacher@example.tw"
    expected = message_of(Topic.REVIEW_PASSED, "115")
    assert letter["Subject"] == expected.subject
    assert letter.get_content().splitlines() == expected.text.splitlines()
    assert site.line.pushes[0][1] == {
        "to": USER,
        "messages": [{"type": "text", "text": expected.text}],
    }
    assert (len(site.mail.letters), len(site.line.pushes)) == (1, 1)


async def test_no_message_says_anything_about_the_person(site):
    texts = [message_of(topic, "115") for topic in EVENTS]
    claim = site.device.claim(site.teacher)

    for each in texts:
        assert OFFICIAL_ZH in each.text
        for word in (claim.teacher_name, claim.national_id, claim.phone1, claim.school):
            assert word not in each.subject + each.text


async def test_a_return_goes_to_the_newest_address(site):
    first = await site.register_and_revise()
    newer = site.device.claim(site.teacher, email="new@example.tw")
    second = site.device.revise(site.teacher, parents=(first.hash,), version=2, claim=newer)
    site.device.decide(site.officer, second, approve=False)
    await site.server.send(site.device)

    letter = read((await site.letters(1))[0])

    assert (letter["To"], "退回" in letter["Subject"]) == ("new@example.tw", True)


async def test_a_review_of_a_claim_that_is_no_longer_in_force_is_not_told(site):
    first = await site.register_and_revise()
    newer = site.device.claim(site.teacher, email="new@example.tw")
    site.device.revise(site.teacher, parents=(first.hash,), version=2, claim=newer)
    await site.server.send(site.device)
    site.device.decide(site.officer, first)
    await site.server.send(site.device)

    assert await waiting(site) == []


async def test_nothing_is_told_of_versions_that_stand_against_each_other(site):
    first = await site.register_and_revise()
    site.device.revise(site.teacher, version=1, claim=site.device.claim(site.teacher))
    site.device.decide(site.officer, first)
    await site.server.send(site.device)

    assert await waiting(site) == []


async def test_a_password_set_with_a_witness_is_told_and_an_ordinary_sign_in_is_not(site):
    await site.register_and_revise()
    for witness in (None, site.officer.id):
        body = TeacherPresent(
            teacher=site.teacher.pseudonym, card=bytes(32), witness=witness, citizen=False
        )
        who = site.officer.who if witness else site.teacher.who
        site.device.add("teacher.present", body, who=who)
    await site.server.send(site.device)

    letter = read((await site.letters(1))[0])

    assert letter["Subject"] == message_of(Topic.PASSWORD, "115").subject
    assert await waiting(site) == [("mail", "password")]


async def test_judging_anew_or_rebuilding_the_views_tells_nothing_twice(site):
    version = await site.register_and_revise()
    site.device.decide(site.officer, version)
    await site.server.send(site.device)
    await site.letters(1)

    def again(connection):
        refold(connection, Directory())
        row = connection.execute(select(notification)).one()
        queue(connection, [Told(Topic(row.topic), row.app, site.device.head.hash)], NOON_MS)
        return row.id

    name = await site.server.context.store.write(again)

    assert [row["id"] for row in await site.server.rows(notification)] == [name]


async def test_an_address_that_was_erased_is_written_to_no_more(site):
    version = await site.register_and_revise()

    def erased(connection):
        connection.execute(update(payload).where(payload.c.eh == version.hash).values(data=None))
        queue(connection, [Told(Topic.RESULT, site.teacher.app, bytes(32))], NOON_MS)

    await site.server.context.store.write(erased)
    site.sender.wake()

    rows = []

    async def done():
        rows[:] = await site.server.rows(notification)
        return rows[0]["state"] != "waiting"

    while not await done():
        pass
    assert (rows[0]["state"], rows[0]["detail"]) == ("failed", "no_address")
    assert site.mail.letters == []


async def test_a_message_that_waited_too_long_is_given_up(site):
    await site.register_and_revise()
    told = Told(Topic.RESULT, site.teacher.app, bytes(32))
    await site.server.context.store.write(
        lambda connection: queue(connection, [told], NOON_MS - 73 * 3_600_000)
    )
    site.sender.wake()

    rows = [{"state": "waiting"}]
    while rows[0]["state"] == "waiting":
        rows = await site.server.rows(notification)

    assert (rows[0]["detail"], site.mail.letters) == ("expired", [])


async def test_messages_and_ties_to_telephones_go_with_their_season(site):
    await site.register_and_revise()
    await site.link_line()

    def old(connection):
        queue(connection, [Told(Topic.RESULT, site.teacher.app, bytes(32))], NOON_MS)
        due = Due(season="116", before_ms=NOON_MS + 1, payloads=0, evidence=0, code="")
        erase(connection, due, "os:test", NOON_MS + 2)

    await site.server.context.store.write(old)

    for table in (notification, line_link, errand):
        assert await site.server.rows(table) == []
