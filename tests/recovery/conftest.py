"""What the drills share."""

import pytest

from tests.recovery.country import Country


@pytest.fixture
async def country(tmp_path):
    """A running server and a desk; no machines yet."""
    made = Country(tmp_path)
    made.found()
    async with made.serving():
        yield made
