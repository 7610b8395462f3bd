"""Unpooling: entries are put back where a maximum was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import ClassVar

from sympy import Eq, Integer, Le
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import Iverson, first_largest
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.sizes import Size, defined, is_at_least, is_symbolic
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.merge import Merge
from symcnn.network.layers.shapes import grid
from symcnn.network.layers.window import Pair, Window, entries, windows
from symcnn.network.meaning import Meaning, When


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
    letter: ClassVar[str] = "y"

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
