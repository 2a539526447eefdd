"""What tests of the store and the daemon share."""

import os
import subprocess

import pytest

from syncd.client import Client
from tests.syncd.centre import Centre
from tests.syncd.daemon import Daemon
from tests.syncd.machine import TestClock, enrolled_store, identity_of
from tests.syncd.small_server import SmallServer


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


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MB."""
    if os.geteuid() != 0:
        pytest.skip("needs hardware rights: mounting a small tmpfs takes root")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)],  # noqa: S607
        check=True,
    )
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


@pytest.fixture
async def server(centre, aiohttp_server):
    small = SmallServer(centre, certificate=identity_of(centre).certificate)
    running = await aiohttp_server(small.app())
    small.url = str(running.make_url("/"))
    return small


@pytest.fixture
async def daemon(server, store, clock):
    async with Client(server.url) as client:
        yield Daemon(store, client, clock)
