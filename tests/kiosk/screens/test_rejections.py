"""What the centre rejected stands whole on the glass, where its reason is read (ADR 0041)."""

import pytest

from core.domain.school import Stage
from kiosk.screens.track import track_lines
from kiosk.session.record import Delivery
from kiosk.text.catalogue import LANGUAGES
from kiosk.widgets.painted import width_of
from tests.kiosk.screens.gallery import PICTURES, REJECTED, version
from tests.kiosk.screens.stage import SIZES, StagedKiosk, lines_of

EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EACH_SIZE = pytest.mark.parametrize("size", SIZES)


def bare(lines):
    """What is said, however it is broken and set in."""
    return "".join("".join(lines).split())


def painted(lines):
    return bare(span.text for row in lines for span in row)


async def seen(name, size, language):
    app = StagedKiosk(PICTURES[name].session, language=language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        return lines_of(app)


@EACH_LANGUAGE
@pytest.mark.parametrize("width", [16, 24, 32, 60])
def test_that_something_is_wrong_is_said_whole_however_narrow_the_column(width, language):
    texts = LANGUAGES[language]

    lines = tuple(track_lines(version(3, delivery=Delivery.ATTENTION), texts, width))

    whom = f"{texts.delivery_word(Delivery.ATTENTION)}{texts.colon}{texts.attention_word}"
    assert bare(whom) in painted(lines)
    assert max(width_of(each) for each in lines) <= width


@EACH_LANGUAGE
def test_a_reason_of_the_centre_stands_instead_of_whom_to_ask(language):
    texts = LANGUAGES[language]

    lines = tuple(track_lines(REJECTED, texts, 32))

    assert bare(texts.rejected("version", "part_hash")) in painted(lines)
    assert bare(texts.colon + texts.attention_word) not in painted(lines)


@EACH_SIZE
@EACH_LANGUAGE
@pytest.mark.parametrize(
    ("name", "what", "word"),
    [
        ("k07-rejected", "version", "part_hash"),
        ("k11-rejected", "version", "part_hash"),
        ("k11-review-rejected", "review", "officer_revoked"),
        ("o03-rejected", "version", "scope"),
        ("o03-review-rejected", "review", "cosignature"),
        ("o04-rejected", "registration", "scope"),
    ],
)
async def test_the_reason_is_on_the_screen_whole(name, what, word, language, size):
    shown = await seen(name, size, language)

    # Beside a code or a second column the rows of a sentence are not neighbours: its words are.
    words = LANGUAGES[language].rejected(what, word).split()
    pieces = words if language == "en" else [bare(words)[:12]]
    assert all(any(piece in row for row in shown) for piece in pieces)


@EACH_SIZE
@EACH_LANGUAGE
async def test_a_receipt_calls_no_version_in_force_that_the_centre_rejects(language, size):
    texts = LANGUAGES[language]

    rejected, taken = [await seen(name, size, language) for name in ("k07-rejected", "k07-server")]

    heading = texts.receipt_heading(Delivery.ATTENTION)
    assert any(row.startswith(f" ! {heading}") for row in rejected)
    said = [bare(rejected), bare(taken)]
    for sentence in texts.may_change:
        assert [bare(sentence) in each for each in said] == [False, True]


@EACH_SIZE
@EACH_LANGUAGE
async def test_the_queue_and_the_roster_say_whole_that_something_is_wrong(language, size):
    texts = LANGUAGES[language]
    attention = texts.delivery_word(Delivery.ATTENTION)

    queue, roster = [await seen(name, size, language) for name in ("o01-rejected", "o04-rejected")]

    assert sum(attention in row for row in queue) == 2
    assert sum(attention in row for row in roster) == 1
    assert sum(f" {texts.stage(Stage.ELEMENTARY)} " in row for row in roster) == 2
    assert ".." not in "".join((*queue, *roster))
