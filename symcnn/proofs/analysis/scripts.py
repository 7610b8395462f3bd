"""The proof of a claim: one application of the chain rule for every step of the derivation.

    y' from x', mu' and V'                                   each equation, along the curves
    <delta^y, y'>  =  <delta^xhat, xhat'> + ...              each equation, with its sums exchanged
    <delta^x, x'>  =  what all equations that read x send    each printed error signal

Added up, what is computed on the way cancels, and the derivative of the output remains. Whatever
symcnn says of a step is proved here; where it is wrong, no proof is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Function

from symcnn.derivation.adjoint import Step
from symcnn.document.theory.statement import TensorFormula
from symcnn.equations import Equation, Tensor, is_one_to_one
from symcnn.equations.reduction import LogSumExp
from symcnn.equations.rewriting import long, units
from symcnn.equations.sizes import number_of
from symcnn.proofs.analysis.claims import Axes, Claim, axes_of, bounded, letter
from symcnn.proofs.analysis.formulas import NotWrittenError


@dataclass(frozen=True)
class Share:
    """What one step sends to the tensor that its equation reads."""

    claim: Claim
    step: Step

    @cached_property
    def made(self) -> Axes:
        """The axes of what the equation computes."""
        return axes_of(self.step.source.target)

    @cached_property
    def read(self) -> Axes:
        """The axes of what it reads."""
        return axes_of(self.step.access)

    @cached_property
    def reduced(self) -> Axes:
        """The loops that are summed where the equation is evaluated."""
        return _others(self.step.source, self.made)

    @cached_property
    def slope(self) -> str:
        """The slope of the entry that is read: A' at the equation's letters."""
        return _applied(f"{letter(self.step.of)}'", self.read)

    @property
    def forward(self) -> str:
        """What the slope of the entry adds to that of the result."""
        local = self._put(self.step.equation.value / self.step.upstream)
        terms = self.claim.still
        body = self.slope if local == 1 else f"{terms.factor(local)} * {self.slope}"
        total = terms.total(self.reduced, body)
        return f"({total})" if self.reduced else total

    @property
    def paired(self) -> str:
        """The error signal of the result times what the slope of the entry adds to it."""
        terms = self.claim.still
        return f"({terms.total(self.made, _times(self.upstream, self.forward))})"

    @property
    def sent(self) -> str:
        """What the entry receives, times its slope: the same sum with its loops exchanged."""
        terms, loops = self.claim.still, _others(self.step.source, self.read)
        received = self._put(self.step.equation.value)
        inner = f"({terms.total(loops, terms.term(received))})"
        return f"({terms.total(self.read, f'{inner} * {self.slope}')})"

    @cached_property
    def upstream(self) -> str:
        """The error signal of the result."""
        upstream = self._put(self.step.upstream)
        return "" if upstream == 1 else self.claim.still.factor(upstream)

    def _put(self, formula: Expr) -> Expr:
        return formula.xreplace(units(self.step.source.loops))


@dataclass(frozen=True)
class Script:
    """The proof of a claim."""

    claim: Claim

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """What the steps between the output and the inputs send."""
        made = {f.tensor.base for f in self.claim.made.forward}
        reads = made | {t.base for t in self.claim.sources}
        return tuple(
            Share(self.claim, step)
            for step in self.claim.made.derivation.steps
            if step.source.target.base in made and step.access.base in reads
        )

    def of_result(self, tensor: Tensor) -> list[Share]:
        """Return what the equations of a tensor send."""
        return [s for s in self.shares if s.step.source.target.base == tensor.base]

    def to(self, tensor: Tensor) -> list[Share]:
        """Return what is sent to a tensor."""
        return [s for s in self.shares if s.step.of == tensor]

    @property
    def live(self) -> list[TensorFormula]:
        """The tensors on the way that the output depends on, in the order of evaluation."""
        return [f for f in self.claim.made.forward if self.of_result(f.tensor)]

    @property
    def text(self) -> str:
        """The proof."""
        if not self.live:
            raise NotWrittenError(f"{self.claim.name} computes nothing")
        lines = [f"move=> {' '.join(self.claim.names())}."]
        for f in self.live:
            lines += [*self._slope(f), *self._pair(f), f"clearbody {letter(f.tensor)}'."]
        for tensor in [*(f.tensor for f in self.live[:-1]), *self.claim.sources]:
            lines += self._received(tensor)
        lines += self._end()
        name = self.claim.name
        return "\n".join([f"Theorem {name}_proved : {name}.", "Proof.", *lines, "Qed."])

    def _slope(self, f: TensorFormula) -> Iterator[str]:
        shares, name = self.of_result(f.tensor), letter(f.tensor)
        axes = shares[0].made
        indices = "".join(f" {s}" for s, _ in axes)
        forward = " + ".join(share.forward for share in shares)
        equation = shares[0].step.source
        yield f"pose {name}'{indices} := {forward}."
        if _is_log_sum_exp(equation):
            yield from self._exponential(f, equation, axes)
        entry, slope = (_applied(n, axes) for n in (name, f"{name}'"))
        fact = bounded(axes, f"is_derive ({entry}) 0 ({slope})")
        yield f"have slope_{name} : {fact}."
        yield f"  {_intro(axes)}rewrite /{name}'; along def_{name}."
        yield f"  by {self._sums()}compares by {self._names()}."

    def _exponential(self, f: TensorFormula, equation: Equation, axes: Axes) -> Iterator[str]:
        """Say that the exponential of a log-sum-exp is the sum."""
        name = letter(f.tensor)
        logarithm = f.general.right
        total = self.claim.still(logarithm.args[0])
        fact = bounded(axes, f"{total} = exp ({_applied(name, axes)} 0)")
        yield f"have exp_{name} : {fact}."
        yield f"  by {_intro(axes)}rewrite def_{name} // exp_ln //; positive."

    def _pair(self, f: TensorFormula) -> Iterator[str]:
        shares, name = self.of_result(f.tensor), letter(f.tensor)
        whole = self._paired(shares[0].upstream, f.tensor, shares[0].made)
        paired = " + ".join(share.paired for share in shares)
        sent = " + ".join(share.sent for share in shares)
        yield f"have pair_{name} : {whole} = {sent}."
        yield f"  transitivity ({paired}); first by rewrite /{name}'; spread."
        yield f"  by exchanges by {self._names()}."

    def _received(self, tensor: Tensor) -> Iterator[str]:
        """Say that the printed error signal is what all equations that read a tensor send."""
        shares, name, signal = self.to(tensor), letter(tensor), self._signal(tensor)
        sent = " + ".join(share.sent for share in shares)
        whole = self._whole(tensor, signal, shares[0].read)
        unfold = f"(rewrite ?def_{signal} //)" if signal else "idtac"
        yield f"have received_{name} : {whole} = {sent}."
        yield f"  by receives {unfold} by {self._names()}."

    def _signal(self, tensor: Tensor) -> str:
        printed = {f.tensor.name for f in self.claim.made.backward}
        return self.claim.signal(tensor) if tensor.name in printed else ""

    def _whole(self, tensor: Tensor, signal: str, axes: Axes) -> str:
        """Write the pairing of a tensor's error signal and slope."""
        if not signal:  # its value is a constant, as 1 is for the loss
            first = self.of_result(tensor)[0]
            signal, axes = first.upstream, first.made
            return self._paired(signal, tensor, axes)
        return self._paired(_applied(signal, axes), tensor, axes)

    def _paired(self, signal: str, tensor: Tensor, axes: Axes) -> str:
        slope = _applied(f"{letter(tensor)}'", axes)
        return f"({self.claim.still.total(axes, _times(signal, slope))})"

    def _equation(self, f: TensorFormula) -> Equation:
        """Return the first equation of a tensor."""
        equations = self.claim.made.network.equations
        return next(e for e in equations if e.target.base == f.tensor.base)

    def _names(self) -> str:
        """Write what puts functions of entries in place of their names: exp(x - ell) of p."""
        formulas = self.claim.made.forward
        named = (f for f in formulas if _is_named(self._equation(f)))
        rules = " ".join(f"?def_{letter(f.tensor)} //" for f in named)
        return f"(rewrite {rules})" if rules else "idtac"

    def _sums(self) -> str:
        """Write what puts exp(ell) in place of the sum that ell is the logarithm of."""
        own = [f for f in self.live if _is_log_sum_exp(self._equation(f))]
        rules = [f"?exp_{letter(f.tensor)} //" for f in own]
        return f"rewrite {' '.join(rules)}; " if rules else ""

    def _end(self) -> Iterator[str]:
        facts = [f"pair_{letter(f.tensor)}" for f in reversed(self.live)]
        tensors = [*(f.tensor for f in self.live[:-1]), *self.claim.sources]
        facts += [f"received_{letter(t)}" for t in tensors]
        yield "eapply derive_equal; first derive."
        yield f"by cbv beta; move: {' '.join(facts)}; lra."


def _is_named(equation: Equation) -> bool:
    return isinstance(equation.value, Function) and is_one_to_one(equation)


def _is_log_sum_exp(equation: Equation) -> bool:
    return isinstance(equation.reduction, LogSumExp)


def _others(equation: Equation, axes: Axes) -> Axes:
    """Return the loops that run besides those over axes."""
    own = {s for s, _ in axes}
    loops = ((loop.symbol, number_of([loop.size])) for loop in long(equation.loops))
    return tuple((symbol, size) for symbol, size in loops if symbol not in own)


def _times(first: str, second: str) -> str:
    """Write a product; nothing stands for the factor 1."""
    return f"{first} * ({second})" if first else second


def _applied(name: str, axes: Axes) -> str:
    return " ".join([name, *(str(s) for s, _ in axes)])


def _intro(axes: Axes) -> str:
    """Write what names indices, and that they are within their bounds."""
    if not axes:
        return ""
    letters = [str(s) for s, _ in axes]
    return f"move=> {' '.join([*letters, *(f'lt_{one}' for one in letters)])}; "
