"""This repository as files, for tests that read it instead of running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "kiosk", "matcher", "provisioning", "server", "syncd")
GENERATED = frozenset({"__pycache__", "jiepin.egg-info", "snapshot_report.html"})
TEXT_ENDINGS = frozenset(
    {".css", ".html", ".js", ".j2", ".lock", ".mako", ".md", ".py", ".svg", ".tcss", ".toml"}
    | {".txt", ".typ", ".json", ".csv", ".ini", ""}
)


def modules(*packages: str) -> Iterator[Path]:
    """Every Python file of the packages, in a fixed order."""
    for package in packages or PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def written_files() -> Iterator[Path]:
    """Every text file a person wrote here: packages, tests, documents and the top level."""
    for folder in (*PACKAGES, "tests", "docs", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXT_ENDINGS and not GENERATED & set(path.parts):
                yield path
    for path in sorted(ROOT.iterdir()):
        hidden = path.name.startswith(".") and path.name not in {".editorconfig", ".gitignore"}
        if (
            path.is_file()
            and path.suffix in TEXT_ENDINGS
            and not hidden
            and path.name not in GENERATED
        ):
            yield path


def parse(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted_name(path: Path) -> str:
    """``core/wire/event.py`` as ``core.wire.event``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Every absolute name imported anywhere in a file, inside functions too."""
    for node in ast.walk(parse(path)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0, names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.ImportFrom(level=level) if level:
                raise AssertionError(f"{path}:{node.lineno}: write imports in full")


def docstrings(module: ast.Module) -> set[ast.Constant]:
    """Strings that stand alone as statements: documentation, never shown to anyone."""
    return {
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
