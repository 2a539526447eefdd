"""How the machine stands with the server, for the kiosk's header line.

And the newest beacon, for every new entry.
"""

from dataclasses import dataclass

from core.wire.client import ClientState
from syncd.store.connections import Connections
from syncd.store.moment import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """``attention`` is the code of what a person must look at. Times are wall-clock milliseconds.

    ``offset_ms`` is server minus device; ``last_beacon_ms`` comes from the newest `Sight`.
    """

    client: ClientState = ClientState.UNENROLLED
    attention: str | None = None
    changed_ms: int = 0
    offset_ms: int | None = None
    epoch: bytes | None = None
    last_beacon_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The newest beacon: its id, the server's time in it, and when it was seen here."""

    beacon: bytes
    server_ms: int
    seen: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The newest beacon that came on a stick: made at ``server_ms``, seen here some time later.

    It proves how early it is at most, not how late: no clock is set by it.
    """

    server_ms: int
    seen: Moment

    def age_ms(self, now: Moment) -> int:
        """For how long at least the server has not been heard of, by this machine's clocks."""
        if now.boot_id != self.seen.boot_id:
            return max(0, now.wall_ms - self.server_ms)
        return max(0, self.seen.wall_ms - self.server_ms) + now.boot_ms - self.seen.boot_ms


class LinkStates:
    """Read by the kiosk, written by the daemon."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def read(self) -> LinkState:
        """The state as last written; unenrolled before the daemon ever ran."""
        row = self._connections.here.row(
            "SELECT client, attention, changed_ms, offset_ms, epoch, "
            "sight.wall_ms AS last_beacon_ms FROM link LEFT JOIN sight"
        )
        if row is None:
            return LinkState()
        return LinkState(**{**row, "client": ClientState(row["client"])})

    def write(self, state: LinkState) -> None:
        """Keep the state in place of the one before."""
        record = {
            "id": 1,
            "client": state.client.value,
            "attention": state.attention,
            "changed_ms": state.changed_ms,
            "offset_ms": state.offset_ms,
            "epoch": state.epoch,
        }
        self._connections.here.upsert("link", record, key="id")

    def sight(self) -> Sight | None:
        """The newest beacon seen; None when there never was one."""
        row = self._connections.here.row("SELECT * FROM sight")
        if row is None:
            return None
        seen = Moment(wall_ms=row["wall_ms"], boot_ms=row["boot_ms"], boot_id=row["boot"])
        return Sight(beacon=row["beacon"], server_ms=row["server_ms"], seen=seen)

    def see(self, sight: Sight) -> None:
        """Keep the newest beacon: entries name it from now on."""
        record = {
            "id": 1,
            "beacon": sight.beacon,
            "server_ms": sight.server_ms,
            "wall_ms": sight.seen.wall_ms,
            "boot_ms": sight.seen.boot_ms,
            "boot": sight.seen.boot_id,
        }
        self._connections.here.upsert("sight", record, key="id")

    def carried(self) -> Carried | None:
        """The newest beacon that came on a stick; None when there never was one."""
        row = self._connections.here.row("SELECT * FROM carried")
        if row is None:
            return None
        seen = Moment(wall_ms=row["wall_ms"], boot_ms=row["boot_ms"], boot_id=row["boot"])
        return Carried(server_ms=row["server_ms"], seen=seen)

    def carry(self, carried: Carried) -> None:
        """Keep what came on a stick. Entries go on to name the beacon last heard on the line."""
        record = {
            "id": 1,
            "server_ms": carried.server_ms,
            "wall_ms": carried.seen.wall_ms,
            "boot_ms": carried.seen.boot_ms,
            "boot": carried.seen.boot_id,
        }
        self._connections.here.upsert("carried", record, key="id")

    def heard_ms(self) -> int:
        """The newest time of the server's that is known here, whichever way it came; 0: none."""
        sight, carried = self.sight(), self.carried()
        return max(
            0 if sight is None else sight.server_ms, 0 if carried is None else carried.server_ms
        )

    def not_before_ms(self, now: Moment) -> int:
        """The earliest that it can be by what was heard of the server; 0 when nothing was.

        A machine whose clock starts in another year at each boot knows at least this much.
        """
        heard = [
            (each.server_ms, each.seen)
            for each in (self.sight(), self.carried())
            if each is not None
        ]
        return max(
            (
                server + now.boot_ms - (seen.boot_ms if seen.boot_id == now.boot_id else 0)
                for server, seen in heard
            ),
            default=0,
        )

    def pace_ms(self) -> int:
        """How long the server last asked machines to wait before they send; 0: it is not busy."""
        return int(self._connections.here.value("SELECT coalesce(max(after_ms), 0) FROM pace"))

    def paced(self, after_ms: int) -> None:
        """Keep what the server asks; written only when it changed."""
        if after_ms != self.pace_ms():
            self._connections.here.upsert("pace", {"id": 1, "after_ms": after_ms}, key="id")

    def ask_to_send(self, moment: Moment) -> None:
        """A person pressed 立即傳送: the daemon notices within a second."""
        self._connections.here.upsert("summons", {"id": 1, "asked_ms": moment.wall_ms}, key="id")

    def asked_ms(self) -> int:
        """When a person last asked to send at once, wall clock; 0 when never."""
        return int(self._connections.here.value("SELECT coalesce(max(asked_ms), 0) FROM summons"))
