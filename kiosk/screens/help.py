"""F1 and F2: help for the screen in front, and how everything looks."""

from collections.abc import Iterable
from types import MappingProxyType

from kiosk.screens.frame import Frame
from kiosk.screens.host import Host
from kiosk.screens.overlay import Chooser, Sheet
from kiosk.session.display import Place
from kiosk.session.turn import held_of
from kiosk.text.catalogue import LANGUAGES
from kiosk.theme import PALETTES, Role
from kiosk.widgets.cells import fit
from kiosk.widgets.menu import Item
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph

PRIVACY_KEY = "f3"
KEY_WIDTH = 12


def help_sheet(frame: Frame) -> Sheet:
    """What this screen is for, every key of it, whom to ask, and the way to the privacy notice."""
    texts, host = frame.texts, frame.host
    hints = frame.hints()

    def lines(width: int) -> Iterable[Line]:
        yield from paragraph(texts.help(frame.HELP), width)
        yield BLANK
        yield line(texts.help_keys, role=Role.TITLE)
        for hint in hints:
            key = fit(texts.key_name(hint.key), KEY_WIDTH)
            yield line(Span(f"  {key}", Role.DIM), hint.label)
        yield BLANK
        contact = texts.ask(frame.station.contact)
        yield line(Span(f"{texts.help_contact}  ", Role.DIM), contact)
        machine = frame.station.machine
        yield line(Span(f"F3 {texts.help_privacy}", Role.DIM), f"    {machine}")

    return Sheet(
        texts.help_title,
        lines,
        more=MappingProxyType({PRIVACY_KEY: lambda: privacy_sheet(host)}),
    )


def privacy_sheet(host: Host) -> Sheet:
    """The six points of 個資法 §8, readable at any time."""
    texts = host.texts

    def lines(width: int) -> Iterable[Line]:
        yield from paragraph(texts.privacy_intro, width)
        for number, point in enumerate(texts.privacy_points, start=1):
            for index, each in enumerate(paragraph(point, width - 3)):
                yield (Span(f"{number}  " if index == 0 else "   "), *each)

    return Sheet(texts.privacy_title, lines)


def display_chooser(host: Host) -> Chooser:
    """Colours, language, letters, time, sound; the keys of the items are what is chosen."""
    texts, session = host.texts, host.session
    display, now = session.looks.display, host.texts.display_now
    working = held_of(session.scene) is not None
    switches: tuple[tuple[Place, str], ...] = (
        *((("large", texts.large_letters),) if session.station.letters else ()),
        ("more_time", texts.more_time),
        ("muted", texts.quiet),
    )
    items = (
        Item(key="", label=texts.display_theme, heading=True),
        *(
            Item(
                key=f"theme:{name}",
                label=texts.theme(name),
                note=now if display.theme == name else "",
            )
            for name in PALETTES
        ),
        Item(key="", label=texts.display_language, heading=True),
        *(
            Item(
                key=f"language:{name}",
                label=spoken.own_name,
                note=now if display.language == name else "",
            )
            for name, spoken in LANGUAGES.items()
        ),
        Item(key="", label=texts.display_more, heading=True),
        *(
            Item(key=f"{place}:", label=label, note=texts.switch(on=getattr(display, place)))
            for place, label in switches
        ),
    )
    intro = texts.display_kept if working else texts.display_ends
    return Chooser(
        texts.display_title,
        items,
        width=68,
        intro=intro if session.station.letters else f"{intro}\n{texts.large_text}",
        selected=f"theme:{display.theme}",
    )


def cards_chooser(host: Host) -> Chooser:
    """The virtual cards, and taking out the one that is in."""
    texts = host.texts
    cards = tuple(Item(key=f"card:{each.key}", label=each.label) for each in host.virtual_cards)
    out = (Item(key="out:", label=texts.virtual_remove),) if host.virtual_card_inserted else ()
    return Chooser(texts.virtual_title, (*out, *cards), width=60, intro=texts.virtual_intro)
