"""The fields before a person is signed in (K02), and where a password is asked for again."""

from kiosk.text.field import FieldPage, FieldWords

STAGE = FieldPage(
    zh=FieldWords(
        label="申請階段別",
        what="您要以哪一個階段申請：國中、國小或幼兒園。須與本校登錄的相同；"
        "登錄錯誤時請人事更正，這裡不能改成別的階段。",
        example="國小教師選「國小」",
    ),
    en=FieldWords(
        label="Stage",
        what="The stage you teach: junior high, elementary or kindergarten, as the school "
        "registered it. The officer corrects a wrong registration.",
        example="elementary for a teacher of an elementary school",
    ),
)
PASSWORD = FieldPage(
    zh=FieldWords(
        label="密碼",
        what="您第一次使用時設定的密碼，大小寫不同。F6 可以看到輸入的內容。"
        "連續錯 5 次暫停 10 分鐘，不會永久鎖住；忘記時按 F7，請人事到場確認後重設。",
    ),
    en=FieldWords(
        label="Password",
        what="The one you set at your first use; capitals matter. F6 shows what you type. Five "
        "wrong ones pause it for 10 minutes. Forgotten: F7, the officer lets you set a new one.",
    ),
)
NEW_PASSWORD = FieldPage(
    zh=FieldWords(
        label="密碼",
        what="以後登入用的密碼：至少 8 個字元，長度不限，可用中英文、數字與符號。"
        "不能是身分證號、生日、姓名或太常見的密碼。F6 可以看到輸入的內容。",
        example="一句只有您知道、容易記得的話",
    ),
    en=FieldWords(
        label="Password",
        what="For signing in from now on: at least 8 characters of any kind, no upper limit; not "
        "your ID number, birthday, name or a common password. F6 shows what you type.",
        example="a sentence only you would think of",
    ),
)
PASSWORD_AGAIN = FieldPage(
    zh=FieldWords(
        label="確認密碼",
        what="把上面的密碼再輸入一次，避免打錯。兩次不同時會請您重新輸入。",
    ),
    en=FieldWords(label="Again", what="The same once more, so that a slip is noticed."),
)
WITNESS_PASSWORD = FieldPage(
    zh=FieldWords(
        label="密碼",
        what="到場確認的人事人員自己的簽核密碼，不是教師的密碼。系統會記錄由誰、何時確認。",
    ),
    en=FieldWords(
        label="Password",
        what="The witnessing officer's own password, not the teacher's. Who confirmed and when is "
        "recorded.",
    ),
)
OFFICER_PASSWORD = FieldPage(
    zh=FieldWords(
        label="密碼",
        what="人事人員登入及簽核用的密碼。連續錯 5 次暫停 10 分鐘；"
        "忘記時請向縣市申請新的一次性代碼。",
    ),
    en=FieldWords(
        label="Password",
        what="The password you sign in and sign with. Five wrong ones pause it for 10 minutes; "
        "if it is forgotten, the county gives you a new one-time code.",
    ),
)
ONE_TIME_CODE = FieldPage(
    zh=FieldWords(
        label="一次性代碼",
        what="縣市承辦人以公文或電話給您的代碼，只能用一次，大小寫相同。",
        example="7H2K-9QDM",
    ),
    en=FieldWords(
        label="Code",
        what="Given by the county by letter or telephone; it works once, capitals do not matter.",
        example="7H2K-9QDM",
    ),
)
PASSWORD_TO_SEND = FieldPage(
    zh=FieldWords(
        label="密碼",
        what="距離上次輸入密碼超過 10 分鐘時，送出或撤回前再輸入一次，免得有人在您離開時替您送出。",
    ),
    en=FieldWords(
        label="Password",
        what="Asked again before sending or withdrawing when the last entry is over 10 minutes "
        "old, so that nobody sends for you.",
    ),
)
