"""Line mode for what is known of schools: one of them, the marks, 試算."""

from core.domain.ids import SchoolId
from core.domain.school import Mark
from kiosk.plain.prompt import Option, Prompt, Situation, View, say
from kiosk.plain.sent import school_name
from kiosk.session.form import subjects_of
from kiosk.session.gesture import MarksChosen
from kiosk.session.listing import preview
from kiosk.session.naming import county_name
from kiosk.session.page import WishesPage
from kiosk.session.state import SignedIn
from kiosk.session.tasks import open_faults
from kiosk.text.schools import family_words, map_address, past_words


def school_prompt(now: Situation, scene: SignedIn, school: SchoolId, back: View) -> Prompt:
    """Code, place, marks with their meaning, branches, past results, and the map's address."""
    texts, value, reference = now.texts, now.plain.value, now.session.station.reference
    found = None if reference is None else reference.schools.get(school)
    way_back = Option(now.plain.back, back)
    if reference is None or found is None:
        return Prompt(lines=(school_name(now, school), texts.list_removed), back=way_back)
    marks = found.marks_on(reference.on)
    lines = (
        f"{county_name(reference, found.county)}{found.township}",
        found.name,
        value(texts.label_school_code, found.id),
        family_words(reference, found, texts),
        *(
            value(texts.mark_name(mark), texts.mark_explained(mark))
            for mark in Mark
            if mark in marks
        ),
        "" if marks else texts.no_mark,
        *past_words(reference, found, subjects_of(scene.post, scene.draft.answers), texts),
        value(texts.map_title, map_address(reference, found)),
    )
    return Prompt(lines=tuple(each for each in lines if each), back=way_back)


def marks_prompt(now: Situation, page: WishesPage, stay: View) -> Prompt:
    """Marks to filter by, each with its meaning."""
    texts = now.texts
    options = tuple(
        Option(
            f"{now.plain.untick if mark in page.marks else now.plain.tick} "
            f"{texts.mark_name(mark)} {texts.mark_explained(mark)}",
            say(MarksChosen, stay, marks=page.marks ^ {mark}),
        )
        for mark in Mark
    )
    back = Option(now.plain.back, View())
    return Prompt(lines=(texts.marks_title, texts.marks_note), options=options, back=back)


def preview_prompt(now: Situation, scene: SignedIn) -> Prompt:
    """試算: what 原民調 would use, doubles, and every wish that is wrong."""
    texts, station = now.texts, now.session.station
    back = Option(now.plain.back, View())
    if station.reference is None:
        return Prompt(lines=(texts.candidates_loading,), back=back)
    answers = scene.draft.answers
    seen = preview(station.reference, scene.post, answers)
    if not answers.indigenous:
        use = texts.indigenous_no_use
    elif seen.indigenous:
        use = texts.uses_ranks(texts.ranks(seen.indigenous))
    else:
        use = texts.yes_no_school
    wrong = tuple(
        texts.problem_at(int(each.place.partition(".")[2]) + 1, texts.refusal(each.code))
        for each in open_faults(scene, station)
        if each.place.startswith("schools.")
    )
    kinds = texts.wish_kinds(len(seen.indigenous), len(seen.ordinary), len(seen.closed))
    return Prompt(
        lines=(texts.what_if_title, use, kinds, *(wrong or (texts.no_problem(),))), back=back
    )
