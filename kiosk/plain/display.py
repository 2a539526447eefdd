"""Line mode's F2: language, letters, time and sound. Colours mean nothing where lines are read."""

from kiosk.plain.prompt import PAGE, Option, Prompt, Situation, View, say
from kiosk.session.display import Place
from kiosk.session.gesture import DisplayChosen
from kiosk.session.turn import held_of
from kiosk.text.catalogue import LANGUAGES

DISPLAY = View("display")


def display_option(now: Situation) -> Option:
    """The way there."""
    return Option(now.texts.display_title, DISPLAY)


def display_prompt(now: Situation) -> Prompt:
    """What can be chosen, and how it stands."""
    texts, display = now.texts, now.session.looks.display
    switches: tuple[tuple[Place, str], ...] = (
        *((("large", texts.large_letters),) if now.session.station.letters else ()),
        ("more_time", texts.more_time),
        ("muted", texts.quiet),
    )
    options = (
        *(
            Option(spoken.own_name, say(DisplayChosen, DISPLAY, place="language", value=name))
            for name, spoken in LANGUAGES.items()
            if name != display.language
        ),
        *(
            Option(
                now.plain.value(label, texts.switch(on=getattr(display, place))),
                say(DisplayChosen, DISPLAY, place=place, value=not getattr(display, place)),
            )
            for place, label in switches
        ),
        *_leave(now),
    )
    known = held_of(now.session.scene) is not None
    kept = texts.display_kept if known else texts.display_ends
    back = Option(now.plain.back, PAGE)
    return Prompt(lines=(texts.display_title, kept), options=options, back=back)


def _leave(now: Situation) -> tuple[Option, ...]:
    """Back to the screen, where there is one."""
    leaves = say(DisplayChosen, place="plain", value=False)
    return (Option(now.plain.lines_leave, leaves),) if now.glass else ()
