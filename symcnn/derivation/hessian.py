r"""Second order: the partial derivatives, differentiated once more.

    H[m, n]  =  d/dv_n (dL/dv_m)  =  d^2 L / dv_m dv_n

dL/dv_m is a closed form in what is given, so this is SymPy's ``diff`` of it. A selector
of a maximum is a bracket, constant between its jumps: its derivative is 0, and a pooled
value moves as its first largest entry does. H is symmetric where L is smooth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr, ImmutableDenseMatrix, Symbol

from symcnn import limits
from symcnn.derivation.derived import Derived
from symcnn.derivation.variables import variable
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.network import Network

Chosen = str | tuple[str, Sequence[int]]
"""A tensor by its name, for all its entries, or one entry: (name, index)."""


def hessian_matrix(derivation: Derived, by: Sequence[Chosen]) -> ImmutableDenseMatrix:
    """Return the matrix for some entries, as closed forms in what is given.

    Raises:
        SymcnnError: If there is no such tensor or entry.
        TooLargeError: If the closed forms would be too large.
    """
    network, closed = derivation.network, derivation.entries.closed
    entries = list(chosen_entries(by, network))
    adjoints = [derivation.adjoints[name].symbol(position) for name, position in entries]
    most = limits.CLOSED_FORM_NODES + 1
    check_size([closed.nodes(adjoint, most) for adjoint in adjoints])
    symbols = [network.tensors[name].symbol(position) for name, position in entries]
    return second_partials([derivation.partial(*entry) for entry in entries], symbols)


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


def check_size(sizes: Sequence[int]) -> None:
    """Refuse a matrix that would take too long.

    Args:
        sizes: How many nodes each first derivative has.

    Raises:
        TooLargeError: If differentiating each with respect to every entry visits too many nodes.
    """
    if (nodes := sum(sizes) * len(sizes)) > limits.HESSIAN_NODES:
        raise TooLargeError(
            f"the second derivatives with respect to {len(sizes)} entries involve "
            f"{nodes:,} operations and operands, more than {limits.HESSIAN_NODES:,}: choose "
            "fewer entries, or use hessian_vector_product"
        )


def second_partials(partials: Sequence[Expr], symbols: Sequence[Symbol]) -> ImmutableDenseMatrix:
    """Return the matrix; what stands below its diagonal mirrors what stands above."""
    above = {
        (row, column): partial.diff(symbols[column])
        for row, partial in enumerate(partials)
        for column in range(row, len(symbols))
    }
    size = len(symbols)
    return ImmutableDenseMatrix(size, size, lambda m, n: above[min(m, n), max(m, n)])
