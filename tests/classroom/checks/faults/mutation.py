"""Functions made wrong by mutation of their source: one small change of its syntax tree each.

Nothing here knows symcnn, or what is right: whether a change matters is measured against the
function itself.
"""

from __future__ import annotations

import ast
import copy
import linecache
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import combinations, count, pairwise
from types import ModuleType
from typing import Any

_ARITHMETIC: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (),
}
_COMPARED: dict[type, tuple[type, ...]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.Eq: (ast.NotEq,),
}
_OTHER_NAMES = {
    "argmax": ("argmin",),
    "max": ("min", "mean"),
    "sum": ("mean", "max"),
    "mean": ("sum",),
    "var": ("std",),
    "sqrt": ("square", "abs"),
    "exp": ("expm1",),
    "tanh": ("sin",),
    "zeros_like": ("ones_like",),
    "zeros": ("ones",),
    "repeat": ("tile",),
    "tile": ("repeat",),
}
_NUMBERS = count()


@dataclass(frozen=True)
class Mutant:
    """One change of a module, or several.

    Attributes:
        said: What was changed into what, and in which line.
        make: Makes the source of the changed module, which may be no program.
    """

    said: str
    make: Callable[[], str]

    @cached_property
    def source(self) -> str:
        """The source of the changed module."""
        return self.make()

    def names(self, package: str) -> dict[str, Any]:
        """Run the source, which inspect can read, and return what it defines.

        Raises:
            SyntaxError: If it is no program.
        """
        file = f"<mutant {next(_NUMBERS)}>"
        lines = self.source.splitlines(keepends=True)
        linecache.cache[file] = len(self.source), None, lines, file
        module = ModuleType(file)
        module.__package__ = package
        exec(compile(self.source, file, "exec"), module.__dict__)
        return vars(module)


@cache
def mutants(source: str, function: str) -> tuple[Mutant, ...]:
    """Return the mutants of a function, and of what it calls beside it.

    Args:
        source: The source of its module.
        function: Its name.
    """
    tree = ast.parse(source)
    found = dict[tuple[str, int], Mutant]()
    for reached in _reached(tree, [function]):
        for node in ast.walk(reached):
            for said, other in _changes(node, reached):
                place = getattr(node, "lineno", reached.lineno), getattr(node, "col_offset", 0)
                what = f"line {place[0]}: {said}"
                found.setdefault(
                    (what, place[1]), Mutant(what, partial(_replaced, tree, node, other))
                )
    return tuple(found.values())


def _reached(tree: ast.Module, functions: Iterable[str]) -> list[ast.FunctionDef]:
    """Return functions of a module, and those that they call."""
    known = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    waiting, found = list(functions), dict[str, ast.FunctionDef]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found[name] = known[name]
            waiting += [node.id for node in ast.walk(known[name]) if isinstance(node, ast.Name)]
    return list(found.values())


def _replaced(tree: ast.Module, old: ast.AST, new: ast.AST | None) -> str:
    """Return the source with one node replaced, or taken out."""
    marked = copy.deepcopy(tree, {id(old): ast.Pass() if new is None else new})
    try:
        return ast.unparse(ast.fix_missing_locations(marked))
    except (ValueError, TypeError, AttributeError) as error:
        raise SyntaxError(str(error)) from error


def _changes(node: ast.AST, function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST | None]]:
    """Run over other nodes for a node, each with what was changed."""
    for change in _CHANGES:
        for other in change(node, function):
            old = ast.unparse(node) if not isinstance(node, ast.FunctionDef) else ""
            new = "nothing" if other is None else ast.unparse(ast.fix_missing_locations(other))
            if old != new:
                yield f"{old} -> {new}", other


def _operators(node: ast.AST, _: ast.FunctionDef) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        for operator in _ARITHMETIC.get(type(node.op), ()):
            yield ast.BinOp(node.left, operator(), node.right)
        yield node.left
        yield node.right
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    if isinstance(node, ast.Compare):
        for operator in _COMPARED.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [operator()], node.comparators)


def _assignments(node: ast.AST, _: ast.FunctionDef) -> Iterator[ast.AST | None]:
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=node.lineno)
        yield ast.AugAssign(node.target, ast.Sub(), node.value)
        yield None
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        yield None


def _constants(node: ast.AST, _: ast.FunctionDef) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    if isinstance(node, ast.Constant) and type(node.value) is float:
        yield ast.Constant(2 * node.value)


def _slices(node: ast.AST, _: ast.FunctionDef) -> Iterator[ast.AST]:
    if isinstance(node, ast.Slice):
        one = ast.Constant(1)
        for place in ("lower", "upper", "step"):
            if (bound := getattr(node, place)) is not None:
                yield _with(node, place, None)
                yield _with(node, place, ast.BinOp(bound, ast.Add(), one))
                yield _with(node, place, ast.BinOp(bound, ast.Sub(), one))


def _with(node: ast.AST, field: str, value: Any) -> ast.AST:
    other = copy.copy(node)
    setattr(other, field, value)
    return other


def _orders(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Exchange two entries of a tuple, or two arguments of a call.

    What is returned in another order, and said so by its names, is as right as before.
    """
    returned = [found.value for found in ast.walk(function) if isinstance(found, ast.Return)]
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and node not in returned:
        yield from (_with(node, "elts", elements) for elements in _exchanged(node.elts))
    if isinstance(node, ast.Call):
        yield from (_with(node, "args", arguments) for arguments in _exchanged(node.args))


def _exchanged(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for one, other in combinations(range(len(nodes)), 2):
        moved = list(nodes)
        moved[one], moved[other] = moved[other], moved[one]
        yield moved


def _calls(node: ast.AST, _: ast.FunctionDef) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        yield _with(node, "keywords", [k for k in node.keywords if k is not keyword])
    if isinstance(node.func, ast.Attribute):
        for name in _OTHER_NAMES.get(node.func.attr, ()):
            yield _with(node, "func", _with(node.func, "attr", name))
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        *first, last = node.args
        yield _with(node, "args", [*first, ast.BinOp(last, ast.Sub(), ast.Constant(1))])
        if not first:
            yield _with(node, "args", [ast.Constant(1), last])


def _scattered(node: ast.AST, _: ast.FunctionDef) -> Iterator[ast.AST]:
    """Write a[i] += v for np.add.at(a, i, v), which keeps one of several contributions."""
    if isinstance(node, ast.Expr) and ast.unparse(node).startswith("np.add.at("):
        array, place, value = node.value.args
        yield ast.AugAssign(ast.Subscript(array, place, ast.Store()), ast.Add(), value)


def _letters(node: ast.AST, _: ast.FunctionDef) -> Iterator[ast.AST]:
    """Exchange two neighbouring letters in a path of einsum."""
    text = node.value if isinstance(node, ast.Constant) else None
    if isinstance(text, str) and "->" in text:
        for place, (one, other) in enumerate(pairwise(text)):
            if one.isalpha() and other.isalpha():
                yield ast.Constant(text[:place] + other + one + text[place + 2 :])


def _names(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Take another variable of its kind: unpacked with it, a loop's or an argument as it is."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for group in _kinds(function):
            if node.id in group:
                yield from (ast.Name(other, ast.Load()) for other in group if other != node.id)


def _kinds(function: ast.FunctionDef) -> list[list[str]]:
    unpacked = [
        [name.id for name in ast.walk(target) if isinstance(name, ast.Name) and name.id != "_"]
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Tuple)
    ]
    loops = [node.target.id for node in ast.walk(function) if isinstance(node, ast.For)]
    return [*unpacked, loops, [argument.arg for argument in function.args.args]]


_CHANGES = (
    *(_operators, _assignments, _constants, _slices, _orders),
    *(_calls, _scattered, _letters, _names),
)
