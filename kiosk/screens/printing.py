"""F6: which form is printed, on every screen that shows what was sent."""

from kiosk.screens.frame import Frame
from kiosk.screens.overlay import Chooser
from kiosk.session.event import FormChosen
from kiosk.session.paper import Form
from kiosk.session.printing import printable
from kiosk.session.state import SignedIn
from kiosk.widgets.menu import Item

WIDTH = 44


class Printing(Frame):
    """A screen with F6 列印."""

    def choose_form(self) -> None:
        """The forms there is something to print on."""
        scene = self.session.scene
        forms = printable(scene.record) if isinstance(scene, SignedIn) else ()
        if not forms:
            return
        items = tuple(Item(key=form.value, label=self.texts.form(form)) for form in forms)
        self.app.push_screen(Chooser(self.texts.print_title, items, width=WIDTH), self._print)

    def _print(self, answer: str | None) -> None:
        if answer:
            self.tell(FormChosen(at=self.now, form=Form(answer)))
