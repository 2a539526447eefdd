"""``jiepin kiosk --robot``: whole scripts at a real station folder, killed and played again."""

import json
import signal

import pytest

from core.wire.payload import read_application
from kiosk.robot.script import parse_script
from syncd.log_keys import rotate_log_key
from syncd.station import read_station
from syncd.store.moment import read_moment
from tests.fakes.centre import Centre
from tests.kiosk.elsewhere import version_elsewhere, versions_of
from tests.kiosk.robot.stations import (
    AMY,
    BEN,
    WISHES,
    County,
    apply_act,
    card,
    facts_of,
    make_station,
    officer_act,
    opening,
    play,
    register_act,
    start,
    write_script,
)

pytestmark = pytest.mark.unmeasured  # whole programs; the tests of the desk reach the lines

CENTRE = Centre()


@pytest.fixture
def station(tmp_path):
    """An enrolled station with a county behind it."""
    folder = tmp_path / "station"
    make_station(folder, CENTRE)
    county = County(folder, CENTRE)
    county.start()
    yield folder
    county.stop()


def entries(folder, *kinds):
    with read_station(folder).open_store() as store:
        return [link for link in store.ledger.links(1, 500) if link.event.kind in kinds]


def test_a_whole_season_at_one_kiosk(station, tmp_path):
    script = write_script(
        tmp_path,
        [
            *opening(AMY, BEN),
            apply_act(AMY),
            apply_act(BEN, ("143601",)),
            apply_act(AMY, (*WISHES[1:], WISHES[0])),
            {"review": {"points": {AMY.profile.national_id.text: {"reason_a": 450}}}},
        ],
    )

    code, facts, said = play(station, script)

    submitted, decided = facts_of(facts, "submitted"), facts_of(facts, "decided")
    assert (code, said) == (0, "")
    assert len(facts_of(facts, "registered")) == 2
    assert [each["version"] for each in submitted] == [1, 1, 2]
    assert [each["verdict"] for each in decided] == ["approved", "approved"]
    links = entries(station, "app.revise")
    assert [link.hash.hex() for link in links] == [each["hash"] for each in submitted]
    wishes = [read_application(link.frame.payload)[1].schools for link in links]
    assert wishes == [WISHES, ("143601",), (*WISHES[1:], WISHES[0])]
    assert len(entries(station, "officer.approve")) == 2
    journal = (station / "robot.journal").read_text().splitlines()
    assert [json.loads(line) for line in journal] == facts


def test_played_again_nothing_is_done_twice(station, tmp_path):
    script = write_script(tmp_path, [*opening(AMY), apply_act(AMY), {"review": "all"}])
    play(station, script)

    code, facts, _ = play(station, script)

    assert code == 0
    assert [fact["again"] for fact in facts if "submitted" in fact] == [True]
    assert facts_of(facts, "registered") == facts_of(facts, "decided") == []
    assert len(entries(station, "app.revise")) == 1
    assert len(entries(station, "teacher.register")) == 1
    assert len(entries(station, "officer.approve")) == 1


@pytest.mark.parametrize("lines", [1, 3, 6, 7, 9])
def test_killed_anywhere_and_played_again_the_log_is_as_if_nothing_had_happened(
    station, tmp_path, lines
):
    script = write_script(
        tmp_path,
        [
            *opening(AMY, BEN),
            apply_act(AMY),
            apply_act(BEN),
            apply_act(AMY, WISHES[::-1]),
            {"review": "all"},
        ],
    )
    program = start(station, script)
    seen = [program.stdout.readline() for _ in range(lines)]
    program.send_signal(signal.SIGKILL)
    rest = program.communicate()[0]

    code, facts, said = play(station, script)

    told = [json.loads(line) for line in [*seen, *rest.splitlines()] if line.endswith("}\n")]
    told += facts
    hashes = {each["hash"] for each in facts_of(told, "submitted")}
    links = entries(station, "app.revise")
    assert (code, said) == (0, "")
    assert hashes <= {link.hash.hex() for link in links}
    assert [link.event.body["version"] for link in links] == [1, 1, 2]
    assert len(entries(station, "teacher.register")) == 2
    assert len(entries(station, "officer.approve")) == 2


def test_what_a_rule_refuses_ends_with_code_3(station, tmp_path):
    own = write_script(tmp_path, [*opening(AMY), apply_act(AMY, ("183602",))])

    code, _, said = play(station, own)

    assert code == 3
    assert "school_outside_counties" in said
    assert entries(station, "app.revise") == []


def test_a_wrong_telephone_number_is_refused_with_its_place(station, tmp_path):
    basics = {"phone1": "12", "email": "amy@example.tw"}
    script = write_script(tmp_path, [*opening(AMY), apply_act(AMY, basics=basics)])

    code, _, said = play(station, script)

    assert code == 3
    assert "phone1 phone_wrong" in said


def test_what_does_not_come_in_time_ends_with_code_4(tmp_path):
    folder = tmp_path / "station"
    make_station(folder, CENTRE)
    script = write_script(tmp_path, [officer_act(), {"wait": "certificate", "timeout_s": 0.4}])

    code, _, said = play(folder, script)

    assert code == 4
    assert "certificate" in said


def test_a_result_that_is_not_there_is_waited_for(station, tmp_path):
    result = {"result": {"card": card(AMY), "password": AMY.password, "timeout_s": 0.4}}
    nothing_sent = write_script(tmp_path, [*opening(AMY), result])
    sent = write_script(tmp_path, [officer_act(None), apply_act(AMY), result], "sent.json")

    early, facts, _ = play(station, nothing_sent)
    late, _, said = play(station, sent)

    assert (early, facts_of(facts, "result")) == (0, [None])
    assert late == 4
    assert "result" in said


def test_a_kiosk_that_is_no_station_says_so(tmp_path):
    script = write_script(tmp_path, [officer_act()])

    code, _, said = play(tmp_path, script)

    assert code == 1
    assert "station" in said


def test_an_act_without_its_officer_is_named(station, tmp_path):
    code, _, said = play(station, write_script(tmp_path, [register_act(AMY)]))

    assert code == 1
    assert "officer" in said


@pytest.mark.parametrize(
    "text",
    [
        b"{}",
        b'[{"dance": true}]',
        b'[{"wait": "reference", "review": "all"}]',
        b'[{"wait": "godot"}]',
        b'[{"review": {"points": {"A": {"beauty": 5}}}}]',
    ],
)
def test_what_is_no_script_is_refused_before_anything_happens(text, station, tmp_path):
    with pytest.raises(ValueError, match=r"\S"):
        parse_script(text)

    path = tmp_path / "bad.json"
    path.write_bytes(text)
    assert play(station, path)[0] == 2


def test_only_one_kiosk_runs_on_a_station(station, tmp_path):
    waiting = write_script(tmp_path, [{"wait": "synced", "timeout_s": 30}, officer_act()])
    first = start(station, write_script(tmp_path, [*opening(AMY), {"wait": "synced"}], "one.json"))
    first.stdout.readline()

    code, _, said = play(station, waiting)
    first.kill()
    first.communicate()

    assert code == 1
    assert "填報程式已在執行" in said


def test_a_change_of_the_log_key_that_was_cut_short_is_finished_by_the_kiosk(station, tmp_path):
    """Whichever program starts first: the log takes nothing under the key it had before."""
    before = read_station(station)
    with before.open_store() as store:
        after = rotate_log_key(before, store, read_moment)
    keys = station / "credentials"
    (keys / "log.key").write_bytes(before.log_key.private)
    (keys / "log-next.key").write_bytes(after.log_key.private)

    code, facts, said = play(station, write_script(tmp_path, [*opening(AMY), apply_act(AMY)]))

    assert (code, said) == (0, "")
    assert len(facts_of(facts, "submitted")) == 1
    assert read_station(station).log_key.public == after.log_key.public


def teacher_act(verb, **more):
    return {verb: {"card": card(AMY), "password": AMY.password, **more}}


def test_a_teacher_takes_back_and_sends_again_once_however_often_it_is_played(station, tmp_path):
    script = write_script(
        tmp_path,
        [*opening(AMY), apply_act(AMY), teacher_act("withdraw"), apply_act(AMY, revive=True)],
    )

    first = play(station, script)
    second = play(station, script)

    assert (first[0], first[2], second[0]) == (0, "", 0)
    (withdrawn,) = facts_of(first[1], "withdrawn")
    assert withdrawn["hash"] == entries(station, "app.withdraw")[0].hash.hex()
    assert [each["version"] for each in facts_of(first[1], "submitted")] == [1, 3]
    again = [each["again"] for each in second[1] if "again" in each]
    assert again == [True, True, True]
    assert len(entries(station, "app.revise")) == 2
    assert len(entries(station, "app.withdraw")) == 1


@pytest.mark.parametrize(("take", "wishes"), [("earliest", WISHES), ("latest", ("143601",))])
def test_a_teacher_chooses_between_two_versions_once(station, tmp_path, take, wishes):
    sent = write_script(tmp_path, [*opening(AMY), apply_act(AMY)])
    play(station, sent)
    with read_station(station).open_store() as store:
        other = version_elsewhere(store, ())
    script = write_script(
        tmp_path, [officer_act(None), teacher_act("resolve", take=take)], "resolve.json"
    )

    first = play(station, script)
    second = play(station, script)

    (link,) = entries(station, "app.resolve")
    (fact,) = facts_of(first[1], "resolved")
    assert (first[0], first[2]) == (0, "")
    assert fact["hash"] == link.hash.hex()
    assert other.hex() in fact["parents"]
    assert set(fact["parents"]) == {each.hex() for each in link.event.body["parents"]}
    assert read_application(link.frame.payload)[1].schools == wishes
    assert [each["again"] for each in second[1] if "again" in each] == [True]


def test_a_conflict_that_does_not_come_is_waited_for(station, tmp_path):
    acts = [*opening(AMY), apply_act(AMY), teacher_act("resolve", timeout_s=0.4)]

    code, _, said = play(station, write_script(tmp_path, acts))

    assert code == 4
    assert "conflict" in said


def test_what_cannot_be_taken_back_is_refused(station, tmp_path):
    code, _, said = play(station, write_script(tmp_path, [*opening(AMY), teacher_act("withdraw")]))

    assert code == 3
    assert "nothing_to_withdraw" in said


def test_without_the_content_of_any_version_there_is_nothing_to_take(station, tmp_path):
    play(station, write_script(tmp_path, [*opening(AMY), apply_act(AMY)]))
    with read_station(station).open_store() as store:
        mine = versions_of(store)[-1].hash
        for number in (2, 3):
            version_elsewhere(store, (mine,), version=number, content=False, later_ms=number)

    code, _, said = play(
        station,
        write_script(tmp_path, [officer_act(None), teacher_act("resolve")], "resolve.json"),
    )

    assert code == 3
    assert "version_elsewhere" in said
