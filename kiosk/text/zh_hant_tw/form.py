"""Sentences of task list, notices, 基本資料 and 應聘資料, and what is refused in them."""

from datetime import datetime

from kiosk.session.page import Question, Task
from kiosk.text.dates import short_minute
from kiosk.text.fields import basics, posts
from kiosk.text.ranks import runs

_NOTICES = (
    (
        "本系統依本年度公立國民中小學暨幼兒園教師申請介聘他縣市服務網發佈之"
        "「作業日程表」，辦理國中小及幼兒園「正式教師」申請介聘至他縣市學校服務。\n\n"
        "至於各校契約進用教保員及助理教保員，係依「幼兒園契約進用人員之進用考核及"
        "待遇辦法」辦理，不適用本系統。"
    ),
    (
        "作業要點第十三點中所稱「原住民族學校、原住民教育班及原住民重點學校」與"
        "「具原住民族身分之教師單調」，於本系統中簡稱為「原民校」與「原民調」。"
    ),
    (
        "填報流程共有六個項目：「注意事項」、「設定密碼」、「基本資料」、「應聘資料」、"
        "「志願資料」與「查詢申請狀況」。\n\n"
        "系統會自動引導依序進行，並以文字標示已完成、進行中及未開始的項目。"
    ),
    (
        "依公立國民中小學暨幼兒園教師介聘他縣市服務作業要點第十點規定，應於規定期限內"
        "在本系統選填志願，超過規定期限後即不得更改或增減，錯填或未完成選填志願者"
        "自行負責。"
    ),
    (
        "各縣市可能在填報期間內更正介聘學校名單，如需異動「志願資料」，請於規定期限內"
        "進行異動。\n\n"
        "名單更正影響您的志願時，本機會指出是哪一個志願。"
    ),
    (
        "填報期限截止前如須異動各項資料，請直接點選所要異動之項目：「基本資料」、"
        "「應聘資料」、「志願資料」進行修改。\n\n"
        "每次修改都會自動存成草稿；按「送出申請」後才成為新的版本，在那之前，"
        "前一次送出的版本仍然有效。"
    ),
)
_QUESTIONS = {
    Question.INDIGENOUS: posts.INDIGENOUS.zh.label,
    Question.AREA_LIMIT: posts.AREA_LIMIT.zh.label,
    Question.SERVICE_YEARS: posts.SERVICE_YEARS.zh.label,
    Question.POST: posts.POST.zh.label,
    Question.SUBJECTS: "申請應聘科(類)別",
}
_EXPLAINED = {
    Question.INDIGENOUS: "具原住民族身分並同意依國民中小學校長主任教師甄選儲訓及介聘辦法第11條"
    "規定，申請優先辦理具原住民族身分之教師單調介聘作業。",
    Question.AREA_LIMIT: "教師證上如註記限於特定地區任教，須服務期滿才能申請其他地區學校。"
    "請看教師證背面「備註」欄。",
    Question.SERVICE_YEARS: "以整年計，算到本年度 7 月 31 日。只填數字。",
    Question.POST: "以下是本校人事登錄的資料。如有錯誤，請洽人事更正，更正後這裡會自動改變。",
    Question.SUBJECTS: "第 1 科與現任相同，不能更改。第 2、3 科可以不選；具有該科教師證才能申請。",
}
_TASK_NOTES = {
    Task.BASICS: "電話、電子郵件",
    Task.POSTS: "原民調、任教地區、年資、科別",
    Task.REVIEW: "由本校人事辦理",
    Task.STATUS: "進度、積分、結果、收據",
}
_REFUSALS = {
    "county_missing": "還沒有選志願縣市。甲、乙各選一個。",
    "county_own": "不能選現任學校所在的縣市；同縣市內的調動請辦縣內介聘。",
    "county_unknown": "沒有這個縣市，請從清單選擇。",
    "counties_same": "甲、乙選了同一個縣市，請選兩個不同的縣市。",
    "date_form": "生日無法辨識，請洽人事。",
    "email_missing": "請填平常使用的電子郵件，例如 name@example.tw",
    "email_wrong": "電子郵件不完整，應有一個 @，前後都有字，例如 name@example.tw",
    "id_checksum": "身分證統一編號檢查碼不符，請洽人事確認卡片。",
    "id_digits": "身分證統一編號應為英文字母加數字，請洽人事確認卡片。",
    "id_kind": "身分證統一編號第二碼不正確，請洽人事確認卡片。",
    "id_length": "身分證統一編號應為 10 碼，請洽人事確認卡片。",
    "id_letter": "身分證統一編號第一碼應為英文字母，請洽人事確認卡片。",
    "name_missing": "沒有姓名，請洽人事登錄。",
    "name_contradicts_card": "健保卡上看得清楚的字不能更改，字數也要相同。請核對卡片與身分證。",
    "name_unconfirmed": "姓名與健保卡不同：通過前請核對身分證，並勾選「已依身分證確認姓名」。",
    "not_declared": "請先勾選「我已詳閱注意事項，以上資料正確」。",
    "phone_missing": "請填聯絡電話，例如 07-1234567#89 或 0900123456",
    "phone_wrong": "號碼不正確。市話例如 07-1234567#89，行動電話例如 0900123456",
    "school_not_delegated": "這所學校今年不參加介聘，送出後不會採計。",
    "school_outside_area": "教師證限偏遠地區任教，只能選偏遠地區學校。",
    "school_outside_counties": "這所學校不在甲、乙兩個志願縣市內。",
    "school_own": "這是您現任的學校，不能當志願。",
    "school_twice": "同一所學校選了兩次。",
    "school_unknown": "這所學校已不在名單內，送出後不會採計。",
    "school_wrong_stage": "這所學校的階段別與您不同。",
    "service_years_wrong": "服務年資請填 0 到 50 的整數，例如 5",
    "subject_first_not_own": "第 1 科必須與現任應聘科(類)別相同。",
    "subject_twice": "同一個科別選了兩次。",
    "subject_unknown": "沒有這個科別，請從清單選擇。",
    "subjects_empty": "請至少申請一個科別。",
    "subjects_too_many": "最多申請三個科別。",
    "wishes_empty": "還沒有志願，請至少選一所學校。",
    "not_answered": "這一題還沒有回答，請選一個。",
    "not_agreed": "還沒有同意注意事項。",
    "conflict_open": "有另一個版本互相衝突，請先選擇要採用的版本。",
    "nothing_changed": "內容與有效版本完全相同，不需要再送出。",
    "card_missing": "送出時健保卡要在讀卡機裡，請插回您的健保卡。",
    "lists_missing": "本機還沒有收到學校名單或作業日程，連線後會自動取得。",
    "closed": "不在開放期間，不能簽核。",
    "not_granted": "縣市還沒有核發您的簽核憑證，還不能簽核。",
    "pledge_missing": "通過前請勾選「已核對正本」與「無上列情形」。",
    "reason_missing": "請至少勾選一個原因，教師會看到。",
    "points_form": "積分請填數字，最多兩位小數，例如 18.5",
    "points_unexplained": "這一項與試算不同，請選一個理由，教師會看到。",
    "verdict_missing": "請選擇初審結論。",
    "remark_missing": "選「其他」時請填補充說明。",
    "title_missing": "請選擇職稱。",
    "stage_missing": "請選擇階段別。",
}
_PLACES = {
    "phone1": "聯絡電話1",
    "phone2": "聯絡電話2",
    "email": "電子郵件",
    "national_id": "身分證統一編號",
    "birth": "生日",
    "teacher_name": "姓名",
    "name": "姓名",
    "service_years": "服務年資",
    "indigenous": "原民調",
    "area_limit": "任教地區限制",
    "subject": "應聘科(類)別",
    "subjects": "申請科(類)別",
    "subject2": "申請科別 2",
    "subject3": "申請科別 3",
    "school": "現任學校",
    "county_a": "志願縣市甲",
    "county_b": "志願縣市乙",
    "schools": "志願學校",
    "declared": "確認",
    "title": "職稱",
    "stage": "階段別",
    "verdict": "初審結論",
    "reasons": "原因",
    "remark": "補充說明",
    "originals": "切結",
    "clean": "切結",
    "notices": "注意事項",
    "language": "語言認證",
    "post": "現任學校與科別",
    "reference": "學校名單",
    "card": "健保卡",
    "application": "",
    "officer": "憑證",
    "window": "期限",
}
_GAPS = {
    "indigenous": "請選「是」或「否」。未選擇視同放棄，所以要請您明確選擇。",
    "area_limit": "請選擇教師證任教地區限制。",
    "service_years": "請填服務年資，例如 5",
    "post": "請確認現任服務學校與科別。",
    "subject2": "請選擇第 2 科，不申請請選「無」。",
    "subject3": "請選擇第 3 科，不申請請選「無」。",
}


class FormZh:
    """Part of `ZhHantTw`."""

    your_application = "您的申請"
    column_task = "事項"
    column_state = "狀態"
    column_note = "說明"
    never_sent = "還沒有送出過"
    offline_box = "目前離線：可以繼續填寫與送出，資料先存在本機，連線後自動上傳。"
    conflict_box = (
        "版本衝突：您在兩台機器各送出了一個版本，目前都不生效。請到「檢查並送出」選擇要採用的版本。"
    )
    recovered = "上次未正常結束，草稿已復原。"

    notices_title = "為確保您的權益，請詳細閱讀以下事項"
    notices_agree = "我同意上列注意事項，開始下一步填報資料"

    basics_title = "基本資料"
    from_card = "（讀自健保卡）"
    label_sex = "性別"
    label_phone1 = basics.PHONE1.zh.label
    label_phone2 = basics.PHONE2.zh.label
    label_email = basics.EMAIL.zh.label
    phone_hint = "市話格式: 07-1234567#89, 或行動電話格式: 0900123456"
    email_hint = "平常使用之電子郵件，寄收據及通知用"
    sexes = ("男", "女")

    yes_apply = "是，申請優先辦理"
    no_apply = "否，不申請"
    unanswered_is_no = "（未選擇視同放棄）"
    yes_outcome = "選「是」的結果（依您目前的志願試算）："
    yes_no_school = "您的志願裡目前沒有原民校，選「是」不會有作用；可以先選，之後再加入原民校。"
    language_question = posts.LANGUAGE.zh.label
    area_general = "一般地區(無限制)"
    area_restricted = "其他（教師證註記限偏遠或特殊地區任教）"
    area_consequence = "選「其他」時，志願只能填偏遠、特偏、極偏學校。"
    years_unit = "年"
    label_school = "現任服務學校"
    label_own_subject = "現任服務學校應聘科(類)別"
    label_subject1 = "第 1 科"
    label_subject2 = posts.SUBJECT2.zh.label
    label_subject3 = posts.SUBJECT3.zh.label
    same_as_own = "同現任服務學校應聘科(類)別，固定"
    own_subject_too = "會同時設定為第一個申請應聘科(類)別。"
    years_before = "公立學校暨幼兒園服務年資滿"

    def sent_version(self, version: int, at: datetime | None, count: int) -> str:
        when = "" if at is None else f" {short_minute(at)} 送出"
        return f"有效版本：第 {version} 版{when}（{count} 所）"

    def task_note(self, task: Task) -> str:
        return _TASK_NOTES.get(task, "")

    def agreed_at(self, at: datetime) -> str:
        return f"{short_minute(at)} 同意"

    def first_do(self, number: int) -> str:
        return f"先完成 {number}"

    def counties_note(self, first: str, second: str) -> str:
        return f"甲 {first} / 乙 {second}"

    def changing(self, question: int) -> str:
        return f"第 {question} 題未答"

    def review_waiting(self, version: int) -> str:
        return f"第 {version} 版待初審"

    def wishes_filled(self, count: int) -> str:
        return f"已填 {count} 所"

    def lists_old(self, hours: int) -> str:
        return f"! 學校名單是 {hours} 小時前取得的，連線後會自動更新。"

    def resumed(self, task: str) -> str:
        return f"上次做到「{task}」，按 Enter 繼續。"

    def returned_box(self, reasons: str) -> str:
        return f"! 人事退回補件：{reasons}。修改後請重新送出。"

    def deadline_box(self, left: str) -> str:
        return f"! {left}就截止。送出後的版本才算數。"

    def notice_number(self, number: int, of: int) -> str:
        return f"第 {number} / {of} 則"

    def notice(self, index: int) -> str:
        return _NOTICES[index]

    def errors_to_fix(self, count: int) -> str:
        return f"有 {count} 個地方要修正"

    def refusal(self, code: str) -> str:
        return _REFUSALS.get(code, f"這一項需要修正（{code}）。")

    def gap(self, place: str) -> str:
        """What a question without an answer asks for."""
        return _GAPS.get(place, _REFUSALS["not_answered"])

    def place(self, place: str) -> str:
        """The name of the field a refusal is about; items of lists are counted from one."""
        name, _, index = place.partition(".")
        if name == "schools" and index:
            return f"第 {int(index) + 1} 志願"
        if name == "subjects" and index:
            return f"申請科別 {int(index) + 1}"
        return _PLACES.get(name, name)

    def question(self, question: Question) -> str:
        return _QUESTIONS[question]

    def question_explained(self, question: Question) -> str:
        return _EXPLAINED[question]

    def yes_uses(self, ranks: str) -> str:
        return f"只會用第 {ranks} 志願（原民校）參加原民調。"

    def yes_drops(self, ranks: str) -> str:
        return f"一旦介聘成功，就不再參加下一階段，不能再調到第 {ranks} 志願。"

    def yes_all(self) -> str:
        return "一旦介聘成功，就不再參加下一階段。"

    def ranks(self, ranks: tuple[int, ...]) -> str:
        """``6、7、8``; runs of three and more as ``1-5``."""
        return "、".join(runs(ranks))

    def serves_years(self, years: int) -> str:
        return f"滿 {years} 年"
