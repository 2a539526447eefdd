"""Paper: what is on it comes back out of the PDF, the same bytes each time, and nothing is lost."""

import os
import subprocess
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from core.domain.roc import format_roc_deadline
from core.rules.calendar import PhaseName, find_phase
from core.rules.evidence import load_documents
from kiosk.adapters.chewing import Chewing, memory_folder
from kiosk.paper.filling import cover_sheet, evidence_sheet, personal_sheet, receipt_sheet
from kiosk.paper.sheet import Sheet, framed
from kiosk.paper.typesetter import TypesetError, Typesetter
from kiosk.session.paper import OWN_FORMS, Form
from tests.fakes.composer import CHARACTERS
from tests.kiosk.people import NOON, STATION, table
from tests.kiosk.screens import gallery

HERE = replace(STATION, reference=gallery.REFERENCE, server="https://tas.example.tw")
VERSION = gallery.version(3)
DOCUMENTS = load_documents(table("evidence_115.toml"))


@pytest.fixture(scope="module")
def typesetter():
    return Typesetter()


def text_of(pdf: bytes) -> str:
    """As a program for people who do not see reads it."""
    done = subprocess.run(
        ["/usr/bin/pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def claiming(**changes):
    return replace(VERSION, claim=msgspec.structs.replace(VERSION.claim, **changes))


def sheets(version=VERSION) -> dict[Form, Sheet]:
    return {
        Form.PERSONAL: personal_sheet(HERE, version, NOON),
        Form.RECEIPT: receipt_sheet(HERE, version, NOON),
        Form.EVIDENCE: evidence_sheet(HERE, version, DOCUMENTS, NOON),
        Form.COVER: cover_sheet(HERE, version, NOON),
    }


@pytest.mark.parametrize("form", OWN_FORMS)
def test_the_same_sheet_is_the_same_bytes_and_another_is_not(form, typesetter):
    first = typesetter.typeset(sheets()[form])

    assert Typesetter().typeset(sheets()[form]) == first
    assert typesetter.typeset(sheets(replace(VERSION, check_code="0000-0000"))[form]) != first


@pytest.mark.parametrize("form", OWN_FORMS)
def test_a_sheet_is_tagged_for_programs_that_read_aloud(form, typesetter):
    done = subprocess.run(
        ["/usr/bin/pdfinfo", "-"],
        input=typesetter.typeset(sheets()[form]),
        capture_output=True,
        check=True,
    )
    facts = dict(line.split(":", 1) for line in done.stdout.decode().splitlines() if ":" in line)

    assert facts["Tagged"].strip() == "yes"
    assert facts["Title"].strip() == sheets()[form].title


@pytest.mark.parametrize(
    "name", ["林曉芒", "游錫堃", "林𡍼明", "𠀋𠮷", "Yayuy‧Nakuy", "夏曼·藍波安"]
)
def test_every_name_comes_back_exactly(name, typesetter):
    text = text_of(typesetter.typeset(personal_sheet(HERE, claiming(teacher_name=name), NOON)))

    assert name in text.replace(" ", "")


@pytest.mark.parametrize("form", [Form.PERSONAL, Form.COVER])
def test_a_corrected_name_comes_back_exactly_with_every_character_the_input_method_offers(
    form, typesetter
):
    composer = Chewing(memory_folder(os.environ))
    found = "".join("".join(composer.characters(keys)) for keys in CHARACTERS)
    version = claiming(teacher_name=found, card_name_raw=b"*".ljust(20, b"\0"))

    text = text_of(typesetter.typeset(sheets(version)[form]))

    assert set("堃喆煊峯犇瀞𩣺") < set(found)
    assert found in "".join(text.split())


def test_a_character_no_font_has_is_never_dropped(typesetter):
    nobody_has = "\U000323af"
    text = text_of(
        typesetter.typeset(personal_sheet(HERE, claiming(teacher_name=f"林{nobody_has}"), NOON))
    )

    assert "林〓" in text
    assert "U+323AF" in text


def test_each_character_no_font_has_is_named_on_every_sheet_and_no_other(typesetter):
    name = "\U000323af林\U000323ae𡍼"
    sheet = personal_sheet(HERE, claiming(teacher_name=name), NOON)

    for _ in range(2):
        text = text_of(typesetter.typeset(sheet))

        assert "〓林〓𡍼" in text
        assert "U+323AE" in text
        assert "U+323AF" in text
        assert text.count("U+") == 2


def test_what_looks_like_markup_is_only_text(typesetter):
    name = '#panic() *x* $1$ "\\u5802 @a <b> //c'

    text = text_of(typesetter.typeset(personal_sheet(HERE, claiming(teacher_name=name), NOON)))

    assert "".join(name.split()) in "".join(text.split())


def test_the_personal_sheet_has_the_layout_the_counties_know(typesetter):
    plain = claiming(indigenous=False)
    text = text_of(typesetter.typeset(personal_sheet(HERE, plain, NOON)))
    joined = "".join(text.split())

    for expected in (
        "115年公立國民中小學暨幼兒園介聘他縣市服務國小教師個人資料表",  # F-181
        "第1/1頁",  # F-182
        "印表時間：115/4/27(一)12:00",  # F-183
        "姓名林曉芒身分證統一編號T270000019",  # F-185
        "性別女服務學校新竹市松風國小",  # F-186, not 姓別
        "生日民國75年4月28日",  # F-187
        "任教地區限制一般地區（無限制）",
        "公立學校暨幼兒園服務年資滿7年",  # F-188
        "1.普通2.無3.無",  # F-189
        "電話一：07-1234567#89，電話二：",  # F-190
        "電子郵件lin.hm@example.tw",  # F-191
        "志願總數：12",  # F-192
        "志願縣市（甲）：屏東縣（代碼：13）",  # F-193
        "001.溪口(13)002.石板▲原(13)",  # F-194
        "(以下空白)",  # F-195
    ):
        assert expected in joined
    assert "單調介聘作業" not in joined  # F-184
    rows = [line.split() for line in text.splitlines() if line[:4] in {"001.", "006.", "011."}]
    assert [len(row) for row in rows] == [5, 5, 3], "five a row, and (以下空白) after the last"


def test_the_line_of_the_indigenous_round_is_for_its_applicants_alone(typesetter):
    text = text_of(typesetter.typeset(personal_sheet(HERE, claiming(indigenous=True), NOON)))

    assert "申請優先辦理具原住民族身分之教師單調介聘作業" in "".join(text.split())


def test_a_long_list_goes_on_to_further_pages_and_says_so(typesetter):
    wishes = msgspec.structs.replace(
        VERSION.wishes, schools=tuple(gallery.REFERENCE.schools)[:1] * 400
    )
    text = text_of(typesetter.typeset(personal_sheet(HERE, replace(VERSION, wishes=wishes), NOON)))

    assert "第 1 / 3 頁" in text
    assert "400." in text


def test_a_receipt_names_nobody_and_says_how_far_it_has_come(typesetter):
    sent = receipt_sheet(HERE, VERSION, NOON)
    there = receipt_sheet(HERE, replace(VERSION, delivered=NOON + timedelta(hours=1)), NOON)

    assert "尚未送達" in text_of(typesetter.typeset(sent))
    assert "13:00" in text_of(typesetter.typeset(there))
    assert VERSION.claim.teacher_name not in text_of(typesetter.typeset(sent))
    assert VERSION.claim.national_id not in text_of(typesetter.typeset(sent))


def test_a_receipt_answers_whether_it_counts_without_a_line(typesetter):
    drain = find_phase(HERE.calendar, PhaseName.DRAIN)
    offline = replace(HERE, link=replace(HERE.link, compared=None))
    alone = replace(offline, calendar=())

    said = "".join(text_of(typesetter.typeset(receipt_sheet(HERE, VERSION, NOON))).split())
    never = "".join(text_of(typesetter.typeset(receipt_sheet(alone, VERSION, NOON))).split())

    assert "沒有網路時送出，算不算？" in said
    assert "以本機簽章的時間為準" in said
    assert f"須於{format_roc_deadline(drain.closes)}前送達".replace(" ", "") in said
    assert "尚未與伺服器核對" in never
    assert "紀錄須送達" in never


def test_a_receipt_of_taking_back_does_not_say_what_comes_next(typesetter):
    gone = replace(VERSION, claim=None, wishes=None, withdrawn=True)
    text = text_of(typesetter.typeset(receipt_sheet(replace(HERE, server=""), gone, NOON)))

    assert "撤回回執" in text
    assert "接下來" not in text


def test_what_to_bring_is_marked_as_an_example(typesetter):
    text = "".join(text_of(typesetter.typeset(sheets()[Form.EVIDENCE])).split())

    assert all(f"{one.name}（範例）" in text for one in DOCUMENTS)
    assert "以主辦單位公告為準" in text


def test_in_practice_every_sheet_says_so(typesetter):
    text = text_of(typesetter.typeset(personal_sheet(replace(HERE, practice=True), VERSION, NOON)))

    assert "練習，不具效力" in text


def test_a_version_from_elsewhere_has_no_personal_sheet():
    elsewhere = replace(VERSION, claim=None)

    for fill in (personal_sheet, cover_sheet):
        with pytest.raises(ValueError, match="content"):
            fill(HERE, elsewhere, NOON)


def test_a_school_that_left_the_list_is_printed_by_its_code(typesetter):
    bare = replace(HERE, reference=None)

    assert VERSION.wishes.schools[0] in text_of(
        typesetter.typeset(personal_sheet(bare, VERSION, NOON))
    )


def test_content_that_does_not_fit_the_template_is_an_error_without_content(typesetter):
    name = "林曉芒"
    broken = framed(Form.COVER, name, {"receipt": name}, station=HERE, now=NOON, foot=name)

    with pytest.raises(TypesetError) as caught:
        typesetter.typeset(broken)
    assert name not in str(caught.value)
