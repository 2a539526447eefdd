"""The fields of 基本資料 (K10)."""

from kiosk.text.field import FieldPage, FieldWords

PHONE1 = FieldPage(
    zh=FieldWords(
        label="聯絡電話1",
        what="審查或報到有問題時打這個電話。市話請連區碼，分機寫在 # 後面；"
        "空格、連字號與全形數字都可以，會自動整理。",
        example="市話 07-1234567#89，行動電話 0900123456",
    ),
    en=FieldWords(
        label="Telephone 1",
        what="Called when the review or reporting needs you. Area code first, # before an "
        "extension; spaces, hyphens and full-width digits are put right.",
        example="07-1234567#89, or a mobile 0900123456",
    ),
)
PHONE2 = FieldPage(
    zh=FieldWords(
        label="聯絡電話2 (選填)",
        what="第一個電話找不到您時用。可以不填。",
        example="市話 07-1234567#89，行動電話 0900123456",
    ),
    en=FieldWords(
        label="Tel. 2 (opt.)",
        what="For when the first does not reach you; may stay empty.",
        example="07-1234567#89, or a mobile 0900123456",
    ),
)
EMAIL = FieldPage(
    zh=FieldWords(
        label="電子郵件",
        what="平常使用之電子郵件；收據、審核與介聘結果的通知都寄到這裡。"
        "請填自己常看的信箱，不要填學校共用的。",
        example="name@example.tw",
    ),
    en=FieldWords(
        label="Mail",
        what="The address you read every day: for receipts, and for news of the review and "
        "the result. Your own, not one the school shares.",
        example="name@example.tw",
    ),
)
READING = FieldPage(
    zh=FieldWords(
        label="注音",
        what="要更正的那個字的讀音：直接按注音鍵，最後按聲調（一聲按空白），再按數字選字。"
        "卡片上的原字不會改變，更正的姓名由人事對照身分證確認。",
        example="堃：按 d j p 再按空白（ㄎㄨㄣ），選「堃」",
    ),
    en=FieldWords(
        label="Sound",
        what="How the character is read: the 注音 keys of a plain keyboard, then the tone (Space "
        "for the first), then a digit chooses. What the card holds stays as it is; the officer "
        "confirms the name with the ID card.",
        example="堃: d j p and Space (ㄎㄨㄣ), then choose 堃",
    ),
)
