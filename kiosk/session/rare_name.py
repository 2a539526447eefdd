"""罕用字更正 as a value: a card's name with its open places, and what is put there.

Characters come from outside, one syllable at a time; nothing typed here is kept once the page
closes. The officer confirms the name with the ID card; until then it is a proposal.
"""

from dataclasses import dataclass, field, replace

from core.domain.name import UNSHOWABLE, fits_card, is_rare
from core.domain.reading import KEYS
from kiosk.session.person import Person

TONES = " 6347"
"""The keys that end a syllable on the standard layout (大千), first to fourth tone and neutral."""
SYMBOLS_AT_MOST = 3
UNFINISHED = "name_unfinished"
CONTRADICTS = "name_contradicts_card"
NOTHING_FOUND = "reading_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameEntry:
    """A name under correction.

    ``card`` and ``raw`` are the card's; ``roster`` is the school's name where it completes the
    card's, else None. ``name`` is the name so far. ``keys`` are those of the syllable being typed,
    ``found`` its characters, None before a tone. ``fault`` is a code, ``waiting`` the open
    question.
    """

    card: str = field(repr=False)
    raw: bytes = field(repr=False)
    name: str = field(repr=False)
    roster: str | None = field(default=None, repr=False)
    keys: str = field(default="", repr=False)
    found: tuple[str, ...] | None = field(default=None, repr=False)
    fault: str | None = None
    waiting: int | None = None

    @property
    def place(self) -> int | None:
        """Index of the first character still open; None when the name is complete."""
        at = self.name.find(UNSHOWABLE)
        return None if at < 0 else at


def begin(person: Person, name: str) -> NameEntry:
    """The card's name, or ``name`` where that already fits it."""
    fits = fits_card(name, person.card_name_raw)
    return NameEntry(
        card=person.card_name,
        raw=person.card_name_raw,
        name=name if fits else person.card_name,
        roster=roster_name(person),
    )


def roster_name(person: Person) -> str | None:
    """The school's name for her, where it completes what the card says."""
    complete = UNSHOWABLE not in person.name and person.name != person.card_name
    return person.name if complete and fits_card(person.name, person.card_name_raw) else None


def typed(entry: NameEntry, keys: str) -> NameEntry:
    """The box after a key; `complete` says whether the characters can be asked for."""
    symbols = "".join(each for each in keys.lower() if each in KEYS)[:SYMBOLS_AT_MOST]
    tone = keys[-1] if symbols and complete(keys) else ""
    return replace(entry, keys=f"{symbols}{tone}", found=None, fault=None, waiting=None)


def complete(keys: str) -> bool:
    """Whether a tone has ended the syllable."""
    return bool(keys) and keys[-1] in TONES


def listed(entry: NameEntry, characters: tuple[str, ...]) -> NameEntry:
    """The characters of the syllable; those a card cannot hold come first, one of them is meant."""
    rare_first = tuple(sorted(characters, key=lambda each: not is_rare(each)))
    fault = None if characters else NOTHING_FOUND
    return replace(entry, found=rare_first, fault=fault, waiting=None)


def chosen(entry: NameEntry, character: str) -> NameEntry:
    """A found character in the first open place; any other changes nothing."""
    at = entry.place
    if at is None or character not in (entry.found or ()):
        return entry
    name = f"{entry.name[:at]}{character}{entry.name[at + 1 :]}"
    return replace(entry, name=name, keys="", found=None, fault=None)


def erased(entry: NameEntry) -> NameEntry:
    """The last place filled is open again; a name of another length starts anew."""
    if len(entry.name) != len(entry.card):
        return replace(entry, name=entry.card, fault=None)
    filled = [
        at
        for at, (ours, theirs) in enumerate(zip(entry.name, entry.card, strict=True))
        if theirs == UNSHOWABLE != ours
    ]
    if not filled:
        return entry
    at = filled[-1]
    return replace(entry, name=f"{entry.name[:at]}{UNSHOWABLE}{entry.name[at + 1 :]}", fault=None)


def taken(entry: NameEntry) -> NameEntry:
    """The school's name, whole."""
    if entry.roster is None:
        return entry
    return replace(entry, name=entry.roster, keys="", found=None, fault=None, waiting=None)


def fault_of(name: str, raw: bytes) -> str | None:
    """Why this name cannot be proposed."""
    if not fits_card(name, raw):
        return CONTRADICTS
    return UNFINISHED if UNSHOWABLE in name else None
