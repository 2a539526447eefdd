"""Line mode without a card: what can be done now, and the lists of schools (U-062)."""

from datetime import timedelta

from core.domain.school import School, Stage
from kiosk.plain.prompt import PAGE, Option, Prompt, Situation, View, say
from kiosk.session.gesture import IncidentAsked, KeywordTyped, SchoolsNarrowed, WentBack
from kiosk.session.listing import searched
from kiosk.session.mending import state_of
from kiosk.session.naming import county_name, school_label
from kiosk.session.season import Window, deadline, window_at
from kiosk.session.state import Incident, Searching
from kiosk.session.station import LinkName
from kiosk.text.keyless import without_keys

SAID = 20
COUNTIES, KEYWORD = View("counties"), View("keyword")
LAST_DAY = timedelta(hours=24)


def lobby_lines(now: Situation) -> tuple[str, ...]:
    """What can be done at this time of the year, notices, and which machine this is."""
    texts, station, at = now.texts, now.session.station, now.session.at
    lines: list[str] = []
    match window_at(station, at):
        case Window.BEFORE:
            lines += without_keys((texts.before_now,))
        case Window.AFTER:
            lines += without_keys((texts.after_now,))
        case _:
            pass
    ends, link = deadline(station.calendar), station.link
    if ends is not None and timedelta(0) < ends - at <= LAST_DAY:
        lines.append(texts.receipt_counts)
        if link.name in {LinkName.WAITING, LinkName.UPLOADING} and link.pending:
            lines.append(texts.uploads_queue(link.pending))
        if link.busy and link.name is LinkName.ONLINE:
            lines.append(texts.county_busy)
    if station.notice:
        lines.append(now.plain.value(texts.published_title, station.notice))
    machine = texts.machine_is(station.machine, station.software, link.compared)
    return (*lines, machine)


def schools_prompt(now: Situation, scene: Searching) -> Prompt:
    """What is found; a keyword, a county or another stage."""
    texts, plain, reference = now.texts, now.plain, now.session.station.reference
    if reference is None:
        return Prompt(lines=(texts.no_calendar,), back=Option(plain.back, say(WentBack)))
    if now.view == KEYWORD:
        return Prompt(
            question=plain.search_again,
            typed=lambda text: say(KeywordTyped, text=text.strip()),
            back=Option(plain.back, PAGE),
        )
    if now.view == COUNTIES:
        choices = (
            (None, texts.all_counties),
            *((each.code, each.name) for each in reference.counties),
        )
        options = tuple(
            Option(name, say(SchoolsNarrowed, stage=scene.stage, county=code))
            for code, name in choices
        )
        return Prompt(lines=(texts.county_title,), options=options, back=Option(plain.back, PAGE))
    found = searched(
        reference, scene.stage, scene.county, scene.keyword, now.session.station.readings
    )
    where = county_name(reference, scene.county) if scene.county else texts.all_counties
    lines = (
        plain.value(texts.schools_title, f"{texts.stage(scene.stage)} {where} {scene.keyword}"),
        texts.schools_found(len(found), min(len(found), SAID)),
        *(_said(now, each) for each in found[:SAID]),
    )
    others = tuple(
        Option(
            plain.value(texts.label_stage, texts.stage(stage)),
            say(SchoolsNarrowed, stage=stage, county=scene.county),
        )
        for stage in Stage
        if stage is not scene.stage
    )
    options = (
        Option(texts.filter_label, KEYWORD),
        Option(texts.county_title, COUNTIES),
        *others,
    )
    return Prompt(
        lines=lines,
        options=(*options, *now.card_options()),
        back=Option(plain.back, say(WentBack)),
    )


def report_option(now: Situation) -> Option:
    """The way to 故障回報."""
    return Option(now.texts.incident_title, say(IncidentAsked))


def incident_prompt(now: Situation, scene: Incident) -> Prompt:
    """The number letter by letter, and the state of the machine."""
    texts, plain, session = now.texts, now.plain, now.session
    said: tuple[str, ...] = (texts.working,)
    if scene.number is not None:
        said = (plain.value(texts.incident_number, " ".join(scene.number)), texts.incident_tell)
    elif scene.fault is not None:
        said = (texts.incident_failed,)
    lines = (
        texts.incident_title,
        *said,
        plain.value(texts.whom_to_ask, texts.ask(session.station.contact)),
        plain.value(texts.machine_state, state_of(session)),
        plain.value(texts.readers_label, texts.list_comma.join(session.reader.names) or texts.none),
        texts.incident_private,
    )
    return Prompt(lines=lines, back=Option(plain.back, say(WentBack)))


def _said(now: Situation, school: School) -> str:
    texts, reference = now.texts, now.session.station.reference
    marks = () if reference is None else sorted(school.marks_on(reference.on))
    parts = (
        " ".join(school.id),
        school_label(school),
        county_name(reference, school.county),
        school.township,
        *(texts.mark_name(each) for each in marks),
        *(() if school.delegated else (texts.school_closed,)),
    )
    return texts.list_comma.join(parts)
