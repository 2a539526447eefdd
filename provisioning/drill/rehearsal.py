"""Runs one drill on a country of its own, and says each step as it holds."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from provisioning.demo.process import ProgramError
from provisioning.drill import text
from provisioning.drill.drills import DRILLS
from provisioning.drill.ground import DrillError, Ground


def rehearse(name: str, folder: Path | None, tell: Callable[[str], None]) -> bool:
    """Whether every step held. Without a folder everything is deleted afterwards.

    Raises:
        KeyError: No such drill.
    """
    started = time.monotonic()
    place = folder or Path(tempfile.mkdtemp(prefix="jiepin-drill-"))
    place.mkdir(parents=True, exist_ok=True)
    ground = Ground(place.resolve())
    tell(text.title(name))
    good = False
    try:
        ground.found()
        DRILLS[name](ground, lambda code: tell(text.step(code, done=True)))
        good = True
    except DrillError as error:
        tell(text.step(error.code, done=False))
    except ProgramError as error:
        tell(f"✗ {error}")
    finally:
        ground.stop()
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
    tell(text.ended(name, round(time.monotonic() - started), good=good))
    return good
