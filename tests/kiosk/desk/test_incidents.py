"""故障回報 and the mechanic at a real machine."""

import re
import sys

import pytest

from core.wire.incident import listed
from kiosk.adapters.mechanic import SystemdMechanic
from kiosk.desk.desk import Desk
from kiosk.session.answer import DeskFailed, IncidentReported, ReaderMended
from kiosk.session.effect import MendReader, ReportIncident
from kiosk.session.gesture import IncidentAsked, WentBack
from kiosk.session.state import Incident
from kiosk.session.station import Mending
from syncd.report import report_of
from syncd.store.audit import AuditCode
from tests.kiosk.machine import Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_an_incident_stands_in_the_audit_under_its_number(machine):
    scene = machine.tell(IncidentAsked)

    row = machine.store.audit.newest(1)[0]
    assert re.fullmatch("[2-9A-HJ-NP-Z]{6}", scene.number)
    assert row.code is AuditCode.INCIDENT_REPORTED
    assert row.detail.startswith(f"{scene.number} service=unknown device=unknown")
    assert row.who is None


def test_whoever_mends_finds_it_by_its_number(machine):
    numbers = [machine.tell(IncidentAsked).number for _ in range(2) if machine.tell(WentBack)]

    found = report_of(machine.store).incidents

    assert [each.split()[0] for each in found] == numbers[::-1]


def test_it_waits_for_the_daemon_in_words_of_the_list(machine):
    scene = machine.tell(IncidentAsked)
    machine.desk.perform(ReportIncident(ticket=9, state="service=fine name=林曉芒 pending=2"))

    first, second = machine.store.incidents.open()
    assert first.number == scene.number
    assert listed(first.state) == first.state
    assert first.state.startswith("service=unknown device=unknown")
    assert second.state == "service=fine pending=2"


def test_two_incidents_have_two_numbers(machine):
    numbers = {
        machine.desk.perform(ReportIncident(ticket=each, state="x"))[0].number for each in range(20)
    }

    assert len(numbers) == 20


def test_on_a_full_disk_the_incident_says_that_it_was_not_written(machine):
    machine.fill_the_disk()
    long = "x" * 3000

    found = [machine.desk.perform(ReportIncident(ticket=1, state=long))[0] for _ in range(20)]

    assert isinstance(found[-1], DeskFailed)
    assert found[-1].code == "full"
    scene = machine.tell(IncidentAsked)
    assert isinstance(scene, Incident)
    assert (scene.number is None) is (scene.fault is not None)


class Helper:
    def restart_card_service(self):
        return Mending.RESTARTED


def test_the_mechanic_is_asked_and_without_one_nothing_can_be_done(machine):
    helped = Desk(machine.equipment(mechanic=Helper())).perform(MendReader(ticket=7))
    alone = machine.desk.perform(MendReader(ticket=8))

    now = machine.clock.now()
    assert helped == (ReaderMended(ticket=7, at=now, outcome=Mending.RESTARTED),)
    assert alone == (ReaderMended(ticket=8, at=now, outcome=Mending.ABSENT),)


SAYS = "import sys; sys.stderr.write({!r}); sys.exit({})"


@pytest.mark.parametrize(
    ("said", "code", "outcome"),
    [
        ("", 0, Mending.RESTARTED),
        (
            "Failed to restart pcscd.service: Interactive authentication required.",
            1,
            Mending.NOT_ALLOWED,
        ),
        ("Failed to restart pcscd.service: Access denied", 4, Mending.NOT_ALLOWED),
        ("System has not been booted with systemd as init system", 1, Mending.ABSENT),
        ("Failed to restart pcscd.service: Unit pcscd.service not found.", 5, Mending.ABSENT),
        ("Job for pcscd.service failed.", 1, Mending.FAILED),
    ],
)
def test_what_the_service_manager_says_is_understood(said, code, outcome):
    mechanic = SystemdMechanic((sys.executable, "-c", SAYS.format(said, code)))

    assert mechanic.restart_card_service() is outcome


def test_a_service_manager_that_is_not_there_or_does_not_answer():
    absent = SystemdMechanic(("/nowhere/systemctl",))
    silent = SystemdMechanic((sys.executable, "-c", "import time; time.sleep(9)"), patience_s=0.1)

    assert absent.restart_card_service() is Mending.ABSENT
    assert silent.restart_card_service() is Mending.FAILED


def test_an_incident_reported_is_an_answer(machine):
    assert isinstance(
        machine.desk.perform(ReportIncident(ticket=1, state="x"))[0], IncidentReported
    )
