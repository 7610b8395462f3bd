"""Whether rows say on paper what they claim: each is read back from its tree before it is written.

Both sides are worked out at random numbers for the entries, which are independent of each other:
so a row holds there only if what is printed is the formula that is claimed. A line of figures is
worked out as it stands, and the formula with these figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from sympy import Expr, Symbol

from symcnn.derivation.jacobians import Sensitivity
from symcnn.derivation.random_values import Draw, Drawn, draws
from symcnn.derivation.read_back import (
    ABSOLUTE,
    Printed,
    agree,
    constant,
    has_branches,
    names_of,
    without_ranges,
)
from symcnn.derivation.sensitivities import Located
from symcnn.document.blocks import Row, Side
from symcnn.document.claims import NO_TERMS, Terms
from symcnn.document.context import Context
from symcnn.document.rows.sensitivities import context_of
from symcnn.equations import Affine, Tensor
from symcnn.equations.values.evaluation import Array
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.formula import Atom, Formula, Word, nodes
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.mathematics import DOTS
from symcnn.writing.printing.names import named
from symcnn.writing.reading import Names, Reading, Scene, at_fewer, read_arrays, read_back

_CASES = 6
"""At how many values of its free indices a general form is read back."""


_LEFT_OUT = {Atom(r"\dots"), Atom(r"\cdots")}

_FIGURES = Scene(Names(), 0, {})


class _Place(NamedTuple):
    """Where a row is worked out.

    Attributes:
        drawn: The numbers of entries.
        beside: Numbers that are nearly the same.
        scene: The numbers as formulas are read at them.
    """

    drawn: Drawn
    beside: Drawn
    scene: Scene


class _Numbers:
    """What the names in formulas stand for, at random numbers."""

    def __init__(self, context: Context) -> None:
        self._context, self.base = context, context.style.index_base
        moving = () if context.curvature is None else context.curvature.moving
        self.locate = Located(context.derivation, moving)
        self._made = dict[Draw, tuple[Drawn, Drawn, Names]]()

    def at(self, draw: Draw) -> tuple[Drawn, Drawn, Names]:
        """Return some numbers, others that are near, and what reads the first."""
        if draw not in self._made:
            context, derivation = self._context, self._context.derivation
            drawn, near = (
                Drawn(derivation.network, self.locate, draw, moved=moved) for moved in (False, True)
            )
            tensors, letters = derivation.tensors, context.constants.letters
            made = derivation.network, tensors, derivation.adjoints, context.printer, letters
            names = names_of(Printed(*made, self.base), drawn.named(derivation.entries))
            self._made[draw] = drawn, near, names
        return self._made[draw]


class RowReader:
    """Reads the rows of a document back."""

    def __init__(self, context: Context) -> None:
        """Take what the document is written from."""
        moving = () if context.curvature is None else context.curvature.moving
        self._moving = {made.by.name: _Numbers(context_of(context, made)) for made in moving}
        self._own = _Numbers(context)
        equations = context.derivation.network.equations
        self._guarded = {e.target.base for e in equations if e.guards}

    @np.errstate(all="ignore")
    def fault(self, of: Row) -> str | None:
        """Say what a row says on paper instead of what it claims, if it does."""
        if not of.claim.left or _is_figure(of):
            return None
        return at_fewer(_spread(of.claim.left), partial(self._fault, of))

    def _fault(self, of: Row, cases: Sequence[Expr]) -> str | None:
        """Compare a row with what it claims at some values of its free indices."""
        tensor, _ = self._own.locate(cases[0])
        numbers = self._moving[tensor.by] if isinstance(tensor, Sensitivity) else self._own
        padded = any(of.claim.terms.loops) or self._is_padded(tensor)
        letters = _letters([of.claim.indices.get(case, {}) for case in cases], numbers.base)
        sides = [_claimed(of, side, cases) for side in of.sides if _is_read(of, side)]
        left, form = _read(of, of.left), of.claim.form
        at = [*np.array([numbers.locate(case)[1] for case in cases]).T] if form else []
        for draw in draws(branches=has_branches(side.formula for side in of.sides)):
            drawn, near, names = numbers.at(draw)
            scene = Scene(
                *(replace(names, all_axes=of.claim.terms is not NO_TERMS), numbers.base, letters),
                **_named(of.claim.terms, numbers.base),
                padded=padded,
            )
            place = _Place(drawn, near, form.scene(scene, at, {}) if form else scene)
            if fault := _left_fault(left, cases, place):
                return fault
            for side in sides:
                if fault := _side_fault(side, place):
                    return fault
        return None

    def _is_padded(self, tensor: Tensor) -> bool:
        """Tell whether a formula of the forward pass reads entries outside, which are nothing."""
        if isinstance(tensor, Sensitivity):
            return tensor.kind == "jacobian" and bool(self._guarded)
        return tensor.base in self._guarded


def _named(terms: Terms, base: int) -> dict[str, Any]:
    """Return what a theorem has names for, as it is printed with indices from ``base``."""
    forms = {latex(named(s.name)): _index(form, base) for s, form in terms.indices.items()}
    counts = {latex(named(s.name)): constant(number) for s, number in terms.numbers.items()}
    functions = {} if terms.slope is None else {"φ'": _function(*terms.slope)}
    return {"defined": forms | counts, "functions": functions}


def _index(form: Affine, base: int) -> Callable[[Mapping[str, Array]], Array]:
    def value(letters: Mapping[str, Array]) -> Array:
        at = {symbol: letters[latex(named(symbol.name))] - base for symbol in form.coefficients}
        return np.asarray(form.at(at) + base)

    return value


def _function(argument: Symbol, value: Expr) -> Callable[[Array], Array]:
    return lambda numbers: np.asarray(evaluate(value, {argument: numbers}, FLOATS))


class _Side(NamedTuple):
    """What a side says, and what it claims in every case."""

    side: Side
    meaning: Reading
    claimed: Sequence[Expr]


def _claimed(of: Row, side: Side, cases: Sequence[Expr]) -> _Side:
    shown = side.shown
    claimed = [of.claim.right(case)[0] if shown is None else shown for case in cases]
    loops = of.claim.terms.loops
    meaning = _by_terms(side, loops) if loops else _read(of, row(*without_ranges(side.terms)))
    return _Side(side, meaning, claimed)


def _read(of: Row, formula: Formula) -> Reading:
    return read_arrays(formula) if of.claim.form else read_back(formula)


def _by_terms(side: Side, loops: Sequence[Mapping[Symbol, int]]) -> Reading:
    """Read a theorem's summands one by one: an index may have another range in each."""
    terms = [
        (read_back(term), {latex(named(s.name)): size for s, size in own.items()})
        for term, own in zip(side.terms, loops, strict=True)
    ]

    def value(scene: Scene) -> Array:
        return np.asarray(sum(term(replace(scene, ranges=own)) for term, own in terms))

    return value


def _left_fault(left: Reading, cases: Sequence[Expr], place: _Place) -> str | None:
    for case, value in zip(cases, _each(left(place.scene), len(cases)), strict=True):
        if not abs(value - place.drawn[case]) <= ABSOLUTE:
            return f"the left side is read as something other than {case}"
    return None


def _each(values: Array, count: int) -> list[float]:
    found: list[float] = np.broadcast_to(values, count).tolist()
    return found


def _value(of: _Side, scene: Scene) -> Array:
    """Return what a side comes to; that of figures with more digits where floats do not reach."""
    found = of.meaning(scene)
    if of.side.figures is None or np.all(np.isfinite(found)):
        return found
    return of.meaning(replace(scene, precise=True)).astype(float)


def _side_fault(of: _Side, place: _Place) -> str | None:
    """Compare what a side says with what it claims, in every case."""
    drawn, near = _known(of.side, place)
    found = _each(_value(of, place.scene), len(of.claimed))
    for expression, value in zip(of.claimed, found, strict=True):
        expected = drawn.number(expression)
        if not np.isfinite(expected) or agree(value, expected):  # no number
            continue
        if not abs(value - expected) <= abs(near.number(expression) - expected):
            return f"what is printed comes to {value:.10g} where {expected:.10g} is claimed"
    return None


def _known(side: Side, place: _Place) -> tuple[Drawn, Drawn]:
    """Return the numbers of entries: the figures that stand for them, or those that are drawn."""
    if side.figures is None:
        return place.drawn, place.beside
    figures = {s: float(read_back(n.formula)(_FIGURES)) for s, n in side.figures.items()}
    return place.drawn.with_figures(figures), place.beside.with_figures(figures)


def _is_read(of: Row, side: Side) -> bool:
    """Tell whether a side is a formula that leaves out nothing but summands."""
    is_value = side is of.sides[-1] and of.claim.value is not None and side.figures is None
    terms = row(*(term for term in without_ranges(side.terms) if term != DOTS))
    return not is_value and not any(node in _LEFT_OUT for node in nodes(terms))


def _is_figure(of: Row) -> bool:
    """Tell whether a row is the figure of a table, on whose left no formula stands."""
    return isinstance(of.left.parts[0], Word) or not of.claim.right(of.claim.left[0])


def _spread(cases: Sequence[Expr]) -> Sequence[Expr]:
    step = max(1, -(-(len(cases) - 1) // (_CASES - 1)))
    return list(dict.fromkeys((*cases[::step], cases[-1])))


def _letters(indices: Sequence[Mapping[Symbol, int]], base: int) -> Mapping[str, Array]:
    symbols = dict.fromkeys(symbol for at in indices for symbol in at)
    return {
        latex(named(s.name)): np.array([float(at[s] + base) for at in indices]) for s in symbols
    }
