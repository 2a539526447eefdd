"""The questions of 資格檢核."""

from kiosk.text.field import FieldPage, FieldWords
from kiosk.text.fields.rules import BOUND_SERVICE, ON_LEAVE, SIX_SEMESTERS, SURPLUS

SEMESTERS = FieldPage(
    zh=FieldWords(
        label="在現職學校實際服務幾學期",
        what="到今年 7 月 31 日，在現在這所學校實際服務的完整學期數，留職停薪的學期不算。"
        "因裁併校或非自願調校而來的，前一校的學期可以加上。",
        example="112 年 8 月到職、沒有留職停薪：填 6",
    ),
    en=FieldWords(
        label="Semesters served in the present school",
        what="Whole semesters to 31 July of this year, without leave. Semesters of a school you "
        "were moved from without asking may be added.",
        example="here since August 2023, no leave: 6",
    ),
    rule=SIX_SEMESTERS,
)
LEAVE = FieldPage(
    zh=FieldWords(
        label="育嬰或服兵役留職停薪的學期",
        what="在現職學校期間，因育嬰或服義務兵役留職停薪的學期數；最多併計二學期。",
        example="育嬰一年：填 2",
    ),
    en=FieldWords(
        label="Semesters of childcare or military leave",
        what="While at the present school; at most two of them count.",
        example="one year of childcare: 2",
    ),
    rule=SIX_SEMESTERS,
)
HARDSHIP = FieldPage(
    zh=FieldWords(
        label="未滿六學期的特殊情形",
        what="重大傷病有醫療需要不限學期；結婚，或生活不便有具體事實，須滿四學期。"
        "須附佐證資料與學校同意書。",
        example="滿六學期以上：選「無」",
    ),
    en=FieldWords(
        label="Grounds for fewer than six semesters",
        what="Serious illness: no minimum. Marriage, or proven hardship: four semesters. Bring "
        "proof and the school's consent.",
        example="six semesters or more: none",
    ),
    rule=SIX_SEMESTERS,
)
BOND = FieldPage(
    zh=FieldWords(
        label="義務服務",
        what="離島初任、偏遠地區學校專案甄選、公費分發的教師，須服務期滿才能調離。"
        "請一併填已服務的年數。",
        example="一般聯合甄選進用：選「無」",
    ),
    en=FieldWords(
        label="Bound service",
        what="A first post on an outlying island, special selection for a remote school, public "
        "funds: move only after the years are served. Give the years too.",
        example="hired by an ordinary joint selection: none",
    ),
    rule=BOUND_SERVICE,
)
LEAVE_NOW = FieldPage(
    zh=FieldWords(
        label="目前留職停薪",
        what="8 月 1 日前復職並附復職公文，就可以申請；不會在那之前復職才勾選。",
    ),
    en=FieldWords(
        label="On leave without pay now",
        what="Back before 1 August, with the letter, you may apply; tick only if you will not be.",
    ),
    rule=ON_LEAVE,
)
SURPLUS_PAGE = FieldPage(
    zh=FieldWords(label="超額教師", what="超額教師可以同時參加；各縣市對縣內介聘的規定不同。"),
    en=FieldWords(
        label="Surplus teachers",
        what="They may take part here too; counties differ on their own rounds.",
    ),
    rule=SURPLUS,
)
