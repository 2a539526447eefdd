"""The four forms, filled in from a version: 個人資料表, receipt, 應備文件 and cover.

The wording is that of the paper the counties know (F-181 to F-195); it is not translated.
"""

from collections.abc import Iterable
from datetime import date, datetime

from core.domain.application import Claim, Reference, Wishes
from core.domain.ids import SchoolId
from core.domain.place import find_county
from core.domain.roc import ROC_EPOCH, format_roc_deadline
from core.rules.calendar import PhaseName, find_phase
from core.rules.evidence import Document, DocumentGroup
from kiosk.paper.sheet import (
    STAGE_WORDS,
    Sheet,
    code_of,
    filled,
    framed,
    version_foot,
    wish_cells,
)
from kiosk.session.naming import county_code, county_name, subject_name
from kiosk.session.paper import Form
from kiosk.session.record import Version
from kiosk.session.season import officers_deadline, publication
from kiosk.session.station import Station

SUBJECT_LINES = 3
INDIGENOUS = (
    "具原住民族身分並同意依國民中小學校長主任教師甄選儲訓及介聘辦法第11條規定，"
    "申請優先辦理具原住民族身分之教師單調介聘作業"
)
AREAS = {"general": "一般地區（無限制）", "restricted": "限教師證註記地區"}
SEXES = {"M": "男", "F": "女"}
GROUPS = {
    DocumentGroup.BASIC: "基本條件",
    DocumentGroup.SERVICE: "年資",
    DocumentGroup.APPRAISAL: "考績",
    DocumentGroup.AWARDS: "獎懲",
    DocumentGroup.TRAINING: "研習",
}


def personal_sheet(station: Station, version: Version, now: datetime) -> Sheet:
    """個人資料表 of a version whose content is here.

    Raises:
        ValueError: ``content``; it was sent from another kiosk.
    """
    claim, wishes = _content(version)
    reference = station.reference
    slots = zip(("甲", "乙"), (wishes.county_a, wishes.county_b), strict=True)
    return framed(
        Form.PERSONAL,
        f"{_season(claim)} {STAGE_WORDS[claim.stage]}教師個人資料表",
        {
            "heading": INDIGENOUS if claim.indigenous else "",
            "name": claim.teacher_name,
            "national_id": claim.national_id,
            "sex": SEXES[claim.sex],
            "school": school_of(reference, claim.school),
            "birth": _birth(claim.birth),
            "area": AREAS[claim.area_limit],
            "rows": filled(
                ("服務年資", f"公立學校暨幼兒園服務年資滿 {claim.service_years} 年"),
                ("應聘科類別", _subjects(reference, claim)),
                ("聯絡電話", f"電話一：{claim.phone1}，電話二：{claim.phone2 or ''}"),
                ("電子郵件", claim.email),
            ),
            "wish_count": str(len(wishes.schools)),
            "counties": [
                [slot, f"{county_name(reference, code)}（代碼：{county_code(reference, code)}）"]
                for slot, code in slots
                if code
            ],
            "wishes": wish_cells(reference, wishes, now),
        },
        station=station,
        now=now,
        foot=version_foot(version),
    )


def receipt_sheet(station: Station, version: Version, now: datetime) -> Sheet:
    """The receipt of a version; nobody's name is on it, so that it may lie on a desk."""
    review, result = officers_deadline(station.calendar), publication(station.calendar)
    county = find_phase(station.calendar, PhaseName.COUNTY_REVIEW)
    opens = None if county is None else county.opens
    following = [
        f"人事初審：{_by(review, '，')}請攜正本",
        f"縣市積分審查：{'依公告' if opens is None else format_roc_deadline(opens)}",
        f"結果公告：{'依公告' if result is None else format_roc_deadline(result)}，以公文為準",
        "截止前可再修改，但須重新送出；修改期間，本版仍然有效。",
    ]
    wishes, compared = version.wishes, station.link.compared
    return framed(
        Form.RECEIPT,
        "撤回回執" if version.withdrawn else "送出回執",
        {
            "rows": filled(
                ("受理編號", version.number),
                ("檢查碼", version.check_code),
                ("版本", f"第 {version.version} 版"),
                ("送出時間", _moment(version.submitted)),
                ("送達伺服器", _moment(version.delivered) or "尚未送達（連線後自動送出）"),
                ("時鐘", f"{_moment(compared)} 與伺服器核對" if compared else "尚未與伺服器核對"),
                ("洽詢", station.contact or "本校人事"),
            ),
            "counts_title": "沒有網路時送出，算不算？",
            "counts": list(_counts(station)),
            **code_of(station, version),
            "next_title": "接下來",
            "next": [] if version.withdrawn else following,
            "wishes_title": f"志願學校（共 {0 if wishes is None else len(wishes.schools)} 所）",
            "wishes": [] if wishes is None else wish_cells(station.reference, wishes, now),
        },
        station=station,
        now=now,
        foot=version_foot(version),
    )


def _counts(station: Station) -> Iterable[str]:
    """Whether a version sent without a line counts, and until when it has to arrive (U-013)."""
    drain = find_phase(station.calendar, PhaseName.DRAIN)
    until = "" if drain is None else f"於{format_roc_deadline(drain.closes)}前"
    yield "算。送出時間以本機簽章的時間為準，不以資料到達伺服器的時間為準。"
    yield f"連線後自動補傳，您不必再來；紀錄須{until}送達，人事也可以用隨身碟送件。"
    yield "截止後在本機看到的「封箱碼」證明本回執在截止前已經簽章。"


def evidence_sheet(
    station: Station, version: Version, documents: Iterable[Document], now: datetime
) -> Sheet:
    """應備文件檢核表: what to bring, each with its dates; 範例 where no source settles it."""
    listed = tuple(documents)
    groups = [
        [
            GROUPS[group],
            [
                [_marked(one), one.when or "全部", one.limit or "—"]
                for one in listed
                if one.group is group
            ],
        ]
        for group in DocumentGroup
        if any(one.group is group for one in listed)
    ]
    return framed(
        Form.EVIDENCE,
        "積分審查應備文件檢核表",
        {
            "lead": f"請於{_by(officers_deadline(station.calendar))}人事初審時"
            "攜帶正本及影本各一份，正本驗後發還。",
            "groups": groups,
            "note": "標示「範例」者，係依其他縣市公告整理，本年度正式應備文件以主辦單位公告為準。",
        },
        station=station,
        now=now,
        foot=version_foot(version),
    )


def cover_sheet(station: Station, version: Version, now: datetime) -> Sheet:
    """送件封面 of a version whose content is here.

    Raises:
        ValueError: ``content``; it was sent from another kiosk.
    """
    claim, wishes = _content(version)
    return framed(
        Form.COVER,
        f"{_season(claim)} 送件封面",
        {
            "receipt": version.number,
            "rows": filled(
                ("申請階段別", STAGE_WORDS[claim.stage]),
                ("申請人", claim.teacher_name),
                ("服務學校", school_of(station.reference, claim.school)),
                ("應聘科類別", _subjects(station.reference, claim)),
                ("志願數", str(len(wishes.schools))),
            ),
            **code_of(station, version),
        },
        station=station,
        now=now,
        foot=version_foot(version),
    )


def _content(version: Version) -> tuple[Claim, Wishes]:
    if version.claim is None or version.wishes is None:
        raise ValueError("content")
    return version.claim, version.wishes


def _season(claim: Claim) -> str:
    return f"{claim.season}年公立國民中小學暨幼兒園介聘他縣市服務"


def school_of(reference: Reference | None, code: str) -> str:
    """The school's whole name with its county; the code of one that left the lists."""
    school = None if reference is None else reference.schools.get(SchoolId(code))
    if school is None or reference is None:
        return code
    county = find_county(school.county, reference.counties)
    owner = "" if county is None else county.name
    return school.name if school.name.startswith(owner) else f"{owner}{school.name}"


def _birth(text: str) -> str:
    born = date.fromisoformat(text)
    return f"民國 {born.year - ROC_EPOCH} 年 {born.month} 月 {born.day} 日"


def _subjects(reference: Reference | None, claim: Claim) -> str:
    names = [subject_name(reference, claim.stage, code) for code in claim.subjects]
    names += ["無"] * (SUBJECT_LINES - len(names))
    return " ".join(f"{place}.{name}" for place, name in enumerate(names, start=1))


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else format_roc_deadline(moment)


def _by(moment: datetime | None, after: str = "") -> str:
    return "" if moment is None else f"{format_roc_deadline(moment)}前{after}"


def _marked(document: Document) -> str:
    return f"{document.name}（範例）" if document.example else document.name
