"""What is still wrong, said line by line with its place."""

from core.domain.refusal import Refusal
from kiosk.plain.prompt import Situation
from kiosk.session.bureau import points_line


def faults_said(now: Situation, faults: tuple[Refusal, ...]) -> tuple[str, ...]:
    """The summary and one line per fault, with its place."""
    texts = now.texts
    if not faults:
        return ()
    said = (
        f"{_place(now, each.place)}{texts.colon}"
        f"{texts.gap(each.place) if each.code == 'not_answered' else texts.refusal(each.code)}"
        for each in faults
    )
    return (texts.errors_to_fix(len(faults)), *said)


def _place(now: Situation, place: str) -> str:
    line = points_line(place)
    return now.texts.place(place) if line is None else now.texts.point_field(line)
