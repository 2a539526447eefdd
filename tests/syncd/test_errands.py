"""Errands of the kiosk: carried at once, asked after, kept in one row each (ADR 0030)."""

from dataclasses import replace

import pytest
from aiohttp import web
from msgspec import UNSET

from core.wire.errand import Progress, Task
from core.wire.talk import DAY_MS, MINUTE_MS
from syncd.store.errands import StoredErrand
from tests.syncd.centre import NOON_MS
from tests.syncd.machine import append

TEACHER = b"t" * 16
WANTED = StoredErrand(
    id=b"1" * 16,
    teacher=TEACHER,
    task=Task.MAIL_CODE,
    address="name@example.tw",
    code="042137",
    asked_ms=NOON_MS,
)


def _absent(_):
    return web.json_response({"code": "x"}, status=404)


def put(store, errand=WANTED):
    with store.transaction():
        store.errands.add(errand)


async def test_an_errand_is_carried_at_once_and_asked_after_until_it_is_done(daemon, server):
    server.errand_answers = [{}, {"progress": Progress.DONE, "channels": ("mail", "line")}]
    await daemon.turn()
    assert daemon.store.errands.channels() is None
    put(daemon.store)

    await daemon.turn()
    queued = daemon.store.errands.find(TEACHER, Task.MAIL_CODE)
    await daemon.turn()
    await daemon.pass_ms(3000)
    done = daemon.store.errands.find(TEACHER, Task.MAIL_CODE)
    await daemon.pass_ms(10_000)

    assert (queued.progress, queued.open, done.progress) == (Progress.QUEUED, True, Progress.DONE)
    assert queued.taken_ms is not None
    assert done.taken_ms == queued.taken_ms
    assert [(each.id, each.code) for each in server.errands] == [(WANTED.id, "042137")] * 2
    assert daemon.store.errands.channels() == ("mail", "line")
    assert daemon.store.errands.open() == ()


async def test_what_was_asked_off_line_goes_with_the_first_beacon(store, daemon, server):
    server.errand_answers = [{"progress": Progress.REFUSED, "detail": "teacher_unknown"}]
    put(store)

    await daemon.turn()

    found = store.errands.find(TEACHER, Task.MAIL_CODE)
    assert (found.progress, found.detail, found.taken_ms) == (
        Progress.REFUSED,
        "teacher_unknown",
        None,
    )


async def test_an_answer_to_another_errand_is_thrown_away(daemon, server):
    server.errand_answers = [{"id": b"2" * 16}]
    put(daemon.store)

    await daemon.turn()

    assert daemon.store.errands.find(TEACHER, Task.MAIL_CODE) == WANTED


async def test_a_centre_that_takes_no_errands_keeps_nothing_else_from_going_on(daemon, server):
    server.misbehave("errand", *[_absent] * 9)
    server.errand_answers = [{}]
    put(daemon.store)

    await daemon.turn()
    await daemon.pass_ms(4000)

    assert daemon.store.errands.find(TEACHER, Task.MAIL_CODE) == WANTED
    assert daemon.shown.attention is None


async def test_words_that_are_no_answer_are_none(daemon, server):
    server.misbehave("errand", lambda _: web.Response(body=b"\x80"))
    server.errand_answers = [{}]
    put(daemon.store)

    await daemon.turn()

    assert daemon.store.errands.find(TEACHER, Task.MAIL_CODE).progress is None


async def test_an_old_errand_waits_for_beacons_only(daemon, server):
    server.errand_answers = [{}]
    put(daemon.store)
    await daemon.turn()
    await daemon.pass_ms(20 * 60_000, step_ms=3000)
    before = len(server.errands)

    await daemon.pass_ms(60_000, step_ms=3000)

    assert len(server.errands) - before <= 2


async def test_an_errand_of_a_clock_that_was_put_back_is_not_asked_after_for_a_year(daemon, server):
    server.errand_answers = [{}]
    put(daemon.store, replace(WANTED, asked_ms=NOON_MS + 365 * DAY_MS))

    await daemon.turn()
    before = len(server.errands)
    await daemon.pass_ms(60_000, step_ms=3000)

    assert len(server.errands) - before <= 2


def test_a_newer_errand_takes_the_place_of_the_older_one(store):
    put(store)
    with store.transaction():
        wrong = store.errands.tried(store.errands.find(TEACHER, Task.MAIL_CODE), None)
    with store.transaction():
        right = store.errands.tried(wrong, NOON_MS + 1)
    assert store.errands.find(TEACHER, Task.MAIL_CODE) == right
    assert (right.tries, right.proved_ms) == (1, NOON_MS + 1)

    newer = StoredErrand(
        id=b"3" * 16, teacher=TEACHER, task=Task.LINE_LINK, token="a" * 16, asked_ms=NOON_MS
    )
    put(store, newer)
    put(store)

    assert store.errands.find(TEACHER, Task.MAIL_CODE) == WANTED
    assert {each.task for each in store.errands.open()} == {Task.MAIL_CODE, Task.LINE_LINK}
    with pytest.raises(RuntimeError):
        store.errands.add(newer)


async def test_settings_are_carried_as_they_are_and_after_what_somebody_waits_for(daemon, server):
    server.errand_answers = [{"progress": Progress.DONE}] * 2
    looks = {"task": Task.DISPLAY, "address": None, "code": None, "display": b'{"large":true}'}
    put(daemon.store, replace(WANTED, id=b"2" * 16, asked_ms=NOON_MS - 1, **looks))
    put(daemon.store)

    await daemon.turn()

    assert [each.task for each in server.errands] == [Task.MAIL_CODE, Task.DISPLAY]
    assert [each.display for each in server.errands] == [UNSET, b'{"large":true}']
    assert daemon.store.errands.open() == ()


async def test_settings_wait_for_the_log_and_for_the_next_beacon_and_nobody_waits_for_them(
    daemon, server
):
    server.errand_answers = [{"progress": Progress.QUEUED}] * 9
    put(
        daemon.store,
        replace(WANTED, task=Task.DISPLAY, address=None, code=None, display=b"{}"),
    )
    server.misbehave("log", *[lambda _: web.Response(status=503)] * 9)
    append(daemon.store)

    await daemon.turn()
    await daemon.pass_ms(4000)
    before = len(server.errands)
    server.mischief.clear()
    await daemon.pass_ms(10 * MINUTE_MS, MINUTE_MS)

    assert before == 0
    assert 0 < len(server.errands) <= 10
