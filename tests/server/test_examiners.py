"""Uploads are verified in processes that may die; no upload is lost with them (ADR 0020)."""

import asyncio
import os
import signal
import socket
import subprocess
from pathlib import Path

import msgspec
import pytest

from server.config import ServerConfig
from server.examiner import READ_BYTES, Question, answer, message, questions, read_answer
from server.examiners import ATTEMPTS, ExaminingProcesses, ExaminingThreads
from server.identity import Identity
from server.store.tables import event
from server.store.writer import BusyError
from server.upload import Unusable, Upload, examine
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS, Device, make_teacher
from tests.server.running import start

LONG_S = 60


def known(device):
    identity = Identity(
        id=device.id,
        hash=device.root,
        role="kiosk",
        key=device.key.public,
        schools=frozenset(device.schools),
        later_keys=((7, bytes(32)),),
    )
    return {1: identity}


@pytest.fixture
def device():
    device = Device(Centre())
    device.add_boot()
    device.revise(make_teacher(1))
    return device


@pytest.fixture
async def processes():
    """One process that examines."""
    running = ExaminingProcesses(1)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def threads():
    running = ExaminingThreads()
    await running.start()
    yield running
    await running.stop()


async def found(examiners, device, data=None):
    """What somebody says of an upload, the whole log unless it is given."""
    examined = await examiners.examine(
        device.batch() if data is None else data, device.id, known(device)
    )
    return examined.found


def lives(process):
    return Path(f"/proc/{process}").exists()


async def replaced(processes, before):
    async with asyncio.timeout(LONG_S):
        while not processes.ids or processes.ids == before:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.02)
    return processes.ids


async def test_processes_and_threads_say_the_same(processes, threads, device):
    stranger = Device(Centre(2))
    stranger.add_boot()
    good = device.batch()
    cut = device.batch(frames=[device.links[0].frame, device.links[0].frame])
    uploads = [good, cut, stranger.batch(), device.batch(head=bytes(32)), b"TTB1", b""]

    by_processes = [await found(processes, device, each) for each in uploads]
    by_threads = [await found(threads, device, each) for each in uploads]

    assert by_processes == by_threads
    kinds = [type(each) for each in by_processes]
    assert kinds == [Upload, Upload, Unusable, Unusable, Unusable, Unusable]
    assert [each.payload is None for each in by_processes[0].entries] == [True, False]
    assert by_processes[1].broken.index == 1
    assert by_processes[3].header is not None


def test_questions_that_came_together_are_handed_over_together():
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(message(b"one") + message(b"") + message(b"three")[:6])
        came = questions(theirs)

        together = next(came)
        ours.sendall(message(b"three")[6:])
        rest = next(came)
        ours.close()

        assert together == [b"one", b""]
        assert rest == [b"three"]
        assert next(came, None) is None


def test_a_question_that_is_larger_than_one_reading_comes_whole():
    ours, theirs = socket.socketpair()
    large = bytes(range(256)) * (READ_BYTES // 100)
    with theirs:
        with ours:
            ours.sendall(message(large) + message(b"next"))

        came = [each for together in questions(theirs) for each in together]

        assert came == [large, b"next"]


async def test_a_machine_nobody_knows_is_refused(processes, device):
    examined = await processes.examine(device.batch(), device.id, {})

    assert examined.found.code == "device_unknown"


async def test_a_process_that_died_is_replaced(processes, device):
    before = processes.ids
    os.kill(before[0], signal.SIGKILL)

    upload = await found(processes, device)

    assert isinstance(upload, Upload)
    assert await replaced(processes, before)


async def test_what_a_process_was_asked_when_it_died_is_asked_again(processes, device):
    before = processes.ids
    os.kill(before[0], signal.SIGSTOP)
    asked = [asyncio.create_task(found(processes, device)) for _ in range(5)]
    await asyncio.sleep(0.05)
    os.kill(before[0], signal.SIGKILL)

    uploads = await asyncio.gather(*asked)

    assert all(isinstance(each, Upload) for each in uploads)


class Stopped(subprocess.Popen):
    """A process that stands still from its beginning, so that it answers nothing."""

    def __init__(self, *words, **how):
        super().__init__(*words, **how)
        self.send_signal(signal.SIGSTOP)


async def test_an_upload_that_no_process_survives_is_put_off(processes, device, monkeypatch):
    gone = processes.ids
    os.kill(gone[0], signal.SIGSTOP)
    asked = asyncio.create_task(found(processes, device))
    monkeypatch.setattr(subprocess, "Popen", Stopped)
    for _ in range(ATTEMPTS):
        await asyncio.sleep(0.02)
        os.kill(gone[0], signal.SIGKILL)
        gone = await replaced(processes, gone)

    with pytest.raises(BusyError):
        await asked
    os.kill(gone[0], signal.SIGCONT)
    assert isinstance(await found(processes, device), Upload)


async def test_a_process_that_hangs_is_replaced(device):
    processes = ExaminingProcesses(1, answer_s=5.0)  # the next one has to begin in that time
    await processes.start()
    before = processes.ids
    os.kill(before[0], signal.SIGSTOP)

    upload = await found(processes, device)

    assert isinstance(upload, Upload)
    assert processes.ids != before
    await processes.stop()


async def test_when_the_server_stops_no_process_is_left():
    processes = ExaminingProcesses(2)
    await processes.start()
    ids = processes.ids

    await processes.stop()

    assert len(ids) == 2
    assert not any(map(lives, ids))


def test_a_question_survives_the_way(device):
    asked = Question(dev=device.id, incarnations=known(device), data=device.batch())

    upload = examine(asked.data, asked.dev, asked.incarnations)
    told = read_answer(answer(msgspec.msgpack.encode(asked)), asked.data)

    assert isinstance(upload, Upload)
    assert told.found == upload


async def test_what_an_upload_took_is_said_with_what_it_is(processes, threads, device):
    for _ in range(198):
        device.add_boot()

    for examiners in (processes, threads):
        examined = await examiners.examine(device.batch(), device.id, known(device))
        # 201 signatures take longer anywhere than a processor needs for a hundred.
        assert 1_000 < examined.spent_us < 60_000_000


async def test_a_server_with_processes_takes_uploads_and_survives_their_deaths(
    database_url, centre, tmp_path
):
    home = tmp_path / "home"
    centre.write_home(home)
    config = ServerConfig(home=home, database=database_url, workers=2)
    async with start(config, NOON_MS, centre) as server:
        devices = [Device(centre) for _ in range(6)]
        await server.enrol(*devices)
        for device in devices:
            device.add_boot()
            device.revise(make_teacher(1))
        for each in server.context.ingest.examiners.ids:
            os.kill(each, signal.SIGKILL)

        acks = await asyncio.gather(*(server.send(device) for device in devices))

        assert [ack.through for ack in acks] == [2] * 6
        assert len(await server.rows(event)) == 12
