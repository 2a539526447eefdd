"""積分算法: what can be worked out, what the officer made of it, by which rule (U-021, U-065)."""

from dataclasses import replace

import msgspec
import pytest

from core.domain.ids import ApplicationId
from core.domain.points import Points
from core.rules.evidence import DocumentGroup, load_documents
from core.rules.scale import Item, load_scales
from core.season.merge import Review
from kiosk.session.reckoning import reckoned
from kiosk.session.record import LineReason, PointsView, Record, ReviewView
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.points import decision_reasons, kinds_of_points, line_reasons
from tests.kiosk.people import NOON, STATION, table, version

HERE = replace(
    STATION,
    scales=load_scales(table("scale_115.toml")),
    documents=load_documents(table("evidence_115.toml")),
)


def sent(*versions):
    return Record(app=ApplicationId(b"a" * 16), versions=versions, heads=versions[-1:])


NOTHING = dict.fromkeys(("reason_a", "reason_b", "appraisal", "awards", "training", "special"), 0)


def serving(years):
    found = version(1)
    return replace(found, claim=msgspec.structs.replace(found.claim, service_years=years))


def reviewed(service, remark="", years=9):
    points = PointsView(**NOTHING, service=service, total_a=service, total_b=service)
    decision = ReviewView(verdict="approved", at=NOON, points=points, reasons=(), remark=remark)
    return replace(sent(serving(years)), review=Review.APPROVED, decision=decision)


def kind(record, place, station=HERE):
    return next(each for each in reckoned(record, station) if each.place == place)


@pytest.mark.parametrize(
    ("awarded", "changed"), [(1800, None), (2250, Points(450)), (1600, Points(-200))]
)
def test_the_officers_figure_is_held_against_what_the_years_give(awarded, changed):
    service = kind(reviewed(awarded), "service")

    assert service.worked_out == Points(1800)
    assert service.awarded == Points(awarded)
    assert service.changed == changed


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_each_changed_line_is_told_with_both_figures_and_its_own_reason(texts):
    changed = reviewed(1600)
    because = (
        LineReason(place="service", instead_of=1800, reason="not_countable", remark="留停一年"),
        LineReason(place="reason_a", instead_of=None, reason="other", remark="戶籍謄本"),
    )
    record = replace(changed, decision=replace(changed.decision, because=because))

    reason, service = line_reasons(record, HERE, texts)
    kinds = kinds_of_points(record, HERE, texts)
    said = "".join(sentence for each in kinds for sentence in each.sentences)

    assert "18.0" in service
    assert "16.0" in service
    assert texts.because("not_countable") in service
    assert "留停一年" in service
    assert "戶籍謄本" in reason
    assert service.partition(texts.colon)[2] in said
    assert reason.partition(texts.colon)[2] in said
    assert texts.points_changed(Points(1600), Points(-200)) not in said
    assert decision_reasons(record.decision, texts)[0].startswith(texts.point_field("service"))


def test_without_points_no_line_has_a_reason():
    because = (LineReason(place="service", instead_of=0, reason="corrected", remark=""),)
    decision = ReviewView(
        verdict="returned", at=NOON, points=None, reasons=(), remark="", because=because
    )
    record = replace(sent(serving(9)), decision=decision)

    assert line_reasons(record, HERE, LANGUAGES["zh"]) == ()
    assert decision_reasons(decision, LANGUAGES["zh"]) == ()


def test_before_the_review_only_the_years_are_worked_out():
    record = sent(serving(4))

    found = {
        each.place: (each.awarded, each.worked_out, each.changed) for each in reckoned(record, HERE)
    }

    assert found.pop("service") == (None, Points(800), None)
    assert set(found.values()) == {(None, None, None)}


def test_each_kind_has_the_lines_of_the_table_and_the_papers_that_prove_it():
    appraisal, reason = kind(reviewed(0), "appraisal"), kind(reviewed(0), "reason_a")

    assert [each.cap for each in appraisal.scales] == [Points(1000)]
    assert {each.group for each in appraisal.papers} == {DocumentGroup.APPRAISAL}
    assert (reason.item, reason.scales, reason.papers) == (Item.REASON, (), ())


def test_a_version_kept_elsewhere_and_a_machine_without_a_table_work_out_nothing():
    elsewhere = sent(replace(version(1), claim=None, wishes=None))

    assert kind(elsewhere, "service").worked_out is None
    assert kind(reviewed(1800), "service", STATION).worked_out is None
    assert kind(replace(elsewhere, versions=(), heads=()), "service").worked_out is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("awarded", "difference"), [(2250, "4.5"), (1600, "2.0")])
def test_every_line_of_the_table_is_said_with_cap_source_and_dates_and_the_officers_reason(
    language, awarded, difference
):
    texts = LANGUAGES[language]

    kinds = kinds_of_points(reviewed(awarded, remark="兼任組長半年"), HERE, texts)
    said = "\n".join(sentence for each in kinds for sentence in (each.title, *each.sentences))

    for scale in HERE.scales:
        assert scale.place in said
        assert scale.source in said
        assert scale.cap is None or str(scale.cap) in said
    assert str(Points(awarded)) in said
    assert difference in said
    assert "兼任組長半年" in said
    assert "範例" in said
    assert {"zh": "105/4/1（2016）版", "en": "105/4/1 (2016)"}[language] in said
    assert all(each.name in said for each in HERE.documents if each.group is DocumentGroup.AWARDS)


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_before_the_review_the_page_says_that_the_figures_follow(texts):
    *_, total = kinds_of_points(sent(serving(9)), HERE, texts)

    assert total.title.count("0.0") == 2
    assert texts.reckoning_waiting in total.sentences
