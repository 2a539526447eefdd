"""What a kiosk must not load: it starts in a second and lives in 100 MB (DESIGN 9)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = frozenset(
    {
        "http.client",
        "kiosk.screens.wishes",
        "kiosk.text.english.catalogue",
        "segno",
        "sqlite_utils",
        "structlog",
    }
)
"""Not before the first screen."""
LOADED = """
import sys
import kiosk.commands, kiosk.app
unwanted = ({{"numpy", "pandas", "matcher", "server"}} | {later}) & sys.modules.keys()
import syncd.store.migrator
import numpy
print(sorted(unwanted), numpy.array([1, 2]).sum())
"""
REST = """
from importlib import import_module
from kiosk.rest import rest
for module in rest():
    import_module(module)
print(list(rest()))
"""


def test_the_kiosk_loads_nothing_it_does_not_need_and_hides_numpy_from_nobody():
    said = run(LOADED.format(later=set(LATER)))

    assert said == "[] 3\n"


def test_what_is_loaded_after_the_first_screen_is_there_and_then_it_is_loaded():
    assert run(REST) == "[]\n"


def run(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
