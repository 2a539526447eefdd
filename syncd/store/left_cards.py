"""When cards were left in the reader, and when they were taken out; not whose they were."""

from dataclasses import dataclass

from syncd.store.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCard:
    """Milliseconds since 1970 UTC; ``taken_ms`` None while nobody is known to have taken it.

    ``restarted``: the program was not running all the time in between.
    """

    left_ms: int
    taken_ms: int | None
    restarted: bool


class LeftCards:
    """What no officer has seen yet, oldest first."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def all(self) -> tuple[LeftCard, ...]:
        """Every one."""
        rows = self._connections.here.rows("SELECT * FROM left_card ORDER BY place")
        return tuple(
            LeftCard(
                left_ms=row["left_ms"],
                taken_ms=row["taken_ms"],
                restarted=bool(row["restarted"]),
            )
            for row in rows
        )

    def keep(self, cards: tuple[LeftCard, ...]) -> None:
        """These, in place of the ones before."""
        here = self._connections.here
        here.run("DELETE FROM left_card")
        for place, each in enumerate(cards):
            here.insert(
                "left_card",
                {
                    "place": place,
                    "left_ms": each.left_ms,
                    "taken_ms": each.taken_ms,
                    "restarted": int(each.restarted),
                },
            )
