"""The rules behind the fields, in their own words, with source and date (UX 4.12, U-065).

Quoted are the briefings and screens in which the counties themselves quote them; an article whose
words were not at hand is described and marked 範例 (``settled`` false).
"""

from datetime import date

from kiosk.text.field import Rule

CHECKED = date(2026, 11, 21)

APPLY_IN_TIME = Rule(
    text="應於規定期限內在本系統選填志願，超過規定期限後即不得更改或增減，"
    "錯填或未完成選填志願者自行負責。",
    english="Wishes are entered before the deadline; afterwards nothing is changed, added or "
    "removed, and a wrong or unfinished list is the applicant's own responsibility.",
    source="介聘他縣市服務作業要點第十點（110 年教師操作端注意事項引述）",
    as_of="2021",
    checked_on=CHECKED,
)
INDIGENOUS_ONE_WAY = Rule(
    text="具原住民族身分並同意依國民中小學校長主任教師甄選儲訓及介聘辦法第11條規定，"
    "申請優先辦理具原住民族身分之教師單調介聘作業。若未選擇視同放棄。",
    english="A teacher of indigenous status may ask to be placed first, in a one-way round of "
    "indigenous schools. Not choosing means not asking.",
    source="110 年教師操作端畫面；現行依據為公立國民小學及國民中學教師介聘辦法第八條第二項",
    as_of="2021",
    checked_on=CHECKED,
)
LANGUAGE_FIRST = Rule(
    text="各縣市應優先辦理具客語或原住民族語教學認證之教師介聘，方式依各縣市規定。",
    english="Counties place teachers certified in Hakka or an indigenous language first, each by "
    "its own regulation.",
    source="公立國民小學及國民中學教師介聘辦法第八條第二項（摘要）",
    as_of="2023-12-18",
    checked_on=CHECKED,
    settled=False,
)
TEACHING_AREA = Rule(
    text="持偏遠或特殊地區教師證書者，須具一般地區教師資格，始得介聘至一般地區學校。",
    english="A certificate limited to remote or special areas leads to a general school only with "
    "the qualification for general areas.",
    source="公立國民小學及國民中學教師介聘辦法第十三條（摘要）",
    as_of="2023-12-18",
    checked_on=CHECKED,
    settled=False,
)
SIX_SEMESTERS = Rule(
    text="國民中、小學現職教師，除偏遠地區學校教育發展條例、離島建設條例或直轄市、縣（市）"
    "主管教育行政機關另有規定外，應在現職學校實際服務滿六學期以上，且無下列各款情事者，"
    "始得申請介聘。有下列情形之一者，得申請介聘至其他直轄市、縣（市），不受滿六學期之限制："
    "一、於現職學校實際服務期間，因重大傷病有醫療需要。二、於現職學校實際服務滿四學期以上，"
    "因結婚，或生活不便有具體事實。",
    english="Six semesters actually served in the present school, unless an act on remote or "
    "island schools or the county says otherwise. For another county: none in case of serious "
    "illness, four on marriage or proven hardship.",
    source="國民中小學校長主任教師甄選儲訓及介聘辦法第15條（基隆市 111 年簡報引述）；"
    "現行依據為公立國民小學及國民中學教師介聘辦法第五條（彰化縣 113 年簡報）",
    as_of="2022",
    checked_on=CHECKED,
)
SAME_STAGE = Rule(
    text="同一服務階段、同一應聘科(類)別始得介聘；第一個申請科(類)別即現任應聘科(類)別。",
    english="A transfer stays within the stage and the subject class; the first class applied for "
    "is the present one.",
    source="公立國民小學及國民中學教師介聘辦法第八條（摘要）；110 年教師操作端畫面",
    as_of="2023-12-18",
    checked_on=CHECKED,
    settled=False,
)
TWO_COUNTIES = Rule(
    text="志願縣市不影響排序。",
    english="Which county is A and which is B ranks nothing.",
    source="110 年教師操作端畫面（選擇志願縣市）",
    as_of="2021",
    checked_on=CHECKED,
)
LISTS_MAY_CHANGE = Rule(
    text="各縣市可能在填報期間內更正介聘學校名單，如需異動「志願資料」，請於規定期限內進行異動。",
    english="Counties may correct their school lists while applications are open; changes are "
    "made before the deadline.",
    source="110 年教師操作端注意事項第五點",
    as_of="2021",
    checked_on=CHECKED,
)
SCHOOL_MARKS = Rule(
    text="偏遠、特殊偏遠、極度偏遠學校由各縣市報教育部核定；"
    "原民校指原住民族學校、原住民教育班及原住民重點學校。",
    english="Counties propose and the ministry confirms remote, special remote and very remote "
    "schools; 原民校 are indigenous schools, schools with indigenous classes and key schools.",
    source="介聘他縣市服務作業要點第十三點（110 年教師操作端注意事項引述）；"
    "偏遠等級依偏遠地區學校教育發展條例（摘要）",
    as_of="2021",
    checked_on=CHECKED,
    settled=False,
)
PRIVACY_ACT = Rule(
    text="公務機關或非公務機關向當事人蒐集個人資料時，應明確告知當事人蒐集之目的、資料類別、"
    "利用之期間、地區、對象及方式、當事人得行使之權利。",
    english="Who collects personal data tells for what, which, how long, where, by whom, and what "
    "rights there are.",
    source="個人資料保護法第八條（摘要）",
    as_of="2023-05-31",
    checked_on=CHECKED,
    settled=False,
)
REVIEW_WITH_ORIGINALS = Rule(
    text="各校人事主任初審，並依當年度積分審查原則核對正本。",
    english="The school's personnel officer reviews first, against the originals.",
    source="介聘電腦系統作業日程（111、113 年）；積分審查原則尚未公開",
    as_of="2024",
    checked_on=CHECKED,
    settled=False,
)
BOUND_SERVICE = Rule(
    text="離島地區初任教師應服務滿六年，始得申請介聘至臺灣本島；偏遠地區學校專為偏遠地區甄選或"
    "公費分發之教師，應於該校實際服務六年以上，始得申請介聘至非偏遠地區學校。",
    english="Six years on the outlying island of the first post before moving to the main island; "
    "six years in the same remote school before moving to one that is not.",
    source="離島建設條例第十二條之一；偏遠地區學校教育發展條例第五條（摘要）",
    as_of="2023-12-18",
    checked_on=CHECKED,
    settled=False,
)
ON_LEAVE = Rule(
    text="留職停薪教師應於 8 月 1 日前復職，並附復職公文。",
    english="A teacher on leave without pay is reinstated before 1 August, with the letter.",
    source="彰化縣 113 年介聘簡報（摘要）",
    as_of="2024",
    checked_on=CHECKED,
    settled=False,
)
SURPLUS = Rule(
    text="超額教師除參加超額介聘外，亦可參加市內外介聘。外縣市介聘調入教師自 8 月 1 日生效，"
    "次學年度始得列為超額教師。",
    english="Surplus teachers may also take part in transfers inside and outside the city. Who "
    "moves in from another county from 1 August counts as surplus from the next school year on.",
    source="基隆市 111 年聯合甄選介聘簡報；縣內介聘各縣市規定不同",
    as_of="2022",
    checked_on=CHECKED,
)
