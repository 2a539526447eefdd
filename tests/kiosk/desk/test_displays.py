"""Display settings on this machine: with the account, in the encrypted store (UX K12)."""

import pytest

from core.wire.errand import Task
from kiosk.adapters.lettering import LetteringFile
from kiosk.desk.desk import Desk
from kiosk.session.display import AS_BUILT, Display, decode_display, encode_display
from kiosk.session.effect import Letter, SaveDisplay
from kiosk.session.gesture import DisplayChosen, WentBack
from kiosk.session.state import SignedIn
from tests.kiosk.machine import AMY, BEN, Machine, ready


@pytest.fixture
def machine(tmp_path):
    return ready(tmp_path)


def look(machine: Machine) -> Display:
    return machine.session.looks.display


def test_what_she_chose_comes_back_at_her_next_card_and_after_a_restart(machine):
    machine.first_use(AMY)
    machine.tell(DisplayChosen, place="theme", value="contrast")
    machine.tell(DisplayChosen, place="muted", value=True)
    machine.end()
    between = look(machine)
    machine.reopen()

    machine.insert(AMY)

    assert between == AS_BUILT
    assert look(machine) == Display(theme="contrast", muted=True)


def test_the_next_teacher_has_her_own(machine):
    machine.first_use(AMY)
    machine.tell(DisplayChosen, place="language", value="en")
    machine.end()
    machine.first_use(BEN)
    chosen = look(machine)
    machine.end()

    machine.insert(BEN)

    assert chosen == look(machine) == AS_BUILT


def test_settings_nobody_understands_are_as_if_there_were_none(machine):
    machine.first_use(AMY)
    holder = machine.scene.person.teacher
    machine.end()
    with machine.store.transaction():
        machine.store.displays.save(holder, b"not settings")

    machine.insert(AMY)

    assert look(machine) == AS_BUILT


def test_a_full_disk_costs_the_setting_and_nothing_else(machine):
    machine.first_use(AMY)
    machine.fill_the_disk()

    for number in range(200):  # every person who ever came: more than the pages have room for
        looks = Display(theme="dark")
        machine.desk.perform(SaveDisplay(teacher=b"%016d" % number, display=looks))
    scene = machine.tell(DisplayChosen, place="theme", value="dark")

    assert isinstance(scene, SignedIn)
    assert look(machine).theme == "dark"
    machine.empty_the_disk()
    assert machine.store.displays.find(b"%016d" % 199) is None


def test_the_last_settings_are_the_ones_kept(machine):
    for theme in ("dark", "light", "contrast"):
        machine.desk.perform(SaveDisplay(teacher=b"t" * 16, display=Display(theme=theme)))

    assert b"contrast" in machine.store.displays.find(b"t" * 16)


def test_each_choice_goes_to_the_centre_for_the_other_kiosks_of_her_schools(machine):
    machine.first_use(AMY)
    machine.tell(DisplayChosen, place="theme", value="dark")
    machine.tell(DisplayChosen, place="plain", value=True)

    (errand,) = machine.store.errands.open()
    holder = machine.scene.person.teacher
    assert (errand.task, errand.teacher) == (Task.DISPLAY, holder)
    assert errand.display == machine.store.displays.find(holder)
    assert decode_display(errand.display) == Display(theme="dark", plain=True)


def test_what_the_centre_told_is_there_before_her_first_use_of_this_kiosk(machine):
    machine.insert(AMY)
    holder = machine.scene.person.teacher
    machine.tell(WentBack)
    machine.remove()
    with machine.store.transaction():
        machine.store.displays.save(holder, encode_display(Display(plain=True)))

    machine.insert(AMY)

    assert look(machine) == Display(plain=True)


class Letters:
    def __init__(self):
        self.said = []

    def choose(self, *, large):
        self.said.append(large)


def test_large_letters_are_asked_of_whoever_draws_the_terminal(machine):
    letters = Letters()
    desk = Desk(machine.equipment(lettering=letters))

    said = [desk.perform(Letter(large=each)) for each in (True, False)]

    assert desk.station().letters
    assert (letters.said, said) == ([True, False], [(), ()])


def test_a_machine_that_cannot_change_its_letters_says_so_and_goes_on(machine):
    assert not machine.desk.station().letters
    assert machine.desk.perform(Letter(large=True)) == ()


def test_the_word_for_the_terminal_stands_in_a_file_of_its_own(machine, tmp_path):
    file = tmp_path / "run" / "letters"
    desk = Desk(machine.equipment(lettering=LetteringFile(file)))

    desk.perform(Letter(large=True))
    assert not file.exists()  # no such folder: the letters stay as they are
    file.parent.mkdir()
    desk.perform(Letter(large=True))
    assert file.read_text() == "large\n"
    desk.perform(Letter(large=False))

    assert file.read_text() == "normal\n"
    assert [each.name for each in file.parent.iterdir()] == ["letters"]
