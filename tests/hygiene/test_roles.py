"""Each machine role works with its own extra installed and nothing else."""

import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.hygiene.tree import GENERATED, PACKAGES, ROOT, dotted_name, imports, modules

EXTRA_OF = {
    "core": None,
    "kiosk": "kiosk",
    "matcher": None,
    "provisioning": "provisioning",
    "server": "server",
    "syncd": "syncd",
}
# What only plots and mechanisms that are never official need.
MORE_OF = {"matcher": ("match", "what-if")}
BEHIND = {
    "match": {"matcher.telling.plots", "matcher.telling.report", "matcher.telling.vector"},
    "what-if": {"matcher.whatif.generation", "matcher.whatif.pricing", "matcher.whatif.web"},
}
# Chosen by a database URL, so no line of ours imports it.
CHOSEN_BY_CONFIGURATION = {"psycopg"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BLOCK_THEN_IMPORT = """
import importlib, json, sys
absent, names = json.loads(sys.stdin.read())
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
absent = frozenset(absent)
sys.meta_path.insert(0, Absent())
for name in names:
    importlib.import_module(name)
"""


def declared(extra: str | None) -> dict[str, Requirement]:
    """The requirements of the project with one extra, extras of our own unfolded."""
    lines = [*PROJECT["dependencies"]]
    if extra is not None:
        lines += PROJECT["optional-dependencies"][extra]
    found: dict[str, Requirement] = {}
    for requirement in map(Requirement, lines):
        if requirement.name == PROJECT["name"]:
            for inner in requirement.extras:
                found |= declared(inner)
        else:
            found[canonicalize_name(requirement.name)] = requirement
    return found


def installed_with(extra: str | None) -> set[str]:
    """Every distribution that installing the role brings, by the metadata of what is installed."""
    waiting = [(name, r.extras) for name, r in declared(extra).items()]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, frozenset(extras)) in seen:
            continue
        seen.add((name, frozenset(extras)))
        for line in metadata.requires(name) or ():
            requirement = Requirement(line)
            environments = [default_environment() | {"extra": e} for e in ("", *extras)]
            if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
                waiting.append((canonicalize_name(requirement.name), requirement.extras))
    return {name for name, _ in seen}


def distributions_of_modules() -> dict[str, set[str]]:
    """Importable top-level names and the distributions that provide them, ours left out."""
    return {
        module: {canonicalize_name(name) for name in names}
        for module, names in metadata.packages_distributions().items()
        if canonicalize_name(PROJECT["name"]) not in map(canonicalize_name, names)
    }


def third_parties(package: str) -> set[str]:
    named = {name.partition(".")[0] for path in modules(package) for name in imports(path)}
    return named - set(PACKAGES) - {"jiepin", "__future__"} - sys.stdlib_module_names


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_imports_its_role_declares(package):
    providers = distributions_of_modules()
    role = set(declared(EXTRA_OF[package])).union(*map(declared, MORE_OF.get(package, ())))

    undeclared = {m for m in third_parties(package) if not providers.get(m, set()) & role}

    assert undeclared == set()


@pytest.mark.parametrize(
    ("package", "extra"), [*EXTRA_OF.items(), ("matcher", "match"), ("matcher", "what-if")]
)
def test_a_package_can_be_imported_where_only_its_role_is_installed(package, extra):
    role = installed_with(extra)
    absent = [name for name, by in distributions_of_modules().items() if not by & role]
    behind = set[str]().union(*(names for other, names in BEHIND.items() if other != extra))
    names = [dotted_name(p) for p in modules(package) if not p.name.startswith("__main__")]
    names = [each for each in names if each not in behind]

    done = subprocess.run(
        [sys.executable, "-c", BLOCK_THEN_IMPORT],
        input=json.dumps([absent, names]),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_every_declared_dependency_is_used():
    everything = declared("provisioning") | declared("postgresql") | declared("what-if")
    providers = distributions_of_modules()
    imported = {d for p in PACKAGES for m in third_parties(p) for d in providers.get(m, ())}
    imported |= {"typer"}  # by jiepin.py

    assert set(everything) - imported == CHOSEN_BY_CONFIGURATION


def test_the_lock_has_a_hash_for_everything_and_names_no_place():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert "://" not in text
    assert all(re.match(r"[a-z0-9._-]+==\S+", entry) for entry in entries)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_satisfies_the_project():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE))
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    tools = [line for group in groups.values() for line in group if isinstance(line, str)]
    wanted = declared("provisioning") | declared("postgresql")
    wanted |= {canonicalize_name(r.name): r for r in map(Requirement, tools)}

    unsatisfied = [
        str(requirement)
        for name, requirement in wanted.items()
        if not requirement.specifier.contains(locked.get(name, "0"))
    ]

    assert unsatisfied == []


def test_every_file_beside_the_code_is_installed_with_it():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    patterns = settings["package-data"]["*"]

    forgotten = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.is_file()
        and path.suffix != ".py"
        and not GENERATED.intersection(path.parts)
        and not any(path.match(pattern) for pattern in patterns)
    ]

    assert forgotten == []
