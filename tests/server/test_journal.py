"""PROTOCOL 4.1, I11: what the server writes down of its work names machines and no people."""

import asyncio
import json
import signal

import structlog
from sqlalchemy import text

from tests.fakes.centre import Centre
from tests.fakes.device import Device, make_officer, make_teacher, spoiled
from tests.server.process import Server


async def test_no_name_number_or_application_stands_in_the_log_whatever_goes_wrong(
    server, centre, caplog
):
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.register(teacher, officer)
    device.decide(officer, device.revise(teacher))
    clone = device.branch(2)
    clone.revise(teacher, wishes=9)
    broken = [device.links[0].frame, device.links[1].frame, spoiled(device.links[2])]

    with structlog.testing.capture_logs() as lines:
        answers = [
            await server.upload(device, device.batch(frames=broken)),
            await server.upload(device, device.batch()),
            await server.upload(clone, clone.batch()),
            await server.post(f"/v1/evidence/{clone.id.hex()}", clone.batch(2)),
        ]
        other = Device(centre)
        await server.enrol(other)
        other.revise(teacher)
        await server.context.store.write(lambda c: c.execute(text("DROP TABLE payload")))
        answers.append(await server.upload(other, other.batch()))

    assert [each.status for each in answers] == [422, 200, 409, 202, 503]
    assert {"upload_not_taken_whole", "log_forked", "evidence_received", "store_failed"} <= {
        each["event"] for each in lines
    }
    written = repr(lines) + caplog.text
    assert device.id.hex() in written  # what is looked for would be seen
    for name in (teacher.app, teacher.pseudonym, officer.id):
        assert name.hex() not in written
        assert repr(name) not in written
    for words in (teacher.name, teacher.national_id):
        assert words not in written


async def test_who_hangs_up_or_speaks_no_http_writes_nothing_into_the_log(tmp_path, root):
    """Two kilobytes of a trace for each, as often as anybody likes."""
    home = tmp_path / "home"
    Centre().write_home(home)
    server = Server(home, f"sqlite:///{home / 'server.db'}", root)
    with (tmp_path / "log").open("wb") as log:
        address = await server.start(log=log)
        host, port = address.removeprefix("http://").split(":")
        for words in (
            (
                b"POST /login HTTP/1.1\r\nHost: x\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nx"
            ),
            b"POST /v1/certificates HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nx",
            (
                b"POST /v1/certificates HTTP/1.1\r\nHost: x\r\n"
                b"Transfer-Encoding: chunked\r\n\r\nfive\r\n"
            ),
            b"GET /\x00 HTTP/1.1\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"GET /" + b"a" * 9000,
            b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        ):
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(words)
            await asyncio.sleep(0.1)
            writer.transport.abort()
        await asyncio.sleep(0.3)
        assert await server.stop(signal.SIGTERM) == 0

    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["server_started", "server_stopped"]
