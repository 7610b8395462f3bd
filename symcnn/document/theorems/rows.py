"""Printing a theorem's formulas, and what each of them claims."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Symbol

from symcnn import limits
from symcnn.document.blocks import EQUAL, Claim, Row, Side
from symcnn.document.material import Material
from symcnn.document.theorems.letters import Letters
from symcnn.document.theorems.parts import Part, total
from symcnn.document.theorems.theorem import Formula
from symcnn.equations import Max, accesses
from symcnn.printing.mathematics import MathPrinter
from symcnn.printing.subscripts import position


class AllAxes(MathPrinter):
    """Prints every axis that has an index, those of length 1 as well."""

    def part(self, part: Part, letters: Letters) -> str:
        """Print max or sum over the loops of the value, with a bracket for each condition."""
        reads = sorted(accesses(part.value), key=self._place)
        order = [s for read in reads for index in read.indices for s in letters.loops(index)]
        loops = sorted(part.over, key=[*order, *part.over].index)
        negative = part.value.could_extract_minus_sign()
        value = -part.value if negative else part.value
        whole = not (part.loops or part.conditions)
        text = self._print(value) if whole and not negative else self._operand(value)
        over = rf"_{{{', '.join(map(str, loops))}}} "
        sign = r"\max" if isinstance(part.reduction, Max) else r"\sum"
        brackets = "".join(f" {self._equal(*condition)}" for condition in part.conditions)
        return ("-" if negative else "") + (sign + over if part.loops else "") + text + brackets

    def _equal(self, index: Expr, own: Symbol) -> str:
        return rf"\left[{position(index, self._base)} = {own}\right]"

    def _print_Indexed(self, expr: Indexed) -> str:
        places = [position(index, self._base) for index in expr.indices if index.free_symbols]
        joiner = "" if all(place.isalnum() and len(place) == 1 for place in places) else ", "
        label = str(self._print(expr.base.label))
        return f"{label}_{{{joiner.join(places)}}}" if places else label


def row(material: Material, letters: Letters, formula: Formula) -> Row:
    """Return the row  left = sum of the parts, checked by trying all loop assignments."""
    derivation, free = material.derivation, formula.left.indices
    tensor = derivation.tensors[formula.left.base]
    cases = {tensor.symbol(case): dict(zip(free, case, strict=True)) for case in _cases(formula)}

    def right(symbol: Symbol) -> list[Expr]:
        found = (total(part, cases[symbol], letters, derivation) for part in formula.parts)
        return [Add(*found)]

    printer = AllAxes(base=material.style.index_base, weights=_weights(material))
    first, *rest = (printer.part(part, letters) for part in formula.parts)
    terms = (first, *(f"- {t[1:]}" if t.startswith("-") else f"+ {t}" for t in rest))
    return Row(_left(material, formula, printer), (Side(EQUAL, terms),), Claim(tuple(cases), right))


def _left(material: Material, formula: Formula, printer: AllAxes) -> str:
    """Print an entry, or dL/dw for the adjoint of a parameter."""
    parameters = material.derivation.network.parameters
    adjoints = {material.derivation.adjoints[t.name].base: t for t in parameters}
    if formula.left.base not in adjoints:
        return str(printer.doprint(formula.left))
    entry = adjoints[formula.left.base][formula.left.indices]
    return rf"\frac{{\partial L}}{{\partial {printer.doprint(entry)}}}"


def _weights(material: Material) -> set[str]:
    return {t.label.partition("^")[0] for t in material.derivation.network.parameters}


def _cases(formula: Formula) -> list[tuple[int, ...]]:
    """Choose an entry in the middle, and the last one unless that is much work."""
    shape = [int(size) for size in formula.left.shape]
    middle, last = tuple(size // 2 for size in shape), tuple(size - 1 for size in shape)
    work = sum(part.terms for part in formula.parts)
    return [middle] if work > limits.CHECKED_TERMS else list(dict.fromkeys([middle, last]))
