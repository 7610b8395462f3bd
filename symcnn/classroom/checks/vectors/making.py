"""From a layer to its test vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from sympy import Expr, IndexedBase, sympify

from symcnn.classroom.checks.judging.evaluation import Evaluation, Stages
from symcnn.classroom.checks.vectors.arrays import VectorArray, covered, settings_of, written
from symcnn.classroom.checks.vectors.cases import (
    CHANNEL,
    FILTER,
    INPUT_CHANNEL,
    Separated,
    VectorCase,
    Vectors,
    layout_of,
)
from symcnn.classroom.checks.vectors.due import Due, due, tied
from symcnn.classroom.checks.vectors.specimens import Specimen, specimens
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.network.layers import Layer
from symcnn.problems.catalog import type_name
from symcnn.problems.evaluation import floats, near_kinks, near_ties

_APART = 1e-6
"""Entries are unlike that are further apart, relative to the largest of their array."""


class Separation:
    """The mistakes of the catalogue in one case, whose equations may give other arrays there.

    A mistake may be made in several ways, such as the winners of one channel or of another one.
    Whoever makes it fails a case at which every way gives another array. A way that cannot be
    followed, because it reads an entry that is not there, is none.
    """

    def __init__(self, due: Due) -> None:
        """Take the case."""
        derivation = due.problem.derivation
        given = {t.name: np.array(due.value(t), dtype=object) for t in derivation.network.given}
        numbers = {name: floats(entries) for name, entries in given.items()}
        self._formulas = Formulas(due.problem)
        self._evaluation = Evaluation(Stages(derivation), numbers)
        self._ends = _ends(due)

    def of(self, tensor: Tensor) -> dict[Mistake, bool]:
        """Return the mistakes that give another array for a tensor, and whether in every way.

        Those in what is computed on the way to it count as well, such as a mean.
        """
        found, passed = dict[str, Mistake](), set[str]()
        due = self._evaluation.due(tensor).value
        for mistake, array in self._arrays(tensor):
            if _are_alike(array, due):
                passed.add(mistake.name)
            else:
                found.setdefault(mistake.name, mistake)
        return {mistake: name not in passed for name, mistake in found.items()}

    def _arrays(self, tensor: Tensor) -> Iterator[tuple[Mistake, Array]]:
        """Run over what mistakes make of a tensor."""
        for made in (*self._between(tensor), tensor):
            for mistake, equations in wrong_equations(self._formulas, made):
                found = self._evaluation.otherwise(tensor, {made.base: equations})
                if found is not None and np.all(np.isfinite(found.value)):
                    yield mistake, found.value

    def _between(self, tensor: Tensor) -> Iterator[Tensor]:
        """Run over what is computed on the way to a tensor, in the same pass."""
        known = self._formulas
        role = "auxiliary" if tensor.role == "hidden" else "adjoint"
        inner = (t for t in known.tensors.values() if t.role == role and t.base not in self._ends)
        for made in inner:
            if any(known.depends(equation, made) for equation in known.equations(tensor)):
                yield made


def _ends(due: Due) -> set[IndexedBase]:
    """Return what is compared by itself, or given: all error signals but intermediate ones."""
    specimen, adjoints = due.specimen, due.problem.derivation.adjoints
    own = (*specimen.inputs.values(), *specimen.parameters.values(), specimen.output)
    return {adjoints[t.name].base for t in own if t.name in adjoints}


def _are_alike(one: Array, other: Array) -> bool:
    size = float(np.max(np.abs(other), initial=1.0))
    return bool(np.max(np.abs(one - other), initial=0.0) <= _APART * size)


_POSITIONS: Mapping[int, tuple[str, ...]] = {
    0: (),
    1: ("position",),
    2: ("row", "column"),
    3: ("depth", "row", "column"),
}
"""What runs over positions, by the number of axes that do."""

_SAMPLE, _FEATURE = "sample", "feature"


def axes_of(specimen: Specimen, tensor: Tensor) -> tuple[str, ...]:
    """Return what is counted along the axes of a tensor of a layer."""
    own = {t.name: name for name, t in (*specimen.parameters.items(), *specimen.givens.items())}
    if tensor.name not in own or tensor.batched:
        return _names(tensor)
    if own[tensor.name] in type(specimen.layer).kernels:
        positions = (f"kernel {axis}" for axis in _POSITIONS[len(tensor.shape) - 2])
        return (*positions, INPUT_CHANNEL, FILTER)
    said = type(specimen.layer).parameter_axes.get(own[tensor.name])
    return said or _by_letters(specimen, tensor)


def _names(tensor: Tensor) -> tuple[str, ...]:
    """Return the names for an input or an output: they follow from the number of axes."""
    count = len(tensor.shape) - tensor.batched
    samples = (_SAMPLE,) * tensor.batched
    if count == 1:
        return (*samples, _FEATURE)
    if count - 1 in _POSITIONS:
        return (*samples, *_POSITIONS[count - 1], CHANNEL)
    return (*samples, *(f"axis {number}" for number in range(1, count + 1)))


def _by_letters(specimen: Specimen, tensor: Tensor) -> tuple[str, ...]:
    """Return the names for a parameter: it shares the letters of its axes with input or output."""
    output, *inputs = specimen.output, *specimen.inputs.values()
    made = dict(zip(output.axes, _names(output), strict=True))
    read = {letter: n for x in inputs for letter, n in zip(x.axes, _names(x), strict=True)}
    known = {letter: read.get(letter) or made.get(letter) for letter in tensor.axes}
    names = list(known.values())

    def called(letter: str, name: str | None, number: int) -> str:
        if name is None:
            return "index" if specimen.layer.takes_indices else f"axis {number}"
        side = "input" if letter in read else "output"
        return f"{side} {name}" if names.count(name) > 1 else name

    return tuple(called(*pair, number) for number, pair in enumerate(known.items(), 1))


_TIES, _KINKS = "ties", "kinks"


def vectors(
    layer: Layer | type[Layer],
    *,
    input_shape: Shape | None = None,
    layout: str = "NHWC",
    kernel_layout: str | None = None,
) -> Vectors:
    """Return small exact cases of a layer, y = f(x, w) with dL/dx and dL/dw for a given dL/dy.

    They are for tests of implementations in any language. Numbers are chosen so that every result
    is a binary fraction that float64 holds; where a function makes that impossible, results are
    decimals of 20 certain digits. Each case lists the mistakes of the catalogue that give other
    arrays there.

    Args:
        layer: A class, which is tried at several settings, or a layer with settings of its own.
        input_shape: The shape of the input of one sample, (height, width, channels); by default
            small ones are tried. It is for a layer with settings of its own.
        layout: The order of the axes of images, "NHWC" or "NCHW"; sequences and volumes follow.
        kernel_layout: That of kernels, such as "OIHW"; by default "HWIO".

    Raises:
        SymcnnError: If it is no layer, fits no input that is tried, or a layout is unknown.

    >>> import symcnn as sc
    >>> made = sc.vectors(sc.MaxPool2D(2))
    >>> case = made.cases[0]
    >>> case.gradients["x"].axes
    ('sample', 'row', 'column', 'channel')
    >>> [mistake.name for mistake in case.mistakes][:2]
    ['mean instead of maximum', 'stride ignored']
    """
    layout_of(layout, kernel_layout)
    sentences, cases = dict[str, str](), list[VectorCase]()
    kind = layer if isinstance(layer, type) else type(layer)
    for one, found in _cases(specimens(layer, input_shape)):
        separated = _separated(one)
        sentences |= {m.name: m.explanation.replace("$", "") for m in separated}
        cases.append(_case(len(cases) + 1, one, found, separated))
    kernel = "HWIO" if kind.kernels else ""
    made = Vectors(type_name(kind), "NHWC", kernel, sentences, tuple(cases))
    return made.placed(layout, kernel_layout)


def _cases(found: Sequence[Specimen]) -> Iterator[tuple[Due, tuple[str, ...]]]:
    """Run over specimens with their numbers, and with equal numbers where these decide."""
    for number, specimen in enumerate(found):
        yield due(specimen, type(specimen.layer).__name__, number), ()
        if number == 1 or _TIES in specimen.chosen:
            other = tied(specimen, type(specimen.layer).__name__, number, _TIES)
            if other is not None and (decided := _decided(other)):
                yield other, decided


def _decided(due: Due) -> tuple[str, ...]:
    """Say what decides a derivative at equal numbers."""
    floats = due.evaluation.rounded()
    kinds = {_TIES: near_ties(due.problem, floats), _KINKS: near_kinks(due.problem, floats)}
    return tuple(name for name, found in kinds.items() if any(True for _ in found))


def _separated(due: Due) -> dict[Mistake, tuple[tuple[str, ...], bool]]:
    """Return the mistakes, the arrays that they show in, and whether every way of them does."""
    separation, found = Separation(due), dict[Mistake, tuple[tuple[str, ...], bool]]()
    for name, tensor in _compared(due):
        for mistake, every_way in separation.of(tensor).items():
            shown, always = found.get(mistake, ((), True))
            found[mistake] = ((*shown, name), always and every_way)
    return found


def _compared(due: Due) -> Iterator[tuple[str, Tensor]]:
    """Run over what an implementation returns, with what it is called."""
    specimen, adjoints = due.specimen, due.problem.derivation.adjoints
    yield "y", specimen.output
    for name, tensor in (*specimen.inputs.items(), *specimen.parameters.items()):
        if tensor.name in adjoints and due.slope(tensor) is not None:
            yield f"gradient of {name}", adjoints[tensor.name]


def _case(
    number: int,
    due: Due,
    found: Sequence[str],
    separated: Mapping[Mistake, tuple[tuple[str, ...], bool]],
) -> VectorCase:
    specimen = due.specimen
    read = {**specimen.inputs, **specimen.parameters, **specimen.givens}

    def array(tensor: Tensor, numbers: Sequence[Expr]) -> VectorArray:
        sizes = tuple(map(int, tensor.shape))
        return written(axes_of(specimen, tensor), sizes, list(map(sympify, numbers)))

    slopes = {n: (t, due.slope(t)) for n, t in read.items()}
    inputs = {name: array(tensor, due.value(tensor)) for name, tensor in read.items()}
    signal = array(specimen.output, due.slope(specimen.output) or ())
    outputs = {"y": array(specimen.output, due.value(specimen.output))}
    gradients = {n: array(t, slope) for n, (t, slope) in slopes.items() if slope is not None}
    return VectorCase(
        number,
        repr(specimen.layer),
        settings_of(specimen),
        (*covered(specimen), *found),
        due.is_exact,
        inputs,
        signal,
        outputs,
        gradients,
        tuple(Separated(m.name, shown, always) for m, (shown, always) in separated.items()),
    )
