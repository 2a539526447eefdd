"""Sentences about who may apply."""

from datetime import date

from core.domain.refusal import Citation
from kiosk.session.self_check import Finding
from kiosk.text.zh_hant_tw.dates import full_day, stamp

_HARDSHIPS = {
    "none": "無",
    "serious_illness": "重大傷病",
    "marriage": "結婚",
    "living": "生活不便",
}
_BONDS = {
    "none": "無",
    "outlying_island": "離島初任",
    "remote_selection": "偏遠專案甄選",
    "public_funded": "公費生",
}
_FINDINGS = {
    Finding.UNANSWERED: "資格檢核（選填）：還沒有答完。資格由人事依證件查核。",
    Finding.CLEAR: "資格檢核：依您的回答，沒有不符的地方；人事仍會依證件查核。",
    Finding.DOUBTFUL: "資格檢核：有要請人事查核的地方。仍可繼續填寫與送出。",
}
_DOUBTS = {
    "service_too_short": "在現職學校實際服務未滿規定的學期：一般六學期；結婚或生活不便有具體"
    "事實四學期；重大傷病有醫療需要不限。育嬰、服兵役留職停薪最多併計二學期。",
    "bound": "義務服務未滿六年：期滿前不能調離（離島調往本島、偏遠學校調往非偏遠學校）。",
    "on_leave": "留職停薪中：8 月 1 日前須復職，並附復職公文。",
}


class SelfCheckZh:
    """Part of `ZhHantTw`."""

    self_check_title = "資格檢核（選填）"
    self_check_intro = "只給您自己與本校人事查核用：不是申請內容，答案不會擋下申請。"
    self_check_button = "資格檢核 F6"
    self_check_done = "完成"
    self_check_next = "要怎麼辦：帶證件請人事查核；有例外情形時附佐證資料與學校同意書。"
    label_semesters = "在現職學校實際服務"
    semesters_unit = "學期（留停除外，到今年 7/31）"
    label_leave = "另有育嬰、服兵役留職停薪"
    leave_unit = "學期（最多併計 2 學期）"
    hardship_title = "未滿六學期的特殊情形"
    bond_title = "義務服務"
    label_bond_years = "在義務服務的學校或離島"
    bond_years_unit = "年"
    on_leave_question = "目前留職停薪，而且 8 月 1 日前不會復職"
    who_not_title = "哪些人今年不能在這裡申請，該怎麼辦"
    who_not: tuple[str, ...] = (
        "契約進用教保員：另有遷調系統，插卡後顯示網址。",
        "實習教師：由師資培育大學管理，不能申請介聘。",
        "現職學校未滿六學期：重大傷病、結婚、生活不便另有規定（介聘辦法第五條），先問人事。",
        (
            "義務服務未滿六年：離島初任（離島建設條例第十二條之一）、偏遠專案甄選或公費分發"
            "（偏遠地區學校教育發展條例第五條），期滿再申請。"
        ),
        "留職停薪：8 月 1 日前復職並附復職公文。",
        "列入管制名單（未報到或放棄，十年內；介聘辦法第十一條）：洽縣市教育局（處）。",
        "教師法第十六條、第三十條情形調查或處理中（介聘辦法第六條）：洽本校人事。",
        (
            "超額教師：除參加超額介聘外，亦可參加市內外介聘（基隆市 111 年簡報；縣內介聘各縣市"
            "規定不同）。外縣市介聘調入者自 8 月 1 日生效，次學年度始得列為超額教師（同上）。"
        ),
    )
    case_doubts = "請查核資格（系統試算與教師在本機的自評，不是申請內容）"

    def hardship(self, code: str) -> str:
        return _HARDSHIPS[code]

    def bond(self, code: str) -> str:
        return _BONDS[code]

    def finding(self, finding: Finding) -> str:
        return _FINDINGS[finding]

    def doubt(self, code: str) -> str:
        return _DOUBTS[code]

    def barred(self, clause: str, last: date | None) -> str:
        return (
            f"縣市通知您在管制名單上：依{clause}，{_until_zh(last)}不得申請介聘。"
            "本機不會擋下填報，由縣市依規定認定；有疑問請洽本校人事或縣市教育局（處）。"
        )

    def case_barred(self, clause: str, last: date | None) -> str:
        return f"管制名單相符：依{clause}，{_until_zh(last)}不得申請；請洽縣市認定後再簽核。"

    def clause(self, cite: Citation) -> str:
        dated = f"，{stamp(cite.as_of)}版" if cite.as_of else ""
        return f"依據：{cite.law} {cite.article}{dated}"

    def served_here(self, semesters: int, leave: int) -> str:
        more = f"，另留職停薪 {leave} 學期" if leave else ""
        return f"自評：現職學校實際服務 {semesters} 學期{more}"

    def bound_by(self, bond: str, years: int | None) -> str:
        served = "" if years is None else f"，已服務 {years} 年"
        return f"自評：義務服務 {_BONDS[bond]}{served}"


def _until_zh(last: date | None) -> str:
    return "期限由縣市認定，期間內" if last is None else f"到 {full_day(last)}為止"
