"""The one field of 通知設定: the code from the letter."""

from kiosk.text.field import FieldPage, FieldWords

CODE = FieldPage(
    zh=FieldWords(
        label="驗證碼",
        what="寄到您信箱的 6 個數字，證明信箱收得到信。15 分鐘內有效，最多試 5 次；"
        "沒有確認也可以送出申請。",
        example="042137",
    ),
    en=FieldWords(
        label="Code",
        what="The six digits mailed to you: they prove that the mailbox takes letters. Valid for "
        "15 minutes, five tries; you can apply without.",
        example="042137",
    ),
)
