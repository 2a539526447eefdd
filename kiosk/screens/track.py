"""How far a version has come, as words with their times: 已存本機, 傳送中, 已送達, 已備援."""

from collections.abc import Iterable

from kiosk.session.record import Delivery, Version
from kiosk.text.catalogue import Texts
from kiosk.theme import Role
from kiosk.widgets.painted import Line, Span, hanging, width_of

WAY = (Delivery.STORED, Delivery.SENDING, Delivery.DELIVERED, Delivery.BACKED_UP)
GAP = 2
ALL_AHEAD = 44
"""Cells that hold the whole way."""


def track_lines(version: Version, texts: Texts, width: int) -> Iterable[Line]:
    """``v`` before what is over, ``>`` before what is so now, ``-`` before what is to come.

    Broken between words where ``width`` does not hold them all, inside one only where it does not
    hold that; a narrow column names only the next of what is to come.
    """
    rows: list[Line] = [()]
    ahead = len(WAY) if width >= ALL_AHEAD else 1
    for span in _words(version, texts, ahead):
        if width_of((span,)) > width:
            mark, _, words = span.text.partition(" ")
            begun = [row for row in rows if row]
            rows = [*begun, *hanging(f"{mark} ", words, width, span.role)]
            continue
        gap = GAP if rows[-1] else 0
        if width_of((*rows[-1], span)) + gap > width and rows[-1]:
            rows.append(())
            gap = 0
        rows[-1] = (*rows[-1], Span(" " * gap), span)
    if version.rejection:
        rows += hanging("! ", texts.rejected("version", version.rejection), width, Role.ERROR)
    return rows


def _words(version: Version, texts: Texts, ahead: int) -> Iterable[Span]:
    match version.delivery:
        case Delivery.ELSEWHERE:
            yield Span(f"v {texts.delivery_word(Delivery.ELSEWHERE)}", Role.DIM)
        case Delivery.ATTENTION:
            yield Span(f"v {_word(Delivery.STORED, version, texts)}", Role.GOOD)
            if version.delivered is not None:
                yield Span(f"v {_word(Delivery.DELIVERED, version, texts)}", Role.GOOD)
            word = texts.delivery_word(Delivery.ATTENTION)
            # Whom to ask, unless the centre's reason says what to do.
            whom = "" if version.rejection else f"{texts.colon}{texts.attention_word}"
            yield Span(f"x {word}{whom}", Role.ERROR)
        case now:
            reached = WAY.index(now)
            for at, each in enumerate(WAY):
                word = _word(each, version, texts)
                if at == reached:
                    last = at == len(WAY) - 1
                    yield Span(f"{'v' if last else '>'} {word}", Role.GOOD)
                elif reached < at <= reached + ahead:
                    yield Span(f"- {word}", Role.DIM)
                elif at < reached and each is not Delivery.SENDING:
                    yield Span(f"v {word}", Role.TEXT)


def _word(delivery: Delivery, version: Version, texts: Texts) -> str:
    at = {Delivery.STORED: version.submitted, Delivery.DELIVERED: version.delivered}.get(delivery)
    word = texts.delivery_word(delivery)
    return word if at is None else f"{word} {texts.short_minute(at)}"
