"""Sentences of 罕用字更正: characters a card cannot hold."""

from kiosk.text.fields.basics import READING

_TONES = {" ": "1st tone", "6": "2nd tone", "3": "3rd tone", "4": "4th tone", "7": "neutral"}
_FAULTS = {
    "name_unfinished": "A character is still missing (□).",
    "name_contradicts_card": (
        "What the card shows cannot be changed, nor the number of characters. "
        "After a change of name, renew the card first."
    ),
    "reading_unknown": "No character is read like this; please type it again.",
    "input_missing": (
        "This machine has no phonetic input. Take the school's name for you, or ask the "
        "personnel officer to type it at registration."
    ),
}
_STANDINGS = {
    "card": "(from the card)",
    "roster": "(school's register, checked)",
    "different": "(register and card differ: ask personnel)",
    "open": "(incomplete, F8 corrects it)",
    "proposed": "(corrected, 待人事確認: to be checked)",
    "confirmed": "(corrected and confirmed)",
}


class NamesEn:
    """Part of `English`."""

    names_title = "Rare characters in your name"
    names_gap = "□: not on the card"
    names_by_sound_only = (
        "Characters are found by sound (注音) only, not by strokes; personnel can help."
    )
    names_after = (
        "After sending, the officer compares it with your ID card (待人事確認 until then)."
    )
    names_after_officer = "Choose as on the teacher's ID card; once registered it is confirmed."
    label_card_name = "On the card"
    label_roster_name = "Register"
    label_new_name = "Your name"
    label_reading = READING.en.label
    label_new_characters = "New characters"
    roster_take = "Take the register's"
    reading_hint = "Type 注音 keys, then the tone: 1st Space, 2nd 6, 3rd 3, 4th 4, neutral 7"
    reading_choose = "A digit chooses, 0 turns the page"
    name_incomplete = "The card cannot show all of the name (□). You can apply; F8 corrects it."
    name_from_roster = "The card cannot show all of the name; this is the register's. F8 corrects."
    case_name_waiting = "The name is not the card's: compare the ID card, tick it under Decision."
    pledge_name = "Name checked with ID card"

    def tone(self, key: str) -> str:
        return _TONES.get(key, "")

    def names_page(self, number: int, of: int) -> str:
        return f"page {number}/{of}"

    def name_fault(self, code: str) -> str:
        return _FAULTS.get(code, f"Characters cannot be found now ({code}); try again later.")

    def name_standing(self, code: str) -> str:
        return _STANDINGS[code]
