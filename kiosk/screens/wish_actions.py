"""What can be done to the wish list with the row the cursor is on; layout and boxes build on it."""

from core.domain.ids import SchoolId
from core.domain.school import School
from kiosk.screens.frame import Frame
from kiosk.screens.wish_rows import WishPainter
from kiosk.session.event import TabChosen, WishMoved, WishRemoved
from kiosk.session.page import WishesPage
from kiosk.session.state import SignedIn
from kiosk.widgets.rows import Rows


class WishActions(Frame):
    """Base of `WishesScreen`: has a list ``#wishes``."""

    def __init__(self) -> None:
        super().__init__()
        self.painter = WishPainter(lambda: self.host)

    @property
    def scene(self) -> SignedIn | None:
        """The teacher, while she is signed in."""
        return self.session.scene if isinstance(self.session.scene, SignedIn) else None

    @property
    def page(self) -> WishesPage | None:
        """Tab, filters and keyword."""
        page = None if self.scene is None else self.scene.page
        return page if isinstance(page, WishesPage) else None

    def other_tab(self, by: int = 1) -> None:
        """The other county's schools, then those of both, then the first again."""
        scene, page = self.scene, self.page
        if scene is None or page is None:
            return
        answers = scene.draft.answers
        tabs = (answers.county_a, answers.county_b, None)
        at = tabs.index(page.county)
        self.tell(TabChosen(at=self.now, county=tabs[(at + by) % len(tabs)]))

    def selected_school(self) -> SchoolId | None:
        """The school the cursor is on, in the half that has the focus."""
        name = "#candidates" if self.query_one("#left").has_focus_within else "#wishes"
        selected = self.query_one(name, Rows).selected
        return None if selected is None else SchoolId(selected)

    def selected_wish(self) -> SchoolId | None:
        """The wish the cursor is on."""
        selected = self.query_one("#wishes", Rows).selected
        return None if selected is None else SchoolId(selected)

    def school(self, school: SchoolId) -> School | None:
        """A listed school."""
        reference = self.station.reference
        return None if reference is None else reference.schools.get(school)

    def drop(self) -> None:
        """Remove the selected wish."""
        selected = self.selected_wish()
        if selected is not None:
            self.tell(WishRemoved(at=self.now, school=selected))

    def move_to(self, rank: int) -> None:
        """The selected wish to this rank."""
        selected = self.selected_wish()
        if selected is not None:
            self.tell(WishMoved(at=self.now, school=selected, rank=rank))

    def shift(self, by: int) -> None:
        """F5, F6: the selected wish one rank up or down."""
        scene, selected = self.scene, self.selected_wish()
        if scene is None or selected is None:
            return
        rank = scene.draft.answers.wishes.index(selected) + 1 + by
        if 1 <= rank <= len(scene.draft.answers.wishes):
            self.move_to(rank)
