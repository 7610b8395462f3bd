"""Second derivatives in index form: against PyTorch, the matrix of closed forms, and laws."""

from itertools import product

import numpy as np
import pytest
from sympy import Indexed, Integer

import symcnn as sc
from symcnn import SymcnnError
from symcnn.derivation.entries import Entries
from symcnn.derivation.second_order import VARIABLES
from symcnn.reference import FLOATS, Forward, evaluate
from tests.draws import one_of, slow, some

NETWORKS = {
    "classes": sc.Network(
        (3, 2, 1),
        [sc.Conv2D(2, 2), sc.Softplus(), sc.MaxPool2D((2, 1)), sc.Flatten(), sc.Dense(2)],
        sc.SoftmaxCrossEntropy(),
        batch=2,
    ),
    "padded": sc.Network(
        (3, 3, 1),
        [sc.Conv2D(2, 2, stride=2, padding=1), sc.Tanh(), sc.GlobalAvgPool2D(), sc.Dense(2)],
        sc.MeanSquaredError(l2=0.1),
        batch=2,
    ),
    "normalised": sc.Network(
        (2, 2, 1),
        [sc.Conv2D(1, 2, padding=1), sc.BatchNorm(), sc.Sigmoid(), sc.Flatten(), sc.Dense(1)],
        sc.HalfSquaredError(),
        batch=2,
    ),
    "residual": sc.Network(
        (2, 2, 1),
        [
            sc.Conv2D(1, 3, padding=1, name="a"),
            sc.SiLU(),
            sc.Add(inputs=("silu1", "x")),
            sc.Conv2D(1, 3, padding=1, weight_from="a"),
            sc.Flatten(),
            sc.Softmax(),
        ],
        sc.CrossEntropy(),
    ),
    "transposed": sc.Network(
        (2, 2, 1),
        [sc.ConvTranspose2D(1, 2, stride=2), sc.GELU(), sc.Flatten(), sc.Dense(1), sc.Sigmoid()],
        sc.BinaryCrossEntropy(),
    ),
}
SEED = sc.examples.cnn_by_hand()
DERIVED = {name: sc.derive(network) for name, network in NETWORKS.items()}
PAIRS = [
    (name, of, by)
    for name, network in NETWORKS.items()
    for of, by in product((t.name for t in network.given if t.role in VARIABLES), repeat=2)
]


def numbers(name):
    rng = np.random.default_rng(len(name))
    network = NETWORKS[name]
    values = {t.name: rng.uniform(-0.9, 0.9, t.shape) for t in network.given}
    target = np.abs(values["target"])
    values["target"] = (
        target / target.sum(axis=-1, keepdims=True) if target.shape[-1] > 1 else target
    )
    return values


def of_pytorch(name, of, by):
    """Return the block, by PyTorch's own second derivatives."""
    torch = pytest.importorskip("torch")
    reference = pytest.importorskip("tests.programs.torch_reference")
    network, values = NETWORKS[name], numbers(name)
    leaves = {n: torch.tensor(v) for n, v in values.items()}
    weights = [n for n in reference.penalised(network, values) if network.loss.l2]

    def loss(first, second=None):
        here = {**leaves, of: first, by: first if second is None else second}
        kept = reference.run(network, here)
        plain = reference.LOSSES[type(network.loss).__name__]
        target = here["target"].reshape(kept[network.output.name].shape)
        each = plain(kept[network.output.name], target).flatten(1).sum(1)
        penalty = sum((here[n] ** 2).sum() for n in weights) * float(network.loss.l2)
        return (each.mean() if network.batch else each.sum()) + penalty

    if of == by:
        return torch.autograd.functional.hessian(loss, leaves[of]).numpy()
    blocks = torch.autograd.functional.hessian(loss, (leaves[of], leaves[by]))
    return blocks[0][1].numpy()


@pytest.mark.parametrize(("name", "of", "by"), one_of(PAIRS))
def test_a_block_equals_pytorchs(name, of, by):
    found = sc.hessian_block(DERIVED[name], numbers(name), of, by)
    assert found == pytest.approx(of_pytorch(name, of, by), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("name", "of", "by"), one_of(PAIRS))
def test_formulas_give_the_block(name, of, by):
    """Every stage's formula, evaluated at numbers entry by entry, down to what is given."""
    derivation, values = DERIVED[name], numbers(name)
    second = derivation.hessian(of, by)
    if not second.groups:
        assert second.partial == 0
        return
    passed = Forward(derivation.network, values)
    known = {**passed.values, **values}
    slopes = {derivation.adjoints[n].name: passed.derivatives(n) for n in derivation.adjoints}
    moving = {tensor.base: tensor for tensor, _ in second.groups}
    equations = [e for _, own in second.groups for e in own]
    entries = Entries(
        (*derivation.network.equations, *(s.equation for s in derivation.steps), *equations),
        {**derivation.tensors, **moving},
        derivation.routings,
    )
    arrays = {**known, **slopes}

    class Numbers(dict):
        def __missing__(self, symbol):
            tensor, position = entries.locate(symbol)
            return float(arrays[tensor.name][position])

    for tensor, _ in second.groups:
        entry, formula = second.stages[tensor.name]
        at = entries.general(formula)
        made = np.zeros(tensor.shape)
        for position in np.ndindex(tensor.shape):
            free = dict(zip(entry.indices, position, strict=True))
            made[position] = evaluate(at(free), Numbers(), FLOATS).real
        arrays[tensor.name] = made
    found = arrays[second.result.name]
    assert found == pytest.approx(sc.hessian_block(derivation, values, of, by), rel=1e-9, abs=1e-11)


@slow
def test_blocks_are_transposed_to_each_other():
    for name, of, by in some([pair for pair in PAIRS if pair[1] < pair[2]]):
        derivation, values = DERIVED[name], numbers(name)
        one, other = (sc.hessian_block(derivation, values, *p) for p in ((of, by), (by, of)))
        axes = [*range(one.ndim - len(NETWORKS[name].tensors[by].shape), one.ndim)]
        turned = np.moveaxis(one, axes, range(len(axes)))
        assert turned == pytest.approx(other, rel=1e-9, abs=1e-12)


def test_a_block_times_a_direction_is_the_product():
    derivation, values = DERIVED["padded"], numbers("padded")
    shape = NETWORKS["padded"].tensors["conv1.weight"].shape
    direction = np.random.default_rng(3).normal(size=shape)
    moved = sc.hessian_vector_product(derivation, values, {"conv1.weight": direction})
    for of in ("x", "conv1.bias", "dense1.weight"):
        block = sc.hessian_block(derivation, values, of, "conv1.weight")
        assert np.tensordot(block, direction, len(shape)) == pytest.approx(moved[of], rel=1e-9)


@pytest.mark.parametrize("name", one_of(["classes", "padded", "residual"]))
def test_gauss_newton_is_the_curvature_of_the_loss_between_jacobians(name):
    torch = pytest.importorskip("torch")
    reference = pytest.importorskip("tests.programs.torch_reference")
    network, values = NETWORKS[name], numbers(name)
    of, by = "x", network.parameters[0].name
    leaves = {n: torch.tensor(v) for n, v in values.items()}

    def output(**moved):
        return reference.run(network, {**leaves, **moved})[network.output.name]

    y = output()
    target = leaves["target"].reshape(y.shape)
    mean = 1 / network.batch if network.batch else 1

    def loss(y):
        return reference.LOSSES[type(network.loss).__name__](y, target).sum() * mean

    curvature = torch.autograd.functional.hessian(loss, y).reshape(y.numel(), y.numel())
    first, second = (
        torch.autograd.functional.jacobian(lambda v, n=n: output(**{n: v}), leaves[n]).reshape(
            y.numel(), -1
        )
        for n in (of, by)
    )
    expected = (first.T @ curvature @ second).numpy()
    found = sc.hessian_block(DERIVED[name], values, of, by, gauss_newton=True)
    assert found.reshape(expected.shape) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_seeds_block_holds_the_entries_of_the_matrix():
    derivation, values = SEED.derivation, SEED.values
    block = sc.hessian_block(derivation, values, "dense1.weight", "conv1.weight")
    chosen = [("dense1.weight", (0, 2)), ("conv1.weight", (1, 0, 0, 2))]
    exact = derivation.substitute(derivation.hessian(chosen)[0, 1], values, digits=15)
    assert block[0, 2, 1, 0, 0, 2] == pytest.approx(float(exact), rel=1e-12)


def test_a_quadratic_has_its_matrix():
    """L = (t - w x)^2 / 2: d^2 L / dw_m dw_n = x_m x_n."""
    d = sc.derive(sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError()))
    second = d.hessian("dense1.weight", "dense1.weight")
    stages = {name: formula for name, (_, formula) in second.stages.items()}
    _, q, _, h = second.indices
    x = d.network.tensors["x"]
    assert stages["dense1 by dense1.weight"].has(x[h])
    assert second.partial.has(x[q])
    assert r"\partial^{2} L" in second.latex()


def test_it_holds_for_all_sizes():
    W, K, S = (sc.size(name) for name in "WKS")  # noqa: N806 - as on paper
    layers = [sc.Conv1D(1, K, stride=S), sc.Tanh()]
    network = sc.Network((W, 1), layers, sc.HalfSquaredError())
    second = sc.derive(network).hessian("conv1.weight", "conv1.weight")
    assert second.result.shape == (K, 1, 1, K, 1, 1)
    concrete = network.at({W: 7, K: 3, S: 2})
    own = sc.derive(concrete).hessian("conv1.weight", "conv1.weight")
    numbers = {W: Integer(7), K: Integer(3), S: Integer(2)}
    for name, (entry, formula) in own.stages.items():
        general = second.stages[name][1].xreplace(network.relations).xreplace(numbers)
        assert {read.base for read in general.atoms(Indexed)} == {
            read.base for read in formula.atoms(Indexed)
        }, entry


def test_no_derivative_is_called_like_a_size():
    H, J = sc.size("H"), sc.size("J")  # noqa: N806
    network = sc.Network((H,), [sc.Dense(J), sc.Tanh()], sc.HalfSquaredError())
    second = sc.derive(network).hessian("dense1.weight", "x")
    letters = {tensor.label.partition("^")[0] for tensor, _ in second.groups}
    assert letters == {"A", "G"}
    assert len({tensor.base for tensor, _ in second.groups}) == len(second.groups)


def test_what_is_constant_moves_with_nothing():
    d = sc.derive(sc.Network((2,), [sc.Dense(1)], sc.SumOfOutputs()))
    second = d.hessian("dense1.bias", "dense1.bias")
    assert second.partial == 0
    assert not second.stages
    block = sc.hessian_block(
        d, {"x": [1, 2], "dense1.weight": [1, 2], "dense1.bias": [0]}, "dense1.bias", "dense1.bias"
    )
    assert block.tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda d: d.hessian("conv1", "x"), "'conv1' is neither an input nor a parameter"),
        (lambda d: d.hessian("x", "target"), "'target' is neither an input nor a parameter"),
        (lambda d: d.hessian("x"), "give a list, ['x'], or two names for the formula of a block"),
        (lambda d: d.hessian_product("x", ["loss"]), "'loss' is neither an input nor a parameter"),
        (lambda d: d.hessian("x", "x").latex("dense9"), "no stage is called 'dense9'"),
        (lambda d: d.hessian("x", "x").latex(index_base=2), "index_base is 2"),
    ],
)
def test_what_cannot_be_is_one_line(ask, message):
    with pytest.raises(SymcnnError) as caught:
        ask(SEED.derivation)
    assert message in str(caught.value)


def test_a_block_that_is_too_large_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr(sc.limits, "HESSIAN_ENTRIES", 10)
    with pytest.raises(sc.TooLargeError, match="use hessian_vector_product"):
        sc.hessian_block(SEED.derivation, SEED.values, "conv1.weight", "conv1.weight")


def test_a_general_form_is_not_differentiated_as_if_error_signals_were_constant():
    derivation = SEED.derivation
    w, x = derivation.network.tensors["conv1.weight"], derivation.network.tensors["x"]
    i, u, k = (sc.index(name) for name in "iuk")
    partial = derivation.partial("conv1.weight")
    for other in (w[u, 0, 0, k], x[i, 0, 0]):
        with pytest.raises(SymcnnError, match=r"depends on .* by its equation: take Deriv"):
            partial.diff(other)
    delta = derivation.adjoints["conv1"][i, 0, k]
    assert (delta**2).diff(delta) == 2 * delta


@pytest.mark.parametrize("name", one_of(["classes", "padded", "transposed"]))
def test_the_gradient_of_a_gradient_penalty(name):
    """d/dw |dL/dx|^2 = H D with D^x = 2 dL/dx, as PyTorch's double backward pass gives it."""
    torch = pytest.importorskip("torch")
    reference = pytest.importorskip("tests.programs.torch_reference")
    network, values = NETWORKS[name], numbers(name)
    leaves = {n: torch.tensor(v, requires_grad=n != "target") for n, v in values.items()}
    loss = reference.loss_of(network, reference.run(network, leaves), leaves)
    (slope,) = torch.autograd.grad(loss, [leaves["x"]], create_graph=True)
    (slope**2).sum().backward()
    direction = {"x": 2 * slope.detach().numpy()}
    found = sc.hessian_vector_product(DERIVED[name], values, direction)
    for tensor in network.parameters:
        expected = leaves[tensor.name].grad
        expected = np.zeros(tensor.shape) if expected is None else expected.numpy()
        assert found[tensor.name] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    second = DERIVED[name].hessian_product(network.parameters[0].name, ["x"])
    reads = (read for _, formula in second.stages.values() for read in formula.atoms(Indexed))
    assert "D^x" in {read.base.label.name for read in reads}


def test_a_notebook_shows_all_stages():
    second = SEED.derivation.hessian("dense1.weight", "dense1.weight")
    shown = second._repr_latex_()
    assert (shown[:2], shown[-2:]) == ("$$", "$$")
    assert r"J^{z(2)}_{h} &= f_{h}" in shown
    assert shown.count("&=") == len(second.stages)
