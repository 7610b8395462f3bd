"""What every way through symcnn makes of random networks, and what is wrong with that.

    python -m tests.generated.walk_networks 2000         # that many networks
    python -m tests.generated.walk_networks 200 1000     # from a network on

The numbers are those of ``HighPrecision``, which has layers and losses of its own and measures
derivatives; where a loss has a kink those of PyTorch. A network is evaluated in floats and
exactly, explained in every format, read back by the stranger of ``outside``, and exported.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from random import Random
from time import process_time
from types import ModuleType
from typing import Any, Literal, NamedTuple

import mpmath
import numpy as np

import symcnn as sc
from symcnn.cli.results import Results, evaluated
from symcnn.document.document import Document
from symcnn.document.outline import Detail
from symcnn.network import losses
from symcnn.problems.write import problem_file
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from tests.generated.damaged import LONGEST, TooLong, limited
from tests.problems.evaluation.high_precision import DIGITS, HighPrecision
from tests.problems.evaluation.test_high_precision import is_rounded
from tests.programs.random_networks import tiny_example
from tests.readers import Known, Paper, judged

TERMS = 60
"""The most terms of a network's forward equations."""

SECONDS = 60
MANY_DIGITS = 5_000
"""Where a sigmoid of 2,000 stands behind a logarithm, hundreds of digits are those of 1."""

MEASURED = 4
"""The entries of a tensor whose derivatives are measured, if it has more."""

STATED = (
    r"is -?\d\S*, beyond the range of floating point \(1e308\): use smaller values or we"
    "|to be distinguished from it: use (smaller values or weights|a smaller learning rate)"
)
"""The limits that are stated: what floats do not hold is not printed as one, and 2,240 digits."""

LEVELS: tuple[Detail | Literal["weight"], ...] = ("full", "standard", "brief", "weight")
"""What networks are explained at in turn: in some detail, or with respect to one weight."""

RATE = Fraction(1, 8)

JAX_EVERY = 40
"""Compiling takes a second: one network of so many."""


def _scaled(factor: int) -> Callable[[str, np.ndarray, Random], np.ndarray]:
    return lambda name, array, drawn: array * factor


def _whole(name: str, array: np.ndarray, drawn: Random) -> np.ndarray:
    return np.rint(array * 2) + 0.0


def _tenths(name: str, array: np.ndarray, drawn: Random) -> np.ndarray:
    return np.rint(array * 10) / 10 + 0.0


def _pixels(name: str, array: np.ndarray, drawn: Random) -> np.ndarray:
    if name != "x":
        return _tenths(name, array, drawn)
    return np.array([float(drawn.randint(0, 255)) for _ in range(array.size)]).reshape(array.shape)


VARIANTS = {
    "ordinary": _scaled(1),
    "saturated": _scaled(40),
    "tied": _whole,
    "pixels": _pixels,
    "tenths": _tenths,
}
"""What is done to the numbers of a network, but not to its target."""


class Walked(NamedTuple):
    """A network with numbers of some kind."""

    number: int
    variant: str
    network: sc.Network
    values: dict[str, np.ndarray]

    def __str__(self) -> str:
        return f"network {self.number} ({self.variant})"

    @property
    def problem(self) -> sc.Problem:
        title = f"Network {self.number}"
        return sc.Problem(self.network, self.values, learning_rate=RATE, title=title)


def walked(number: int) -> Walked:
    """Draw a network and change its numbers."""
    variant = [*VARIANTS][number % len(VARIANTS)]
    network, given = tiny_example(100_000 + number, TERMS)
    drawn = Random(number)
    supplied = {t.name for t in network.given if t.role == "given"}
    values = {
        name: v if name in supplied else VARIANTS[variant](name, v, drawn)
        for name, v in given.items()
    }
    if network.target is not None:
        name = network.target.name
        values[name] = _certain(given[name]) if _is_certain(network, drawn) else given[name]
    return Walked(number, variant, network, values)


def _is_certain(network: sc.Network, drawn: Random) -> bool:
    """Choose some targets of probabilities that are 0 and 1 alone."""
    probable = losses.BinaryCrossEntropy | losses.CrossEntropy | losses.SoftmaxCrossEntropy
    return isinstance(network.loss, probable) and drawn.random() < 0.4


def _certain(target: np.ndarray) -> np.ndarray:
    return (target == target.max(-1, keepdims=True)).astype(float)


def by_torch(network: sc.Network, values: dict[str, np.ndarray]) -> Any:
    from tests.programs.torch_reference import Reference  # drawing networks does without it

    return Reference(network, values)


class Truth:
    """The numbers of a network, from other programs."""

    def __init__(
        self, network: sc.Network, values: dict[str, np.ndarray], digits: int = DIGITS
    ) -> None:
        self.network, self.values, self.digits = network, values, digits
        self.high = HighPrecision(network, values, digits)

    def finer(self) -> Truth:
        return Truth(self.network, self.values, MANY_DIGITS)

    @cached_property
    def torch(self) -> Any:
        return by_torch(self.network, self.values)

    @property
    def is_finite(self) -> bool:
        return all(mpmath.isfinite(_real(v)) for v in self._numbers())

    def _numbers(self) -> Iterator[Any]:
        yield self.high.loss()
        for array in self.high.outputs().values():
            yield from array.ravel()

    def measured(self, seed: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Choose entries whose derivatives are measured."""
        drawn = Random(seed)
        tensors = [t for t in self.network.tensors.values() if t.role in ROLES]
        for tensor in tensors:
            places = [*np.ndindex(tensor.shape)]
            for place in drawn.sample(places, min(MEASURED, len(places))):
                yield tensor.name, place


ROLES = ("input", "parameter", "hidden")


def faults(number: int) -> Iterator[str]:
    """Walk a network through everything, and name what went wrong."""
    drawn = walked(number)
    walk = Walk(drawn, truth_of(drawn))
    for name in STEPS:
        step = getattr(walk, f"_{name}")
        begun = process_time()
        try:
            with limited(SECONDS):
                for fault in step():
                    yield f"{drawn}, {name}: {fault}"
        except TooLong:
            yield f"{drawn}, {name}: takes more than {SECONDS} seconds"
        except sc.SymcnnError as error:
            line = str(error)
            kind = "refused" if walk.truth else "refused, without a value"
            if walk.truth is None or not re.search(STATED, line):
                yield f"{drawn}, {name}: {kind}, {type(error).__name__}: {line}"
            if not line.isprintable() or len(line) > LONGEST:
                yield f"{drawn}, {name}: a line of {len(line)} characters"
        except Exception as error:
            yield f"{drawn}, {name}: {error!r:.500}"
        TIMES.append((process_time() - begun, f"{drawn}, {name}"))


def truth_of(drawn: Walked) -> Truth | None:
    """Return the numbers of a network, unless it has none."""
    for digits in (DIGITS, MANY_DIGITS):
        with suppress(ValueError, ZeroDivisionError, TypeError):
            truth = Truth(drawn.network, drawn.values, digits)
            if truth.is_finite:
                return truth
    return None


STEPS = ("exactly", "in_floats", "file", "explained", "exported", "exported_sympy", "exported_jax")
TIMES: list[tuple[float, str]] = []


class Walk:
    """The ways through symcnn; each yields what is wrong."""

    def __init__(self, drawn: Walked, truth: Truth | None) -> None:
        self.number, self.variant, self.network, self.values = drawn
        self.problem, self.truth = drawn.problem, truth
        self.exact: sc.ExactEvaluation | None = None
        self.results: Results | None = None

    def _exactly(self) -> Iterator[str]:
        made = sc.evaluate(self.problem, exact=True)
        if self.truth is None:
            yield "has a value where there is none"
            return
        self.exact = made
        found = [*self._disagreements(made)]
        if found and self.truth.digits < MANY_DIGITS:
            self.truth = self.truth.finer()
            found = [*self._disagreements(made)]
        yield from found

    def _disagreements(self, made: sc.ExactEvaluation) -> Iterator[str]:
        high = self.truth.high
        outputs = high.outputs()
        if not is_rounded(made.loss, _real(high.loss())):
            yield f"loss {made.loss}, not {mpmath.nstr(high.loss(), 55)}"
        for name, ours in made.outputs.items():
            for place, number in np.ndenumerate(ours):
                if not is_rounded(number, _real(outputs[name][place])):
                    yield f"{name}{place} {number}, not {_shown(outputs[name][place])}"
        for name, place in self.truth.measured(self.number):
            number, expected = made.gradients[name][place], high.derivative(name, place)
            if expected is None:
                yield from self._at_a_kink(name, place, number)
            elif not is_rounded(number, expected):
                yield f"dL/d {name}{place} {number}, not {_shown(expected)}"

    def _at_a_kink(self, name: str, place: tuple[int, ...], number: Any) -> Iterator[str]:
        theirs = self.truth.torch.gradients[name][place]
        if float(number) != theirs and not abs(float(number) - theirs) <= 1e-9 * max(
            1, abs(theirs)
        ):
            yield f"kink: dL/d {name}{place} {float(number)}, PyTorch {theirs}"

    def _in_floats(self) -> Iterator[str]:
        self.results = evaluated(self.problem)
        if self.truth is None:
            yield "has a value where there is none"
            return
        if self.exact is None or self.results.warnings:
            return
        made, expected = self.results.evaluation, self.exact.rounded()
        largest = max(np.abs(g).max() for g in expected.gradients.values())
        yield from _compared("loss", made.loss, expected.loss, self.truth.torch.loss.item(), 1.0)
        for name, ours in made.outputs.items():
            theirs = self.truth.torch.outputs[name]
            yield from _compared(name, ours, expected.outputs[name], theirs, 1.0)
        for name, ours in made.gradients.items():
            theirs = self.truth.torch.gradients[name]
            what = f"gradient of {name}"
            yield from _compared(what, ours, expected.gradients[name], theirs, 10 * largest)

    def _file(self) -> Iterator[str]:
        """A problem file holds the same numbers; --exact goes its way, with its check."""
        text = problem_file(self.problem)
        loaded = sc.loads(text) if hasattr(sc, "loads") else _loaded(text)
        if loaded.values != self.problem.values:
            yield "the file has other numbers"
        made = evaluated(loaded, exact=True)
        if made.check.is_far:
            yield f"--exact: the check is {made.check.max_abs_error}"
        if self.exact is not None and made.evaluation.loss != self.exact.rounded().loss:
            yield "--exact has another loss"

    def _explained(self) -> Iterator[str]:
        document = self._document()
        tex = document.to_latex()
        if self.truth is not None and self.exact is not None:
            paper = self._judged(tex)
            yield from paper.faults[:3]
            if paper.rows <= 2 or not paper.figures:
                yield f"{paper.rows} rows and {paper.figures} figures are read"
        for version in (document, document.with_blanks()):
            markdown = version.to_markdown()
            if markdown.count("```") % 2:
                yield "Markdown: a block has no end"
            page = version.to_html()
            if (found := page.count("<math")) != page.count("</math>") or not found:
                yield "HTML: a formula has no end"
            if find_spec("rich"):
                text = version.to_text()
                if wrong := {c for c in text if not (c.isprintable() or c in "\n\u2009")}:
                    yield f"text: holds {wrong}"
            for where, written in {"md": markdown, "html": page, "tex": tex}.items():
                if bad := re.search(r"\b(nan|zoo|oo|None|inf|Traceback)\b", _bare(written)):
                    yield f"{where}: holds {bad[0]}"

    def _document(self) -> Document:
        """Explain the network at the level whose turn it is."""
        level, learned = LEVELS[self.number % len(LEVELS)], self.network.parameters
        if level != "weight":
            return sc.explain(self.problem, detail=level)
        if not learned:
            return sc.explain(self.problem, detail="brief")
        drawn = Random(self.number)
        tensor = drawn.choice(learned)
        position = drawn.choice([*tensor.positions()])
        return sc.explain(self.problem, weight=f"{tensor.name}{[*position]}")

    def _judged(self, tex: str) -> Paper:
        """Have the document read in floats, or where numbers may be saturated in more digits."""
        if self.variant not in ("saturated", "pixels", "tied"):
            made = self.exact.rounded()
            given = {name: np.asarray(v, float) for name, v in self.values.items()}
            moved = {
                t.name: given[t.name] - float(RATE) * made.gradients[t.name]
                for t in self.network.parameters
            }

            def tried(name: str, position: tuple[int, ...], number: float) -> float:
                array = given[name].copy()
                array[position] = number
                return by_torch(self.network, given | {name: array}).loss.item()

            after = by_torch(self.network, given | moved).loss.item()
            values = {**given, **made.outputs}
            return judged(tex, Known(values, made.gradients, made.loss, after, tried))
        with mpmath.workdps(self.truth.digits):
            return judged(tex, self._known(), kind=_real)

    def _known(self) -> Known:
        """Return numbers of hundreds of digits: 1 - y has none left of 50, where y is 1 - 1e-60."""
        high = self.truth.high
        given = {name: reals(v, lambda n: Fraction(str(n))) for name, v in self.values.items()}
        outputs = {name: reals(v, lambda n: n) for name, v in high.outputs().items()}
        gradients = {name: reals(v, _of_sympy) for name, v in self.exact.gradients.items()}
        return Known({**given, **outputs}, gradients, _real(high.loss()))

    def _exported(self) -> Iterator[str]:
        module = _run(exported(self.problem.derivation, self.problem.values, self.problem.title))
        loss, gradients = module.loss_and_gradients(**module.VALUES)
        yield from self._as_in_floats("numpy", loss, gradients)

    def _exported_jax(self) -> Iterator[str]:
        if self.number % JAX_EVERY or not find_spec("jax"):
            return
        given = self.problem.derivation, self.problem.values, self.problem.title
        with in_double():
            module = _run(exported(*given, "jax"))
            loss, gradients = module.loss_and_gradients(**module.VALUES)
        yield from self._as_in_floats("jax", loss, gradients, 1e-10)

    def _as_in_floats(
        self, what: str, loss: Any, gradients: Any, near: float = 1e-12
    ) -> Iterator[str]:
        if self.results is None:
            return
        expected = self.results.evaluation
        pairs = {n: (gradients[n], expected.gradients[n]) for n in gradients}
        largest = max(np.abs(g).max() for g in expected.gradients.values())
        for name, (ours, theirs) in {"loss": (loss, expected.loss), **pairs}.items():
            ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
            margin = near * (np.abs(theirs).max() + 1e-3 * largest)
            if ours.shape != theirs.shape or not (np.abs(ours - theirs) <= margin).all():
                yield f"{what}: {name} is off by {np.abs(ours - theirs).max():.3g} of {largest:.3g}"

    def _exported_sympy(self) -> Iterator[str]:
        text = sympy_module(self.problem.derivation, self.problem.values, self.problem.title)
        ast.parse(text)
        if self.exact is None:
            return
        module = _run(text)
        partials = np.array([_rounded(module, partial) for partial in module.partials.values()])
        expected = self.exact.rounded()
        learned = [expected.gradients[t.name].ravel() for t in self.network.parameters]
        flat = np.concatenate([*learned, []])
        loss = _rounded(module, module.loss)
        if not np.isclose(loss, expected.loss, 1e-11, 1e-300):
            yield f"loss {loss}, not {expected.loss}"
        if not np.allclose(partials, flat, 1e-11, 1e-300):
            first = [*np.isclose(partials, flat, 1e-11, 1e-300)].index(False)
            yield f"a partial is {partials[first]}, not {flat[first]}"


def _compared(name: str, ours: Any, exact: Any, theirs: Any, terms: float) -> Iterator[str]:
    """Compare floats with exact numbers; a fault is worse than what PyTorch makes of them."""
    ours, exact, theirs = (np.asarray(a, float) for a in (ours, exact, theirs))
    off, margin = np.abs(ours - exact).max(), 1e-11 * np.abs(exact).max() + 1e-14 * max(1.0, terms)
    if ours.shape != exact.shape or not off <= margin:
        yield (
            f"{name} is off by {off:.3g}, PyTorch by {np.abs(theirs - exact).max():.3g}, "
            f"of {np.abs(exact).max():.3g}"
        )


def _real(v: Any) -> Any:
    with mpmath.workdps(max(DIGITS, mpmath.mp.dps)):
        return mpmath.mpf(v.numerator) / v.denominator if isinstance(v, Fraction) else mpmath.mpf(v)


def _of_sympy(v: Any) -> Any:
    return Fraction(int(v.p), int(v.q)) if v.is_Rational else mpmath.mpf(v)


def reals(array: Any, number: Callable[[Any], Any]) -> np.ndarray:
    """Return numbers of mpmath in an array of the same shape."""
    return np.vectorize(lambda v: _real(number(v)), otypes=[object])(np.asarray(array))


def _shown(v: Any) -> str:
    return mpmath.nstr(_real(v), 55)


def _bare(written: str) -> str:
    """Leave the text alone of what is not shown."""
    return re.sub(r"<style.*?</style>", "", written, flags=re.DOTALL)


def _loaded(text: str) -> sc.Problem:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        file = Path(folder) / "problem.toml"
        file.write_text(text, encoding="utf-8")
        return sc.load(file)


def _run(text: str) -> ModuleType:
    made = ModuleType("made")
    exec(compile(text, "made", "exec"), made.__dict__)
    return made


def _rounded(module: ModuleType, formula: Any) -> float:
    return float(module.rounded(formula, dict(module.values)))


def in_double() -> Any:
    """Have JAX compute in float64, as the module's first line says."""
    import jax

    home = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")
    return home.enable_x64(True)


if __name__ == "__main__":
    count, first = (int(text) for text in (*sys.argv[1:], "0")[:2])
    warnings.simplefilter("error")
    for position in range(first, first + count):
        for fault in faults(position):
            print(fault, flush=True)
        if position % 50 == 49:
            seconds, slowest = max(TIMES)
            print(f"{position + 1}: {process_time():.0f} s, {seconds:.1f}: {slowest}", flush=True)
