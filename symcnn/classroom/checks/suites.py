"""Suites: files of courses, whose functions are found by their names and checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any, ClassVar, Literal

import numpy as np
from sympy import Expr, Integer

from symcnn.classroom.checks.code.of_file import Adapter, FileFunction, PythonFile, python_file
from symcnn.classroom.checks.judging import check_backward, check_forward
from symcnn.classroom.checks.verdict import Verdict, strict
from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import relu
from symcnn.equations.notation import Shape
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers import (
    AvgPool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    GroupNorm,
    LayerNorm,
    MaxPool2D,
    ReLU,
)
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.layer import Layer
from symcnn.network.losses import Loss, SoftmaxCrossEntropy
from symcnn.network.losses.loss import Reduced

Kind = Literal["backward", "forward"]
Subject = Callable[[], Layer | Loss]
"""Makes what a function is checked with."""


@dataclass(frozen=True)
class Entry:
    """A function of a course, and what it computes.

    Attributes:
        name: What the course calls the function.
        subjects: Each makes a layer, or a loss, that it is checked with.
        kind: What it returns: gradients, or the output of a layer.
        title: What is added to its name, where a course has it do several things.
        cache: The function that returns what a backward pass is given besides the error signal.
        layout: The order of the axes of images.
        kernel_layout: That of kernels, or of the matrices of dense layers.
        keywords: The arguments that are always passed.
        adapter: Makes a function of it that is called in the usual way, if it is not.
    """

    name: str
    subjects: Sequence[Subject]
    kind: Kind = "backward"
    title: str = ""
    cache: str = ""
    layout: str = "NHWC"
    kernel_layout: str | None = None
    keywords: Mapping[str, Any] = field(default_factory=dict)
    adapter: Adapter | None = None

    @property
    def label(self) -> str:
        """The name, with what is added to it."""
        return f"{self.name} ({self.title})" if self.title else self.name


@dataclass(frozen=True)
class Suite:
    """The functions of a course."""

    name: str
    about: str
    entries: Sequence[Entry]

    @property
    def names(self) -> tuple[str, ...]:
        """What the functions are called, each once."""
        return tuple(dict.fromkeys(entry.name for entry in self.entries))

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of what is checked, with what is added to them."""
        return tuple(entry.label for entry in self.entries)


@dataclass(frozen=True)
class MulticlassHinge(Reduced):
    """The loss of a support vector machine of several classes, of which one is right.

        s = sum over k of t[k] y[k]
        L = sum over k of (1 - t[k]) max(0, 1 + y[k] - s)

    The target is 1 at the right class and 0 elsewhere, so that s is the score of the right class.
    """

    called: ClassVar[str] = "hinge loss of several classes"

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the score of the right class."""
        return {"score": Auxiliary((1,), "s", "i", noun="score of the right class")}

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the score of the right class, and the margins that are missed."""
        assert given is not None
        t, read, score = given[y.indices], y[y.indices], auxiliaries["score"][0]
        margin = relu(1 + read - score)
        return define(score, t * read), define(loss[0], (Integer(1) - t) * margin)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no labels."""
        rows = np.asarray(given, dtype=float).reshape(-1, int(shape[-1]))
        if not (np.isin(rows, (0.0, 1.0)).all() and (rows.sum(axis=1) == 1).all()):
            raise SymcnnError("a target is no label: give 1 for the right class, and 0 elsewhere")


Array = np.ndarray[Any, Any]
Function = Callable[..., Any]

_DRAWS = ("rand", "random", "random_sample", "uniform")


def with_mask(kept: float) -> Callable[[Function], Function]:
    """Make a forward pass of dropout, which draws its mask, one that is given the mask.

    The numbers that it draws are below the probability of keeping an entry where the mask is 1.

    Args:
        kept: That probability, the setting p of the course.
    """

    def adapted(function: Function) -> Function:
        def forward(x: Array, mask: Array) -> Any:
            with _drawing(np.where(mask > 0, kept / 2, (1 + kept) / 2), mask):
                return function(x, {"p": kept, "mode": "train", "seed": 1})

        return forward

    return adapted


@contextmanager
def _drawing(numbers: Array, mask: Array) -> Iterator[None]:
    """Let NumPy draw these numbers from 0 to 1, and this mask where it draws zeros and ones."""
    drawn = {**dict.fromkeys(_DRAWS, numbers), "binomial": mask}
    own = {name: getattr(np.random, name) for name in drawn}
    for name, array in drawn.items():
        setattr(np.random, name, partial(_copy, array))
    try:
        yield
    finally:
        for name, function in own.items():
            setattr(np.random, name, function)


def _copy(array: Array, *_: Any, **__: Any) -> Array:
    return array.copy()


_DROPPED = Decimal("0.25")
_DROPOUT = partial(Dropout, _DROPPED)

_BATCH_NORM = (partial(BatchNorm, mode="training"), partial(BatchNorm, 0.25, mode="training"))


def _passes(forward: str, backward: str, *subjects: Subject, **how: Any) -> tuple[Entry, Entry]:
    """Return a forward pass, and the backward pass that takes its cache."""
    return (
        Entry(forward, subjects, "forward", **how),
        Entry(backward, subjects, cache=forward, **how),
    )


def _pools(mode: str, pool: Callable[..., Layer]) -> tuple[Entry, Entry]:
    subjects = (partial(pool, size, stride=stride) for size, stride in ((3, 2), (2, 1), (2, 3)))
    return _passes("pool_forward", "pool_backward", *subjects, title=mode, keywords={"mode": mode})


CS231N = Suite(
    "cs231n",
    "CS231n",
    (
        *_passes("affine_forward", "affine_backward", partial(Dense, 3), kernel_layout="IO"),
        *_passes("relu_forward", "relu_backward", ReLU),
        Entry("softmax_loss", (SoftmaxCrossEntropy,)),
        Entry("svm_loss", (MulticlassHinge,)),
        *_passes("batchnorm_forward", "batchnorm_backward", *_BATCH_NORM),
        Entry("batchnorm_backward_alt", _BATCH_NORM, cache="batchnorm_forward"),
        *_passes(
            "layernorm_forward", "layernorm_backward", LayerNorm, partial(LayerNorm, epsilon=0.25)
        ),
        Entry("dropout_forward", (_DROPOUT,), "forward", adapter=with_mask(float(1 - _DROPPED))),
        Entry("dropout_backward", (_DROPOUT,), cache="dropout_forward"),
        *_passes(
            "conv_forward_naive",
            "conv_backward_naive",
            partial(Conv2D, 3, (3, 2), stride=2, padding=1),
            partial(Conv2D, 2, 3),
            partial(Conv2D, 2, (2, 3), stride=3, padding=2),
            layout="NCHW",
        ),
        *_passes(
            "max_pool_forward_naive",
            "max_pool_backward_naive",
            partial(MaxPool2D, (3, 2), stride=2),
            partial(MaxPool2D, 2, stride=1),
            partial(MaxPool2D, (2, 3), stride=3),
            layout="NCHW",
        ),
        *_passes(
            "spatial_batchnorm_forward", "spatial_batchnorm_backward", *_BATCH_NORM, layout="NCHW"
        ),
        *_passes(
            "spatial_groupnorm_forward",
            "spatial_groupnorm_backward",
            partial(GroupNorm, 2),
            partial(GroupNorm, 3, epsilon=0.25),
            layout="NCHW",
        ),
    ),
)
"""The functions of ``layers.py`` of the assignments, with channels first."""

COURSERA = Suite(
    "coursera",
    "Coursera's course on convolutional networks",
    (
        *_passes(
            "conv_forward",
            "conv_backward",
            partial(Conv2D, 3, 3, stride=2, padding=1),
            partial(Conv2D, 2, 2),
            partial(Conv2D, 2, 3, stride=3, padding=2),
        ),
        *_pools("max", MaxPool2D),
        *_pools("average", AvgPool2D),
    ),
)
"""The functions of the assignments, with channels last."""

SUITES: Mapping[str, Suite] = {suite.name: suite for suite in (CS231N, COURSERA)}

_WIDTH = 100
_ABSENT = "There is no function of this name."


@dataclass(frozen=True)
class Checked:
    """A function of a suite, checked.

    Attributes:
        name: What the course calls it, with what is added to it.
        verdict: The verdict on it; None if it cannot be called.
        reason: Why it cannot be called.
    """

    name: str
    verdict: Verdict | None
    reason: str = ""

    def __bool__(self) -> bool:
        """Whether it is right."""
        return bool(self.verdict)

    @property
    def word(self) -> str:
        """The verdicts on what it returns, and the mistakes that are named."""
        if self.verdict is None:
            return f"not checked: {self.reason}"
        words = dict.fromkeys(f.verdict for f in self.verdict.findings if f.verdict != "right")
        mistakes = dict.fromkeys(f.mistake for f in self.verdict.findings if f.mistake)
        named = f": {', '.join(mistakes)}" if mistakes else ""
        return f"{', '.join(words)}{named}" if words else "right"

    @property
    def failure(self) -> str:
        """Why it returned nothing that could be judged, in a sentence; "" if it did."""
        findings = () if self.verdict is None else self.verdict.findings
        said = {f.explanation.partition("\n")[0] for f in findings if f.verdict == "crashed"}
        is_all = all(f.verdict == "crashed" for f in findings)
        return said.pop() if is_all and len(said) == 1 else ""

    def to_text(self) -> str:
        """Return what is not right; of a function that fails always alike, in what way."""
        if self.verdict is None or self:
            return ""
        if self.failure:
            return f"{self.name}\n{_wrapped(f'  {self.failure}')}"
        return self.verdict.to_text().rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        if self.verdict is None:
            return {"right": False, "reason": self.reason}
        return dict(strict(self.verdict.to_dict()))


@dataclass(frozen=True)
class SuiteVerdict:
    """The verdicts on the functions of a file; it is true if all of them are right."""

    title: str
    checked: Sequence[Checked]
    missing: Sequence[str]

    def __bool__(self) -> bool:
        """Whether every function that was found is right."""
        return all(self.checked)

    @property
    def verdicts(self) -> Mapping[str, Verdict | str]:
        """The verdicts by the names of functions; of one that was not checked, why it was not."""
        found = {c.name: c.reason if c.verdict is None else c.verdict for c in self.checked}
        return {**found, **dict.fromkeys(self.missing, _ABSENT)}

    def to_text(self) -> str:
        """Return a line for each function, and what is not right with it."""
        width = max(len(checked.name) for checked in self.checked)
        lines = [_wrapped(f"  {c.name:{width}}  {c.word}", width + 4) for c in self.checked]
        absent = f"Not found: {', '.join(self.missing)}." if self.missing else ""
        told = [checked.to_text() for checked in self.checked]
        parts = [self.title, "\n".join(lines), *told, _wrapped(absent)]
        return "\n\n".join(filter(None, parts)) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return {
            "title": self.title,
            "right": bool(self),
            "functions": {checked.name: checked.to_dict() for checked in self.checked},
            "not_found": list(self.missing),
        }

    def to_json(self) -> str:
        """Return the verdicts as JSON, by the names of the functions."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)


def _wrapped(text: str, indent: int = 2) -> str:
    return fill(text, _WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)


Progress = Callable[[int, int], None]
"""Is told how many functions are checked, and of how many."""


def check_file(
    path: Path | str,
    suite: str,
    *,
    only: Iterable[str] | None = None,
    seconds: float = 10.0,
    progress: Progress | None = None,
) -> SuiteVerdict:
    """Check the functions of a file that a course asks for, found by their names.

    Args:
        path: A Python file. It is loaded only in the processes in which its functions run.
        suite: The course: ``cs231n`` or ``coursera``.
        only: The functions that are checked, if not all of the course: their names, or one of
            several things that a function does, such as ``pool_backward (max)``.
        seconds: The time for each function.
        progress: Is told how far it is.

    Raises:
        SymcnnError: If there is no such suite or function, the file cannot be loaded, or it has
            none of the functions.
    """
    chosen, file = _restricted(suite, only), python_file(Path(path), seconds)
    found = [entry for entry in chosen.entries if entry.name in file.functions]
    if not found:
        none = f"no function of the suite {suite} is there: {known('', chosen.names)}"
        raise SymcnnError(none).at(str(path))
    checked = []
    for number, entry in enumerate(found):
        if progress is not None:
            progress(number, len(found))
        checked.append(_checked(file, entry, seconds))
    right, of = sum(map(bool, checked)), len(checked)
    title = f"{Path(path).name}: {right} of {of} functions of {chosen.about} right."
    missing = [entry.label for entry in chosen.entries if entry.name not in file.functions]
    return SuiteVerdict(title, checked, missing)


def _restricted(name: str, only: Iterable[str] | None) -> Suite:
    if name not in SUITES:
        raise SymcnnError(f"there is no suite {shown(name)}: {known(name, [*SUITES])}")
    suite = SUITES[name]
    if only is None:
        return suite
    asked = tuple(only)
    for one in asked:
        if one not in (*suite.names, *suite.labels):
            none = f"there is no function {shown(one)} in the suite {name}"
            raise SymcnnError(f"{none}: {known(one, suite.labels)}")
    return replace(suite, entries=[e for e in suite.entries if {e.name, e.label} & {*asked}])


def _checked(file: PythonFile, entry: Entry, seconds: float) -> Checked:
    if entry.cache and entry.cache not in file.functions:
        return Checked(entry.label, None, f"it needs {entry.cache}, which is not there")
    try:
        verdict = check_entry(file, entry, seconds)
    except SymcnnError as error:
        return Checked(entry.label, None, str(error))
    return Checked(entry.label, replace(verdict, title=entry.label))


def check_entry(file: PythonFile, entry: Entry, seconds: float) -> Verdict:
    """Return the verdict on a function: the first that is not right, at several settings."""
    check: Any = partial(check_backward, ties=False) if entry.kind == "backward" else check_forward
    function: Any = _function(file, entry)
    if entry.cache:
        function = (_function(file, _returning_cache(entry)), function)
    stated = {"layout": entry.layout, "kernel_layout": entry.kernel_layout, "seconds": seconds}
    verdicts: Iterator[Verdict] = (check(function, make(), **stated) for make in entry.subjects)
    made = []
    for verdict in verdicts:
        made.append(verdict)
        if not verdict:
            return verdict
    return replace(made[0], cases=[case for one in made for case in one.cases])


def _returning_cache(entry: Entry) -> Entry:
    """Return the entry of the forward pass whose cache a backward pass takes."""
    both = (e for suite in SUITES.values() if entry in suite.entries for e in suite.entries)
    return next(e for e in both if (e.name, e.title) == (entry.cache, entry.title))


def _function(file: PythonFile, entry: Entry) -> FileFunction:
    found = file.function(entry.name)
    return replace(found, keywords=entry.keywords, adapter=entry.adapter)
