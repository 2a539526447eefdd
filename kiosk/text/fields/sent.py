"""The fields of checking and sending (K06)."""

from kiosk.text.field import FieldPage, FieldWords
from kiosk.text.fields.rules import APPLY_IN_TIME

DECLARED = FieldPage(
    zh=FieldWords(
        label="我已詳閱注意事項，以上資料正確。",
        what="送出前的確認。勾選表示內容由您本人檢查過；沒有勾選不能送出。"
        "同意過的注意事項可以在「閱讀並同意注意事項」再讀。",
    ),
    en=FieldWords(
        label="I have read the notices; everything above is correct.",
        what="Your own word before sending: you have checked everything. Without the tick nothing "
        "is sent. The notices can be read again under task 1.",
    ),
    rule=APPLY_IN_TIME,
)
