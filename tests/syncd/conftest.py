"""What tests of the store and the daemon share."""

import pytest

from tests.syncd.centre import Centre
from tests.syncd.machine import TestClock, enrolled_store


@pytest.fixture
def centre():
    return Centre()


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kiosk.db"


@pytest.fixture
def store(path, centre):
    """An open store of an enrolled machine."""
    with enrolled_store(path, centre) as opened:
        yield opened
