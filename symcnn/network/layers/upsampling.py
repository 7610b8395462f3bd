"""Upsampling: resizes an image by repeating pixels or by interpolating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import ClassVar, Literal

from sympy import Abs, Eq, Expr, Integer, Le, Rational, S, Symbol, floor
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define, positions
from symcnn.equations.functions import Iverson, first_largest, relu
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.sizes import Size, defined, is_at_least, is_symbolic
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, grid, per_axis, quotient
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.merge import Merge
from symcnn.network.layers.reshaping import STAYED
from symcnn.network.layers.window import Pair, Window, entries, windows
from symcnn.network.meaning import Meaning, When


def _bilinear(says: str) -> When:
    return When("mode", says, value="bilinear")


@dataclass(frozen=True)
class Upsample2D(Layer):
    """Resizes an image from H x W to A x B pixels.

        y[i,j,c] = x[floor(i H / A), floor(j W / B), c]                              nearest
        y[i,j,c] = sum over r, s of max(0, 1 - |p[i] - r|) max(0, 1 - |q[j] - s|) x[r,s,c]

    The second is bilinear interpolation between the entries next to the position (p[i], q[j]) on
    the image: p[i] is (i + 1/2) H / A - 1/2, but at least 0 and at most H - 1, so that pixels are
    squares whose corners agree. With ``align_corners`` the centres of the corner pixels agree
    instead: p[i] = i (H - 1) / (A - 1). Columns are treated like rows.

    Shapes: x (height, width, channels), y (A, B, channels).

    Attributes:
        factor: n or (vertical, horizontal): A = n H.
        size: n or (A, B), in place of a factor.
        mode: "nearest" or "bilinear".
        align_corners: For "bilinear", whether the centres of corner pixels stay where they are.
    """

    factor: Pair | None = None
    size: Pair | None = None
    mode: Literal["nearest", "bilinear"] = "nearest"
    align_corners: bool = False

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "row_positions": _bilinear(
                "They say where the rows of {y} lie among those of {x}, which count from 0 here."
            ),
            "column_positions": _bilinear("They say the same of the columns."),
            "row_weights": _bilinear(
                "The nearer a row of {x} is to such a position, the more it counts: 1 at the "
                "position itself, and 0 at a distance of 1 or more."
            ),
            "column_weights": _bilinear("They weigh columns in the same way."),
            "interpolated_rows": _bilinear("The rows of {x} are mixed with the row weights."),
            "y": When(
                "mode",
                When(
                    "keeps_size",
                    "{y} has the size of {x}: no entry moves.",
                    "Each entry of {y} is a copy of the entry of {x} at the corresponding place.",
                ),
                "Then the columns of {interpolated_rows} are mixed with the column weights.",
                value="nearest",
            ),
        },
        backward={
            "interpolated_rows": _bilinear(
                "An entry of {interpolated_rows} collects the error signals of all entries that it "
                "was mixed into, each times its weight there."
            ),
            "x": When(
                "mode",
                When(
                    "keeps_size",
                    STAYED,
                    "An entry of {x} collects the error signals of all its copies.",
                ),
                "An entry of {x} collects the error signals of the entries of {interpolated_rows} "
                "that it was mixed into, each times its weight there.",
                value="nearest",
            ),
        },
    )
    prefix: ClassVar[str] = "upsample"
    axes: ClassVar[str] = "ijc"

    def keeps_size(self, shape: Shape) -> bool:
        """Tell whether the output is as large as the input."""
        return self.output_shape(shape) == shape

    def output_shape(self, shape: Shape) -> Shape:
        """Return the size and the channels."""
        lengths = grid(shape, 2)
        if (self.factor is None) == (self.size is None):
            raise SymcnnError("give either a factor or a size, such as factor = 2")
        if self.mode not in ("nearest", "bilinear"):
            raise SymcnnError(f'mode = {self.mode!r} is unknown: choose "nearest" or "bilinear"')
        if self.factor is None:
            return (*per_axis(self.size, 2, "size"), shape[-1])
        factors = per_axis(self.factor, 2, "factor")
        return (*(n * k for n, k in zip(lengths, factors, strict=True)), shape[-1])

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return positions, weights of entries there, and what is interpolated in columns alone."""
        if self.mode != "bilinear":
            return {}
        rows, columns, channels = self.output_shape(shape)
        return {
            "row_positions": _fixed((rows,), "p", "i"),
            "column_positions": _fixed((columns,), "q", "j"),
            "row_weights": _fixed((rows, shape[0]), "A", "ir", instead="U"),
            "column_weights": _fixed((columns, shape[1]), "B", "js", instead="V"),
            "interpolated_rows": Auxiliary((rows, shape[1], channels), "v", "isc"),
        }

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the copies, or the weights and the two interpolations."""
        if self.mode == "nearest":
            return (_copies(y, x),)
        (i, j, c), r, s = y.indices, index("r"), index("s")
        p, q, rows, columns = (
            tensors[key]
            for key in ("row_positions", "column_positions", "row_weights", "column_weights")
        )
        v = tensors["interpolated_rows"]
        return (
            define(p[i], self._position(i, x.shape[0], y.shape[0])),
            define(q[j], self._position(j, x.shape[1], y.shape[1])),
            define(rows[i, r], _share(p[i], r, x.shape[0])),
            define(columns[j, s], _share(q[j], s, x.shape[1])),
            define(v[i, s, c], rows[i, r] * x[r, s, c]),
            define(y[i, j, c], columns[j, s] * v[i, s, c]),
        )

    def _position(self, i: Expr, length: Size, made: Size) -> Expr:
        """Return where on an axis of the input an entry of the output lies."""
        at, last = positions(made)[i], S(length) - 1
        if self.align_corners:
            return at * last / (made - 1) if made != 1 else at
        place = (at + Rational(1, 2)) * length / made - Rational(1, 2)
        return relu(place) - relu(place - last)


def _fixed(shape: Shape, letter: str, axes: str, instead: str = "") -> Auxiliary:
    """Return what follows from the sizes alone, for all samples."""
    return Auxiliary(shape, letter, axes, sampled=False, constant=True, instead=instead)


def _share(place: Expr, r: Expr, length: Size) -> Expr:
    """Return the weight of the entry r at a place: 1 where it lies, 0 at its neighbours."""
    return relu(1 - Abs(place - positions(length)[r]))


def _copies(y: Tensor, x: Tensor) -> Equation:
    """Return the equation of nearest neighbours: blocks of copies, or quotients."""
    targets: list[Expr] = []
    entries: list[Expr] = []
    over: dict[Symbol, Size] = {}
    for letter, i, n, made in zip("uv", y.indices, x.shape, y.shape, strict=False):
        factor = quotient(made, n)
        if factor is None:
            targets, entries = [*targets, i], [*entries, floor(i * n / made)]
        else:
            r, u = i, index(letter)
            targets, entries = [*targets, factor * r + u], [*entries, r]
            over |= {r: n, u: factor}
    c = y.indices[-1]
    return define(y[(*targets, c)], x[(*entries, c)], over=over)


# Unpooling: entries are put back where a maximum was.


@dataclass(frozen=True)
class MaxUnpool2D(Merge):
    """Every entry is put where the largest entry of its window was; all others are 0.

        y[s i + u, s j + v, c] = p[i,j,c] if x[s i + u, s j + v, c] is the first largest entry

    The inputs are p, with an entry for every window, and x, the image that was pooled with the same
    windows, which do not overlap.

    Shapes: p (positions, positions, channels), x and y (height, width, channels).

    Attributes:
        pool_size: n or (height, width).
        stride: n or (vertical, horizontal), at least ``pool_size``, which is the default.

    Source: Zeiler and Fergus (2014).
    """

    pool_size: Pair
    stride: Pair | None = None

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "rank": When(
                "rank",
                "The entries of each window of {x2} are ranked from the largest to the smallest, "
                "equal ones in row-major order: {rank} is the number of those before each.",
            ),
            "y": "Each entry of {x1} is put where its window of {x2} has its largest entry; all "
            "other places are filled with 0.",
        },
        backward={
            "x1": "An entry of {x1} receives the error signal of the place where it was put.",
            "x2": "For {y}, {x2} only tells places: while its largest entries remain the largest, "
            "no change of it matters, and no error signal comes back this way.",
        },
    )
    source: ClassVar[str] = sources.UNPOOLING
    prefix: ClassVar[str] = "unpool"

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the shape of the image that was pooled."""
        if len(shapes) != 2:
            raise SymcnnError(f"the layer has {len(shapes)} inputs: it takes two")
        whole = tuple(map(defined, shapes[1]))
        pooled = (*(w.positions for w in self._windows(whole)), whole[-1])
        if shapes[0] != pooled:
            raise SymcnnError(
                f"an image of shape {shapes[1]} has windows for {pooled}, but the first input "
                f"has the shape {shapes[0]}: give what has an entry for every window, and then "
                "what was pooled"
            )
        return shapes[1]

    def joined_auxiliaries(self, shapes: Sequence[Shape]) -> Mapping[str, Auxiliary]:
        """Return how many entries of a window come before each, where letters say how many."""
        made = self._windows(shapes[1])
        if not _is_lettered(made):
            return {}
        shape = (*shapes[0], *(w.kernel for w in made))
        return {"rank": Auxiliary(shape, "n", "ijcuv", constant=False)}

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return that windows do not overlap: K <= S."""
        pairs = ((w.kernel, w.stride) for w in self._windows(shapes[1]))
        return tuple(Le(*pair) for pair in pairs if _is_open(*pair))

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each place in a window, or one for all with their ranks."""
        pooled, x = xs
        made, (i, j, c) = self._windows(x.shape), pooled.indices
        if _is_lettered(made):
            return self._by_rank(y, xs, made, tensors["rank"])
        offsets = list(product(*(range(int(w.kernel)) for w in made)))
        places = [entries(made, (i, j), map(Integer, offset)) for offset in offsets]
        terms = [x[(*place, c)] for place in places]
        over = dict(zip(pooled.indices, pooled.shape, strict=True))
        return tuple(
            define(y[(*place, c)], pooled[i, j, c] * first_largest(terms, n), over=over)
            for n, place in enumerate(places)
        )

    def _by_rank(
        self, y: Tensor, xs: Sequence[Tensor], made: Sequence[Window], rank: Tensor
    ) -> tuple[Equation, ...]:
        """Return the equations with ranks: an entry of rank 0 is the first largest of its window.

        n[i,j,c,u,v]  <-  sum over earlier a, b of [x at a, b >= x at u, v]
                          + sum over later a, b of [x at a, b > x at u, v]
        """
        pooled, x = xs
        i, j, c, u, v = rank.indices
        a, b = map(index, islice(spare_letters({s.name for s in rank.indices}), 2))
        (rows, columns), over = made, dict(zip(rank.indices, rank.shape, strict=True))
        own, other = (x[(*entries(made, (i, j), at), c)] for at in ((u, v), (a, b)))
        behind = (columns.kernel * (u - a) + v - b).expand()
        both, number = {**over, a: rows.kernel, b: columns.kernel}, rows.kernel * columns.kernel
        target = rank[i, j, c, u, v]
        place = y[(*entries(made, (i, j), (u, v)), c)]
        return (
            define(target, Iverson(other >= own), over=both, inside=[(behind - 1, number)]),
            define(target, Iverson(other > own), over=both, inside=[(-behind - 1, number)]),
            define(place, pooled[i, j, c] * Iverson(Eq(target, 0)), over=over),
        )

    def _windows(self, shape: Shape) -> tuple[Window, ...]:
        stride = self.pool_size if self.stride is None else self.stride
        made = windows(grid(shape, 2), 0, pool_size=self.pool_size, stride=stride, dilation=1)
        if any(w.stride < w.kernel for w in made if not _is_lettered([w])):
            raise SymcnnError(
                f"stride = {stride!r} lets windows of {self.pool_size!r} overlap: give a stride of "
                "at least pool_size"
            )
        return made


def _is_lettered(made: Sequence[Window]) -> bool:
    """Tell whether letters say how large windows are, so that they cannot be written out."""
    return any(map(is_symbolic, (n for w in made for n in (w.kernel, w.stride))))


def _is_open(kernel: Size, stride: Size) -> bool:
    """Tell whether letters may let windows overlap."""
    return (is_symbolic(kernel) or is_symbolic(stride)) and not is_at_least(stride - kernel, 0)
