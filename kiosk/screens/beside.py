"""Help as lines: of the field in front, whom to ask, the keys; and what stands beside a form.

The box behind F1 and the pane of the wide layout (K00) are made of the same pieces.
"""

from collections.abc import Iterable
from datetime import datetime

from kiosk.screens.draft_state import draft_words, in_force_words
from kiosk.session.page import Task, TaskState
from kiosk.session.state import Session, SignedIn
from kiosk.session.station import Station
from kiosk.session.tasks import task_lines
from kiosk.text.catalogue import Texts
from kiosk.text.field import FieldPage
from kiosk.text.help import field_sentences
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.lines import Hint
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph

KEY_WIDTH = 12
TASK_WIDTH = 22


def field_lines(field: FieldPage, texts: Texts, width: int) -> Iterable[Line]:
    """Everything there is to say about a field, its label as the title."""
    label, *rest = field_sentences(field, texts)
    yield from paragraph(label, width, Role.TITLE)
    for sentence in rest:
        yield from paragraph(sentence, width)
    yield BLANK


def contact_lines(station: Station, at: datetime, texts: Texts, width: int) -> Iterable[Line]:
    """Whom to ask, and how to say that something is wrong."""
    head = f"{texts.help_contact}  "
    yield from hanging(head, texts.ask(station.contact), width, Role.TEXT)
    yield from paragraph(texts.help_report(station.machine, at), width, Role.DIM)


def key_lines(hints: tuple[Hint, ...], texts: Texts) -> Iterable[Line]:
    """Every key of the screen: the table it goes by, printed (UX 4.3)."""
    yield line(texts.help_keys, role=Role.TITLE)
    for hint in hints:
        key = fit(texts.key_name(hint.key), KEY_WIDTH)
        yield line(Span(f"  {key}", Role.DIM), hint.label)
    yield BLANK


def application_lines(session: Session, texts: Texts, width: int) -> Iterable[Line]:
    """The tasks with their states, then draft and version in force (K00)."""
    scene = session.scene
    if not isinstance(scene, SignedIn):
        return
    yield line(texts.your_application, role=Role.TITLE)
    for number, each in enumerate(task_lines(scene, session.station, session.at), start=1):
        state = texts.task_state(each.state)
        if each.task is Task.WISHES and each.count:
            state = texts.wishes_filled(each.count)
        role = Role.ERROR if each.state is TaskState.ATTENTION else Role.TEXT
        name = fit(texts.task_step(each.task), TASK_WIDTH)
        yield line(Span(f"  {number} {name}"), Span(state, role))
    yield BLANK
    yield from paragraph(draft_words(scene, texts), width, Role.DIM)
    yield from paragraph(in_force_words(scene, texts), width, Role.DIM)
