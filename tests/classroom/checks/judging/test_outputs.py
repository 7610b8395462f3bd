"""Right outputs of every layer are right, from the reference and from PyTorch."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.reference import forward
from tests.classroom.checks.judging.test_every_layer import ALONE, names_of
from tests.draws import some


@pytest.mark.parametrize("case", some(ALONE, 6)[::2])
def test_right_outputs_are_right(case):
    layer, shape = ALONE[case].layer, ALONE[case].input_shape
    names = names_of(layer, shape)[0][1:]

    def output(*arrays):
        given = dict(zip(names, arrays, strict=True))
        network = sc.Network(shape, [layer], sc.SumOfOutputs(), batch=len(given["x"]))
        prefix = network.output.name
        values = {name if name == "x" else f"{prefix}.{name}": a for name, a in given.items()}
        return forward(network, values)[prefix]

    verdict = sc.check_forward(output, layer, input_shape=shape, arguments=names)
    assert verdict, verdict.to_text()


def in_torch(make):
    """Return a backward pass of PyTorch's own derivatives."""
    torch = pytest.importorskip("torch")

    def backward(*arrays):
        dout, *given = (torch.as_tensor(array).clone().requires_grad_() for array in arrays)
        make(torch.nn.functional, *given).backward(dout.detach())
        return tuple(tensor.grad.numpy() for tensor in given)

    return backward


def instance_norm(functional, x, w, b):
    return functional.instance_norm(x, weight=w, bias=b)


TORCH = {
    "conv": (
        lambda f, x, w, b: f.conv2d(x, w, b, stride=2, padding=1, groups=2),
        sc.Conv2D(4, (3, 2), stride=2, padding=1, groups=2),
    ),
    "transposed": (
        lambda f, x, w, b: f.conv_transpose1d(x, w.transpose(0, 1), b, stride=2),
        sc.ConvTranspose1D(3, 2, stride=2),
    ),
    "max pool": (lambda f, x: f.max_pool2d(x, 3, 2), sc.MaxPool2D(3, stride=2)),
    "average pool": (lambda f, x: f.avg_pool2d(x, 3, 2, 1), sc.AvgPool2D(3, 2, 1)),
    "batch norm": (
        lambda f, x, w, b: f.batch_norm(x, None, None, w, b, training=True),
        sc.BatchNorm(),
    ),
    "instance norm": (instance_norm, sc.InstanceNorm(affine=True)),
    "gelu": (lambda f, x: f.gelu(x), sc.GELU()),
    "mish": (lambda f, x: f.mish(x), sc.Mish()),
    "softmax": (lambda f, x: f.softmax(x, 1), sc.Softmax()),
    "log softmax": (lambda f, x: f.log_softmax(x, 1), sc.LogSoftmax()),
    "elu": (lambda f, x: f.elu(x), sc.ELU()),
    "local response": (
        lambda f, x: f.local_response_norm(x, 3, 1e-4, 0.75, 1.0),
        sc.LocalResponseNorm(3),
    ),
}


@pytest.mark.parametrize("case", TORCH)
def test_gradients_of_pytorch_are_right(case):
    make, layer = TORCH[case]
    learned = [*layer.learned]
    names = ["dout", "x", *learned]
    verdict = sc.check_backward(
        in_torch(make), layer, layout="NCHW", arguments=names, returns=["x", *learned]
    )
    assert verdict, verdict.to_text()
    assert np.isfinite([finding.error for finding in verdict.findings]).all()


def test_complex_numbers_are_no_gradient():
    finding = sc.check_backward(lambda dout, x: dout * (x > 0) + 0j, sc.ReLU()).findings[0]
    assert finding.verdict == "crashed"
    assert finding.explanation.startswith("The function returned complex numbers where real ones")
