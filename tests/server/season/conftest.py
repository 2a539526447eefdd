"""A country on either database."""

import pytest

from tests.server.season.country import Country


@pytest.fixture
def country(store, centre):
    """Lists are in, no entry has arrived."""
    return Country(store, centre)
