"""One weight alone: every symbol that its document shows has a row, or is given."""

import re
import shutil
from pathlib import Path
from random import Random

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.document.blocks import Matrices
from symcnn.document.traversal import all_rows
from symcnn.writing.formula.unicode import text
from tests.document.latex import compiled, complaints
from tests.document.networks import problem, problem_of
from tests.document.test_large import classifier
from tests.draws import one_of, slow

SEED = sc.examples.cnn_by_hand()
THIRD = "conv1.weight[1, 0, 0, 2]"


WAY = (
    r"\delta^{a} &= a - t \approx 0.553297 - 0.8 \approx -0.246703",
    r"\delta^{z(2)} w^{(2)}_{3} \approx (-0.0609750) \cdot 0.6 \approx -0.0365850",
    r"\delta^{z}_{13} &= \delta^{p}_{3} \left[z_{13} \geq z_{23}\right]",
)
ANSWER = (
    r"\frac{\partial L}{\partial w_{23}} &= \delta^{z}_{13} x_{2} + \delta^{z}_{23} x_{3} "
    r"\approx 0 \cdot 0.4 + (-0.0365850) \cdot 0.7 \approx -0.0256095"
)
MOVED = r"w_{23} - \eta \frac{\partial L}{\partial w_{23}} &\approx 0.212805"


@pytest.fixture(scope="module")
def tex():
    return sc.explain(SEED, weight=THIRD, detail="full", digits=6).to_latex()


@pytest.fixture(scope="module")
def short():
    return sc.explain(SEED, weight=THIRD, digits=6).to_latex()


def test_the_answer_is_there(tex):
    assert ANSWER in tex


def test_so_is_the_way_from_the_loss(tex):
    for step in (r"L &= ", r"\delta^{a} &= ", r"\delta^{z(2)} &= ", r"\delta^{p}_{3} &= "):
        assert step in tex


def test_closed_forms_that_are_too_long_keep_no_weight_from_being_followed():
    made = sc.load(Path(__file__).parents[2] / "derivations" / "yrgo-cnn-by-hand" / "problem.toml")
    weight = f"{made.network.parameters[0].name}[0, 0, 0, 0]"
    sections = ("weights", "closed-forms")
    shown = sc.explain(made, weight=weight, detail="full", sections=sections).to_markdown()
    assert "Every parameter's derivative" in shown


@pytest.mark.parametrize("other", [r"\delta^{p}_{1} &=", r"\delta^{z}_{12} &=", r"\delta^{x}"])
def test_what_it_does_not_need_is_left_out(tex, other):
    assert other not in tex


def test_no_other_weight_is_derived(tex):
    assert set(re.findall(r"\\frac{\\partial L}{\\partial (w.*?)} &", tex)) <= {
        "w_{23}",
        "w_{uk}",
        "w_{uck}",
        r"w_{\cdot k}",
    }


@pytest.mark.parametrize(
    ("made", "weight"),
    one_of(
        [
            (lambda: SEED, THIRD),
            (lambda: problem("strided, padded, grouped"), "conv1.weight[1, 2, 0, 3]"),
            (
                lambda: problem("a residual connection with a shared kernel"),
                "first.weight[0,0,0,0]",
            ),
            (lambda: problem("batch normalisation"), "batch_norm1.weight[1]"),
            (lambda: classifier(8), "conv1.weight[2, 1, 0, 1]"),
        ]
    ),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_symbol_that_is_shown_is_explained(made, weight):
    given_problem = made()
    document = sc.explain(given_problem, weight=weight, detail="full")
    entries = given_problem.derivation.entries
    rows = [row for row in all_rows(document.blocks) if row.claim.value is not None]
    explained = {symbol for row in rows for symbol in row.claim.left}
    for row in rows:
        (symbol,) = row.claim.left
        formula = entries.formula(symbol)
        if len(formula.args) > 24:  # of long sums the first and the last terms are shown
            continue
        computed = {s for s in formula.free_symbols if entries.formula(s) is not None}
        assert computed <= explained, symbol


@pytest.mark.parametrize("same", ["conv1.weight[1,0,0,2]", "w_23", "w_{23}", " $w_{2 3}$"])
def test_an_entry_is_named_as_in_python_or_as_in_formulas(short, same):
    assert sc.explain(SEED, weight=same, digits=6).to_latex() == short


@pytest.mark.parametrize(
    ("name", "base", "entry"),
    [
        ("w^{(2)}_3", 1, "dense1.weight[0, 2]"),
        ("w^(2)_2", 0, "dense1.weight[0, 2]"),
        ("w_12", 0, "conv1.weight[1, 0, 0, 2]"),
        ("z^{(2)}", 1, "dense1[0]"),
    ],
)
def test_the_names_are_those_of_the_document(name, base, entry):
    assert sc.explain(SEED, weight=name, index_base=base).title == f"CNN by hand: {entry}"


def test_axes_of_more_than_nine_entries_have_commas():
    layers = [sc.Dense(1, bias=False), sc.Dense(12, bias=False)]
    made = problem_of(sc.Network((1,), layers, sc.SumOfOutputs()), "wide")
    assert sc.explain(made, weight="w^{(2)}_{12}").title.endswith("dense2.weight[11, 0]")
    layers = [sc.Dense(12, bias=False), sc.Dense(2, bias=False)]
    made = problem_of(sc.Network((1,), layers, sc.SumOfOutputs()), "wide")
    assert sc.explain(made, weight="w^{(2)}_{1,12}").title.endswith("dense2.weight[0, 11]")


@pytest.mark.parametrize("line", [*WAY, ANSWER, MOVED])
def test_the_short_document_has_the_whole_way(short, line):
    assert line in short


def test_brackets_are_explained_where_the_way_has_any(short):
    """The pool's windows in numbers have some; its formula has R, and the neuron's weight none."""
    explained = "equals 1 if all the conditions inside it hold, and 0 otherwise."
    assert short.count(explained) == 1
    assert r"\left[" not in sc.explain(SEED, weight="w^{(2)}_3").to_latex().replace(r"\\*[", "")


def test_brackets_are_explained_where_the_weights_own_derivative_alone_has_any():
    """The error signals on the way to a slope have none, and the dense layer's slope neither."""
    made = problem_of(sc.Network((3,), [sc.PReLU(), sc.Dense(1)], sc.HalfSquaredError()), "slopes")
    for weight, count in (("prelu1.weight[0]", 1), ("dense1.weight[0, 0]", 0)):
        text = sc.explain(made, weight=weight).to_latex()
        assert text.count("equals 1 if all the conditions inside it hold") == count


def test_of_one_weight_one_derivative_is_checked(short):
    assert "The derivative was computed a second time" in short
    assert "The two results differ by $" in short
    every = sc.explain(SEED, sections=("check",)).to_latex()
    assert "The derivatives were computed a second time" in every
    assert "sets of derivatives differ by at most $" in every


@slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_the_short_document_of_the_seed_has_two_pages(short, tmp_path):
    log = compiled(short, tmp_path)
    assert complaints(log) == []
    assert "(2 pages," in log


STRIDED = [
    *(sc.Conv2D(2, 3, stride=2, padding=1), sc.ReLU(), sc.MaxPool2D(2, 1), sc.Flatten()),
    sc.Dense(3),
]


@slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_that_of_a_larger_network_has_three_with_what_is_on_the_way_alone(tmp_path):
    """The third is half full: with every figure of the forward pass it would not be enough."""
    network = sc.Network((5, 5, 1), STRIDED, sc.SoftmaxCrossEntropy())
    random = Random(1)
    tensors = [t for t in network.tensors.values() if t.role in ("input", "parameter", "target")]
    values = {t.name: [Rational(random.randint(-9, 9), 10) for _ in range(t.size)] for t in tensors}
    problem = sc.Problem(network, values | {"target": [0, 1, 0]}, learning_rate=Rational(1, 10))
    made = sc.explain(problem, weight="w_211")
    logs = [compiled(made.to_latex(), tmp_path) for _ in range(2)]
    assert "(3 pages," in logs[-1]
    matrices = (b.matrices for b in made.blocks if isinstance(b, Matrices))
    named = {text(matrix.left) for several in matrices for matrix in several}
    assert {"z_{··1}", "a_{··2}"} < named
    assert "h_{··1}" not in named


@slow
def test_of_many_entries_on_the_way_there_are_matrices():
    """The kernel is used at every position, so that all error signals lie on the way."""
    short, full = (
        sc.explain(classifier(4), weight="conv1.weight[0,0,0,0]", detail=detail)
        for detail in ("standard", "full")
    )
    assert 2 * len(list(all_rows(short.blocks))) < len(list(all_rows(full.blocks)))
    assert any(isinstance(block, Matrices) and block.task for block in short.blocks)


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        (
            "conv1.weight",
            "'conv1.weight' is a whole tensor: name one entry, such as "
            '"conv1.weight[0, 0, 0, 0]", or its symbol, "w_11"',
        ),
        ("conv1.weight[9, 0, 0, 0]", "has no entry (9, 0, 0, 0): its shape is (2, 1, 1, 3)"),
        ("conv2.weight[0]", "did you mean 'conv1.weight'"),
        ("conv1.weight[0 0]", "separate the numbers of its index by commas"),
        ("target[0]", "there is no derivative with respect to 'target'"),
        (3, "the weight 3 is not understood"),
        (
            "w_99",
            "there is no entry 'w_99': the entries of w run from w_11 to w_23",
        ),
        ("w_1", "there is no entry 'w_1': the entries of w run from w_11 to w_23"),
        ("w_{114}", "there is no entry 'w_{114}': the entries of w run from w_11 to w_23"),
        ("x_0", "there is no entry 'x_0': the entries of x run from x_1 to x_3"),
        ("x_" + "9" * 5000, "is not understood"),
    ],
)
def test_other_weights_are_refused(weight, said):
    with pytest.raises(sc.SymcnnError) as error:
        sc.explain(SEED, weight=weight)
    assert said in str(error.value)
