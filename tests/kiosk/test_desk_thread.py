"""The desk's thread: whoever asks is told once everything asked before is done and told."""

import threading

from kiosk.desk_thread import DeskThread
from kiosk.session.answer import DraftSaved
from kiosk.session.draft import Draft
from kiosk.session.effect import SaveDraft, Watch
from tests.kiosk.people import AMY, NOON, POST
from tests.kiosk.screens.stage import ListeningDesk


class SavingDesk(ListeningDesk):
    def perform(self, effect):
        super().perform(effect)
        return (DraftSaved(ticket=effect.ticket, at=NOON),) if isinstance(effect, SaveDraft) else ()


def test_what_was_asked_before_is_done_and_told_before_it_is_said_to_be():
    happened = []
    desk = SavingDesk(None)
    thread = DeskThread(desk, tell=happened.append, pending=lambda: ())
    save = SaveDraft(ticket=1, person=AMY, post=POST, draft=Draft())

    thread.perform(save)
    thread.then(lambda: happened.append("done"))
    thread.perform(Watch(None))
    thread.stop()
    worker = threading.Thread(target=thread.run)
    worker.start()
    worker.join(60)

    assert happened == [DraftSaved(ticket=1, at=NOON), "done"]
    assert desk.asked == [save, Watch(None)]
