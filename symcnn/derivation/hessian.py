r"""Second order: the partial derivatives, differentiated once more.

    H[m, n]  =  d/dv_n (dL/dv_m)  =  d^2 L / dv_m dv_n

as closed forms in what is given. They are not SymPy's ``diff`` of closed forms, which meets the
same parts again and again: an entry's formula in the named stages that move (``second_order``)
has these put in, each of them once. A selector of a maximum is a bracket, constant between its
jumps: its derivative is 0, and a pooled value moves as its first largest entry does. H is
symmetric where L is smooth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sympy import ImmutableDenseMatrix, Symbol

from symcnn import limits
from symcnn.derivation.derived import Derived
from symcnn.derivation.second_order import block, second_order_entries, variable
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.network.network import Network

Chosen = str | tuple[str, Sequence[int]]
"""A tensor by its name, for all its entries, or one entry: (name, index)."""


class _Columns:
    """The columns of the Hessian for the entries of one tensor V."""

    def __init__(self, derivation: Derived, by: str, of: Iterable[str]) -> None:
        """Differentiate with respect to V what some rows need."""
        self._blocks = {name: block(derivation, name, by) for name in of}
        self.closed = second_order_entries(derivation, [*self._blocks.values()]).closed

    def symbol(self, of: str, row: Sequence[int], column: Sequence[int]) -> Symbol:
        """Return d^2 L / dw dv as what moves."""
        return self._blocks[of].result.symbol((*row, *column))


def hessian_matrix(derivation: Derived, by: Sequence[Chosen]) -> ImmutableDenseMatrix:
    """Return the matrix for some entries, as closed forms in what is given.

    What stands below its diagonal mirrors what stands above.

    Raises:
        SymcnnError: If there is no such tensor or entry.
        TooLargeError: If the closed forms would be too large.
    """
    derivation.network.check_numbers()
    entries = list(chosen_entries(by, derivation.network))
    names, size = dict.fromkeys(name for name, _ in entries), len(entries)
    columns = {name: _Columns(derivation, name, names) for name in names}
    above = {
        (m, n): (columns[name].closed, columns[name].symbol(of, row, column))
        for n, (name, column) in enumerate(entries)
        for m, (of, row) in enumerate(entries[: n + 1])
    }
    most = limits.HESSIAN_NODES + 1
    check_size(size, (closed.nodes(symbol, most) for closed, symbol in above.values()))
    made = {place: closed(symbol, most) for place, (closed, symbol) in above.items()}
    return ImmutableDenseMatrix(size, size, lambda m, n: made[min(m, n), max(m, n)])


def chosen_entries(by: Sequence[Chosen], network: Network) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Return the entries that are asked for, whole tensors in row-major order.

    Raises:
        SymcnnError: If there is no such tensor or entry.
    """
    if isinstance(by, str):
        raise SymcnnError(
            f"by = {by!r} is a single name: give a list, [{by!r}], or two names for the "
            "formula of a block"
        )
    for choice in by:
        name, index = (choice, None) if isinstance(choice, str) else choice
        tensor = variable(network, name)
        positions = tensor.positions() if index is None else [tensor.checked(index)]
        yield from ((name, position) for position in positions)


def check_size(entries: int, sizes: Iterable[int]) -> None:
    """Refuse a matrix that would take too long.

    Args:
        entries: With respect to how many entries the loss is differentiated.
        sizes: How many nodes each second derivative has, written out.

    Raises:
        TooLargeError: If they are too many together.
    """
    total = 0
    for nodes in sizes:
        if (total := total + nodes) > limits.HESSIAN_NODES:
            raise TooLargeError(
                f"the second derivatives with respect to {entries} entries have more than "
                f"{limits.HESSIAN_NODES:,} operations: choose fewer entries, or use hessian_block"
            )
