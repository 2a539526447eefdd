"""The fields of 志願縣市 and 志願學校 (K05)."""

from kiosk.text.field import FieldPage, FieldWords
from kiosk.text.fields.rules import (
    APPLY_IN_TIME,
    LISTS_MAY_CHANGE,
    SCHOOL_MARKS,
    TWO_COUNTIES,
)

COUNTY_A = FieldPage(
    zh=FieldWords(
        label="志願縣市甲",
        what="第一個想去的縣市。甲、乙只是代號，不影響志願排序；不能選現任學校所在的縣市。"
        "更換縣市時，原縣市的志願移到暫存區，改回來就恢復。",
        example="甲 屏東縣(13)、乙 臺東縣(14)",
    ),
    en=FieldWords(
        label="County A",
        what="One of the two counties; A and B are names only and rank nothing. Not your own "
        "county. Wishes of a county you change are put aside and return with it.",
        example="A 屏東縣(13), B 臺東縣(14)",
    ),
    rule=TWO_COUNTIES,
)
COUNTY_B = FieldPage(
    zh=FieldWords(
        label="志願縣市乙",
        what="第二個想去的縣市，不能與甲相同。兩縣市的學校可以交錯排列。",
        example="甲 屏東縣(13)、乙 臺東縣(14)",
    ),
    en=FieldWords(
        label="County B",
        what="The other county, different from A. Schools of both may alternate in your list.",
        example="A 屏東縣(13), B 臺東縣(14)",
    ),
    rule=TWO_COUNTIES,
)
KEYWORD = FieldPage(
    zh=FieldWords(
        label="關鍵字過濾學校名稱",
        what="此處供使用者快速搜尋志願學校。可輸入學校代碼、校名或鄉鎮（臺、台相同），"
        "或各字的注音首字：直接按注音鍵，不用切換輸入法。清空就顯示全部。",
        example="133601、和平、2q（ㄉㄆ，代表大埔）",
    ),
    en=FieldWords(
        label="Filter",
        what="Finds schools quickly: a code, a name or township (臺 and 台 are equal), or the "
        "first 注音 of each character on the plain keyboard. Empty shows all.",
        example="133601, 和平, 2q (ㄉㄆ for 大埔)",
    ),
)
COUNTY_TAB = FieldPage(
    zh=FieldWords(
        label="縣市分頁",
        what="左邊顯示哪一個縣市的學校。在學校名單裡按左右鍵也可以換。括號內是縣市代碼。",
        example="甲 屏東縣（代碼 13）",
    ),
    en=FieldWords(
        label="County",
        what="Whose schools stand on the left; in the list the left and right arrows "
        "change it too.",
        example="A 屏東縣 (code 13)",
    ),
)
TOWNSHIP = FieldPage(
    zh=FieldWords(
        label="鄉鎮市區",
        what="此處呈現使用者所選擇的志願縣市鄉鎮，供使用者可以快速查找志願學校使用。"
        "「不分區」顯示全縣市；數字是該鄉鎮的學校數。",
        example="三地門鄉",
    ),
    en=FieldWords(
        label="Township",
        what="The townships of the county in front, to find schools quickly, each with its number "
        "of schools; 不分區 is the whole county.",
        example="三地門鄉",
    ),
)
MARKS = FieldPage(
    zh=FieldWords(
        label="學校註記",
        what="勾選後只列出有這些註記之一的學校；都不勾就是全部。註記的意思見下方。",
        example="只勾「原」：只列原民校",
    ),
    en=FieldWords(
        label="Marks",
        what="Only schools with any of the ticked marks are listed; none ticked lists all. What "
        "they mean stands below.",
        example="only 原 ticked: 原民校 only",
    ),
    rule=SCHOOL_MARKS,
)
CANDIDATES = FieldPage(
    zh=FieldWords(
        label="待選學校",
        what="符合條件的學校，依鄉鎮排列。空白鍵加入，已加入的再按一次就移除；"
        "Enter 選加入位置。標「不開放」的學校今年不採計。",
        example="按空白鍵，校名右邊出現「第 3 志願」",
    ),
    en=FieldWords(
        label="Candidates",
        what="The schools that fit, by township. Space adds one, again removes it; Enter chooses "
        "where it goes. Closed ones do not count this year.",
        example="after Space the row says which wish it is",
    ),
    rule=LISTS_MAY_CHANGE,
)
INSERTION = FieldPage(
    zh=FieldWords(
        label="志願插入模式",
        what="新加入的學校放在哪裡：從最後插入志願、從最前插入志願，"
        "或從第 N 位前面插入志願。這次登入期間有效。",
        example="選「從最前插入」，下一所就是第 1 志願",
    ),
    en=FieldWords(
        label="Adding at",
        what="Where the next school goes: the end, the beginning, or before a place; kept until "
        "you end.",
        example="at the beginning: the next school becomes wish 1",
    ),
)
BEFORE = FieldPage(
    zh=FieldWords(
        label="從第 N 位前面插入志願",
        what="插入模式選「第 N 位前」時，N 填這裡；只填數字。",
        example="3：新學校成為第 3 志願，原第 3 志願往後一位",
    ),
    en=FieldWords(
        label="Before place",
        what="The place of the insertion mode; digits only.",
        example="3: the new school becomes wish 3, the old one moves down",
    ),
)
WISHES = FieldPage(
    zh=FieldWords(
        label="您選擇的志願學校",
        what="使用者選擇的志願學校將依序排列於此處，第 1 位最優先。F5 上移、F6 下移，"
        "或輸入數字再按 Enter 移到那一位；空白鍵刪除，Enter 開啟全部功能，F7 復原。",
        example="在第 5 位輸入 2 再按 Enter，就變成第 2 志願",
    ),
    en=FieldWords(
        label="Your wishes",
        what="Best first. F5 and F6 move a wish, a number and Enter puts it on that place, Space "
        "removes it, Enter opens all functions, F7 takes back.",
        example="on wish 5 type 2 and Enter: it becomes wish 2",
    ),
    rule=APPLY_IN_TIME,
)
RANK = FieldPage(
    zh=FieldWords(
        label="移到第幾位",
        what="選取的志願要移到第幾位；只填數字，按 Enter 移動。",
        example="1：移到第一位",
    ),
    en=FieldWords(
        label="Move to place",
        what="Where the selected wish goes; digits, then Enter.",
        example="1: to the first place",
    ),
)
