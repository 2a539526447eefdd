"""The five questions of 應聘資料 (K04); the label of a question is the question itself."""

from kiosk.text.field import FieldPage, FieldWords
from kiosk.text.fields.rules import (
    INDIGENOUS_ONE_WAY,
    LANGUAGE_FIRST,
    SAME_STAGE,
    SIX_SEMESTERS,
    TEACHING_AREA,
)

INDIGENOUS = FieldPage(
    zh=FieldWords(
        label="您是否具原住民族身分，並申請優先辦理「原民調」？",
        what="選「是」會先用您志願中的原民校參加單調；一旦成功，就不再參加下一階段。"
        "沒有原住民族身分請選「否」。畫面下方依您目前的志願試算結果。",
        example="志願 1 到 5 是一般學校、6 到 8 是原民校：選「是」時只用第 6 到 8 志願參加原民調",
    ),
    en=FieldWords(
        label="Are you of indigenous status, and do you apply for 原民調 first?",
        what='"Yes" first uses the 原民校 among your wishes; once placed there you leave the '
        "later rounds. Without indigenous status the answer is no. Below, your own wishes are "
        "worked out.",
        example="wishes 1 to 5 general, 6 to 8 原民校: with yes only 6 to 8 take part",
    ),
    rule=INDIGENOUS_ONE_WAY,
)
LANGUAGE = FieldPage(
    zh=FieldWords(
        label="具客語或原住民族語教學認證，並申請依介聘辦法第八條第二項優先辦理",
        what="有教學認證並想要優先辦理時才勾選；不勾選就照一般方式參加。認證正本於初審時查驗。",
        example="客語中高級認證合格證書",
    ),
    en=FieldWords(
        label="Certified to teach Hakka or an indigenous language; I apply for the priority of "
        "article 8-2",
        what="Only with a certificate, and only if you want the priority; unticked you take part "
        "like everyone. The original is looked at in the review.",
        example="a certificate of Hakka at the upper intermediate level",
    ),
    rule=LANGUAGE_FIRST,
)
AREA_LIMIT = FieldPage(
    zh=FieldWords(
        label="教師證任教地區限制",
        what="看教師證背面「備註」欄：沒有註記就是「一般地區(無限制)」；"
        "註記限偏遠或特殊地區任教時選「其他」，志願只能填偏遠、特偏、極偏學校。",
        example="備註欄空白：選「一般地區(無限制)」",
    ),
    en=FieldWords(
        label="Does your teaching certificate limit the area? (任教地區限制)",
        what="See 「備註」 on the back of the certificate: nothing there means no limit; "
        "a limit to remote or special areas allows remote schools only.",
        example="nothing under 備註: no limit",
    ),
    rule=TEACHING_AREA,
)
SERVICE_YEARS = FieldPage(
    zh=FieldWords(
        label="公立學校暨幼兒園服務年資滿幾年？",
        what="公立學校及公立幼兒園服務的整年數，算到本年度 7 月 31 日；未滿一年不計。"
        "這個數字供審查參考，積分由人事依正本核定。",
        example="5 年 8 個月填 5",
    ),
    en=FieldWords(
        label="How many full years have you served?",
        what="Full years in public schools and kindergartens, counted to 31 July; parts of a year "
        "do not count. The points themselves are decided from your papers.",
        example="5 years and 8 months: 5",
    ),
    rule=SIX_SEMESTERS,
)
POST = FieldPage(
    zh=FieldWords(
        label="現任服務學校與應聘科(類)別",
        what="本校人事登錄的學校與科別，會同時設定為第一個申請應聘科(類)別。"
        "有錯時不要繼續，請人事更正，更正後這裡會自動改變。",
    ),
    en=FieldWords(
        label="Present school and subject class",
        what="As your school registered it; the class also becomes the first one you apply for. "
        "If it is wrong, ask the officer before going on; it changes here.",
    ),
    rule=SIX_SEMESTERS,
)
SUBJECT2 = FieldPage(
    zh=FieldWords(
        label="第 2 科",
        what="除現任科別外，還想以哪一科申請；須有該科教師證。不申請請選「無」。",
        example="現任普通，另有身心障礙類教師證：第 2 科選「身心障礙類」",
    ),
    en=FieldWords(
        label="Class 2",
        what="A further class you hold a certificate for; 無 when there is none.",
        example="general at present, and certified for 身心障礙類: class 2 is 身心障礙類",
    ),
    rule=SAME_STAGE,
)
SUBJECT3 = FieldPage(
    zh=FieldWords(
        label="第 3 科",
        what="第三個想申請的科別；須有該科教師證，不能與前兩科相同。不申請請選「無」。",
        example="沒有第三張教師證：選「無」",
    ),
    en=FieldWords(
        label="Class 3",
        what="A third class you hold a certificate for, different from the other two; else 無.",
        example="no third certificate: 無",
    ),
    rule=SAME_STAGE,
)
