"""Line mode for counties and wishes (K05): search, add, move, remove, steps, interruption pages."""

import unicodedata
from collections import Counter
from enum import StrEnum
from typing import assert_never

from core.domain.ids import CountyCode, SchoolId
from core.domain.place import find_county
from kiosk.plain.prompt import Answer, Option, Prompt, Say, Situation, View, say
from kiosk.plain.schools import marks_prompt, preview_prompt, school_prompt
from kiosk.plain.sent import school_name, wish_names
from kiosk.session.draft import Answers, Draft
from kiosk.session.gesture import (
    ClearAsked,
    ClosedRemovalAsked,
    CountiesOpened,
    CountyChosen,
    InsertionChosen,
    KeywordTyped,
    Redone,
    StepChosen,
    StepsOpened,
    TabChosen,
    TownshipChosen,
    Undone,
    VersionsOpened,
    WentBack,
    WentOn,
    WishAdded,
    WishMoved,
    WishRemoved,
)
from kiosk.session.listing import Candidate, candidates, counties, townships, wishes
from kiosk.session.page import (
    CountiesPage,
    Doubt,
    Insertion,
    InsertMode,
    Interruption,
    WishesPage,
)
from kiosk.session.state import SignedIn
from kiosk.text.keyless import without_keys

SHOWN = 20
"""Schools said at once; more is asked to be narrowed."""
NUMBER_LENGTH = 4
"""Digits of a rank at most."""


class Spot(StrEnum):
    """Where on the page of wishes line mode stands."""

    ADD = "add"
    FOUND = "found"
    LIST = "list"
    WISH = "wish"
    RANK = "rank"
    INSERT = "insert"
    BEFORE = "before"
    TOWNSHIP = "township"
    MARKS = "marks"
    WHAT_IF = "what_if"
    SCHOOL = "school"


def counties_prompt(now: Situation, scene: SignedIn, page: CountiesPage) -> Prompt:
    """志願縣市: two slots, each with a list."""
    texts, answers = now.texts, scene.draft.answers
    reference = now.session.station.reference
    if now.view.name in {"a", "b"} and reference is not None:
        slot = now.view.name
        offered = counties(reference, scene.post)
        options = tuple(
            Option(each.name, say(CountyChosen, slot=slot, county=each.code)) for each in offered
        )
        return Prompt(options=options, back=Option(now.plain.back, View()))
    slots = (("a", texts.county_a, answers.county_a), ("b", texts.county_b, answers.county_b))
    options = tuple(
        Option(now.plain.value(label, _county(now, code)), View(slot))
        for slot, label, code in slots
    )
    faults = tuple(texts.refusal(each.code) for each in page.faults)
    return Prompt(
        lines=(texts.counties_title, texts.counties_rule, *faults),
        options=(*options, Option(texts.counties_confirm, say(WentOn))),
        back=_leave(now),
    )


def wishes_prompt(  # noqa: C901, PLR0911 - a table
    now: Situation, scene: SignedIn, page: WishesPage
) -> Prompt:
    """志願學校: a menu, and what hangs on it."""
    match now.view.name:
        case Spot.ADD:
            return _search(now, page)
        case Spot.FOUND:
            return _found(now, scene, page)
        case Spot.LIST:
            return _list(now, scene)
        case Spot.WISH:
            return _wish(now, scene, SchoolId(now.view.detail))
        case Spot.RANK:
            return _rank(now, SchoolId(now.view.detail))
        case Spot.INSERT:
            return _insertion(now)
        case Spot.BEFORE:
            return _before(now)
        case Spot.TOWNSHIP:
            return _township(now, scene, page)
        case Spot.MARKS:
            return marks_prompt(now, page, View(Spot.MARKS))
        case Spot.WHAT_IF:
            return preview_prompt(now, scene)
        case Spot.SCHOOL:
            school = SchoolId(now.view.detail)
            return school_prompt(now, scene, school, View(Spot.WISH, school))
        case _:
            return _menu(now, scene, page)


def steps_prompt(now: Situation, scene: SignedIn) -> Prompt:
    """The list of steps; any one can be gone to."""
    texts = now.texts
    draft: Draft = scene.draft
    steps = (*draft.past, *draft.future)
    options = tuple(
        Option(
            texts.edit(each.name, texts.subject_of_edit(each.subject) or each.subject),
            say(StepChosen, count=number),
        )
        for number, each in enumerate(steps, start=1)
    )
    return Prompt(
        lines=(texts.steps_title, texts.steps_hint),
        options=(Option(texts.step_zero, say(StepChosen, count=0)), *options),
        back=_leave(now),
    )


def doubt_prompt(now: Situation, scene: SignedIn, page: Interruption) -> Prompt:
    """An interruption page: 1 is no, as its focus would be."""
    texts, answers = now.texts, scene.draft.answers
    lines: tuple[str, ...]
    match page.asks:
        case Doubt.INDIGENOUS_YES:
            lines = texts.doubt_indigenous()
        case Doubt.CHANGE_COUNTY:
            old = answers.county_a if page.slot == "a" else answers.county_b
            lines = texts.doubt_county(
                texts.slot(page.slot or "a"),
                _county(now, old),
                _county(now, page.county),
                page.count,
            )
        case Doubt.CLEAR_WISHES:
            lines = texts.doubt_clear(page.count)
        case Doubt.REMOVE_CLOSED:
            lines = texts.doubt_remove_closed(page.count)
        case _ as never:
            assert_never(never)
    title = f"{texts.system_message}{texts.colon}{texts.doubt_title(page.asks)}"
    return Prompt(
        lines=(title, *without_keys(lines)),
        options=(Option(texts.cancel, say(WentBack)), Option(texts.confirm, say(WentOn))),
        back=_leave(now),
    )


def _menu(now: Situation, scene: SignedIn, page: WishesPage) -> Prompt:
    texts, plain, answers = now.texts, now.plain, scene.draft.answers
    names = _wishes(now, scene)
    lines = (f"{texts.your_wishes} {texts.counted(len(names))}", *names, *_resting(now, answers))
    options = [
        Option(plain.value(plain.search, _where(now, page.county)), View(Spot.ADD)),
        Option(plain.show_list, View(Spot.LIST)),
        Option(texts.township_title, View(Spot.TOWNSHIP)),
        Option(plain.insertion, View(Spot.INSERT)),
        Option(plain.undo, say(Undone)),
        Option(plain.redo, say(Redone)),
        Option(plain.steps, say(StepsOpened)),
        Option(texts.clear_wishes, say(ClearAsked)),
        Option(texts.remove_closed, say(ClosedRemovalAsked)),
        Option(texts.change_counties, say(CountiesOpened)),
    ]
    tabs = (answers.county_a, answers.county_b, None)
    options[1:1] = [
        Option(plain.value(texts.other_county, _where(now, each)), say(TabChosen, county=each))
        for each in tabs
        if each != page.county
    ]
    options += [
        Option(texts.marks_title, View(Spot.MARKS)),
        Option(texts.what_if_title, View(Spot.WHAT_IF)),
        Option(texts.history_title, say(VersionsOpened)),
    ]
    return Prompt(
        lines=lines, options=(*options, Option(texts.go_on, say(WentOn))), back=_leave(now)
    )


def _search(now: Situation, page: WishesPage) -> Prompt:
    return Prompt(
        lines=(now.plain.value(now.texts.filter_label, now.texts.filter_hint),)
        if page.keyword
        else (),
        question=now.plain.search_again,
        typed=lambda text: say(KeywordTyped, View(Spot.FOUND), text=text.strip()),
        back=Option(now.plain.back, View()),
    )


def _found(now: Situation, scene: SignedIn, page: WishesPage) -> Prompt:
    reference = now.session.station.reference
    found = (
        ()
        if reference is None
        else candidates(
            reference, scene.post, scene.draft.answers, page, now.session.station.readings
        )
    )
    options = tuple(
        Option(_candidate(now, each), say(WishAdded, View(Spot.FOUND), school=each.school.id))
        for each in found[:SHOWN]
    )
    line = now.plain.found(len(found), len(options)) if found else now.texts.no_candidate
    return Prompt(
        lines=(line,),
        options=(*options, Option(now.plain.search, View(Spot.ADD))),
        back=Option(now.plain.back, View()),
    )


def _candidate(now: Situation, each: Candidate) -> str:
    texts = now.texts
    marks = "".join(texts.mark_name(mark) for mark in sorted(each.marks))
    rank = "" if each.rank is None else texts.chosen_rank(each.rank)
    closed = "" if each.open else texts.not_open
    words = (each.school.id, each.school.name, each.school.township, marks, rank, closed)
    return " ".join(word for word in words if word)


def _wishes(now: Situation, scene: SignedIn) -> tuple[str, ...]:
    """One line per wish: rank, name, township, marks, and whether it is still open."""
    texts, reference = now.texts, now.session.station.reference
    if reference is None:
        return wish_names(now, scene.draft.answers.wishes)
    return tuple(
        " ".join(
            word
            for word in (
                now.plain.at_rank(each.rank, school_name(now, each.id)),
                "" if each.school is None else each.school.township,
                "".join(texts.mark_name(mark) for mark in sorted(each.marks)),
                "" if each.open else _remark(now, scene, each.id),
            )
            if word
        )
        for each in wishes(reference, scene.post, scene.draft.answers)
    )


def _remark(now: Situation, scene: SignedIn, school: SchoolId) -> str:
    return now.texts.own_school if school == scene.post.school else now.texts.list_removed


def _list(now: Situation, scene: SignedIn) -> Prompt:
    schools = scene.draft.answers.wishes
    options = tuple(
        Option(name, View(Spot.WISH, school))
        for name, school in zip(_wishes(now, scene), schools, strict=True)
    )
    return Prompt(
        lines=(now.texts.your_wishes,), options=options, back=Option(now.plain.back, View())
    )


def _wish(now: Situation, scene: SignedIn, school: SchoolId) -> Prompt:
    """The seven functions of the seed's window (F-142 … F-148)."""
    schools, plain, stay = scene.draft.answers.wishes, now.plain, View(Spot.WISH, school)
    if school not in schools:
        return _list(now, scene)
    rank = schools.index(school) + 1

    def moved(to: int) -> Say:
        return say(WishMoved, stay, school=school, rank=to)

    options = (
        Option(plain.move_up, moved(rank - 1)),
        Option(plain.move_down, moved(rank + 1)),
        Option(plain.move_first, moved(1)),
        Option(plain.move_last, moved(len(schools))),
        Option(plain.move_rank, View(Spot.RANK, school)),
        Option(now.texts.remove, say(WishRemoved, View(Spot.LIST), school=school)),
        Option(now.texts.details, View(Spot.SCHOOL, school)),
    )
    return Prompt(
        lines=(plain.at_rank(rank, school_name(now, school)),),
        options=options,
        back=Option(plain.back, View(Spot.LIST)),
    )


def _rank(now: Situation, school: SchoolId) -> Prompt:
    def typed(text: str) -> Answer:
        rank = _number(text)
        if rank is None:
            return None
        return say(WishMoved, View(Spot.WISH, school), school=school, rank=rank)

    return Prompt(question=now.plain.ask_rank, typed=typed)


def _insertion(now: Situation) -> Prompt:
    texts = now.texts
    last, first, before = texts.insertion_modes
    options = (
        Option(last, say(InsertionChosen, insertion=Insertion(InsertMode.LAST))),
        Option(first, say(InsertionChosen, insertion=Insertion(InsertMode.FIRST))),
        Option(before, View(Spot.BEFORE)),
    )
    return Prompt(
        lines=(texts.insertion_mode,), options=options, back=Option(now.plain.back, View())
    )


def _before(now: Situation) -> Prompt:
    def typed(text: str) -> Answer:
        rank = _number(text)
        if rank is None:
            return None
        return say(InsertionChosen, insertion=Insertion(InsertMode.BEFORE, rank))

    return Prompt(question=" N ".join(now.texts.insert_before_long), typed=typed)


def _township(now: Situation, scene: SignedIn, page: WishesPage) -> Prompt:
    reference = now.session.station.reference
    answers = scene.draft.answers
    shown = (answers.county_a, answers.county_b) if page.county is None else (page.county,)
    options = [Option(now.texts.all_townships, say(TownshipChosen, township=None))]
    for county in shown:
        found = (
            () if reference is None or county is None else townships(reference, scene.post, county)
        )
        where = "" if page.county else f"{_county(now, county)} "
        options += (
            Option(
                f"{where}{name} {now.texts.counted(count)}",
                say(TownshipChosen, township=name, county=county),
            )
            for name, count in found
        )
    return Prompt(
        lines=(now.texts.township_title,),
        options=tuple(options),
        back=Option(now.plain.back, View()),
    )


def _number(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    return (
        int(plain)
        if plain.isascii() and plain.isdecimal() and len(plain) <= NUMBER_LENGTH
        else None
    )


def _resting(now: Situation, answers: Answers) -> tuple[str, ...]:
    """The wishes whose county is not chosen now, with the rank they had."""
    if not answers.aside:
        return ()
    texts = now.texts
    counts = Counter(each.county for each in answers.aside)
    return (
        *(texts.resting(_county(now, county), count) for county, count in counts.items()),
        texts.resting_why,
        *(f"({each.rank}) {school_name(now, each.school)}" for each in answers.aside),
    )


def _where(now: Situation, county: CountyCode | None) -> str:
    return now.texts.both_counties_long if county is None else _county(now, county)


def _county(now: Situation, code: CountyCode | None) -> str:
    reference = now.session.station.reference
    if code is None or reference is None:
        return now.texts.not_chosen
    found = find_county(code, reference.counties)
    return code if found is None else found.name


def _leave(now: Situation) -> Option:
    return Option(now.plain.back, say(WentBack))
