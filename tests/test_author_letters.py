"""Letters as authors have them: LaTeX of one symbol, for tensors, the loss and error signals.

The numbers of a problem do not depend on what its tensors are called, whatever the letters; and
what a formula prints differs where what it stands for does.
"""

import itertools
import random
import re

import pytest
from sympy import Symbol, latex

import symcnn as sc
from symcnn.derivation.general import backward_form, forward_form
from symcnn.equations import grouped
from symcnn.problems.write import problem_file
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from symcnn.writing.formula import read
from symcnn.writing.formula.mathml import mathml
from symcnn.writing.formula.operators import explicit
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.names import named
from tests.draws import drawn, one_of, slow

BOLD_W = "\U0001d416"
FANCY = {
    "x": r"\tilde{\mathbf x}",
    "conv1": r"\hat z_2",
    "conv1.weight": r"\mathbf{W}^{[1]}",
    "dense1.weight": "W_1",
    "target": r"y_{\text{true}}",
    "loss": r"\mathcal{L}",
    "error signal": r"\epsilon",
}


@pytest.fixture(scope="module")
def problem():
    return sc.examples.cnn_by_hand().with_letters(FANCY)


@pytest.mark.parametrize(
    ("written", "name", "printed"),
    [
        (r"\mathbf{W}^{[1]}", "Wbold^[1]", r"\mathbf{W}^{[1]}"),
        ("W_1", "W1", "W_{1}"),
        ("W_{xh}", "W_xh", "W_{xh}"),
        (r"\theta", "theta", r"\theta"),
        ("theta_1", "theta1", r"\theta_{1}"),
        ("lambda", "lamda", r"\lambda"),
        (r"\hat{y}", "yhat", r"\hat{y}"),
        (r"\tilde{\mathbf z}^{(l)}", "zboldtilde^(l)", r"\tilde{\mathbf{z}}^{(l)}"),
        (r"\mathbf{\tilde z}^{(l)}", "zboldtilde^(l)", r"\tilde{\mathbf{z}}^{(l)}"),
        (r"\bm\theta", "thetabm", r"\boldsymbol{\theta}"),
        (r"\mathcal L", "Lcal", r"\mathcal{L}"),
        (r"\dot x", "xdot", r"\dot{x}"),
        ("w^l", "w^l", "w^{l}"),
        (r"b_h^{(l-1)}", "b_h^(l-1)", "b^{(l - 1)}_{h}"),
        (r"W_{\text{out}}", 'W_"out"', r"W_{\mathrm{out}}"),
    ],
)
def test_a_symbol_has_a_name_and_is_printed_as_it_was_written(written, name, printed):
    net = sc.Network((2,), [sc.Dense(1)], sc.SumOfOutputs(), letters={"dense1.weight": written})
    weight = net.tensors["dense1.weight"]
    assert weight.label == name
    indices = r"q"
    own = re.fullmatch(r"(.*)_\{(.*)\}", printed)
    entry = f"{own[1]}_{{{own[2]}, {indices}}}" if own else f"{printed}_{{{indices}}}"
    assert entry in sc.derive(net).latex("dense1")


def test_sympy_prints_the_names_too():
    assert latex(Symbol("zboldtilde^(l)_12")) == r"\tilde{\boldsymbol{z}}^{(l)}_{12}"
    assert latex(Symbol("W1_12")) == "W_{1 12}"


@pytest.mark.parametrize(
    ("name", "in_latex", "in_text"),
    [
        ("Wbold^[1]_12", r"\mathbf{W}^{[1]}_{12}", f"{BOLD_W}^[1]₁₂"),
        ("W1_23", "W_{1,23}", "W_{1,23}"),
        ("yhat_3", r"\hat{y}_{3}", "y\u0302₃"),
        ("delta^W1_23", r"\delta^{W_{1}}_{23}", "δ^(W₁)₂₃"),
        ("delta^z(2)_1", r"\delta^{z(2)}_{1}", "δ^(z(2))₁"),
        ("xvec_1", r"\vec{x}_{1}", "x⃗₁"),
    ],
)
def test_every_format_prints_an_entry(name, in_latex, in_text):
    from symcnn.writing.formula.latex import latex as written

    tree = named(name)
    assert written(tree) == in_latex
    assert text(tree) in (in_text, in_text.replace("^(z(2))", "ᶻ⁽²⁾"))


def test_mathematical_letters_are_characters_in_mathml():
    tree = read(r"\hat{\mathbf{W}}_{1}")
    accented = f'<mover accent="true"><mi>{BOLD_W}</mi><mo>^</mo></mover>'
    assert mathml([explicit(tree)]) == f"<math><msub>{accented}<mn>1</mn></msub></math>"


def test_a_power_is_told_from_a_superscript(problem):
    layers = [sc.Dense(1, bias=False)]
    letters = {"dense1": r"z^{[1]}", "dense1.weight": "W_1"}
    net = sc.Network((1,), layers, sc.SquaredError(), letters=letters)
    d = sc.derive(net)
    z, w = d.symbol("dense1", (0,)), d.symbol("dense1.weight", (0, 0))
    from symcnn.derivation.statement import Statements

    printer = Statements(d).printer
    from symcnn.writing.formula.latex import latex as written

    assert written(printer.tree(z**2)) == r"\left(z^{[1]}\right)^{2}"
    assert written(printer.tree(w**2)) == "W_{1}^{2}"


def test_formulas_hold_the_letters(problem):
    d = problem.derivation
    assert d.latex("conv1").startswith(
        r"\hat{z}_{2, ik} = \sum_{u=1}^{2} \mathbf{W}^{[1]}_{uk} \tilde{\mathbf{x}}_{i+u-1}"
    )
    assert d.latex("dense1.weight") == (
        r"\frac{\partial \mathcal{L}}{\partial W_{1, k}} = \epsilon^{z} f_{k}"
        r"\quad \left(k = 1, 2, 3\right)"
    )
    assert str(d.partial("conv1.weight")) == (
        "Sum(epsilon^zhat2[i, 0, k]*xboldtilde[i + u, 0, 0], (i, 0, 1))"
    )


@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
def test_a_document_has_no_other_loss_and_no_other_signal(problem, detail):
    network = problem.network
    plain = sc.Problem(network, problem.values, title="A network", learning_rate=0.5)
    written = sc.explain(plain, detail=detail).to_markdown()
    assert r"\partial \mathcal{L}" in written
    assert r"\epsilon" in written
    formulas = " ".join(a + b for a, b in re.findall(r"\$`(.*?)`\$|```math(.*?)```", written, re.S))
    assert r"\delta" not in formulas
    assert not re.search(r"(?<![A-Za-z\\{])L(?![A-Za-z])", formulas)


@slow
@pytest.mark.usefixtures("few_sizes")
def test_a_theorem_takes_letters_too():
    letters = {"loss": "J", "error signal": r"\mathbf{g}", "conv1.weight": r"\Theta"}
    said = sc.theorem(sc.Conv1D, letters=letters).to_latex()
    assert r"If $J$ is a differentiable function of $z$" in said
    assert r"\frac{\partial J}{\partial \Theta_{uck}}" in said
    assert r"\delta" not in said


@pytest.mark.parametrize("weight", ["W_{1,2}", "W1_2", "$W_{1, 2}$", "dense1.weight[0, 1]"])
def test_a_weight_is_found_by_its_symbol(problem, weight):
    assert "W_{1,2}" in sc.explain(problem, weight=weight).to_latex()


def test_a_problem_file_keeps_them(problem, tmp_path):
    file = tmp_path / "p.toml"
    file.write_text(problem_file(problem), encoding="utf-8")
    assert sc.load(file).network.letters == problem.network.letters


def test_exported_modules_run(problem, capsys):
    usual = sc.examples.cnn_by_hand()
    for to in ("numpy", "sympy"):
        printed = []
        for one in (problem, usual):
            source = (
                sympy_module(one.derivation, one.values, "A network")
                if to == "sympy"
                else exported(one.derivation, one.values, "A network")
            )
            exec(compile(source, to, "exec"), {"__name__": "__main__"})
            printed.append(re.findall(r"[ \[]-?\d+\.\d+(?:e-?\d+)?", capsys.readouterr().out))
        assert printed[0] == printed[1]
        assert any("-0.0060975" in number for number in printed[0])  # dL/dw_11


NAMES = ("x", "conv1", "conv1.weight", "conv1.bias", "pool1", "dense1", "dense1.weight", "target")
SYMBOLS = [
    *"abcefghklmopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    *(f"{letter}_1" for letter in "wzxKNS"),
    *(rf"\hat{letter}" for letter in "wzL"),
    *(rf"\{name}" for name in ("alpha", "beta", "epsilon", "theta", "lambda", "delta", "ell")),
    *("w^{(2)}", "z^{[2]}", r"\mathcal{L}", r"\mathbf{x}", "w^l", "W_{xh}", "r_2", "s_u"),
]
VALUES = {
    "x": [[[1], [2], [-1]], [[0.5], [3], [1]], [[2], [-2], [0.25]]],
    "conv1.weight": [[[[1, -1]], [[0.5, 2]]], [[[0.25, 1]], [[3, -0.5]]]],
    "conv1.bias": [0.1, -0.2],
    "dense1.weight": [[1, -2]],
    "dense1.bias": [0.5],
    "target": [1],
}


def network(letters):
    layers = [sc.Conv2D(2, 2), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(1), sc.Tanh()]
    return sc.Network((3, 3, 1), layers, sc.HalfSquaredError(), letters=letters)


def signs(derivation):
    """Return what formulas print for each thing: tensors, derivatives, indices in them."""
    made = {tensor.name: text(named(tensor.label)) for tensor in derivation.tensors.values()}
    forms = [forward_form(derivation, own) for _, own in grouped(derivation.network.equations)]
    forms += [backward_form(derivation, name) for name in derivation.adjoints]
    indices = set()
    for form in forms:
        indices |= {loop.symbol for loop in (*form.free, *form.window)}
        indices |= {s for s in form.right.free_symbols if s.is_integer}
        indices |= {s for total in form.right.atoms(sc_sum()) for s, *_ in total.limits}
    return made, {text(named(symbol.name)) for symbol in indices}


def sc_sum():
    from sympy import Sum

    return Sum


@pytest.mark.parametrize("seed", one_of(range(drawn(0.3))))
def test_any_two_letters_are_told_apart_or_refused(seed):
    """Each symbol for each tensor, beside another one: a clear line, or the same numbers."""
    rng = random.Random(seed)
    every = [*itertools.product((*NAMES, "loss", "error signal"), SYMBOLS)]
    expected = gradients(sc.derive(network({})))
    kept = 0
    for name, symbol in rng.sample(every, 12):
        other = rng.choice([n for n in NAMES if n != name])
        d, said = derived({name: symbol, other: rng.choice(SYMBOLS)})
        if d is None:
            assert re.fullmatch("letters: .*(choose|give).*", said), said
            continue
        kept += 1
        tensors, indices = signs(d)
        assert len(set(tensors.values())) == len(tensors)
        assert not indices & set(tensors.values())
        assert gradients(d) == expected
    assert kept >= 3


def derived(letters):
    try:
        return sc.derive(network(letters)), ""
    except sc.SymcnnError as error:
        return None, str(error)


def gradients(derivation):
    """Return the derivatives of the entries of two tensors, exactly."""
    places = [("conv1.weight", (0, 1, 0, 1)), ("x", (1, 1, 0)), ("dense1.weight", (0, 1))]
    return [
        derivation.substitute(derivation.partial(name, at), VALUES, digits=12)
        for name, at in places
    ]
