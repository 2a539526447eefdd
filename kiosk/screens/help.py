"""F1 and F2: help for the screen in front, and how everything looks."""

from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType

from core.domain.school import Mark
from kiosk.screens.beside import contact_lines, field_lines, key_lines
from kiosk.screens.frame import Frame
from kiosk.screens.host import Host
from kiosk.screens.overlay import Chooser, Sheet
from kiosk.session.display import Display, Place
from kiosk.session.gesture import DisplayChosen
from kiosk.session.station import Station
from kiosk.session.turn import held_of
from kiosk.text.catalogue import LANGUAGES, Texts
from kiosk.text.checks import check_sentences
from kiosk.theme import PALETTES, Role
from kiosk.widgets.glyphs import MARK_SIGNS, Glyphs
from kiosk.widgets.menu import Item
from kiosk.widgets.painted import BLANK, Line, hanging, line, paragraph, width_of
from kiosk.widgets.qr import qr_lines

PRIVACY_KEY = "f3"
NO_SINGLE_KEY = frozenset({"any", "digits", "updown", "card_back", "card_away"})
"""Hints that stand for several keys, or for a card."""
WHO_NOT = frozenset({"idle", "trouble", "self_check"})
"""Where the help says who cannot apply here, and where they go (U-003)."""


def help_sheet(frame: Frame) -> Sheet:
    """The field in front, the screen, whom to ask, every key; F3 leads to the privacy notice."""
    texts, host = frame.texts, frame.host

    links: dict[int, str] = {}

    def before_keys(width: int) -> Iterable[Line]:
        if frame.field is not None:
            yield from field_lines(frame.field, texts, width)
            yield line(texts.help_screen, role=Role.TITLE)
        yield from paragraph(texts.help(frame.HELP), width)
        yield BLANK
        yield from more_lines(frame, width)
        yield from contact_lines(frame.station, frame.session.at, texts, width)
        yield BLANK

    def lines(width: int) -> Iterable[Line]:
        found = list(before_keys(width))
        title, *keys, last = key_lines(frame.hints(), texts)
        found.append(title)
        for hint, each in zip(frame.hints(), keys, strict=True):
            if hint.key not in NO_SINGLE_KEY:
                links[len(found)] = hint.key
            found += (each, BLANK) if host.touch else (each,)
        return (*found, last, *machine_lines(frame.station, texts, width))

    return Sheet(
        texts.help_title,
        lines,
        foot=f"  F3 {texts.help_privacy}",
        more=MappingProxyType({PRIVACY_KEY: lambda: privacy_sheet(host)}),
        links=links,
        press=frame.press,
    )


def more_lines(frame: Frame, width: int) -> Iterable[Line]:
    """What only some screens need: the three checks in full, the marks, where results are told."""
    texts = frame.texts
    if frame.HELP in {"idle", "trouble"}:
        for good, sentence in check_sentences(frame.session.reader, texts):
            role = Role.GOOD if good else Role.ERROR
            yield from hanging("v " if good else "x ", sentence, width, role)
        yield BLANK
    if frame.HELP == "wishes":
        yield from mark_lines(texts, frame.host.glyphs, width)
        yield BLANK
    if frame.HELP in WHO_NOT:
        yield line(texts.who_not_title, role=Role.TITLE)
        for sentence in texts.who_not:
            yield from hanging("- ", sentence, width)
        yield BLANK
    if frame.HELP in {"idle", "status", "receipt"}:
        yield from site_lines(frame, width)


def mark_lines(texts: Texts, glyphs: Glyphs, width: int) -> Iterable[Line]:
    """學校註記說明: the letter of a list, the paper's sign where it can be drawn, the words."""
    yield line(texts.marks_explained, role=Role.TITLE)
    for mark in Mark:
        sign = MARK_SIGNS.get(mark, "") if glyphs.half_blocks else ""
        head = f"  {texts.mark(mark)} {sign or ' '} "
        words = f"{texts.mark_name(mark)}{texts.colon}{texts.mark_meaning(mark)}"
        yield from hanging(head, words, width)


def site_lines(frame: Frame, width: int) -> Iterable[Line]:
    """The address of the announcements, for one's own telephone: the kiosk has no browser."""
    site, texts = frame.station.site or frame.station.server, frame.texts
    if not site:
        return
    yield line(texts.site_label, role=Role.TITLE)
    yield from paragraph(f"  {site}", width)
    code = qr_lines(site, frame.host.glyphs)
    if code and width_of(code[0]) <= width and len(code) <= frame.size.height - 5:
        yield from code
    yield BLANK


def machine_lines(station: Station, texts: Texts, width: int) -> Iterable[Line]:
    """This machine: its number, program, line and last contact; who runs the season."""
    seen = station.link.compared
    parts = (
        f"{texts.help_machine} {station.machine}",
        f"{texts.help_program} {station.software}" if station.software else "",
        texts.link(station.link),
        texts.last_contact(seen) if seen is not None else "",
    )
    yield from paragraph("  ".join(each for each in parts if each), width, Role.DIM)
    if station.organiser:
        words = f"{texts.organiser_label}{texts.colon}{station.organiser}"
        yield from paragraph(words, width, Role.DIM)


def privacy_sheet(host: Host) -> Sheet:
    """The six points of 個資法 §8, then what this machine stores; readable at any time."""
    texts = host.texts

    def numbered(points: tuple[str, ...], width: int) -> Iterable[Line]:
        for number, point in enumerate(points, start=1):
            yield from hanging(f"{number}  ", point, width)

    def lines(width: int) -> Iterable[Line]:
        yield from paragraph(texts.privacy_intro, width)
        yield from numbered(texts.privacy_points, width)
        yield BLANK
        yield line(texts.stored_title, role=Role.TITLE)
        yield from numbered(texts.stored_points, width)

    return Sheet(texts.privacy_title, lines)


def display_chooser(host: Host) -> Chooser:
    """Colours, language and the rest; the keys of the items are what is chosen."""
    texts, session = host.texts, host.session
    display, now = session.looks.display, host.texts.display_now
    working = held_of(session.scene) is not None
    switches: tuple[tuple[Place, str], ...] = (
        *((("large", texts.large_letters),) if session.station.letters else ()),
        ("more_time", texts.more_time),
        ("muted", texts.quiet),
        ("plain", texts.line_by_line),
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


def display_choice(answer: str | None, display: Display, at: datetime) -> DisplayChosen | None:
    """What an item of F2 means: a value, or the other side of a switch."""
    place, _, value = (answer or "").partition(":")
    match place:
        case "theme" | "language" | "large" | "more_time" | "muted" | "plain":
            return DisplayChosen(at=at, place=place, value=value or not getattr(display, place))
        case _:
            return None


def cards_chooser(host: Host) -> Chooser:
    """The virtual cards, and taking out the one that is in."""
    texts = host.texts
    cards = tuple(Item(key=f"card:{each.key}", label=each.label) for each in host.virtual_cards)
    out = (Item(key="out:", label=texts.virtual_remove),) if host.virtual_card_inserted else ()
    return Chooser(texts.virtual_title, (*out, *cards), width=60, intro=texts.virtual_intro)
