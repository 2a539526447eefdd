"""A county's own forms: what is known stands on them, and nothing that is not."""

import subprocess
from dataclasses import replace

import pytest

from core.rules.county_form import SameLine
from kiosk.paper.county import TICKED, UNTICKED, county_sheet
from kiosk.paper.typesetter import Typesetter
from kiosk.session.paper import PaperSize
from tests.kiosk.changhua import AT_RICE, FORMS, SURPLUS, TRANSFER, of_rice
from tests.kiosk.people import NOON


@pytest.fixture(scope="module")
def typesetter():
    return Typesetter()


def sheet(table=TRANSFER, version=None, title="homeroom", station=AT_RICE):
    return county_sheet(station, version or of_rice(), table, NOON, title=title)


def text_of(pdf: bytes, *words: str) -> str:
    command = ["/usr/bin/pdftotext", *words, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def facts(pdf: bytes) -> dict[str, str]:
    done = subprocess.run(["/usr/bin/pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    lines = [each.split(":", 1) for each in done.stdout.decode().splitlines() if ":" in each]
    return {name: value.strip() for name, value in lines}


def joined(text: str) -> str:
    return "".join(text.split())


def words_of(table) -> list[str]:
    """Every label and sentence the table has, in the order of the form."""
    return [
        table.title,
        *(cell.label for row in table.rows for cell in row.cells),
        *(line.text for line in table.checks.lines),
        *table.checks.columns,
        *table.checks.remarks,
        *table.points.columns,
        *(group.title for group in table.points.groups),
        *(line.text for group in table.points.groups for line in group.lines),
        *table.pledges,
        *(each.label for each in table.signings),
        *(each.text for each in table.signings),
    ]


@pytest.mark.parametrize("table", FORMS, ids=lambda table: table.kind.value)
def test_every_label_and_sentence_of_the_table_comes_back_exactly(table, typesetter):
    text = joined(text_of(typesetter.typeset(sheet(table)), "-raw"))

    assert [each for each in words_of(table) if joined(each) not in text] == []


@pytest.mark.parametrize("table", FORMS, ids=lambda table: table.kind.value)
def test_a_form_is_one_tagged_page_of_a3_and_the_same_bytes_each_time(table, typesetter):
    pdf = typesetter.typeset(sheet(table))
    seen = facts(pdf)

    assert Typesetter().typeset(sheet(table)) == pdf
    assert (seen["Tagged"], seen["Pages"], seen["Title"]) == ("yes", "1", table.title)
    assert seen["Page size"].endswith("(A3)")


def test_on_smaller_paper_only_the_size_differs(typesetter):
    large = typesetter.typeset(sheet())
    small = typesetter.typeset(sheet().on(PaperSize.A4))

    assert facts(small)["Page size"].endswith("(A4)")
    assert text_of(small, "-raw") == text_of(large, "-raw")


def test_what_the_kiosk_knows_of_her_is_filled_in(typesetter):
    text = joined(text_of(typesetter.typeset(sheet(version=of_rice(phone2="0912345678"))), "-raw"))

    for expected in (
        "姓名林曉芒",
        "性別女",
        "出生民國75年4月28日",
        "電話（手機）03-5123456、0912345678",
        "服務學校彰化縣稻香國中",
        "職稱導師",
        "一（服務學校聘其擔任之科（類）別）公民與社會",
        f"申請縣外介聘{TICKED}有{UNTICKED}無",
        "本表為113學年度格式（範例），115年正式表件以彰化縣政府公告為準。",
    ):
        assert expected in text


def test_what_it_does_not_know_stays_blank_and_no_box_is_ticked_for_her(typesetter):
    text = joined(text_of(typesetter.typeset(sheet(title="")), "-raw"))

    assert text.count(TICKED) == 1  # 申請縣外介聘
    assert text.count(f"{UNTICKED}符合{UNTICKED}不符合") == 15
    assert "職稱本校到職年月本校服務年資年" in text
    assert "民國民國" not in text
    assert "導師" not in text.partition("積分")[0]


@pytest.mark.parametrize("name", ["林曉芒", "游錫堃", "林𡍼明", "𠀋𠮷", "Yayuy‧Nakuy"])
def test_every_name_comes_back_exactly(name, typesetter):
    text = text_of(typesetter.typeset(sheet(version=of_rice(teacher_name=name))), "-raw")

    assert name in text.replace(" ", "")


def same(unit="2.0", scale="service_in_county"):
    """The form of a county whose first line of points is ours."""
    group, *others = TRANSFER.points.groups
    first = replace(group.lines[0], same=SameLine(scale=scale, unit=unit))
    group = replace(group, lines=(first, *group.lines[1:]))
    return replace(TRANSFER, points=replace(TRANSFER.points, groups=(group, *others)))


def values(table, station=AT_RICE):
    points = sheet(table, station=station).content["points"]
    return [line["values"] for group in points["groups"] for line in group["lines"]]


def test_points_are_claimed_only_where_the_line_and_its_worth_are_ours():
    claimed, *others = values(same())

    assert claimed == ["7", "14.0", "", ""]
    assert {tuple(each) for each in others} == {("", "", "", "")}
    for table in (TRANSFER, same(unit="1.5"), same(scale="commendation")):
        assert values(table)[0] == ["", "", "", ""]
    assert values(same(), replace(AT_RICE, scales=()))[0] == ["", "", "", ""]


def test_a_form_and_points_of_this_very_season_are_not_called_examples():
    table = replace(TRANSFER, example=False, points=replace(TRANSFER.points, example=False))

    note = sheet(table).content["note"]

    assert "範例" not in note
    assert TRANSFER.law in note


def test_a_version_from_elsewhere_has_no_county_form():
    with pytest.raises(ValueError, match="content"):
        county_sheet(AT_RICE, replace(of_rice(), claim=None), SURPLUS, NOON)
