"""The desk at work in a thread of its own: takes jobs in order, tells what they led to."""

from collections.abc import Callable
from queue import SimpleQueue

from kiosk.desk_port import Desk
from kiosk.session.effect import Effect, SaveDraft
from kiosk.session.event import Event
from kiosk.session.state import Pending
from kiosk.session.trail import Trace


class News:
    """A job: see what happened without anybody asking."""


class Then:
    """A job: tell that everything before it is done."""

    def __init__(self, done: Callable[[], object]) -> None:
        self.done = done


class DeskThread:
    """``tell`` is called from the thread; ``pending`` are the drafts the session waits for."""

    def __init__(
        self,
        desk: Desk,
        *,
        tell: Callable[[Event], object],
        pending: Callable[[], tuple[Pending, ...]],
    ) -> None:
        self._desk, self._tell, self._pending = desk, tell, pending
        self._jobs: SimpleQueue[Effect | tuple[Trace, ...] | News | Then | None] = SimpleQueue()
        self._news_waits = False

    def perform(self, effect: Effect) -> None:
        """In its turn."""
        self._jobs.put(effect)

    def note(self, traces: tuple[Trace, ...]) -> None:
        """Audit lines, in their turn."""
        if traces:
            self._jobs.put(traces)

    def ask_for_news(self) -> None:
        """Once; asking again before it was read changes nothing."""
        if not self._news_waits:
            self._news_waits = True
            self._jobs.put(News())

    def then(self, done: Callable[[], object]) -> None:
        """Call this, from the thread, once everything asked before is done and told."""
        self._jobs.put(Then(done))

    def stop(self) -> None:
        """End `run` once everything before is done."""
        self._jobs.put(None)

    def run(self) -> None:
        """Work until `stop`; blocking."""
        while (job := self._jobs.get()) is not None:
            if isinstance(job, tuple):
                self._desk.note(job)
            elif isinstance(job, News):
                self._news_waits = False
                self._tell_all(self._desk.news())
            elif isinstance(job, Then):
                job.done()
            elif not (isinstance(job, SaveDraft) and self._overtaken(job)):
                self._tell_all(self._desk.perform(job))

    def _tell_all(self, found: tuple[Event, ...]) -> None:
        for event in found:
            self._tell(event)

    def _overtaken(self, job: SaveDraft) -> bool:
        """Whether a newer draft of the same work waits: keystrokes come faster than the disk is."""
        return any(
            each.ticket > job.ticket
            for each in self._pending()
            if each.person.teacher == job.person.teacher and each.post.stage is job.post.stage
        )
