"""What is seen of options without computing: what somebody who knows nothing would go by."""

from collections import Counter
from contextlib import suppress
from fractions import Fraction

import numpy as np

import symcnn as sc
from symcnn.classroom.marking.asked import asked
from symcnn.classroom.worksheets.choices.questions import questions
from symcnn.document.style import Style
from symcnn.errors import SymcnnError
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.formula.unicode import text


def asked_of(problem):
    """Return the questions to a problem, none where nothing can be asked."""
    with suppress(SymcnnError):
        return questions(problem, asked(problem), Style())
    return []


def entries(problem):
    """Return all entries as floats, as NumPy computes them: no interval, nothing staged."""
    made = sc.lambdify(problem.derivation)(problem.values)
    derivation, found = problem.derivation, {}

    def enter(tensor, array):
        flat = np.asarray(array, float).ravel()
        found.update(zip(map(tensor.symbol, tensor.positions()), map(float, flat), strict=True))

    for name, array in made.outputs.items():
        enter(derivation.network.tensors[name], array)
    for name, array in made.gradients.items():
        if name in derivation.adjoints:
            enter(derivation.adjoints[name], array)
    for tensor in derivation.network.given:
        for at in tensor.positions():
            symbol = tensor.symbol(at)
            found[symbol] = float(problem.point.value(symbol))
    found[derivation.network.loss_tensor.symbol((0,))] = float(made.loss)
    return found


def value(problem, formula, known):
    """Return a formula at entries, by the interpreter of equations; others are computed first."""
    for symbol in formula.free_symbols - known.keys():
        known[symbol] = value(problem, problem.derivation.entries.formula(symbol), known)
    return complex(evaluate(formula, known, FLOATS)).real


def numbers(question):
    """Return the numbers that are printed as options."""
    return [Fraction(text(option.printed)) for option in question.options]


def _alike(one, others):
    counted = Counter(one)
    pairs = [(counted, Counter(other)) for other in others]
    return sum((a & b).total() / (a | b).total() for a, b in pairs)


GUESSES = {
    "shortest": lambda texts: min(texts, key=len),
    "longest": lambda texts: max(texts, key=len),
    "most like the others": lambda texts: max(texts, key=lambda t: _alike(t, texts)),
    "least like the others": lambda texts: min(texts, key=lambda t: _alike(t, texts)),
    "first": lambda texts: texts[0],
    "last": lambda texts: texts[-1],
    "no sign in front": lambda texts: min(texts, key=lambda t: (t.startswith(("-", "(")), len(t))),
}
"""How options are chosen by their form; of several that fit, the first."""

OF_NUMBERS = {
    "smallest": min,
    "largest": max,
    "in the middle": lambda found: sorted(found)[len(found) // 2],
    "nearest to 0": lambda found: min(found, key=abs),
    "farthest from 0": lambda found: max(found, key=abs),
    "roundest": lambda found: min(found, key=lambda number: number.denominator),
}


def guessed(question, guess):
    """Tell whether a guess is right."""
    options = (
        numbers(question) if guess in OF_NUMBERS else [text(o.printed) for o in question.options]
    )
    chosen = {**GUESSES, **OF_NUMBERS}[guess](options)
    return question.options[options.index(chosen)].is_right
