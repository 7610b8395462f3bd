"""Statements in convolution notation, and the definitions of its operators, each given once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain, count, product
from math import gcd, prod

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation.convolution_form import (
    Convolution,
    ConvolutionForm,
    Notation,
    convolution_form,
    signs_of,
)
from symcnn.document.blocks import EQUAL, Block, Row, Rows, Side, Text, joined, paragraph
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import ranges
from symcnn.equations import Tensor, long
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.lettering import taken_letters

_ARRAYS = (
    "In convolution notation, a formula holds for whole arrays at once. An array is 0 outside its "
    "positions, which are counted from 0 here, and an equation holds at every position of its left "
    "side."
)
_DEFINED = {
    r"\cdot": "A dot in an index stands for all positions.",
    r"\star": r"$(f \star g)_i = \sum_u f_{i+u} g_u$ is the cross-correlation of two arrays.",
    r"\ast": r"$(f \ast g)_i = \sum_u f_{i-u} g_u$ is the full convolution: one array is flipped "
    "and slid over the other through every position at which the two overlap.",
    r"\uparrow": r"$f \uparrow s$ is $f$ with $s - 1$ zeros between neighbouring entries.",
    r"\downarrow": r"$(f \downarrow s)_i = f_{s i}$ keeps the entries of $f$ at multiples of $s$.",
    "pad": r"$\operatorname{pad}_p(f)$ is $f$ with $p$ zeros in front of its entries.",
    "crop": r"$\operatorname{crop}_p(f)$ is $f$ without its first $p$ entries.",
    "axes": "Along several axes, $i$ and $u$ have one component for each.",
    "factors": "A number beside a sign applies to every axis; where the axes differ, there is one "
    "for each.",
}
"""What the signs of convolution notation mean, in the order in which they are defined."""

_CASES = 3
"""How many entries of a formula are worked out."""

_SPARE = "fghabcqvwyzklmrxABCDEFGH"


def in_convolutions(
    context: Context, tensor: Tensor, mentioned: Mentioned, *, backward: bool
) -> Iterator[Block]:
    """State the formula of a tensor, or of its derivative, as a convolution, if it is one."""
    form = convolution_form(context.derivation, tensor.name, backward=backward)
    if form is None or not all(map(_has_alike_dots, form.parts)):
        return
    notation = Notation(context.printer, context.style.index_base)
    left = notation.left(form, tensor, partial=backward and tensor.role == "parameter")
    network, indices_of = context.derivation.network, context.derivation.indices
    loops = (loop.symbol for e in network.equations for loop in e.loops)
    axes = (index for name in context.derivation.adjoints for index in indices_of(name))
    indices = {symbol.name for symbol in chain(loops, axes)} - {"u"}
    taken = taken_letters(network) | indices | {"g"}
    new = {sign for sign in signs_of(form) if mentioned.first(_DEFINED[sign])}
    said = [*definitions(new, taken, arrays=mentioned.first(_ARRAYS))]
    free = long(form.free)
    over: Text = (", for ", ranges(context, free)) if free else ()
    opening = "In this notation" if said else "In convolution notation"
    yield paragraph(*joined((*said, (opening, *over, ":"))))
    side = Side(EQUAL, notation.right(form))
    yield Rows((Row(left, (side,), _claim(context, form)),))


def _has_alike_dots(part: Convolution) -> bool:
    """Tell whether all arrays show as many dots: an axis of length 1 carries none."""
    lengths = zip(part.left.lengths, part.first.lengths, part.second.lengths, strict=True)
    return all((1 in own) == (own == (1, 1, 1)) for own in lengths)


def definitions(
    signs: Collection[str],
    taken: Collection[str],
    *,
    indices: Collection[str] = (),
    arrays: bool = True,
) -> Iterator[Text]:
    """Define signs of convolution notation, in letters that stand for nothing else.

    Args:
        signs: The signs.
        taken: The letters that stand for something.
        indices: Those of indices elsewhere, which no other letter is replaced by.
        arrays: Whether to say what arrays are.
    """
    letters = _letters(taken, indices)
    if arrays:
        yield (_ARRAYS,)
    for sign, meaning in _DEFINED.items():
        if sign in signs:
            yield filled(meaning, letters)


def _letters(taken: Collection[str], indices: Collection[str]) -> Mapping[str, Formula]:
    """Return other letters for those of the definitions that stand for something already."""
    own = "fgusp"
    spare = (letter for letter in _SPARE if letter not in {*taken, *indices, *own})
    return {letter: row(next(spare, letter)) for letter in own if letter in taken}


def _claim(context: Context, form: ConvolutionForm) -> Claim:
    """Claim of some entries what the equations of a form send to them."""
    entries, tensor = context.derivation.entries, context.derivation.tensors[form.left.entry.base]
    terms = sum(prod(loop.size for loop in equation.loops) for equation in form.sources)
    few = min(_CASES, limits.CHECKED_TERMS * tensor.size // terms)
    cases = map(tensor.symbol, _spread(tensor, max(1, few)))  # one, however many its terms are

    def right(symbol: Symbol) -> list[Expr]:
        return [entries.collected(form.sources, symbol)]

    return Claim(tuple(cases), right, form=form)


def _spread(tensor: Tensor, few: int) -> list[tuple[int, ...]]:
    """Return some places from the middle on: at position 0 nothing tells what is sampled."""
    every = [*product(*(sorted({0, n // 2, n - 1}) for n in map(int, tensor.shape)))]
    total, few = len(every), min(few, len(every))
    stride = next(n for n in count(max(1, total // few)) if gcd(n, total) == 1)
    return [every[(total // 2 + n * stride) % total] for n in range(few)]
