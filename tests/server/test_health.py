"""`/livez`, `/readyz`, `/metrics`, and answers to paths nobody serves."""

from tests.fakes.device import Device, make_teacher


async def get(server, path):
    async with server.client.get(path) as response:
        return response.status, await response.text()


async def test_a_running_server_is_live_and_ready(server):
    assert (await get(server, "/livez"))[0] == 200
    assert (await get(server, "/readyz"))[0] == 200


async def test_a_server_whose_writer_ended_is_not_ready(server):
    server.context.store.writer.stop()

    status, body = await get(server, "/readyz")

    assert (status, body) == (503, '{"database": true, "writer": false}')


async def test_the_measures_count_and_name_nobody(server, centre):
    device, teacher = Device(centre), make_teacher(1)
    await server.enrol(device)
    device.revise(teacher)
    await server.send(device)

    status, body = await get(server, "/metrics")

    assert status == 200
    assert 'jiepin_uploads_total{code="ok"} 1.0' in body
    assert "jiepin_events_total 1.0" in body
    # Without the figures: among the digits of the moment something was counted any may stand.
    named = "\n".join(
        line if line.startswith("#") else line.rpartition(" ")[0] for line in body.splitlines()
    )
    assert 'jiepin_uploads_total{code="ok"}' in named
    for secret in (teacher.name, teacher.national_id, device.id.hex(), teacher.school):
        assert secret not in named


async def test_paths_nobody_serves_answer_machines_with_a_code(server):
    status, body = await get(server, "/v1/nothing")

    assert (status, body) == (404, '{"code": "not_found"}')
    assert await get(server, "/v1/enrol") == (405, '{"code": "method_not_allowed"}')
