"""Colours: enough contrast in every palette, nothing told by colour alone."""

import pytest
from rich.color import Color, ColorSystem

from kiosk.theme import CONTRAST, PALETTES, Role, contrast, textual_theme
from tests.kiosk.screens.gallery import PICTURES
from tests.kiosk.screens.stage import SMALL, StagedKiosk, text_of

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
