"""How a library of arrays that are never modified spells what pure functions need."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from symcnn.programs.backends.jax.helpers import RESERVED
from symcnn.programs.backends.jax.operands import JaxPrinter


@dataclass(frozen=True)
class Library:
    """A library as the lowering needs it; gaps in braces hold texts.

    Attributes:
        printer: Prints expressions.
        reserved: Names that its modules have of their own.
        argument: An argument as an array of the program's type and of a shape.
        number: A number of the program's type.
        zeros: An array of zeros of a shape.
        indices: The indices along each axis of a shape.
        count: The numbers from 0 on, so many.
        truth: 1 where a comparison of arrays holds, else 0, as floats.
        one_truth: The same of a comparison of numbers.
        at_least_one: The larger of a number and 1, entry by entry.
        spellings: Pieces of text, and what stands in their place in this library.
        spreads: Whether a helper ``spread`` adds products at windows of their target.
        scans: Whether helpers ``largest`` and ``first`` find the maxima of windows.
    """

    printer: type[JaxPrinter]
    reserved: Set[str]
    argument: str
    number: str
    zeros: str
    indices: str
    count: str
    truth: str
    one_truth: str
    at_least_one: str
    spellings: tuple[tuple[str, str], ...] = ()
    spreads: bool = False
    scans: bool = False

    def spelled(self, text: str) -> str:
        """Return a statement of JAX as this library spells it."""
        for piece, own in self.spellings:
            text = text.replace(piece, own)
        return text


JAX = Library(
    printer=JaxPrinter,
    reserved=RESERVED,
    argument="jnp.asarray({0}, dtype).reshape({1})",
    number="dtype({})",
    zeros="jnp.zeros({}, dtype)",
    indices="jnp.indices({})",
    count="jnp.arange({})",
    truth="1.0*({})",
    one_truth="jnp.asarray(1.0*({}))",
    at_least_one="jnp.maximum({}, 1)",
)
