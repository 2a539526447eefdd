"""The name on a card, whose 20 bytes of cp950 cannot hold every character of every name.

A name read from a card is a pattern: its readable characters are facts, each ``□`` is one character
nobody has read yet. What is put there must leave the facts alone.
"""

import unicodedata
from collections.abc import Iterator

UNSHOWABLE = "□"
"""Stands for a character the card could not hold: undecodable bytes, or the card's own ``*``."""
HIDDEN = "○"
NAME_BYTES = 20
"""The field of the card (DOMAIN §5.1); a longer name is cut there."""
_PADDING = b"\0 "
_SEPARATORS = str.maketrans(dict.fromkeys("\u2027\uff0e\u30fb\u2022\u2219\u22c5", "·"))
# Big5 has one dot between the words of a name, keyboards have others; all mean the same.
_SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
# Choose between shapes of one character and take no room of their own.


def decode_name(raw: bytes) -> tuple[str, bool]:
    """The name as cp950 text, and whether something of it is missing (DOMAIN §5.4).

    Two bytes that cp950 does not know are one ``□``, and so is half a character at the end.
    ``big5hkscs`` would decode more, but to other characters than the card's owner has.
    """
    text = "".join(_characters(raw.strip(_PADDING))).strip(" \u3000")
    return text, UNSHOWABLE in text


def masked_name(name: str) -> str:
    """First and last character with ``○`` between; of two characters the first: ``林○明``, ``林○``.

    A spaced name keeps its first word: ``Lee ○``.
    """
    words = name.split()
    if len(words) > 1:
        return f"{words[0]} {HIDDEN}"
    if len(name) <= 2:  # noqa: PLR2004  # 林○
        return f"{name[:1]}{HIDDEN}"
    return f"{name[0]}{HIDDEN * (len(name) - 2)}{name[-1]}"


def fits_card(name: str, raw: bytes) -> bool:
    """Whether the name leaves every readable character of the card where it is.

    As long as the card's, one character for each ``□``, which may still be open; only where the
    name fills the whole field of the card may it go on behind its end. A card without a name fits
    any.
    """
    card, _ = decode_name(raw)
    cut = len(raw.rstrip(_PADDING)) >= NAME_BYTES
    if cut:
        card = card.rstrip(UNSHOWABLE)  # half a character, whatever it was
    pattern, typed = _comparable(card), _comparable(name)
    if not pattern:
        return True
    if len(typed) < len(pattern) or (len(typed) > len(pattern) and not cut):
        return False
    return all(
        _may_stand_for_a_gap(ours) if theirs == UNSHOWABLE else theirs == ours
        for theirs, ours in zip(pattern, typed, strict=False)
    )


def is_rare(character: str) -> bool:
    """Whether a card cannot hold it: a ``□`` is one of these, unless the name was cut."""
    try:
        character.encode("cp950")
    except UnicodeEncodeError:
        return True
    return False


def code_points(name: str, card: str) -> tuple[tuple[str, str], ...]:
    """The characters of a name that its card does not show, each with its number ``U+5803``.

    Shapes that look alike are told apart by it.
    """
    return tuple(
        (character, f"U+{ord(character):04X}")
        for index, character in enumerate(name)
        if index >= len(card) or card[index] != character
    )


def _characters(raw: bytes) -> Iterator[str]:
    """One by one: a codec that looks for the next good byte would lose the pairs behind it."""
    at = 0
    while at < len(raw):
        size = 1 if raw[at] < 0x80 else 2  # noqa: PLR2004 - the first byte of a pair has the high bit
        try:
            found = raw[at : at + size].decode("cp950")
        except UnicodeDecodeError:
            found = UNSHOWABLE
        # A control is no character of a name, and terminals would obey it.
        yield UNSHOWABLE if found == "*" or unicodedata.category(found) == "Cc" else found
        at += size


def _comparable(name: str) -> str:
    told = unicodedata.normalize("NFC", name).translate(_SEPARATORS)
    return "".join(each for each in told if ord(each) not in _SELECTORS).strip(" \u3000")


def _may_stand_for_a_gap(character: str) -> bool:
    """A letter, or nothing yet."""
    return character == UNSHOWABLE or unicodedata.category(character).startswith("L")
