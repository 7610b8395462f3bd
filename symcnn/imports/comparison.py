"""Comparing an imported network with its source: outputs, and all gradients of parameters.

The source is given random numbers in place of the derivatives of the loss with respect to the
output, so that the comparison does not depend on the loss. Differences are relative to the
largest number of the array at hand; a gradient that is 0 but for rounding, or far smaller than
others, is measured by a thousandth of the largest one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from symcnn.derivation import derive
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, UnverifiedError, fitted, shown
from symcnn.imports.assembling import STEPS, Imported, ImportOptions, Progress
from symcnn.imports.copies import Copies, copies_of, stored_in, warn
from symcnn.imports.graph import Graph, constants
from symcnn.imports.registering import registered_in
from symcnn.network.losses import Upstream
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.weights.origin import Part
from symcnn.programs.lambdify import lambdify

OUTPUTS, GRADIENTS = 1e-9, 1e-8
"""The largest relative differences that rounding explains."""

_NEGLIGIBLE = 1e-3

Source = Callable[[Array], tuple[Array, Mapping[str, Array]]]
"""Takes dL/dy and returns y and the gradients of the parameters, all in the source's layouts."""


@dataclass(frozen=True)
class ImportReport:
    """What the comparison of an imported network with its source found.

    Attributes:
        outputs: The largest relative difference of an output.
        gradients: That of each parameter's gradient, by its name in the source.
        uncompared: The parameters that the network uses in another form, so that they have no
            gradient of their own.
        numbers: How many numbers the parameters have.
        layers: How many layers there are.
        zeros: The parameters whose gradients are 0 on both sides, as before units that are never
            active; that they agree says little.
        copies: The parameters of which an entry is several weights of the network, with the
            tensors that these are in: training moves each on its own.
    """

    outputs: float
    gradients: Mapping[str, float] = field(default_factory=dict)
    uncompared: tuple[str, ...] = ()
    numbers: int = 0
    layers: int = 0
    zeros: tuple[str, ...] = ()
    copies: Copies = field(default_factory=dict)

    @property
    def largest(self) -> float:
        """The largest relative difference of a gradient."""
        return max(self.gradients.values(), default=0.0)

    def __str__(self) -> str:
        """Return a line for people."""
        slopes = f"those of {len(self.gradients)} gradients by {self.largest:.1e}"
        if self.zeros:
            slopes += f", of which {len(self.zeros)} are 0 on both sides"
        found = slopes if self.gradients else "it gives no gradients to compare"
        left = f"; not compared: {', '.join(self.uncompared)}" if self.uncompared else ""
        left += f"; several weights each: {', '.join(self.copies)}" if self.copies else ""
        return (
            f"{self.layers} layers, {self.numbers:,} parameters: outputs differ from the source "
            f"by at most {self.outputs:.1e}, {found} (relative){left}"
        )


def compared(imported: Imported, source: Source, progress: Progress) -> ImportReport:
    """Return how far a network and its source are apart.

    Args:
        imported: The network.
        source: What computes the same.
        progress: Is told which step of the import is done.

    Raises:
        UnverifiedError: If that is more than rounding.
    """
    progress(2, STEPS)
    network, given, upstream = _with_upstream(imported)
    program = lambdify(derive(network), results="training")
    progress(3, STEPS)
    with np.errstate(all="ignore"):  # what is not finite is refused
        made = program(given)
    progress(4, STEPS)
    output, gradients = source(upstream)
    check_output(output)
    _check_slopes(gradients)
    progress(5, STEPS)
    if imported.ends_with_loss:
        outputs = _difference(np.asarray(made.loss), output)
    else:
        theirs = imported.without_samples(imported.output.own(output))
        outputs = _difference(made.outputs[imported.output.layer], theirs)
    differences = _gradients(imported, made.gradients, gradients)
    report = ImportReport(
        outputs,
        differences,
        tuple(sorted(gradients.keys() - {t.constant.parameter for t in imported.taken})),
        sum(tensor.size for tensor in network.parameters),
        len(network.layers),
        tuple(name for name in differences if not gradients[name].any()),
        copies_of(imported),
    )
    named = ", ".join(registered_in(node.operator for node in imported.graph.nodes))
    remedy = f"check the layer of {named}" if named else "please report the module"
    _check(report, remedy, lambda: _difference(source(upstream)[0], output) > OUTPUTS)
    for name, difference in report.gradients.items():
        if not difference <= GRADIENTS:
            _refuse_computed(imported.graph, name)
            raise UnverifiedError(
                f"the gradient of {name} differs from the source by {difference:.1e}, more than "
                f"{GRADIENTS:.0e}: {remedy}"
            )
    return report


def check_output(output: Array) -> None:
    """Refuse an output that the source itself cannot compute.

    Raises:
        SymcnnError: If it is not finite.
    """
    if not np.isfinite(output).all():
        raise SymcnnError("the output is not finite, as after a division by 0: give another input")


def _check_slopes(gradients: Mapping[str, Array]) -> None:
    for name, slopes in gradients.items():
        if not np.isfinite(slopes).all():
            before, after = "the gradient of ", " is not finite at the example input, as of a root "
            raise SymcnnError(fitted(before, shown(name), f"{after}at 0: give another input"))


def _with_upstream(imported: Imported) -> tuple[Network, dict[str, Array], Array]:
    """Return the network with given derivatives of a loss, its numbers, and the derivatives.

    Where the source ends with a loss, that of the loss itself is 1.
    """
    problem = imported.problem
    if imported.ends_with_loss:
        return problem.network, dict(problem.values), np.ones(())
    network = replace(problem.network, loss=Upstream(), letters={})
    upstream = np.random.default_rng(0).normal(size=imported.output.stated)
    kept = {tensor.name for tensor in network.given}
    given = {name: row for name, row in problem.values.items() if name in kept}
    given["gradient"] = imported.without_samples(imported.output.own(upstream))
    return network, given, upstream


def verified(imported: Imported, source: Source, options: ImportOptions) -> Problem:
    """Return a problem that was compared with its source.

    Weights that are several here are warned of, and a report goes to whom it is for.
    """
    report = compared(imported, source, options.progress)
    warn(report.copies)
    if options.report is not None:
        options.report(report)
    return imported.problem


def _gradients(
    imported: Imported, own: Mapping[str, Array], theirs: Mapping[str, Array]
) -> dict[str, float]:
    """Compare the gradients of all parameters that have one."""
    largest = max((float(np.abs(array).max()) for array in theirs.values()), default=0.0)
    parts = {
        name: [part for part in stored.parts if part.tensor in own]
        for name, stored in stored_in(imported).items()
    }
    return {
        name: _difference(_gathered(of, own, array.size), array.ravel(), _NEGLIGIBLE * largest)
        for name, array in theirs.items()
        if (of := parts.get(name))
    }


def _gathered(parts: Sequence[Part], own: Mapping[str, Array], size: int) -> Array:
    """Return a gradient in the order of the source: entries that are used several times add up."""
    made = np.zeros(size)
    for part in parts:
        part.places.added(made, own[part.tensor])
    return made


def _difference(own: Array, theirs: Array, least: float = 0.0) -> float:
    scale = max(float(np.abs(theirs).max()), least)
    return float(np.abs(own - theirs).max()) / (scale or 1.0)


def _check(report: ImportReport, remedy: str, is_unsteady: Callable[[], bool]) -> None:
    """Refuse what rounding does not explain; nan is no number below a bound."""
    if not report.outputs <= OUTPUTS:
        if is_unsteady():
            raise SymcnnError(
                "the module gives other outputs for the same input: remove random numbers, and "
                "what it keeps from one call to the next"
            )
        raise UnverifiedError(
            f"outputs differ from the source by {report.outputs:.1e}, more than {OUTPUTS:.0e}: "
            f"{remedy}"
        )


def _refuse_computed(graph: Graph, name: str) -> None:
    """Refuse a parameter that is a weight, and of which other numbers are computed as well.

    Raises:
        SymcnnError: Names the operator that reads these.
    """
    for node in graph.nodes:
        if any(name in array.computed_of for array in constants(node.arguments.values())):
            node.refused(
                f"it reads numbers computed of {shown(name)}, which is also a weight itself",
                "detach them, .detach(), or compute them of another parameter",
            )
