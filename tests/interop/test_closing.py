"""The end of a season at a second client: 封箱碼, and how late the server holds each version."""

import pytest

from server.lists import read_season
from server.season.dossier import contents, find_dossier
from server.store import tables
from tests.interop.codes import check_code, closing_code, short_code
from tests.interop.conftest import AMY, SEASON, WISHES, counter_of

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture
async def counter(interop, client):
    """A counter an hour before D: a teacher is registered, a beacon was just heard."""
    closes = (await interop.deadlines()).submit
    await interop.publish_calendar(("apply", closes - DAY_MS, closes))
    officer = await interop.officer(client)
    await client.refresh(await client.hear())
    _, deadline = client.reference.phase("apply")
    interop.country.clock.now_ms = deadline - HOUR_MS
    counter = counter_of(client)
    counter.open_season()
    counter.register(officer, AMY)
    await client.hear()
    return counter


async def class_of(interop, entry):
    """A to D, as people of the centre read it, and what it follows from."""

    def work(connection):
        return contents(find_dossier(connection, entry.hash, read_season(connection)))

    return await interop.country.context.store.read(work)


async def test_a_version_that_was_sealed_in_time_and_came_late_counts(interop, client, counter):
    clock, heard = interop.country.clock, interop.country.clock.now_ms
    clock.now_ms += HOUR_MS // 2
    version = counter.submit(AMY, WISHES)
    clock.now_ms += HOUR_MS
    counter.close_season()
    clock.now_ms += HOUR_MS
    await client.hear()
    await client.upload()

    found = await class_of(interop, version)

    assert found["class"] == "C"
    assert (found["not_before"], found["not_after"]) == (heard, clock.now_ms)
    assert found["estimate"] == version.said["t"] == heard + HOUR_MS // 2
    assert client.verdicts[version.said["seq"]] == 1


async def test_without_the_closing_entry_the_same_version_is_for_people(interop, client, counter):
    interop.country.clock.now_ms += HOUR_MS // 2
    version = counter.submit(AMY, WISHES)
    interop.country.clock.now_ms += 2 * HOUR_MS
    await client.hear()
    await client.upload()

    assert (await class_of(interop, version))["class"] == "D"


async def test_sent_in_time_is_in_time_and_behind_a_later_beacon_is_late(interop, client, counter):
    early = counter.submit(AMY, WISHES)
    await client.upload()
    interop.country.clock.now_ms += 2 * HOUR_MS
    counter.close_season()
    await client.hear()
    late = counter.submit(AMY, WISHES[:1], early, version=2)
    await client.upload()

    assert (await class_of(interop, early))["class"] == "A"
    assert (await class_of(interop, late))["class"] == "B"


async def test_a_closing_code_on_the_telephone_is_a_witness_and_then_found(
    interop, client, counter
):
    counter.submit(AMY, WISHES)
    closed = counter.close_season()
    code = closing_code(closed.hash)

    before = (await client.line.get(f"/V/{code}")).body.decode()
    await client.upload()
    after = (await client.line.get(f"/V/{code}")).body.decode()
    wrong = (
        await client.line.get(f"/V/{code[:-1]}{'0' if code[-1] != '0' else '1'}")
    ).body.decode()

    assert ("尚未送達" in before, "answer delivered" in before) == (True, False)
    assert "answer delivered" in after
    assert "封箱碼有誤" in wrong
    rows = await interop.country.rows(tables.witness)
    assert [row["head"] for row in rows] == [closed.hash[:10]]


async def test_the_short_code_of_a_version_is_found_once_it_is_there(client, counter):
    version = counter.submit(AMY, WISHES)
    text = short_code(
        SEASON, AMY.stage, client.granted.said["name"], version.said["seq"], version.hash
    )

    before = (await client.line.get(f"/verify?code={text}")).body.decode()
    await client.upload()
    after = (await client.line.get(f"/verify?code={text}")).body.decode()

    assert ("尚未送達" in before, "answer delivered" in before) == (True, False)
    assert "answer delivered" in after
    assert check_code(version.hash) in after
