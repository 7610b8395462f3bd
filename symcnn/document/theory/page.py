"""The blocks of a theorem: what is given, what follows, why, and where it was checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from sympy import Expr
from sympy import Sum as SymbolicSum

from symcnn.derivation import Step
from symcnn.derivation.convolution_form import ConvolutionForm, convolution_form, signs_of
from symcnn.derivation.general import hidden_conditions
from symcnn.derivation.read_back import check
from symcnn.derivation.statement import ranges_behind, ranges_of, terms_of
from symcnn.document.blocks import (
    EQUAL,
    Block,
    Inline,
    Note,
    Paragraph,
    Reference,
    Row,
    Rows,
    Side,
    Text,
    heading,
    joined,
)
from symcnn.document.claims import Claim
from symcnn.document.rows.layout import fits
from symcnn.document.story.convolutions import definitions
from symcnn.document.theory.checked import all_tried, tried
from symcnn.document.theory.conventions import conventions, has_kink
from symcnn.document.theory.statement import Printed, TensorFormula, is_made
from symcnn.document.theory.trial import Trial
from symcnn.document.theory.words import (
    givens,
    independence,
    meanings,
    remarks,
    supposition,
)
from symcnn.document.words.words import listed
from symcnn.equations import Equation, Loop, Mean, Sum, affine, along_axes, long, units
from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import Size, is_made_of_sizes
from symcnn.writing.formula.build import row
from symcnn.writing.lettering import taken_letters
from symcnn.writing.printing.names import named
from symcnn.writing.printing.subscripts import ranges

_NOTHING = Claim((), lambda symbol: ())
"""What rows claim of a problem's numbers: these have none, and were tried at many sizes."""


def opening(statements: Sequence[Printed], trials: Sequence[Trial], base: int) -> Iterator[Block]:
    """Run over what all statements take for granted, all proofs and all checks."""
    yield Paragraph(joined(conventions(statements, base)))
    if len(statements) > 1:
        every = [(p, forms(p)) for p in statements]
        if said := convolutions_defined(every):
            yield Paragraph(said)
        yield Paragraph(("Proofs. ", rule(statements)))
        noted = _tried_in_notation([one for _, made in every for one in made])
        yield Paragraph(joined((("Checks. ", all_tried(trials)), *noted)))


def blocks(
    p: Printed,
    title: Text,
    number: str,
    trial: Trial,
    source: str = "",
    how: Text = (),
    *,
    alone: bool = True,
    positive: Collection[str] = (),
) -> Iterator[Block]:
    """Run over a statement, its proof and its check, which of several is told once for all.

    Args:
        p: What prints the statement.
        title: What it is called.
        number: The number of the theorem.
        trial: At which sizes its formulas were tried.
        source: The number of the work that defines the layer, if it is listed.
        how: What is said of a proof for all sizes.
        alone: Whether the document has no other statement, and needs no headings.
        positive: The letters that stand for positive numbers in some of the statements alone.
    """
    if not alone:
        yield heading(1, *title)
    yield Paragraph(givens(p))
    results, over = rows_of(p, p.made.forward)
    yield results
    cited = ("See ", Reference(source, "work"), ".") if source else ()
    if said := joined([over, remarks(p, trial, positive), cited]):
        yield Paragraph(said)
    if not p.made.backward:
        yield Note(title, (Paragraph(independence(p)),), number)
        if alone:
            yield Paragraph(tried(p, trial))
        return
    derivatives, over = rows_of(p, p.made.backward)
    inside: list[Block] = [Paragraph(supposition(p)), derivatives]
    if said := joined([over, meanings(p)]):
        inside.append(Paragraph(said))
    yield Note(title, tuple(inside), number)
    if made := forms(p):
        said = convolutions_defined([(p, made)]) if alone else ()
        yield Paragraph(joined((said, ("In convolution notation:",))))
        yield convolution_rows(p, made)
    begin = (f"{rule([p])} ",) if alone else ()
    yield Paragraph(joined((("Proof. ", *begin, *proof(p)), how)))
    if alone:
        yield Paragraph(joined((tried(p, trial), *_tried_in_notation(made))))


def _row(p: Printed, of: TensorFormula, *, is_one_of_several: bool) -> tuple[Row, Text]:
    """Print a formula, and read it back; an index of several letters says what they run over.

    That is said behind it, or in words where a line has no room for it: of this formula alone, as
    its letters may run over something else in the others.
    """
    left, right = p.left(of), terms_of(of.general, p.printer, p.base)
    check(p.printed(p.made.derivation.tensors), left, right, of.general)
    made = Row(left, (Side(EQUAL, right),), _NOTHING)
    if not is_made(of.general.left.indices):
        return made, ()
    over = ranges_behind(of.general, p.base)
    whole = replace(made, sides=(Side(EQUAL, (*right, over)),))
    if fits(whole):
        return whole, ()
    where = ("In the formula for ", Inline(left), ", ") if is_one_of_several else ("Here ",)
    return made, (*where, Inline(ranges_of(of.general, p.base)), ".")


def rows_of(p: Printed, formulas: Sequence[TensorFormula]) -> tuple[Rows, Text]:
    """Print formulas, with what is said of their indices."""
    made = [_row(p, of, is_one_of_several=len(formulas) > 1) for of in formulas]
    return Rows(tuple(row for row, _ in made)), joined(said for _, said in made)


def _row_of(p: Printed, of: TensorFormula, form: ConvolutionForm, backward: bool) -> Row:
    """Print a formula in convolution notation, likewise."""
    left, right, ranges = p.convolved(form, of.tensor, of.general, partial=backward)
    over = (ranges,) if is_made(form.left.fixed.values()) else ()
    return Row(left, (Side(EQUAL, (*right, *over)),), _NOTHING)


_RULE = (
    "By the chain rule, each result that is computed from an entry contributes its derivative with "
    "respect to that entry, multiplied by its own error signal; the contributions are added."
)
_SOLVED = (
    " The limits of the sums and the brackets select these results: they are found by solving the "
    "subscripts of the entry for the indices of the results."
)


def rule(statements: Iterable[Printed]) -> str:
    """Say what every proof begins with."""
    formulas = (f.general.right for p in statements for f in p.made.backward)
    return _RULE + _SOLVED * any(map(_selects, formulas))


def _selects(formula: Expr) -> bool:
    """Tell whether sums or brackets say which results an entry is read by."""
    limits = [n for total in formula.atoms(SymbolicSum) for _, *ends in total.limits for n in ends]
    brackets = formula.atoms(Iverson)
    return not (all(map(is_made_of_sizes, limits)) and all(map(has_kink, brackets)))


def proof(p: Printed) -> Text:
    """Say why the derivatives of a statement are what their formulas say."""
    derivation = p.made.derivation
    steps = [s for f in p.made.backward for s in derivation.steps_by(f.tensor.name)]
    by_source = dict[Equation, list[Step]]()
    for step in steps:
        by_source.setdefault(step.source, []).append(step)
    return joined(_of(p, source, own) for source, own in by_source.items())


def _of(p: Printed, source: Equation, steps: Sequence[Step]) -> Text:
    """Say what the terms of an equation contribute: what is added, or an entry as a whole."""
    over = [Inline(named(loop.symbol.name)) for loop in long(_distinct(p, source))]
    word = " with the index " if len(over) == 1 else " with the indices "
    which: Text = (word, *listed(over)) if over else ()
    target = p.formula(source.target.xreplace(units(source.loops)))
    first, *others = (_slope(p, step) for step in steps)
    rest = (x for part in others for x in (", and" if part is others[-1] else ",", *part))
    is_added = over and isinstance(source.reduction, Sum | Mean)
    subject: Text = ("the term of ", target, *which) if is_added else (target,)
    known = _distinct(p, source) if is_added else ()
    begin = (*_reach(p, source, known), *(() if is_added else _condition(p, source)))
    words: Text = (*begin, "the derivative of ", *subject, *first, *rest, ".")
    return (str(words[0]).capitalize(), *words[1:])


def _reach(p: Printed, source: Equation, known: Sequence[Loop]) -> Text:
    """Say for which of its indices an equation holds, where the forward formula does not say it."""
    indices = source.target.xreplace(units(source.loops)).indices
    if is_made(indices) and any(f.general.left.indices == indices for f in p.made.forward):
        return ()
    of_parts = dict[Expr, None]()
    for index, (_, size) in zip(indices, along_axes(source.target), strict=True):
        if not index.is_Integer and source.sizes.get(index) != size:
            factors = affine(index).coefficients.items()
            of_parts |= {s: None for s, factor in sorted(factors, key=_is_last)}
    loops = {loop.symbol: loop for loop in long(source.loops) if loop not in known}
    own = [loops[symbol] for symbol in of_parts if symbol in loops]
    return ("for ", Inline(ranges(own, p.base)), ", ") if own else ()


def _is_last(pair: tuple[Expr, Size]) -> bool:
    """Tell whether an index is the last of several in one: m in F q + m."""
    return pair[1] == 1


def _condition(p: Printed, source: Equation) -> Text:
    """Say where an equation adds something, if no subscript shows it: up to a query."""
    found = [p.formula(condition) for condition in hidden_conditions(source)]
    return ("where ", *listed(found), ", ") if found else ()


def _distinct(p: Printed, source: Equation) -> list[Loop]:
    """Return the loops that tell the terms of an entry apart: those that its formula sums over."""
    own = (f.general.right for f in p.made.forward if f.tensor.base == source.target.base)
    sums = (total for right in own for total in right.atoms(SymbolicSum))
    summed = {limit.args[0] for total in sums for limit in total.limits}
    return [x for x in source.loops if x in source.reduced or x.symbol in summed]


def _slope(p: Printed, step: Step) -> Text:
    """Return: with respect to an entry is a value, that of an R where it is a maximum."""
    zero = units(step.source.loops)
    slope = (step.equation.value / step.upstream).xreplace(zero)
    value = Inline(row(*p.printer.general(slope)))
    return (" with respect to ", p.formula(step.access.xreplace(zero)), " is ", value)


Forms = Sequence[tuple[TensorFormula, ConvolutionForm, bool]]
"""Formulas with those in convolution notation, and whether they are of derivatives."""


@lru_cache(maxsize=2**6)
def forms(p: Printed) -> Forms:
    """Return the formulas of a statement that are those of convolutions."""
    derivation, found = p.made.derivation, list[tuple[TensorFormula, ConvolutionForm, bool]]()
    for formulas, backward in ((p.made.forward, False), (p.made.backward, True)):
        for formula in formulas:
            form = convolution_form(derivation, formula.tensor.name, backward=backward)
            found += [(formula, form, backward)] if form else []
    return found


def convolution_rows(p: Printed, made: Forms) -> Rows:
    """Print formulas in convolution notation."""
    return Rows(tuple(_row_of(p, *one) for one in made))


def convolutions_defined(statements: Sequence[tuple[Printed, Forms]]) -> Text:
    """Define the signs that the formulas of statements have, if they have any."""
    signs, taken, indices = set[str](), set[str](), set[str]()
    for p, made in statements:
        network = p.made.network
        if made:
            signs |= {sign for _, form, _ in made for sign in signs_of(form)}
            taken |= taken_letters(network)
            axes = (tensor.axes for tensor in network.tensors.values())
            loops = ((loop.symbol.name for loop in e.loops) for e in network.equations)
            indices.update(*axes, *loops)
    return joined(definitions(signs, taken, indices=indices)) if signs else ()


def _tried_in_notation(made: Forms) -> Iterator[Text]:
    """Say at how many sizes the formulas were checked."""
    if made:
        sizes = min(len(form.choices) for _, form, _ in made)
        yield (
            "By the definitions of their operators, the formulas in convolution notation give the "
            f"same numbers as the equations, at {sizes} choices.",
        )
