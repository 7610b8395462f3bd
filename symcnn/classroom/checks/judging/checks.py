"""Gradients and outputs that a function returns, checked against the equations of a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sympy import Integer

from symcnn.classroom.checks.code.arguments import Names
from symcnn.classroom.checks.code.callee import Callee, Outcome
from symcnn.classroom.checks.judging.cases import Sizes, Tried, of_layers, of_losses, of_networks
from symcnn.classroom.checks.judging.findings import Judge
from symcnn.classroom.checks.judging.memory import Stored
from symcnn.classroom.checks.judging.other_shapes import has_other_axes
from symcnn.classroom.checks.judging.presentation import Layouts
from symcnn.classroom.checks.judging.running import Smaller, Stated, called, wanted
from symcnn.classroom.checks.judging.trial import SEVERAL_AXES, TARGET, Trial
from symcnn.classroom.checks.verdict import Finding, Verdict
from symcnn.equations.sizes import positive_integer
from symcnn.errors import SymcnnError, expect
from symcnn.network.layers.declarations import checked_shape
from symcnn.network.layers.layer import Layer
from symcnn.network.losses import Loss
from symcnn.network.network import Network

_READ = (
    "The target is passed as labels, the number of the class of each sample, which is 1 in the "
    "target: the function fails on the target itself."
)


def run(function: object, tried: Tried, asked: Stated) -> tuple[Callee, Tried, list[Outcome]]:
    """Run a function on its trials, on labels where it fails on the first target.

    Labels are the numbers of classes: [2, 0] stands for t = [[0, 0, 1], [1, 0, 0]].
    """
    callee = called(function, tried, asked)
    outcomes = [*callee.run([trial.call for trial in tried.trials])]
    if not _fails(tried.trials[0], outcomes[0]) or not all(map(_has_classes, tried.trials)):
        return callee, tried, outcomes
    labelled = replace(tried, trials=[replace(trial, labels=True) for trial in tried.trials])
    other = called(function, labelled, asked)
    found = [*other.run([trial.call for trial in labelled.trials])]
    if _fails(labelled.trials[0], found[0]):
        return callee, tried, outcomes
    other.notes = (*other.notes, _READ)
    return other, labelled, found


def _fails(trial: Trial, outcome: Outcome) -> bool:
    """Tell whether a call raised an exception, or returned an array of another shape."""
    due = ((name, trial.due(name).value.shape) for name in outcome.arrays)
    return bool(outcome.failure) or any(outcome.arrays[n].shape != shape for n, shape in due)


def _has_classes(trial: Trial) -> bool:
    """Tell whether the loss takes a target that is 1 at one class and 0 at the others."""
    network = trial.subject.network
    target = network.target
    if target is None or TARGET not in trial.subject.given or len(target.shape) < 2:
        return False
    *rows, classes = (int(n) for n in target.shape)
    first = [Integer(number == 0) for number in range(classes)]
    try:
        network.loss.check(first * (int(target.size) // classes), target.shape)
    except SymcnnError:
        return False
    return bool(rows) and classes > 1


_READING = (
    "Indices count from 0. A line is carried out for all values of the indices on its left, and "
    "indices outside of an array are skipped. Shapes of inputs are those of the layer, with the "
    "channels last."
)

_ROUTING = "routing[...] is 1 for the entry of a window that is its maximum, and 0 for the others."

_TITLES = {
    "backward": "Backward pass of {}",
    "forward": "Forward pass of {}",
    "gradients": "Gradients of a network of {}",
}


def check_backward(
    function: Callable[..., Any],
    layer: Layer | type[Layer] | Loss,
    *,
    input_shape: Sequence[int] | None = None,
    batch: int = 2,
    layout: str = "NHWC",
    kernel_layout: str | None = None,
    arguments: Names = None,
    returns: Names = None,
    ties: bool = True,
    seconds: float = 10,
) -> Verdict:
    """Check the derivatives of the loss that a backward pass of a layer returns.

        dx = dL/dx,  dw = dL/dw,  db = dL/db      from      dout = dL/dy

    The function is run on a few small arrays that tell mistakes apart. What is due follows from the
    equations of the layer. An array is right if it is within a bound of the rounding errors, by
    running error analysis of these equations in the type of the array; a mistake is named if its
    equations reproduce the array at several sizes.

    Args:
        function: Anything callable on arrays, such as ``backward(dout, x, w, b)``, or a pair of a
            forward pass, which returns the output and a cache, and a backward pass.
        layer: The layer with its settings; or its class, if the function takes the settings; or a
            loss, of which the function returns the gradient with respect to the outputs:
            ``gradient(prediction, target)``, alone or behind the loss itself. Where it fails on a
            target that is 1 at one class, it is passed labels: the number of each sample's class.
        input_shape: The shape of one sample, channels last, if the function takes no other.
        batch: The number of samples of most arrays; with an input shape, of all.
        layout: The layout of the function's images, "NHWC" or "NCHW".
        kernel_layout: That of its kernels, "HWIO" or "OIHW"; by default it follows ``layout``.
        arguments: What the function takes, by name; by default it is guessed from the signature.
        returns: What it returns, likewise.
        ties: Whether maxima are tied in some arrays; any of them may receive the error signal.
        seconds: The time after which the function is stopped.

    Raises:
        SymcnnError: If the layer does not take the shape, or the arguments cannot be guessed.
    """
    asked = Stated(layout, kernel_layout, arguments, returns, seconds)
    sizes = replace(_sizes(input_shape, batch, layout), ties=ties)
    if isinstance(layer, Loss):
        verdict = _verdict(function, of_losses(layer, "backward", sizes), asked)
        return replace(verdict, title=f"Gradient of {layer!r}")
    return _verdict(function, of_layers(_layer(layer), "backward", sizes, function), asked)


def check_forward(
    function: Callable[..., Any],
    layer: Layer | type[Layer] | Loss,
    *,
    input_shape: Sequence[int] | None = None,
    batch: int = 2,
    layout: str = "NHWC",
    kernel_layout: str | None = None,
    arguments: Names = None,
    returns: Names = None,
    seconds: float = 10,
) -> Verdict:
    """Check the output y that a forward pass of a layer returns, or the number L of a loss.

    The arguments, and how the output is judged, are those of ``check_backward``. If the forward
    pass of a normalisation returns y and statistics, such as ``y, mean, var`` or ``y, save_mean,
    save_invstd``, the mean and the variance are compared too: they are found by these names. A
    cache, and running statistics, are not.

    Args:
        function: Anything callable on arrays, such as ``forward(x, w, b)``.
        layer: The layer with its settings; or its class, if the function takes the settings; or a
            loss, which the function returns: ``loss(prediction, target)``.
        input_shape: The shape of one sample, channels last, if the function takes no other.
        batch: The number of samples of most arrays; with an input shape, of all.
        layout: The layout of the function's images, "NHWC" or "NCHW".
        kernel_layout: That of its kernels, "HWIO" or "OIHW"; by default it follows ``layout``.
        arguments: What the function takes, by name; by default it is guessed from the signature.
        returns: What it returns, likewise.
        seconds: The time after which the function is stopped.

    Raises:
        SymcnnError: If the layer does not take the shape, or the arguments cannot be guessed.
    """
    asked = Stated(layout, kernel_layout, arguments, returns, seconds)
    sizes = _sizes(input_shape, batch, layout)
    if isinstance(layer, Loss):
        verdict = _verdict(function, of_losses(layer, "forward", sizes), asked)
        return replace(verdict, title=f"Value of {layer!r}")
    return _verdict(function, of_layers(_layer(layer), "forward", sizes, function), asked)


def check_gradients(
    function: Callable[..., Any],
    network: Network,
    *,
    layout: str = "NHWC",
    kernel_layout: str | None = None,
    arguments: Names = None,
    returns: Names = None,
    seconds: float = 10,
) -> Verdict:
    """Check the derivatives of the loss with respect to every parameter of a network.

    The function takes the parameters, the input and the target, and returns a derivative for each
    parameter, as a tuple in their order or as a dict by their names; how they are judged is told
    under ``check_backward``. If the network has no parameters, the function returns the derivative
    with respect to the input.

    Args:
        function: Anything callable on arrays, such as ``gradients(w, b, x, t)``.
        network: The network, with the loss and the number of samples.
        layout: The layout of the function's images, "NHWC" or "NCHW".
        kernel_layout: That of its kernels, "HWIO" or "OIHW"; by default it follows ``layout``.
        arguments: What the function takes, by name; by default it is guessed from the signature.
        returns: What it returns, likewise.
        seconds: The time after which the function is stopped.

    Raises:
        SymcnnError: If it is no network, or the arguments cannot be guessed.
    """
    expect(network, Network, "the network", "give Network(input_shape, layers, loss)")
    network.check_numbers()
    asked = Stated(layout, kernel_layout, arguments, returns, seconds)
    return _verdict(function, of_networks(network), asked)


def _layer(layer: Any) -> Layer | type[Layer]:
    if isinstance(layer, type) and issubclass(layer, Layer):
        return layer
    expect(layer, Layer, "the layer", "give a layer such as Conv2D(3, 2), or its class")
    return layer  # type: ignore[no-any-return]


def _sizes(shape: Sequence[int] | None, batch: int, layout: str) -> Sizes:
    positive_integer(batch, "batch")
    checked = None if shape is None else checked_shape([*shape], "input shape")
    return Sizes(None if checked is None else tuple(map(int, checked)), batch, layout != "NHWC")


@dataclass(frozen=True)
class _Judged:
    """What a function returned on samples with one number of axes, judged."""

    callee: Callee
    tried: Tried
    outcomes: Sequence[Outcome]
    judge: Judge

    @cached_property
    def findings(self) -> dict[str, Finding]:
        return {name: finding for name, (finding, _) in self._all.items()}

    @property
    def notes(self) -> list[str]:
        return [note for _, notes in self._all.values() for note in notes]

    @cached_property
    def _all(self) -> dict[str, tuple[Finding, Sequence[str]]]:
        return {name: self.judge.finding(name) for name in self.judge.names}

    def unfit(self, usual: int) -> str:
        """Return why the function is not made for samples with so many axes; "" if it is.

        Args:
            usual: The number of axes of a sample for which it is right.
        """
        pairs = [*zip(self.tried.trials, self.outcomes, strict=True)]
        if failure := next((outcome.failure for outcome in self.outcomes if outcome.failure), ""):
            return failure
        if any(_fails(*pair) for pair in pairs):
            return "An array that the function returns there has another shape."
        even = replace(self.tried.trials[0], constant="parameter")
        if self.judge.finds_nothing:
            return ""
        (outcome,) = self.callee.run([even.call])
        if has_other_axes(even, outcome, usual):
            return "The function takes another axis for that of the channels."
        return ""

    def stored(self) -> Stored:
        """Return the same function on a few arrays that are not contiguous."""
        usual = [t for t in self.tried.trials if not (t.tied or t.is_smallest)]
        first = usual[0].varied
        trial = min(usual, key=lambda t: (t.varied != first, t.batch == 1, t.entries))
        titles = {name: self.judge.title(name) for name in self.judge.names}
        return Stored(self.callee, trial, titles, self.judge.layouts)


def _judged(function: Any, tried: Tried, asked: Stated, right: Sequence[Trial] = ()) -> _Judged:
    """Run a function on trials, and judge what it returns."""
    callee, tried, outcomes = run(function, tried, asked)
    smaller = Smaller(callee, tried.trials, tried.sizes)
    names, layouts = wanted(function, tried, asked), Layouts(asked.layout, asked.kernel_layout)
    judge = Judge(names, tried.trials, outcomes, smaller, layouts, right)
    return _Judged(callee, tried, outcomes, judge)


_NOT_JUDGED = "Inputs with several axes, such as {}, are left out. {}"


def _verdict(function: Any, tried: Tried, asked: Stated) -> Verdict:
    """Judge a function; one that is right is tried on other numbers of axes and other memory."""
    first = _judged(function, tried, asked)
    made, unfit = [first], list[str]()
    for other in first.tried.of_other_axes():
        if not made[-1].judge.finds_nothing:
            break
        more = _judged(function, other, asked, first.tried.trials)
        why = more.unfit(len(tried.trials[0].subject.network.input_shape))
        if not why:
            made.append(more)
        elif other.trials[0].traits[SEVERAL_AXES]:
            shape = other.trials[0].subject.network.input_shape
            unfit.append(_NOT_JUDGED.format(shape, why))
    cases = [str(trial) for judged in made for trial in judged.tried.trials]
    stored = [judged.stored() for judged in made if made[-1].judge.finds_nothing]
    found = [judged.findings for judged in made] + [one.findings for one in stored]
    findings = [_first_wrong(name, found) for name in first.findings]
    notes = [*first.callee.notes, *(note for judged in made for note in judged.notes), *unfit[:1]]
    notes += [note for one in stored for note in one.notes]
    if any("+=" in finding.explanation for finding in findings):
        notes.append(_READING)
    if any("routing[" in finding.explanation for finding in findings):
        notes.append(_ROUTING)
    notes += [remark for outcome in first.outcomes for remark in outcome.remarks]
    cases += [f"{one.trial}, not contiguous" for one in stored if one.callee.memory_ways]
    title = _TITLES[tried.trials[0].subject.kind].format(tried.title)
    return Verdict(title, findings, cases, [*dict.fromkeys(notes)])


def _first_wrong(name: str, found: Sequence[Mapping[str, Finding]]) -> Finding:
    """Return the first finding on an array that is not right, or that it is."""
    of_name = [findings[name] for findings in found if name in findings]
    return next((finding for finding in of_name if finding.verdict != "right"), of_name[0])
