"""Work that may fail without taking with it what was done before in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing of the work is left; the kind of exception, as its words may hold personal data."""

    cause: str


def attempt(connection: Connection, work: Callable[[], T]) -> T | Failed:
    """What ``work`` gives, or that it raised.

    Raises:
        SQLAlchemyError: That is the database's fault, not the work's.
    """
    try:
        with connection.begin_nested():
            return work()
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest goes on
        return Failed(type(error).__name__)
