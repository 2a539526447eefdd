"""What is written where: sentences, sizes, names and things that must not be in the repository."""

import ast
import re

import pytest

from tests.hygiene.tree import PACKAGES, ROOT, docstrings, modules, parse, written_files

LINES_AT_MOST = 400
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
VAGUE_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
# Written so that this file does not contain what it looks for.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(work|root|home|Users|tmp[/]team|opt)[/]\w",
    "a package registry's host": r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|debian[.]org/",
    "the published example ID": r"A12345678[9]",
    "unfinished work": r"\b(TOD[O]S?|FIXM[E]|XX[X])\b",
    "a note to the other side of a screen": r"\b(Chat[G]PT|Clau[d]e|as an AI [a-z]+)\b",
}
OUTSIDE_THE_REPOSITORY = re.compile(r"[.][.]/share[d]")


def all_modules():
    return [*modules(), ROOT / "jiepin.py"]


def name(path):
    return str(path.relative_to(ROOT))


def test_the_kiosks_sentences_are_all_in_its_catalogue():
    # Forms keep the wording of the counties' paper and are not translated.
    rooms = {ROOT / "kiosk/text", ROOT / "kiosk/paper"}
    strays = []

    for path in modules("kiosk"):
        if not rooms.isdisjoint(path.parents):
            continue
        tree = parse(path)
        spoken = {n for n in ast.walk(tree) if isinstance(n, ast.Constant)} - docstrings(tree)
        strays += [
            f"{name(path)}:{node.lineno}: {node.value}"
            for node in spoken
            if isinstance(node.value, str) and HAN.search(node.value)
        ]

    assert sorted(strays) == []


def test_no_module_is_longer_than_can_be_read_at_once():
    lengths = {name(path): path.read_text("utf-8").count("\n") for path in all_modules()}

    assert {path: n for path, n in lengths.items() if n > LINES_AT_MOST} == {}


def test_every_module_says_what_it_is_and_packages_say_nothing():
    for path in all_modules():
        if path.name == "__init__.py":
            assert path.read_text("utf-8") == "", name(path)
        else:
            assert ast.get_docstring(parse(path)), name(path)


def test_modules_are_named_after_something():
    words = {path: set(path.stem.split("_")) for path in all_modules()}

    assert [name(path) for path, found in words.items() if found & VAGUE_NAMES] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_that_belongs_elsewhere_is_written_here(what):
    pattern = re.compile(FORBIDDEN[what])

    found = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in written_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []


def test_only_tests_know_the_lists_that_lie_outside_the_repository():
    outside_tests = [path for path in written_files() if ROOT / "tests" not in path.parents]

    named = [name(p) for p in outside_tests if OUTSIDE_THE_REPOSITORY.search(p.read_text("utf-8"))]

    assert named == []


def test_the_core_never_computes_with_floats():
    found = []

    for path in modules("core"):
        for node in ast.walk(parse(path)):
            match node:
                case ast.Constant(value=float()) | ast.Name(id="float") | ast.BinOp(op=ast.Div()):
                    found.append(f"{name(path)}:{node.lineno}")
                case _:
                    pass

    assert found == []


def test_every_package_is_where_the_layout_puts_it():
    assert [package for package in PACKAGES if not (ROOT / package / "__init__.py").is_file()] == []
