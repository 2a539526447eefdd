"""The forms of a county's own schemes, filled in with what the kiosk knows (F-410 to F-441).

Everything else stays blank, to be written by hand: nothing is guessed.
"""

from collections.abc import Mapping
from datetime import date, datetime

from core.domain.application import Claim
from core.domain.points import Points
from core.domain.roc import ROC_EPOCH
from core.rules.county_form import (
    COLUMNS,
    Blank,
    Box,
    Cell,
    CountyForm,
    PointsLine,
    PointsTable,
    parts_of,
)
from core.rules.scale import Scale, find_scale, score
from kiosk.paper.filling import SEXES, school_of
from kiosk.paper.sheet import Sheet, framed, version_foot
from kiosk.session.naming import county_name, subject_name
from kiosk.session.paper import Form, PaperSize
from kiosk.session.reckoning import SERVICE_LINE
from kiosk.session.record import Version
from kiosk.session.station import Station
from kiosk.text.zh_hant_tw.bureau import BureauZh

TICKED, UNTICKED = "■", "□"


def county_sheet(
    station: Station, version: Version, table: CountyForm, now: datetime, *, title: str = ""
) -> Sheet:
    """The form of ``table`` for who sent this version; ``title`` is the code of her 職稱.

    Raises:
        ValueError: ``content``; it was sent from another kiosk.
    """
    claim = version.claim
    if claim is None:
        raise ValueError("content")
    known = _known(station, claim, title)
    ticked = {"other_county": True, **_sex(claim)}  # what is printed was sent
    sheet = framed(
        Form(table.kind.value),
        table.title,
        {
            "columns": COLUMNS,
            "rows": [[_cell(cell, known, ticked) for cell in row.cells] for row in table.rows],
            "checks": {
                "title": table.checks.title,
                "columns": list(table.checks.columns),
                "remarks": list(table.checks.remarks),
                "lines": [
                    {
                        "text": line.text,
                        "answers": [_parts(each, known, ticked) for each in line.answers],
                    }
                    for line in table.checks.lines
                ],
            },
            "points": _points(table.points, claim, station.scales),
            "pledge_title": table.pledge_title,
            "pledges": list(table.pledges),
            "signature": table.signature,
            "signings": [{"label": each.label, "text": each.text} for each in table.signings],
            "note": _note(station, table),
        },
        station=station,
        now=now,
        foot=version_foot(version),
    )
    return sheet.on(PaperSize(table.paper))


def _known(station: Station, claim: Claim, title: str) -> Mapping[str, str]:
    born = date.fromisoformat(claim.birth)
    return {
        "name": claim.teacher_name,
        "sex": SEXES[claim.sex],
        "national_id": claim.national_id,
        "birth_year": str(born.year - ROC_EPOCH),
        "birth_month": str(born.month),
        "birth_day": str(born.day),
        "phones": "、".join(each for each in (claim.phone1, claim.phone2) if each),
        "email": claim.email,
        "school": school_of(station.reference, claim.school),
        "title": BureauZh().title(title),
        "subject": subject_name(station.reference, claim.stage, claim.subject),
        "service_years": str(claim.service_years),
    }


def _sex(claim: Claim) -> Mapping[str, bool]:
    return {"male": claim.sex == "M", "female": claim.sex == "F"}


def _cell(cell: Cell, known: Mapping[str, str], ticked: Mapping[str, bool]) -> dict[str, object]:
    return {
        "label": cell.label,
        "label_span": cell.label_span,
        "span": cell.span,
        "lines": [_parts(each, known, ticked) for each in cell.text.split("\n")],
    }


def _parts(text: str, known: Mapping[str, str], ticked: Mapping[str, bool]) -> list[object]:
    """What a template sets one after another: words, or a rule of so many em to write on."""
    written: list[object] = []
    for part in parts_of(text):
        match part:
            case str():
                written.append({"text": part})
            case Box(field):
                written.append({"text": TICKED if ticked.get(field) else UNTICKED})
            case Blank(field, width):
                value = known.get(field, "")
                written.append({"text": value} if value or not width else {"rule": width})
    return written


def _points(table: PointsTable, claim: Claim, scales: tuple[Scale, ...]) -> dict[str, object]:
    return {
        "title": table.title,
        "columns": list(table.columns),
        "groups": [
            {
                "title": group.title,
                "lines": [
                    {
                        "text": line.text,
                        "standard": line.standard,
                        "values": _claimed(line, claim, scales, len(table.columns)),
                    }
                    for line in group.lines
                ],
            }
            for group in table.groups
        ],
    }


def _claimed(line: PointsLine, claim: Claim, scales: tuple[Scale, ...], columns: int) -> list[str]:
    """Number and points where her claim has them and the line is ours; the rest is by hand."""
    blank = [""] * columns
    if line.same is None or line.same.scale != SERVICE_LINE:
        return blank
    ours = find_scale(scales, SERVICE_LINE)
    if ours is None or ours.unit != Points.from_text(line.same.unit):
        return blank
    return [str(claim.service_years), str(score(claim.service_years, ours)), *blank[2:]]


def _note(station: Station, table: CountyForm) -> str:
    county = county_name(station.reference, table.county)
    source = f"依據：{table.law}。格式：{table.source}「{table.place}」（{table.as_of}）。"
    marked = (
        f"本表為 {table.school_year} 學年度格式（範例），"
        f"{station.season} 年正式表件以{county}政府公告為準。"
        if table.example
        else ""
    )
    points = "積分欄位之格式為範例。" if table.points.example else ""
    return f"{source}{marked}{points}"
