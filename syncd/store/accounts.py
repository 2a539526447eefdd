"""Passwords of this kiosk's people, as verifiers.

And officers' own keys, wrapped by their password.
"""

from dataclasses import dataclass, field

from core.sealing import KdfCost
from syncd.store.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """``holder`` is the person's pseudonym (16 bytes).

    An officer also has a wrapped key and, once granted, a certificate.
    """

    holder: bytes
    verifier: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    cost: KdfCost
    tries: int = 0
    locked_until_ms: int = 0
    wrapped_key: bytes | None = field(default=None, repr=False)
    certificate: bytes | None = field(default=None, repr=False)


class Accounts:
    """Find and save accounts."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def find(self, holder: bytes) -> Account | None:
        """The account of a person."""
        row = self._connections.here.row("SELECT * FROM account WHERE holder = ?", holder)
        if row is None:
            return None
        cost = KdfCost(
            memory_kib=row.pop("memory_kib"), passes=row.pop("passes"), lanes=row.pop("lanes")
        )
        return Account(cost=cost, **row)

    def save(self, account: Account) -> None:
        """Keep the account in place of the one before."""
        record = {
            "holder": account.holder,
            "verifier": account.verifier,
            "salt": account.salt,
            "memory_kib": account.cost.memory_kib,
            "passes": account.cost.passes,
            "lanes": account.cost.lanes,
            "tries": account.tries,
            "locked_until_ms": account.locked_until_ms,
            "wrapped_key": account.wrapped_key,
            "certificate": account.certificate,
        }
        self._connections.here.upsert("account", record, key="holder")

    def certify(self, holder: bytes, certificate: bytes) -> None:
        """Put the granted certificate into an officer's account.

        Leaving tries and lock as they are now.
        """
        self._connections.here.run(
            "UPDATE account SET certificate = ? WHERE holder = ?", certificate, holder
        )
