"""PROTOCOL 4.1, I11: what the server writes down of its work names machines and no people."""

import structlog
from sqlalchemy import text

from tests.fakes.device import Device, make_officer, make_teacher, spoiled


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
