"""Colours: enough contrast in every palette, nothing told by colour alone."""

import re
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from kiosk.theme import CONTRAST, LIGHT, PALETTES, Role, contrast, textual_theme
from tests.kiosk.screens.gallery import PICTURES
from tests.kiosk.screens.stage import SMALL, StagedKiosk, text_of

pytestmark = pytest.mark.unmeasured  # other tests of the screens reach every line

KIOSK = Path(__file__).parents[3] / "kiosk"
COLOURS = re.compile(r"look\.palette|rich\.style|rich\.color|#[0-9A-Fa-f]{6}|[^.]PALETTES\[")
GROUNDS = re.compile(r"(?:background|color): ([^;]+);")
EVERY = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#123456", "#123456", 1.0)],
)
def test_contrast_is_that_of_wcag(first, second, ratio):
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)


@EVERY
def test_every_pair_of_every_palette_has_enough_contrast(palette):
    weak = {
        role: round(contrast(*palette.pairs[role]), 2)
        for role in Role
        if contrast(*palette.pairs[role]) < palette.least_contrast
    }

    assert weak == {}


@EVERY
def test_every_role_has_a_colour_in_every_palette(palette):
    assert set(palette.pairs) == set(Role)


@EVERY
def test_what_textual_paints_itself_has_the_ground_of_the_palette(palette):
    assert textual_theme(palette).background == palette.ground


def test_high_contrast_asks_for_seven_and_uses_black_white_and_yellow_only():
    colours = {colour for pair in CONTRAST.pairs.values() for colour in pair}

    assert CONTRAST.least_contrast == 7.0
    assert colours == {"#000000", "#FFFFFF", "#FFFF00"}


def test_on_sixteen_colours_high_contrast_still_has_two_colours_in_every_pair():
    def sixteen(colour: str) -> int | None:
        return Color.parse(colour).downgrade(ColorSystem.STANDARD).number

    assert [
        role for role, (front, back) in CONTRAST.pairs.items() if sixteen(front) == sixteen(back)
    ] == []


def test_a_code_to_scan_is_black_on_white_in_every_palette():
    assert {palette.pairs[Role.QR] for palette in PALETTES.values()} == {("#000000", "#FFFFFF")}


def test_what_looks_alike_in_the_light_theme_looks_alike_in_every_theme():
    """So what the light theme draws tells what every other draws: one for one, by its table."""
    for palette in PALETTES.values():
        found = {}
        for role in Role:
            found.setdefault(LIGHT.style(role), set()).add(palette.style(role))

        assert [styles for styles in found.values() if len(styles) > 1] == [], palette.name


def test_only_the_painter_asks_for_the_colours_of_a_role():
    """Screens and boxes name roles, so none of them can look otherwise in another theme."""
    asking = {
        path.relative_to(KIOSK).as_posix()
        for path in KIOSK.rglob("*.py")
        if COLOURS.search(path.read_text("utf-8"))
    }

    assert asking == {"theme.py", "app.py", "widgets/painted.py"}
    css = (KIOSK / "kiosk.tcss").read_text("utf-8")
    assert set(GROUNDS.findall(css)) == {"$background", "$foreground", "$background 0%"}


def drawn(app):
    """Every piece of the screen with its colours, row by row."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001
    return [(piece.text, colours(piece.style)) for strip in strips for piece in strip]


def colours(style):
    """Front, back and weight; where nothing is written there is only the ground."""
    return tuple(each and each.triplet for each in (style.color, style.bgcolor)), bool(style.bold)


def table_to(palette):
    """What stands in another theme where the light one has these colours."""
    grounds = (Style(bgcolor=each.ground) for each in (LIGHT, palette))
    return dict([map(colours, grounds)]) | {
        colours(LIGHT.style(role)): colours(palette.style(role)) for role in Role
    }


async def test_a_theme_is_only_another_table():
    """Accepted are the pictures of the light theme: here each piece is found in the others."""
    names = ("k02-password", "k03-tasks", "k05-menu", "k06-refused", "k07-receipt", "k10-errors")
    pieces, seen = {}, set()
    app = StagedKiosk(PICTURES[names[0]].session)
    async with app.run_test(size=SMALL) as pilot:
        for name in names:
            for palette in PALETTES:
                app.show(PICTURES[name].session, palette=palette)
                await pilot.pause()
                await pilot.press(*PICTURES[name].keys)
                await pilot.pause()
                pieces[name, palette] = drawn(app)

    for other in PALETTES.values():
        table = table_to(other)
        for name in names:
            light = pieces[name, "light"]
            expected = [(text, table[style]) for text, style in light]
            assert pieces[name, other.name] == expected, (name, other.name)
            seen |= {style for _, style in light}
    # The dark half of a code is drawn by itself only where half blocks cannot be.
    assert {role for role in Role if colours(LIGHT.style(role)) not in seen} == {Role.QR_DARK}


async def test_the_same_words_are_on_the_screen_whatever_the_colours():
    said = set()
    app = StagedKiosk(PICTURES["k06-refused"].session)
    async with app.run_test(size=SMALL) as pilot:
        for name in PALETTES:
            app.show(app.session, palette=name)
            await pilot.pause()
            said.add(text_of(app))

    assert len(said) == 1


async def test_without_colours_the_focus_is_told_by_a_mark(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = StagedKiosk(PICTURES["k03-tasks"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        assert app.no_color
        assert ">  5 志願縣市與志願學校" in text_of(app)
