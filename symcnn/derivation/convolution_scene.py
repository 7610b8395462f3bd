"""Where statements in convolution notation are read back: arrays, and positions in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from sympy import Expr, IndexedBase, sympify

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

    def scene(self, scene: Scene, place: Sequence[Array], numbers: Mapping[Expr, Expr]) -> Scene:
        """Return where the form is worked out.

        Args:
            scene: Where formulas in indices are.
            place: The entries of the left side, along each axis of its tensor.
            numbers: Numbers for letters.
        """
        left, base = self.form.left, scene.base
        found = dict[str, Array]()
        for axis, index in left.fixed.items():
            rest = place[axis] - _number(affine(index).constant, numbers)
            for loop, factor in self._factors(index, numbers):
                value, rest = np.divmod(rest, factor)
                found[latex(named(loop.symbol.name))] = value + float(base)
        positions = tuple(np.round(place[axis]).astype(np.int64) for axis in left.axes)
        return replace(scene, letters=found, padded=False, positions=positions, laid=self.axes)

    def _factors(self, index: Expr, numbers: Mapping[Expr, Expr]) -> list[tuple[Loop, int]]:
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


def _number(size: object, numbers: Mapping[Expr, Expr]) -> int:
    return int(sympify(size).xreplace(numbers))
