"""Line mode for the points of a case: each figure, its reason, a remark to it (O02, U-043)."""

from core.wire.payload import PointsPlace
from kiosk.plain.prompt import Answer, Option, Prompt, Situation, View, say
from kiosk.session.bureau import POINT_FIELDS, POINTS_REASONS, CasePage, points_line
from kiosk.session.decision import needs_reason
from kiosk.session.paperwork import BecauseChosen, BecauseTyped, PointsTyped

POINTS = "points"
WHY = "why"
SAID = "said"
SPOTS = frozenset({POINTS, WHY, SAID})
"""Views of a case that are about its points; the detail is the line."""


def points_prompt(now: Situation, page: CasePage) -> Prompt:
    """The list of lines, or what is asked of one of them."""
    place = points_line(now.view.detail)
    if place is None:
        return _lines(now, page)
    match now.view.name:
        case "why":
            return _why(now, page, place)
        case "said":
            return _said(now, place)
        case _:
            return _figure(now, place)


def _lines(now: Situation, page: CasePage) -> Prompt:
    texts, value = now.texts, now.plain.value
    options: list[Option] = []
    rows = zip(
        POINT_FIELDS, page.form.points, page.form.because, page.case.held_against, strict=True
    )
    for place, text, because, against in rows:
        name = texts.point_field(place)
        was = "" if against is None else f" {texts.held_against(against)}"
        options.append(Option(value(name, f"{text}{was}"), View(POINTS, place)))
        open_ = because.reason is None and needs_reason(page, place)
        reason = "" if because.reason is None else texts.because(because.reason)
        said = " ".join(each for each in (reason, because.remark) if each)
        words = texts.refusal("points_unexplained") if open_ else said or texts.not_chosen
        options.append(Option(value(f"{name} {texts.because_word}", words), View(WHY, place)))
    return Prompt(
        lines=(texts.case_points,), options=tuple(options), back=Option(now.plain.back, View())
    )


def _figure(now: Situation, place: str) -> Prompt:
    def typed(text: str) -> Answer:
        return say(PointsTyped, View(POINTS), place=place, text=text.strip())

    return Prompt(question=now.plain.value(now.texts.point_field(place), ""), typed=typed)


def _why(now: Situation, page: CasePage, place: PointsPlace) -> Prompt:
    """The list of reasons; after one of them its remark is asked for."""
    texts = now.texts
    options = (
        *(
            Option(
                texts.because(code), say(BecauseChosen, View(SAID, place), place=place, reason=code)
            )
            for code in POINTS_REASONS
        ),
        Option(texts.because_none, say(BecauseChosen, View(POINTS), place=place, reason=None)),
    )
    against = page.case.held_against[POINT_FIELDS.index(place)]
    was = () if against is None else (texts.held_against(against),)
    title = f"{texts.point_field(place)} {texts.because_title}"
    intro = texts.because_intro.replace("\n", "")
    return Prompt(
        lines=(title, *was, intro), options=options, back=Option(now.plain.back, View(POINTS))
    )


def _said(now: Situation, place: str) -> Prompt:
    """One line for the teacher; an empty one leaves the reason without a remark."""

    def typed(text: str) -> Answer:
        return say(BecauseTyped, View(POINTS), place=place, text=text.strip())

    return Prompt(question=now.plain.value(now.texts.because_remark, ""), typed=typed)
