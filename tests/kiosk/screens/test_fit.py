"""Every screen, at both sizes and in both languages: complete, aligned, nothing cut."""

import pytest
from rich.cells import cell_len

from kiosk.screens.choice import screen_of
from kiosk.screens.frame import Frame
from kiosk.widgets.finger import LEAST_CELLS, LEAST_ROWS, grown, targets
from kiosk.widgets.glyphs import ASCII, ambiguous
from kiosk.widgets.lines import MOST_HINTS, KeyBar
from kiosk.widgets.painted import Painted
from kiosk.widgets.rows import Rows
from tests.kiosk.screens.accepted import differences, look, way
from tests.kiosk.screens.gallery import PICTURES
from tests.kiosk.screens.stage import SIZES, SMALL, StagedKiosk, lines_of

pytestmark = pytest.mark.unmeasured  # other tests of the screens reach every line

MIDDLE = (100, 34)
BOX = frozenset("─│┌┐└┘┬┴├┤┼▀▄█")


def cut_lines(app: StagedKiosk) -> list[str]:
    """Lines that are wider than the widget they stand in, and widgets that leave the screen."""
    found = []
    for painted in app.screen.query(Painted):
        width = painted.size.width
        if not painted.display or width == 0 or any(not each.display for each in painted.ancestors):
            continue
        if painted.region.right > app.size.width:
            found.append(f"{painted!r} leaves the screen")
        texts = ("".join(span.text for span in spans).rstrip() for spans in painted.paint(width))
        found += [f"{painted!r}: {text!r}" for text in texts if cell_len(text) > width]
    return found


def lost_hints(app: StagedKiosk) -> list[str]:
    """Keys that fell off the footer; a large screen may leave out what comes after the eighth."""
    assert isinstance(app.screen, Frame)
    wanted = [hint.key for hint in app.screen.hints() if hint.shown]
    if app.size.width > SMALL[0]:
        wanted = wanted[:MOST_HINTS]
    shown = [hint.key for _, _, hint in app.screen.query_one(KeyBar).zones]
    return [] if shown == wanted else [f"footer: {shown} of {wanted}"]


def lost_states(app: StagedKiosk) -> list[str]:
    """What a screen has to say above the keys and has no rows for."""
    found = []
    for frame in app.screen_stack:
        if isinstance(frame, Frame):
            said = tuple(frame.state_lines(app.size.width))
            found += [f"above the keys: {each}" for each in said[frame.STATE_ROWS :]]
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_line_of_any_screen_is_cut_and_every_screen_looks_as_it_was_accepted(
    size, language
):
    """After a wanted change: look, then ``python -m tests.kiosk.screens.accepted NAME``."""
    app = StagedKiosk(PICTURES["k01-idle"].session)
    faults, changed = [], []
    async with app.run_test(size=size) as pilot:
        for name, picture in PICTURES.items():
            app.show(picture.session, language=language)
            await pilot.pause()
            faults += [f"{name}: {fault}" for fault in lost_hints(app)]
            await pilot.press(*picture.keys)

            rows = lines_of(app)

            faults += [f"{name}: {fault}" for fault in (*cut_lines(app), *lost_states(app))]
            faults += [
                f"{name}: row {at}" for at, row in enumerate(rows) if cell_len(row) != size[0]
            ]
            assert len(rows) == size[1], name
            await pilot.pause()
            changed += differences(name, way(size, language), look(app))

    assert faults == []
    assert changed == [], "\n".join(changed)


async def test_given_wide_boxes_and_fingers_then_no_box_is_drawn_and_every_target_is_large_enough():
    """A terminal that draws boxes two cells wide, on a machine without a mouse."""
    small = []
    app = StagedKiosk(PICTURES["k01-idle"].session, glyphs=ASCII, touch=True)
    async with app.run_test(size=SMALL) as pilot:
        for name, picture in PICTURES.items():
            app.show(picture.session)
            await pilot.pause()
            await pilot.press(*picture.keys)

            text = "".join(lines_of(app))
            found = grown(targets(app.screen), app.screen.region)

            assert not [each for each in text if ambiguous(each)], name
            assert "-" in text
            small += [
                (name, each)
                for each in found
                if each.height < LEAST_ROWS or each.width < LEAST_CELLS
            ]

    assert small == []


async def test_given_unicode_then_frames_are_drawn_with_lines():
    app = StagedKiosk(PICTURES["k05-wishes"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        text = "".join(lines_of(app))

        assert set(text) & BOX >= set("─│┬┴")


@pytest.mark.parametrize(("size", "name"), [((79, 24), "79x24"), ((80, 23), "80x23")])
async def test_given_a_window_that_is_too_small_then_one_sentence_says_so_until_it_grows(
    size, name
):
    app = StagedKiosk(PICTURES["k05-wishes"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.resize_terminal(*size)
        await pilot.pause()
        small = "".join(lines_of(app))
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        grown = "".join(lines_of(app))

    assert name in small
    assert "待選學校" not in small
    assert "待選學校" in grown


async def test_between_the_two_sizes_no_line_of_any_kind_of_screen_is_cut():
    """100 by 34, where the header is written out and there is no room for a pane (UX 10)."""
    kinds = {screen_of(picture.session): name for name, picture in PICTURES.items()}
    faults = []
    app = StagedKiosk(PICTURES["k01-idle"].session)
    async with app.run_test(size=MIDDLE) as pilot:
        for at, name in enumerate(kinds.values()):
            app.show(PICTURES[name].session, language=("zh", "en")[at % 2])
            await pilot.pause()
            found = (*lost_hints(app), *cut_lines(app), *lost_states(app))
            faults += [f"{name}: {fault}" for fault in found]

    assert len(kinds) > 40
    assert faults == []


@pytest.mark.parametrize(("columns", "pane"), [(119, False), (120, True)])
async def test_the_pane_on_the_right_comes_where_whole_sentences_have_room_beside_it(columns, pane):
    app = StagedKiosk(PICTURES["k11-status"].session)
    async with app.run_test(size=(columns, 40)) as pilot:
        await pilot.pause()
        side = app.screen.query_one("#side")

        assert bool(side.region.width) is pane
        assert "積分總計" in "".join(lines_of(app)), "never only in the pane"


async def test_given_100_columns_then_the_header_is_written_out():
    app = StagedKiosk(PICTURES["k05-wishes"].session)
    async with app.run_test(size=(99, 34)) as pilot:
        await pilot.pause()
        narrow = "".join(lines_of(app))
        await pilot.resize_terminal(100, 34)
        await pilot.pause()
        wide = "".join(lines_of(app))

    assert "(5)志願<" in narrow
    assert "(5) 志願資料<" in wide


async def test_a_long_list_paints_only_the_rows_in_view():
    app = StagedKiosk(PICTURES["k05-wishes"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        rows = app.screen.query_one("#candidates", Rows)

        painted = list(rows.paint(rows.size.width))

        assert len(rows.rows) > len(painted) == rows.size.height
