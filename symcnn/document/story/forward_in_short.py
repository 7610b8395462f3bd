"""The forward pass in short: the formula of each tensor, and all numbers as matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.document.blocks import Block, Inline, Rows, Text, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.operation import Operation
from symcnn.document.rows.general import with_ranges
from symcnn.document.rows.matrices import Quantity, followed
from symcnn.document.story.brackets import bracketed, outside
from symcnn.document.story.question import which_matrices
from symcnn.document.story.short import is_long, is_overview, of_one, read_on_the_way
from symcnn.document.story.symbols import key_of, roundings, rounds_forward
from symcnn.document.theorems.functions import constants_of
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import called
from symcnn.equations import Tensor


def rules(context: Context, shown: Sequence[Operation]) -> Iterator[Block]:
    """Give each tensor's formula: in numbers too where it has but one entry."""
    rows = (
        of_one(context, made.result, made.general)
        if made.is_number
        else with_ranges(context, made.general)
        for made in shown
    )
    yield Rows(tuple(rows))


def conventions(
    context: Context, shown: Sequence[Operation], mentioned: Mentioned
) -> Iterator[Block]:
    """Say what statistics are called, and what formulas take for granted."""
    conditions = bracketed((made.general for made in shown if not made.is_number), mentioned)
    borders = outside(shown)
    rounded = roundings(context) if rounds_forward(context) else ()
    every = [equation.value for equation in context.derivation.network.equations]
    constants = constants_of(context, every, Mentioned())
    here = [*_statistics(context), *([constants] if constants else [])]
    said = joined((_in_one(here), borders, conditions, rounded))
    several = which_matrices(context) if is_overview(context) else ((), ())
    told, open_ = (joined((said, which)) for which in several)
    if told:
        yield paragraph(*told, asked=open_ if open_ != told else None)


def _in_one(sentences: Sequence[Text]) -> Text:
    """Put sentences each of which begins with "Here" into one, parted by semicolons."""
    first, *others = sentences or [()]
    text = list(first)
    for sentence in others:
        opening, closing = sentence[0], text[-1]
        if not isinstance(opening, str) or not isinstance(closing, str):
            return joined(sentences)
        parts = opening.removeprefix("Here ")
        text[-1:] = [closing.removesuffix(".") + "; ", *([parts] if parts else []), *sentence[1:]]
    return tuple(text)


def _statistics(context: Context) -> Iterator[Text]:
    """Say which letter is the mean and which the variance of a layer, for each that has any."""
    network = context.derivation.network
    owners = [(called(stage.output.name), stage.auxiliaries) for stage in network.stages]
    for owner, auxiliaries in (*owners, ("the loss", network.loss_stage.auxiliaries)):
        own = [t for t in auxiliaries.values() if context.style.shows(t.name)]
        if own:
            yield _of_softmax(context, own) or ("Here ", *_listed(context, own), f" of {owner}.")


def _of_softmax(context: Context, own: Sequence[Tensor]) -> Text:
    """Say of what a log-sum-exp is, if it is that of a softmax, and that this is its softmax."""
    normaliser, *others = own
    for made in context.operations.values():
        if made.name not in {"softmax", "log-softmax"} or made.part("normaliser") != normaliser:
            continue
        if others in ([], [made.result]):
            said = _SOFTMAX if others else _LOG_SUM_EXP
            gaps = {"l": normaliser, "p": made.result, "x": made.part("x")}
            return filled(said, **{key: context.named(tensor) for key, tensor in gaps.items()})
    return ()


_LOG_SUM_EXP = "Here {l} is the log-sum-exp of {x}."
_SOFTMAX = "Here {l} is the log-sum-exp of {x} and {p} its softmax."


def _listed(context: Context, tensors: list[Tensor]) -> Iterator[str | Inline]:
    """Return: mu is the mean, V the variance and x the normalised input."""
    for place, tensor in enumerate(tensors):
        between = "" if not place else " and " if place == len(tensors) - 1 else ", "
        key = key_of(tensor)
        verb = "" if place else " are" if key.endswith("s") else " is"
        yield from (between, context.named(tensor), f"{verb} the {key}")


def matrices(context: Context, shown: Sequence[Operation]) -> Iterator[Quantity]:
    """Give what is new as matrices; of many entries, those that one weight's figures are made of.

    What is one number is worked out, and what renames is another tensor's.
    """
    needed = read_on_the_way(context) if is_long(context) else None
    for made in shown:
        is_new = not (made.is_number or made.renames)
        if is_new and (needed is None or made.result.name in needed):
            whole = Quantity(made.result)
            yield followed(context, whole) if is_overview(context) else whole
