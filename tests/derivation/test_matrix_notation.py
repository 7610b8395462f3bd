r"""Formulas in matrices: what papers print, and nothing that does not hold."""

import numpy as np
import pytest
from sympy import Symbol

import symcnn as sc
from symcnn.derivation import matrix_notation
from symcnn.derivation.matrix_form import matrix_form
from symcnn.document.theory.specimen import specimen

CLASSIFIER = sc.Network((3,), [sc.Dense(2), sc.Softmax()], sc.CrossEntropy())
BATCH = sc.Network((3,), [sc.Dense(2), sc.Tanh()], sc.HalfSquaredError(), batch=5)
NORMALISED = sc.Network((4,), [sc.LayerNorm()], sc.Upstream())


def printed(network, name):
    return sc.derive(network).latex(name, notation="matrix", conditions=False)


@pytest.mark.parametrize(
    ("network", "name", "expected"),
    [
        (CLASSIFIER, "dense1", "z = w x + b"),
        (CLASSIFIER, "x", r"\delta^{x} = w^{\top} \delta^{z}"),
        (CLASSIFIER, "dense1.weight", r"\frac{\partial L}{\partial w} = \delta^{z} x^{\top}"),
        (
            CLASSIFIER,
            "gradient of dense1",
            r"\delta^{z} = \left(\operatorname{diag}\left(p\right) - p p^{\top}\right) \delta^{p}",
        ),
        (CLASSIFIER, "gradient of softmax1", r"\delta^{p} = -t \oslash p"),
        (BATCH, "dense1", r"z = x w^{\top} + \mathbf{1} b^{\top}"),
        (
            BATCH,
            "dense1.weight",
            r"\frac{\partial L}{\partial w} = \left(\delta^{z}\right)^{\top} x",
        ),
        (
            BATCH,
            "dense1.bias",
            r"\frac{\partial L}{\partial b} = \left(\delta^{z}\right)^{\top} \mathbf{1}",
        ),
        (NORMALISED, "layer_norm1.mean", r"\mu = \frac{1}{4} \mathbf{1}^{\top} x"),
        (NORMALISED, "layer_norm1", r"y = \hat{x} \odot \gamma + \beta"),
    ],
)
def test_formulas_are_those_of_papers(network, name, expected):
    assert printed(network, name) == expected


def test_attention_is_three_products_and_a_softmax():
    network = specimen(sc.Attention(1)).network
    assert printed(network, "attention1") == "y = a v"
    assert printed(network, "attention1.scores") == r"s = \frac{1}{\sqrt{D}} q k^{\top}"
    assert printed(network, "gradient of input3") == r"\delta^{v} = a^{\top} \delta^{y}"
    assert printed(network, "gradient of attention1.weights") == r"\delta^{a} = \delta^{y} v^{\top}"
    assert (
        printed(network, "gradient of input2")
        == r"\delta^{k} = \frac{1}{\sqrt{D}} \left(\delta^{s}\right)^{\top} q"
    )


def test_the_product_for_softmax_is_its_jacobian():
    """Worked out in NumPy from the definition, by differences."""
    p = np.array([0.2, 0.5, 0.3])
    delta = np.array([1.0, -2.0, 0.5])
    z, step = np.log(p), 1e-6

    def loss(z):
        e = np.exp(z)
        return float(delta @ (e / e.sum()))

    measured = [(loss(z + d) - loss(z - d)) / (2 * step) for d in step * np.eye(3)]
    assert (np.diag(p) - np.outer(p, p)) @ delta == pytest.approx(measured, abs=1e-8)


@pytest.mark.parametrize("name", ["conv1", "conv1.weight", "pool1"])
def test_what_is_no_product_of_matrices_is_refused(name):
    derivation = sc.examples.cnn_by_hand().derivation
    with pytest.raises(sc.SymcnnError, match=f"no formula of '{name}' in matrices is known"):
        derivation.latex(name, notation="matrix")


def test_an_index_and_another_notation_are_refused():
    derivation = sc.derive(CLASSIFIER)
    with pytest.raises(sc.SymcnnError, match="has an index: omit it in matrix notation"):
        derivation.latex("x", (0,), notation="matrix")
    with pytest.raises(sc.SymcnnError, match="notation is 'matrices': give"):
        derivation.latex("x", notation="matrices")


def test_a_product_that_does_not_hold_is_not_printed(monkeypatch):
    """A square matrix has the right shape when it is transposed by mistake, and other numbers."""
    network = sc.Network((3,), [sc.Dense(3, bias=False)], sc.Upstream())

    def transposed(right, free, signals):
        form = matrix_form(right, free, signals)
        (product,) = form.node.parts
        matrix, vector = product.tokens
        planted = matrix._replace(kind="" if matrix.kind else "transposed")
        wrong = type(product)(product.scale, (planted, vector), product.axes)
        return form._replace(node=type(form.node)((wrong,), form.node.axes))

    assert printed(network, "dense1") == "z = w x"
    monkeypatch.setattr(matrix_notation, "matrix_form", transposed)
    with pytest.raises(sc.SymcnnError, match="no formula of 'dense1' in matrices is known"):
        printed(network, "dense1")


def test_sizes_may_be_letters():
    network = sc.Network((sc.size("C"),), [sc.Dense(sc.size("U"))], sc.Upstream())
    assert isinstance(network.input.shape[0], Symbol)
    assert printed(network, "x") == r"\delta^{x} = w^{\top} \delta^{z}"
