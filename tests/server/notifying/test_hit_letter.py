"""The message about changed lists: which wishes, as things are when it goes, and no school."""

import email
import email.policy

import pytest
from sqlalchemy import delete

from core.wire.errand import Progress, Task
from server.lists import moment
from server.notifying import postbox
from server.notifying.hit_letter import ListsFacts, lists_message
from server.notifying.text import NOT_YOU_ZH, OFFICIAL_EN, OFFICIAL_ZH, Topic
from server.store.notify_tables import notification
from server.store.tables import reference
from tests.fakes.device import NOON_MS
from tests.server.notifying.conftest import until
from tests.server.notifying.peers import USER
from tests.server.notifying.test_errands import Machine
from tests.server.test_hits import WISHES, Village, settle

A, B, C = WISHES
NAME = "市立353600國小"


def read(letter):
    return email.message_from_bytes(letter, policy=email.policy.default)


def shown(message):
    return " ".join(message.split())


@pytest.fixture
async def village(site):
    """A teacher whose address was proved and whose telephone is linked."""
    site.device.register(site.teacher, site.officer)
    await site.server.send(site.device)
    assert await Machine(site).stands(task=Task.MAIL_PROVED) == (Progress.DONE, "")
    await site.link_line()
    return Village(site.server, site.device, site.officer, site.teacher)


@pytest.fixture
async def held(site, village):
    """Her wishes are sent; nothing leaves until `go`."""
    lists = await village.publish(*WISHES)
    first = await village.send(*WISHES, ref=lists)
    await site.letters(1)  # the receipt
    site.sender.now_ms = lambda: 0  # nothing is due yet
    return first


def go(site):
    site.sender.now_ms = site.server.clock
    site.sender.wake()


async def states(site):
    """Of the messages about lists: topic, channel, state and detail."""
    rows = await site.server.rows(notification)
    return sorted(
        (row["topic"], row["channel"], row["state"], row["detail"])
        for row in rows
        if row["topic"] != "receipt"
    )


async def ended(site):
    while any(state == "waiting" for _, _, state, _ in await states(site)):
        pass
    return await states(site)


async def test_a_hit_is_told_by_mail_and_by_line_with_its_place_and_no_school(site, village):
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)

    await village.publish(A, C)
    letters = [read(each) for each in await site.letters(2)]
    await until(lambda: site.line.pushes)

    (letter,) = [each for each in letters if "不再開放" in each["Subject"]]
    pushed = site.line.pushes[0][1]
    said = letter.get_content()
    assert letter["To"] == "teacher@example.tw"
    assert "第 1 版中，第 2 志願的學校不再開放" in said
    assert "version 1), number 2 left the lists" in shown(said)
    assert (pushed["to"], len(site.line.pushes)) == (USER, 1)
    assert pushed["messages"][0]["text"].splitlines() == said.splitlines()
    claim = site.device.claim(site.teacher)
    hers = (claim.teacher_name, claim.national_id, claim.phone1, claim.school)
    for word in (*WISHES, NAME, *hers):
        assert word not in said + letter["Subject"]


@pytest.mark.usefixtures("held")
async def test_a_list_put_right_again_before_it_went_out_is_told_as_it_is_now(site, village):
    await village.publish(A, C)
    await village.publish(*WISHES)
    go(site)
    (letter,) = [
        each for each in map(read, await site.letters(2)) if "收件回執" not in each["Subject"]
    ]

    assert await ended(site) == [
        ("lists_back", "line", "sent", None),
        ("lists_back", "mail", "sent", None),
        ("lists_hit", "line", "failed", "overtaken"),
        ("lists_hit", "mail", "failed", "overtaken"),
    ]
    assert "目前所有志願都會採計" in letter.get_content()


@pytest.mark.usefixtures("held")
async def test_of_two_corrections_before_it_went_out_one_message_tells_both(site, village):
    await village.publish(A, C)
    await village.publish(A)
    go(site)
    ends = await ended(site)

    assert (
        sorted((state, why) for _, _, state, why in ends if state == "failed")
        == [("failed", "overtaken")] * 2
    )
    assert "第 2、3 志願" in read(site.mail.letters[-1]).get_content()
    assert (len(site.mail.letters), len(site.line.pushes)) == (2, 1)


@pytest.mark.usefixtures("held")
async def test_lists_of_the_next_season_say_nothing_about_wishes_of_this_one(site, village):
    await village.publish(A, C)
    await village.publish(A, season="116")
    go(site)

    assert {row[3] for row in await ended(site)} == {"overtaken"}


async def test_who_sent_other_wishes_meanwhile_is_not_told_of_the_old_ones(site, village, held):
    newer = await village.publish(A, C)
    await village.send(A, C, ref=newer, parents=(held,), version=2)
    go(site)

    ends = await ended(site)
    again = await village.write(
        lambda connection: postbox.try_again(connection, site.server.clock.now_ms)
    )

    assert [(row[0], row[2], row[3]) for row in ends] == [("lists_hit", "failed", "overtaken")] * 2
    assert (again, site.line.pushes) == (0, [])


async def test_who_sent_other_wishes_is_not_told_that_one_of_the_old_came_back(site, village, held):
    await village.publish(A, C)
    newest = await village.publish(*WISHES)
    site.server.clock.now_ms += 1
    await village.send(A, C, ref=newest, parents=(held,), version=2)
    go(site)

    assert {(topic, why) for topic, _, _, why in await ended(site)} == {
        ("lists_hit", "overtaken"),
        ("lists_back", "overtaken"),
    }


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("gone", [settle, lambda connection: connection.execute(delete(reference))])
async def test_nothing_is_told_of_lists_once_the_result_is_out_or_they_are_gone(
    site, village, gone
):
    await village.publish(A, C)
    await village.write(gone)
    go(site)

    assert {(state, why) for _, _, state, why in await ended(site)} == {("failed", "overtaken")}


async def test_an_address_that_is_not_the_one_she_proved_gets_nothing(site, village, held):
    newer = await village.publish(*WISHES)
    await village.send(*WISHES, ref=newer, parents=(held,), version=2, email="other@example.tw")
    await village.publish(A, C)
    go(site)

    assert await ended(site) == [
        ("lists_hit", "line", "sent", None),
        ("lists_hit", "mail", "failed", "unproved"),
    ]


@pytest.mark.usefixtures("held")
async def test_a_mail_server_that_is_away_delays_the_message_and_sends_it_once(site, village):
    site.mail.answers = ["451 later"]
    await village.publish(A, C)
    go(site)
    while not any(row[1] == "mail" and row[3] for row in await states(site)):
        pass
    site.server.clock.now_ms += 3_600_000
    site.sender.wake()

    assert [row[2] for row in await ended(site)] == ["sent", "sent"]
    assert len(site.mail.letters) == 2


def facts(**changed):
    given = {
        "topic": Topic.LISTS_HIT,
        "season": "115",
        "version": 3,
        "closed": (3, 7),
        "deadline": moment(NOON_MS),
        "over": False,
    }
    return ListsFacts(**(given | changed))


def test_it_says_which_wishes_until_when_and_that_the_rest_stands():
    said = lists_message(facts())

    assert said.subject == "教師介聘 115：名單更正，您有志願不再開放 / A wish is no longer open"
    for word in ("第 3 版中，第 3、7 志願", "115/", OFFICIAL_ZH, OFFICIAL_EN, "number 3, 7"):
        assert word in said.text
    assert NOT_YOU_ZH not in said.text


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"deadline": None}, "請於規定期限內"),
        ({"deadline": None}, "before the deadline"),
        ({"over": True}, "填報已截止"),
        ({"over": True}, "cannot be changed"),
        ({"topic": Topic.LISTS_BACK}, "第 3、7 志願仍不開放"),
        ({"topic": Topic.LISTS_BACK}, "Still closed: number 3, 7."),
        ({"topic": Topic.LISTS_BACK, "closed": ()}, "All your wishes count now."),
        ({"closed": tuple(range(1, 31))}, "、20 志願等共 30 個志願"),
        ({"closed": tuple(range(1, 31))}, ", 20 and more, 30 in all"),
        ({"closed": tuple(range(1, 21))}, "、20 志願的學校"),
    ],
)
def test_it_says_what_is_so(changed, word):
    assert word in lists_message(facts(**changed)).text


def test_with_every_wish_open_there_is_nothing_to_change():
    text = lists_message(facts(topic=Topic.LISTS_BACK, closed=())).text

    assert "如要更改" not in text
    assert "To change" not in text
