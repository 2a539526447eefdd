"""New lists against wishes that were sent: who is told, and who is not (F-045, U-020)."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import delete, insert, select, update

from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.past import PastFile
from core.wire.reference import ReferenceFile, SchoolRow, snapshot_hash
from kiosk.session.draft import Answers
from kiosk.session.wishing import closed_wishes
from server.directory import Directory
from server.notifying.lists import closed_ranks, lists_of
from server.store import dialect
from server.store.notify_tables import errand, line_link, notification
from server.store.season_tables import freeze, publication, run
from server.store.tables import application, payload, reference
from server.views.fold import refold
from syncd.store.reference import parse_reference
from tests.fakes.centre import SEASON
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.server.test_reference import notice, publish

A, B, C = WISHES = ("343600", "353600", "343601")
HIT, BACK = "lists_hit", "lists_back"


def schools(*codes, closed=()):
    rows = tuple(
        SchoolRow(code, f"市立{code}國小", code, code[:2], "", "elementary", (), code not in closed)
        for code in codes
    )
    return ReferenceFile(kind="schools", schools=rows)


@dataclass
class Village:
    """A server, a machine, and one teacher with three wishes who can be reached by mail."""

    server: object
    device: Device
    officer: object
    teacher: object
    version: int = 0
    signed: bytes = b""
    files: dict = field(default_factory=dict)

    async def publish(self, *codes, closed=(), season=SEASON, **files):
        """The next release, with these schools; the stamp that machines name it by."""
        self.version += 1
        self.server.clock.now_ms += 1000
        files["schools-elementary"] = schools(*codes, closed=closed)
        self.files |= {name: (self.version, each) for name, each in files.items()}
        self.signed, given = self.server.centre.publish(
            self.version, self.files, t=self.version, season=season
        )
        assert (await publish(self.server, (self.signed, given)))[0] == 200
        return self.version, snapshot_hash(self.signed)

    async def send(self, *wishes, ref=(0, bytes(8)), parents=(), version=1, **claimed):
        """A version of hers, made under some lists."""
        claim = self.device.claim(self.teacher, **claimed)
        link = self.device.revise(
            self.teacher, schools=wishes, parents=parents, version=version, claim=claim, ref=ref
        )
        await self.server.send(self.device)
        return link.hash

    async def told(self):
        """Topic and channel of what waits."""
        rows = await self.server.rows(notification)
        return sorted((row["topic"], row["channel"]) for row in rows if row["topic"] != "receipt")

    async def write(self, work):
        return await self.server.context.store.write(work)


def proved(teacher):
    return {
        "id": teacher.pseudonym,
        "dev": bytes(16),
        "teacher": teacher.pseudonym,
        "task": "mail_proved",
        "address_hash": bytes(32),
        "token_hash": None,
        "t_ms": NOON_MS,
        "used_ms": None,
    }


def linked(teacher):
    words = {"user_hash": bytes(32), "sealed": b"", "linked_ms": NOON_MS}
    return {"teacher": teacher.pseudonym} | words


@pytest.fixture
async def village(server, centre):
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.register(teacher, officer)
    await server.send(device)
    found = Village(server, device, officer, teacher)
    await found.write(lambda connection: connection.execute(insert(errand), [proved(teacher)]))
    return found


async def test_a_release_that_closes_a_wish_is_told_once_to_who_sent_it(village):
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)
    before = await village.told()

    await village.publish(A, C)
    await village.publish(A, C, notices=notice("再一次"))

    assert before == []
    assert await village.told() == [(HIT, "mail")]


@pytest.mark.parametrize("codes", [(A, C), (*WISHES, "133601")])
async def test_who_linked_a_telephone_is_told_there_and_lists_without_her_wishes_say_nothing(
    village, codes
):
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)
    await village.write(lambda c: c.execute(insert(line_link), [linked(village.teacher)]))

    await village.publish(*codes)

    assert await village.told() == ([] if B in codes else [(HIT, "line"), (HIT, "mail")])


async def test_a_school_that_takes_no_part_any_more_is_gone_comes_back_and_goes_again(village):
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)

    await village.publish(*WISHES, closed=(B,))
    await village.publish(*WISHES)
    once = await village.told()
    await village.publish(*WISHES, closed=(B,))

    assert once == [(BACK, "mail"), (HIT, "mail")]
    assert await village.told() == [*once, (HIT, "mail")]


async def test_a_release_that_closes_one_wish_and_opens_another_tells_what_is_worse(village):
    lists = await village.publish(A, B)
    await village.send(*WISHES, ref=lists)

    await village.publish(A, C)

    assert await village.told() == [(HIT, "mail")]


async def test_who_cannot_be_reached_is_not_put_in_line(village):
    await village.write(lambda connection: connection.execute(delete(errand)))
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)

    await village.publish(A)
    await village.send(*WISHES, ref=lists, version=1)

    assert await village.told() == []


async def test_a_telephone_alone_is_enough(village):
    await village.write(lambda connection: connection.execute(delete(errand)))
    await village.write(lambda c: c.execute(insert(line_link), [linked(village.teacher)]))
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)

    await village.publish(A)

    assert await village.told() == [(HIT, "line")]


async def test_withdrawn_erased_and_contradicting_versions_are_not_told(village):
    lists = await village.publish(*WISHES)
    first = await village.send(*WISHES, ref=lists)
    village.device.withdraw(village.teacher, first)
    await village.server.send(village.device)
    await village.publish(A)
    withdrawn = await village.told()
    again = await village.send(*WISHES, ref=lists, parents=(village.device.head.hash,), version=3)
    await village.publish(*WISHES)
    await village.write(lambda connection: connection.execute(delete(notification)))

    await village.write(
        lambda c: c.execute(update(payload).where(payload.c.eh == again).values(data=None))
    )
    await village.publish(A)
    erased = await village.told()
    await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists, version=1)
    await village.publish(A)

    assert (withdrawn, erased, await village.told()) == ([], [], [])


async def test_another_season_and_a_published_result_are_left_alone(village):
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists, season="114")
    await village.publish(A)
    other = await village.told()
    await village.publish(*WISHES)
    head = village.device.head.hash
    await village.send(*WISHES, ref=(village.version, bytes(8)), parents=(head,), version=2)

    await village.write(settle)
    await village.publish(A)

    assert (other, await village.told()) == ([], [])


def settle(connection):
    """The result of the elementary schools is out."""
    made = {"id": 1, "by": "os:test"}
    frozen = {"frozen_ms": 0, "early": False, "log_index": 0, "input_root": bytes(32)}
    connection.execute(insert(freeze), [made | frozen | {"season": "115"}])
    of = {"freeze": 1, "stage": "elementary"}
    connection.execute(insert(run), [made | of | {"state": "checked", "started_ms": 0}])
    out = of | {"run": 1, "by": "os:test", "t_ms": 0, "notices": 0}
    connection.execute(insert(publication), [out])


async def test_a_version_from_a_machine_with_older_lists_is_told_what_closed_since(village):
    lists = await village.publish(*WISHES)
    newer = await village.publish(A, C)

    first = await village.send(*WISHES, ref=lists)
    late = await village.told()
    await village.write(lambda connection: connection.execute(delete(notification)))
    await village.send(*WISHES, ref=newer, parents=(first,), version=2)

    assert late == [(HIT, "mail")]
    assert await village.told() == []


async def test_lists_the_server_does_not_know_count_as_lists_with_every_school(village):
    await village.publish(A, C)

    await village.send(*WISHES)

    assert await village.told() == [(HIT, "mail")]


async def test_a_late_version_does_not_repeat_what_she_was_told_already(village):
    lists = await village.publish(*WISHES)
    first = await village.send(*WISHES, ref=lists)
    await village.publish(A, C)
    await village.publish(A, C, notices=notice("別的"))

    second = await village.send(C, B, ref=lists, parents=(first,), version=2)
    same = await village.told()
    await village.send(B, "133601", ref=lists, parents=(second,), version=3)

    assert same == [(HIT, "mail")]
    assert await village.told() == [(HIT, "mail"), (HIT, "mail")]


async def test_a_late_version_that_is_untouched_says_nothing(village):
    lists = await village.publish(*WISHES)
    await village.publish(A, C)

    await village.send(A, C, ref=lists)

    assert await village.told() == []


async def test_the_same_news_has_the_same_name_after_a_refold_and_after_a_loss(village):
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)
    await village.publish(A, C)
    rows = await village.server.rows(notification)

    def lost(connection):
        connection.execute(delete(notification))
        connection.execute(delete(reference).where(reference.c.version == 2))
        refold(connection, Directory())

    await village.write(lost)
    village.version = 1
    village.server.clock.now_ms += 86_400_000
    await village.publish(A, C)

    after = await village.server.rows(notification)
    names = [{row["id"] for row in each if row["topic"] == HIT} for each in (rows, after)]
    assert names[0] == names[1] != set()


async def test_a_judgement_made_again_tells_nothing_again(village):
    lists = await village.publish(*WISHES)
    await village.send(*WISHES, ref=lists)
    await village.publish(A, C)
    await village.publish(A, C, notices=notice("新的"))
    listed = village.server.centre.revocations(1, (village.officer.id, None, NOON_MS, "lost"))

    await village.publish(A, C, revocations=ReferenceFile(kind="revocations", revocations=listed))

    assert await village.told() == [(HIT, "mail")]


async def test_more_people_than_fit_into_one_statement_are_told(village):
    lists = await village.publish(*WISHES)
    hers = await village.send(*WISHES, ref=lists)
    count = 1200

    def multiply(connection):
        data = connection.execute(select(payload.c.data).where(payload.c.eh == hers)).scalar_one()
        names = [number.to_bytes(16, "big") for number in range(count)]
        contents = [{"eh": name * 2, "data": data} for name in names]
        dialect.insert_many(connection, payload, contents)
        row = {"state": "current", "heads": b"", "version": 1}
        apps = [{"app": n, "revision": n * 2, "teacher": n} | row for n in names]
        dialect.insert_many(connection, application, apps)
        ways = [proved(village.teacher) | {"id": name, "teacher": name} for name in names]
        dialect.insert_many(connection, errand, ways)

    await village.write(multiply)

    await village.publish(A, C)

    assert await village.told() == [(HIT, "mail")] * (count + 1)


async def test_the_kiosk_and_the_server_call_the_same_wishes_closed(village):
    told = PastFile(kind="past", sources=(), rows=())
    wishes = (C, "133601", B, A)
    await village.publish(A, C, "133601", closed=(C,), past=told, notices=notice("注意"))
    contents = {name: to_wire(each, FILE_LIMITS) for name, (_, each) in village.files.items()}

    lists = await village.server.read(lambda c: lists_of(c, village.signed))
    closed = closed_wishes(
        Answers(wishes=wishes), parse_reference(village.signed, 0, contents).reference
    )

    assert [wishes[rank - 1] for rank in closed_ranks(wishes, lists)] == list(closed) == [C, B]


async def test_a_first_release_is_held_against_what_was_sent_before(village):
    await village.send(*WISHES)

    await village.publish(A, C)

    assert await village.told() == [(HIT, "mail")]
