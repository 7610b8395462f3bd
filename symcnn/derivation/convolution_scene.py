"""Where statements in convolution notation are read back: arrays, and positions in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from sympy import Expr, IndexedBase, Symbol, sympify

from symcnn.derivation.convolution_form import ConvolutionForm
from symcnn.equations import Loop, Tensor, affine
from symcnn.equations.values.evaluation import Array
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.names import named
from symcnn.writing.reading import Scene


class LaidOut(NamedTuple):
    """A form, and what is known of its tensors.

    Attributes:
        form: The form.
        axes: The axes of its arrays, by the names of their tensors.
    """

    form: ConvolutionForm
    axes: Mapping[str, tuple[int, ...]]

    def scene(self, scene: Scene, place: Sequence[Array], numbers: Mapping[Symbol, Expr]) -> Scene:
        """Return where the form is worked out.

        Args:
            scene: Where formulas in indices are.
            place: The entries of the left side, along each axis of its tensor.
            numbers: Numbers for letters.
        """
        free, positions = self.at(place, numbers)
        letters = {latex(named(s.name)): value + float(scene.base) for s, value in free.items()}
        return replace(scene, letters=letters, padded=False, positions=positions, laid=self.axes)

    def at(
        self, place: Sequence[Array], numbers: Mapping[Symbol, Expr]
    ) -> tuple[dict[Symbol, Array], tuple[Array, ...]]:
        """Return in which arrays entries of the left side lie, by their loops, and where there."""
        found = dict[Symbol, Array]()
        for axis, index in self.form.left.fixed.items():
            rest = place[axis] - _number(affine(index).constant, numbers)
            for loop, factor in self._factors(index, numbers):
                found[loop.symbol], rest = np.divmod(rest, factor)
        along = (np.round(place[axis]).astype(np.int64) for axis in self.form.left.axes)
        return found, tuple(along)

    def _factors(self, index: Expr, numbers: Mapping[Symbol, Expr]) -> list[tuple[Loop, int]]:
        """Return the loops of an index with their factors: digits of a number, highest first."""
        loops = {loop.symbol: loop for loop in self.form.free}
        own = affine(index).coefficients.items()
        made = [(loops[symbol], _number(factor, numbers)) for symbol, factor in own]
        made.sort(key=lambda pair: (pair[1], _number(pair[0].size, numbers)), reverse=True)
        return made


def laid_out(
    form: ConvolutionForm, tensors: Mapping[IndexedBase, Tensor], adjoints: Mapping[str, Tensor]
) -> LaidOut:
    """Return a form with the axes of its arrays, those of derivatives by what they are of, too."""
    parts = (array for part in form.parts for array in (part.first, part.second))
    axes = {tensors[array.entry.base].name: array.axes for array in (*parts, *form.added)}
    base = form.left.entry.base
    of = (name for name, adjoint in adjoints.items() if adjoint.base == base)
    for name in (tensors[base].name, *of):
        axes.setdefault(name, form.left.axes)
    return LaidOut(form, axes)


def _number(size: object, numbers: Mapping[Symbol, Expr]) -> int:
    return int(sympify(size).xreplace(numbers))
