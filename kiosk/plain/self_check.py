"""Line mode for 資格檢核: each answer is one choice, then what the regulation makes of it."""

from functools import partial

from kiosk.plain.prompt import PAGE, Option, Prompt, Say, Situation, View, say
from kiosk.session.gesture import WentOn
from kiosk.session.self_check import CHOICES, NUMBERS, Place
from kiosk.session.self_checking import SelfCheckAnswered
from kiosk.session.state import SignedIn
from kiosk.text.doubts import barred_words, doubt_sentences, finding_words


def self_check_prompt(now: Situation, scene: SignedIn) -> Prompt:
    """The answers, each to be opened; a number is typed, the rest is chosen."""
    texts, value, check = now.texts, now.plain.value, scene.draft.check
    numbers: dict[str, tuple[Place, str, str]] = {
        "semesters": ("semesters", texts.label_semesters, texts.semesters_unit),
        "leave": ("leave", texts.label_leave, texts.leave_unit),
        "bond_years": ("bond_years", texts.label_bond_years, texts.bond_years_unit),
    }
    if now.view.name in numbers:
        place, label, unit = numbers[now.view.name]
        return Prompt(
            lines=(f"{label} {unit}",),
            question=value(label, ""),
            typed=partial(_number, place),
            back=Option(now.plain.back, PAGE),
        )
    words = {"hardship": texts.hardship, "bond": texts.bond}
    titles = {"hardship": texts.hardship_title, "bond": texts.bond_title}
    if now.view.name in words:
        chosen: Place = "hardship" if now.view.name == "hardship" else "bond"
        options = tuple(
            Option(words[chosen](str(key)), say(SelfCheckAnswered, place=chosen, answer=str(key)))
            for key in CHOICES[chosen]
        )
        return Prompt(lines=(titles[chosen],), options=options, back=Option(now.plain.back, PAGE))
    years = scene.draft.answers.service_years
    barred = barred_words(scene.post.barred, now.session.at, texts)
    finding, _ = finding_words(check, years, texts)
    typed = tuple(
        Option(value(label, _shown(getattr(check, place), texts.none)), View(place))
        for place, label, _ in numbers.values()
    )
    picked = tuple(
        Option(
            value(titles[place], _shown(getattr(check, place), texts.not_chosen, words[place])),
            View(place),
        )
        for place in words
    )
    mark = now.plain.untick if check.on_leave else now.plain.tick
    leave = Option(
        f"{mark} {texts.on_leave_question}",
        say(SelfCheckAnswered, place="on_leave", answer=not check.on_leave),
    )
    return Prompt(
        lines=(
            texts.self_check_title,
            texts.self_check_intro,
            *((barred,) if barred else ()),
            finding,
            *doubt_sentences(check, years, texts),
        ),
        options=(*typed, *picked, leave, Option(texts.self_check_done, say(WentOn))),
    )


def _number(place: Place, text: str) -> Say | None:
    """An empty line takes the number back."""
    plain = text.strip()
    if not plain:
        return say(SelfCheckAnswered, place=place, answer=None)
    if not plain.isdecimal() or len(plain) > len(str(max(NUMBERS.values()))):
        return None
    return say(SelfCheckAnswered, place=place, answer=int(plain))


def _shown(answer: object, without: str, word: object = str) -> str:
    return without if answer is None else word(str(answer))  # type: ignore[operator]
