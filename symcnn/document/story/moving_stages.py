"""How the stages move with V: their formulas, each of which is given once for all V."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sympy import Expr, Indexed, IndexedBase

from symcnn.derivation.general import General
from symcnn.derivation.jacobians import Moved
from symcnn.derivation.second_order import SecondOrder
from symcnn.derivation.sensitivities import MovingWith
from symcnn.derivation.statement import second_derivative
from symcnn.document.blocks import Row
from symcnn.document.context import Context
from symcnn.document.rows.apart import apart
from symcnn.document.rows.rows import general_row
from symcnn.equations import accesses

Form = tuple[Moved, General]
"""What moves, and its formula."""


@dataclass(frozen=True)
class Given:
    """The formulas that were given, each without the indices of V."""

    forms: dict[tuple[str, str], tuple[Expr, ...]] = field(default_factory=dict)

    def new(self, moving: MovingWith, forms: Sequence[Form]) -> list[Form]:
        """Return the formulas that were not given for another V, which from now on they are."""
        return [form for form in forms if self._is_new(moving, *form)]

    def _is_new(self, moving: MovingWith, tensor: Moved, general: General) -> bool:
        plain = tuple(_without(moving, e) for e in (general.left, general.right))
        own = {s for e in general.left.indices[-len(moving.by.shape) :] for s in e.free_symbols}
        known = self.forms.setdefault((tensor.kind, tensor.of), plain)
        return known is plain or known != plain or bool(own & plain[1].free_symbols)


def _without(moving: MovingWith, expression: Expr) -> Expr:
    """Return a formula without the indices of V."""
    axes = len(moving.by.shape)

    def plain(read: Indexed, tensor: Moved) -> Expr:
        return IndexedBase(f"{tensor.kind} {tensor.of}")[read.indices[:-axes]]

    moved = (
        (read, tensor)
        for read in accesses(expression)
        if isinstance(tensor := moving.tensors[read.base], Moved)
    )
    return expression.xreplace({read: plain(read, tensor) for read, tensor in moved})


def stages(moving: MovingWith, blocks: Sequence[SecondOrder]) -> list[Form]:
    """Return what blocks are made of: from the first Jacobian to the last error signal."""
    order = list(moving.network.tensors)
    found = {
        tensor: block.forms[tensor.name]
        for block in blocks
        for tensor, _ in block.groups
        if isinstance(tensor, Moved) and tensor != block.result
    }

    def place(form: Form) -> tuple[bool, int]:
        is_signal, number = form[0].kind != "jacobian", order.index(form[0].of)
        return is_signal, -number if is_signal else number

    return sorted(found.items(), key=place)


def rows(context: Context, moving: MovingWith, forms: Sequence[Form]) -> Iterator[Row]:
    """Print formulas of what moves."""
    return (apart(moving, general_row(context, general)) for _, general in forms)


def result(context: Context, moving: MovingWith, block: SecondOrder) -> Row:
    """Print the formula of a block."""
    general = block.forms[block.result.name]
    left = None
    if block.kind == "signal":
        left = second_derivative(context.printer, block.variables(general.left.indices))
    return apart(moving, general_row(context, general, left))
