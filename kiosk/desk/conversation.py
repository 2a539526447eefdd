"""A session with its desk, turn by turn: what line mode and robot talk through."""

from collections import deque
from collections.abc import Callable

from kiosk.desk.desk import Desk
from kiosk.session.effect import Effect, Sound
from kiosk.session.event import Event
from kiosk.session.state import Session
from kiosk.session.step import step
from kiosk.session.trail import audit_event


class Conversation:
    """Feeds events, performs effects at once, and keeps the session that results."""

    def __init__(self, desk: Desk, hear: Callable[[Effect], None] | None = None) -> None:
        self._desk = desk
        self._hear = hear
        self.session: Session = desk.begin()

    def tell(self, event: Event) -> Session:
        """The session after the event and everything it led to."""
        queue = deque([event])
        while queue:
            before = self.session
            turn = step(before, queue.popleft())
            self.session = turn.session
            self._desk.note(audit_event(before, self.session))
            for effect in turn.effects:
                if self._hear is not None and isinstance(effect, Sound):
                    self._hear(effect)
                queue.extend(self._desk.perform(effect))
        return self.session

    def catch_up(self) -> Session:
        """The session after the news."""
        for event in self._desk.news():
            self.tell(event)
        return self.session
