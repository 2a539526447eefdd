"""How a file gets onto a stick: the same contract for the fake and for real folders."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import server.usb.folder
import syncd.usb.folder
from core.wire.stick import (
    CHUNK_BYTES,
    Fetch,
    Flush,
    FlushFolder,
    Placed,
    Rename,
    StickError,
    Write,
    carry_out,
    fault_of,
    find,
    place,
)
from tests.usb.fake_stick import FakeStick

NAME = "TTX-00-1-2.ttx"
PART = f"{NAME}.part"
DATA = bytes(range(256)) * 3000  # three chunks
REAL = [syncd.usb.folder.Folder, server.usb.folder.Folder]


def never(_):
    return False


def always(_):
    return True


def put(stick, data=DATA, may_replace=never):
    return carry_out(place(NAME, data, may_replace), stick)


def fault(stick, data=DATA, may_replace=never):
    with pytest.raises(StickError) as refused:
        put(stick, data, may_replace)
    return refused.value.code


@pytest.fixture(params=["fake", "syncd", "server"])
def stick(request, tmp_path):
    """Each kind of stick in turn, empty."""
    if request.param == "fake":
        yield FakeStick()
        return
    folder = tmp_path / "stick"
    folder.mkdir()
    kind = REAL[request.param == "server"]
    with kind(folder) as opened:
        yield opened


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB."""
    if os.geteuid() != 0:
        pytest.skip("needs hardware rights: mounting a small tmpfs takes root")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],  # noqa: S607
        check=True,
    )
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def test_a_file_arrives_whole_and_under_its_name_only(stick):
    assert put(stick) == Placed(len(DATA))

    assert stick.names(always) == (NAME,)
    assert carry_out(find(NAME), stick) == DATA


def test_the_same_file_again_writes_nothing(stick):
    put(stick)

    assert put(stick) == Placed(0)


def test_another_file_of_that_name_stays_unless_it_may_give_way(stick):
    put(stick, b"theirs")

    assert fault(stick) == "occupied"
    assert carry_out(find(NAME), stick) == b"theirs"

    assert put(stick, may_replace=lambda there: there == b"theirs") == Placed(len(DATA))
    assert carry_out(find(NAME), stick) == DATA


def test_what_an_interrupted_try_left_is_gone_on_with(stick):
    begun = DATA[: CHUNK_BYTES + 5]
    stick.perform(Write(PART, 0, begun))

    assert put(stick) == Placed(len(DATA) - len(begun))
    assert stick.names(always) == (NAME,)


@pytest.mark.parametrize("left", [b"something else", DATA + b"and more"], ids=["other", "longer"])
def test_what_something_else_left_is_begun_anew(stick, left):
    stick.perform(Write(PART, 0, left))

    assert put(stick) == Placed(len(DATA))
    assert carry_out(find(NAME), stick) == DATA


def test_other_names_are_left_alone(stick):
    stick.perform(Write("holiday.jpg", 0, b"pixels"))

    put(stick)

    assert stick.names(always) == tuple(sorted((NAME, "holiday.jpg")))
    assert stick.names(NAME.__eq__) == (NAME,)
    assert carry_out(find("holiday.jpg"), stick) == b"pixels"


def test_more_than_the_limit_is_never_read(stick):
    put(stick)

    with pytest.raises(StickError) as refused:
        stick.perform(Fetch(NAME, len(DATA) - 1))

    assert refused.value.code == "too_large"


def test_of_a_file_that_is_looked_for_no_more_than_the_limit_is_read(stick):
    put(stick)

    assert carry_out(find(NAME, len(DATA)), stick) == DATA
    with pytest.raises(StickError) as refused:
        carry_out(find(NAME, len(DATA) - 1), stick)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("name", [NAME, PART])
def test_a_folder_or_a_link_under_a_name_of_ours_is_not_touched(name):
    stick = FakeStick()
    stick.other.add(name)

    assert fault(stick) == "not_a_file"
    assert stick.names(always) == (name,)


def test_nothing_is_there_until_it_is(stick):
    assert carry_out(find(NAME), stick) is None


def test_flush_rename_flush_and_reading_back_come_in_this_order():
    stick = FakeStick()

    put(stick)

    order = [type(act) for act in stick.acts if not isinstance(act, Write)][-4:]
    assert order == [Flush, Rename, FlushFolder, Fetch]
    last_write = max(at for at, act in enumerate(stick.acts) if isinstance(act, Write))
    assert last_write < next(at for at, act in enumerate(stick.acts) if isinstance(act, Flush))


@pytest.mark.parametrize("torn", [0, 0.4, 1])
def test_pulled_out_before_any_act_nothing_is_claimed_and_the_next_try_ends_it(torn):
    whole = FakeStick()
    put(whole)
    count = len(whole.acts)

    for at in range(count):
        stick = FakeStick()
        stick.files["theirs"] = b"school B"
        stick.pull_at, stick.torn = at, torn

        assert fault(stick) == "gone"

        kept = stick.files.get(NAME)
        assert kept is None or kept == DATA, "a name stands for a whole file or not at all"
        stick.plug_in()
        put(stick)
        assert stick.files == {NAME: DATA, "theirs": b"school B"}, at


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(min_value=0, max_value=11), st.sampled_from((0, 0.3, 0.7, 1))),
        max_size=6,
    ),
    st.binary(max_size=40),
)
def test_pulled_out_again_and_again_it_still_ends_with_the_whole_file(pulls, left):
    stick = FakeStick()
    if left:
        stick.files[PART] = left

    for at, torn in pulls:
        stick.plug_in()
        stick.pull_at, stick.torn = at, torn
        try:
            put(stick)
        except StickError as error:
            assert error.code == "gone"  # noqa: PT017 - many tries, not one
        stick.pull_at = None
        assert stick.files.get(NAME, DATA) == DATA

    stick.plug_in()
    put(stick)
    assert stick.files == {NAME: DATA}


def test_a_stick_that_keeps_other_bytes_than_it_was_given_is_noticed():
    stick = FakeStick()
    stick.flaw = lambda data: data[:-1] + b"\x00"

    assert fault(stick) == "read_back"


def test_a_full_stick_is_noticed_before_anything_is_written():
    stick = FakeStick(room=len(DATA))

    assert fault(stick) == "full"
    assert stick.files == {}


def test_a_stick_that_fills_up_meanwhile_keeps_what_was_begun_for_later():
    stick = FakeStick(room=len(DATA) + 100_000)
    stick.files["theirs"] = b"x" * 20_000
    put(stick)
    stick.room = 2 * len(DATA) + 200_000

    def filled(act):
        if isinstance(act, Write) and act.offset:
            stick.room = sum(map(len, stick.files.values())) + 10
        return FakeStick.perform(stick, act)

    stick.perform = filled
    with pytest.raises(StickError) as refused:
        carry_out(place("TTX-00-3-4.ttx", DATA, never), stick)
    assert refused.value.code == "full"
    assert stick.files[NAME] == DATA

    del stick.perform
    stick.room = 1 << 30
    assert carry_out(place("TTX-00-3-4.ttx", DATA, never), stick).written < len(DATA)


def test_a_read_only_stick_is_noticed():
    assert fault(FakeStick(read_only=True)) == "read_only"


@pytest.mark.parametrize("kind", REAL)
class TestRealFolders:
    def test_links_and_folders_under_our_name_are_not_touched(self, kind, tmp_path):
        precious = tmp_path / "precious"
        precious.write_bytes(b"precious")
        stick = tmp_path / "stick"
        stick.mkdir()

        for name in (NAME, PART):
            (stick / name).symlink_to(precious)
            with kind(stick) as opened:
                assert fault(opened, may_replace=always) == "not_a_file"
                with pytest.raises(StickError) as refused:
                    opened.perform(Write(name, 0, b"overwritten"))
                assert refused.value.code == "not_a_file"
                with pytest.raises(StickError) as refused:
                    opened.perform(Fetch(name, 100))
                assert refused.value.code == "not_a_file"
            (stick / name).unlink()
            (stick / name).mkdir()
            with kind(stick) as opened:
                assert fault(opened, may_replace=always) == "not_a_file"
            (stick / name).rmdir()

        assert precious.read_bytes() == b"precious"

    def test_pipes_and_devices_are_not_waited_for(self, kind, tmp_path):
        os.mkfifo(tmp_path / NAME)

        with kind(tmp_path) as opened:
            assert fault(opened) == "not_a_file"
            with pytest.raises(StickError) as refused:
                opened.perform(Fetch(NAME, 100))

        assert refused.value.code == "not_a_file"

    def test_a_missing_folder_is_a_stick_that_is_gone(self, kind, tmp_path):
        with pytest.raises(StickError) as refused, kind(tmp_path / "nowhere"):
            pass

        assert refused.value.code == "gone"

    def test_an_empty_mount_point_on_the_own_disk_is_not_the_stick(self, kind, tmp_path):
        with pytest.raises(StickError) as refused, kind(tmp_path, foreign_to=Path(tmp_path)):
            pass

        assert refused.value.code == "gone"

    def test_a_full_file_system_is_noticed_before_and_while_writing(self, kind, small_disk):
        (small_disk / "theirs").write_bytes(bytes(900_000))

        with kind(small_disk) as opened:
            assert fault(opened) == "full"
            with pytest.raises(StickError) as refused:
                opened.perform(Write(PART, 0, DATA))
        assert refused.value.code == "full"

        (small_disk / "theirs").unlink()
        with kind(small_disk) as opened:
            put(opened)
        assert (small_disk / NAME).read_bytes() == DATA

    def test_a_read_only_file_system_is_noticed(self, kind, small_disk):
        subprocess.run(
            ["mount", "-o", "remount,ro", str(small_disk)],  # noqa: S607
            check=True,
        )

        with kind(small_disk) as opened:
            assert fault(opened) == "read_only"


@pytest.mark.parametrize(
    ("number", "code"), [(28, "full"), (30, "read_only"), (5, "gone"), (19, "gone"), (None, "gone")]
)
def test_what_a_stick_that_was_pulled_out_says_means_that_it_is_gone(number, code):
    assert fault_of(number) == code


def test_both_ends_of_a_stick_make_the_same_system_calls():
    """The core does no I/O and siblings share nothing, so it stands twice (ADR 0015)."""
    root = Path(__file__).parents[2]
    school, centre = (
        (root / package / "usb" / "folder.py").read_text(encoding="utf-8").splitlines()[1:]
        for package in ("syncd", "server")
    )

    assert school == centre
