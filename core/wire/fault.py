"""The one exception family that leaves the wire modules; its code is what travels."""


class WireError(ValueError):
    """Bytes that are not a message of ours; ``code`` names why, for machines and logs."""

    def __init__(self, code: str) -> None:
        """Keep ``code`` as the whole message: hostile bytes never reach a log line."""
        super().__init__(code)
        self.code = code
