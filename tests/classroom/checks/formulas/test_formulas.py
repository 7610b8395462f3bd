"""Formulas as people write them are right, or the edit that mends them is found."""

import json
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.checks.formulas.cases import cases_of
from symcnn.classroom.checks.formulas.reading import read
from symcnn.classroom.checks.formulas.tree import ONE, Bin, Neg, Num, Ref, Sum, walk
from tests.classroom.checks.formulas import layers
from tests.classroom.checks.formulas import spellings as s
from tests.draws import slow, some


def finding(text, of, network, **options):
    (found,) = sc.check_formula(text, of, network, **options).findings
    return found


@pytest.mark.parametrize(("text", "of", "network"), some(s.RIGHT + layers.RIGHT, every=10))
def test_right_formulas_are_right(text, of, network):
    found = finding(text, of, network)
    assert (found.verdict, found.mistake, found.case) == ("right", "", None), found.explanation


@pytest.mark.parametrize(
    ("text", "of", "network", "mistake", "mended"), some(s.WRONG + layers.WRONG, every=10)
)
def test_faults_are_named_and_mended(text, of, network, mistake, mended):
    found = finding(text, of, network)
    assert (found.verdict, found.mistake) == ("wrong", mistake), found.explanation
    assert mended in found.mended
    again = finding(found.mended, of, network, letters=bound(found))
    assert again.verdict == "right", again.explanation


def bound(found):
    """Bind the letter that an edit may bring in, which is usual for something else as well."""
    return {} if " b " not in f"{found.mended} " else {"b": "conv1.bias"}


def test_there_are_forty_spellings_and_more():
    assert len(s.RIGHT) + len(s.WRONG) > 60


def test_what_a_right_formula_assumes_is_said():
    text = "dL/dw_m = sum_i delta_i x[i+m]"
    found = finding(text, s.W, s.LINE)
    assert found.explanation.startswith("It is right only for stride 1, without padding")
    assert "for one input channel" in found.explanation
    found = finding(text, s.W, s.LINE_STRIDED)
    assert (found.mistake, found.verdict) == ("stride missing", "wrong")
    assert "As it stands, it is right only for stride 1 and without padding." in found.explanation
    found = finding(text, s.W, s.LINE_PADDED)
    assert (found.mistake, found.verdict) == ("padding missing", "wrong")
    assert "As it stands, it is right only without padding." in found.explanation


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (r"\sum_{i} \delta_i x_{i+m-1}", "Indices are counted from 1."),
        (r"\sum_{i} \delta_i x_{i+m}", "Indices are counted from 0."),
        (r"x * \delta", "* was read as correlation, the kernel is not flipped."),
    ],
)
def test_conventions_are_found_and_said(text, note):
    verdict = sc.check_formula(text, s.W, s.LINE)
    assert verdict
    assert note in verdict.notes


def test_the_convention_for_weights_is_found_and_said():
    for text, note in (("y = x W + b", "input, as in x W."), ("y = W x + b", "output, as in W x.")):
        verdict = sc.check_formula(text, "dense1", s.DENSE)
        assert verdict
        assert f"Weights have a row for each {note}" in verdict.notes
    for text, of in ((r"W \delta", s.X), (r"y_j = \sum_i x_i W_{ij} + b_j", "dense1")):
        found = finding(text, of, s.DENSE)
        assert found.verdict == "wrong"
        assert "for each input, as in x W, it is right as it stands." in found.explanation


def test_a_mean_over_one_sample_is_said():
    verdict = sc.check_formula(r"\frac{1}{N} \delta x^\top", s.D, s.DENSE)
    assert verdict
    assert verdict.findings[0].where == "right only for one sample"
    assert "N is 1 in this network, which has one sample." in verdict.notes
    found = finding(r"\frac{1}{N} \delta x^\top", s.D, s.ROWS)
    assert (found.verdict, found.mistake) == ("wrong", "factor too much")


def test_letters_can_be_bound():
    text = "sum_i E_i Q[i+m]"
    with pytest.raises(sc.SymcnnError, match="what Q stands for is not plain"):
        sc.check_formula(text, s.W, s.LINE)
    letters = {"Q": "x", "E": "gradient of conv1"}
    verdict = sc.check_formula(text, s.W, s.LINE, letters=letters)
    assert verdict
    assert "Q as x" in verdict.notes[0]


def test_the_smallest_case_is_shown_with_its_numbers():
    found = finding("sum_i delta_i x[i-m]", s.W, s.LINE)
    case = found.case
    x, g = (np.ravel(case.inputs[name]) for name in ("x", "gradient"))
    taps = range(len(x) - len(g) + 1)
    assert case.due == pytest.approx([sum(g * x[m : m + len(g)]) for m in taps])
    wrong = [sum(g[i] * x[i - m] for i in range(len(g)) if i >= m) for m in taps]
    assert case.returned == pytest.approx(wrong)


def test_cases_differ_in_sizes_strides_and_padding():
    cases = cases_of(s.CONV, "conv1.weight")
    assert 30 <= len(cases) <= 42
    own = [case.network for case in cases if case.own]
    assert len({network.input_shape for network in own}) >= 8
    assert {layer.stride for network in own for layer in network.layers} == {1}
    strides = {case.network.layers[0].stride for case in cases}
    paddings = {case.network.layers[0].padding for case in cases}
    assert {1, 2, 3} <= strides
    assert {0, 1, 2} <= paddings
    assert {None, 1, 2} <= {case.network.batch for case in cases}


def test_what_is_due_is_what_the_chain_rule_gives_by_hand():
    case = next(
        case for case in cases_of(s.CONV, "conv1.weight") if case.network.input_shape == (5, 6, 1)
    )
    x, g = case.values["x"][..., 0], case.values["gradient"][..., 0]
    due = case.gradient("conv1.weight")[..., 0, 0]
    for m, n in product(*map(range, due.shape)):
        assert due[m, n] == sum(g[i, j] * x[i + m, j + n] for i, j in product(*map(range, g.shape)))


def test_verdicts_are_json():
    made = json.loads(sc.check_formula("t_i - p_i", s.Z, s.CLASSES).to_json())
    assert made["right"] is False
    assert made["findings"][0]["mended"] == "p[i] - t[i]"
    assert {"name", "verdict", "mistake", "explanation", "case", "where"} <= {*made["findings"][0]}


def test_a_tree_is_what_is_written():
    text = r"\frac{\partial L}{\partial w_m} = \frac12\sum_i x_{2i-m}^2, i \ge 0"
    left, right, latex, rest, ranges = read(text)
    assert left == Ref("w", (Ref("m"),), grad=True)
    assert (latex, rest, ranges) == (True, r"i \ge 0", ())
    assert right.left == Bin("/", Num(Fraction(1)), Num(Fraction(2)), "frac")
    assert isinstance(right.right, Sum)
    power = right.right.body
    index = Bin("-", Bin("*", Num(Fraction(2)), Ref("i")), Ref("m"))
    assert (power.op, power.left.subs, power.right) == ("^", (index,), Num(Fraction(2)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the formula is empty"),
        (r"\sum_{i", "formula, at its end: the indices of the sum are not closed: add }"),
        (r"\delta_i +", "formula, at its end: the formula ends where it should go on"),
        (r"\input{/etc/passwd}", r"formula, at character 1: \input is not read in formulas"),
        (r"\write18{ls}", r"\write is not read in formulas"),
        ("__import__('os').system('ls')", "formula, at character 1: "),
        ("x_{i}} + 1", "formula, at character 6: the formula cannot go on like this"),
        ("x # y", "formula, at character 3: this sign belongs to no formula"),
        ("x\x00y", "formula, at character 2: this sign belongs to no formula"),
        ("(" * 600 + "x" + ")" * 600, "it is nested deeper than 24"),
        (r"\frac{" * 500 + "x", "it is nested deeper than 24"),
        ("x_{" * 300, "it is nested deeper than 24"),
        ("x + " * 300_000, "the formula has 1,200,000 characters, more than the 4,000"),
        ("x+" * 1_900, "the formula has more than 1,500 signs"),
        ("9" * 3000 + " x_i", "formula, at character 1: a number has more than 40 digits"),
        (r"\begin{matrix} x", "at character 1: this environment is not read"),
        (r"\frac{\partial y_i}{\partial x_j}", "at character 7: only derivatives of the loss are"),
        (r"x_{\foo}", r"at character 4: \foo is not read in indices: leave it out"),
        ("x\u0661", "formula, at character 2: this sign belongs to no formula"),
        (r"\hat{" * 300 + "x", "formula, at "),
        ("x" + "'" * 1_400 + ")", "the formula cannot go on like this"),
        ("\\", "formula, at character 1: this sign belongs to no formula"),
        ("w_i = ", "formula, at its end: the formula ends where it should go on"),
        ("2 = x_i", "formula, at character 1: left of = stands no entry or array"),
    ],
)
def test_what_cannot_be_read_is_one_line(text, message):
    with pytest.raises(sc.SymcnnError) as raised:
        sc.check_formula(text, s.X, s.DENSE)
    (line,) = raised.value.lines
    assert message in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("of", "message"),
    [
        ("gradient of conv9", "there is no 'conv9' in the network"),
        ("x", "x is given and has no formula: give gradient of x"),
        ("gradient of gradient", "nothing is differentiated with respect to gradient"),
        (3, "of says what the formula is of"),
    ],
)
def test_what_it_is_of_is_checked(of, message):
    with pytest.raises(sc.SymcnnError, match=message):
        sc.check_formula("x_i", of, s.DENSE)


def test_networks_have_numbers():
    net = sc.Network((sc.size("H"), 3), [sc.ReLU()], sc.Upstream())
    with pytest.raises(sc.SymcnnError, match="letters for sizes"):
        sc.check_formula("g", s.X, net)
    with pytest.raises(sc.SymcnnError, match="network"):
        sc.check_formula("g", s.X, "my.toml")
    with pytest.raises(sc.SymcnnError, match="the formula"):
        sc.check_formula(None, s.X, s.DENSE)


@slow
@pytest.mark.parametrize(
    "text",
    [
        "x_i" * 200,
        "x^" * 20 + "2",
        "W^{T}" * 100,
        "x_i 10^{10^{10}}",
        "1/0",
        r"\sum_{i,j,k,l,m,n} x_{i}x_{j}",
    ],
)
def test_strange_formulas_end_soon(text):
    try:
        verdict = sc.check_formula(text, s.X, s.DENSE)
    except sc.SymcnnError:
        return
    assert not verdict


def test_a_tree_of_any_depth_is_walked_once():
    tree = ONE
    for _ in range(5_000):
        tree = Neg(tree)
    assert sum(1 for _ in walk(tree)) == 5_001
