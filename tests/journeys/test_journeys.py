"""One journey each way, another with every seed; ``make soak`` walks them all (UX 10).

The card service is the real one, cards are virtual, the kiosk is the program itself.
"""

import pytest

from tests.journeys import slot
from tests.journeys.story import JOURNEYS
from tests.journeys.ways import WAYS, walk
from tests.soak.spread import random_of

pytestmark = pytest.mark.skipif(slot.missing() is not None, reason=f"hardware: {slot.missing()}")


@pytest.mark.parametrize("way", WAYS)
def test_a_journey_goes_as_its_story_says(way, seed):
    name = random_of(way, seed, 0).choice(sorted(JOURNEYS))

    walk(name, way)


def test_a_journey_that_goes_otherwise_than_its_story_is_noticed(monkeypatch):
    """The negative control: the judge looks at the disk, not at the story."""
    story = JOURNEYS["wrong cards"]
    monkeypatch.setitem(JOURNEYS, "short", type(story)(begins="filled", acts=(), draft=("133601",)))

    with pytest.raises(AssertionError):
        walk("short", "line mode")
