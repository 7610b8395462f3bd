"""Unpooling: entries are put back where a maximum was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from sympy import Integer

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import first_largest
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import is_symbolic
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.merge import Merge
from symcnn.network.layers.shapes import grid
from symcnn.network.layers.window import Pair, Window, entries, windows
from symcnn.network.meaning import Meaning


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
        forward="Each entry of {x1} is put where its window of {x2} has its largest entry; all "
        "other places are filled with 0.",
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
        pooled = (*(w.positions for w in self._windows(shapes[1])), shapes[1][-1])
        if shapes[0] != pooled:
            raise SymcnnError(
                f"an image of shape {shapes[1]} has windows for {pooled}, but the first input "
                f"has the shape {shapes[0]}: give what has an entry for every window, and then "
                "what was pooled"
            )
        return shapes[1]

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each place in a window."""
        pooled, x = xs
        made, (i, j, c) = self._windows(x.shape), pooled.indices
        offsets = list(product(*(range(int(w.kernel)) for w in made)))
        places = [entries(made, (i, j), map(Integer, offset)) for offset in offsets]
        terms = [x[(*place, c)] for place in places]
        over = dict(zip(pooled.indices, pooled.shape, strict=True))
        return tuple(
            define(y[(*place, c)], pooled[i, j, c] * first_largest(terms, n), over=over)
            for n, place in enumerate(places)
        )

    def _windows(self, shape: Shape) -> tuple[Window, ...]:
        stride = self.pool_size if self.stride is None else self.stride
        made = windows(grid(shape, 2), 0, pool_size=self.pool_size, stride=stride, dilation=1)
        if any(is_symbolic(w.kernel) for w in made):
            raise SymcnnError("pool_size is a letter: give a number, since windows are written out")
        if any(w.stride < w.kernel for w in made if not is_symbolic(w.stride)):
            raise SymcnnError(
                f"stride = {stride!r} lets windows of {self.pool_size!r} overlap: give a stride of "
                "at least pool_size"
            )
        return made
