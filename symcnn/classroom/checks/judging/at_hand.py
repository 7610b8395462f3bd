"""What somebody who writes a function has at hand: arrays, sums and roots, and numbers."""

from __future__ import annotations

from functools import cached_property

from sympy import Expr, Integer, Pow, Rational, S

from symcnn.classroom.checks.judging.replaced import Other, indices_of, inner_parts
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.equations import Equation, Mean, Tensor

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
