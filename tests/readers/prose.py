r"""Reads what sentences state: numbers, named places, functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_INLINE = re.compile(r"(?<!\\)\$(.*?)(?<!\\)\$", re.DOTALL)
_BRACKET = re.compile(r"(?<!\\left)\[([^\[\]]*,\\allowbreak\\;[^\[\]]*)\]")
_NUMBER = re.compile(r"([A-Z](?:_\{[a-z]+\})?'*(?:_\{[a-z]+\})?) = (-?\d+)")
_PLACE = re.compile(r"([a-z]_\{[a-z]+\}) = (.*)")
_LIKEWISE = re.compile(
    r"and likewise ((?:\$[^$]*\$(?:, | and )?)+)"
    r"|; ((?:\$[^$]*\$(?:, | and )?)+) (?:is|are) defined in the same way"
)
_SETTING = re.compile(r"\b(stride|dilation|padding)[ ~](\d+|\(\d+(?:,[ ~]\d+)*\))")
_USUAL = {"stride": ("S", 1), "dilation": ("D", 1), "padding": ("P", 0)}
_FUNCTION = re.compile(r"\\varphi('?)\\left\(([a-z]|\\[a-z]+)\\right\) = (.*)", re.DOTALL)
_DEFINED = re.compile(r"(\\sigma|\\Phi)\\left\(([a-z]|\\[a-z]+)\\right\) = (.*)", re.DOTALL)

_SMALL = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_OPENING = re.compile(
    r"inputs? \$(?P<x>[^$]*)\$, of shape \$(?P<shape>[^$]*)\$, passes through [^$]*?"
    r"(?:compared with the (?P<target>target) \$(?P<t>[^$]*)\$, which gives |to )the loss "
    r"\$(?P<loss>[^$]*)\$(?: \([^()$]*\))?(?P<given>(?:,? (?:and|given) the \w+ \$[^$]*\$)*)\."
)
_GIVEN = re.compile(r"the (\w+) \$([^$]*)\$")
_DIGITS = re.compile(r"rounded to (\w+) significant digits")

_FORETOLD = re.compile(
    r"The squared derivatives sum to \$([^$]*)\$\. To first order, the step changes the "
    r"loss by \$-\\eta\$ times this sum, from \$([^$]*)\$ to \$([^$]*)\$\. "
    r"In fact, it (?:falls to|stays at|rises to) \$([^$]*)\$"
)
_TAKES = re.compile(
    r"one step of gradient descent takes \$([^$]*)\$ to \$([^$]*)\$ and the loss from "
    r"\$([^$]*)\$ to \$([^$]*)\$\."
)
BEFORE, AFTER = "Loss before the step", "Loss after the step"
SQUARES, FORETOLD = "Sum of the squared derivatives", "Loss predicted to first order"


def inline(text: str) -> list[str]:
    """Return the formulas that stand in sentences."""
    return [_BRACKET.sub(_grown, " ".join(found.split())) for found in _INLINE.findall(text)]


def _grown(found: re.Match[str]) -> str:
    """Return a bracket that a line may end in as it is written elsewhere."""
    return rf"\left[{found[1].replace(chr(92) + 'allowbreak', '')}\right]"


def numbers(text: str) -> dict[str, int]:
    """Return what letters such as S and N_{j} are said to be."""
    found = (_NUMBER.fullmatch(formula) for formula in inline(text))
    return {one[1]: int(one[2]) for one in found if one}


def geometry(text: str) -> dict[str, tuple[int, ...]]:
    """Return the stride S, the dilation D and the padding P, of all axes or axis by axis."""
    found = {letter: (usual,) for letter, usual in _USUAL.values()}
    for name, value in _SETTING.findall(text):
        found[_USUAL[name][0]] = tuple(map(int, re.findall(r"\d+", value)))
    return found


def along(place: str, axis: int, settings: dict[str, tuple[int, ...]]) -> str:
    """Put the settings of an axis into the definition of an index: i_u = S (i - 1) + D (u - 1)."""
    for letter, values in settings.items():
        value = str(values[axis if len(values) > 1 else 0])
        place = re.sub(rf"(?<![\\A-Za-z]){letter}'?(?![A-Za-z_])", f"{value} ", place)
    return place


def places(text: str) -> dict[str, str]:
    """Return the definitions of named indices such as i_{u}; what is likewise is made so."""
    text = " ".join(text.split())
    found = _defined(text)
    for likewise in _LIKEWISE.finditer(text):
        first, definition = list(_defined(text[: likewise.start()]).items())[-1]
        for name in inline(likewise[1] or likewise[2]):
            found[name] = _with_letters(definition, _letters(first), _letters(name))
    return found


def _defined(text: str) -> dict[str, str]:
    return dict(one.groups() for one in map(_PLACE.fullmatch, inline(text)) if one)


def _letters(name: str) -> tuple[str, ...]:
    position, _, entry = name.partition("_")
    return position, entry.strip("{}")


def _with_letters(definition: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    letters = dict(zip(old, new, strict=True))
    return re.sub(r"(?<![\\a-zA-Z])[a-z](?![a-z])", lambda m: letters.get(m[0], m[0]), definition)


def functions(text: str) -> dict[str, tuple[str, str]]:
    r"""Return the argument and the formula of \\varphi and its derivative, by "" and "'"."""
    found = (_FUNCTION.fullmatch(formula) for formula in inline(text))
    return {one[1]: (one[2], one[3]) for one in found if one}


def shared_in_parts(text: str) -> Iterator[str]:
    """Return the routings that share equally between ties."""
    text = " ".join(text.split())
    yield from re.findall(r"\$(R\^\{[^}]*\})(?:_\{[^$]*\})?\$ is 1 over the number", text)


def says_what_is_outside(text: str) -> bool:
    """Tell whether a text says what happens to terms whose indices lie outside a tensor."""
    said = r"indices lie outside .* are omitted|vanish and are omitted|takes no part in the m"
    return re.search(said, " ".join(text.split())) is not None


def constants(text: str) -> dict[str, float]:
    """Return the letters that are said to be decimals, such as epsilon."""
    found = re.findall(r"(\\varepsilon) = (\d+(?:(?:\.|\{,\})\d+)?)", text)
    return {letter: float(number.replace("{,}", ".")) for letter, number in found}


def counts(text: str) -> tuple[int, int] | None:
    """Return how many layers and parameters a network is said to have."""
    found = re.search(r"passes through ([\w,]+) layers? with ([\w,]+) parameters?", text)
    return (count(found[1]), count(found[2])) if found else None


def count(word: str) -> int:
    """Return a number that is written in words, or in figures."""
    small = "two" if word == "Both" else word.lower()
    return _SMALL.index(small) if small in _SMALL else int(word.replace(",", ""))


def ordinal(word: str) -> int:
    """Return 0 for first, 1 for second."""
    return _ORDINALS.index(word) if word in _ORDINALS else int(word.removesuffix("th")) - 1


class Opening(NamedTuple):
    """The letters of what goes in and comes out; of what is given, by what it is called."""

    x: str
    shape: str
    loss: str
    given: dict[str, str]


def opening(text: str) -> Opening | None:
    """Return the letters that are given to the input, the loss, and what it depends on."""
    if (found := _OPENING.search(" ".join(text.split()))) is None:
        return None
    target = {found["target"]: found["t"]} if found["target"] else {}
    given = {**target, **dict(_GIVEN.findall(found["given"]))}
    return Opening(found["x"], found["shape"], found["loss"], given)


def digits(text: str) -> int | None:
    """Return to how many digits figures are said to be rounded."""
    found = _DIGITS.search(" ".join(text.split()))
    return count(found[1]) if found else None


def step(text: str) -> dict[str, str]:
    """Return the losses between which one step leads, by what tables call them."""
    if found := re.search(r"The loss is \$(.*?)\$ before the step and \$(.*?)\$ after it\.", text):
        return dict(zip((BEFORE, AFTER), found.groups(), strict=True))
    if found := _TAKES.search(text):
        return dict(zip((BEFORE, AFTER), found.groups()[2:], strict=True))
    if found := _FORETOLD.search(text):
        return dict(zip((SQUARES, BEFORE, FORETOLD, AFTER), found.groups(), strict=True))
    return {}


def moved(text: str) -> tuple[str, str] | None:
    """Return the weight that one step moves, and what it is then, if that is said."""
    found = _TAKES.search(text)
    return None if found is None else (found[1], found[2])


def is_lower(text: str) -> bool | None:
    """Return whether the loss is said to be lower after a step, if that is said."""
    found = re.search(
        r"Recomputed .*?, the loss .*?(has decreased|is the same|has increased)"
        r"|In fact, it (falls to|stays at|rises to)",
        text,
    )
    return None if found is None else (found[1] or found[2]) in ("has decreased", "falls to")


def definitions(text: str) -> Iterator[tuple[str, str, str]]:
    r"""Return functions such as \sigma, with their arguments and what they are defined as."""
    found = (_DEFINED.fullmatch(formula) for formula in inline(text))
    yield from (one.groups() for one in found if one)


def learning_rate(text: str) -> float | None:
    """Return the learning rate, if it is stated."""
    found = re.search(r"\\eta = (-?[\d.]+)", text)
    return float(found[1]) if found else None
