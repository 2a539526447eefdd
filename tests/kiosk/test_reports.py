"""What a reader reports, as what the session is told."""

from kiosk.adapters.reader_port import ReaderAdded, ReaderRemoved, ServiceLost, ServiceUp
from kiosk.reports import Reports
from kiosk.session.station import Service
from tests.kiosk.people import NOON


def told(*reports):
    remembered = Reports()
    events = [remembered.event_of(report, NOON) for report in reports]
    return [(event.service, event.device, event.names) for event in events]


def test_a_reader_that_is_plugged_in_is_never_called_missing_while_the_machine_starts():
    assert told(ServiceUp(("A",))) == [(Service.FINE, Service.FINE, ("A",))]


def test_a_service_without_a_reader_is_told():
    assert told(ServiceUp()) == [(Service.FINE, Service.MISSING, ())]


def test_what_a_service_knew_before_it_was_lost_does_not_count():
    last = told(ServiceUp(("A", "B")), ServiceLost(), ServiceUp(("B",)))[-1]

    assert last == (Service.FINE, Service.FINE, ("B",))


def test_the_last_reader_pulled_is_missed():
    events = told(ServiceUp(("B",)), ReaderAdded("A"), ReaderRemoved("B"), ReaderRemoved("A"))

    assert [device for _, device, _ in events] == [Service.FINE] * 3 + [Service.MISSING]
    assert [names for _, _, names in events] == [("B",), ("A", "B"), ("A",), ()]
