"""What the daemon itself writes into the machine's log.

Starts, beacons, epochs, clock steps, alarms.
"""

from dataclasses import dataclass

import msgspec

from core.wire.chain import Link
from core.wire.client import ClientState
from core.wire.event import SYSTEM
from core.wire.kind import BeaconSeen, Boot, ClockStep, Failure, Season, StorageAlarm
from core.wire.standing import Standing
from syncd.carrying import Carrier, renew_epoch
from syncd.client import SeenBeacon
from syncd.kit import Kit, Log
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState, Sight

OFFSET_MOVED_MS = 500
STOPS = frozenset({ClientState.FORKED, ClientState.SELF_ROLLBACK, ClientState.REVOKED})


@dataclass(frozen=True, slots=True)
class Logbook:
    """Writes under the machine's log key; every method is one transaction of its own."""

    kit: Kit

    def boot(self, software: str) -> None:
        """The daemon started."""
        self._write("boot", Boot(software=software, unclean=self.kit.store.unclean))

    def see(self, seen: SeenBeacon) -> Sight:
        """Keep a beacon as the newest, which entries name from now on."""
        sight = Sight(beacon=seen.id, server_ms=seen.beacon.t, seen=self.kit.clock())
        self.kit.store.link_state.see(sight)
        return sight

    def beacon(self, seen: SeenBeacon) -> None:
        """Commit a beacon: everything after it happened not before its time."""
        self._write("beacon", BeaconSeen(digest=seen.digest, t=seen.beacon.t))

    def epoch(self, epoch: bytes, log: Log) -> None:
        """The server speaks of a new life (`renew_epoch`)."""
        store = self.kit.store
        with store.transaction():
            renew_epoch(store, epoch, Carrier(store, self.kit.clock, self.kit.key, log))

    def clock_step(self, delta_ms: int) -> None:
        """The wall clock moved against the boot clock."""
        self._write("clock.step", ClockStep(delta_ms=delta_ms))

    def failing(self, code: str, count: int, quiet_ms: int) -> None:
        """Uploads do not get through. The same code is written once per ``quiet_ms`` of a boot."""
        now = self.kit.clock()
        with self.kit.store.transaction():
            last = self.kit.store.ledger.newest("sync.fail")
            if (
                last is None
                or last.event.body.get("code") != code
                or last.event.boot != now.boot_id
                or now.boot_ms - last.event.m >= quiet_ms
            ):
                self._append("sync.fail", Failure(code=code, count=count))

    def storage_alarm(self, code: str) -> None:
        """The disk was full, or failed; now it can be written again."""
        self._write("storage.alarm", StorageAlarm(code=code))

    def open_season(self, season: str) -> None:
        """D lies ahead.

        Written once, and again if the log had been closed by a clock that was wrong.
        """
        self._turn_season("season.open", season)

    def close_season(self, season: str) -> None:
        """D has passed by the own estimate. Written once, whoever notices first."""
        self._turn_season("season.close", season)

    def state(self, standing: Standing, offset_ms: int) -> None:
        """Show how the machine stands with the server; written only when something changed."""
        now = self.kit.clock()
        before = self.kit.store.link_state.read()
        if standing.stop is None and before.client in STOPS:
            return  # an answer on a stick ended the talk meanwhile; the next turn begins with that
        client = standing.client_state(now.boot_ms)
        # The estimate trembles by a millisecond from one reading to the next; that is no news.
        moved = before.offset_ms is None or abs(offset_ms - before.offset_ms) >= OFFSET_MOVED_MS
        same = (client, standing.attention) == (before.client, before.attention)
        after = LinkState(
            client=client,
            attention=standing.attention,
            changed_ms=before.changed_ms if same and before.changed_ms else now.wall_ms,
            offset_ms=offset_ms if moved else before.offset_ms,
            epoch=before.epoch or standing.epoch,  # a new one: `epoch`
            last_beacon_ms=before.last_beacon_ms,
        )
        if after != before:
            self.kit.store.link_state.write(after)

    def _turn_season(self, kind: str, season: str) -> None:
        with self.kit.store.transaction():
            found = [self.kit.store.ledger.newest(each) for each in ("season.open", "season.close")]
            turns = [link for link in found if link and link.event.body.get("season") == season]
            last = max(turns, key=lambda link: link.event.seq, default=None)
            if last is None or last.event.kind != kind:
                self._append(kind, Season(season=season))

    def _write(self, kind: str, body: msgspec.Struct) -> None:
        with self.kit.store.transaction():
            self._append(kind, body)

    def _append(self, kind: str, body: msgspec.Struct) -> Link:
        return self.kit.store.ledger.append(
            Entry(kind=kind, body=body, who=SYSTEM), self.kit.clock(), self.kit.key
        )
