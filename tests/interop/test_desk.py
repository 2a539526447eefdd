"""Errands and incidents of a second client."""

import pytest

from server.store.incidents import incident
from tests.interop.conftest import AMY, counter_of
from tests.interop.desk import run_errand, tell_incident
from tests.interop.line import Refusal
from tests.interop.ttc import read


@pytest.fixture
async def teacher(interop, client):
    """The pseudonym of a teacher whom the school of this machine registered."""
    officer = await interop.officer(client)
    counter_of(client).register(officer, AMY)
    await client.hear()
    await client.upload()
    return AMY.pseudonym(client.granted.secret)


async def test_display_settings_go_up_as_an_errand_and_come_by_the_inbox(client, teacher):
    answer = await run_errand(client, teacher, "display", display=b"large")
    new = await client.look_into_inbox(await client.hear())

    assert (answer["progress"], answer["channels"]) == ("done", [])
    assert [(each.said["kind"], each.said["body"]) for each in new] == [
        ("inbox.display", {"teacher": teacher})
    ]
    assert read(new[0].payload)["settings"] == b"large"


async def test_an_errand_for_somebody_else_or_of_another_shape_is_refused(client, teacher):
    stranger = await run_errand(client, bytes(16), "display", display=b"large")

    assert (stranger["progress"], stranger["detail"]) == ("refused", "teacher_unknown")
    for said in ({"display": b"large", "address": "a@example.tw"}, {}, {"display": b""}):
        with pytest.raises(Refusal, match="400"):
            await run_errand(client, teacher, "display", **said)


async def test_an_incident_is_kept_once_however_often_it_is_told(interop, client):
    await client.hear()
    await client.upload()

    told = [
        await tell_incident(client, "23456A", readers=0, card="unreadable", link="offline")
        for _ in range(2)
    ]

    assert told == ["23456A"] * 2
    (row,) = await interop.country.rows(incident)
    assert row["number"] == "23456A"
    with pytest.raises(Refusal, match="400 incident"):
        await tell_incident(client, "23456B", card=AMY.national_id)
    with pytest.raises(Refusal, match="400"):
        await tell_incident(client, "123456", readers=0)
