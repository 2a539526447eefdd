"""Import contracts as the interpreter sees them.

`lint-imports` reads the code; these tests run it, so that an import made by name, by a plug-in or
behind a condition is seen as well.
"""

import json
import subprocess
import sys

import pytest

from tests.hygiene.tree import PACKAGES, ROOT, dotted_name, imports, modules

FORBIDDEN = {
    "core": {"kiosk", "matcher", "provisioning", "server", "syncd", "typer"},
    "matcher": {"kiosk", "provisioning", "server", "syncd", "aiohttp", "sqlalchemy", "smartcard"},
    "syncd": {"kiosk", "matcher", "provisioning", "server", "smartcard", "textual", "sqlalchemy"},
    "server": {"kiosk", "matcher", "provisioning", "syncd", "smartcard", "textual", "sqlcipher3"},
    "kiosk": {"matcher", "provisioning", "server", "sqlalchemy", "syncd.client", "syncd.runner"},
    "provisioning": {"kiosk", "smartcard", "syncd.client", "syncd.runner", "textual"},
}
IMPORT_THEN_REPORT = """
import importlib, json, sys, threading
first, then = json.loads(sys.stdin.read())
for name in first:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:  # a name inside a module
        pass
before = set(sys.modules)
for name in then:
    importlib.import_module(name)
after = set(sys.modules)
print(json.dumps({"loaded": sorted(after), "added": sorted(after - before),
                  "threads": threading.active_count()}))
"""


def import_fresh(*, first: list[str], then: list[str]) -> dict:
    """Import ``first``, then ``then``, in a new interpreter; what was loaded, and by the second."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_THEN_REPORT],
        input=json.dumps([first, then]),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1, "an import printed something"
    return json.loads(done.stdout)


def names_of(package: str) -> list[str]:
    """Every module of a package except the programs, which run when imported."""
    return [dotted_name(path) for path in modules(package) if not path.name.startswith("__main__")]


def foreign_names(package: str) -> list[str]:
    """Every module, and name in a module, that a package imports from outside this repository."""
    named = {name for path in modules(package) for name in imports(path)}
    return sorted(name for name in named if name.partition(".")[0] not in PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_loads_only_what_its_layer_allows_and_starts_nothing(package):
    report = import_fresh(first=[], then=names_of(package))

    loaded = set(report["loaded"])
    assert not {
        name
        for name in loaded
        for forbidden in FORBIDDEN[package]
        if name == forbidden or name.startswith(f"{forbidden}.")
    }
    assert report["threads"] == 1


def test_the_core_loads_nothing_beyond_itself_and_the_modules_it_names():
    named = foreign_names("core")

    report = import_fresh(first=named, then=names_of("core"))

    assert [name for name in report["added"] if name.partition(".")[0] != "core"] == []


def test_the_command_lists_its_subcommands_without_importing_any_of_our_packages():
    script = "import sys, jiepin\ntry: jiepin.root()(['--help'])\nexcept SystemExit: pass\n"
    script += f"print(sorted(set(sys.modules) & set({PACKAGES!r})))"

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert "match" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
