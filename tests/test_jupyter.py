"""What Jupyter and nbconvert show, and the notebook that was run."""

import re
from pathlib import Path

import pytest

import symcnn as sc
from tests.draws import slow, some
from tests.network.layers.examples import EXAMPLES

NOTEBOOK = Path(__file__).parent.parent / "derivations" / "cnn-by-hand" / "notebook.ipynb"
SEED = r"""$$
\begin{aligned}
\delta^{a} = \frac{\partial L}{\partial a} &= a - t \\[4pt]
\delta^{z(2)} = \frac{\partial L}{\partial z^{(2)}} &= \delta^{a} a \left(1 - a\right) \\[4pt]
\frac{\partial L}{\partial w^{(2)}_{k}} &= \delta^{z(2)} f_{k}\quad \left(k = 1, 2, 3\right) \\[4pt]
\delta^{f}_{k} = \frac{\partial L}{\partial f_{k}} &= \delta^{z(2)} w^{(2)}_{k}\quad \left(k = 1, 2, 3\right) \\[4pt]
\delta^{p}_{k} = \frac{\partial L}{\partial p_{k}} &= \delta^{f}_{k}\quad \left(k = 1, 2, 3\right) \\[4pt]
R^{p}_{ku} &= \begin{cases} 1 & \text{if } z_{uk} \text{ is the first largest value of its window} \\ 0 & \text{otherwise} \end{cases} \\[4pt]
\delta^{z}_{ik} = \frac{\partial L}{\partial z_{ik}} &= \delta^{p}_{k} R^{p}_{ki}\quad \left(i = 1, 2,\; k = 1, 2, 3\right) \\[4pt]
\frac{\partial L}{\partial w_{uk}} &= \sum_{i=1}^{2} \delta^{z}_{ik} x_{i+u-1}\quad \left(u = 1, 2,\; k = 1, 2, 3\right) \\[4pt]
\delta^{x}_{r} = \frac{\partial L}{\partial x_{r}} &= \sum_{k=1}^{3} \sum_{u=\max\left(1, r - 1\right)}^{\min\left(2, r\right)} \delta^{z}_{r-u+1, k} w_{uk}\quad \left(r = 1, 2, 3\right)
\end{aligned}
$$"""  # noqa: E501


@pytest.fixture(scope="module")
def seed():
    return sc.examples.cnn_by_hand()


@pytest.fixture(scope="module")
def page(seed):
    return sc.explain(seed, weight="conv1.weight[1, 0, 0, 2]", detail="full")


def test_a_derivation_shows_its_general_forms(seed):
    assert seed.derivation._repr_latex_() == SEED
    words, _, formulas = seed.derivation._repr_markdown_().partition("\n\n")
    assert words.startswith("The derivative of the loss $L$ with respect to every tensor")
    assert formulas == SEED + "\n"


def test_equal_shares_of_ties_are_said(seed):
    pool = sc.MaxPool2D(2, 1, ties="split")
    network = sc.Network((2, 2, 1), [pool, sc.Flatten()], sc.SumOfOutputs())
    assert (
        r"R^{p}_{uv} &= \begin{cases} 1 / \text{(number of largest values)} & \text{if } x_{uv} "
        r"\text{ is a largest value of its window} \\ 0 & \text{otherwise} \end{cases}"
    ) in sc.derive(network)._repr_latex_()


def test_what_the_loss_does_not_depend_on_has_the_derivative_0():
    network = sc.Network((2,), [sc.Sigmoid(), sc.Sigmoid(inputs=("x",))], sc.SumOfOutputs())
    assert r"\frac{\partial L}{\partial a_{q}} &= 0\quad \left(q = 1, 2\right)" in (
        sc.derive(network)._repr_latex_()
    )


def test_constants_are_decimals_as_in_documents():
    network = sc.Network((2,), [sc.LeakyReLU(alpha=0.01)], sc.SumOfOutputs())
    shown = sc.derive(network)._repr_latex_()
    assert r"\begin{cases} 1 & \text{if } x_{q} > 0 \\ 0.01 & \text{otherwise} \end{cases}" in shown


def test_letters_that_a_user_chose_are_shown(seed):
    derivation = seed.with_letters({"conv1.weight": "K", "dense1.weight": "theta"}).derivation
    shown = derivation._repr_latex_()
    assert r"\frac{\partial L}{\partial K_{uk}} &= \sum" in shown
    assert r"\delta^{z(2)} \theta_{k}" in shown


@pytest.mark.parametrize(
    "example", some([e for e in EXAMPLES if e.layer.inputs is None], 2), ids=str
)
def test_every_layer_can_be_shown(example):
    batch = {"batch": 2} if isinstance(example.layer, sc.BatchNorm) else {}
    network = sc.Network(example.input_shape, example.layers, sc.SumOfOutputs(), **batch)
    rows = sc.derive(network)._repr_latex_()
    assert rows.count("{") == rows.count("}")
    assert rows.count(r"\left") == rows.count(r"\right")
    shown = sum(t.role in ("input", "parameter", "hidden") for t in network.tensors.values())
    assert rows.count(" &= ") >= shown


def test_a_single_partial_is_typeset_by_sympy(seed):
    derivation = seed.derivation
    general = derivation.partial("conv1.weight")
    staged = derivation.partial("conv1.weight", (1, 0, 0, 2), staged=True)
    assert general._repr_latex_() == (
        r"$\displaystyle \sum_{i=0}^{1} {\delta^{z}}_{i,0,k} {x}_{i + u,0,0}$"
    )
    assert staged._repr_latex_() == r"$\displaystyle \delta^{z}_{13} x_{2} + \delta^{z}_{23} x_{3}$"


def test_functions_are_typeset(seed):
    closed = seed.derivation.partial("conv1.weight", (1, 0, 0, 2))._repr_latex_()
    for part in (
        r"\sigma\left(",
        r"\max\left(w_{11} x_{1}",
        r"\left[w_{13} x_{1} + w_{23} x_{2} <",
    ):
        assert part in closed


def test_a_problem_shows_its_layers_and_numbers(seed):
    shown = seed._repr_markdown_()
    for layer in ("conv1", "pool1", "flatten1", "dense1", "sigmoid1"):
        assert re.search(rf"^\| {layer} \| .* \| \$.*\$ \| \$.*\$ \|$", shown, re.MULTILINE)
    assert (
        "| $w$ | conv1.weight | $2 \\times 1 \\times 1 \\times 3$ | row $u$, column $k$ |" in shown
    )
    assert "0.2 & 0.3 & -0.1\\\\\n0.1 & -0.1 & 0.2\n" in shown
    assert shown.endswith("\nThe loss: half squared error; the learning rate: $0.5$.\n")


def test_the_loss_is_said_with_its_settings():
    network = sc.Network((1,), [sc.Sigmoid()], sc.BinaryCrossEntropy(l2=2, reduction="sum"))
    problem = sc.Problem(network, {"x": [1], "target": [1]})
    end = "\nThe loss: binary cross-entropy (l2 2, reduction sum).\n"
    assert problem._repr_markdown_().endswith(end)


def test_a_problem_without_a_document_is_shown():
    """Its loss is the logarithm of 0, so `explain` has to refuse it."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.BinaryCrossEntropy())
    problem = sc.Problem(network, {"x": [10**200], "dense1.weight": [0], "target": [1]})
    with pytest.raises(sc.SymcnnError, match="log"):
        sc.explain(problem)
    assert r"x \approx 1.000 \times 10^{200} \quad" in problem._repr_markdown_()
    assert r"$x \approx 1.000 \times 10^{200}$" in problem._repr_latex_()


def test_formulas_in_markdown_stand_as_jupyter_wants_them(page):
    shown = page._repr_markdown_()
    assert "`" not in shown
    displays = re.findall(r"^\$\$\n(.*?)\n\$\$$", shown, re.MULTILINE | re.DOTALL)
    assert len(displays) == page.to_markdown().count("```math") > 10
    assert r"z_{13} &= w_{13} x_{1} + w_{23} x_{2} = (-0.1) \cdot 1 + 0.2 \cdot 0.4 = -0.02" in (
        "\n".join(displays)
    )


def test_html_is_well_formed_and_keeps_its_style_to_itself(seed, page):
    html5lib = pytest.importorskip("html5lib")
    for shown in (seed._repr_html_(), page._repr_html_()):
        html5lib.HTMLParser(strict=True).parseFragment(shown)
        style = re.search("<style>(.*?)</style>", shown, re.DOTALL)[1]
        for selector in re.findall(r"^([^\s@}][^{}]*)\{", style, re.MULTILINE):
            assert selector.startswith(".derivation.derivation")


def test_pictures_take_the_colours_of_the_notebook(page):
    shown = page._repr_html_()
    assert "prefers-color-scheme" not in shown
    assert shown.count(".symcnn .ink1{color:light-dark(#0B62C4,#6CB6FF)}") == 3
    assert shown.count("<svg ") == 3
    assert not re.search("[^(]#[0-9A-F]{6}", shown.partition("</style>")[2].replace(",#", "(#"))


def test_nbconvert_gets_latex_of_the_whole_text(page):
    shown = page._repr_latex_()
    assert shown == page.to_latex(fragment=True)
    assert r"\section{Backward pass}" in shown
    assert r"\documentclass" not in shown


def test_names_are_short(seed, page):
    assert repr(page) == "<Document 'CNN by hand: conv1.weight[1, 0, 0, 2]'>"
    assert repr(seed) == "<Problem 'CNN by hand': conv1, pool1, flatten1, dense1, sigmoid1>"
    assert repr(seed.derivation).startswith(
        "<Derivation of the loss with respect to x, conv1.weight, conv1,"
    )


def test_ipython_finds_what_to_show(seed, page):
    formatters = pytest.importorskip("IPython.core.formatters")
    show = formatters.DisplayFormatter().format
    whole = {"text/html", "text/markdown", "text/latex", "text/plain"}
    assert set(show(page)[0]) == set(show(seed)[0]) == whole
    assert set(show(seed.derivation)[0]) == whole - {"text/html"}
    assert set(show(seed.derivation.partial("conv1.weight"))[0]) == {"text/latex", "text/plain"}


def printed(notebook):
    """What a notebook's code prints: the text of every output of every cell."""
    return [
        (cell.source, [o.get("text") or o["data"]["text/plain"] for o in cell.outputs])
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@slow
def test_the_notebook_runs_and_prints_what_it_says():
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbconvert")
    pytest.importorskip("ipykernel")
    from derivations.run_notebook import executed

    written = printed(nbformat.read(NOTEBOOK, as_version=4))
    assert len(written) >= 15
    assert printed(executed(NOTEBOOK)) == written
