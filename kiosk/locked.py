"""An application for a public machine: no way out of it, and nothing is carried away (UX 4.7).

What Textual offers everywhere is taken away: quitting, the command palette, screenshots, marking
and copying text, tracebacks.
"""

from collections.abc import Iterable
from typing import ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

FAILED = 1


class LockedApp(App[int]):
    """Ends by a bug, with one neutral sentence, or where `action_leave` allows it."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False, priority=True),
        Binding("ctrl+p", "nothing", show=False, priority=True),
    ]

    def failed(self, error: BaseException) -> str:
        """A bug has ended it: the sentence to leave behind."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Nothing, on a public machine."""

    def action_nothing(self) -> None:
        """A key that does something elsewhere and nothing here."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """No pictures of people's data."""

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """None."""
        return ()

    def copy_to_clipboard(self, text: str) -> None:
        """Never: the next person could paste it."""

    def _fatal_error(self) -> None:
        """A bug ends the program with a neutral sentence; the service manager starts it again."""
        if self._exception is not None and self.return_value != FAILED:
            self._exit_renderables.append(Text(self.failed(self._exception)))
        self._return_value = FAILED
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002 - nothing of it is shown
        """Faults that would print themselves are treated like all others."""
        self._fatal_error()
