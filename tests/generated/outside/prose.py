r"""Reads what sentences state: ranges of indices, numbers, named places, functions."""

from __future__ import annotations

import re
from collections.abc import Iterator

_INLINE = re.compile(r"(?<!\\)\$(.*?)(?<!\\)\$", re.DOTALL)
_LIST = re.compile(r"([a-z]) = (-?\d+(?:, (?:\d+|\\dots))*)(?![\d(])")
_BETWEEN = re.compile(r"(-?\d+) \\le ([a-z](?:, [a-z])*) \\le (\d+)")
_ONE_VALUE = re.compile(r"[Tt]he ind(?:ex|ices) ([^.;:]*?) takes? one value")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ONE_SUM = re.compile(rf"In the ({'|'.join(_ORDINALS)}) sum ([^.]*)\.")
_NUMBER = re.compile(r"([A-Z](?:_\{[a-z]+\})?'*(?:_\{[a-z]+\})?) = (-?\d+)")
_PLACE = re.compile(r"([a-z]_\{[a-z]+\}) = (.*)")
_LIKEWISE = re.compile(r"and likewise ((?:\$[^$]*\$(?:, | and )?)+)")
_FUNCTION = re.compile(r"\\varphi('?)\\left\(([a-z])\\right\) = (.*)", re.DOTALL)


def inline(text: str) -> list[str]:
    """Return the formulas that stand in sentences."""
    return [" ".join(found.split()) for found in _INLINE.findall(text)]


def ranges_of_sums(text: str) -> dict[int, dict[str, range]]:
    """Return what indices run over in one sum alone, by the number of that sum from 0."""
    return {_ORDINALS.index(one[1]): ranges(one[2]) for one in _ONE_SUM.finditer(text)}


def ranges(text: str, base: int = 1) -> dict[str, range]:
    """Return what indices run over, as a text says it of all sums."""
    text = _ONE_SUM.sub("", text)
    found: dict[str, range] = {}
    for formula in inline(text):
        for part in re.split(r",\s*\\;\s*", formula):
            if whole := _LIST.fullmatch(part):
                first, *_, last = [whole[2].split(", ")[0], *whole[2].split(", ")]
                found[whole[1]] = range(int(first), int(last) + 1)
            elif between := _BETWEEN.fullmatch(part):
                values = range(int(between[1]), int(between[3]) + 1)
                found |= dict.fromkeys(between[2].split(", "), values)
    for listed in _ONE_VALUE.findall(text):
        found |= {name: range(base, base + 1) for name in inline(listed)}
    return found


def numbers(text: str) -> dict[str, int]:
    """Return what letters such as S and N_{j} are said to be."""
    found = (_NUMBER.fullmatch(formula) for formula in inline(text))
    return {one[1]: int(one[2]) for one in found if one}


def places(text: str) -> dict[str, str]:
    """Return the definitions of named indices such as i_{u}; what is likewise is made so."""
    found = _defined(text)
    for likewise in _LIKEWISE.finditer(text):
        first, definition = list(_defined(text[: likewise.start()]).items())[-1]
        for name in inline(likewise[1]):
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
    yield from re.findall(r"\$(R\^\{[^$]*\})\$ is 1 over their number", text)


def constants(text: str) -> dict[str, float]:
    """Return the letters that are said to be decimals, such as epsilon."""
    found = re.findall(r"(\\varepsilon) = (\d+(?:(?:\.|\{,\})\d+)?)", text)
    return {letter: float(number.replace("{,}", ".")) for letter, number in found}


def learning_rate(text: str) -> float | None:
    """Return the learning rate, if it is stated."""
    found = re.search(r"\\eta = (-?[\d.]+)", text)
    return float(found[1]) if found else None
