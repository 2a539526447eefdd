"""Fixtures that tests of several packages need."""

import os
import secrets
import warnings
from collections.abc import Generator, Iterator
from pathlib import Path

import coverage
import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql import Cluster, find_binaries, open_cluster

ROOT = Path(__file__).parents[1]
WHOLE_PROGRAMS = {"faults", "fuzz", "hygiene", "interop", "journeys", "recovery", "simulation"}
COVERAGE_OF_CHILDREN = "COVERAGE_PROCESS_CONFIG"
LONGEST_FIRST = (
    "journeys",
    "recovery",
    "faults",
    "syncd/test_commands.py",
    "kiosk/robot",
    "kiosk/screens",
    "server/console",
    "server",
)
"""What is begun first, so that at the end no process waits for one long file of another."""

# How long an example takes says how busy the machine is; `make bench` measures speed.
settings.register_profile("jiepin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jiepin")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Whoever only hands out tests runs none of our lines: it need not count any."""
    running = coverage.Coverage.current()
    if running is not None and session.config.pluginmanager.has_plugin("dsession"):
        running.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a process of several, the longest files come first; alone, the order of folders holds."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT / "tests").as_posix()
    turns = (at for at, each in enumerate(LONGEST_FIRST) if path.startswith(each))
    return next(turns, len(LONGEST_FIRST))


def pytest_sessionfinish() -> None:
    """Write what a worker covered now: one that needs over ten seconds to end is killed."""
    running = coverage.Coverage.current()
    if running is None or "PYTEST_XDIST_WORKER" not in os.environ:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages this worker had no test of
        running.save()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Whole programs, and the second database, are run without counting lines.

    Counting takes as long again as the work, and the tests of each part reach these lines anyway.
    """
    running = coverage.Coverage.current()
    if running is None or not _is_unmeasured(item):
        return (yield)
    inherited = os.environ.pop(COVERAGE_OF_CHILDREN, None)
    running.stop()
    try:
        return (yield)
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what was imported meanwhile was not counted: wanted
            running.start()
        if inherited is not None:
            os.environ[COVERAGE_OF_CHILDREN] = inherited


def _is_unmeasured(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return (
        item.get_closest_marker("unmeasured") is not None
        or item.path.relative_to(ROOT / "tests").parts[0] in WHOLE_PROGRAMS
        or (callspec is not None and callspec.params.get("database_url") == "postgresql")
    )


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The ministry's own lists, which are not ours to copy into the repository."""
    folder = ROOT / "../shared/data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data, the real school lists")
    return folder.resolve()


@pytest.fixture
def seed() -> int:
    """A new seed for each run, or ``JIEPIN_SEED``; printed so that a failure can be repeated."""
    given = os.environ.get("JIEPIN_SEED")
    value = int(given) if given else secrets.randbelow(2**32)
    print(f"JIEPIN_SEED={value}")  # noqa: T201 - pytest shows it beside a failure
    return value


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """One PostgreSQL server for the whole run."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("needs the programs of postgresql-15")
    with open_cluster(binaries) as cluster:
        yield cluster


@pytest.fixture
def postgresql_url(postgresql: Cluster) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    with postgresql.database(f"test_{secrets.token_hex(8)}") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; every test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'server.sqlite'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url
