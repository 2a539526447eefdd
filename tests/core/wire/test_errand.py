"""Errands carry exactly what their task needs, and say when asking again is of no use."""

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from core.wire.errand import Progress, Task
from tests.core.wire.samples import ERRAND

LETTERS = "abcdefghijklmnop"
PROVED = replace(ERRAND, task=Task.MAIL_PROVED, code=None)
LINK = replace(ERRAND, task=Task.LINE_LINK, address=None, code=None, token=LETTERS)
UNLINK = replace(LINK, task=Task.LINE_UNLINK, token=None)
DISPLAY = replace(UNLINK, task=Task.DISPLAY, display=b"{}")


@pytest.mark.parametrize(
    "good", [ERRAND, PROVED, LINK, UNLINK, DISPLAY], ids=lambda each: each.task
)
def test_each_task_has_what_it_needs_and_nothing_else(good):
    assert good.whole
    for name, value in (("address", "a@example.tw"), ("code", "123456"), ("token", LETTERS)):
        other = None if getattr(good, name) is not None else value
        assert not replace(good, **{name: other}).whole
    settings = b"{}" if good.display is UNSET else UNSET
    assert not replace(good, display=settings).whole


def test_every_task_was_seen():
    assert {each.task for each in (ERRAND, PROVED, LINK, UNLINK, DISPLAY)} == {*Task}


def test_an_errand_that_was_done_or_refused_changes_no_more():
    assert [each for each in Progress if each.final] == [Progress.DONE, Progress.REFUSED]
