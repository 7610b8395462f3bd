"""What an equation adds to its target: sums, means, maxima and logarithms of sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.equations import Equation, LogSumExp, Loop, Mean, as_sum, is_maximum
from symcnn.equations.access import leads_to_different_entries
from symcnn.programs.backends.javascript.nests import Texts, nest


def added(texts: Texts, equation: Equation, *, first: bool) -> Iterator[str]:
    """Write what adds an equation to its target, which holds zeros or what was added before.

    Nothing is added to maxima and to logarithms of sums, which are alone.

    Args:
        texts: What is called how.
        equation: An equation without loops of length 1.
        first: Whether nothing was added to the target before.
    """
    kept = [loop for loop in equation.loops if loop not in equation.reduced]
    is_injective = leads_to_different_entries(equation.target, equation.sizes)
    if is_maximum(equation):
        yield from _largest(texts, equation, texts.array(equation.target.base))
    elif isinstance(equation.reduction, LogSumExp):
        yield from _logarithms(texts, equation)
    elif kept and equation.reduced and is_injective:
        yield from _summed(texts, equation, kept, "=" if first else "+=")
    else:
        whole, is_set = as_sum(equation), first and is_injective and not equation.reduced
        entry, value = texts.entry(whole.target), texts.value(whole.value)
        yield from nest(texts, whole, whole.loops, [f"{entry} {'=' if is_set else '+='} {value};"])


def _summed(texts: Texts, equation: Equation, kept: Sequence[Loop], sign: str) -> Iterator[str]:
    """Sum up the terms of one entry after the other."""
    term = f"sum += {texts.value(equation.value)};"
    terms = nest(texts, equation, [*kept, *equation.reduced], [term], outer=len(kept))
    mean = f"sum/{equation.terms_of_entry}" if isinstance(equation.reduction, Mean) else "sum"
    last = f"{texts.entry(equation.target)} {sign} {mean};"
    yield from nest(texts, equation, kept, ["let sum = 0;", *terms, last])


def _largest(texts: Texts, equation: Equation, array: str) -> Iterator[str]:
    """Write the largest term of every entry into an array."""
    place, value = texts.place(equation.target), texts.value(equation.value)
    yield f"{array}.fill(-Infinity);"
    line = f"{array}[{place}] = Math.max({array}[{place}], {value});"
    yield from nest(texts, equation, equation.loops, [line])


def _logarithms(texts: Texts, equation: Equation) -> Iterator[str]:
    """Write log(sum of exp(t)) of every entry; the largest term is taken out, unless it is 0."""
    base, place = equation.target.base, texts.place(equation.target)
    array, size = texts.array(base), texts.size(base)
    exponent, shift = texts.value(equation.value, alone=False), ""
    if equation.reduction != LogSumExp(shifted=True):
        most = texts.beside("largest", base)
        yield f"const {most} = new Float64Array({size});"
        yield from _largest(texts, equation, most)
        exponent, shift = f"{exponent} - {most}[{place}]", f"{most}[entry] + "
    line = f"{array}[{place}] += Math.exp({exponent});"
    yield from nest(texts, equation, equation.loops, [line])
    yield f"for (let entry = 0; entry < {size}; entry++) {{"
    yield f"  {array}[entry] = {shift}Math.log({array}[entry]);"
    yield "}"
