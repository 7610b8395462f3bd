"""Activations against PyTorch in float64, on both sides of every kink and at it."""

import numpy as np
import pytest

import symcnn as sc

torch = pytest.importorskip("torch")
F = torch.nn.functional

POINTS = [-40, -6, -3.5, -3, -2.75, -1, -0.5, -0.25, 0, 0.125, 0.5, 1, 2.5, 3, 3.25, 6, 6.5, 40]

ACTIVATIONS = {
    sc.Sigmoid(): F.sigmoid,
    sc.Tanh(): F.tanh,
    sc.ReLU(): F.relu,
    sc.ReLU6(): F.relu6,
    sc.LeakyReLU(alpha=0.25): lambda x: F.leaky_relu(x, 0.25),
    sc.ELU(alpha=0.5): lambda x: F.elu(x, 0.5),
    sc.Softplus(): lambda x: F.softplus(x, threshold=100),
    sc.SiLU(): F.silu,
    sc.Mish(): F.mish,
    sc.GELU(): F.gelu,
    sc.GELU(approximate="tanh"): lambda x: F.gelu(x, approximate="tanh"),
    sc.Clip(): F.hardtanh,
    sc.Clip(-0.25, 2.5): lambda x: F.hardtanh(x, -0.25, 2.5),
    sc.HardSigmoid(): lambda x: F.relu6(x + 3) / 6,  # F.hardsigmoid has 1/6 in float32
    sc.HardSwish(): F.hardswish,
}


@pytest.mark.parametrize("backend", ["scalar", "array"])
@pytest.mark.parametrize("layer", ACTIVATIONS, ids=repr)
def test_values_and_derivatives(layer, backend):
    x = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    y = ACTIVATIONS[layer](x)
    y.sum().backward()
    network = sc.Network((len(POINTS),), [layer], sc.SumOfOutputs())
    made = sc.lambdify(sc.derive(network), backend)({"x": POINTS})
    (output,) = made.outputs.values()
    np.testing.assert_allclose(output, y.detach().numpy(), rtol=1e-14, atol=1e-16)
    # PyTorch's 1 + tanh cancels far below 0: by 3e-16 at -3.5, where ours misses 7e-17.
    np.testing.assert_allclose(made.gradients["x"], x.grad.numpy(), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("shared", [False, True])
def test_a_learned_slope(shared):
    drawn = np.random.default_rng(3)
    x, slopes = drawn.integers(-3, 4, (2, 4, 5, 3)) / 2, drawn.normal(size=1 if shared else 3)
    theirs = [torch.tensor(array, requires_grad=True) for array in (x, slopes)]
    y = F.prelu(theirs[0].movedim(-1, 1), theirs[1])
    (y.movedim(1, -1) ** 2).sum().backward()
    loss = sc.SquaredError(reduction="sum")
    network = sc.Network((4, 5, 3), [sc.PReLU(shared=shared)], loss, batch=2)
    values = {"x": x, "prelu1.weight": slopes, "target": np.zeros(x.shape)}
    made = sc.lambdify(sc.derive(network))(values)
    np.testing.assert_allclose(made.gradients["x"], theirs[0].grad, rtol=1e-14)
    np.testing.assert_allclose(made.gradients["prelu1.weight"], theirs[1].grad, rtol=1e-13)


def test_slopes_are_not_penalised():
    network = sc.Network((2,), [sc.PReLU()], sc.SumOfOutputs(l2=1))
    made = sc.lambdify(sc.derive(network))({"x": [-1, 2], "prelu1.weight": [5, 7]})
    assert made.loss == -5 + 2
    assert made.gradients["prelu1.weight"].tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (sc.Clip(2, 1), "low = 2 is not below high = 1: give two bounds in order"),
        (sc.Clip(1, 1), "low = 1 is not below high = 1"),
        (sc.GELU("sigmoid"), 'approximate = \'sigmoid\' is unknown: choose "none" or "tanh"'),
    ],
)
def test_what_is_no_activation_is_one_line(layer, message):
    with pytest.raises(sc.SymcnnError) as refused:
        sc.Network((2,), [layer], sc.SumOfOutputs())
    assert message in str(refused.value)
