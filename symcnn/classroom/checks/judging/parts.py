"""What somebody who writes a function has at hand, and what the terms of an array are products of.

dx[n, c]      is made of      dout[n, c], x[n, c], xhat[n, c],      sqrt(V[c] + e), N, gamma[c]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from math import prod

import numpy as np
from sympy import Expr, Integer, Pow, Rational, S

from symcnn.classroom.checks.judging.evaluation import shape_of
from symcnn.classroom.checks.judging.replaced import Other, indices_of, inner_parts
from symcnn.classroom.checks.judging.rounded import Array, Rounded, total
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.equations import Equation, Mean, Sum, Tensor

TERMS = "terms"
"""What the number of terms of a mean is called."""


class AtHand:
    """What can stand in the equations of one array by mistake."""

    def __init__(self, subject: Subject, wanted: Tensor) -> None:
        """Take what is checked.

        Args:
            subject: What is checked.
            wanted: The array, which is not at hand itself.
        """
        self._subject, self._wanted = subject, wanted

    def pool(self, equation: Equation) -> list[Other]:
        """Return what can be read with the loops of an equation, and the numbers at hand."""
        sizes = {loop.symbol: int(loop.size) for loop in equation.loops}
        found = dict[Expr, str]()
        for tensor in self._tensors:
            pairs = [*zip(tensor.indices, map(int, tensor.shape), strict=True)]
            if all(n == 1 or sizes.get(i) == n for i, n in pairs):
                at = {i: S.Zero for i, n in pairs if n == 1}
                found.setdefault(tensor[tensor.indices].xreplace(at), tensor.name)
        for number, part in enumerate(self._sums_and_roots):
            if indices_of(part) <= {*sizes}:
                found.setdefault(part, f"part {number}")
                if isinstance(part, Pow):
                    found.setdefault(1 / part, f"1 / part {number}")
        return [*((label, other) for other, label in found.items()), *self.numbers]

    @cached_property
    def _tensors(self) -> list[Tensor]:
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
    def numbers(self) -> list[Other]:
        """How many terms a mean has, and samples there are; and the settings."""
        sources = [e for stage in self._subject.network.stages for e in stage.equations]
        means = [int(e.terms_of_entry) for e in sources if isinstance(e.reduction, Mean)]
        made = [(TERMS, Integer(n)) for n in means[:1]]
        lengths = enumerate((self._subject.batch, *self._subject.network.input_shape))
        made += [(f"length {axis}", Integer(int(n))) for axis, n in lengths]
        for key, value in self._subject.layer.settings().items():
            for number, one in enumerate(value if isinstance(value, tuple | list) else (value,)):
                if isinstance(one, int | float | Rational) and not isinstance(one, bool):
                    made.append((f"{key} {number}", Rational(str(one))))
        return made


_ROOTS, _COUNTS, _OTHERS = (0, 1, 2, -1, -2, -3, -4), (0, 1, -1, -2), (0, 1, -1)
"""Exponents of roots, of the number of terms of a mean, and of parameters."""

_MOST_POWERS = 4

Exponents = tuple[int, ...]
Chosen = tuple[Exponents, int]
"""A product: exponents of what comes in powers, and the number of one array of full size."""


@dataclass(frozen=True, eq=False)
class Parts:
    """What an array of one trial is made of."""

    trial: Trial
    name: str

    @cached_property
    def wanted(self) -> Tensor:
        """The tensor."""
        return self.trial.subject.tensor(self.name)

    @cached_property
    def terms(self) -> list[Rounded]:
        """What each equation adds."""
        subject = self.trial.subject
        size, values = int(self.wanted.size), self.trial.evaluation.values
        equations = subject.formulas.equations(self.wanted)
        return [subject.stages.terms(e).added_to(size, values) for e in equations]

    def split(self, term: int | None) -> tuple[Rounded, Rounded]:
        """Return one term, and the sum of the others."""
        if term is None:
            return total(self.terms), Rounded.exactly(np.zeros(int(self.wanted.size)))
        others = [other for number, other in enumerate(self.terms) if number != term]
        return self.terms[term], total(others)

    @cached_property
    def powers(self) -> list[tuple[Rounded, Sequence[int]]]:
        """Roots, the number of terms of a mean, and parameters, with their exponents."""
        equations = [e for s in self.trial.subject.network.stages for e in s.equations]
        made = list[tuple[Rounded, Sequence[int]]]()
        for e in equations:
            for part in inner_parts(e.value) if type(e.reduction) is Sum and not e.reduced else ():
                if isinstance(part, Pow):
                    root = replace(e, value=1 / part if part.exp < 0 else part)
                    of = self.trial.subject.formulas.tensors[e.target.base]
                    made.append((self._computed(root, of), _ROOTS))
        counts = [int(e.terms_of_entry) for e in equations if isinstance(e.reduction, Mean)]
        made += [(Rounded.exactly(np.full(int(self.wanted.size), n)), _COUNTS) for n in counts[:1]]
        weights = [t for t in self.trial.subject.network.parameters if self._is_part(t)]
        made += [(self._array(t), _OTHERS) for t in weights]
        return made[:_MOST_POWERS]

    @cached_property
    def arrays(self) -> list[Rounded]:
        """1, and what has an entry for every one of the array."""
        network, adjoints = self.trial.subject.network, self.trial.subject.formulas.derivation
        known = [network.input, network.output, adjoints.adjoints[network.output.name]]
        known += [t for stage in network.stages for t in stage.auxiliaries.values()]
        full = [t for t in known if t.shape == self.wanted.shape and t != self.wanted]
        return [Rounded.exactly(np.ones(int(self.wanted.size))), *map(self._array, full)]

    def _is_part(self, tensor: Tensor) -> bool:
        lengths = shape_of(tensor)
        return lengths == shape_of(self.wanted)[-len(lengths) :]

    def _array(self, tensor: Tensor) -> Rounded:
        return self._spread(self.trial.evaluation.due(tensor))

    def _computed(self, equation: Equation, of: Tensor) -> Rounded:
        terms = self.trial.subject.stages.terms(equation)
        found = terms.added_to(int(of.size), self.trial.evaluation.values)
        return self._spread(found.shaped(shape_of(of)))

    def _spread(self, made: Rounded) -> Rounded:
        """Return an array along all axes of the wanted one."""
        shape = shape_of(self.wanted)
        while made.value.ndim > len(shape):  # of a vector, what all samples and positions share
            made = Rounded(made.value[0], made.error[0])
        if len(made.value) != shape[0] and made.value.ndim == len(shape):  # samples share it
            made = Rounded(made.value[:1], made.error[:1])
        spread = (np.broadcast_to(a, shape).ravel() for a in (made.value, made.error))
        return Rounded(*spread)

    def product(self, chosen: Chosen) -> Rounded:
        """Return a product."""
        exponents, number = chosen
        made = self.arrays[number]
        for (base, _), exponent in zip(self.powers, exponents, strict=True):
            made = made * power(base, exponent) if exponent else made
        return made

    def at(self, entries: Array) -> dict[Chosen, Array]:
        """Return all products at some entries."""
        bases = [base.value[entries] for base, _ in self.powers]
        made = dict[Chosen, Array]()
        with np.errstate(all="ignore"):
            for exponents, number in self.products:
                raised = (b ** float(n) for b, n in zip(bases, exponents, strict=True))
                made[exponents, number] = prod(raised, start=self.arrays[number].value[entries])
        return made

    @cached_property
    def products(self) -> list[Chosen]:
        """All products."""
        exponents = product(*(range_ for _, range_ in self.powers))
        return [*product(exponents, range(len(self.arrays)))]


def power(base: Rounded, exponent: int) -> Rounded:
    """Return a power of numbers, infinite where 0 is divided by."""
    with np.errstate(all="ignore"):
        value = base.value**exponent
        slope = exponent * base.value ** (exponent - 1.0)
    return base.passed(value, slope, abs(exponent))


@lru_cache(maxsize=64)
def parts_of(trial: Trial, name: str) -> Parts:
    """Return what an array of a trial is made of."""
    return Parts(trial, name)
