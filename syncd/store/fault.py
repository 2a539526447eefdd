"""The one exception family that leaves the store.

Each says what people can do about it, not what the engine called it.
"""


class StoreError(Exception):
    """The store could not do what was asked; nothing of it was kept."""


class StoreFull(StoreError):  # noqa: N818 - named by the fault a person has to mend
    """No space left on the disk. What was committed stays readable.

    Writing works again once there is space.
    """


class StoreLocked(StoreError):  # noqa: N818
    """Another process held the store longer than the waiting time; trying again is right."""


class StoreDamaged(StoreError):  # noqa: N818
    """Bytes on the disk are not those that were written. Restore or replace the machine.

    Never repair by hand.
    """


class StoreKeyError(StoreError):
    """The key does not open this file, or the file is not a store."""


class StoreUnreachable(StoreError):  # noqa: N818
    """The file cannot be opened, read or written: missing folder, permissions, a failing disk."""


class StoreNewer(StoreError):  # noqa: N818
    """A later version of this program wrote the file; this one must not touch it."""


class KeyChanged(StoreError):  # noqa: N818
    """The log goes on under another key than this program holds: start it again."""


class WritingStopped(StoreError):  # noqa: N818
    """This machine's log may not grow.

    Not enrolled, forked, rolled back or revoked (PROTOCOL 2.7).
    """
