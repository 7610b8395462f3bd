"""Ways to get an array wrong by one expression in place of another, whatever the layer.

    dx = s (dout - mean(dout) - xhat mean(dout xhat))      with  x  in place of  dout,  for example

They are many, and are tried where no mistake of the catalogue yields an array: with each factor of
each term, and each part of it, in one term, in all of them, in all that follow from one forward
equation, or wherever it is read. What takes its place is another quantity, a power of it, or a
number that is at hand. Where a function has the closed form of a derivative, paths through sums
that vanish are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from itertools import product

import numpy as np
from sympy import Expr, Indexed, IndexedBase, Mul, Pow, S

from symcnn.classroom.checks.judging.evaluation import Changes, Equations, Evaluation
from symcnn.classroom.checks.judging.numbers import drawn
from symcnn.classroom.checks.judging.parts import TERMS, AtHand
from symcnn.classroom.checks.judging.replaced import (
    Changed,
    MakeValue,
    Other,
    Unmade,
    bases_read,
    factors_of,
    holds,
    indices_of,
    inner_parts,
    is_product,
    multiplied,
    other_factors,
    other_values,
    primitive,
    replaced,
    roots_apart,
    swapped,
    with_value,
    without_numbers,
)
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.equations import Equation, Mean, Tensor, accesses

Make = Callable[[], Changed]

_NO_NUMBERS = (S.ImaginaryUnit, S.ComplexInfinity, S.NaN)
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
        self._at_hand = AtHand(subject, self._wanted)

    def all(
        self, only: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[Mistake], Tensor, Equations, Changes, str]]:
        """Run over the ways: mistake, the nearest tensor and its equations, others, and a label.

        Args:
            only: The names of mistake and tensor, and the label, if the others are of no interest.
        """
        known = self._subject.formulas.tensors
        for mistake, nearest, label, make in self._all():
            if only and only != (mistake.name, known[nearest].name, label):
                continue
            changes = make()
            if not all(_is_real(e.value) for made in changes.values() for e in made):
                continue
            (base, equations), *others = changes.items()
            yield (mistake,), known[base], equations, (*others,), label

    def _all(self) -> Iterator[tuple[Mistake, IndexedBase, str, Make]]:
        for tensor in self._tensors:
            yield from ((IN_ONE_TERM, tensor.base, *one) for one in self._in_one_term(tensor))
        if self._tensors:
            first = self._tensors[0]
            yield from ((IN_ALL_TERMS, first.base, *one) for one in self._in_all_terms(first))
            yield from ((IN_ALL_TERMS, *one) for one in self._in_terms_of_a_source())
            for label, changes in self._other_counts():
                yield EVERYWHERE, next(iter(changes)), label, partial(dict, changes)
            yield from ((EVERYWHERE, *one) for one in self._everywhere())

    def _in_one_term(self, tensor: Tensor) -> Iterator[tuple[str, Make]]:
        equations = self._inlined(tensor)
        for number, equation in enumerate(equations):
            for label, value in self._values(equation):
                yield (
                    f"{number}: {label}",
                    partial(with_value, tensor.base, equations, number, value),
                )

    def _in_all_terms(self, tensor: Tensor) -> Iterator[tuple[str, Make]]:
        """Multiply all terms by what depends on the entry alone, or divide them by it."""
        equations = self._inlined(tensor)
        indices = [index for e in equations for index in e.target.indices if index != 0]
        if len({e.target for e in equations}) > 1 or not all(i.is_Symbol for i in indices):
            return
        own = equations[0].target.free_symbols
        parts = {p for e in equations for p in factors_of(e.value) if p.free_symbols}
        plain = [p for p in sorted(parts, key=str) if not any(map(self._is_adjoint, accesses(p)))]
        inner = [p for p in plain if indices_of(p) <= own][:_MOST_INNER]
        pool = [o for o in self._at_hand.pool(equations[0]) if indices_of(o[1]) <= own]
        factors = [
            (f"{without_numbers(p)} -> {label}", o / p)
            for p in inner
            for label, o in pool
            if o != p
        ]
        factors += [(f"{without_numbers(p)} apart", a / p) for p in inner for a in roots_apart(p)]
        terms = dict(self._at_hand.numbers).get(TERMS, S.One)
        for powers in product(range(-2, 2), repeat=len(inner) + (terms != 1)):
            made = Mul(*(Pow(p, n) for p, n in zip((*inner, 1 / terms), powers, strict=False)))
            factors.append((f"powers {powers}", made))
        for label, factor in factors:
            if factor != 1:
                yield label, partial(multiplied, tensor.base, equations, factor)

    def _in_terms_of_a_source(self) -> Iterator[tuple[IndexedBase, str, Make]]:
        """Change a factor in all terms that come from the same forward equation."""
        formulas = self._subject.formulas
        sources = dict.fromkeys(s.source for t in self._tensors for s in formulas.steps(t))
        for source in sources:
            of = {t: [s.source == source for s in formulas.steps(t)] for t in self._tensors}
            concerned = {t: self._inlined(t) for t, found in of.items() if any(found)}
            first = next(iter(concerned))
            if len(concerned) < 2:
                continue
            pool = self._at_hand.pool(concerned[first][of[first].index(True)])
            parts = dict.fromkeys(
                part
                for t, equations in concerned.items()
                for e, is_of in zip(equations, of[t], strict=True)
                for part in (factors_of(e.value) if is_of else ())
            )
            for part in parts:
                others = dict[str, dict[Equation, MakeValue]]()
                for e in dict.fromkeys(e for es in concerned.values() for e in es):
                    for label, value in other_values(e.value, part, pool):
                        others.setdefault(label, {})[e] = value
                marked = {
                    t.base: [
                        (e, is_of and part in factors_of(e.value))
                        for e, is_of in zip(equations, of[t], strict=True)
                    ]
                    for t, equations in concerned.items()
                }
                for label, values in others.items():
                    yield (
                        first.base,
                        f"{source.target}: {label}",
                        partial(swapped, marked, values),
                    )

    def _everywhere(self) -> Iterator[tuple[IndexedBase, str, Make]]:
        """Change what forward equations hold wherever it is read, in the closed form, too."""
        formulas, order = self._subject.formulas, self._subject.stages.order
        needed = {b for t in self._tensors for e in formulas.equations(t) for b in bases_read(e)}
        needed |= {t.base for t in self._tensors}
        bases = [b for b, made in order if b in needed and isinstance(made, tuple)]
        known = {b: formulas.equations(formulas.tensors[b]) for b in bases}
        adjoints = {b for b in bases if formulas.tensors[b].role == "adjoint"}
        shorter = {b: self._kept(b, e) for b, e in known.items()}
        forms = [("all", known, {*bases}), ("closed", shorter, adjoints)][: 1 + (shorter != known)]
        for words, kept, of_swapped in forms:
            fewer = {b: e for b, e in kept.items() if e != known[b]}
            for part, pool in self._forward_parts:
                inside = [b for b in kept if b in of_swapped]
                read = {b: kept[b] for b in inside if holds(map(primitive, kept[b]), part)}
                for label, other in other_factors(part, pool) if read else ():
                    made = partial(replaced, fewer, read, part, other)
                    said = f"{words}: {without_numbers(part)} -> {label}"
                    yield next(iter((*fewer, *read))), said, made

    def _other_counts(self) -> Iterator[tuple[str, Changed]]:
        """Divide by another number in all that follows from means."""
        formulas = self._subject.formulas
        for label, number in self._at_hand.numbers:
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
                yield f"means over {label}", changes

    @cached_property
    def _forward_parts(self) -> list[tuple[Expr, list[Other]]]:
        """What forward equations hold besides the input, each with what can take its place."""
        found = dict[Expr, list[Other]]()
        for equation in (e for stage in self._subject.network.stages for e in stage.equations):
            for part in inner_parts(equation.value):
                if not part.is_Indexed or part.base != self._subject.network.input.base:
                    found.setdefault(part, self._at_hand.pool(equation))
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

    def _values(self, equation: Equation) -> Iterator[Unmade]:
        """Run over other values for an equation."""
        pool = self._at_hand.pool(equation)
        for part in (S.One, *factors_of(equation.value)):
            yield from other_values(equation.value, part, pool)
