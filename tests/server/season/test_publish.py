"""Publishing into inboxes: to whom, what, once, and never without check and second person."""

import pytest
import zstandard

from core.domain.school import Stage
from core.wire.canon import from_wire, typed
from core.wire.chain import Head, follow
from core.wire.event import decode_frame, read_event
from core.wire.kind import ResultNotice
from core.wire.payload import ResultPayload
from server.inbox import page
from server.season.approval import approve
from server.season.publish import BYTES_AT_MOST, LINES_AT_MOST, fitting, publish
from server.season.run import finish_run, start_run
from server.store.season_tables import freeze_entry, publication, run
from server.terminal import RefusedError
from tests.server.running import read_rows
from tests.server.season.country import FREEZE_MS, HOUR_MS, SUBMIT_MS, Site
from tests.server.season.test_run import ELEMENTARY, freeze, matched, runs, solved

LATER = FREEZE_MS + 5000


@pytest.fixture
def sites(country):
    """A swap between two schools, a teacher who stays, one who was returned, one who withdrew."""
    here, there = Site(country, "134601"), Site(country, "144601")
    here.approved(1, "134601", ("144601",))
    there.approved(2, "144601", ("134601",), counties=("13", "02"))
    here.approved(3, "134601", ("144602",))
    returned = here.applied(4, "134601", ("144602",))
    country.decide(here.device, here.officer, returned, verdict="returned")
    gone = here.applied(5, "134601", ("144602",))
    here.device.withdraw(gone.teacher, gone.link.hash)
    country.receive(here.device, there.device)
    freeze(country)
    country.account("host2")
    return here, there


@pytest.fixture
def approved(country, sites):
    assert sites
    task = matched(country)
    with country.store.writing() as connection:
        approve(connection, task.run, login="host2", now_ms=FREEZE_MS)
    return task.run


def send(country, number):
    with country.store.writing() as connection:
        return publish(connection, number, by="host1", key=country.centre.receipt, now_ms=LATER)


def results(country, device):
    """Every result in a machine's inbox: by application (notice, content)."""
    with country.store.reading() as connection:
        frames = [decode_frame(each) for each in page(connection, device.id, 0)]
    events = [(read_event(frame), frame) for frame in frames]
    return {
        typed(event.body, ResultNotice).app: from_wire(frame.payload, ResultPayload)
        for event, frame in events
        if event.kind == "inbox.result"
    }


def test_every_applicant_of_a_kiosk_gets_her_outcome_with_reasons(country, sites, approved):
    here, there = sites

    done = send(country, approved)

    found = results(country, here.device)
    one, three, four = (country.teacher(number, "134601").app for number in (1, 3, 4))
    assert set(found) == {one, three, four}
    assert (found[one].moved, found[one].school, found[one].wish) == (True, "144601", 1)
    assert found[one].phase == "swap"
    assert "臺東縣河口國小" in found[one].explanation[0]
    assert (found[three].moved, found[three].school, found[three].wish) == (False, "", 0)
    assert len(found[three].explanation) > 1
    assert found[four].explanation == ("未列入媒合：學校已退回。",)
    assert set(results(country, there.device)) == {country.teacher(2, "144601").app}
    assert (done.notices, done.fresh) == (4, True)


def test_the_inbox_stays_one_chain_signed_by_the_receipt_key(country, sites, approved):
    send(country, approved)

    device = sites[0].device
    with country.store.reading() as connection:
        frames = [decode_frame(each) for each in page(connection, device.id, 0)]
    start = Head(inc=1, seq=0, hash=device.root)
    links, broken = follow(frames, country.centre.receipt.public, device.id, start)

    assert broken is None
    assert len(links) == len(frames)


def test_publishing_again_changes_nothing(country, sites, approved):
    first = send(country, approved)
    with country.store.reading() as connection:
        before = page(connection, sites[0].device.id, 0)

    again = send(country, approved)

    with country.store.reading() as connection:
        assert page(connection, sites[0].device.id, 0) == before
        assert len(read_rows(connection, publication)) == 1
    assert (again.notices, again.fresh) == (first.notices, False)


def test_a_teacher_who_used_two_kiosks_is_told_at_both(country, sites):
    here, there = sites
    spare = Site(country, "134601")
    one = here.device.links[1]
    spare.device.register(country.teacher(1, "134601"), spare.officer)
    country.apply(
        spare.device,
        country.teacher(1, "134601"),
        ("144601",),
        version=2,
        parents=(one.hash,),
    )
    country.receive(spare.device)
    freeze(country)
    with country.store.writing() as connection:
        task = start_run(connection, 2, ELEMENTARY, by="host1", now_ms=FREEZE_MS)
    with country.store.writing() as connection:
        finish_run(connection, task, solved(task.problem), by="host1", now_ms=FREEZE_MS)
        approve(connection, task.run, login="host2", now_ms=FREEZE_MS)
    send(country, task.run)

    app = country.teacher(1, "134601").app
    assert app in results(country, here.device)
    assert app in results(country, spare.device)
    assert app not in results(country, there.device)


def test_a_version_without_effect_moves_nobody_to_another_stages_results(country):
    """The stage is the frozen version's: places in the draw are numbered anew in each stage."""
    here, there = Site(country, "134601"), Site(country, "144601")
    one = here.approved(1, "134601", ("144601",))
    there.approved(2, "144601", ("134601",), counties=("13", "02"))
    country.receive(here.device, there.device)
    country.beacon(here.device, SUBMIT_MS + 1)
    country.apply(
        here.device,
        one.teacher,
        ("144602",),
        version=2,
        parents=(one.link.hash,),
        stage=Stage.JUNIOR,
    )
    country.receive(here.device, at_ms=SUBMIT_MS + HOUR_MS)
    freeze(country)
    country.account("host2")
    task = matched(country)
    with country.store.writing() as connection:
        approve(connection, task.run, login="host2", now_ms=FREEZE_MS)

    send(country, task.run)

    found = results(country, here.device)[one.teacher.app]
    assert (found.moved, found.school) == (True, "144601")
    with country.store.reading() as connection:
        rows = read_rows(connection, freeze_entry)
    assert {(row["stage"], row["reason"]) for row in rows} == {
        ("elementary", None),
        ("elementary", "newer_late"),
    }


def test_without_the_second_person_nothing_is_sent(country, sites):
    task = matched(country)

    with pytest.raises(RefusedError) as caught:
        send(country, task.run)

    assert caught.value.code == "not_approved"
    assert results(country, sites[0].device) == {}


def test_without_an_accepted_check_nothing_is_sent(country, approved):
    with country.store.writing() as connection:
        connection.execute(run.update().values(check_ok=False))

    with pytest.raises(RefusedError) as caught:
        send(country, approved)

    assert caught.value.code == "check_failed"


def test_after_publication_nothing_can_be_run_or_approved_any_more(country, approved):
    send(country, approved)

    with pytest.raises(RefusedError) as caught:
        matched(country)

    assert caught.value.code == "published"
    assert len(runs(country)) == 1


def test_a_fault_in_the_middle_sends_nothing(country, sites, approved):
    with country.store.writing() as connection:
        connection.execute(run.update().values(explanations=b"not compressed"))

    with pytest.raises(zstandard.ZstdError):
        send(country, approved)

    assert results(country, sites[0].device) == {}
    with country.store.reading() as connection:
        assert read_rows(connection, publication) == []


def test_long_explanations_are_cut_where_an_entry_is_full_and_say_so():
    few = fitting(["行"] * LINES_AT_MOST)
    many = fitting(["行"] * (LINES_AT_MOST + 5))
    wide = fitting(["很長的說明" * 100] * 200)

    assert len(few) == LINES_AT_MOST
    assert many[-1] == "另有 5 行說明未列出，可向縣市承辦人查詢。"
    assert sum(len(line.encode()) for line in wide) < BYTES_AT_MOST + 200
    assert "未列出" in wide[-1]
