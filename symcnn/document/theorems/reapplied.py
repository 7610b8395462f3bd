r"""A theorem that was stated for other letters: which tensors take their places.

\delta^{a}_m = \sum_q \delta^{z}_q w_{qm}  holds as well with x, y and v in place of a, z and w.
"""

from __future__ import annotations

from sympy import Symbol

from symcnn.derivation import Step
from symcnn.document import theorems
from symcnn.document.blocks import Reference, Text
from symcnn.document.context import Context
from symcnn.document.theorems.named_indices import letter
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import listed
from symcnn.equations import Tensor


def stated_for(
    context: Context, made: theorems.Theorem, step: Step, number: str, mentioned: Mentioned
) -> None:
    """Note which tensors a theorem is stated for, and with which indices."""
    mentioned.letters[number] = _named(context, made, step)
    mentioned.indices[number] = _indices(made)


def applied_again(
    context: Context, made: theorems.Theorem, step: Step, number: str, mentioned: Mentioned
) -> Text:
    """Say that a theorem applies again, and with which letters in place of its own."""
    pairs = zip(_named(context, made, step), mentioned.letters[number], strict=False)
    other = [(new, old) for new, old in pairs if new != old]
    resized = not made.says_more and any(new.shape != old.shape for new, old in other)
    again = " holds for tensors of any size; it applies again" if resized else " applies again"
    if not other:
        return Reference(number), f"{again}."
    new, old = (
        listed([context.named(tensor) for tensor in side]) for side in zip(*other, strict=True)
    )
    indices = _other_indices(made, mentioned.indices[number])
    return Reference(number), f"{again}, with ", *new, " in place of ", *old, *indices, "."


def _other_indices(made: theorems.Theorem, stated: tuple[Symbol, ...]) -> Text:
    """Say which indices are others: of a theorem whose indices are made of them."""
    own = _indices(made) if made.letters.named_indices else ()
    other = [(new, old) for new, old in zip(own, stated, strict=False) if new != old]
    if not other or len(own) != len(stated):
        return ()
    new, old = (listed([letter(index) for index in side]) for side in zip(*other, strict=True))
    return (", and ", *new, " in place of ", *old)


def _indices(made: theorems.Theorem) -> tuple[Symbol, ...]:
    """Return the indices of a derivative: those on the left, then those of its sums."""
    loops = (loop for part in made.backward.parts for loop in part.loops)
    return tuple(dict.fromkeys(loop.symbol for loop in (*made.backward.free, *loops)))


def _named(context: Context, made: theorems.Theorem, step: Step) -> tuple[Tensor, ...]:
    """Return the tensors that a theorem names; of a function's, no others than its two."""
    result, own, *others = theorems.tensors_of(step, context.derivation)
    return (own, result, *(() if made.function else others))
