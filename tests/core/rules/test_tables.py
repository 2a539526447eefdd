"""Tables are data with sources; functions read them."""

import tomllib
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from core.domain.points import Points
from core.rules.calendar import (
    Phase,
    PhaseName,
    build_calendar,
    calendar_of,
    deadline,
    find_phase,
    load_calendar,
    phase_at,
    phases_at,
    takes_applications,
    takes_approvals,
)
from core.rules.evidence import DocumentGroup, load_documents
from core.rules.scale import Item, find_scale, load_scales, score

TABLES = files("core.rules.tables")
START = datetime(2026, 4, 19, tzinfo=UTC)
DAY = timedelta(days=1)


def text_of(name: str) -> str:
    return TABLES.joinpath(name).read_text(encoding="utf-8")


def a_calendar():
    moments = ("opens", "submit", "officer", "freeze", "run", "publish", "ends")
    return build_calendar(**{name: START + DAY * place for place, name in enumerate(moments)})


def test_every_table_says_where_its_values_come_from():
    names = sorted(each.name for each in TABLES.iterdir() if each.name.endswith(".toml"))

    assert names
    for name in names:
        text = text_of(name)
        tomllib.loads(text)
        assert "source" in text, name
        assert "as_of" in text, name
        assert "checked_on" in text, name


def test_the_scale_of_the_season_loads_and_marks_its_examples():
    scales = load_scales(text_of("scale_115.toml"))

    service = find_scale(scales, "service_in_county")

    assert service is not None
    assert (service.item, service.unit, service.example) == (Item.SERVICE, Points(200), False)
    assert all(each.example for each in scales if each is not service)
    assert find_scale(scales, "none") is None


@pytest.mark.parametrize(("units", "hundredths"), [(0, 0), (4, 800), (5, 1000), (9, 1000)])
def test_points_are_cut_at_the_cap(units, hundredths):
    appraisal = find_scale(load_scales(text_of("scale_115.toml")), "appraisal_first_class")

    assert score(units, appraisal) == Points(hundredths)


def test_service_has_no_cap_and_nothing_is_negative():
    service = find_scale(load_scales(text_of("scale_115.toml")), "service_in_county")

    assert score(30, service) == Points(6000)
    with pytest.raises(ValueError, match="units_negative"):
        score(-1, service)


def test_a_line_named_twice_is_refused():
    text = text_of("scale_115.toml")

    with pytest.raises(ValueError, match="named twice"):
        load_scales(text.replace("service_in_remote_area", "service_in_county"))


def test_the_documents_of_the_season_come_by_group_and_are_marked_as_examples():
    documents = load_documents(text_of("evidence_115.toml"))

    groups = [each.group for each in documents]
    assert groups == sorted(groups, key=list(DocumentGroup).index)
    assert set(groups) == set(DocumentGroup)
    assert all(each.example for each in documents)


def test_a_document_named_twice_is_refused():
    text = text_of("evidence_115.toml")

    with pytest.raises(ValueError, match="named twice"):
        load_documents(text + text[text.index("[[document]]") :])


def test_the_calendar_of_the_season_loads():
    calendar = load_calendar(text_of("calendar_115.toml"))

    assert [phase.opens for phase in calendar] == sorted(phase.opens for phase in calendar)
    assert deadline(calendar) is not None


def test_a_phase_is_open_at_its_first_moment_and_closed_at_its_last():
    calendar = a_calendar()
    apply = find_phase(calendar, PhaseName.APPLY)

    assert phase_at(calendar, apply.opens).name is PhaseName.APPLY
    assert phase_at(calendar, apply.closes).name is PhaseName.OFFICER_REVIEW
    assert phase_at(calendar, apply.opens - timedelta(microseconds=1)) is None
    assert PhaseName.LIST_CORRECTION in {each.name for each in phases_at(calendar, apply.opens)}


def test_teachers_send_until_the_deadline_and_officers_a_little_longer():
    calendar = a_calendar()
    last = deadline(calendar)

    assert takes_applications(calendar, last - DAY / 2)
    assert not takes_applications(calendar, last)
    assert takes_approvals(calendar, last)
    assert not takes_approvals(calendar, last + DAY)


def test_phases_that_overlap_change_places_or_come_twice_are_refused():
    def phase(name, first, last):
        return Phase(name=name, opens=START + DAY * first, closes=START + DAY * last)

    apply, review = PhaseName.APPLY, PhaseName.OFFICER_REVIEW

    with pytest.raises(ValueError, match="twice"):
        calendar_of([phase(apply, 0, 1), phase(apply, 2, 3)])
    with pytest.raises(ValueError, match="overlaps"):
        calendar_of([phase(apply, 0, 2), phase(review, 1, 3)])
    with pytest.raises(ValueError, match="before"):
        calendar_of([phase(review, 0, 1), phase(apply, 1, 2)])
    with pytest.raises(ValueError, match="closes before"):
        phase(apply, 1, 1)
    with pytest.raises(ValueError, match="zone"):
        Phase(name=apply, opens=START.replace(tzinfo=None), closes=START + DAY)
