r"""Formulas as commands of LaTeX, so that a paper follows its network.

\newcommand{\gradConvOneWeight}{\frac{\partial L}{\partial w_{uk}} = \sum_{i=1}^{2} ...}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sympy import sympify

from symcnn.derivation.derived import Derived
from symcnn.derivation.display import routing_sides
from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, located, shown
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.commands import Commands
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.substitution import Macro, substituted
from symcnn.writing.printing.arithmetic import arithmetic

_LETTERS = re.compile(r"[A-Za-z]{0,40}")

_COMPUTED = ("hidden", "auxiliary", "loss")


def macros(
    derivation: Derived,
    statements: Statements,
    *,
    prefix: str = "",
    conditions: bool = True,
    width: float | None = None,
    own: Sequence[Macro] = (),
) -> Iterator[str]:
    r"""Define a command for every formula, symbol and size of a network, a line each.

    The names are letters alone, with numbers spelled out, and never the same:

    - \gradConvOneWeight: the derivative with respect to a parameter;
    - \deltaConvOne: the error signal of an output, or of the input;
    - \forwardConvOne: a formula of the forward pass;
    - \routingPoolOne: which terms of a maximum receive what arrives at it;
    - \symbolConvOneWeight: what a tensor is called;
    - \sizeConvOneWeight: its shape, 2 \times 3, and \countConvOneWeight: how many entries it has.

    Args:
        derivation: The derivation.
        statements: What prints its formulas.
        prefix: The letters that all names begin with.
        conditions: Whether formulas say what their free indices run over.
        width: The width of a line in points; see ``Derivation.latex``.
        own: What stands in place of letters.

    Raises:
        SymcnnError: If the prefix is not of ASCII letters, or a formula is wider than a line.
    """
    if not (isinstance(prefix, str) and _LETTERS.fullmatch(prefix)):
        raise SymcnnError(f"prefix is {shown(prefix)}: give up to 40 ASCII letters")
    commands = Commands(prefix)
    for kind, name in _formulas(derivation):
        with located(name):
            made = statements.stated(name, None, None, "indices")
            text = made.written(conditions=conditions, width=width, macros=own)
        yield _defined(commands.fresh(kind, name.removeprefix(GRADIENT)), text, name)
    for routing in derivation.routings:
        name = derivation.tensors[routing.source.target.base].name
        text = " = ".join(routing_sides(routing, statements.printer))
        yield _defined(commands.fresh("routing", name), text, f"routing of {name}")
    for tensor in _tensors(derivation):
        for kind, text in _facts(tensor, statements, own):
            yield _defined(commands.fresh(kind, tensor.name), text, tensor.name)
    total = sum(sympify(tensor.size) for tensor in derivation.network.parameters)
    yield _defined(commands.fresh("count", "parameters"), str(total), "all parameters")


def _defined(command: str, text: str, about: str) -> str:
    """Define a command, behind the name of what it is about."""
    return f"% {ascii(about)[1:-1]}\n\\newcommand{{{command}}}{{{text}}}"


def _tensors(derivation: Derived) -> Iterator[Tensor]:
    return (t for t in derivation.network.tensors.values() if t.role != "constant")


def _formulas(derivation: Derived) -> Iterator[tuple[str, str]]:
    """Run over the formulas, each with its kind: forwards, and then backwards."""
    tensors = derivation.network.tensors
    for tensor in tensors.values():
        if tensor.role in _COMPUTED:
            yield "forward", tensor.name
    for name in reversed([*derivation.adjoints]):
        if tensors[name].role == "parameter":
            yield "grad", name
        else:
            yield "delta", GRADIENT + name


def _facts(
    tensor: Tensor, statements: Statements, own: Sequence[Macro]
) -> Iterator[tuple[str, str]]:
    yield "symbol", latex(substituted(statements.printer.tree(tensor.base.label), own))
    lengths = [arithmetic(n) for n in map(sympify, tensor.shape) if n != 1]
    yield "size", latex(joined(lengths, r"\times")) if lengths else "1"
    yield "count", latex(arithmetic(sympify(tensor.size)))
