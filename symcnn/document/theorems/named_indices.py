"""What the named indices of theorems are: those that windows read, and those that count in groups.

With the window at i, its entry u lies at i_u; channel m of group g is the channel k_gm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sympy import Symbol

from symcnn.derivation import Step
from symcnn.document.blocks import Inline, Reference, Text
from symcnn.document.context import Context
from symcnn.document.facts.letters import Letters, NamedIndex
from symcnn.document.facts.patterns import groups
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import filled, listed
from symcnn.writing.printing.names import named

_READS = "With the window at position {at}, its entry {tap} lies at position "
_MEANS = (
    "; {stride} is the stride, {dilation} the dilation, which is the distance between "
    "neighbouring entries of the window, and {padding} the padding in front of the tensor. "
    "Positions outside the tensor are left out."
)
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
    context: Context, letters: Letters, step: Step, number: str, mentioned: Mentioned
) -> Iterator[Text]:
    """Define the indices that have names; of those that are defined say where."""
    named_indices = letters.named_indices.values()
    known = {index: mentioned.define(index.symbol, index, number) for index in named_indices}
    new = [index for index, where in known.items() if where is None]
    windows, runs = [p for p in new if p.padding], [p for p in new if not p.padding]
    if windows:
        meaning = filled(_MEANS, **_numbers_of(windows)) if mentioned.first(_MEANS) else (".",)
        yield *_windows(windows, context.style.index_base), *meaning
    if said := _channels(context, letters, step, runs):
        yield said
        mentioned.said.update(size for run in runs for sizes, _ in run.terms for size in sizes)
    elif runs:
        defined = [Inline(index.definition(context.style.index_base)) for index in runs]
        yield ("Counted in row-major order, an entry has the number ", *listed(defined), ".")
    yield from _sizes(letters, mentioned)
    for where in dict.fromkeys(where for where in known.values() if where is not None):
        same = [letter(index.symbol) for index, found in known.items() if found == where]
        yield (*listed(same), f" {'are' if len(same) > 1 else 'is'} as in ", Reference(where), ".")


def _sizes(letters: Letters, mentioned: Mentioned) -> Iterator[Text]:
    """Say what letters for the number of an index's values are, each once."""
    split = ((size, size.name.partition("_")) for size in letters.numbers)
    found = {s: loop for s, (sign, _, loop) in split if sign in ("N", "N'") and mentioned.first(s)}
    if found:
        says = "are the numbers" if len(found) > 1 else "is the number"
        loops = listed([Inline(named(loop)) for loop in found.values()])
        yield (*listed([*map(letter, found)]), f" {says} of values of ", *loops, ".")


def _channels(
    context: Context,
    letters: Letters,
    step: Step,
    defined: Collection[NamedIndex],
) -> Text:
    """Define the channels of groups, if they are what is to be defined."""
    parameters = {tensor.base for tensor in context.derivation.network.parameters}
    found = groups(step.source, parameters)
    if found is None:
        return ()
    made, read = (letters.named_indices.get(e.indices[-1]) for e in (step.source.target, found.of))
    if made is None or read is None or {made, read} != {*defined}:
        return ()
    (sizes, group), (_, channel) = made.terms
    if made == read:
        return filled(
            _SAME_GROUPS,
            group=letter(group),
            channel=letter(channel),
            made=Inline(made.definition(context.style.index_base)),
            channels=letter(*sizes),
        )
    (others, _), (_, entry) = read.terms
    tensors, base = context.derivation.tensors, context.style.index_base
    return filled(
        _GROUPS,
        group=letter(group),
        channel=letter(channel),
        entry=letter(entry),
        made=Inline(made.definition(base)),
        read=Inline(read.definition(base)),
        channels=letter(*sizes),
        entries=letter(*others),
        result=context.named(tensors[step.source.target.base]),
        input=context.named(tensors[found.of.base]),
    )


def letter(symbol: Symbol) -> Inline:
    """Return a symbol as it stands in sentences."""
    return Inline(named(symbol.name))


def _windows(indices: Sequence[NamedIndex], base: int) -> Text:
    """Say what a window reads along each axis."""
    first = indices[0]
    (_, at), (_, tap) = first.terms
    alike = len({(p.terms[0][0], p.terms[1][0], p.padding) for p in indices}) == 1
    shown = [first] if alike else indices
    likewise = [letter(index.symbol) for index in indices[len(shown) :]]
    return (
        *filled(_READS, at=letter(at), tap=letter(tap)),
        *listed([Inline(index.definition(base)) for index in shown]),
        *([", and likewise ", *listed(likewise)] if likewise else []),
    )


def _numbers_of(indices: Sequence[NamedIndex]) -> dict[str, Inline]:
    """Return the letters of the stride, the dilation and the padding of windows."""
    ((stride,), _), ((dilation,), _) = indices[0].terms
    letters = {"stride": stride, "dilation": dilation, "padding": indices[0].padding}
    return {name: _family(symbol) for name, symbol in letters.items()}


def _family(symbol: Symbol | None) -> Inline:
    """Return S for S and for S_i."""
    assert symbol is not None
    return Inline(named(symbol.name.partition("_")[0]))
