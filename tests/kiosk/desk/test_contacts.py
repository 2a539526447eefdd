"""The mail code and LINE at the desk: made up here, kept here, compared here, told as news."""

import pytest

from core.wire.client import ClientState
from core.wire.errand import ErrandAnswer, Progress, Task
from kiosk.session.contact import CODE_TRIES, Contact, Mailing, Telephone
from kiosk.session.effect import ContactAct, Contacting
from kiosk.session.gesture import TaskOpened, TextTyped, WentOn
from kiosk.session.page import NOTICES
from kiosk.session.page import Task as Row
from kiosk.session.person import Secret
from kiosk.session.reach import CodeAsked, CodeTyped, ContactOpened, LineAsked, LineUnlinkAsked
from syncd.store.link_state import LinkState
from tests.kiosk.machine import AMY, BEN, ready

ADDRESS = "name@example.tw"
URL = "https://line.me/R/oaMessage/%40jiepin/?JP-a"


@pytest.fixture
def machine(tmp_path):
    return ready(tmp_path)


def open_page(machine):
    machine.first_use(AMY)
    machine.store.link_state.write(LinkState(client=ClientState.CURRENT))
    machine.talk.catch_up()
    machine.tell(TaskOpened, task=Row.NOTICES)
    for _ in range(NOTICES):
        machine.tell(WentOn)
    machine.tell(TextTyped, place="email", text=ADDRESS)
    machine.tell(ContactOpened)
    return machine.scene


def stored(machine, task=Task.MAIL_CODE):
    return machine.store.errands.find(machine.scene.person.teacher, task)


def answer(machine, progress, task=Task.MAIL_CODE, channels=("mail", "line"), **said):
    """What the centre says; the daemon writes it, the kiosk reads it as news."""
    words = {"detail": "", "url": ""} | said
    found = ErrandAnswer(id=stored(machine, task).id, progress=progress, channels=channels, **words)
    with machine.store.transaction():
        machine.store.errands.answered(found, machine.clock.moment())
    machine.talk.catch_up()
    return machine.scene.contact


def type_code(machine, text):
    machine.tell(CodeTyped, code=Secret.from_text(text))
    return machine.scene


def wrong_code(machine):
    return f"{(int(stored(machine).code) + 1) % 1_000_000:06d}"


def test_a_code_travels_by_the_daemon_and_is_compared_off_line(machine):
    open_page(machine)
    machine.tell(CodeAsked)
    asked, waiting = stored(machine), machine.scene.contact.proof

    sent = answer(machine, Progress.DONE).proof
    machine.store.link_state.write(LinkState(client=ClientState.OFFLINE))
    wrong = type_code(machine, wrong_code(machine))
    fault = wrong.page.fault
    right = type_code(machine, asked.code)

    assert (asked.address, len(asked.code), asked.code.isdecimal()) == (ADDRESS, 6, True)
    assert (waiting.mailing, sent.mailing) == (Mailing.HERE, Mailing.SENT)
    assert (wrong.contact.proof.tries_left, fault) == (CODE_TRIES - 1, "code_wrong")
    assert (right.contact.proof.proved, right.toast) == (True, "mail_proved")


def test_the_centre_is_told_which_address_was_proved_so_that_receipts_go_there(machine):
    open_page(machine)
    machine.tell(CodeAsked)
    answer(machine, Progress.DONE)
    type_code(machine, wrong_code(machine))
    before = stored(machine, Task.MAIL_PROVED)

    type_code(machine, stored(machine).code)

    told = stored(machine, Task.MAIL_PROVED)
    assert before is None
    assert (told.address, told.code, told.token, told.open) == (ADDRESS, None, None, True)
    assert told.id != stored(machine).id


def test_five_wrong_codes_end_it_and_the_count_outlives_the_program(machine):
    open_page(machine)
    machine.tell(CodeAsked)
    answer(machine, Progress.QUEUED)
    for _ in range(CODE_TRIES):
        type_code(machine, wrong_code(machine))
    machine.end()
    machine.reopen()
    machine.sign_in(AMY)
    machine.talk.catch_up()

    assert machine.scene.contact.proof.tries_left == 0
    teacher = machine.scene.person.teacher
    code = Secret.from_text(stored(machine).code)
    machine.desk.perform(Contacting(teacher, ContactAct.TRY_CODE, code=code))
    assert stored(machine).proved_ms is None


def test_a_code_that_nobody_asked_for_proves_nothing(machine):
    open_page(machine)
    teacher = machine.scene.person.teacher

    (told,) = machine.desk.perform(
        Contacting(teacher, ContactAct.TRY_CODE, code=Secret.from_text("042137"))
    )

    assert told.contact == Contact()


def test_what_one_teacher_proved_is_nothing_the_next_one_sees(machine):
    open_page(machine)
    machine.tell(CodeAsked)
    answer(machine, Progress.REFUSED, detail="address_refused")
    machine.end()
    machine.first_use(BEN)
    machine.talk.catch_up()

    assert machine.scene.contact == Contact()


def test_a_telephone_is_linked_by_a_token_and_untied_here(machine):
    open_page(machine)
    machine.tell(LineAsked)
    asked = stored(machine, Task.LINE_LINK)
    before = machine.scene.contact.telephone

    opened = answer(machine, Progress.OPEN, Task.LINE_LINK, url=URL)
    linked = answer(machine, Progress.DONE, Task.LINE_LINK)
    machine.clock.forward(seconds=1)
    machine.tell(LineUnlinkAsked)

    assert (len(asked.token), before) == (16, Telephone.ASKED)
    assert (opened.telephone, opened.url) == (Telephone.OPEN, URL)
    assert linked.telephone is Telephone.LINKED
    assert machine.scene.contact.telephone is Telephone.FREE
    assert stored(machine, Task.LINE_UNLINK) is not None


@pytest.mark.parametrize(
    ("detail", "telephone"),
    [
        ("expired", Telephone.FREE),
        ("unlinked", Telephone.FREE),
        ("too_many", Telephone.REFUSED),
    ],
)
def test_a_link_that_came_to_nothing_can_be_asked_for_again(machine, detail, telephone):
    open_page(machine)
    machine.tell(LineAsked)

    found = answer(machine, Progress.REFUSED, Task.LINE_LINK, detail=detail)

    assert found.telephone is telephone


def test_where_the_centre_has_no_line_the_row_says_mail_only(machine):
    open_page(machine)
    machine.tell(LineAsked)

    found = answer(machine, Progress.REFUSED, Task.LINE_LINK, channels=("mail",), detail="line_off")

    assert found == Contact(telephone=Telephone.OFF)


def test_a_full_disk_costs_the_errand_and_says_so(machine):
    open_page(machine)
    machine.fill_the_disk()

    for number in range(200):
        told = machine.desk.perform(
            Contacting(b"%016d" % number, ContactAct.MAIL_CODE, address="a" * 200 + "@x.tw")
        )
    machine.tell(CodeAsked)

    assert told[0].contact is None
    assert machine.scene.page.fault == "store"
    assert machine.scene.alarm is None
