"""The section of second derivatives: by hand, against PyTorch, and what it says in words."""

import re
from dataclasses import replace
from math import exp
from shutil import which

import numpy as np
import pytest

import symcnn as sc
from symcnn.derivation import jacobians
from symcnn.document.blocks import Heading, Inline, Paragraph, Table
from symcnn.errors import UnverifiedError
from symcnn.writing.formula.latex import latex
from tests.derivation.test_second_order import NETWORKS, numbers
from tests.document.latex import compiled, complaints
from tests.draws import one_of, slow, some

SEED = sc.examples.cnn_by_hand()
ALONE = {"sections": ["second-order", "check"]}
CLASSES = sc.Problem(
    NETWORKS["classes"],
    {
        name: array.round(1).tolist()
        for name, array in numbers("classes").items()
        if name != "target"
    }
    | {"target": [[1, 0], [0, 1]]},
)


def small(layers, loss=None, **options):
    """Return a problem with numbers between -1 and 1."""
    network = sc.Network((3, 1), layers, loss or sc.HalfSquaredError(), **options)
    rng = np.random.default_rng(7)
    return sc.Problem(
        network, {t.name: rng.uniform(-1, 1, t.shape).round(1) for t in network.given}
    )


def words(document):
    """Return the sentences of a document, each formula as LaTeX."""

    def said(part):
        return latex(part.formula) if isinstance(part, Inline) else str(part)

    texts = (
        b.text if isinstance(b, Paragraph) else b.title
        for b in document.blocks
        if isinstance(b, Paragraph | Heading)
    )
    return ["".join(map(said, text)) for text in texts]


def tables(document):
    """Return the tables of numbers by the sentence before each, columns that were broken joined."""
    found, name = {}, ""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            (name,) = words(replace(document, blocks=(block,)))
        if isinstance(block, Table) and name.startswith("The "):
            width = len(block.header) - 1
            values = [float(figure.claim.value) for figure in block.figures]
            rows = np.array(values).reshape(-1, width)
            found[name] = np.hstack([found[name], rows]) if name in found else rows
    return found


def blocks(document, start=r"The block"):
    return [array for name, array in tables(document).items() if name.startswith(start)]


def test_the_seed_by_hand():
    """L = (a - t)^2 / 2 with a = sigma(w f): d^2 L / dz^2 = a'^2 + (a - t) a'', both at z = 0.214.

    The block of the dense layer is that times f_k f_h; that of w_11 and w_k adds delta^z where k
    is the filter of w_11, for f_1 = x_1 w_11 + x_2 w_21.
    """
    document = sc.explain(SEED, second_order=True, **ALONE)
    a, t = 1 / (1 + exp(-0.214)), 0.8
    slope, bend = a * (1 - a), a * (1 - a) * (1 - 2 * a)
    curvature, signal = slope**2 + (a - t) * bend, (a - t) * slope
    f, w, x = np.array([0.24, 0.26, 0.10]), np.array([0.1, 0.5, 0.6]), np.array([1, 0.4, 0.7])
    # How f moves with w_11, w_12, w_13, w_21, w_22, w_23: filter 3 is largest at position 2.
    jacobian = np.zeros((3, 6))
    for k, first in enumerate((0, 0, 1)):
        jacobian[k, [k, 3 + k]] = x[first : first + 2]
    conv, mixed, dense = blocks(document)
    assert conv == pytest.approx(curvature * np.outer(w @ jacobian, w @ jacobian), rel=1e-12)
    expected = curvature * np.outer(w @ jacobian, f) + signal * jacobian.T
    assert mixed == pytest.approx(expected, rel=1e-12)
    assert dense == pytest.approx(curvature * np.outer(f, f), rel=1e-12)
    newton = blocks(document, "The Gauss-Newton matrix's block")
    assert newton[0] == pytest.approx(slope**2 * np.outer(w @ jacobian, w @ jacobian), rel=1e-12)
    assert newton[1] == pytest.approx(slope**2 * np.outer(w @ jacobian, f), rel=1e-12)


def test_every_formula_of_the_seed_is_given_once():
    document = sc.explain(SEED, second_order=True, **ALONE)
    tex = document.to_latex()
    assert r"J^{z(2)}_{gb} &= \sum_{k=1}^{3} w^{(2)}_{k} J^{f}_{kgb}" in re.sub(r"\s+", " ", tex)
    for once in (r"J^{z}_{ikgb} &=", r"H^{z}_{ikgb} &=", r"H^{f}_{kh} &=", r"J^{z(2)}_{h} &="):
        assert tex.count(once) == 1, once
    assert r"J^{a}_{h} &=" not in tex
    assert "The other stages have the formulas given above" in tex


@slow
@pytest.mark.parametrize("pair", one_of([("x", "conv1.bias"), ("conv1.bias", "dense1.weight")]))
def test_numbers_equal_pytorchs(pair):
    network = NETWORKS["classes"]
    document = sc.explain(CLASSES, second_order=[pair], **ALONE)
    torch = pytest.importorskip("torch")
    reference = pytest.importorskip("tests.programs.torch_reference")
    leaves = {
        t.name: torch.tensor(np.array(CLASSES.values[t.name], dtype=float).reshape(t.shape))
        for t in network.given
    }

    def loss(first, second):
        here = {**leaves, pair[0]: first, pair[1]: second}
        return reference.loss_of(network, reference.run(network, here), here)

    made = torch.autograd.functional.hessian(loss, tuple(leaves[n] for n in pair))[0][1]
    expected = made.numpy().reshape(network.tensors[pair[0]].size, -1)
    (found,) = blocks(document)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_quadratic_is_its_own_gauss_newton_matrix():
    document = sc.explain(
        sc.Problem(
            sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError()),
            {"x": [3, 4], "dense1.weight": [1, 0.5], "target": [3]},
        ),
        second_order=True,
        **ALONE,
    )
    assert blocks(document)[0].tolist() == [[9, 12], [12, 16]]
    said = " ".join(words(document))
    assert "Here it is equal to the Hessian: no term with an error signal occurs above." in said
    assert ", rounded" not in said


@slow
def test_what_is_linear_between_kinks_is_said_to_be():
    said = " ".join(
        words(
            sc.explain(
                small([sc.Conv1D(2, 2), sc.ReLU(), sc.MaxPool1D(2)]), second_order=True, **ALONE
            )
        )
    )
    assert (
        "Away from ties, a maximum is equal to one of its terms, and ReLU is linear on either side "
        "of its kink: there their second derivatives are 0, and R and brackets are constant."
        in said
    )
    smooth = " ".join(words(sc.explain(small([sc.Tanh()]), second_order=True, **ALONE)))
    assert "linear on" not in smooth
    assert "Away from" not in smooth


def test_a_wrong_formula_is_not_printed(monkeypatch):
    """Half of each slope, which no first derivative is made of."""
    right = jacobians.partial_by
    monkeypatch.setattr(jacobians, "partial_by", lambda value, read: right(value, read) / 2)
    with pytest.raises(UnverifiedError, match=r"the row Jᶻ_\{ikgb\}"):
        sc.explain(SEED, second_order=True)


def test_large_blocks_are_named_with_their_number_of_entries(monkeypatch):
    monkeypatch.setattr(sc.limits, "HESSIAN_PRINTED", 17)
    said = words(sc.explain(SEED, second_order=True, **ALONE))
    assert any("are left out: it has 36 entries; in Python, hessian_block" in text for text in said)
    assert any("are left out: it has 18 entries" in text for text in said)


@slow
def test_a_large_network_has_formulas_that_are_checked_in_floats(monkeypatch):
    monkeypatch.setattr(sc.limits, "EXACT_TERMS", 5)
    document = sc.explain(SEED, second_order=True, **ALONE)
    said = " ".join(words(document))
    assert "The numbers of the blocks, 63 entries, are left out" in said
    assert not tables(document)
    right = jacobians.partial_by
    monkeypatch.setattr(jacobians, "partial_by", lambda value, read: right(value, read) / 2)
    with pytest.raises(UnverifiedError, match=r"the row Jᶻ_\{ikgb\}"):
        sc.explain(SEED, second_order=True)


@slow
def test_many_parameters_have_the_blocks_on_the_diagonal(monkeypatch):
    monkeypatch.setattr(sc.limits, "HESSIAN_BLOCKS", 2)
    document = sc.explain(SEED, second_order=True, **ALONE)
    assert "Of the 3 pairs, those of each parameter with itself are given." in words(document)[1]
    assert len(blocks(document)) == 2


@slow
@pytest.mark.parametrize("name", some(["padded", "normalised", "residual", "transposed"], every=2))
def test_unusual_networks_have_second_derivatives(name):
    """Penalties, shared weights, statistics of a batch: every row is checked as it is made."""
    network = NETWORKS[name]
    values = {n: np.round(array, 1) for n, array in numbers(name).items()}
    if network.loss.supposes(network.target):
        values["target"] = np.eye(network.output.shape[-1])[:1]
    document = sc.explain(
        sc.Problem(network, values), second_order=[(network.parameters[0].name,) * 2], **ALONE
    )
    assert "Second derivatives" in words(document)[0]


@slow
def test_it_is_asked_for():
    assert "Second derivatives" not in words(sc.explain(SEED))
    by_section = sc.explain(SEED, sections=["second-order"])
    assert words(by_section)[0] == "Second derivatives"
    assert "Second derivatives" in words(sc.explain(SEED, second_order=True, detail="brief"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"second_order": [("conv9", "x")]}, "'conv9' is neither an input nor a parameter"),
        ({"second_order": ["x"]}, "give True, or pairs of names"),
        ({"second_order": True, "weight": "w_11"}, "omit weight or second_order"),
    ],
)
def test_what_cannot_be_is_one_line(options, message):
    with pytest.raises(sc.SymcnnError, match=re.escape(message)):
        sc.explain(SEED, **options)


@slow
def test_every_format_has_it():
    document = sc.explain(SEED, second_order=True, index_base=0, decimal=",", digits=6, **ALONE)
    assert r"0{,}0168968" in document.to_latex()
    assert r"w_{00}" in document.to_latex()
    assert "0{,}0168968" in document.to_markdown()
    assert "<mn>0,0168968</mn>" in document.to_html()
    student = document.with_blanks()
    assert "0{,}0168968" not in student.to_latex()


@slow
@pytest.mark.skipif(which("pdflatex") is None, reason="needs pdflatex")
def test_it_compiles(tmp_path):
    tex = sc.explain(SEED, second_order=True, **ALONE).to_latex()
    assert complaints(compiled(tex, tmp_path)) == []


@slow
def test_letters_that_are_taken_move():
    """theta is a weight here, J the loss and H the output."""
    letters = {"conv1.weight": r"\theta", "loss": "J", "dense1": "H"}
    made = sc.explain(SEED, second_order=True, letters=letters, **ALONE)
    said = " ".join(words(made))
    assert r"Let \varphi be" in said or r"Let \phi be" in said
    assert "A^{Y}_{i}" in said
    assert r"A^{z}_{ikgb} &=" in made.to_latex()
    assert r"\frac{\partial^{2} J}{\partial \theta_{uk} \partial \theta_{gb}}" in made.to_latex()
