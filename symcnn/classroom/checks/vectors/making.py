"""From a layer to its test vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sympy import Expr, sympify

from symcnn.classroom.checks.vectors.arrays import VectorArray, written
from symcnn.classroom.checks.vectors.axes import axes_of
from symcnn.classroom.checks.vectors.cases import Separated, VectorCase, Vectors
from symcnn.classroom.checks.vectors.coverage import covered, settings_of
from symcnn.classroom.checks.vectors.due import Due, due, tied
from symcnn.classroom.checks.vectors.layouts import layout_of
from symcnn.classroom.checks.vectors.separation import Separation
from symcnn.classroom.checks.vectors.specimens import Specimen, specimens
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.network.layers import Layer
from symcnn.problems.catalog import type_name
from symcnn.problems.evaluation import near_kinks, near_ties

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
