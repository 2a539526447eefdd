"""Any call to the operating system may fail: one family of errors, nothing lost (PROTOCOL 4.2)."""

import random

from syncd.store.database import open_store
from syncd.store.fault import StoreUnreachable
from tests.faults.calls import Plan, fail_every_call, run_plans
from tests.faults.power import memory_folder
from tests.faults.shim import ALWAYS, Kind, build_shim
from tests.syncd.machine import STORE_KEY


def test_whichever_call_fails_nothing_told_is_lost_and_work_goes_on(seed):
    # Opening the store alone makes so many calls that each fifth is more than is asked for here.
    case = fail_every_call(random.Random(seed), acts=6, step=5)  # noqa: S311 - replayable

    assert case.violations == ()
    assert case.counts["runs"] > 40
    assert case.counts["noticed"] > 20


def test_a_store_can_be_made_although_calls_fail_while_it_is_made(seed):
    rng = random.Random(seed)  # noqa: S311 - replayable

    case = fail_every_call(rng, acts=1, step=23, new=True)

    assert case.violations == ()
    assert case.counts["noticed"] > 10


def test_a_program_that_tells_what_was_not_stored_is_seen(seed):
    """Negative control."""
    rng = random.Random(seed)  # noqa: S311 - replayable

    case = fail_every_call(rng, acts=2, step=13, liar=True)

    assert case.counts["bad"] > 0


def test_the_first_page_unread_is_a_failing_disk_and_not_a_wrong_key(seed):
    """The engine cannot tell the two apart; a technician must not be sent for a key."""
    plans = [Plan(seed=seed, first=n, kinds=int(Kind.READ), count=ALWAYS) for n in range(1, 5)]

    with memory_folder() as scratch:
        found = [each for _, each in run_plans(build_shim(scratch), scratch / "runs", plans)]

    assert [each.wrong for each in found] == [None] * 4
    assert all(each.failures for each in found)


def test_a_folder_that_is_gone_is_told_by_its_name(tmp_path):
    try:
        open_store(tmp_path / "gone" / "kiosk.db", STORE_KEY)
    except StoreUnreachable as error:
        told = str(error)

    assert "unable to open" in told
