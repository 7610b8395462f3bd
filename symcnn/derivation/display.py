r"""What a notebook shows of a derivation: the general forms, from the loss to the input.

    \delta^{z}_{rk} = \frac{\partial L}{\partial z_{rk}} = R^{p}_{kr} \delta^{p}_{k}

One row for every tensor that the loss is differentiated by, and one for every routing: so
each letter that is not the network's own stands on the left of a row. Indices count from
1, as in a document.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.derivation.adjoint import Routing
from symcnn.derivation.derived import Derived
from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.equations import Max, Tensor, loops_over, units
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.names import named

_CASES = {
    "first": ("1", "is the first largest value of its window"),
    "split": (r"1 / \text{(number of largest values)}", "is a largest value of its window"),
}
"""What a routing is, and for which entries; it is 0 for the others."""

_OF_WHAT = " of its window"


def as_latex(derivation: Derived) -> str:
    """Return the rows, aligned, as a display between dollar signs."""
    body = " \\\\[4pt]\n".join(_rows(derivation))
    return f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"


def as_markdown(derivation: Derived) -> str:
    """Return the rows below the sentence that introduces them."""
    loss = latex(named(derivation.network.loss_tensor.label))
    return (
        f"The derivative of the loss ${loss}$ with respect to every tensor, from the loss back to "
        "the input; indices count from 1.\n\n" + as_latex(derivation) + "\n"
    )


def _rows(derivation: Derived) -> Iterator[str]:
    statements = Statements(derivation)
    reached = {step.of.name for step in derivation.steps}
    for tensor in reversed(derivation.network.tensors.values()):
        is_shown = tensor.role != "auxiliary" or tensor.name in reached
        if tensor.name in derivation.adjoints and is_shown:
            yield _row(derivation, tensor, statements)
        for routing in derivation.routings:
            if routing.source.target.base == tensor.base:
                yield " &= ".join(routing_sides(routing, statements.printer))


def _row(derivation: Derived, tensor: Tensor, statements: Statements) -> str:
    made = statements.general(GRADIENT + tensor.name)
    left, right = made.left, made.right
    if tensor.role != "parameter":
        entry = tensor[derivation.indices(tensor.name)]
        long = entry.xreplace(units(loops_over(entry)))
        left = row(left, "=", statements.printer.partial(statements.printer.tree(long)))
    return f"{latex(left)} &= {latex(right)}"


def routing_sides(
    routing: Routing, printer: MathPrinter, *, is_short: bool = False
) -> tuple[str, str]:
    """Return a routing, and in which cases it is what, in LaTeX; in short, for a column."""
    reduction = routing.source.reduction
    assert isinstance(reduction, Max)
    share, words = _CASES[reduction.ties]
    words = words.removesuffix(_OF_WHAT) if is_short else words
    zero = units(routing.source.loops)
    entry, term = (
        latex(printer.tree(e.xreplace(zero))) for e in (routing.entry, routing.source.value)
    )
    cases = rf"{share} & \text{{if }} {term} \text{{ {words}}} \\ 0 & \text{{otherwise}}"
    return entry, rf"\begin{{cases}} {cases} \end{{cases}}"
