"""What counties are called: only for files people read; deciding knows codes."""

from importlib import resources

from core.domain.place import County, load_counties


def read_counties() -> tuple[County, ...]:
    """The counties of the reference tables."""
    table = resources.files("core.rules.tables").joinpath("counties.toml")
    return load_counties(table.read_text(encoding="utf-8"))
