"""What a theorem starts from: its named indices, and what it assumes of the forward pass.

With the window at i, its entry u lies at i_u; channel m of group g is the channel k_gm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sympy import Symbol

from symcnn.document.blocks import Inline, Reference, Text, inline
from symcnn.document.context import Context
from symcnn.document.facts.letters import Letters, NamedIndex
from symcnn.document.facts.patterns import groups
from symcnn.document.theorems.rows import AllAxes
from symcnn.document.theorems.theorem import Hypotheses, Theorem
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Loop
from symcnn.writing.formula.build import applied
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
    context: Context, made: Theorem, number: str, mentioned: Mentioned
) -> Iterator[Text]:
    """Define the indices that have names; of those that are defined say where."""
    named_indices = made.letters.named_indices.values()
    known = {index: mentioned.define(index.symbol, index, number) for index in named_indices}
    new = [index for index, where in known.items() if where is None]
    windows, runs = [p for p in new if p.padding], [p for p in new if not p.padding]
    if windows:
        meaning = filled(_MEANS, **_numbers_of(windows)) if mentioned.first(_MEANS) else (".",)
        yield *_windows(windows, context.style.index_base), *meaning
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


def _sizes(letters: Letters, mentioned: Mentioned) -> Iterator[Text]:
    """Say what letters for the number of an index's values are, each once."""
    split = ((size, size.name.partition("_")) for size in letters.numbers)
    found = {s: loop for s, (sign, _, loop) in split if sign in ("N", "N'") and mentioned.first(s)}
    if found:
        says = "are the numbers" if len(found) > 1 else "is the number"
        loops = listed([Inline(named(loop)) for loop in found.values()])
        yield (*listed([*map(letter, found)]), f" {says} of values of ", *loops, ".")


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
    """Return the letters of the stride, the dilation and the padding of windows: S of S_i, too."""
    ((stride,), _), ((dilation,), _) = indices[0].terms
    letters = {"stride": stride, "dilation": dilation, "padding": indices[0].padding}
    families = {name: str(symbol).partition("_")[0] for name, symbol in letters.items()}
    return {name: Inline(named(family)) for name, family in families.items()}


_ALONE = "$L$ depends on {own} {ways}"
_FIRST = f"If the first formula holds{{each}},{{single}} and {_ALONE}, the second holds{{every}}."
_ABOVE = f"If {{result}} is computed as in {{theorem}},{{single}} and {_ALONE}, then{{every}}"
_SEVERAL = f"If {_ALONE}, as in the forward pass, then{{every}}"
_FUNCTION = f"If {{applied}} for every entry, and {_ALONE}, then"

_LARGEST = {
    "": "",
    "entry": " each window has a single largest entry,",
    "term": " each maximum has a single largest term,",
}
"""What is supposed of maxima, so that they have derivatives."""


def assumptions(context: Context, made: Theorem, above: str | None) -> Text:
    """Say what a theorem assumes, and for which indices its derivative then holds.

    Args:
        context: The derivation.
        made: The theorem.
        above: The theorem that states how the result is computed, if an earlier one does.
    """
    supposed = made.hypotheses
    named: dict[str, str | Inline | Text] = {
        "own": context.named(made.derivative.tensor),
        "ways": _ways(context, supposed),
        "single": _LARGEST[supposed.largest],
    }
    if made.function is not None:
        printer = AllAxes(manner=context.manner)
        entry, read = map(printer.tree, (made.step.source.target, made.step.access))
        value = inline(entry, "=", applied(r"\varphi", read))
        return filled(_FUNCTION, context.letters, applied=value, **named)
    every: Text = _for_all(made.backward.free)
    if made.forward is not None:
        order = {loop.symbol: place for place, loop in enumerate(made.backward.free)}
        free = sorted(made.forward.free, key=lambda loop: order.get(loop.symbol, -1))
        each = _for_all(free)
        return filled(_FIRST, context.letters, each=each, every=every, **named)
    every = (",", *every, ",") if every else ()
    if above is None or len(made.derivative.steps) > 1:
        return filled(_SEVERAL, context.letters, every=every, **named)
    (result,), theorem = supposed.through, (Reference(above),)
    named |= {"result": context.named(result), "theorem": theorem}
    return filled(_ABOVE, context.letters, every=every, **named)


def alone(context: Context, made: Theorem, over: Inline | None) -> Text:
    """Say through which tensors the loss depends on one, of a theorem that says nothing else.

    Args:
        context: The derivation.
        made: The theorem.
        over: What the indices of its formula run over.
    """
    own, ways = context.named(made.derivative.tensor), _ways(context, made.hypotheses)
    every: Text = (", for ", over) if over else ()
    return (*filled(f"Since {_ALONE}", context.letters, own=own, ways=ways), *every, ":")


def _ways(context: Context, supposed: Hypotheses) -> Text:
    """Say through what the loss depends on a tensor: also directly, where a penalty has it."""
    results = [*map(context.named, supposed.through)]
    through: Text = ("through ", *listed(results), " alone") if results else ("alone",)
    return ("directly and otherwise ", *through) if supposed.directly else through


def _for_all(free: Sequence[Loop]) -> Text:
    """Return for all m and k."""
    letters = [letter(loop.symbol) for loop in free]
    return (" for all ", *listed(letters)) if letters else ()
