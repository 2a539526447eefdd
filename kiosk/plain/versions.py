"""Line mode for 版本紀錄: every version with time and place, any two compared, one restored."""

from collections.abc import Iterator

from core.domain.ids import EventHash
from kiosk.plain.prompt import Option, Prompt, Situation, View, say
from kiosk.plain.sent import school_name
from kiosk.session.gesture import BaseChosen, VersionRestored, WentBack
from kiosk.session.history import Comparison, answers_in, compared
from kiosk.session.page import VersionsPage
from kiosk.session.record import Delivery, Version
from kiosk.session.state import SignedIn
from kiosk.text.answers import answer_words

BASES, RESTORE = "bases", "restore"


def versions_prompt(now: Situation, scene: SignedIn, page: VersionsPage) -> Prompt:
    """What is compared with what; then the other ways on."""
    texts = now.texts
    back = Option(now.plain.back, View())
    if now.view.name == BASES:
        options = tuple(
            Option(each, say(BaseChosen, version=key)) for key, each in _sides(now, scene)
        )
        return Prompt(lines=(texts.base_word,), options=options, back=back)
    if now.view.name == RESTORE:
        options = tuple(
            Option(each, say(VersionRestored, version=key))
            for key, each in _sides(now, scene)
            if key is not None
        )
        return Prompt(lines=(texts.restore,), options=options, back=back)
    if now.view.name:
        wanted = EventHash(bytes.fromhex(now.view.detail)) if now.view.detail else None
        return Prompt(lines=tuple(_difference(now, scene, page.base, wanted)), back=back)
    options = tuple(
        Option(
            now.plain.value(texts.compared_with, each),
            View("compare", "" if key is None else key.hex()),
        )
        for key, each in _sides(now, scene)
        if key != page.base
    )
    none = () if scene.record.versions else (texts.history_none,)
    base = dict(_sides(now, scene))[page.base]
    return Prompt(
        lines=(texts.history_title, *none, now.plain.value(texts.base_word, base)),
        options=(
            *options,
            Option(texts.base_word, View(BASES)),
            Option(texts.restore, View(RESTORE)),
        ),
        back=Option(now.plain.back, say(WentBack)),
    )


def _sides(now: Situation, scene: SignedIn) -> tuple[tuple[EventHash | None, str], ...]:
    """The draft, then the versions, the newest first, each with time, place and standing."""
    versions = tuple(
        (each.hash, _version(now, scene, each)) for each in reversed(scene.record.versions)
    )
    draft = f"{now.texts.draft_word} {now.texts.counted(len(scene.draft.answers.wishes))}"
    return ((None, draft), *versions)


def _version(now: Situation, scene: SignedIn, version: Version) -> str:
    texts = now.texts
    answers = answers_in(scene, version.hash)
    here = "" if version.delivery is Delivery.ELSEWHERE else now.session.station.machine
    standing = texts.in_force_word if version == scene.record.current else ""
    words = (
        texts.version_name(version.version),
        "" if version.submitted is None else texts.sent_at(version.submitted),
        texts.sent_from(here),
        "" if answers is None else texts.counted(len(answers.wishes)),
        texts.withdrawn_word if version.withdrawn else standing,
    )
    return " ".join(word for word in words if word)


def _difference(
    now: Situation, scene: SignedIn, before: EventHash | None, after: EventHash | None
) -> Iterator[str]:
    texts, names = now.texts, dict(_sides(now, scene))
    yield texts.from_to_version(names[before], names[after])
    found = compared(scene, before, after)
    if found is None:
        yield texts.content_elsewhere
        return
    yield from _changes(now, scene, found)


def _changes(now: Situation, scene: SignedIn, found: Comparison) -> Iterator[str]:
    texts, change = now.texts, found.change
    if change.count == 0:
        yield texts.no_difference
        return
    yield texts.different(len(change.added), len(change.moved), len(change.removed))
    for school in change.added:
        yield now.plain.value(texts.added, school_name(now, school))
    for move in change.moved:
        words = texts.from_to(move.before, move.after)
        yield now.plain.value(texts.moved, f"{school_name(now, move.school)} {words}")
    for school in change.removed:
        yield now.plain.value(texts.removed, school_name(now, school))
    reference = now.session.station.reference
    for place in change.fields:
        values = (
            answer_words(place, each, scene.post, reference, texts)
            for each in (found.before, found.after)
        )
        yield now.plain.value(texts.place(place), texts.from_to_version(*values))
