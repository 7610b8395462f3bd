"""One answer to one question, in however many boxes it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.errors import SymcnnError, shown


def one(answers: Iterable[str], quantity: str, position: Sequence[int]) -> str:
    """Return what stands in the boxes of one entry; "" if nothing does.

    Raises:
        SymcnnError: If two boxes have different answers.
    """
    given = [*dict.fromkeys(answer for answer in answers if answer not in ("", "?"))]
    if len(given) > 1:
        name = f"{quantity}[{', '.join(map(str, position))}]"
        first, other = map(shown, given[:2])
        raise SymcnnError(
            f"{name} is {first} in one box and {other} in another: correct one of them"
        )
    return given[0] if given else ""
