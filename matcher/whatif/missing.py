"""What an installation may lack; known without loading what would need it."""


class SolverMissingError(Exception):
    """The extra ``what-if`` is not installed."""
