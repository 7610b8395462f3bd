"""Second derivatives: against PyTorch, against high-precision differences, and by hand."""

import mpmath
import numpy as np
import pytest
from sympy import Rational, lambdify

import symcnn as sc
from tests.draws import slow

SEED = sc.examples.cnn_by_hand()
WEIGHTS = ["conv1.weight", "dense1.weight"]


def numbers(problem, matrix):
    found = matrix.applyfunc(lambda entry: problem.derivation.substitute(entry, problem.values, 17))
    return np.array(found.tolist(), dtype=float)


def seed_loss(w):
    """The seed's loss in mpmath, written by hand; w holds two kernel rows and the dense row."""
    x = [mpmath.mpf(1), mpmath.mpf(4) / 10, mpmath.mpf(7) / 10]
    pooled = [max(w[k] * x[i] + w[3 + k] * x[i + 1] for i in range(2)) for k in range(3)]
    z = sum(w[6 + k] * pooled[k] for k in range(3))
    return (mpmath.mpf(8) / 10 - 1 / (1 + mpmath.exp(-z))) ** 2 / 2


def test_high_precision_differences_of_the_seed_agree():
    with mpmath.workdps(80):
        weights = [
            mpmath.mpf(number.p) / number.q for name in WEIGHTS for number in SEED.values[name]
        ]
        h = mpmath.mpf(10) ** -20

        def moved(*steps):
            shifted = list(weights)
            for place, sign in steps:
                shifted[place] += sign * h
            return seed_loss(shifted)

        measured = [
            [
                float(
                    (moved((m, 1), (n, 1)) - moved((m, 1), (n, -1))) / (4 * h * h)
                    - (moved((m, -1), (n, 1)) - moved((m, -1), (n, -1))) / (4 * h * h)
                )
                for n in range(9)
            ]
            for m in range(9)
        ]
    found = numbers(SEED, SEED.derivation.hessian(WEIGHTS))
    assert found == pytest.approx(np.array(measured), rel=1e-13, abs=1e-16)


@slow
def test_pytorch_agrees_on_a_batch_through_many_kinds_of_layers():
    torch = pytest.importorskip("torch")
    layers = [sc.Conv2D(2, 2), sc.Softplus(), sc.MaxPool2D((2, 1)), sc.Flatten(), sc.Dense(2)]
    network = sc.Network((3, 2, 1), layers, sc.SoftmaxCrossEntropy(), batch=2)
    draw = np.random.default_rng(3)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter")]
    values = {t.name: draw.integers(-9, 10, t.size) / 10 for t in given}
    problem = sc.Problem(network, values | {"target": [[1, 0], [0, 1]]})
    names = ["conv1.weight", "conv1.bias", "dense1.weight", "dense1.bias"]

    def loss(kernel, bias, dense, offset):
        x = torch.tensor(values["x"]).reshape(2, 1, 3, 2)
        z = torch.nn.functional.conv2d(x, kernel.permute(3, 2, 0, 1), bias)
        a = torch.nn.functional.max_pool2d(torch.nn.functional.softplus(z), (2, 1))
        logits = a.permute(0, 2, 3, 1).flatten(1) @ dense.T + offset
        return torch.nn.functional.cross_entropy(logits, torch.tensor([0, 1]))

    arguments = tuple(
        torch.tensor(values[name]).reshape(network.tensors[name].shape) for name in names
    )
    blocks = torch.autograd.functional.hessian(loss, arguments)
    sizes = [argument.numel() for argument in arguments]
    expected = np.block(
        [
            [block.reshape(m, n).numpy() for block, n in zip(row, sizes, strict=True)]
            for row, m in zip(blocks, sizes, strict=True)
        ]
    )
    for name in ("conv1.bias", "dense1.bias"):
        at = names.index(name)
        start = sum(sizes[:at])
        block = expected[start : start + sizes[at], start : start + sizes[at]]
        found = numbers(problem, problem.derivation.hessian([name]))
        assert found == pytest.approx(block, rel=1e-12, abs=1e-14)
    places = {"conv1.weight": [0, 5], "dense1.weight": [1, 3], "dense1.bias": [0]}
    chosen = [
        (name, tuple(map(int, np.unravel_index(place, network.tensors[name].shape))))
        for name, listed in places.items()
        for place in listed
    ]
    rows = [
        sum(sizes[: names.index(name)]) + place
        for name, listed in places.items()
        for place in listed
    ]
    found = numbers(problem, problem.derivation.hessian(chosen))
    assert found == pytest.approx(expected[np.ix_(rows, rows)], rel=1e-12, abs=1e-14)


@slow
def test_all_weights_of_a_network_of_two_layers_have_a_matrix():
    """52 entries: SymPy's diff of each closed form with respect to each of them was refused."""
    torch = pytest.importorskip("torch")
    layers = [sc.Dense(5), sc.Tanh(), sc.Dense(2)]
    network = sc.Network((7,), layers, sc.HalfSquaredError())
    draw = np.random.default_rng(5)
    values = {t.name: draw.integers(-9, 10, t.size) / 10 for t in network.given}
    problem = sc.Problem(network, values)
    names = [tensor.name for tensor in network.parameters]

    def loss(w, b, v, c):
        a = torch.tanh(w @ torch.tensor(values["x"]) + b)
        return ((v @ a + c - torch.tensor(values["target"])) ** 2).sum() / 2

    given = tuple(torch.tensor(values[n]).reshape(network.tensors[n].shape) for n in names)
    found = torch.autograd.functional.hessian(loss, given)
    sizes = [tensor.size for tensor in network.parameters]
    expected = np.block(
        [
            [part.reshape(m, n).numpy() for part, n in zip(row, sizes, strict=True)]
            for row, m in zip(found, sizes, strict=True)
        ]
    )
    matrix = problem.derivation.hessian(names)
    assert matrix.shape == expected.shape == (52, 52)
    for row in (0, 17, 38, 46, 51):
        assert numbers(problem, matrix[row, :])[0] == pytest.approx(expected[row], rel=1e-12)


def test_a_quadratic_has_its_matrix():
    """L = (t - w x)^2 / 2: d^2 L / dw_i dw_j = x_i x_j, exactly."""
    network = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    d = sc.derive(network)
    x = [d.symbol("x", (n,)) for n in range(2)]
    matrix = d.hessian(["dense1.weight"])
    assert matrix.tolist() == [[x[0] ** 2, x[0] * x[1]], [x[0] * x[1], x[1] ** 2]]
    third = Rational(1, 3)
    values = {"x": [third, 2], "dense1.weight": [0, 0], "target": [1]}
    assert d.substitute(matrix[0, 1], values) == 2 * third


def test_it_is_ordinary_sympy():
    d = SEED.derivation
    matrix = d.hessian(["dense1.weight"])
    free = sorted(matrix.free_symbols, key=str)
    point = [float(SEED.point.value(symbol)) for symbol in free]
    assert np.array(lambdify(free, matrix, "numpy")(*point)) == pytest.approx(
        numbers(SEED, matrix), rel=1e-12
    )


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (["conv1.wait"], "did you mean 'conv1.weight'"),
        (["conv1"], "'conv1' is neither an input nor a parameter"),
        ([("conv1.weight", (2, 0, 0, 0))], "has no entry"),
        ("conv1.weight", r"is a single name: give a list, \['conv1.weight'\]"),
    ],
)
def test_a_mistake_is_one_line(by, message):
    with pytest.raises(sc.SymcnnError, match=message):
        SEED.derivation.hessian(by)


def test_a_large_matrix_is_refused_before_it_is_made():
    network = sc.Network(
        (12, 12, 1), [sc.Conv2D(2, 5), sc.Tanh(), sc.Flatten(), sc.Dense(1)], sc.HalfSquaredError()
    )
    with pytest.raises(sc.TooLargeError, match="choose fewer entries"):
        sc.derive(network).hessian(["conv1.weight"])
