r"""Formulas as commands of LaTeX, so that a paper follows its network.

\newcommand{\gradConvOneWeight}{\frac{\partial L}{\partial w_{uk}} = \sum_{i=1}^{2} ...}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sympy import sympify

from symcnn.derivation.derived import Derived
from symcnn.derivation.statement import GRADIENT, Statements, routing_sides
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, located, shown
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.commands import Commands
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.substitution import Macro, macros_of, substituted
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.manner import DecimalMark

_LETTERS = re.compile(r"[A-Za-z]{0,40}")

_COMPUTED = ("hidden", "auxiliary", "loss")


def macros(
    derivation: Derived,
    *,
    index_base: int = 1,
    digits: int = 6,
    decimal: DecimalMark = ".",
    prefix: str = "",
    conditions: bool = True,
    width: float | None = None,
    own: Mapping[str, str] | None = None,
) -> str:
    r"""Return commands of LaTeX for all formulas, symbols and sizes of a network.

    Their names are letters alone, with numbers spelled out, and never the same:

    - \gradConvOneWeight: the derivative with respect to a parameter;
    - \deltaConvOne: the error signal of an output, or of the input;
    - \forwardConvOne: a formula of the forward pass;
    - \routingPoolOne: which terms of a maximum receive what arrives at it;
    - \symbolConvOneWeight: what a tensor is called;
    - \sizeConvOneWeight: its shape, and \countConvOneWeight: how many entries it has.

    Args:
        derivation: The derivation.
        index_base: What the first entry of an axis is called in print, 1 or 0.
        digits: The significant digits of constants that are rounded.
        decimal: The decimal mark, a point or a comma.
        prefix: The letters that all names begin with.
        conditions: Whether formulas say what their free indices run over.
        width: The width of a line in points; see ``Derivation.latex``.
        own: LaTeX in place of letters: {r"\delta^{#1}": r"\bar{#1}", "w": r"\mathbf{w}"}.

    Raises:
        SymcnnError: If the prefix is not of ASCII letters, or a formula is wider than a line.

    >>> import symcnn as sc
    >>> made = sc.macros(sc.examples.cnn_by_hand().derivation, conditions=False)
    >>> print(made.splitlines()[1])
    \newcommand{\forwardConvOne}{z_{ik} = \sum_{u=1}^{2} w_{uk} x_{i+u-1}}
    """
    if not (isinstance(prefix, str) and _LETTERS.fullmatch(prefix)):
        raise SymcnnError(f"prefix is {shown(prefix)}: give up to 40 ASCII letters")
    statements = Statements(derivation, index_base, digits, decimal)
    chosen = macros_of(own or {})
    made = _contents(derivation, statements, conditions, width, chosen)
    commands = Commands(prefix)
    lines = (
        f"% {ascii(about)[1:-1]}\n\\newcommand{{{commands.fresh(kind, name)}}}{{{text}}}\n"
        for kind, name, about, text in made
    )
    return "".join(lines)


def _contents(
    derivation: Derived,
    statements: Statements,
    conditions: bool,
    width: float | None,
    own: Sequence[Macro],
) -> Iterator[tuple[str, str, str, str]]:
    """Run over commands: their kind, the tensor's name, what they are about, and their text."""
    for kind, name in _formulas(derivation):
        with located(name):
            made = statements.stated(name, None, None, "indices")
            text = made.written(conditions=conditions, width=width, macros=own)
        yield kind, name.removeprefix(GRADIENT), name, text
    for routing in derivation.routings:
        name = derivation.tensors[routing.source.target.base].name
        text = " = ".join(routing_sides(routing, statements.printer, is_short=True))
        yield "routing", name, f"routing of {name}", text
    for tensor in _tensors(derivation):
        for kind, text in _facts(tensor, statements, own):
            yield kind, tensor.name, tensor.name, text
    total = sum(sympify(tensor.size) for tensor in derivation.network.parameters)
    yield "count", "parameters", "all parameters", latex(arithmetic(sympify(total)))


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
