"""Changed programs: every small change of a function's body, and how one of them is put in place.

The changes are mutmut's. Unlike there, decorated functions (properties, commands) are changed too,
and nothing is written: the function that is loaded gets the code of the changed one.
"""

import ast
import gc
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from types import CodeType, FunctionType

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

OPTIMIZED = 0x1  # CPython's flag of a function's code; a class body has it not
UNREACHABLE = "assert_never("  # the type checker holds it; the coverage gate leaves it out, too
Live = dict[tuple[str, str, int], list[FunctionType]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module after one change: which function, which lines of it, and how they read now."""

    function: str
    occurrence: int
    lines: range
    body: range
    was: str
    becomes: str
    source: str


class Module:
    """One module and the changes it offers."""

    def __init__(self, source: str) -> None:
        self._plain = _undecorated(source)
        wrapper = MetadataWrapper(cst.parse_module(self._plain))
        ignored = {n for n, line in enumerate(source.splitlines(), 1) if UNREACHABLE in line}
        visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), ignored, set()))
        self._tree = wrapper.visit(visitor)
        self._positions = wrapper.resolve(PositionProvider)
        self._functions = dict(_functions(self._tree))
        self._changes = [
            change
            for change in visitor.mutations
            if change.contained_by_top_level_function in self._functions
        ]

    def __len__(self) -> int:
        return len(self._changes)

    def drawn(self, count: int, chance: random.Random) -> Iterator[Mutant]:
        """So many of the changes, in the order of the lines."""
        for number in sorted(chance.sample(range(len(self)), min(count, len(self)))):
            yield self._mutant(self._changes[number])

    def _mutant(self, change: Mutation) -> Mutant:
        function = change.contained_by_top_level_function
        name, occurrence = self._functions[function]
        changed = self._tree.deep_replace(change.original_node, change.mutated_node)
        was, becomes = _difference(self._plain, changed.code)
        return Mutant(
            function=name,
            occurrence=occurrence,
            lines=self._lines(change.original_node),
            body=self._lines(function),
            was=was,
            becomes=becomes,
            source=changed.code,
        )

    def _lines(self, node: cst.CSTNode) -> range:
        place = self._positions.get(node)
        return range(place.start.line, place.end.line + 1) if place else range(0)


def _undecorated(source: str) -> str:
    """The same lines without the decorators of functions and methods."""
    lines = source.splitlines(keepends=True)
    bodies = [ast.parse(source).body]
    for body in bodies:
        for node in body:
            if isinstance(node, ast.ClassDef):
                bodies.append(node.body)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for each in node.decorator_list:
                    for number in range(each.lineno - 1, each.end_lineno or each.lineno):
                        lines[number] = "\n"
    return "".join(lines)


def _functions(tree: cst.Module) -> Iterator[tuple[cst.FunctionDef, tuple[str, int]]]:
    """Functions and methods with their qualified names; the second of one name has number 1."""
    met: Counter[str] = Counter()
    for statement in tree.body:
        inner: Iterable[cst.CSTNode] = [statement]
        prefix = ""
        if isinstance(statement, cst.ClassDef):
            inner, prefix = statement.body.body, f"{statement.name.value}."
        for each in inner:
            if isinstance(each, cst.FunctionDef):
                name = prefix + each.name.value
                yield each, (name, met[name])
                met[name] += 1


def _difference(before: str, after: str) -> tuple[str, str]:
    """The change as one line taken out and one put in, without spaces at the ends."""
    taken: list[str] = []
    put: list[str] = []
    for line in unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""):
        if line.startswith(("---", "+++", "@@")):
            continue
        (taken if line.startswith("-") else put).append(line[1:].strip())
    return " ".join(taken), " ".join(put)


def live_functions(folders: tuple[str, ...]) -> Live:
    """The loaded functions of files below these folders, by file, qualified name and line."""
    found: Live = {}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(folders):
            code = each.__code__
            key = (code.co_filename, code.co_qualname, code.co_firstlineno)
            found.setdefault(key, []).append(each)
    return found


def put_in_place(
    mutant: Mutant, path: str, source: str, scope: dict[str, object], live: Live
) -> None:
    """Give the loaded function the changed code and defaults.

    Raises:
        ValueError: What was loaded cannot take the changed code.
    """
    key = (mutant.function, mutant.occurrence)
    before = _codes(compile(source, path, "exec", dont_inherit=True))[key]
    after = _codes(compile(mutant.source, path, "exec", dont_inherit=True))[key]
    _swap(before, after, live)
    defaults = _defaults(mutant.source, key)
    if ast.dump(defaults) != ast.dump(_defaults(source, key)):
        for each in _loaded(before, live):
            each.__defaults__ = tuple(_value(node, scope) for node in defaults.defaults) or None
            each.__kwdefaults__ = {
                word.arg: _value(node, scope)
                for word, node in zip(defaults.kwonlyargs, defaults.kw_defaults, strict=True)
                if node is not None
            }


def _swap(before: CodeType, after: CodeType, live: Live) -> None:
    for each in _loaded(before, live):
        each.__code__ = after
    inner = _inner(after)
    for key, code in _inner(before).items():
        if key in inner:
            _swap(code, inner[key], live)


def _loaded(code: CodeType, live: Live) -> list[FunctionType]:
    return live.get((code.co_filename, code.co_qualname, code.co_firstlineno), [])


def _codes(module: CodeType) -> dict[tuple[str, int], CodeType]:
    """Codes of functions and methods by qualified name and occurrence."""
    found: dict[tuple[str, int], CodeType] = {}
    for name, code in _by_name(module):
        if code.co_flags & OPTIMIZED:
            found[name] = code
        else:
            found |= _codes(code)
    return found


def _inner(function: CodeType) -> dict[tuple[str, int], CodeType]:
    return dict(_by_name(function))


def _by_name(outer: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    met: Counter[str] = Counter()
    codes = (each for each in outer.co_consts if isinstance(each, CodeType))
    for code in sorted(codes, key=lambda each: each.co_firstlineno):
        yield (code.co_qualname, met[code.co_qualname]), code
        met[code.co_qualname] += 1


def _defaults(source: str, key: tuple[str, int]) -> ast.arguments:
    """The arguments of a function, without what is said of their types."""
    met: Counter[str] = Counter()
    for statement in ast.parse(source).body:
        prefix = f"{statement.name}." if isinstance(statement, ast.ClassDef) else ""
        for each in statement.body if isinstance(statement, ast.ClassDef) else [statement]:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                name = prefix + each.name
                if (name, met[name]) == key:
                    return each.args
                met[name] += 1
    raise ValueError(f"no function {key}")


def _value(node: ast.expr, scope: dict[str, object]) -> object:
    code = compile(ast.Expression(node), "<default>", "eval")
    return eval(code, scope)  # noqa: S307 - a default of our own source
