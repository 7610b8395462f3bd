"""Letters in settings, and numbers in their place: Conv2D(F, K, stride=S) at {F: 3, ...}.

Sizes have letters for integers, and other settings letters for real numbers: ELU(alpha).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from sympy import Expr, Le, Symbol, sympify
from sympy.core.relational import Relational

from symcnn.equations.sizes.proof import is_at_least
from symcnn.equations.sizes.symbol import (
    Size,
    is_made_of_sizes,
    is_real_letter,
    is_size,
    is_symbolic,
    letters_in,
    plain,
)
from symcnn.errors import SymcnnError, shown


def letters_of(made: Any) -> tuple[Symbol, ...]:
    """Return the letters for sizes in the settings of a network, in their order."""
    return letters_in(*_expressions(made))


def real_letters_of(made: Any) -> tuple[Symbol, ...]:
    """Return the letters for real numbers in the settings of a network, in their order."""
    found = (sorted(e.free_symbols, key=str) for e in _expressions(made))
    return tuple(dict.fromkeys(s for symbols in found for s in symbols if is_real_letter(s)))


def instantiated(made: Any, numbers: Mapping[Symbol, Any]) -> Any:
    """Return a network, a layer or a shape with numbers in place of letters.

    Raises:
        SymcnnError: If what is replaced is no letter for a size or a real number, or what replaces
            it no number that the letter allows.
    """
    for letter, number in numbers.items():
        _check_real(letter, number) if is_real_letter(letter) else _check(letter, number)
    return put(made, {letter: sympify(number) for letter, number in numbers.items()})


def _expressions(made: Any) -> Iterator[Expr]:
    if isinstance(made, Expr):
        yield made
    elif is_dataclass(made):
        for field in fields(made):
            yield from _expressions(getattr(made, field.name))
    elif isinstance(made, tuple | list):
        for part in made:
            yield from _expressions(part)


def put(made: Any, numbers: Mapping[Symbol, Expr]) -> Any:
    """Put numbers in place of letters wherever they occur in data."""
    if isinstance(made, Expr):
        return plain(made.xreplace(numbers))
    if isinstance(made, tuple | list):
        return type(made)(put(part, numbers) for part in made)
    if not is_dataclass(made) or isinstance(made, type):
        return made
    own = {field.name: getattr(made, field.name) for field in fields(made) if field.init}
    new = {name: put(value, numbers) for name, value in own.items()}
    return replace(made, **{name: new[name] for name in new if new[name] is not own[name]})


def _check(letter: Any, number: Any) -> None:
    if not is_size(letter):
        raise SymcnnError(
            f"{shown(str(letter))} is not the letter of a size: give one of the network's"
        )
    least = 1 if letter.is_positive else 0
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        raise SymcnnError(
            f"{letter} = {shown(number)} is invalid: give an integer that is at least {least}"
        )


def _check_real(letter: Symbol, number: Any) -> None:
    value = sympify(number) if isinstance(number, int | float | Expr) else None
    if value is None or not (value.is_number and value.is_real) or isinstance(number, bool):
        raise SymcnnError(f"{letter} = {shown(str(number))} is invalid: give a real number")
    for known in ("is_positive", "is_nonnegative"):
        if getattr(letter, known) and not getattr(value, known):
            sign = "positive" if known == "is_positive" else "non-negative"
            raise SymcnnError(f"{letter} = {number} is invalid: give a {sign} number")


def positive_integer(value: Any, what: str) -> Size:
    """Return a positive integer; anything else is an error that names ``what``."""
    if not is_whole(value, 1):
        raise SymcnnError(f"{what} = {value!r} is invalid: give a positive integer")
    return plain(value)


def is_integer(value: Any) -> bool:
    """Tell whether a value is an integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_whole(value: Any, least: int) -> bool:
    """Tell whether a value is an integer from ``least`` on; true and false are none.

    A size with letters is one if it cannot be less, or if it depends on the letters: then what
    is said of it holds for those for which it is not less.
    """
    if is_symbolic(value):
        return is_made_of_sizes(value) and not is_at_least(-value, 1 - least)
    return is_integer(value) and bool(value >= least)


def not_above(number: Any, most: Any) -> tuple[Relational, ...]:
    """Return the condition that an integer is at most another, unless it always is."""
    if is_at_least(most - number, 0):
        return ()
    return (Le(sympify(number), sympify(most), evaluate=False),)
