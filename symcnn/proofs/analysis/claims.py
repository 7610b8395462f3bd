"""What a theorem for all sizes says, as a claim of Rocq: the chain rule of a layer or a loss.

    For all sizes and all curves x(tau) with slopes x' at 0, let the tensors be computed by the
    forward formulas and the error signals by the printed ones. Then

        d/dtau  sum over the output of delta y(tau)   =   sum over x of  (dL/dx) x'    at tau = 0.

Curves are more than lines x + tau h: what a layer reads may itself be computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Abs, Expr, Indexed, Piecewise, Pow, S, Symbol, log
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import General
from symcnn.document.theory.domain import may_be_0
from symcnn.document.theory.statement import Statement, TensorFormula
from symcnn.equations import Tensor
from symcnn.equations.functions.activations import relu
from symcnn.equations.functions.brackets import Iverson
from symcnn.proofs.analysis.formulas import (
    PARAMETER,
    NotWrittenError,
    Terms,
    bare,
    identifier,
    size_text,
)

Axes = tuple[tuple[Symbol, Expr], ...]
"""The letters of an entry's indices, each with its size; those of length 1 are left out."""


def axes_of(entry: Indexed) -> Axes:
    """Return the axes of an entry, whose indices are letters."""
    pairs = zip(entry.indices, entry.shape, strict=True)
    return tuple((s, n) for s, n in ((bare(i) if n != 1 else None, n) for i, n in pairs) if s)


def bounded(axes: Iterable[tuple[Symbol, Expr]], text: str) -> str:
    """Write that something holds for all indices within their bounds."""
    axes = tuple(axes)
    if not axes:
        return text
    letters = " ".join(str(s) for s, _ in axes)
    return "".join(
        [
            f"forall {letters} : nat, ",
            *(f"({s} < {size_text(n)})%N -> " for s, n in axes),
            text,
        ]
    )


@dataclass(frozen=True)
class Claim:
    """The claim of a layer or a loss.

    Attributes:
        name: What it is called.
        made: The formulas that are printed.
    """

    name: str
    made: Statement

    @cached_property
    def sources(self) -> tuple[Tensor, ...]:
        """What the loss is differentiated with respect to."""
        reads = {tensor.name for tensor in (*self.made.inputs, *self.made.parameters)}
        return tuple(f.tensor for f in self.made.backward if f.tensor.name in reads)

    @property
    def output(self) -> TensorFormula:
        """The formula of the output."""
        return self.made.forward[-1]

    @property
    def is_loss(self) -> bool:
        """Whether the output is the loss, whose error signal is 1."""
        return self.made.output.role == "loss"

    @cached_property
    def curves(self) -> frozenset[str]:
        """The letters of what depends on the curves' parameter."""
        computed = (f.tensor for f in self.made.forward)
        return frozenset(str(t.base.label) for t in (*self.sources, *computed))

    @property
    def moving(self) -> Terms:
        """Writes formulas along the curves."""
        return Terms(self.curves)

    @property
    def still(self) -> Terms:
        """Writes formulas where the parameter is 0."""
        return Terms(self.curves, "0")

    def signal(self, tensor: Tensor) -> str:
        """Return what the error signal of a tensor is called."""
        return identifier(str(self.made.derivation.adjoints[tensor.name].base.label))

    @cached_property
    def sizes(self) -> tuple[Symbol, ...]:
        """The letters for sizes."""
        shapes = [S.Zero + n for t in self.made.tensors for n in t.shape]
        return tuple(sorted({s for n in shapes for s in n.free_symbols}, key=str))

    @cached_property
    def reals(self) -> tuple[Symbol, ...]:
        """The letters for real numbers that are no entries."""
        held = {s for f in self.made.formulas for s in f.general.right.free_symbols}
        letters = self.made.network.real_letters
        return tuple(sorted((s for s in held if s in letters), key=str))

    @cached_property
    def given(self) -> tuple[Tensor, ...]:
        """What is given and stays as it is: targets, and inputs without a derivative."""
        own = {t.name for t in self.sources}
        whole = (*self.made.inputs, *self.made.parameters, *self.made.given)
        return tuple(t for t in whole if t.name not in own)

    def names(self) -> Iterator[str]:
        """Run over what a proof introduces, in the order of the claim."""
        for size in self.sizes:
            yield identifier(size.name)
        yield from (f"pos_{identifier(size.name)}" for size in self.sizes)
        for real in self.reals:
            yield identifier(real.name)
            if real.is_positive:
                yield f"pos_{identifier(real.name)}"
        for tensor in self.given:
            yield letter(tensor)
        for tensor in self.sources:
            yield from (letter(tensor), f"{letter(tensor)}'", f"slope_{letter(tensor)}")
        for f in self.made.forward:
            yield from (letter(f.tensor), f"def_{letter(f.tensor)}")
        yield from (f"domain{n}" for n, _ in enumerate(self.domain))
        if not self.is_loss:
            yield self.signal(self.output.tensor)
        for f in self.made.backward:
            yield from (self.signal(f.tensor), f"def_{self.signal(f.tensor)}")

    @cached_property
    def domain(self) -> tuple[str, ...]:
        """What has to hold for the formulas to be defined and to have derivatives."""
        found = dict[str, None]()
        for formula in self.made.forward:
            for part, condition in _partial(formula.general.right, self.made):
                text = condition.format(self.still(part))
                found[bounded(_loops(formula.general, part), text)] = None
        return tuple(found)

    def pairing(self, f: TensorFormula) -> str:
        """Write sum of the error signal times the output, along the curves."""
        axes, entry = _axes(f), f.general.left
        if self.is_loss:
            return self.moving.entry(entry)
        arguments = " ".join([self.signal(f.tensor), *(str(s) for s, _ in axes)])
        return self.moving.total(axes, f"{arguments} * {self.moving.entry(entry)}")

    def differential(self, f: TensorFormula) -> str:
        """Write sum of dL/dA times the slope of A."""
        axes = _axes(f)
        indices = [str(s) for s, _ in axes]
        signal, slope = [self.signal(f.tensor), *indices], [f"{letter(f.tensor)}'", *indices]
        return self.still.total(axes, f"{' '.join(signal)} * {' '.join(slope)}")

    @property
    def results(self) -> tuple[TensorFormula, ...]:
        """The printed derivatives with respect to what the layer reads."""
        own = {t.name for t in self.sources}
        return tuple(f for f in self.made.backward if f.tensor.name in own)

    @cached_property
    def text(self) -> str:
        """The claim."""
        lines = list(self._quantified())
        for f in self.made.forward:
            lines.append(self._defined(letter(f.tensor), f, self.moving, along=True))
        lines += [f"  ({condition}) ->" for condition in self.domain]
        if not self.is_loss:
            output = self.output
            lines.append(f"  forall {self.signal(output.tensor)} : {_kind(_axes(output))},")
        for f in self.made.backward:
            lines.append(self._defined(self.signal(f.tensor), f, self.still, along=False))
        results = " + ".join(f"({self.differential(f)})" for f in self.results)
        lines.append(
            f"  is_derive (fun {PARAMETER} => {self.pairing(self.output)}) 0\n    ({results})."
        )
        return "\n".join([f"Definition {self.name} : Prop :=", *lines])

    def _quantified(self) -> Iterator[str]:
        if self.sizes:
            letters = [identifier(size.name) for size in self.sizes]
            positive = " -> ".join(f"(0 < {one})%N" for one in letters)
            yield f"  forall {' '.join(letters)} : nat, {positive} ->"
        for real in self.reals:
            name = identifier(real.name)
            yield f"  forall {name} : R, " + (f"0 < {name} ->" if real.is_positive else "")
        for tensor in self.given:
            yield f"  forall {letter(tensor)} : {_kind(_own(tensor))},"
        for tensor in self.sources:
            axes, name = _own(tensor), letter(tensor)
            entry, slope = (" ".join([n, *(str(s) for s, _ in axes)]) for n in (name, f"{name}'"))
            curve = bounded(axes, f"is_derive ({entry}) 0 ({slope})")
            yield f"  forall ({name} : {_kind(axes, curve=True)}) ({name}' : {_kind(axes)}),"
            yield f"  ({curve}) ->"

    def _defined(self, name: str, f: TensorFormula, terms: Terms, *, along: bool) -> str:
        """Write that a tensor is what its formula says."""
        _check(f.general)
        axes = _axes(f)
        entry = " ".join([name, *(str(s) for s, _ in axes), *([PARAMETER] if along else [])])
        equation = bounded(axes, f"{entry} = {terms(f.general.right)}")
        equation = f"forall {PARAMETER}, {equation}" if along else equation
        return f"  forall {name} : {_kind(axes, curve=along)},\n  ({equation}) ->"


def letter(tensor: Tensor) -> str:
    """Return what a tensor is called."""
    return identifier(str(tensor.base.label))


def _own(tensor: Tensor) -> Axes:
    return axes_of(tensor[tensor.indices])


def _axes(f: TensorFormula) -> Axes:
    return axes_of(f.tensor[f.general.left.indices])


def _kind(axes: Axes, *, curve: bool = False) -> str:
    return " -> ".join([*("nat" for _ in axes), *(["R"] if curve else []), "R"])


def _check(general: General) -> None:
    if general.window or general.inside != 1:
        raise NotWrittenError(f"{general.left} is a maximum")
    if general.checked != general.right:
        raise NotWrittenError(f"{general.left} leaves out terms by its subscripts")


def _loops(general: General, part: Expr) -> Sequence[tuple[Symbol, Expr]]:
    """Return the loops over the letters that a part holds, free and bound ones."""
    sizes = dict(axes_of(general.left))
    for total in general.right.atoms(SymbolicSum):
        sizes |= {s: high + 1 for s, _, high in total.limits}
    held = {s for read in part.atoms(Indexed) for i in read.indices for s in i.free_symbols}
    return [(s, n) for s, n in sizes.items() if s in held]


def _partial(formula: Expr, made: Statement) -> Iterator[tuple[Expr, str]]:
    """Run over what must fulfil a condition: divisors, roots, logarithms, kinks."""
    for part in sorted(formula.atoms(Pow, log, relu, Abs, Piecewise, Iverson), key=str):
        if isinstance(part, Pow):
            if (part.exp.is_Integer and part.exp > 0) or not part.base.has(Indexed):
                continue
            yield part.base, "{} <> 0" if part.exp.is_Integer else "0 < {}"
        elif isinstance(part, log):
            if not _is_sum_of_exp(part.args[0]):
                is_factor = may_be_0(part, formula, made)
                yield part.args[0], "0 <= {}" if is_factor else "0 < {}"
        elif isinstance(part, Piecewise | Iverson):
            pairs = part.args[:-1] if isinstance(part, Piecewise) else ()
            conditions = [c for _, c in pairs] or part.args
            for condition in conditions:
                yield condition.gts - condition.lts, "{} <> 0"
        else:
            yield part.args[0], "{} <> 0"


def _is_sum_of_exp(argument: Expr) -> bool:
    return isinstance(argument, SymbolicSum) and argument.function.func.__name__ == "exp"
