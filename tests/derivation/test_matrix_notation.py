r"""Formulas in matrices: what papers print, and nothing that does not hold."""

import re

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


SIGN = re.compile(
    r"\\left\(|\\right\)|\\operatorname{diag}|\^{\\top}|\\odot|\\oslash|\\frac\{1\}\{\d+\}|\\mathbf\{1\}"
    r"|\\delta\^{\w}|\\hat{x}|\\gamma|\\beta|\w|[-+]"
)


class Reader:
    """Computes a formula in matrices from its LaTeX alone: vectors are columns.

    sum: term {+ or - term};  term: [-] factor {(odot, oslash or nothing) factor};
    factor: (sum), diag (sum), 1/n or a letter, and T behind it if it is transposed
    """

    def __init__(self, text, arrays):
        self.signs = [found[0] for found in SIGN.finditer(text)]
        assert "".join(self.signs) == text.replace(" ", ""), "every sign is known"
        self.arrays = arrays

    def next(self, *wanted):
        return self.signs.pop(0) if self.signs and self.signs[0] in wanted else None

    def sum(self):
        total = self.term()
        while sign := self.next("+", "-"):
            other = self.term()
            total = total + other if sign == "+" else total - other
        return total

    def term(self):
        made = -self.factor() if self.next("-") else self.factor()
        while self.signs and self.signs[0] not in ("+", "-", r"\right)"):
            if self.next(r"\odot"):
                made = made * self.factor()
            elif self.next(r"\oslash"):
                made = made / self.factor()
            else:
                other = self.factor()
                made = made @ other if np.ndim(made) and np.ndim(other) else made * other
        return made

    def factor(self):
        sign = self.signs.pop(0)
        if sign in (r"\left(", r"\operatorname{diag}"):
            is_diagonal = sign != r"\left(" and bool(self.next(r"\left("))
            made = self.sum()
            assert self.next(r"\right)")
            made = np.diag(made[:, 0]) if is_diagonal else made
        elif number := re.fullmatch(r"\\frac\{1\}\{(\d+)\}", sign):
            made = 1 / int(number[1])
        else:
            made = self.arrays[sign]
        return made.T if self.next(r"^{\top}") else made


def column(array):
    array = np.asarray(array, dtype=float)
    return array[:, None] if array.ndim == 1 else array


DENSE = {"x": "x", "w": "dense1.weight", "b": "dense1.bias", "z": "dense1"}


@pytest.mark.parametrize(
    ("network", "letters", "ones", "names"),
    [
        (
            CLASSIFIER,
            {**DENSE, "p": "softmax1", "t": "target"},
            2,
            ("dense1", "x", "dense1.weight", "gradient of dense1", "gradient of softmax1"),
        ),
        (BATCH, {**DENSE, "a": "tanh1"}, 5, ("dense1", "x", "dense1.weight", "dense1.bias")),
    ],
)
def test_printed_formulas_are_read_back_and_computed(network, letters, ones, names):
    draw = np.random.default_rng(5)
    given = [network.input, *network.parameters, network.loss_stage.given]
    values = {tensor.name: draw.uniform(0.1, 1, tensor.shape) for tensor in given}
    found = sc.evaluate(sc.Problem(network, {k: v.tolist() for k, v in values.items()}))
    known = {**values, **found.outputs}
    arrays = {letter: column(known[name]) for letter, name in letters.items()}
    signals = {f"\\delta^{{{k}}}": v for k, v in letters.items() if v in found.gradients}
    arrays |= {sign: column(found.gradients[name]) for sign, name in signals.items()}
    arrays[r"\mathbf{1}"] = np.ones((ones, 1))
    for name in names:
        left, right = printed(network, name).split(" = ")
        made = Reader(right, arrays).sum()
        own = name.removeprefix("gradient of ")
        is_value = name == own and name in found.outputs
        due = column((found.outputs if is_value else found.gradients)[own])
        assert made == pytest.approx(due, rel=1e-9), (left, right)


def test_a_normalisation_is_read_back_and_computed():
    x, scale, shift = np.random.default_rng(6).uniform(0.1, 1, (3, 4, 1))
    arrays = {"x": x, r"\gamma": scale, r"\beta": shift, r"\mathbf{1}": np.ones((4, 1))}
    arrays[r"\hat{x}"] = normal = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
    for name, due in (("layer_norm1.mean", x.mean()), ("layer_norm1", normal * scale + shift)):
        right = printed(NORMALISED, name).split(" = ")[1]
        assert Reader(right, arrays).sum() == pytest.approx(due, rel=1e-12)


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
