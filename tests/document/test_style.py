"""Digits, the first index, the decimal mark, letters: choices that change no number."""

import re

import pytest

import symcnn as sc

SEED = sc.examples.cnn_by_hand()


def explained(**choices):
    return sc.explain(SEED, **choices).to_latex()


@pytest.mark.parametrize(
    ("digits", "output"), [(3, r"\approx 0.553\\"), (12, r"\approx 0.553296756888\\")]
)
def test_digits(digits, output):
    assert output.removesuffix(r"\\") in explained(digits=digits)


def test_indices_from_zero():
    tex = explained(index_base=0, detail="full")
    assert r"z_{ik} &= \sum_{u=0}^{1} w_{uk} x_{i+u}" in tex
    assert r"z_{12} &= w_{02} x_{1} + w_{12} x_{2} = (-0.1) \cdot 0.4 + 0.2 \cdot 0.7 = 0.1" in tex
    assert r"p_{k} &= \max_{0 \le u \le 1} z_{uk}" in tex
    assert r"\sum_{u=\max\left(0, r - 1\right)}^{\min\left(1, r\right)}" in tex
    assert "Entries are numbered from 0" in tex


def test_a_long_axis_has_commas_only_where_they_are_needed():
    network = sc.Network((10,), [sc.Dense(2, bias=False), sc.Dense(1)], sc.SumOfOutputs())
    values = {t.name: [1] * t.size for t in network.tensors.values() if t.is_given}
    problem = sc.Problem(network, values)
    assert "x_{10}" in sc.explain(problem).to_latex()
    from_zero = sc.explain(problem, index_base=0).to_latex()
    assert "x_{9}" in from_zero
    assert "x_{10}" not in from_zero


def test_a_decimal_comma():
    tex = explained(decimal=",")
    assert r"(-0{,}1) \cdot 0{,}4 + 0{,}2 \cdot 0{,}7 = 0{,}1" in tex
    assert r"\max\left(-0{,}02; 0{,}1\right) = 0{,}1" in tex
    assert "1 & 0{,}4 & 0{,}7\n" in tex
    text, _, _ = sc.explain(SEED, decimal=",").to_markdown().partition(" References\n")
    without_headings = re.sub(r"(?m)^#.*", "", text)
    assert not re.search(r"\d\.\d", without_headings)


def test_letters():
    tex = explained(letters={"conv1.weight": "K", "dense1.weight": "theta"})
    assert r"z_{ik} &= \sum_{u=1}^{2} K_{uk} x_{i+u-1}" in tex
    assert r"\frac{\partial L}{\partial \theta_{1}}" in tex
    assert "w_{" not in tex.partition("{Reconciling")[0]  # there w is another letter


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"digits": 0}, "digits is 0: give a whole number from 1 to 17"),
        ({"digits": 2.5}, "digits is 2.5"),
        ({"index_base": 2}, "index_base is 2: give 0 or 1"),
        ({"index_base": True}, "index_base is True"),
        ({"decimal": ";"}, "decimal is ';': give '.' or ','"),
        ({"letters": {"conv1": "not a letter"}}, "'conv1' cannot be called 'not a letter'"),
    ],
)
def test_other_choices_are_refused(choice, said):
    with pytest.raises(sc.SymcnnError) as error:
        sc.explain(SEED, **choice)
    assert said in str(error.value)
