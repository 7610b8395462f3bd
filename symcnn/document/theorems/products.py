"""The theorem on products of matrices: in letters of its own, and for the tensors of a network."""

from __future__ import annotations

from symcnn.document.blocks import Block, Inline, Note, Reference, Text, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Derivative
from symcnn.document.facts.forms import matrix_and_column
from symcnn.document.facts.matrix_product import Factor, MatrixProduct, matrix_product
from symcnn.document.theorems.premises import transposed
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.writing.formula import Atom, Formula
from symcnn.writing.formula.build import row
from symcnn.writing.printing.names import named

_TITLE = "product of matrices"
_STATED = (
    "Suppose that {product}, that is, {entry}{where}. If $L$ depends on $A$ only through $C$, "
    "then {first}; if $L$ depends on $B$ only through $C$, then {second}."
)
_WHERE = {
    (False, False): "",
    (True, False): r", with a number $\alpha$",
    (False, True): ", where $D$ depends on neither $A$ nor $B$",
    (True, True): r", where $\alpha$ is a number and $D$ depends on neither $A$ nor $B$",
}


def product_of(derivative: Derivative) -> MatrixProduct | None:
    """Return the product of matrices of which a tensor is a factor, if that is its only use.

    Of several products, each has an index that formulas have, or is that of a head.
    """
    one, *others = derivative.contributions
    if others or one.result.role == "loss" or one.kind not in ("chain rule", "weighted sum"):
        return None
    if matrix_and_column(one.step.source):
        return None
    found, free = matrix_product(one), {loop.symbol for loop in derivative.general.free}
    return found if found and (free >= {*found.each} or one.heads > 1) else None


def by_product(
    context: Context, product: MatrixProduct, derivative: Derivative, mentioned: Mentioned
) -> tuple[list[Block], Text]:
    """State the theorem once; say what it is for these tensors, with nothing behind it."""
    number, new = mentioned.number(_TITLE)
    theorem = Reference(number)
    said: list[Block] = []
    if new:
        said.append(Note((theorem, f" ({_TITLE})"), (_theorem(context),), number))
    if product.each and derivative.contributions[0].heads > 1:
        return said, ("By ", theorem, ", applied to each head")
    if product.each:
        letters = [Inline(named(symbol.name)) for symbol in product.each]
        return said, ("By ", theorem, " for each ", *listed(letters))
    tensor = derivative.tensor
    signal = context.derivation.adjoints[tensor.name].base.label
    is_weight = tensor.role == "parameter"
    left = context.partial(tensor.base.label) if is_weight else context.printed(signal)
    factors = (_printed(context, factor) for factor in product.factors)
    scale = () if product.scale == 1 else (context.printed(product.scale),)
    return said, ("By ", theorem, ", ", inline(left, "=", row(*scale, *factors)))


def _theorem(context: Context) -> Block:
    """State it as generally as this network needs it: with a number, and with what is added."""
    found = [product_of(d) for d in context.derivatives.values() if d.contributions]
    scaled = any(product and product.scale != 1 for product in found)
    shifted = any(product and product.is_shifted for product in found)
    a, d, d_entry = r"\alpha " if scaled else "", " + D" if shifted else "", " + D_{ij}"
    formulas = {
        "product": f"$C = {a}A B{d}$",
        "entry": rf"$C_{{ij}} = {a}\sum_k A_{{ik}} B_{{kj}}{d_entry if shifted else ''}$",
        "first": rf"$\delta^A = {a}\delta^C B^{{\top}}$",
        "second": rf"$\delta^B = {a}A^{{\top}} \delta^C$",
    }
    letters = {**context.letters, **_of_matrices(context)}
    gaps = {name: filled(formula, letters) for name, formula in formulas.items()}
    where = filled(_WHERE[scaled, shifted], letters)
    return paragraph(*filled(_STATED, letters, where=where, **gaps))


_OTHERS = {"A": "F", "B": "G", "C": "H", "D": "K"}
"""The letters of the matrices where the network has one of the usual ones."""


def _of_matrices(context: Context) -> dict[str, Formula]:
    """Return what stands for A, B, C and D: letters that no tensor has."""
    taken = {tensor.label for tensor in context.derivation.network.tensors.values()}
    is_free = taken.isdisjoint(_OTHERS)
    return {} if is_free else {usual: row(Atom(other)) for usual, other in _OTHERS.items()}


def _printed(context: Context, factor: Factor) -> Formula:
    """Print a matrix by its letter alone."""
    tensor = factor.tensor
    made = context.derivation.adjoints[tensor.name] if factor.is_signal else tensor
    letter = context.printed(made.base.label)
    return transposed(letter) if factor.is_transposed else letter
