"""Normalisation within a sample and pooling over whole images, against PyTorch in float64."""

import numpy as np
import pytest

import symcnn as sc

torch = pytest.importorskip("torch")
F = torch.nn.functional


def first(x):
    return x.movedim(-1, 1)


def last(x):
    return x.movedim(1, -1)


CASES = {
    sc.LayerNorm(): lambda x, **own: F.layer_norm(x, (6,), **own),
    sc.LayerNorm(over=3, epsilon=1e-3): lambda x, **own: F.layer_norm(
        x, (5, 4, 6), **own, eps=1e-3
    ),
    sc.LayerNorm(over=2, affine=False): lambda x: F.layer_norm(x, (4, 6)),
    sc.RMSNorm(epsilon=1e-6): lambda x, **own: F.rms_norm(x, (6,), **own, eps=1e-6),
    sc.RMSNorm(over=2, affine=False): lambda x: F.rms_norm(x, (4, 6), eps=1e-5),
    sc.GroupNorm(3): lambda x, **own: last(F.group_norm(first(x), 3, **own)),
    sc.GroupNorm(6, affine=False): lambda x: last(F.group_norm(first(x), 6)),
    sc.InstanceNorm(): lambda x: last(F.instance_norm(first(x))),
    sc.InstanceNorm(affine=True): lambda x, **own: last(F.instance_norm(first(x), **own)),
    sc.GlobalMaxPool2D(): lambda x: F.adaptive_max_pool2d(first(x), 1).flatten(1),
    sc.AdaptiveAvgPool2D(1): lambda x: last(F.adaptive_avg_pool2d(first(x), 1)),
    sc.AdaptiveAvgPool2D((5, 2)): lambda x: last(F.adaptive_avg_pool2d(first(x), (5, 2))),
    sc.AdaptiveAvgPool2D(3): lambda x: last(F.adaptive_avg_pool2d(first(x), 3)),
    sc.AdaptiveAvgPool2D((7, 6)): lambda x: last(F.adaptive_avg_pool2d(first(x), (7, 6))),
}
"""Of images of 5 x 4 positions and 6 channels."""


@pytest.mark.parametrize("layer", CASES, ids=repr)
def test_values_and_derivatives(layer):
    network = sc.Network((5, 4, 6), [layer], sc.SquaredError(reduction="sum"), batch=3)
    drawn = np.random.default_rng(7)
    values = {t.name: drawn.normal(size=t.shape) for t in network.given}
    theirs = {name: torch.tensor(v, requires_grad=True) for name, v in values.items()}
    own = {name.partition(".")[2]: t for name, t in theirs.items() if "." in name}
    y = CASES[layer](theirs["x"], **own)
    ((theirs["target"] - y) ** 2).sum().backward()
    made = sc.lambdify(sc.derive(network))(values)
    (output,) = made.outputs.values()
    np.testing.assert_allclose(output, y.detach().numpy(), rtol=1e-12, atol=1e-13)
    for tensor in (network.input, *network.parameters):
        expected = theirs[tensor.name].grad.numpy()
        np.testing.assert_allclose(made.gradients[tensor.name], expected, rtol=1e-10, atol=1e-11)


def test_samples_are_normalised_by_themselves():
    """A batch of two is what each of them is alone, unlike with batch normalisation."""
    x = np.random.default_rng(2).normal(size=(2, 3, 2))
    for layer in (sc.LayerNorm(affine=False), sc.GroupNorm(1, affine=False), sc.InstanceNorm()):
        both, one = (sc.Network((3, 2), [layer], sc.SumOfOutputs(), batch=n) for n in (2, None))
        together = sc.lambdify(sc.derive(both))({"x": x}).outputs
        alone = [sc.lambdify(sc.derive(one))({"x": sample}).outputs for sample in x]
        for name, output in together.items():
            np.testing.assert_allclose(output, [each[name] for each in alone], rtol=1e-13)


def test_gamma_and_beta_are_not_penalised():
    network = sc.Network((2,), [sc.LayerNorm(epsilon=1)], sc.SumOfOutputs(l2=1))
    numbers = {"x": [1, 1], "layer_norm1.weight": [5, 7], "layer_norm1.bias": [1, 2]}
    assert sc.lambdify(sc.derive(network))(numbers).loss == 3


@pytest.mark.parametrize(
    ("shape", "layer", "message"),
    [
        ((2, 1), sc.LayerNorm(), "a mean is taken over one value, whose variance is 0: normalise"),
        ((1, 1, 3), sc.InstanceNorm(), "a mean is taken over one value"),
        ((1, 4), sc.GroupNorm(4), "a mean is taken over one value"),
        ((2, 4), sc.GroupNorm(3), "groups = 3 must divide the number of channels (4)"),
        ((2, 4), sc.GroupNorm(0), "groups = 0 is invalid: give a positive integer"),
        ((2, 4), sc.LayerNorm(over=3), "over = 3 is invalid: give 1 to 2, the input's axes"),
        ((2, 4), sc.RMSNorm(over=0), "over = 0 is invalid"),
        ((4,), sc.LayerNorm(over=2), "over = 2 is invalid: give 1, the input's axis"),
        ((2, 4), sc.LayerNorm(epsilon=-1), "epsilon is -1: give 0 or a positive number"),
        ((4, 4, 1), sc.AdaptiveAvgPool2D(0), "output_size = 0 is invalid: give one or 2 positive"),
        ((4, 4), sc.AdaptiveAvgPool2D(2), "an image (height, width, channels) is needed"),
        ((4, 4), sc.GlobalMaxPool2D(), "an image (height, width, channels) is needed"),
        ((4, 4, 1), sc.GlobalMaxPool2D("last"), "ties = 'last' is unknown: choose"),
    ],
)
def test_what_does_not_fit_is_one_line(shape, layer, message):
    with pytest.raises(sc.SymcnnError) as refused:
        sc.Network(shape, [layer], sc.SumOfOutputs())
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
