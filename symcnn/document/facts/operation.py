"""What the equations of one tensor do, read off them: a convolution, a mean, a softmax."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sympy import Indexed, IndexedBase, Mod, Mul, S

from symcnn.derivation import Derivation
from symcnn.derivation.general import General, forward_form
from symcnn.derivation.index_conditions import determined, determining
from symcnn.document.facts import forms, patterns
from symcnn.document.facts.leaving import may_leave
from symcnn.document.facts.letters import Letters, letters
from symcnn.document.facts.meant import Meant, meant
from symcnn.equations import Equation, Max, Sum, Tensor, accesses, grouped, indexing, is_position

_SLIDING = {"convolution", "pointwise", "mixed", "maximum", "window", "average"}
"""The forms in which a window slides over what is read."""


Border = Literal["", "outside", "padding", "padding of a mean", "padding of a maximum"]
"""What is met beyond a border; padding takes no part in some means and in maxima."""


@dataclass(frozen=True)
class Operation:
    """What the equations of one tensor do; each fact is read off when it is first asked for."""

    derivation: Derivation
    equations: tuple[Equation, ...]
    meant: Meant | None = None

    @property
    def first(self) -> Equation:
        """The first equation, beside which others add a bias, or fill other entries."""
        return self.equations[0]

    @property
    def result(self) -> Tensor:
        """The tensor that they define."""
        return self._tensor(self.first.target)

    @cached_property
    def general(self) -> General:
        """The formula for all entries of the result."""
        return forward_form(self.derivation, self.equations)

    @property
    def meaning(self) -> str:
        """What the author of the layer says of the result, if anything."""
        return self.meant.forward(self.result) if self.meant else ""

    @property
    def reads(self) -> tuple[Tensor, ...]:
        """The tensors that are read."""
        every = (read for e in self.equations for read in accesses(e.value))
        return tuple(dict.fromkeys(self._tensor(r) for r in every if not is_position(r)))

    @property
    def selecting(self) -> tuple[Tensor, ...]:
        """The tensors whose entries select terms."""
        return tuple(self.derivation.tensors[base] for base in indexing(self.equations))

    @cached_property
    def letters(self) -> Letters:
        """The indices that windows read, and their numbers."""
        return letters(self.equations, self._kernels, ())

    @property
    def lays(self) -> bool:
        """Whether windows are laid down on the result, not slid over what is read."""
        return any(self.letters.slides(equation.target) for equation in self.equations)

    @property
    def meets_weights(self) -> bool:
        """Whether each entry of a window that slides meets one weight."""
        return not self.lays and all(forms.matches(e, self.letters) for e in self.equations)

    @cached_property
    def kernel(self) -> patterns.KernelAxes | None:
        """The axes of the kernel, if these are those of a window, a channel and a filter."""
        return patterns.kernel(self.first, self._kernels, self.letters.taps)

    @cached_property
    def form(self) -> forms.Form:
        """What an entry is made of."""
        every = self.derivation.network.equations
        return forms.form(self.equations, self._kernels, self.letters, every)

    @cached_property
    def _named(self) -> tuple[str, Mapping[str, Indexed]]:
        """The name of the formula, and what it reads by the parts that it has in the formula."""
        first, every = self.first, self.derivation.network.equations
        if len(self.equations) > 1:
            return "", {}
        if variance := patterns.variance(first, every):
            return "variance", {"x": variance[0], "mean": variance[1]}
        for name, parts, found in (
            ("normalised", ("x", "mean", "variance"), patterns.normalised(first.value, every)),
            ("softmax", ("x", "normaliser"), patterns.softmax(first.value, every)),
            ("log-softmax", ("x", "normaliser"), patterns.log_softmax(first.value, every)),
            ("scaled", ("x", "factor", "shift"), patterns.scaled(first.value, self._kernels)),
        ):
            if found is not None and not first.reduced:
                return name, dict(zip(parts, found, strict=True))
        return "", {}

    @property
    def name(self) -> str:
        """The name of the formula, if it has one."""
        return self._named[0]

    def part(self, key: str) -> Tensor:
        """Return what is read in one part of a formula that has a name."""
        return self._tensor(self._named[1][key])

    @property
    def data(self) -> Tensor:
        """What is read through a window, or else what is no parameter."""
        if self.name:
            return self.part("x")
        reads = [read for read in accesses(self.first.value) if read.base not in self._kernels]
        through = (read for read in reads if self.letters.slides(read))
        return self._tensor(next(through, next(iter(reads), self.first.target)))

    @cached_property
    def groups(self) -> patterns.Groups | None:
        """The groups of channels, if there are several."""
        found = patterns.groups(self.first, self._kernels)
        return None if found is None or found.number == 1 else found

    @property
    def grouped(self) -> Tensor:
        """The tensor whose channels are read group by group."""
        assert self.groups is not None
        return self._tensor(self.groups.of)

    @property
    def is_number(self) -> bool:
        """Whether the result is a single number."""
        return self.result.size == 1

    @property
    def lies_still(self) -> bool:
        """Whether windows have one position alone."""
        sizes = self.first.sizes
        return all(sizes[index.terms[0][1]] == 1 for index in self.letters.windows)

    @cached_property
    def renames(self) -> bool:
        """Whether the result has the entries of another tensor under other indices."""
        return forms.renames(self.equations)

    @cached_property
    def is_weighted(self) -> bool:
        """Whether entries are products with a weight, or sums of these, and a bias beside them."""
        return forms.is_weighted(self.equations, self._kernels)

    @property
    def is_biased(self) -> bool:
        """Whether a bias is added to such a sum."""
        return self.is_weighted and len(self.equations) > 1

    @property
    def meets_nothing(self) -> bool:
        """Whether a layer has weights that meet no entry: all lie on padding, or are cropped."""
        if self.meant is None or self.meant.made != self.result:
            return False
        place, read = self.meant.place, {*self.reads}
        return "weight" in place.tensors and not read & {*place.read, *place.tensors["weight"]}

    @property
    def has_bias(self) -> bool:
        """Whether a bias is read."""
        biases = self.meant.place.tensors.get("bias", ()) if self.meant else ()
        return any(tensor in biases for tensor in self.reads)

    @property
    def leaves(self) -> bool:
        """Whether an index of its printed formula may lie outside the tensor that is read."""
        return forms.reads_outside(self.first) and may_leave(self.general)

    @property
    def correlates(self) -> bool:
        """Whether the indices of several weights and entries increase together."""
        return self.form == "convolution" and forms.is_long(self.first)

    @property
    def has_remainders(self) -> bool:
        """Whether indices are printed as remainders."""
        if self.is_weighted or not isinstance(self.first.reduction, Sum):
            return False
        shown = map(determined, self.equations) if any(map(determining, self.equations)) else ()
        return any(read.has(Mod) for e in shown for read in accesses(e.value))

    @property
    def counts_padding(self) -> bool:
        """Whether the entries of a window that are counted may lie in its padding."""
        return patterns.counts_padding(self.first, self.derivation.network.equations)

    @property
    def is_called_variance(self) -> bool:
        """Whether the name of the result says that it is a variance."""
        return self.result.name.endswith(".variance")

    @property
    def scales_by_numbers(self) -> bool:
        """Whether the factor and the number added are the same for all entries."""
        return self.part("factor").size == self.part("shift").size == 1

    @property
    def roots_a_sum(self) -> bool:
        """Whether it divides by the root of a variance, or a mean square, and a number."""
        powers = (factor.as_base_exp() for factor in Mul.make_args(self.first.value))
        roots = [base for base, power in powers if power == -S.Half and not base.is_Indexed]
        names = [self._tensor(read).name for root in roots for read in accesses(root)]
        is_normalised = self.name == "normalised"
        return any(is_normalised or name.endswith((".variance", ".mean_square")) for name in names)

    @property
    def slides(self) -> bool:
        """Whether a window slides over what is read."""
        return self.form in _SLIDING

    @property
    def strides(self) -> Mapping[int, int]:
        """By how much windows move on along each long axis, unless that is 1 along all."""
        return self._numbers(0)

    @property
    def dilations(self) -> Mapping[int, int]:
        """How far the entries of a window are apart along each long axis, unless 1 along all."""
        return self._numbers(1)

    @property
    def fits_its_stride(self) -> bool:
        """Whether a sliding window is as long as its stride along every axis, without holes."""
        numbers, sizes = self.letters.numbers, self.first.sizes
        return self.slides and all(
            numbers[stride] == sizes[tap] and numbers[dilation] == 1
            for ((stride,), _), ((dilation,), tap) in (w.terms for w in self.letters.windows)
        )

    @property
    def crops(self) -> bool:
        """Whether an index of the result can leave it."""
        return bool(forms.guarded(self.first) & set(self.first.target.indices))

    @property
    def border(self) -> Border:
        """What is met where an index leaves what is read, if it can."""
        if not forms.reads_outside(self.first):
            return ""
        at_windows = any(map(self.letters.is_window, forms.guarded(self.first)))
        if not (self.slides and at_windows):
            return "outside"
        if isinstance(self.first.reduction, Max):
            return "padding of a maximum"
        counts = self.form == "average" and len(accesses(self.first.value)) > 1
        return "padding of a mean" if counts else "padding"

    @cached_property
    def _kernels(self) -> Collection[IndexedBase]:
        return {tensor.base for tensor in self.derivation.network.parameters}

    def _numbers(self, term: int) -> Mapping[int, int]:
        if not self.slides and self.form != "transposed":
            return {}
        pairs = [index.terms[term] for index in self.letters.windows]
        sizes, numbers = self.first.sizes, self.letters.numbers
        along = {a: (numbers[s], loop) for a, ((s,), loop) in enumerate(pairs)}
        found = {axis: number for axis, (number, loop) in along.items() if sizes[loop] > 1}
        return found if any(number != 1 for number in found.values()) else {}

    def _tensor(self, read: Indexed) -> Tensor:
        return self.derivation.tensors[read.base]


def operations(derivation: Derivation) -> dict[str, Operation]:
    """Return what the equations of each tensor do, by its name."""
    every = grouped(derivation.network.equations)
    said, names = meant(derivation.network), {b: t.name for b, t in derivation.tensors.items()}
    return {names[b]: Operation(derivation, own, said.get(names[b])) for b, own in every}
