"""Ways to get an array wrong by one expression in place of another, whatever the layer.

    dx = s (dout - mean(dout) - xhat mean(dout xhat))      with  x  in place of  dout,  for example

They are many, and are tried where no mistake of the catalogue yields an array: with each factor of
each term, and each part of it, in one term, in all of them, in all that follow from one forward
equation, or wherever it is read. What takes its place is another quantity, a power of it, or a
number that is at hand. Where a function has the closed form of a derivative, paths through sums
that vanish are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
from sympy import Expr, Indexed, IndexedBase, Integer, Mul, Pow, Rational, S

from symcnn.classroom.checks.judging.evaluation import Changes, Equations, Evaluation
from symcnn.classroom.checks.judging.numbers import drawn
from symcnn.classroom.checks.judging.replaced import (
    Other,
    all_replaced,
    bases_read,
    factors_of,
    holds,
    indices_of,
    inner_parts,
    is_product,
    other_factors,
    other_values,
    primitive,
    without_numbers,
)
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.equations import Equation, Mean, Tensor, accesses

Changed = Mapping[IndexedBase, Equations]
"""Other equations, by what they are for."""

_NO_NUMBERS = (S.ImaginaryUnit, S.ComplexInfinity, S.NaN)
_TERMS = "terms"
_MOST_INNER = 2
_VANISHING = 1e-9

IN_ONE_TERM = Mistake(
    "another factor",
    "In one term, a factor is another one, as when one variable is written for another.",
    lambda work: (),
)
IN_ALL_TERMS = Mistake(
    "another factor of all terms",
    "A factor that several terms have in common is another one.",
    lambda work: (),
)
EVERYWHERE = Mistake(
    "another quantity throughout",
    "A quantity is another one wherever it is read, as when it is computed wrongly once.",
    lambda work: (),
)


def mistakes() -> Iterator[Mistake]:
    """Return their names."""
    yield from (IN_ONE_TERM, IN_ALL_TERMS, EVERYWHERE)


@lru_cache(maxsize=4096)
def _is_real(value: Expr) -> bool:
    return not value.has(*_NO_NUMBERS)


class Substitutions:
    """The ways to get one array wrong."""

    def __init__(self, subject: Subject, name: str, tensors: Iterable[Tensor]) -> None:
        """Take what is checked.

        Args:
            subject: What is checked.
            name: The array.
            tensors: Its own tensor, then the nearest ones that it is computed from.
        """
        self._subject, self._wanted = subject, subject.tensor(name)
        self._tensors = [t for t in tensors if subject.formulas.steps(t)]

    def all(self) -> Iterator[tuple[tuple[Mistake], Tensor, Equations, Changes, str]]:
        """Run over the ways: mistake, the nearest tensor and its equations, others, and a label."""
        known = self._subject.formulas.tensors
        for mistake, changes, label in self._all():
            (base, equations), *others = changes.items()
            if not all(_is_real(e.value) for made in changes.values() for e in made):
                continue
            yield (mistake,), known[base], equations, (*others,), label

    def _all(self) -> Iterator[tuple[Mistake, Changed, str]]:
        for tensor in self._tensors:
            yield from ((IN_ONE_TERM, *one) for one in self._in_one_term(tensor))
        if self._tensors:
            yield from ((IN_ALL_TERMS, *one) for one in self._in_all_terms(self._tensors[0]))
            yield from ((IN_ALL_TERMS, *one) for one in self._in_terms_of_a_source())
            yield from ((EVERYWHERE, *one) for one in self._other_counts())
            yield from ((EVERYWHERE, *one) for one in self._everywhere())

    def _in_one_term(self, tensor: Tensor) -> Iterator[tuple[Changed, str]]:
        equations = self._inlined(tensor)
        for number, equation in enumerate(equations):
            for label, value in self._values(equation):
                other = replace(equation, value=value)
                changed = (*equations[:number], other, *equations[number + 1 :])
                yield {tensor.base: changed}, f"{number}: {label}"

    def _in_all_terms(self, tensor: Tensor) -> Iterator[tuple[Changed, str]]:
        """Multiply all terms by what depends on the entry alone, or divide them by it."""
        equations = self._inlined(tensor)
        indices = [index for e in equations for index in e.target.indices if index != 0]
        if len({e.target for e in equations}) > 1 or not all(i.is_Symbol for i in indices):
            return
        own = equations[0].target.free_symbols
        parts = {p for e in equations for p in factors_of(e.value) if p.free_symbols}
        plain = [p for p in sorted(parts, key=str) if not any(map(self._is_adjoint, accesses(p)))]
        inner = [p for p in plain if indices_of(p) <= own][:_MOST_INNER]
        pool = [o for o in self._pool(equations[0]) if indices_of(o[1]) <= own]
        factors = [
            (f"{without_numbers(p)} -> {label}", o / p)
            for p in inner
            for label, o in pool
            if o != p
        ]
        terms = dict(self._numbers).get(_TERMS, S.One)
        for powers in product(range(-2, 2), repeat=len(inner) + (terms != 1)):
            made = Mul(*(Pow(p, n) for p, n in zip((*inner, 1 / terms), powers, strict=False)))
            factors.append((f"powers {powers}", made))
        for label, factor in factors:
            changed = tuple(replace(e, value=e.value * factor) for e in equations)
            if factor != 1:
                yield {tensor.base: changed}, label

    def _in_terms_of_a_source(self) -> Iterator[tuple[Changed, str]]:
        """Change a factor in all terms that come from the same forward equation."""
        formulas = self._subject.formulas
        sources = dict.fromkeys(s.source for t in self._tensors for s in formulas.steps(t))
        for source in sources:
            of = {t: [s.source == source for s in formulas.steps(t)] for t in self._tensors}
            concerned = {t: self._inlined(t) for t, found in of.items() if any(found)}
            first = next(iter(concerned))
            if len(concerned) < 2:
                continue
            pool = self._pool(concerned[first][of[first].index(True)])
            parts = dict.fromkeys(
                part
                for t, equations in concerned.items()
                for e, is_of in zip(equations, of[t], strict=True)
                for part in (factors_of(e.value) if is_of else ())
            )
            for part in parts:
                others = dict[str, dict[Equation, Equation]]()
                for e in dict.fromkeys(e for es in concerned.values() for e in es):
                    for label, value in other_values(e.value, part, pool):
                        others.setdefault(label, {})[e] = replace(e, value=value)
                for label, swap in others.items():
                    changes = {
                        t.base: tuple(
                            swap.get(e, e) if is_of and part in factors_of(e.value) else e
                            for e, is_of in zip(equations, of[t], strict=True)
                        )
                        for t, equations in concerned.items()
                    }
                    yield changes, f"{source.target}: {label}"

    def _everywhere(self) -> Iterator[tuple[Changed, str]]:
        """Change what forward equations hold wherever it is read, in the closed form, too."""
        formulas, order = self._subject.formulas, self._subject.stages.order
        needed = {b for t in self._tensors for e in formulas.equations(t) for b in bases_read(e)}
        needed |= {t.base for t in self._tensors}
        bases = [b for b, made in order if b in needed and isinstance(made, tuple)]
        known = {b: formulas.equations(formulas.tensors[b]) for b in bases}
        adjoints = {b for b in bases if formulas.tensors[b].role == "adjoint"}
        shorter = {b: self._kept(b, e) for b, e in known.items()}
        forms = [("all", known, {*bases}), ("closed", shorter, adjoints)][: 1 + (shorter != known)]
        for words, kept, swapped in forms:
            fewer = {b: e for b, e in kept.items() if e != known[b]}
            for part, pool in self._forward_parts:
                inside = [b for b in kept if b in swapped]
                read = {b: kept[b] for b in inside if holds(map(primitive, kept[b]), part)}
                for label, other in other_factors(part, pool) if read else ():
                    changes = {b: all_replaced(e, part, other) for b, e in read.items()}
                    yield {**fewer, **changes}, f"{words}: {without_numbers(part)} -> {label}"

    def _other_counts(self) -> Iterator[tuple[Changed, str]]:
        """Divide by another number in all that follows from means."""
        formulas = self._subject.formulas
        for label, number in self._numbers:
            changes = dict[IndexedBase, Equations]()
            for tensor in self._tensors:
                steps = formulas.steps(tensor)
                means = [isinstance(step.source.reduction, Mean) for step in steps]
                pairs = zip(formulas.equations(tensor), steps, means, strict=True)
                if any(means):
                    changes[tensor.base] = tuple(
                        replace(e, value=e.value * (s.source.terms_of_entry / number if m else 1))
                        for e, s, m in pairs
                    )
            if changes:
                yield changes, f"means over {label}"

    @cached_property
    def _forward_parts(self) -> list[tuple[Expr, list[Other]]]:
        """What forward equations hold besides the input, each with what can take its place."""
        found = dict[Expr, list[Other]]()
        for equation in (e for stage in self._subject.network.stages for e in stage.equations):
            for part in inner_parts(equation.value):
                if not part.is_Indexed or part.base != self._subject.network.input.base:
                    found.setdefault(part, self._pool(equation))
        return [*found.items()]

    def _kept(self, base: IndexedBase, equations: Equations) -> Equations:
        """Return the equations of a quantity that do not vanish."""
        if len(equations) < 2:
            return equations
        size, values = self._subject.stages.size(base), self._sample.values
        terms = [self._subject.stages.terms(e).added_to(size, values).value for e in equations]
        largest = max(float(np.abs(term).max()) for term in terms)
        pairs = zip(equations, terms, strict=True)
        return tuple(e for e, term in pairs if np.abs(term).max() > _VANISHING * largest)

    @cached_property
    def _sample(self) -> Evaluation:
        return Evaluation(self._subject.stages, drawn(self._subject.network, 1))

    def _inlined(self, tensor: Tensor) -> Equations:
        """Return the equations of a tensor, with products in place of what holds them."""
        return (*map(self._with_products, self._subject.formulas.equations(tensor)),)

    def _with_products(self, equation: Equation) -> Equation:
        formulas, swap = self._subject.formulas, dict[Expr, Expr]()
        for read in accesses(equation.value):
            defining = (
                formulas.equations(formulas.tensors[read.base]) if self._is_adjoint(read) else ()
            )
            if len(defining) == 1 and is_product(defining[0]):
                of = defining[0].target
                at = dict(zip(of.indices, read.indices, strict=True))
                swap[read] = defining[0].value.xreplace(at)
        return primitive(replace(equation, value=equation.value.xreplace(swap)))

    def _is_adjoint(self, read: Indexed) -> bool:
        found = self._subject.formulas.tensors.get(read.base)
        return found is not None and found.role == "adjoint"

    def _values(self, equation: Equation) -> Iterator[Other]:
        """Run over other values for an equation."""
        pool = self._pool(equation)
        for part in (S.One, *factors_of(equation.value)):
            yield from other_values(equation.value, part, pool)

    def _pool(self, equation: Equation) -> list[Other]:
        """Return what can be read with the loops of an equation, and the numbers at hand."""
        sizes = {loop.symbol: int(loop.size) for loop in equation.loops}
        found = dict[Expr, str]()
        for tensor in self._at_hand:
            pairs = [*zip(tensor.indices, map(int, tensor.shape), strict=True)]
            if all(n == 1 or sizes.get(i) == n for i, n in pairs):
                at = {i: S.Zero for i, n in pairs if n == 1}
                found.setdefault(tensor[tensor.indices].xreplace(at), tensor.name)
        for number, part in enumerate(self._sums_and_roots):
            if indices_of(part) <= {*sizes}:
                found.setdefault(part, f"part {number}")
                if isinstance(part, Pow):
                    found.setdefault(1 / part, f"1 / part {number}")
        return [*((label, other) for other, label in found.items()), *self._numbers]

    @cached_property
    def _at_hand(self) -> list[Tensor]:
        """The tensors that somebody who writes a function has."""
        network, adjoints = self._subject.network, self._subject.formulas.derivation.adjoints
        of = [
            *network.parameters,
            *(t for stage in network.stages for t in stage.auxiliaries.values()),
        ]
        known = [adjoints[network.output.name], network.input, *of]
        return [t for t in known if t.shape and t != self._wanted]

    @cached_property
    def _sums_and_roots(self) -> list[Expr]:
        every = (e for stage in self._subject.network.stages for e in stage.equations)
        return [p for e in every for p in inner_parts(e.value) if not p.is_Indexed]

    @cached_property
    def _numbers(self) -> list[Other]:
        """How many terms a mean has, and samples there are; and the settings."""
        sources = [e for stage in self._subject.network.stages for e in stage.equations]
        means = [int(e.terms_of_entry) for e in sources if isinstance(e.reduction, Mean)]
        made = [(_TERMS, Integer(n)) for n in means[:1]]
        lengths = enumerate((self._subject.batch, *self._subject.network.input_shape))
        made += [(f"length {axis}", Integer(int(n))) for axis, n in lengths]
        for key, value in self._subject.layer.settings().items():
            for number, one in enumerate(value if isinstance(value, tuple | list) else (value,)):
                if isinstance(one, int | float | Rational) and not isinstance(one, bool):
                    made.append((f"{key} {number}", Rational(str(one))))
        return made
