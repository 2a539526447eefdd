"""What is true on every page stands in the line above the keys (U-012, U-014)."""

from dataclasses import replace

import pytest

from kiosk.session.station import Link
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.standing import standing_words
from tests.kiosk.screens.gallery import PICTURES, STATION
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, lines_of

SAID = {
    "zh": ("最後同步 4/27 11:50", "截止 4/28(二)17:00"),
    "en": ("last contact 4/27 11:50", "until Tue 4/28 17:00"),
}


def line_above_the_keys(app):
    return lines_of(app)[-2]


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_every_page_says_when_it_was_last_synced_and_until_which_weekday_and_hour(
    size, language
):
    app = StagedKiosk(PICTURES["k05-wishes"].session, language=language)
    async with app.run_test(size=size) as pilot:
        for name in ("k05-wishes", "k02-password", "k06-check", "k07-receipt", "k11-status"):
            session = PICTURES[name].session
            app.show(replace(session, station=replace(session.station, link=STATION.link)),
                     language=language)  # fmt: skip
            await pilot.pause()

            row = line_above_the_keys(app)

            assert all(words in row for words in SAID[language]), (name, row)


async def test_an_officer_reads_the_end_of_the_review_and_an_idle_machine_says_it_itself():
    app = StagedKiosk(PICTURES["o01-queue"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        officers = line_above_the_keys(app)
        app.show(PICTURES["k01-idle"].session)
        await pilot.pause()
        nobody = line_above_the_keys(app)

    assert "截止 4/29(三)17:00" in officers
    assert set(nobody) == {"─"}


@pytest.mark.parametrize(("language", "words"), [("zh", "尚未同步"), ("en", "never synced")])
def test_a_machine_that_never_reached_the_server_says_so(language, words):
    session = PICTURES["k03-tasks"].session
    alone = replace(session, station=replace(session.station, link=Link(), calendar=()))

    assert standing_words(alone, LANGUAGES[language]) == (words,)


async def test_what_hides_below_is_still_told_beside_them():
    app = StagedKiosk(PICTURES["k11-status"].session, language="en")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        row = line_above_the_keys(app)

    assert "until Tue 4/28 17:00" in row
    assert "more below: PgDn or wheel" in row
