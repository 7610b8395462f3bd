"""PyTorch: sums of products, cumulative sums, and what has no derivative by equations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from string import ascii_letters

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operation, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations.einsums import einsum, explicit, kronecker
from symcnn.imports.operations.entrywise import Operand, shifted, summed
from symcnn.imports.operations.linear import cumulated
from symcnn.imports.operations.reshaping import sliced
from symcnn.imports.operations.shared import matrix_product, plus_product
from symcnn.imports.placed import Placed

OPERATORS = Operators("aten.")


def _listed(b: Builder, n: Node, key: str) -> list[Operand]:
    """Return several arguments of one name."""
    return [b.tensor_of(n, v) if isinstance(v, Ref) else v for v in n.arguments[key]]


def _rank(x: Operand) -> int:
    return len(x.stated) if isinstance(x, Placed) else x.array.ndim


@OPERATORS.of("einsum.default")
def _einsum(b: Builder, n: Node) -> Placed:
    xs = _listed(b, n, "tensors")
    return einsum(b, explicit(n.arguments["equation"], [*map(_rank, xs)]), xs)


@OPERATORS.of("tensordot.default")
def _tensordot(b: Builder, n: Node) -> Placed:
    x, y = b.operand(n, "self"), b.operand(n, "other")
    first, second = (
        [a % _rank(v) for a in n.arguments[f"dims_{k}"]] for v, k in ((x, "self"), (y, "other"))
    )
    letters = ascii_letters[: _rank(x) + _rank(y)]
    one, other = [*letters[: _rank(x)]], [*letters[_rank(x) :]]
    for a, c in zip(first, second, strict=True):
        other[c] = one[a]
    gone = {one[a] for a in first}
    made = "".join(letter for letter in one + other if letter not in gone)
    return einsum(b, f"{''.join(one)},{''.join(other)}->{made}", [x, y])


@OPERATORS.of("inner.default")
def _inner(b: Builder, n: Node) -> Placed:
    x, y = b.operand(n, "self"), b.operand(n, "other")
    one, other = ascii_letters[: _rank(x) - 1], ascii_letters[26 : 25 + _rank(y)]
    return einsum(b, f"{one}z,{other}z->{one}{other}", [x, y])


@OPERATORS.of("linalg_vecdot.default", "vecdot.default")
def _vecdot(b: Builder, n: Node) -> Placed:
    x, y = b.operand(n, "x"), b.operand(n, "y")
    rank = max(_rank(x), _rank(y))
    letters, gone = ascii_letters[:rank], n.get("dim", -1) % rank
    words = [letters[rank - _rank(v) :] for v in (x, y)]
    return einsum(b, f"{words[0]},{words[1]}->{letters.replace(letters[gone], '')}", [x, y])


@OPERATORS.of("linalg_cross.default", "cross.default")
def _cross(b: Builder, n: Node) -> Placed:
    """The sum of products with the signs of permutations."""
    x, y = (b.operand(n, *keys) for keys in (("self",), ("other",)))
    rank = max(_rank(x), _rank(y))
    axis = n.get("dim", -1) % rank
    letters = ascii_letters[:rank]
    signs = np.zeros((3, 3, 3))
    for i in range(3):
        signs[i, (i + 1) % 3, (i + 2) % 3], signs[i, (i + 2) % 3, (i + 1) % 3] = 1, -1
    words = [letters.replace(letters[axis], k)[rank - _rank(v) :] for v, k in ((x, "x"), (y, "y"))]
    made = letters.replace(letters[axis], "z")
    return einsum(b, f"{','.join(words)},zxy->{made}", [x, y, Constant(signs)])


@OPERATORS.of("kron.default")
def _kron(b: Builder, n: Node) -> Placed:
    x, y = b.operand(n, "self"), b.operand(n, "other")
    if isinstance(x, Constant) or isinstance(y, Placed):
        raise SymcnnError("its second factor is no constant: multiply by a constant on the right")
    return kronecker(b, x, y, n.shape)


OPERATORS.of("baddbmm.default")(plus_product("batch1", "batch2"))
OPERATORS.of("addmv.default")(plus_product("mat", "vec"))


@OPERATORS.of("mv.default")
def _product_with_vector(b: Builder, n: Node) -> Placed:
    return matrix_product(b, b.operand(n, "self"), b.operand(n, "vec"))


@OPERATORS.of("linalg_multi_dot.default", "chain_matmul.default")
def _chain(b: Builder, n: Node) -> Placed:
    xs = _listed(b, n, "tensors" if "tensors" in n.arguments else "matrices")
    made = reduce(lambda x, y: _joined(b, x, y), xs)
    assert isinstance(made, Placed), "a product of constants is a constant of the graph"
    return made


def _joined(b: Builder, x: Operand, y: Operand) -> Operand:
    if isinstance(x, Constant) and isinstance(y, Constant):
        return Constant(x.array @ y.array)
    return matrix_product(b, x, y)


@OPERATORS.of("matrix_power.default", "linalg_matrix_power.default")
def _matrix_power(b: Builder, n: Node) -> Placed:
    x, power = b.tensor(n, "self"), n.arguments["n"]
    if power < 1:
        raise SymcnnError(f"a power of {power} needs an inverse: use a positive one")
    return reduce(lambda made, _: matrix_product(b, made, x), range(power - 1), x)


@OPERATORS.of("bilinear.default")
def _bilinear(b: Builder, n: Node) -> Placed:
    x, y, weight = b.operand(n, "input1"), b.operand(n, "input2"), b.array(n, "weight")
    before = ascii_letters[26 : 25 + _rank(x)]
    made = einsum(b, f"{before}i,{before}j,kij->{before}k", [x, y, weight])
    bias = b.constant(n, "bias")
    return made if bias is None else shifted(b, made, bias)


@OPERATORS.of("cumsum.default", "cumsum_.default")
def _cumulative(b: Builder, n: Node) -> Placed:
    return cumulated(b, b.tensor(n, "self"), n.arguments["dim"])


@OPERATORS.of("diff.default")
def _differences(b: Builder, n: Node) -> Placed:
    x, axis = b.tensor(n, "self"), n.get("dim", -1)
    if n.get("prepend") is not None or n.get("append") is not None:
        raise SymcnnError("prepend or append is given: use torch.cat before")
    for _ in range(n.get("n", 1)):
        length = x.stated[axis]
        x = summed(b, sliced(b, x, axis, 1, length), sliced(b, x, axis, 0, length - 1), -1)
    return x


_ORDERED = "which entries it takes depends on their values"
_REFUSED: dict[str, tuple[str, str]] = {
    "topk.default sort.default sort.stable argsort.default kthvalue.default median.dim mode.default"
    " cummax.default cummin.default": (
        _ORDERED,
        "use amax, a pool, or write the layer yourself: docs/imports.md",
    ),
    "cumprod.default logcumsumexp.default": (
        "a product or a logarithm is accumulated along an axis",
        "use cumsum of logarithms, or prod along the axis",
    ),
    "cdist.default _cdist_forward.default pdist.default": (
        "distances are roots of sums of differences",
        "write ((x[:, :, None] - y[:, None]) ** 2).sum(-1), and the root of it",
    ),
    "fractional_max_pool2d.default fractional_max_pool3d.default": (
        "its windows are random",
        "use max_pool2d or adaptive_max_pool2d",
    ),
    "addbmm.default": ("samples are summed over", "use baddbmm, or a sum along another axis"),
}
"""Operators that no equation of symcnn states, with the reason and the remedy."""


def _refusing(why: str, remedy: str) -> Operation:
    def operation(b: Builder, n: Node) -> Sequence[Placed]:
        n.refused(why, remedy)

    return operation


for _names, _said in _REFUSED.items():
    OPERATORS.of(*_names.split())(_refusing(*_said))
