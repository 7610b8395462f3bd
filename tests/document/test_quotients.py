"""Quotients and divisors in formulas of the backward pass, in words, and true of every entry."""

import re

import pytest
from sympy import Sum

import symcnn as sc
from symcnn.equations.functions import Iverson
from tests.document.networks import problem_of
from tests.document.test_theorems import words
from tests.draws import one_of


def text_of(shape, *layers, index_base=1):
    network = sc.Network(shape, list(layers), sc.HalfSquaredError())
    problem = problem_of(network, "quotients")
    return words(*sc.explain(problem, index_base=index_base, sections=["backward"]).blocks)


STRIDES = [
    ((9, 1), sc.Conv1D(1, 3, stride=2, dilation=2, padding=2)),
    ((9, 1), sc.Conv1D(1, 3, stride=2, dilation=2, padding=1)),
    ((8, 1), sc.Conv1D(1, 2, stride=2, dilation=4)),
]


@pytest.mark.parametrize("index_base", one_of([0, 1]))
@pytest.mark.parametrize(("shape", "layer"), STRIDES)
def test_the_parity_without_an_error_signal_is_that_of_the_numbers(shape, layer, index_base):
    text = text_of(shape, layer, index_base=index_base)
    (parity,) = re.findall(r"For (even|odd) \$r\$ no window reaches the entry, and its er", text)
    network = sc.Network(shape, [layer], sc.HalfSquaredError())
    signal = sc.evaluate(problem_of(network, "quotients")).gradients["x"].ravel()
    reached = {index + index_base for index in range(len(signal)) if signal[index]}
    assert {n % 2 for n in reached} == {1 if parity == "even" else 0}


def test_of_two_axes_both_parities_are_said():
    text = text_of((9, 9, 1), sc.Conv2D(1, 2, stride=2, dilation=2))
    assert "are both 1 for odd $r$ and odd $s$ alone. Elsewhere no window reaches" in text


def test_other_divisors_are_explained():
    text = text_of((9, 1), sc.Conv1D(1, 2, stride=3, dilation=3))
    assert r"In the bracket $\left[3 \mid r - 1\right]$, $m \mid n$ says that $m$ divides" in text
    assert "even" not in text


def test_windows_that_do_not_overlap_are_told_by_their_quotients():
    text = text_of((6, 6, 1), sc.Tanh(), sc.MaxPool2D(2))
    half = r"\\left\\lceil\{\w / 2\}\\right\\rceil"
    at = rf"that of the window at \$\\left\({half}, {half}\\right\)\$\."
    assert re.search(f"so the sum over windows has a single term: {at}", text)
    overlapping = text_of((6, 6, 1), sc.Tanh(), sc.MaxPool2D((2, 3), (2, 1)))
    along = r"Along \$\w\$ the windows do not overlap: of those positions, only"
    assert re.search(along, overlapping)


@pytest.mark.parametrize("pool", [sc.MaxPool2D(2), sc.AvgPool2D(2)])
@pytest.mark.parametrize("shape", [(4, 4, 1), (5, 4, 1), (5, 5, 1)])
def test_pools_that_do_not_overlap_have_no_sum_over_windows(pool, shape):
    network = sc.Network(shape, [sc.Scale(2), pool], sc.HalfSquaredError())
    right = sc.derive(network).partial("scale1")
    assert not right.atoms(Sum)
    inside = {condition for bracket in right.atoms(Iverson) for condition in bracket.args}
    assert len(inside) == sum(length % 2 for length in shape[:2])
    text = text_of(shape, sc.Scale(2), pool)
    said = "at most one" if inside else "a single"
    assert f"so the sum over windows has {said} term: that of the window at" in text


BRIEF = [
    ((5, 4, 1), [sc.MaxPool2D(2), sc.MaxUnpool2D(2, inputs=("pool1", "x"))], True, True),
    ((5, 5, 1), [sc.Scale(2), sc.MaxPool2D(2)], False, True),
    ((4, 4, 1), [sc.Scale(2), sc.ReLU()], False, False),
    ((9, 1), [sc.Scale(2), sc.Conv1D(1, 2, stride=3, dilation=3)], True, True),
]


@pytest.mark.parametrize(("shape", "layers", "divides", "omits"), BRIEF)
def test_short_documents_say_what_brackets_mean_once(shape, layers, divides, omits):
    network = sc.Network(shape, layers, sc.HalfSquaredError())
    document = sc.explain(problem_of(network, "quotients"), detail="brief")
    text = words(*document.blocks)
    assert text.count("equals 1 if all the conditions inside it hold, and 0 otherwise") == 1
    assert text.count(r"In a bracket, $m \mid n$ says that $m$ divides $n$.") == divides
    said = "Where a bracket is 0, the term is omitted, even if one of its entries does not exist."
    assert text.count(said) == omits


def test_channels_belong_to_groups_and_features_to_heads():
    assert "Channel $c$ belongs to group $" in text_of((4, 4), sc.Conv1D(4, 2, groups=2))
    heads = [sc.Scale(2), sc.Attention(2, inputs=("x", "scale1", "scale1"))]
    text = text_of((2, 4), *heads)
    assert re.search(r"Feature \$\w\$ belongs to head \$\\left\\lceil\{\w / 2\}", text)
    assert "group" not in text


@pytest.mark.parametrize("causal", [True, False])
def test_the_causal_mask_is_called_that(causal):
    layers = [sc.Scale(2), sc.Attention(inputs=("x", "scale1", "scale1"), causal=causal)]
    text = text_of((3, 4), *layers)
    assert ("causal mask: a query does not see later keys" in text) == causal
