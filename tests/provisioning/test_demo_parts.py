"""The pieces of the demo country that can be looked at one by one."""

import json
import socket
import socketserver
import threading
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.domain.application import Claim, Reference, Wishes, check_application
from core.domain.place import load_counties
from core.domain.school import School, Stage
from core.rules.calendar import load_calendar, takes_applications
from provisioning.demo import process
from provisioning.demo.comparison import told
from provisioning.demo.crowd import Crowd
from provisioning.demo.line import Line
from provisioning.demo.lists import read_subjects, table, write_calendar, write_schools
from provisioning.demo.people import write_application_script, write_result_script
from provisioning.demo.process import Program, ProgramError, quiet_port, run, wait_for_file
from provisioning.demo.trouble import Trouble
from provisioning.demo.world import draw_world

SUBJECTS = read_subjects()
COUNTIES = load_counties(table("counties.toml"))


def invented_schools() -> list[School]:
    return [
        School(
            id=f"{county}4{digit}{number:02d}",
            name=f"{county}{number}",
            short_name=f"{number}",
            county=county,
            township="市",
            stage=stage,
        )
        for county in ("12", "13", "14")
        for digit, stage in (("6", Stage.ELEMENTARY), ("5", Stage.JUNIOR))
        for number in range(12)
    ]


def a_world(seed: int = 7, kiosks: int = 4, teachers: int = 41):
    return draw_world(
        seed=seed,
        kiosks=kiosks,
        teachers=teachers,
        schools=invented_schools(),
        subjects=SUBJECTS,
    )


def test_the_same_seed_invents_the_same_country():
    assert a_world() == a_world()
    assert a_world(seed=8) != a_world()


def test_every_teacher_gets_one_kiosk_and_nobody_shares_a_number():
    world = a_world()

    people = [each.person for site in world.sites for each in site.teachers]
    people += [site.officer for site in world.sites]

    assert len(people) == 41 + 4
    assert max(Counter(each.national_id.text for each in people).values()) == 1


def test_what_invented_teachers_wish_for_may_be_sent():
    world, schools = a_world(), invented_schools()
    reference = Reference(
        schools={each.id: each for each in schools},
        subjects=SUBJECTS,
        counties=COUNTIES,
        version=1,
        on=date(2026, 4, 20),
    )

    for site in world.sites:
        for teacher in site.teachers:
            wishing, person = teacher.wishing, teacher.person
            claim = Claim(
                salt=bytes(16),
                season="115",
                stage=teacher.stage,
                teacher_name=person.name,
                national_id=person.national_id.text,
                birth=person.birth.isoformat(),
                sex=person.sex,
                card_name_raw=b"",
                phone1=wishing.phone,
                phone2=None,
                email=wishing.email,
                indigenous=wishing.indigenous,
                language=False,
                area_limit="general",
                service_years=wishing.service_years,
                school=teacher.school,
                subject=teacher.subject,
                subjects=wishing.subjects,
                declared=True,
            )
            wishes = Wishes(
                salt=bytes(16),
                county_a=wishing.counties[0],
                county_b=wishing.counties[1],
                schools=wishing.schools,
            )
            assert check_application(claim, wishes, reference) == ()


def test_a_country_of_one_county_is_refused():
    with pytest.raises(ValueError, match="two counties"):
        draw_world(
            seed=1,
            kiosks=1,
            teachers=2,
            schools=[each for each in invented_schools() if each.county == "12"],
            subjects=SUBJECTS,
        )


def test_scripts_count_the_versions_they_will_send(tmp_path):
    site = a_world().sites[0]

    versions = write_application_script(tmp_path / "a.json", site, "CODE", 7)
    write_result_script(tmp_path / "r.json", site)

    acts = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert sum("apply" in each for each in acts) == versions >= len(site.teachers)
    assert len(json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))) == len(site.teachers)


def test_invented_lists_are_files_the_importers_know(tmp_path):
    write_schools(tmp_path / "schools.csv", 7)
    now = datetime.now(UTC)
    write_calendar(tmp_path / "calendar.toml", now, "115")

    rows = (tmp_path / "schools.csv").read_text(encoding="utf-8").splitlines()
    codes = [row.split(",")[0] for row in rows[1:]]
    assert len(codes) == len(set(codes)) > 60
    calendar = load_calendar((tmp_path / "calendar.toml").read_text(encoding="utf-8"))
    assert takes_applications(calendar, now)


@pytest.fixture
def echo():
    class Echo(socketserver.StreamRequestHandler):
        def handle(self):
            self.server.seen.append(self.rfile.readline())
            self.wfile.write(b"answer\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(port: int, words: bytes = b"question\n") -> bytes:
    with socket.create_connection(("127.0.0.1", port), 5) as link:
        link.sendall(words)
        try:
            return link.makefile("rb").readline()
        except OSError:
            return b""


def test_an_honest_line_carries_question_and_answer(echo):
    line = Line(target=echo.server_address, seed=1)

    answer = ask(line.start())

    assert (answer, echo.seen) == (b"answer\n", [b"question\n"])
    line.stop()


def test_a_lost_answer_is_lost_after_the_question_counted(echo):
    line = Line(target=echo.server_address, seed=1, lose=1.0)

    answer = ask(line.start())

    assert (answer, echo.seen, line.tally.answers_lost) == (b"", [b"question\n"], 1)
    line.stop()


def test_a_cut_line_refuses_and_comes_back(echo):
    line = Line(target=echo.server_address, seed=1)
    port = line.start()

    line.go_down()
    down = ask(port)
    line.come_up()
    up = ask(port)

    assert (down, up) == (b"", b"answer\n")
    assert line.tally.refused >= 1
    line.stop()


def test_a_request_can_be_cut_in_the_middle(echo):
    line = Line(target=echo.server_address, seed=3, cut=1.0)
    port = line.start()

    ask(port, b"x" * 100_000 + b"\n")

    until = time.monotonic() + 60
    while not line.tally.cut and time.monotonic() < until:
        time.sleep(0.01)
    assert line.tally.cut == 1
    line.stop()


def test_trouble_heals_when_it_ends_and_tells_what_it_did(echo):
    line = Line(target=echo.server_address, seed=1)
    port = line.start()
    killed = []
    trouble = Trouble(line, 5, [("kills_syncd", lambda: killed.append(1))])

    trouble.start()
    until = time.monotonic() + 60
    while not (killed and trouble.done["outages"]) and time.monotonic() < until:
        time.sleep(0.05)
    trouble.stop()

    assert trouble.done["kills_syncd"] == len(killed) >= 1
    assert (line.lose, line.cut, line.up) == (0.0, 0.0, True)
    assert ask(port) == b"answer\n"
    line.stop()


def test_a_program_that_does_not_come_back_is_told():
    line = Line(target=("127.0.0.1", 1), seed=1)
    line.start()

    failed = []

    def fail():
        failed.append(1)
        raise ProgramError("gone")

    trouble = Trouble(line, 5, [("server", fail)])
    trouble.start()
    until = time.monotonic() + 60
    while not failed and time.monotonic() < until:
        time.sleep(0.05)

    with pytest.raises(RuntimeError, match="did not come back"):
        trouble.stop()
    line.stop()


def test_facts_survive_a_line_cut_short_by_a_kill(tmp_path):
    out = tmp_path / "robot.out"
    out.write_text(
        '{"submitted": {"hash": "aa"}}\n{"act": 1}\n{"submitted": {"ha', encoding="utf-8"
    )

    assert told([out]) == {"aa": "submitted"}


def test_a_command_that_fails_is_told_with_its_words():
    with pytest.raises(ProgramError, match="no-such-command"):
        run(["no-such-command"])


def test_a_program_is_killed_restarted_and_waited_for(tmp_path):
    program = Program("doctor", ["doctor", "--json"], tmp_path)

    program.start()
    program.kill()
    killed = program.exit_code
    program.start()

    assert killed == -9
    assert program.wait(60) in {0, 1}
    assert json.loads(program.out.read_text(encoding="utf-8").strip().splitlines()[-1])


def test_a_server_that_comes_back_finds_its_port_free(monkeypatch):
    """Of those the system gives out by itself another program may have it meanwhile."""
    given_out = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii")
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken, free = other.getsockname()[1], quiet_port()
        monkeypatch.setattr(process, "QUIET_PORTS", (taken, free))
        found = [quiet_port() for _ in range(20)]

    assert free < int(given_out.split()[0])
    assert found == [free] * 20


def test_a_program_that_ends_too_early_is_named(tmp_path):
    program = Program("wrong", ["no-such-command"], tmp_path)
    program.start()

    with pytest.raises(ProgramError, match="wrong did not come up"):
        wait_for_file(tmp_path / "never", 30, program)


def test_a_crowd_restarts_the_killed_and_gives_up_on_the_broken(tmp_path):
    good = Program("good", ["doctor", "--json"], tmp_path)
    broken = Program("broken", ["no-such-command"], tmp_path)
    crowd = Crowd({"good": good})
    killer = threading.Timer(0.3, lambda: crowd.kill_one(lambda running: running[0]))

    killer.start()
    crowd.run(60)

    assert crowd.restarts in {0, 1}
    with pytest.raises(ProgramError, match="broken ended with"):
        Crowd({"broken": broken}).run(60)
