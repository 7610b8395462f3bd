"""Options: one is right, the others are wrong at the sheet's numbers, and form tells nothing."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from symcnn.classroom.worksheets.choices.sheet import ChoiceSheet
from symcnn.writing.formula.unicode import text
from tests.classroom.worksheets.choices.by_hand import SEED, sheets
from tests.classroom.worksheets.choices.looked_at import (
    GUESSES,
    OF_NUMBERS,
    asked_of,
    entries,
    guessed,
    numbers,
    value,
)
from tests.draws import CELLS as COUNT
from tests.draws import MANY
from tests.generated.cells import CELLS, problem

DRAWN = Random("options of multiple choice").sample(CELLS, 2 * COUNT)
SEEDS = range(6) if MANY else [SEED]


@pytest.mark.parametrize("cell", DRAWN, ids=str)
def test_wrong_options_are_wrong_and_printed_as_they_are(cell):
    """Every option is worked out anew, at entries that NumPy computes."""
    made = problem(cell)
    asked = asked_of(made)
    known = entries(made) if asked else {}
    for question in asked:
        assert 3 <= len(question.options) <= 4
        values = [value(made, option.formula, known) for option in question.options]
        right = values["ABCD".index(question.right)]
        own = made.quantity(question.quantity)
        shape = made.quantities.shape(question.quantity)
        place = [*shape.positions()].index(question.position)
        assert right == pytest.approx(float(own[place]), rel=1e-9, abs=1e-12)
        for option, number in zip(question.options, values, strict=True):
            apart = abs(number - right) > 0.019 * max(abs(number), abs(right))
            assert apart is not option.is_right
        printed = [text(option.printed) for option in question.options]
        assert len({*printed}) == len(printed)
        if question.kind == "figure":
            places = {len(number.partition(".")[2]) for number in printed}
            assert len(places) == 1, "all have the same form"
            for number, written in zip(values, numbers(question), strict=True):
                assert abs(number - written) <= 0.5001 * 10 ** -max(places)


def test_formulas_have_the_letters_of_the_table_of_layers_alone():
    """What a layer computes on the way has a letter that the sheet does not give."""
    made = problem(next(c for c in CELLS if "LayerNorm" in str(c) and c.loss.__name__ == "Huber"))
    names = {
        made.derivation.entries.locate(symbol)[0].name
        for question in asked_of(made)
        if question.kind == "formula"
        for option in question.options
        for symbol in option.formula.free_symbols
    }
    assert names
    assert not {name for name in names if "mean" in name or "normalised" in name}


def test_habits_earn_what_chance_does():
    """Whoever always takes the longest formula, or the number in the middle, gains nothing."""
    every = [q for seed in SEEDS for sheet in sheets(seed).sheets for q in sheet.questions]
    for kind in ("figure", "formula"):
        own = [question for question in every if question.kind == kind]
        for guess in (*GUESSES, *(OF_NUMBERS if kind == "figure" else ())):
            earned = sum(guessed(question, guess) for question in own) / len(own)
            assert earned < (0.36 if MANY else 0.5), (kind, guess, earned)


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_every_letter_is_right_equally_often(seed):
    for sheet in sheets(seed).sheets:
        for count in {len(question.options) for question in sheet.questions}:
            letters = [q.right for q in sheet.questions if len(q.options) == count]
            shares = [Counter(letters)[letter] for letter in "ABCD"[:count]]
            assert max(shares) - min(shares) <= 1


def test_the_same_numbers_give_the_same_questions():
    first, second = (sheet.variant for sheet in sheets().sheets)
    own = [q.right + q.options[0].name for q in sheets().sheets[0].questions]
    again, other = (ChoiceSheet(replace(v)).questions for v in (first, second))
    assert [q.right + q.options[0].name for q in again] == own
    assert [q.right + q.options[0].name for q in other] != own


def test_no_mistake_is_named_twice_in_a_question():
    for sheet in sheets().sheets:
        for question in sheet.questions:
            names = [option.name for option in question.options]
            assert len({*names}) == len(names)
            assert names.count("") == 1
