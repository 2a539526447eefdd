"""Points (積分) as exact numbers: a tie must be a tie on every machine."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

_DECIMAL = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,6})(?:\.(?P<fraction>\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Points:
    """A number of points, also below zero (懲處)."""

    hundredths: int

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read ``35``, ``35.5``, ``-1`` or ``35.25``, full width too.

        Raises:
            ValueError: ``points_form``; more than two decimals are refused, not rounded.
        """
        match = _DECIMAL.fullmatch(
            unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
        )
        if match is None:
            raise ValueError("points_form")
        hundredths = int(match["whole"]) * 100 + int((match["fraction"] or "0").ljust(2, "0"))
        return cls(-hundredths if match["sign"] == "-" else hundredths)

    @classmethod
    def total(cls, parts: Iterable["Points"]) -> Self:
        """The sum; zero for none."""
        return cls(sum(part.hundredths for part in parts))

    def __add__(self, other: "Points") -> "Points":
        return Points(self.hundredths + other.hundredths)

    def __sub__(self, other: "Points") -> "Points":
        return Points(self.hundredths - other.hundredths)

    def __neg__(self) -> "Points":
        return Points(-self.hundredths)

    def __mul__(self, times: int) -> "Points":
        return Points(self.hundredths * times)

    def __str__(self) -> str:
        """One decimal unless two are needed: ``35.5``, ``35.0``, ``35.25``."""
        whole, rest = divmod(abs(self.hundredths), 100)
        fraction = str(rest // 10) if rest % 10 == 0 else f"{rest:02}"
        return f"{'-' if self.hundredths < 0 else ''}{whole}.{fraction}"


ZERO = Points(0)
