"""Words and small formulas that several sections use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from symcnn.derivation import Derivation
from symcnn.document.blocks import Inline, Part, Text
from symcnn.document.context import Context
from symcnn.document.words.sentences import spelled
from symcnn.equations import Loop, Tensor, accesses
from symcnn.equations.values import exact
from symcnn.network.losses import Loss
from symcnn.network.network import Network
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.reader import prose
from symcnn.writing.printing import subscripts

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def times(shape: Sequence[int]) -> Inline:
    """Return 3 x 1 x 1."""
    return Inline(product(shape, r"\times"))


def product(sizes: Sequence[int], sign: str = r"\cdot") -> Formula:
    """Return whole numbers with a sign between them."""
    return joined([*map(str, sizes)], sign)


def ranges(context: Context, loops: Iterable[Loop]) -> Inline:
    """Return i = 1, ..., 3; k = 1, 2."""
    return Inline(subscripts.ranges(loops, context.style.index_base))


def wherever(context: Context, loops: Collection[Loop]) -> Text:
    """Return , for i = 1, ..., 3, or nothing where there is but one case."""
    return (", for ", ranges(context, loops)) if loops else ()


def noun(tensor: Tensor) -> str:
    """Return what a tensor is called in a sentence: by default the last part of its name."""
    return tensor.noun or tensor.name.rpartition(".")[2].replace("_", " ")


def called(name: str) -> str:
    """Return conv1, and the layer a: a name without a number may be a word."""
    return name if name[-1:].isdigit() else f"the layer {name}"


def meaning(tensor: Tensor) -> str:
    """Say what a tensor is: the input, the weight of conv1, the log-sum-exp of the loss."""
    owner, part = tensor.name.rpartition(".")[0], noun(tensor)
    owner = "the loss" if owner == "loss" else owner
    meanings = {
        "input": "the input",
        "target": "the given gradient" if tensor.name == "gradient" else f"the {tensor.name}",
        "loss": "the loss",
        "auxiliary": f"the {part} of {owner}",
        "given": f"the {part} of {owner}",
        "constant": f"the {part} of {owner}",
        "hidden": f"the output of {tensor.name}",
        "parameter": f"the {part} of {owner}",
    }
    return meanings[tensor.role]


def loss_name(loss: Loss) -> str:
    """Return half squared error for HalfSquaredError, and softmax cross-entropy."""
    name = type(loss).__name__
    words = re.sub(r"(?<=.)(?=[A-Z])", " ", name).lower()
    called: str = vars(type(loss)).get("called", words.replace("cross entropy", "cross-entropy"))
    return called


def listed(names: Sequence[Inline]) -> tuple[str | Inline, ...]:
    """Return a, b and c."""
    parts: list[str | Inline] = []
    for left, name in enumerate(names, start=1 - len(names)):
        parts += [name, *([] if left == 0 else [", " if left < -1 else " and "])]
    return tuple(parts)


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return 1 layer, 2 layers; or 1 entry, 2 entries, whose plural is given."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def with_parameters(number: int) -> str:
    """Return with two parameters, or with no parameters."""
    return f"with {in_words(number, 'parameter') if number else 'no parameters'}"


def enumerated(words: Sequence[str]) -> str:
    """Return words as a list: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def in_words(number: int, noun: str) -> str:
    """Return one layer, two layers, 21 layers."""
    return f"{spelled(number)} {noun if number == 1 else f'{noun}s'}"


def separated(context: Context, parts: Iterable[Part]) -> Text:
    """Return a, b, c; after decimal commas a; b; c."""
    comma = f"{context.separator} "
    return tuple(x for part in parts for x in (comma, part))[1:]


def ordinal(number: int) -> str:
    """Return first for 0, second for 1."""
    return _ORDINALS[number] if number < len(_ORDINALS) else f"{number + 1}th"


def learned_number(network: Network) -> str:
    """Return what a learned number is called: a weight, or a parameter where there are biases."""
    return "parameter" if network.has_biases else "weight"


def every_derivative(network: Network) -> str:
    """Return the heading above the derivatives with respect to all parameters."""
    return f"Every {learned_number(network)}'s derivative"


def way_back(derivation: Derivation) -> str:
    """Return how far error signals go: an input of indices has none."""
    return "the input" if "x" in derivation.adjoints else "the first layer"


def over_samples(context: Context) -> str:
    """Return "the mean over the 3 samples of ", or nothing where there is one sample.

    What is summed over further axes of an output, such as the places of a sequence, is said too.
    """
    network = context.derivation.network
    samples, how = network.batch or 1, reduction(context)
    over = f"the {how} over the {samples} samples of " if how else ""
    places = network.output.of_one_sample().shape[:-1]
    return f"{over}the sum over all positions of " if any(n > 1 for n in places) else over


def reduction(context: Context) -> str:
    """Return "mean" or "sum" if the loss is that of the losses of several samples."""
    samples = context.derivation.network.batch or 1
    share = context.derivation.network.loss.share(samples)
    return ("sum" if share == 1 else "mean" if share * samples == 1 else "") * (samples > 1)


def is_penalised(network: Network) -> bool:
    """Tell whether a penalty on weights is added to the loss: a network may have no weights."""
    weights = {tensor.base for tensor in network.parameters}
    own = (e for e in network.loss_stage.equations if e.target.base == network.loss_tensor.base)
    reads = any(read.base in weights for e in own for read in accesses(e.value))
    return reads and bool(getattr(network.loss, "l2", 0))


def described_loss(network: Network) -> str:
    """Name the loss: squared error, mean over the samples, plus a penalty."""
    loss, given = network.loss, network.loss_stage.given
    of_product = given is not None and given.name == "gradient"
    named = "inner product of output and gradient" if of_product else loss_name(loss)
    reduction = getattr(loss, "reduction", None)  # a loss of one's own may have none
    many = (network.batch or 1) > 1 and reduction is not None
    penalty = "plus an L2 penalty" if is_penalised(network) else ""
    return ", ".join(
        filter(None, (named, f"{reduction} over the samples" if many else "", penalty))
    )


def penalty(context: Context) -> Text:
    """Return "an L2 penalty (weight decay) on the weights, with factor 0.1", if there is one."""
    network = context.derivation.network
    if not is_penalised(network):
        return ()
    factor = context.numerals(exact(network.loss.l2, "l2")).formula
    return "an L2 penalty (weight decay) on the weights, with factor ", Inline(factor)


def with_formulas(words: str) -> Text:
    """Return words with the formulas that stand in them between dollar signs."""
    return tuple(p if isinstance(p, str) else Inline(p) for p in prose(words))
