"""Layers with several inputs of different shapes, against PyTorch in float64."""

import numpy as np
import pytest

import symcnn as sc

torch = pytest.importorskip("torch")


def graph(operation, inputs):
    """An image (3, 4, 2), a vector of its channels, and one channel of it, put together."""
    return [
        sc.GlobalAvgPool2D(inputs=("x",), name="vector"),
        sc.Conv2D(1, 1, bias=False, inputs=("x",), name="plane"),
        operation(inputs=inputs, name="made"),
    ]


IN_TORCH = {
    sc.Add: lambda a, b: a + b,
    sc.Subtract: lambda a, b: a - b,
    sc.Multiply: lambda a, b: a * b,
    sc.Divide: lambda a, b: a / b,
}


@pytest.mark.parametrize("batch", [None, 2])
@pytest.mark.parametrize(
    "inputs", [("x", "vector"), ("vector", "x"), ("plane", "x"), ("vector", "plane")], ids="-".join
)
@pytest.mark.parametrize("operation", IN_TORCH, ids=lambda kind: kind.__name__)
def test_axes_of_length_1_are_broadcast(operation, inputs, batch):
    loss = sc.SquaredError(reduction="sum")
    network = sc.Network((3, 4, 2), graph(operation, inputs), loss, batch=batch)
    assert network.output.shape[-3:] == (3, 4, 2)
    drawn = np.random.default_rng(5)
    values = {t.name: drawn.uniform(0.5, 2, t.shape) for t in network.given}
    theirs = {name: torch.tensor(v, requires_grad=True) for name, v in values.items()}
    x = theirs["x"] if batch else theirs["x"][None]
    parts = {
        "x": x,
        "vector": x.mean((1, 2))[:, None, None, :],
        "plane": x @ theirs["plane.weight"][0, 0],
    }
    made = IN_TORCH[operation](*(parts[name] for name in inputs))
    ((theirs["target"].reshape(made.shape) - made) ** 2).sum().backward()
    for backend in ("scalar", "array"):
        ours = sc.lambdify(sc.derive(network), backend)(values)
        for name in ("x", "plane.weight"):
            grad = theirs[name].grad
            expected = np.zeros(values[name].shape) if grad is None else grad.numpy()
            np.testing.assert_allclose(ours.gradients[name], expected, rtol=1e-12, atol=1e-13)


def test_squeeze_and_excitation():
    """A gate for every channel, as in Hu, Shen and Sun (2018), and in MobileNetV3."""
    layers = [
        sc.GlobalAvgPool2D(name="squeeze"),
        *(sc.Dense(1, name="down"), sc.ReLU(), sc.Dense(3, name="up"), sc.HardSigmoid(name="gate")),
        sc.Multiply(inputs=("x", "gate")),
    ]
    network = sc.Network((2, 3, 3), layers, sc.SquaredError(reduction="sum"), batch=2)
    drawn = np.random.default_rng(0)
    values = {t.name: drawn.normal(size=t.shape) for t in network.given}
    theirs = {name: torch.tensor(v, requires_grad=True) for name, v in values.items()}
    x = theirs["x"]
    hidden = torch.relu(x.mean((1, 2)) @ theirs["down.weight"].T + theirs["down.bias"])
    z = hidden @ theirs["up.weight"].T + theirs["up.bias"]
    y = x * (torch.nn.functional.relu6(z + 3) / 6)[:, None, None]
    ((y - theirs["target"]) ** 2).sum().backward()
    made = sc.lambdify(sc.derive(network))(values)
    for tensor in (network.input, *network.parameters):
        expected = theirs[tensor.name].grad.numpy()
        np.testing.assert_allclose(made.gradients[tensor.name], expected, rtol=1e-12, atol=1e-13)


def test_other_shapes_do_not_fit():
    layers = [sc.GlobalAvgPool2D(), sc.Dense(3), sc.Multiply(inputs=("x", "dense1"))]
    with pytest.raises(sc.SymcnnError) as refused:
        sc.Network((2, 2, 2), layers, sc.SumOfOutputs())
    assert "(2, 2, 2), (3,) cannot be multiplied: use layers of equal shape" in str(refused.value)


@pytest.mark.parametrize("layer", [sc.Subtract, sc.Divide])
def test_two_inputs_are_taken(layer):
    with pytest.raises(sc.SymcnnError, match="the layer has 3 inputs: it takes two"):
        sc.Network((2,), [layer(inputs=("x", "x", "x"))], sc.SumOfOutputs())


def test_a_division_by_0_is_one_line():
    network = sc.Network((1,), [sc.ReLU(), sc.Divide(inputs=("x", "relu1"))], sc.SumOfOutputs())
    for exact in (False, True):
        with pytest.raises(sc.SymcnnError, match="divide1") as refused:
            sc.evaluate(sc.Problem(network, {"x": [-1]}), exact=exact)
        assert "\n" not in str(refused.value)
