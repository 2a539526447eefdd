"""Display settings follow a person to the kiosks of her schools, and to no other (UX K12)."""

import pytest
from sqlalchemy import insert

from core.signature import SignatureType
from core.wire.canon import from_wire, typed
from core.wire.document import sign_document
from core.wire.errand import Errand, ErrandAnswer, Progress, Task
from core.wire.kind import DisplayNotice
from core.wire.payload import DisplayPayload
from server.keeping.retention import due_before, erase
from server.notifying.errands import MACHINE_IN_AN_HOUR, TEACHER_IN_AN_HOUR
from server.store.notify_tables import display, errand
from server.store.season_tables import phase
from tests.fakes.device import Device, make_officer, make_teacher
from tests.server.test_inbox import links_of
from tests.server.test_verdicts import ELSEWHERE

LARGE, DARK = b'{"large":true}', b'{"theme":"dark"}'
HOUR_MS = 3_600_000


class Chooser:
    """The kiosk where somebody chooses; each choice is an errand of its own."""

    def __init__(self, server, device):
        self.server, self.device, self.count = server, device, 0

    async def choose(self, teacher, settings=LARGE, number=None):
        """How the errand stands."""
        self.count += 1
        _, beacon = await self.server.beacon(self.device.id)
        asked = Errand(
            dev=self.device.id,
            inc=1,
            seq=self.device.head.seq,
            beacon=beacon,
            id=(number or self.count).to_bytes(16, "big"),
            teacher=teacher.pseudonym,
            task=Task.DISPLAY,
            address=None,
            code=None,
            token=None,
            display=settings,
        )
        data = sign_document(SignatureType.ERRAND, asked, self.device.key)
        path = f"/v1/errand/{self.device.id.hex()}"
        async with self.server.client.post(path, data=data) as response:
            assert response.status == 200
            answer = from_wire(await response.read(), ErrandAnswer)
        return answer.progress, answer.detail


async def told(server, centre, device):
    """Whose settings a machine was told, and which, in this order."""
    return [
        (
            typed(link.event.body, DisplayNotice).teacher,
            from_wire(link.frame.payload, DisplayPayload).settings,
        )
        for link in await links_of(server, centre, device)
        if link.event.kind == "inbox.display"
    ]


@pytest.fixture
async def kiosks(server, centre):
    """Two of the teacher's school, where she is registered, and one of another."""
    here, beside, elsewhere = Device(centre), Device(centre), Device(centre, ELSEWHERE)
    officer = make_officer(centre)
    await server.enrol(here, beside, elsewhere, officer)
    here.register(make_teacher(1), officer)
    await server.send(here)
    return here, beside, elsewhere


async def test_what_she_chose_last_is_told_to_every_kiosk_of_her_school_in_one_order(
    server, centre, kiosks
):
    here, beside, elsewhere = kiosks
    amy = make_teacher(1)

    assert await Chooser(server, here).choose(amy, LARGE) == (Progress.DONE, "")
    other = Chooser(server, beside)
    assert await other.choose(amy, DARK, number=9) == (Progress.DONE, "")

    both = [(amy.pseudonym, LARGE), (amy.pseudonym, DARK)]
    assert await told(server, centre, here) == await told(server, centre, beside) == both
    assert await told(server, centre, elsewhere) == []
    (row,) = await server.rows(display)
    assert (row["teacher"], row["settings"]) == (amy.pseudonym, DARK)


async def test_an_errand_asked_again_tells_nobody_again(server, centre, kiosks):
    here, beside, _ = kiosks
    chooser = Chooser(server, here)

    answers = [await chooser.choose(make_teacher(1), number=7) for _ in range(3)]

    assert answers == [(Progress.DONE, "")] * 3
    assert len(await told(server, centre, beside)) == 1


async def test_a_kiosk_cannot_choose_for_somebody_its_schools_did_not_register(
    server, centre, kiosks
):
    here, _, elsewhere = kiosks

    stranger = await Chooser(server, elsewhere).choose(make_teacher(1))
    nobody = await Chooser(server, here).choose(make_teacher(2))

    assert stranger == nobody == (Progress.REFUSED, "teacher_unknown")
    assert await server.rows(display) == []
    assert await told(server, centre, here) == []


async def test_a_school_that_registers_her_later_is_told_then(server, centre, kiosks):
    here, _, elsewhere = kiosks
    amy, officer = make_teacher(1), make_officer(centre, ELSEWHERE)
    await server.enrol(officer)
    await Chooser(server, here).choose(amy)

    elsewhere.register(amy, officer, school=ELSEWHERE)
    await server.send(elsewhere)

    assert await told(server, centre, elsewhere) == [(amy.pseudonym, LARGE)]


async def test_who_chooses_without_end_waits_and_her_last_choice_is_the_one_that_counts(
    server, centre, kiosks
):
    here, beside, _ = kiosks
    chooser, amy = Chooser(server, here), make_teacher(1)
    for _ in range(TEACHER_IN_AN_HOUR):
        assert await chooser.choose(amy) == (Progress.DONE, "")

    waits = await chooser.choose(amy, DARK, number=99)
    server.clock.now_ms += HOUR_MS + 1
    comes = await chooser.choose(amy, DARK, number=99)

    assert (waits, comes) == ((Progress.QUEUED, ""), (Progress.DONE, ""))
    assert (await told(server, centre, beside))[-1] == (amy.pseudonym, DARK)
    assert len(await told(server, centre, beside)) == TEACHER_IN_AN_HOUR + 1


async def test_a_machine_is_bounded_and_what_goes_outside_is_counted_apart(server, kiosks):
    here, amy = kiosks[0], make_teacher(1)
    rows = [
        {
            "id": (1000 + each).to_bytes(16, "big"),
            "dev": here.id,
            "teacher": bytes(16),
            "task": task.value,
            "t_ms": server.clock.now_ms,
        }
        for task in (Task.MAIL_CODE, Task.DISPLAY)
        for each in range(task is Task.DISPLAY, 2 * MACHINE_IN_AN_HOUR, 2)
    ]
    await server.context.store.write(lambda connection: connection.execute(insert(errand), rows))

    assert await Chooser(server, here).choose(amy) == (Progress.QUEUED, "")
    server.clock.now_ms += HOUR_MS + 1
    assert await Chooser(server, here).choose(amy) == (Progress.DONE, "")


async def test_it_goes_with_the_season(server, kiosks):
    await Chooser(server, kiosks[0]).choose(make_teacher(1))
    opens = server.clock.now_ms + 1

    def next_season(connection):
        row = {"season": "116", "name": "fill", "opens_ms": opens, "closes_ms": opens + 1}
        connection.execute(insert(phase).values(**row))
        erase(connection, due_before(connection, "116", opens + 2), "system", opens + 2)

    await server.context.store.write(next_season)

    assert await server.rows(display) == []
