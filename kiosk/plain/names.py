"""Line mode of F8 罕用字更正: the same name, a reading typed on one line, numbered characters."""

from core.domain.reading import KEYS
from kiosk.plain.prompt import Answer, Option, Prompt, Situation, View, say
from kiosk.session.gesture import (
    CharacterChosen,
    CharacterErased,
    ReadingTyped,
    RosterNameTaken,
    WentBack,
    WentOn,
)
from kiosk.session.rare_name import TONES, NameEntry, complete
from kiosk.text.words import KeyWord

READING, CHARACTERS = "reading", "characters"
A_PAGE = 9
_MARKS = str.maketrans("\u02c9\u02ca\u02c7\u02cb\u02d9", TONES)
_SYMBOLS = str.maketrans({symbol: key for key, symbol in KEYS.items()})


def name_prompt(now: Situation, entry: NameEntry) -> Prompt:
    """What is said of a name under correction."""
    if now.view.name == READING and entry.place is not None:
        return _reading(now)
    if now.view.name == CHARACTERS and entry.found:
        return _characters(now, entry, entry.found)
    return _menu(now, entry)


def keys_of(text: str) -> str:
    """A line as keys of the 注音 layout: symbols or keys, the first tone where none is given."""
    keys = text.strip().translate(_SYMBOLS).translate(_MARKS)
    return keys if complete(keys) else f"{keys} "


def _menu(now: Situation, entry: NameEntry) -> Prompt:
    texts, value = now.texts, now.plain.value
    lines = (
        texts.names_title,
        value(texts.label_card_name, f"{entry.card}  {texts.names_gap}"),
        *((value(texts.label_roster_name, entry.roster),) if entry.roster else ()),
        value(texts.label_new_name, entry.name),
        *((texts.name_fault(entry.fault),) if entry.fault else ()),
        texts.names_by_sound_only,
    )
    options = (
        *((Option(texts.roster_take, say(RosterNameTaken)),) if entry.roster else ()),
        *((Option(now.plain.find_character, View(READING)),) if entry.place is not None else ()),
        Option(texts.key_word(KeyWord.ERASE), say(CharacterErased)),
        Option(texts.confirm, say(WentOn)),
    )
    return Prompt(lines=lines, options=options, back=Option(now.plain.back, say(WentBack)))


def _reading(now: Situation) -> Prompt:
    def typed(text: str) -> Answer:
        # An empty line goes back; 0 cannot, it is a key of the layout.
        return say(ReadingTyped, View(CHARACTERS), keys=keys_of(text)) if text.strip() else View()

    texts = now.texts
    return Prompt(
        lines=(texts.reading_hint,), question=now.plain.value(texts.label_reading, ""), typed=typed
    )


def _characters(now: Situation, entry: NameEntry, found: tuple[str, ...]) -> Prompt:
    """Nine at a time, each with its number: by ear many sound alike."""
    texts, at = now.texts, int(now.view.detail or "0")
    shown = found[at : at + A_PAGE]
    following = at + A_PAGE if at + A_PAGE < len(found) else 0
    options = tuple(
        Option(f"{each} U+{ord(each):04X}", say(CharacterChosen, character=each)) for each in shown
    )
    turn = texts.names_page(at // A_PAGE + 1, -(-len(found) // A_PAGE))
    more = (Option(now.plain.next_page, View(CHARACTERS, str(following))),)
    return Prompt(
        lines=(now.plain.value(texts.label_new_name, entry.name), turn),
        options=(*options, *(more if len(found) > A_PAGE else ())),
        back=Option(now.plain.back, View()),
    )
