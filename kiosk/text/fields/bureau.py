"""The fields of the school's officer: registering a teacher, reviewing, signing (O01 to O04)."""

from kiosk.text.field import FieldPage, FieldWords
from kiosk.text.fields.rules import REVIEW_WITH_ORIGINALS, SAME_STAGE, SIX_SEMESTERS

NAME = FieldPage(
    zh=FieldWords(
        label="姓名",
        what="教師的法定姓名，與身分證相同。卡片缺字時在這裡補上；打不出來的字按 F8 以注音選。",
        example="林曉芒",
    ),
    en=FieldWords(
        label="Name",
        what="The teacher's legal name as on the ID card. A character the health card cannot hold "
        "is put in here; F8 finds it by its sound.",
        example="林曉芒",
    ),
)
TITLE = FieldPage(
    zh=FieldWords(
        label="職稱",
        what="教師現在的職務。教保員、助理教保員及實習教師不適用本系統，登錄後插卡會說明改辦哪裡。",
        example="專任教師、導師、組長",
    ),
    en=FieldWords(
        label="Title",
        what="The present position. Educare staff and trainees use another scheme; their card "
        "says so after registration.",
        example="teacher, homeroom teacher, section chief",
    ),
)
STAGE = FieldPage(
    zh=FieldWords(
        label="階段別",
        what="教師應聘的階段。教師只能以登錄的階段申請。",
        example="附設幼兒園的教師選「幼兒園」",
    ),
    en=FieldWords(
        label="Stage",
        what="The stage the teacher is employed for; she can apply in no other.",
        example="kindergarten for a teacher of an attached kindergarten",
    ),
    rule=SAME_STAGE,
)
SCHOOL = FieldPage(
    zh=FieldWords(
        label="學校",
        what="教師的現職學校；這台機器可以登錄憑證上列的學校（含分校、附設幼兒園）。",
    ),
    en=FieldWords(
        label="School",
        what="Where the teacher is employed, among the schools this machine is certified for.",
    ),
)
SUBJECT = FieldPage(
    zh=FieldWords(
        label="現任服務學校應聘科(類)別",
        what="聘書上的科別，會成為教師第一個申請科別，教師自己不能更改。",
        example="普通",
    ),
    en=FieldWords(
        label="Class",
        what="As in the contract of employment; it becomes the first class of the application.",
        example="普通",
    ),
    rule=SAME_STAGE,
)
POINTS = FieldPage(
    zh=FieldWords(
        label="積分",
        what="由年度標準試算，可依正本修改；最多兩位小數。原因積分甲、乙縣市分開，其餘兩縣市相同。",
        example="18.5",
    ),
    en=FieldWords(
        label="Points",
        what="Proposed by the scale, changed by the originals; two decimals at most. Reason points "
        "are per county, all others are the same for both.",
        example="18.5",
    ),
    rule=REVIEW_WITH_ORIGINALS,
)
BECAUSE = FieldPage(
    zh=FieldWords(
        label="理由",
        what="積分與試算不同的每一項都要選一個理由，可以再加說明；沒有理由不能簽核。"
        "教師會逐項看到兩個分數和理由。",
        example="依規定不予採計；其中兩年為留職停薪",
    ),
    en=FieldWords(
        label="Reason",
        what="Every line whose figure is not the one worked out needs a reason, with a remark if "
        "you like; without it you cannot sign. The teacher reads both figures and the reason.",
        example="does not count by the rules; two years were unpaid leave",
    ),
    rule=REVIEW_WITH_ORIGINALS,
)
VERDICT = FieldPage(
    zh=FieldWords(
        label="初審結論",
        what="通過、退回補件或不符資格。退回或不符要選原因，教師會看到；通過要勾兩項切結。",
    ),
    en=FieldWords(
        label="Conclusion",
        what="Approve, return, or not eligible. The latter two need a ground the teacher will "
        "read; approval needs both statements.",
    ),
    rule=SIX_SEMESTERS,
)
REASONS = FieldPage(
    zh=FieldWords(
        label="原因",
        what="可以複選。教師插卡時會看到，並據此補件。選「其他」要寫補充說明。",
    ),
    en=FieldWords(
        label="Grounds",
        what="Several may be ticked; the teacher reads them. 其他 needs a remark.",
    ),
)
REMARK = FieldPage(
    zh=FieldWords(
        label="補充說明",
        what="給教師看的一句話：缺什麼、到哪裡補。不要寫與審查無關的個人資料。",
        example="請補 4 月後申請的戶籍謄本",
    ),
    en=FieldWords(
        label="Remark",
        what="One sentence for the teacher: what is missing and where to bring it. No personal "
        "data that the review does not need.",
        example="請補 4 月後申請的戶籍謄本",
    ),
)
ORIGINALS = FieldPage(
    zh=FieldWords(
        label="已核對正本",
        what="勾選表示您親自看過正本。通過前必勾。",
    ),
    en=FieldWords(
        label="Originals were checked",
        what="You saw the originals yourself; needed for approval.",
    ),
    rule=REVIEW_WITH_ORIGINALS,
)
CLEAN = FieldPage(
    zh=FieldWords(
        label="無上列情形",
        what="勾選表示查無不得申請的情形。通過前必勾。",
    ),
    en=FieldWords(
        label="None of these holds",
        what="You found nothing that forbids the application; needed for approval.",
    ),
    rule=SIX_SEMESTERS,
)
