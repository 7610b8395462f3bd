"""Mistakes of programs: what their equations yield is what a program with the mistake yields."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.checks.judging.naming import value_of, ways_of
from symcnn.classroom.checks.judging.subject import of_layer
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.mistakes import CODE_CATALOGUE, OF_CODE
from symcnn.classroom.marking.mistakes import CATALOGUE


def along_a_line(stride, padding, dilation, reach=lambda i: True, tap=lambda u: True):
    """Return dx and dw of a convolution of one channel by one filter, by plain loops."""

    def made(dout, x, w):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for n in range(len(x)):
            for i in range(dout.shape[1]):
                for u in range(len(w)):
                    place = stride * i + dilation * u - padding
                    if reach(i) and tap(u) and 0 <= place < x.shape[1]:
                        dx[n, place, 0] += w[u, 0, 0] * dout[n, i, 0]
                        dw[u, 0, 0] += x[n, place, 0] * dout[n, i, 0]
        return dx, dw

    return made


def last_sample(dout, x, w):
    return along_a_line(2, 1, 1)(dout[-1:], x[-1:], w)


def backwards(dout, x, w):
    return along_a_line(2, 1, 1)(dout, x, w[::-1])


CONV = sc.Conv1D(1, 3, stride=2, padding=1, bias=False)
CASES = [  # the mistake, the array, and what a program with the mistake yields
    ("loop ends early", "x", along_a_line(2, 1, 1, reach=lambda i: i < 2)),
    ("loop ends early", "weight", along_a_line(2, 1, 1, tap=lambda u: u < 2)),
    ("loop begins late", "x", along_a_line(2, 1, 1, reach=lambda i: i > 0)),
    ("overwritten instead of added", "weight", last_sample),
    ("overwritten instead of added", "weight", along_a_line(2, 1, 1, reach=lambda i: i == 2)),
    ("only the first pass added", "weight", along_a_line(2, 1, 1, reach=lambda i: i == 0)),
    ("stride and dilation exchanged", "x", along_a_line(1, 1, 2)),
    ("axis reversed", "x", backwards),
    ("part of an index missing", "x", along_a_line(0, 1, 1)),
]


def wrong(layer, shape, name, mistake, batch=2):
    """Return the arrays that a mistake yields, and what is given."""
    trial = Trial(of_layer(layer, shape, batch, "backward"), 1)
    ways = [w for w in ways_of(trial.subject, name).single if w.mistakes[0].name == mistake]
    values = [value_of(way, trial, name) for way in ways]
    return [v.value for v in values if v is not None], trial.inputs


@pytest.mark.parametrize(("mistake", "name", "program"), CASES)
def test_equations_yield_what_a_program_with_the_mistake_yields(mistake, name, program):
    made, given = wrong(CONV, (5, 1), name, mistake)
    dx, dw = program(given["dout"], given["x"], given["weight"])
    expected = dx if name == "x" else dw
    assert any(np.allclose(array, expected) for array in made)


def test_a_winner_of_several_windows_keeps_the_last_error_signal():
    made, given = wrong(
        sc.MaxPool1D(3, stride=1), (5, 1), "x", "error signals of a winner overwritten"
    )
    dx = np.zeros_like(given["x"])
    for n, i in np.ndindex(given["dout"].shape[:2]):
        dx[n, i + given["x"][n, i : i + 3, 0].argmax(), 0] = given["dout"][n, i, 0]
    assert len(made) == 1
    assert np.array_equal(made[0], dx)


def test_all_entries_that_are_equal_receive_the_error_signal():
    subject = of_layer(sc.MaxPool1D(2), (4, 1), 2, "backward")
    trial = Trial(subject, 1, tied=True)
    name = "error signal passed to all that are equal"
    (way,) = [w for w in ways_of(subject, "x").single if w.mistakes[0].name == name]
    x, dout = trial.inputs["x"], trial.inputs["dout"]
    mask = x == np.repeat(x.reshape(2, 2, 2).max(axis=2), 2, axis=1)[..., None]
    assert np.array_equal(value_of(way, trial, "x").value, np.repeat(dout, 2, axis=1) * mask)


def test_a_statistic_that_is_treated_as_a_constant():
    made, given = wrong(sc.BatchNorm(epsilon=0.25), (2,), "x", "statistics treated as constants", 3)
    std = np.sqrt(given["x"].var(axis=0) + 0.25)
    assert np.allclose(made[0], given["dout"] * given["weight"] / std)


def test_marking_knows_none_of_them():
    assert not {*OF_CODE} & {*CATALOGUE}
    assert {*CODE_CATALOGUE} == {*OF_CODE, *CATALOGUE}
    assert len({mistake.name for mistake in CODE_CATALOGUE}) == len(CODE_CATALOGUE)


def test_explanations_are_sentences():
    assert all(mistake.explanation.endswith(".") for mistake in OF_CODE)
