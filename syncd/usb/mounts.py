"""Which sticks are plugged in: what the kernel says of mounts and of the devices behind them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
DEVICES = Path("/sys/class/block")
WISE = frozenset({"nosuid", "nodev", "noexec"})
ESCAPED = re.compile(r"\\([0-7]{3})")
FIELDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A file system on something that can be pulled out."""

    path: Path
    device: str
    options: frozenset[str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Mount options a stick should have and this one lacks (PROTOCOL 2.13)."""
        return tuple(sorted(WISE - self.options))


def removable_mounts(mounts: Path = MOUNTS, devices: Path = DEVICES) -> tuple[Mount, ...]:
    """Every mounted stick, by path.

    Raises:
        OSError: The kernel does not say.
    """
    found = _parsed(mounts.read_text(encoding="utf-8", errors="surrogateescape"))
    sticks = {each.path: each for each in found if _is_removable(each.device, devices)}
    return tuple(sticks[path] for path in sorted(sticks))


def _parsed(text: str) -> Iterator[Mount]:
    for line in text.splitlines():
        fields = line.split(" ")
        if len(fields) >= FIELDS and fields[0].startswith("/dev/"):
            yield Mount(
                path=Path(_plain(fields[1])),
                device=_plain(fields[0]).removeprefix("/dev/"),
                options=frozenset(fields[3].split(",")),
            )


def _is_removable(device: str, devices: Path) -> bool:
    """Whether the kernel calls the disk removable, or it hangs on a USB port."""
    place = (devices / device).resolve()
    if "/" in device or not place.is_dir():
        return False
    # Disks in a USB case call themselves fixed; a partition's disk is the folder above it.
    if any(part.startswith("usb") for part in place.parts):
        return True
    return any(_flag(folder / "removable") for folder in (place, place.parent))


def _flag(path: Path) -> bool:
    try:
        return path.read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False


def _plain(text: str) -> str:
    r"""A path as it is: the kernel writes blanks as ``\040``."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)
