"""What a theorem starts from: its named indices, and what it assumes of the forward pass.

With the window at i, its entry u lies at i_u; channel m of group g is the channel k_gm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sympy import Symbol

from symcnn.document.blocks import Inline, Reference, Text, inline
from symcnn.document.context import Context
from symcnn.document.facts.letters import Letters, NamedIndex
from symcnn.document.facts.patterns import groups
from symcnn.document.theorems.parts import Part
from symcnn.document.theorems.rows import AllAxes
from symcnn.document.theorems.theorem import Theorem
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Tensor, accesses
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import applied, parenthesized, row, scripts
from symcnn.writing.formula.tree import Scripts
from symcnn.writing.printing.names import named

_LET = (
    "{opening} {stride} be the stride, {dilation} the dilation (the distance between neighbouring "
    "entries of the window) and {padding} the padding before the first entry, which are 1, 1 and 0 "
    "unless stated otherwise. When the window is at position {at}, its entry {tap} lies over entry "
    "{index} of {read}{likewise}."
)
_AS_BEFORE = "Let {index}{likewise}, with {stride}, {dilation} and {padding} as in {theorem}."
_LIKEWISE = {True: " is defined in the same way", False: " are defined in the same way"}
_OUTSIDE = "Terms whose indices lie outside their tensor are omitted."
_GROUPS = (
    "Channel {channel} of group {group} is channel {made} of {result}, and channel {entry} of the "
    "group is channel {read} of {input}; {channels} and {entries} are the numbers of channels in a "
    "group of {result} and of {input}."
)

_SAME_GROUPS = (
    "Channel {channel} of group {group} is channel {made}; {channels} is the number of channels "
    "in a group."
)


def definitions(
    context: Context, made: Theorem, number: str, mentioned: Mentioned
) -> Iterator[Text]:
    """Define the indices that have names; of those that are defined say where."""
    named_indices = {i: _plain(n) for i, n in made.letters.named_indices.items()}
    known = {n: mentioned.define(n.symbol, n, number) for n in named_indices.values()}
    new = [index for index, where in known.items() if where is None]
    windows, runs = [p for p in new if p.padding], [p for p in new if not p.padding]
    if windows:
        yield from _windows(context, made, windows, number, mentioned)
    if said := _channels(context, made, runs):
        yield said
        mentioned.said.update(size for run in runs for sizes, _ in run.terms for size in sizes)
    elif runs:
        defined = [Inline(index.definition(context.style.index_base)) for index in runs]
        yield ("Counted in row-major order, an entry has the number ", *listed(defined), ".")
    yield from _sizes(made.letters, mentioned)
    for where in dict.fromkeys(where for where in known.values() if where is not None):
        same = [letter(index.symbol) for index, found in known.items() if found == where]
        yield (*listed(same), f" {'are' if len(same) > 1 else 'is'} as in ", Reference(where), ".")


def _plain(index: NamedIndex) -> NamedIndex:
    """Return what a window reads with S in place of S_i: every axis has its own stride."""
    if index.padding is None:
        return index
    terms = tuple((tuple(map(family, factors)), loop) for factors, loop in index.terms)
    return NamedIndex(index.symbol, terms, family(index.padding))


def family(symbol: Symbol) -> Symbol:
    """Return S for S_i, the stride along one axis."""
    return Symbol(symbol.name.partition("_")[0])


def _sizes(letters: Letters, mentioned: Mentioned) -> Iterator[Text]:
    """Say what letters for the number of an index's values are, each once."""
    split = ((size, size.name.partition("_")) for size in letters.numbers)
    found = {s: loop for s, (sign, _, loop) in split if sign in ("N", "N'") and mentioned.first(s)}
    if found:
        (size, loop), *others = found.items()
        yield (
            "Let ",
            Inline(named(loop)),
            " run over ",
            letter(size),
            " values",
            *_over(others),
            ".",
        )


def _over(others: Sequence[tuple[Symbol, str]]) -> Text:
    """Return the same of further indices: , j over N_j and l over N_l."""
    marks = [", "] * (len(others) - 1) + [" and "]
    each = zip(marks, others, strict=False)
    return tuple(x for mark, (s, i) in each for x in (mark, Inline(named(i)), " over ", letter(s)))


def _channels(context: Context, made: Theorem, defined: Collection[NamedIndex]) -> Text:
    """Define the channels of groups, if they are what is to be defined."""
    parameters = {tensor.base for tensor in context.derivation.network.parameters}
    found = groups(made.step.source, parameters)
    if found is None:
        return ()
    entries, indices = (made.step.source.target, found.of), made.letters.named_indices
    result, read = (indices.get(entry.indices[-1]) for entry in entries)
    if result is None or read is None or {result, read} != {*defined}:
        return ()
    (sizes, group), (_, channel) = result.terms
    (others, _), (_, entry) = read.terms
    names = (context.named(context.derivation.tensors[entry.base]) for entry in entries)
    base = context.style.index_base
    return filled(
        _SAME_GROUPS if result == read else _GROUPS,
        group=letter(group),
        channel=letter(channel),
        entry=letter(entry),
        made=Inline(result.definition(base)),
        read=Inline(read.definition(base)),
        channels=letter(*sizes),
        entries=letter(*others),
        **dict(zip(("result", "input"), names, strict=True)),
    )


def letter(symbol: Symbol) -> Inline:
    """Return a symbol as it stands in sentences."""
    return Inline(named(symbol.name))


def _windows(
    context: Context,
    made: Theorem,
    indices: Sequence[NamedIndex],
    number: str,
    mentioned: Mentioned,
) -> Iterator[Text]:
    """Say what a window reads along each axis, and once what the letters mean."""
    first, *others = indices
    ((stride,), at), ((dilation,), tap) = first.terms
    assert first.padding is not None
    letters = (stride, dilation, first.padding)
    where = mentioned.define(("geometry", *letters), letters, number)
    names = [letter(index.symbol) for index in others]
    gaps: dict[str, str | Inline | Text] = {
        "index": Inline(first.definition(context.style.index_base)),
        **dict(zip(("stride", "dilation", "padding"), map(letter, letters), strict=True)),
    }
    if where is not None:
        likewise: Text = (", and likewise ", *listed(names)) if names else ()
        yield filled(_AS_BEFORE, likewise=likewise, theorem=(Reference(where),), **gaps)
        return
    likewise = ("; ", *listed(names), _LIKEWISE[len(names) == 1]) if names else ()
    yield filled(
        _LET,
        opening="Along each axis let" if names else "Let",
        at=letter(at),
        tap=letter(tap),
        read=context.named(_read_by(made, first)),
        likewise=likewise,
        **gaps,
    )
    yield (_OUTSIDE,)


def _read_by(made: Theorem, window: NamedIndex) -> Tensor:
    """Return the tensor over which a window lies."""
    source = made.step.source
    named_indices = made.letters.named_indices
    at = {index for index, own in named_indices.items() if own.symbol == window.symbol}
    reads = (source.target, *accesses(source.value))
    base = next(read.base for read in reads if at & {*read.indices})
    return made.derivative.derivation.tensors[base]


_THROUGH = "$L$ depends on {own} only through {result}"
_PENALISED = "$L$ is the sum of {penalty} and a term that depends on {own} only through {result}"
_FUNCTION = (
    r"Suppose that {applied} for all indices, that $\varphi$ is differentiable at the entries of "
    "{own}, and that {depends}. Then"
)
_AFFINE = (
    "Suppose that {affine}, with {column} and {result} as columns, and that {depends}. Then {then}."
)

_LARGEST = {
    "": "",
    "entry of a window": "each window has a single largest entry, that ",
    "entry": "each maximum is attained by a single entry, that ",
    "term": "each maximum is attained by a single term, that ",
}
"""What is supposed of maxima, so that they have derivatives."""

_SMOOTH = {
    "": "",
    "at 0": "no entry of {own} is 0, that ",
    "elsewhere": "every term is differentiable at the given values, that ",
}
"""What is supposed of terms with kinks, so that they have derivatives."""


class Premises(NamedTuple):
    """What is said before the forward formula of a theorem, and between it and the derivative.

    Attributes:
        before: What is said before it, or before the derivative if it is not stated.
        between: What is said after it.
    """

    before: Text
    between: Text = ()


def premises(context: Context, made: Theorem, above: str | None) -> Premises:
    """Say what a theorem supposes.

    Args:
        context: The derivation.
        made: The theorem.
        above: The theorem that states how the result is computed, if an earlier one does.
    """
    supposed, depends = made.hypotheses, _depends(context, made)
    result, largest = context.named(supposed.through), _LARGEST[supposed.largest]
    own = context.named(made.derivative.tensor)
    smooth = filled(_SMOOTH[supposed.kinks], own=own) if supposed.kinks else ()
    single: Text = (*([largest] if largest else []), *smooth)
    if made.function is not None:
        printer = AllAxes(manner=context.manner)
        entry, read = map(printer.tree, (made.step.source.target, made.step.access))
        value = inline(entry, "=", applied(r"\varphi", read))
        return Premises(filled(_FUNCTION, context.letters, applied=value, own=own, depends=depends))
    if above is not None:
        computed = ("Suppose that ", *single, result, " is computed as in ", Reference(above))
        return Premises((*computed, " and that ", *depends, ". Then"))
    if made.forward is not None:
        given = ("Suppose that ", *single, result, " is given by")
        return Premises(given, ("and that ", *depends, ". Then"))
    return Premises(("Suppose that ", *single, *depends, ". Then"))


def in_matrices(context: Context, made: Theorem) -> Text:
    """State a theorem on a matrix and a column."""
    affine, own = made.affine, made.derivative.tensor
    assert affine is not None
    weight, column = (context.printed(t.base.label) for t in (affine.weight, affine.column))
    product = row(weight, column)
    if affine.shift is not None:
        product = row(product, "+", context.printed(affine.shift.base.label))
    result = context.named(affine.result)
    signal, slope = (
        context.printed(made.derivative.derivation.adjoints[t.name].base.label)
        for t in (affine.result, own)
    )
    if own == affine.weight:
        then = inline(context.partial(own.base.label), "=", signal, transposed(column))
    else:
        then = inline(slope, "=", transposed(weight), signal)
    return filled(
        _AFFINE,
        affine=inline(result.formula, "=", product),
        column=context.named(affine.column),
        result=result,
        depends=_depends(context, made),
        then=then,
    )


def transposed(matrix: Formula) -> Formula:
    """Return a matrix, or a column, transposed."""
    (letter, *more) = matrix.parts
    is_plain = not more and not isinstance(letter, Scripts)
    return row(scripts(letter if is_plain else parenthesized(matrix), sup=r"\top"))


def _depends(context: Context, made: Theorem) -> Text:
    """Say through what the loss depends on a tensor: also directly, where a penalty has it."""
    supposed, own = made.hypotheses, context.named(made.derivative.tensor)
    result = context.named(supposed.through)
    if supposed.penalty is None:
        return filled(_THROUGH, context.letters, own=own, result=result)
    factor, square = supposed.penalty.value.as_coeff_Mul()
    added = Part(supposed.penalty.loops, square, (), supposed.penalty)
    total = AllAxes(manner=context.manner).part(added, made.letters)
    penalty = inline(context.printed(factor), total)
    return filled(_PENALISED, context.letters, own=own, result=result, penalty=penalty)
