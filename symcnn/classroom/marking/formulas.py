"""How the quantities of a problem are computed, whoever computes them.

Every entry has a formula in the entries of the stages before it, as in the derivation; an entry of
an updated parameter has the formula w - rate * dL/dw. The loss after one step has the equations of
the forward pass, with the updated parameters in place of the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Add, Expr, Indexed, IndexedBase, S, Symbol, exp, log

from symcnn.classroom.marking.asked import AFTER_A_STEP, UPDATED
from symcnn.derivation import Derivation, Step
from symcnn.derivation.entries import Entries
from symcnn.equations import Equation, Tensor, accesses, define
from symcnn.network.optimizers import Optimizer
from symcnn.problems import Problem


@dataclass(frozen=True)
class Merged:
    """A formula without the log-sum-exp that it subtracts.

        ell = log(sum of e^(z_k)) + r
        p_i = e^(z_i - ell)                 =  e^(-r) / sum of e^(z_k - z_i)
        y_i = z_i - ell                     =  -r - log(sum of e^(z_k - z_i))

    r is what rounding ell adds to it. On intervals z_i and ell would vary apart, and p_i exceed 1.

    Attributes:
        stage: The entry of the stage, which is the logarithm of a sum of exponentials.
        stage_formula: How that is computed.
        error: What rounding adds to it.
        formula: The formula in what the stage is computed from, and in the error.
    """

    stage: Symbol
    stage_formula: Expr
    error: Symbol
    formula: Expr


def merged(formula: Expr, before: Callable[[Symbol], Expr | None]) -> Merged | None:
    """Return a formula that subtracts a log-sum-exp without it; None where there is none."""
    differences = [d for d in formula.atoms(Add) if any(_subtracted(d, before))]
    for difference in sorted(differences, key=str):
        stage, of = next(_subtracted(difference, before))
        error = Symbol(f"rounding error of {stage}", real=True)
        less = log(Add(*(exp(z - (difference + stage)) for z in _exponents(of))))
        return Merged(stage, of, error, formula.xreplace({difference: -error - less}))
    return None


def _subtracted(
    difference: Add, before: Callable[[Symbol], Expr | None]
) -> Iterator[tuple[Symbol, Expr]]:
    """Run over the log-sum-exps that a sum subtracts, with their formulas."""
    for term in difference.args:
        if term.is_Mul and len(term.args) == 2 and term.args[0] is S.NegativeOne:
            stage = term.args[1]
            of = before(stage) if stage.is_Symbol else None
            if of is not None and _exponents(of):
                yield stage, of


def _exponents(formula: Expr) -> list[Expr]:
    """Return the exponents of the logarithm of a sum of exponentials; of what is none, none."""
    powers = Add.make_args(formula.args[0]) if isinstance(formula, log) else ()
    listed = [power.args[0] for power in powers if isinstance(power, exp)]
    return listed if len(listed) == len(powers) else []


class Formulas:
    """The equations of a problem's quantities, and the formulas of their entries."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self.derivation: Derivation = problem.derivation
        self.rate: Expr | None = problem.learning_rate
        self.optimizer: Optimizer = problem.optimizer
        self._point = problem.point

    @cached_property
    def updated(self) -> Mapping[IndexedBase, Tensor]:
        """The updated parameters, by the bases of the parameters."""
        learned = self.derivation.network.parameters if self.rate is not None else ()
        moved = (t for t in learned if t.name in self.derivation.adjoints)
        return {t.base: _renamed(t, UPDATED.strip()) for t in moved}

    @cached_property
    def stepped(self) -> Mapping[IndexedBase, Tensor]:
        """What is computed anew with the updated parameters, by the bases of what it was before."""
        computed = {e.target.base for e in self.derivation.network.equations}
        every = self.derivation.tensors if self.updated else {}
        return {base: _renamed(every[base], "stepped") for base in every if base in computed}

    def of(self, name: str, shape: Tensor) -> Tensor:
        """Return the tensor whose entries are the figures of a quantity that has a shape."""
        if name == AFTER_A_STEP:
            return self.stepped.get(shape.base, shape)
        is_updated = name.startswith(UPDATED) and " after " not in name
        return self.updated[shape.base] if is_updated else shape

    @cached_property
    def tensors(self) -> Mapping[IndexedBase, Tensor]:
        """Every tensor that has equations or numbers, by its base."""
        return {**self.derivation.tensors, **{t.base: t for t in self.updated.values()}}

    def equations(self, tensor: Tensor) -> tuple[Equation, ...]:
        """Return the equations that add up to a tensor."""
        return self._equations.get(tensor.base, ())

    def steps(self, tensor: Tensor) -> tuple[Step, ...]:
        """Return the steps of the chain rule that the equations of an adjoint come from."""
        return self._steps.get(tensor.base, ())

    def depends(self, equation: Equation, tensor: Tensor) -> bool:
        """Tell whether an equation reads a tensor, or what is computed from it."""
        return any(tensor.base in self._before(r.base) for r in accesses(equation.value))

    def _before(self, base: IndexedBase) -> frozenset[IndexedBase]:
        """Return what a tensor is computed from, and the tensor itself."""
        if base not in self._known_before:
            found, waiting = {base}, [base]
            while waiting:
                for equation in self._defining(waiting.pop()):
                    new = {read.base for read in accesses(equation.value)} - found
                    found |= new
                    waiting += new
            self._known_before[base] = frozenset(found)
        return self._known_before[base]

    @cached_property
    def _known_before(self) -> dict[IndexedBase, frozenset[IndexedBase]]:
        return {}

    def _defining(self, base: IndexedBase) -> Iterable[Equation]:
        """Return the equations of a tensor; a routing comes from the maximum itself."""
        routed = (r.source for r in self.derivation.routings if r.tensor.base == base)
        return (*self._equations.get(base, ()), *routed)

    def formula(self, symbol: Symbol) -> Expr | None:
        """Return an entry in those of the stages before; None for what is given."""
        known = self.derivation.entries
        return (known if known.where(symbol) else self._moved).formula(symbol)

    def merged(self, formula: Expr) -> Merged | None:
        """Return a formula without the log-sum-exp that it subtracts, if it does (see ``merged``).

        What rounding adds to that is an entry besides: it has no formula.
        """
        if formula not in self._merged:
            self._merged[formula] = merged(formula, self._before_entry)
        return self._merged[formula]

    def _before_entry(self, symbol: Symbol) -> Expr | None:
        is_entry = self.derivation.entries.where(symbol) or self._moved.where(symbol)
        return self.formula(symbol) if is_entry else None

    @cached_property
    def _merged(self) -> dict[Expr, Merged | None]:
        return {}

    def shown(self, formula: Expr) -> Expr:
        """Return a formula with w - rate * dL/dw for updated parameters, which have no letters."""
        known = self.derivation.entries
        moved = (s for s in formula.free_symbols if not known.where(s))
        return formula.xreplace({symbol: self.formula(symbol) for symbol in moved})

    def tensor(self, symbol: Symbol) -> Tensor:
        """Return the tensor of an entry."""
        found = self.derivation.entries.where(symbol) or self._moved.locate(symbol)
        return found[0]

    def value(self, symbol: Symbol) -> Expr:
        """Return the number of what is given."""
        return self._point.value(symbol)

    def entries(self, equations: tuple[Equation, ...]) -> Entries:
        """Return the formulas of entries by other equations."""
        return Entries(equations, self.tensors, self.derivation.routings)

    @cached_property
    def _moved(self) -> Entries:
        """The entries of updated parameters, and of what is computed anew with them."""
        anew = tuple(map(self._anew, self.derivation.network.equations if self.updated else ()))
        tensors = {**self.tensors, **{t.base: t for t in self.stepped.values()}}
        return Entries((*self._updates(), *anew), tensors, self.derivation.routings)

    def _anew(self, equation: Equation) -> Equation:
        """Return an equation of the forward pass after the step."""
        later = {**self.updated, **self.stepped}
        reads = (equation.target, *accesses(equation.value))
        moved: dict[Indexed, Indexed] = {
            read: later[read.base][read.indices] for read in reads if read.base in later
        }
        value = equation.value.xreplace(moved)
        return replace(equation, target=moved[equation.target], value=value)

    @cached_property
    def _equations(self) -> dict[IndexedBase, tuple[Equation, ...]]:
        found = dict[IndexedBase, tuple[Equation, ...]]()
        for equation in self._every():
            base = equation.target.base
            found[base] = (*found.get(base, ()), equation)
        return found

    def _every(self) -> Iterator[Equation]:
        yield from self.derivation.network.equations
        yield from (step.equation for step in self.derivation.steps)
        yield from self._updates()

    def _updates(self) -> Iterator[Equation]:
        for base, moved in self.updated.items():
            tensor = self.derivation.tensors[base]
            slope, at = self.derivation.adjoints[tensor.name], tensor.indices
            yield define(moved[at], self.optimizer.first(tensor[at], slope[at], self.rate))

    @cached_property
    def _steps(self) -> dict[IndexedBase, tuple[Step, ...]]:
        found = dict[IndexedBase, tuple[Step, ...]]()
        for step in self.derivation.steps:
            base = step.equation.target.base
            found[base] = (*found.get(base, ()), step)
        return found


def _renamed(tensor: Tensor, word: str) -> Tensor:
    """Return the tensor of other numbers; no formula that is printed holds its letter."""
    label = f"{word} {tensor.label}"
    return Tensor(f"{word} {tensor.name}", tensor.shape, "hidden", label, tensor.axes)
