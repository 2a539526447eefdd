"""The daemon in a test: real store, real client, small server; clock, chance and sleep obey."""

import itertools
from dataclasses import dataclass, field

from core.sealing import KdfCost
from core.wire.canon import to_wire
from core.wire.identity import SigningRequest, make_request
from core.wire.talk import Policy
from syncd.kit import Kit
from syncd.runner import Talk
from syncd.store.accounts import Account
from tests.syncd.centre import key
from tests.syncd.machine import LOG_KEY

SOON = Policy(retry_first_ms=1000, retry_cap_ms=60_000)

HOLDER = b"h" * 16
OFFICER_KEY = key("officer")
ACCOUNT = Account(holder=HOLDER, verifier=b"v" * 32, salt=b"s" * 16, cost=KdfCost())


@dataclass
class Journal:
    """Keeps what was logged."""

    lines: list = field(default_factory=list)

    def info(self, event, **fields):
        self.lines.append((event, fields))

    warning = info

    def events(self):
        return [event for event, _ in self.lines]


@dataclass
class Daemon:
    """One machine's daemon; time passes only in `pass_ms`."""

    store: object
    client: object
    clock: object
    policy: Policy = SOON
    journal: Journal = field(default_factory=Journal)
    log_key: object = LOG_KEY

    def __post_init__(self):
        self.restart()

    def restart(self):
        """A new process: nothing but the store is remembered."""
        numbers = itertools.count(1)
        self.talk = Talk(
            Kit(store=self.store, client=self.client, key=self.log_key, clock=self.clock),
            policy=self.policy,
            software="0.1.0",
            chance=lambda: 1 << 31,
            random_bytes=lambda size: next(numbers).to_bytes(size, "big"),
            log=self.journal,
        )

    async def turn(self):
        await self.talk.turn()

    async def pass_ms(self, ms, step_ms=1000):
        """Let time go by, taking a turn every now and then."""
        until = self.clock.boot_ms + ms
        while self.clock.boot_ms < until:
            self.clock.pass_ms(min(step_ms, until - self.clock.boot_ms))
            await self.talk.turn()

    def kinds(self):
        return [link.event.kind for link in self.store.ledger.links(1, 1000)]

    @property
    def shown(self):
        """What the kiosk's header line would read."""
        return self.store.link_state.read()


def publish_lists(server, centre, version=1, **changes):
    """Sign and publish reference files; gives them back."""
    files = centre.reference_files(**changes)
    server.publish(files, centre.snapshot(files, version=version))
    return files


def officer_form():
    """What the kiosk leaves for the daemon when an officer signs up."""
    request = SigningRequest(
        subject="officer",
        key=OFFICER_KEY.public,
        seal=None,
        schools=("013601",),
        name="王主任",
        asset="",
        software="0.1.0",
        holder=HOLDER,
        nonce=b"n" * 16,
    )
    return to_wire(make_request(request, OFFICER_KEY, "7H2K-9QD3-XW5T"))
