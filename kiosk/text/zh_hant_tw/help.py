"""Help behind F1, one text a screen, and the display settings behind F2."""

from datetime import datetime

from core.domain.roc import TAIPEI
from core.domain.school import Mark
from kiosk.text.dates import short_minute
from kiosk.text.field import FieldPage, FieldWords, Rule
from kiosk.text.words import KeyWord
from kiosk.text.zh_hant_tw.dates import stamp

_KEY_WORDS = {
    KeyWord.BACK: "返回",
    KeyWord.BASE: "基準",
    KeyWord.CANCEL: "取消",
    KeyWord.CHOOSE: "選擇",
    KeyWord.CLOSE: "關閉",
    KeyWord.COMPARE: "比較",
    KeyWord.CONFIRM: "確定",
    KeyWord.CONTINUE: "繼續使用",
    KeyWord.COUNTIES: "縣市",
    KeyWord.CHANGE: "修改",
    KeyWord.DISPLAY: "顯示",
    KeyWord.DISPLAY_IDLE: "大字/高對比",
    KeyWord.DOWN: "下移",
    KeyWord.END: "結束",
    KeyWord.END_CARD: "結束並取回卡片",
    KeyWord.ERASE: "重選一字",
    KeyWord.FILTER: "篩選",
    KeyWord.FORGOT: "忘記密碼",
    KeyWord.SEEN: "知道了",
    KeyWord.ONCE: "免密碼",
    KeyWord.GO_ON: "繼續",
    KeyWord.HELP: "說明",
    KeyWord.JUMP: "跳到該欄",
    KeyWord.LANGUAGE: "English",
    KeyWord.LOGOUT: "登出",
    KeyWord.MAIL_CODE: "寄驗證碼",
    KeyWord.MAIL_RECEIPT: "寄信",
    KeyWord.MAP: "地圖",
    KeyWord.MENU: "功能",
    KeyWord.NAME: "罕用字",
    KeyWord.NEXT_CASE: "下一件",
    KeyWord.NEXT_FIELD: "下一欄",
    KeyWord.NEXT_ITEM: "下一項",
    KeyWord.NOTIFY: "通知",
    KeyWord.OFFICERS: "人事/服務人員",
    KeyWord.OPEN: "開啟",
    KeyWord.OTHER_PANE: "換邊",
    KeyWord.OTHER_VERSION: "換右邊",
    KeyWord.PAGE: "上下頁",
    KeyWord.PICK: "選取",
    KeyWord.QUEUE: "待辦",
    KeyWord.RECEIPT: "收據",
    KeyWord.REDO: "重做",
    KeyWord.REGISTER: "登錄教師",
    KeyWord.RESOLVE: "選擇版本",
    KeyWord.PRACTICE: "練習模式",
    KeyWord.PRINT: "列印",
    KeyWord.ELIGIBILITY: "資格",
    KeyWord.POINTS: "積分",
    KeyWord.RESTORE: "放進草稿",
    KeyWord.REVEAL: "證號",
    KeyWord.REPORT: "故障回報",
    KeyWord.SCHOOLS: "學校名單",
    KeyWord.STAGE: "階段別",
    KeyWord.SEAL: "封箱碼",
    KeyWord.ROSTER: "名冊",
    KeyWord.ROSTER_NAME: "名冊姓名",
    KeyWord.SHOW_PASSWORD: "密碼",
    KeyWord.SIGN: "簽核",
    KeyWord.SIGN_IN: "登入",
    KeyWord.STEPS: "修改紀錄",
    KeyWord.SUBMIT: "送出",
    KeyWord.TABS: "分頁",
    KeyWord.TICK: "勾選",
    KeyWord.TOGGLE: "加/刪",
    KeyWord.TOGGLE_LONG: "加入/移除",
    KeyWord.TOWNSHIP: "鄉鎮",
    KeyWord.UNDO: "復原",
    KeyWord.UP: "上移",
    KeyWord.VERSIONS: "版本",
    KeyWord.VIRTUAL: "虛擬卡",
    KeyWord.WHAT_IF: "試算",
    KeyWord.WITHDRAW: "撤回",
}
_THEMES = {"light": "淺色", "dark": "深色", "contrast": "高對比"}
_HELP = {
    "idle": "把健保卡晶片朝上、朝插槽方向推到底，就會自動開始，不用按任何鍵。\n\n"
    "三項檢測都是「正常」時才能讀卡；有一項不正常時，畫面會說明原因與處理方式。\n\n"
    "F2 可放大對比或更換顏色，F3 切換英文，F4 用虛構的資料練習。人事人員請按 F9。",
    "trouble": "這張卡片目前不能使用。畫面寫著發現了什麼、怎麼辦、可以問誰。\n\n"
    "取出卡片後會回到開始畫面，本機不會留下這張卡片的資料。",
    "incident": "機器有問題時，在開始畫面按 F6，就會產生六個字的回報編號，並記下機器的狀態。\n\n"
    "打電話時說出編號，服務人員就能查到。不會記錄任何人的資料。",
    "schools": "不必插卡就能查詢學校：輸入學校代碼、校名、鄉鎮，或各字的注音首字"
    "（按注音鍵，2q 就是 ㄉㄆ）。\n\n"
    "F3 選縣市，F4 選階段別，上下鍵或 PgDn 捲動，Esc 返回。插入健保卡會直接開始填報。\n\n"
    "註記：偏=偏遠 特=特偏 極=極偏 矯=中途或矯正 原=原民校",
    "password": "第一次使用時由人事確認本人，之後只要密碼。\n\n"
    "F5 顯示身分證統一編號 5 秒，F6 顯示或隱藏密碼。\n\n"
    "連續錯 5 次會暫停 10 分鐘，時間到就能再試，不會永久鎖住；忘記密碼請按 F7。",
    "witness": "健保卡只能證明卡片，不能證明本人，所以第一次使用或重設密碼時，由人事當場核對。\n\n"
    "人事用自己的健保卡與密碼確認；系統會記錄由誰在何時確認。",
    "privacy": "這是依個人資料保護法第 8 條的告知。之後隨時可以按 F1 再閱讀。",
    "choose_password": "密碼至少 8 個字元，沒有上限。長的句子比複雜的短密碼好記也更安全。"
    "\n\nF6 可以顯示您輸入的內容。",
    "tasks": "依序完成各項，狀態寫在右邊。可以隨時按 F10 結束，下次從這裡繼續。"
    "\n\n每次修改都會自動存成草稿；送出後才算數。",
    "notices": "共六則，看完後按「我同意」。之後可以隨時再讀。",
    "basics": "灰色的資料讀自健保卡，不能修改。\n\n"
    "電話：市話請連區碼，分機用 #，例如 07-1234567#89；行動電話例如 0900123456。\n\n"
    "電子郵件：請填平常使用的，例如 name@example.tw。",
    "name": "健保卡用 Big5 存姓名，堃、喆、煊、峯、犇、瀞 這類字存不下，讀出來是 □。\n\n"
    "用鍵盤上的注音鍵拼出那個字的讀音，最後按聲調，再按數字選字；0 換頁，F7 重選。"
    "學校名冊已有您的姓名時，按 F6 直接採用。\n\n"
    "卡片上看得清楚的字不能改。輸入的內容不會留在機器裡。",
    "self_check": "依您的回答試算介聘辦法第五條與義務服務的規定。只給您自己與本校人事查核用，"
    "不送出，也不會擋下申請；沒有回答的項目不列入試算。\n\nTab 到下一項，空白鍵選取，Enter 完成。",
    "question": "一次只問一題。上下鍵移動，空白鍵選取，Enter 繼續，Esc 回上一頁。\n\n"
    "選擇後會立刻存成草稿，送出前都可以回來修改。",
    "counties": "甲、乙各選一個縣市，順序不影響志願排序。\n\n更換縣市時，原縣市的"
    "志願會移到暫存區，改回來就恢復。",
    "wishes": "左邊是學校名單，右邊是您的志願。Tab 換邊，空白鍵加入或刪除。\n\n"
    "過濾：輸入學校代碼、校名、鄉鎮，或各字的注音首字（按注音鍵，2q 就是 ㄉㄆ）。"
    "F3 選鄉鎮與註記。\n\n"
    "移動：F5 上移、F6 下移；輸入數字再按 Enter，移到那一位。Enter 開啟功能選單。\n\n"
    "F7 復原，可一直按；按「下」到清單最後的狀態列再按 Enter，可看每一步並重做。"
    "F8 試算原民調與檢查重複。\n\n"
    "註記：偏=偏遠 特=特偏 極=極偏 矯=中途或矯正 原=原民校",
    "check": "請逐項檢查。1 到 3 可以跳到該項修改。\n\n勾選確認後按「送出申請」。"
    "F4 看與有效版本的差異。\n\n未連線時也可以送出，以本機簽章時間為準。",
    "receipt": "受理編號與檢查碼是您的憑證，請抄下或用手機掃描。\n\n"
    "掃描的內容不含姓名與志願。大畫面時顯示含簽章的完整收據。\n\n收據"
    "可以隨時在「查詢申請狀況」再看。",
    "status": "這裡可以看到送出的版本、人事初審、積分與結果。\n\nF4 看草稿與有效"
    "版本的差異；F5 積分算法：每項的規定、來源與人事核定；空白鍵 顯示收據；F6 列印；"
    "F3 版本紀錄：比較任兩版，或放進草稿。"
    "\n\n若未收到LINE通知請上介聘網站查詢；最終正式公告結果以學校公文為主。",
    "conflict": "左、右是在不同機器送出的兩個版本，星號標示不同的地方。\n\n1、2 採用一個版本，接著"
    "檢查並送出；3、4 先放進草稿修改，再到「檢查並送出」送出。\n\n送出前兩個版本都不生效，"
    "也都不會遺失。",
    "contact": "驗證碼只證明信箱收得到信，不影響送出。收到信後輸入 6 個數字，15 分鐘內有效，"
    "最多試 5 次；可以再寄，也可以改信箱。\n\nLINE 只用您自己的手機連結：掃描 QR 碼，"
    "送出已寫好的訊息。不要在這台機器登入 LINE。\n\n通知僅供提醒，最終正式結果以學校公文為準。",
    "withdraw": "撤回也是一個版本：會有收據，也可以在截止前再送出一次來恢復。\n\n按 Esc 就是"
    "不撤回，什麼都不會改變。",
    "versions": "每一次送出都留下一版，寫著時間與在哪台機器送出。有效的只有一版。\n\n上下鍵移動，"
    "右邊（或下面）就是從基準到那一版的差異；"
    "空白鍵把游標所在的一版（或草稿）當成比較的基準，任兩版都能比較。F4 看全部差異。"
    "\n\nEnter 把那一版放進草稿；要送出才會成為新的一版。F7 可以復原。",
    "steps": "每一個步驟都可以回去，再往前也可以。送出之後重新計算。",
    "interruption": "這一步比較難反悔，所以先問一次。按 Esc 就是取消，什麼都不會改變。",
    "covered": "畫面因為一段時間沒有操作而遮蔽，按任意鍵繼續。",
    "officer_card": "人事人員請插入自己的健保卡。",
    "officer_password": "請輸入您的簽核密碼。",
    "officer_enrol": "一次性代碼由縣市承辦人以公文或電話提供。\n\n設定密碼後，本機會產"
    "生您的簽核金鑰並向縣市申請憑證；核發前可以登錄教師、查看申請，還"
    "不能簽核。",
    "queue": "依期限與等待時間排序。數字 1 到 5 篩選，Enter 開啟。\n\nF5 教師名"
    "冊與登錄。您本人的申請不會出現在這裡。",
    "case": "積分由年度標準試算，可以修改。\n\n通過前須勾選兩項切結；退回或不"
    "符至少選一個原因。簽核前會再要求密碼。\n\n簽核的是申請內容的雜湊"
    "值：教師之後只改志願，簽核仍然有效；改了其他內容就會重新待審。"
    "\n\nF7 替教師列印個人資料表、回執、應備文件與封面。",
    "signed": "簽章檢查碼可以用來核對這份簽核。",
    "roster": "F5 登錄新的教師。只有登錄過的教師才能在本校的機器申請。",
    "register": "教師的健保卡插入後，四個欄位會自動帶入，再選職稱、階段別、學校與科別。",
}

_MARKS = {
    Mark.REMOTE: "偏遠地區學校",
    Mark.SPECIAL_REMOTE: "特殊偏遠地區學校",
    Mark.VERY_REMOTE: "極度偏遠地區學校",
    Mark.CORRECTIONAL: "中途學校或矯正學校",
    Mark.INDIGENOUS: "原住民族學校、原住民教育班及原住民重點學校，可參加原民調",
}


class HelpZh:
    """Part of `ZhHantTw`."""

    help_title = "說明"
    help_keys = "按鍵"
    help_privacy = "個資告知"
    help_contact = "洽詢"
    help_close = "Esc 關閉"
    help_fold = "F1 收合"
    help_unfold = "F1 展開"
    help_screen = "這個畫面"
    help_example = "例如"
    help_machine = "本機"
    help_program = "程式版本"
    site_label = "前往介聘公告網站"
    organiser_label = "主辦單位"
    stored_title = "這台機器存了什麼、存到何時"
    stored_points = (
        "草稿：加密存在本機；送出並送達伺服器後刪除，未送出的 30 天沒有更動就刪除。",
        (
            "送出的版本與收據：加密存在本機的紀錄，作為您何時送出的證明；"
            "存到縣市停用或重新安裝本機為止。"
        ),
        (
            "教師名冊（本校人事登錄的姓名、證號、生日、職稱、科別）與密碼的驗證值：加密存在本機，"
            "同樣存到停用或重新安裝；密碼本身不存。"
        ),
        (
            "顯示設定：您在 F2 的選擇存在本機，也存在伺服器，讓登錄您的學校的服務站套用；"
            "伺服器上的隨本學年度資料刪除。"
        ),
        "不存：照片、卡片上其他資料、操作畫面。操作紀錄只有時間與代號，沒有姓名和證號。",
    )
    checks_good = ("已偵測到讀卡服務", "已偵測到讀卡機", "已插入健保卡")
    checks_bad = ("未偵測到讀卡服務", "未偵測到讀卡機", "未插入健保卡或卡片方向錯誤")
    checks_remedy = (
        "系統會自動重新啟動讀卡服務；一分鐘後仍未恢復請通知人事。",
        "請檢查讀卡機是否有正確安裝、連接線是否鬆脫。",
        "請檢查是否有依正確方向插入健保卡、或健保卡是否毀損。",
    )
    checks_fine = "此時看到三個偵測資訊都打勾即可正常登入。"
    marks_explained = "學校註記說明"
    display_title = "顯示設定"
    display_theme = "顏色"
    display_now = "目前"
    display_language = "語言"
    own_name = "中文"
    display_more = "其他"
    display_kept = "您的選擇會跟著您：下次插卡自動恢復，登錄您的學校的其他服務站連線後也會套用。"
    display_ends = "插卡前的選擇，沒有人使用時會恢復成本機的設定。"
    more_time = "需要更多時間（15 分鐘沒有操作才遮蔽）"
    large_letters = "大字（字體放大，內容完全相同）"
    quiet = "靜音（不發出提示音）"
    line_by_line = "純文字模式（逐行問答，適合點字或語音）"
    large_text = "大字：請把終端機的字型放大，80x24 就是大字版，內容相同。"
    virtual_title = "虛擬卡"
    virtual_intro = "選一張卡片插入虛擬讀卡機："
    virtual_remove = "取出虛擬卡"

    def key_word(self, word: KeyWord) -> str:
        return _KEY_WORDS[word]

    def help(self, page: str) -> str:
        return _HELP[page]

    def field(self, page: FieldPage) -> FieldWords:
        return page.zh

    def rule(self, rule: Rule) -> tuple[str, ...]:
        """The words of the rule, then where they stand and how old they are."""
        dates = f"{stamp(rule.as_of)}版，{stamp(rule.checked_on.isoformat())}查核"
        mark = "" if rule.settled else "。範例：以當年度公告為準"
        return (f"規定：{rule.text}", f"依據：{rule.source}，{dates}{mark}。")

    def help_report(self, machine: str, at: datetime) -> str:
        clock = f"{at.astimezone(TAIPEI):%H:%M}"
        return (
            f"故障回報：告訴上面的人機號「{machine}」、時間 {clock} 和看到的文字，不必說個人資料。"
        )

    def last_contact(self, at: datetime) -> str:
        return f"最後同步 {short_minute(at)}"

    def mark_meaning(self, mark: Mark) -> str:
        return _MARKS[mark]

    def theme(self, name: str) -> str:
        return _THEMES[name]

    def switch(self, *, on: bool) -> str:
        return "開" if on else "關"
