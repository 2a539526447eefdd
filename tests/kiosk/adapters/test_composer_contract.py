"""One contract, two input methods: libchewing itself and the fake of the session's tests."""

import os
from pathlib import Path

import pytest

from kiosk.adapters.chewing import Chewing, memory_folder
from kiosk.adapters.composer_port import ComposerError
from tests.fakes.composer import CHARACTERS, FakeComposer

MEMORY = memory_folder(os.environ)


@pytest.fixture(params=["libchewing", "fake"])
def composer(request):
    return Chewing(MEMORY) if request.param == "libchewing" else FakeComposer()


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [("djp ", "堃"), ("5k6", "喆"), ("vm0 ", "煊"), ("z/ ", "峯"), ("1p ", "犇"), ("ru/4", "瀞")],
)
def test_the_characters_that_big5_lacks_are_found_by_their_sound(composer, keys, wanted):
    found = composer.characters(keys)

    assert wanted in found
    assert all(len(each) == 1 for each in found)
    assert len(set(found)) == len(found)


def test_the_usual_character_comes_before_the_rare_one(composer):
    found = composer.characters("z/ ")

    assert found.index("風") < found.index("峰") < found.index("峯")


@pytest.mark.parametrize("keys", ["zz4", "4", " ", ""])
def test_a_syllable_that_does_not_exist_has_no_characters(composer, keys):
    assert composer.characters(keys) == ()


def test_characters_outside_the_first_plane_come_whole(composer):
    assert "𩣺" in composer.characters("1p ")


def test_the_fake_knows_nothing_the_library_does_not():
    real = Chewing(MEMORY)

    assert all(set(found) <= set(real.characters(keys)) for keys, found in CHARACTERS.items())


def test_asking_again_and_again_changes_neither_order_nor_disk(monkeypatch, tmp_path):
    home, memory = tmp_path / "home", tmp_path / "memory"
    home.mkdir()
    memory.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("CHEWING_USER_PATH", raising=False)
    composer = Chewing(memory)

    answers = {composer.characters("djp ") for _ in range(20)}

    assert len(answers) == 1
    assert list(home.rglob("*")) == []
    assert list(memory.rglob("*")) == []


def test_while_it_answers_its_file_is_one_nobody_else_can_open(tmp_path):
    seen = []

    class Looking(Chewing):
        def _listed(self, context):
            folders = list(tmp_path.iterdir())
            seen.extend(
                (each.stat().st_mode & 0o777, len(list(each.iterdir()))) for each in folders
            )
            return super()._listed(context)

    Looking(tmp_path).characters("5k6")

    assert seen == [(0o700, 1)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "composer",
    [
        Chewing(MEMORY, library="libteapot.so.3"),
        Chewing(MEMORY, library="libc.so.6"),
        Chewing(None),
        Chewing(Path("/nowhere/at/all")),
        FakeComposer(works=False),
    ],
    ids=["no library", "another library", "no memory", "no folder", "fake"],
)
def test_a_machine_without_the_library_or_without_memory_for_it_says_so(composer):
    with pytest.raises(ComposerError):
        composer.characters("5k6")


def test_a_library_without_its_dictionary_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("CHEWING_PATH", str(tmp_path))

    with pytest.raises(ComposerError, match="dictionary"):
        Chewing(MEMORY).characters("5k6")


def mounts_of(folder: Path, kind: str, at: Path) -> Path:
    table = folder / "mounts"
    table.write_text(f"/dev/sda1 / ext4 rw 0 0\nnone {at} {kind} rw 0 0\n", encoding="utf-8")
    return table


def test_only_a_folder_in_memory_will_do(tmp_path):
    place = tmp_path / "run"
    place.mkdir()
    wanted = {"RUNTIME_DIRECTORY": str(place)}

    assert memory_folder(wanted, mounts_of(tmp_path, "tmpfs", place)) == place
    assert memory_folder(wanted, mounts_of(tmp_path, "ext4", place)) is None
    assert memory_folder(wanted, tmp_path / "no such table") is None


def test_a_folder_below_a_place_in_memory_is_in_memory_too(tmp_path):
    place = tmp_path / "run" / "user"
    place.mkdir(parents=True)

    found = memory_folder(
        {"XDG_RUNTIME_DIR": str(place)}, mounts_of(tmp_path, "tmpfs", tmp_path / "run")
    )

    assert found == place


def test_a_place_that_is_not_there_is_passed_over(tmp_path):
    place = tmp_path / "run"
    place.mkdir()
    environment = {"RUNTIME_DIRECTORY": str(tmp_path / "gone"), "XDG_RUNTIME_DIR": str(place)}

    assert memory_folder(environment, mounts_of(tmp_path, "tmpfs", place)) == place
