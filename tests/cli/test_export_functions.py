"""``symcnn export --to torch``, and functions of JAX: the example that is worked by hand."""

import runpy

import pytest

from symcnn.cli.run import main

OUTPUT = 0.5532967568881029
SLOPE = -0.006097503929
"""The loss's derivative with respect to the last weight of the dense layer."""


def written(monkeypatch, tmp_path, *options):
    monkeypatch.chdir(tmp_path)
    assert main(["export", *options, "-o", "made.py"]) == 0
    return runpy.run_path("made.py")


def test_a_module_of_pytorch(monkeypatch, tmp_path, capsys):
    torch = pytest.importorskip("torch")
    made = written(monkeypatch, tmp_path, "--to", "torch")
    assert capsys.readouterr().out == "wrote made.py\n"
    x = torch.tensor([1, 0.4, 0.7], dtype=torch.float64).reshape(1, 3, 1, 1)
    net = made["Layer"](dtype=torch.float64)
    assert net(x).item() == pytest.approx(OUTPUT, rel=1e-15)
    assert made["__doc__"].startswith("CNN by hand: the output as a function of PyTorch")


def test_the_loss_of_some_layers(monkeypatch, tmp_path):
    """The loss of the last layers is the product with what came back to them."""
    torch = pytest.importorskip("torch")
    whole = written(monkeypatch, tmp_path, "--to", "torch", "--results", "loss")
    x = torch.tensor([1, 0.4, 0.7], dtype=torch.float64).reshape(1, 3, 1, 1)
    target = torch.tensor([[0.8]], dtype=torch.float64)
    net = whole["Layer"](dtype=torch.float64)
    net(x, target).backward()
    assert float(net.dense1_weight.grad[0, 2]) == pytest.approx(SLOPE, rel=1e-9)
    front = written(monkeypatch, tmp_path, "--to", "torch", "--layer", "conv1")["Layer"]()
    assert [name for name, _ in front.named_parameters()] == ["conv1_weight"]


def test_a_module_of_jax(monkeypatch, tmp_path):
    jax = pytest.importorskip("jax")
    made = written(monkeypatch, tmp_path, "--to", "jax", "--results", "loss")
    x, target = jax.numpy.array([1, 0.4, 0.7]).reshape(1, 3, 1, 1), jax.numpy.array([[0.8]])

    def loss(weights):
        return made["loss"](x, **weights, target=target)

    slopes = jax.grad(loss)(made["parameters"]())
    assert float(slopes["dense1_weight"][0, 2]) == pytest.approx(SLOPE, rel=1e-4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--to torch --results all", "a function of torch does not return all: choose --results o"),
        (
            "--to numpy --results loss",
            "--results loss applies only to functions: add --to torch or",
        ),
        ("--to torch --arrays a.npz", "--arrays applies only to programs: a function has its num"),
        ("--to torch --layer conv9", "there is no layer 'conv9'"),
    ],
)
def test_what_does_not_fit_is_one_line(options, message, capsys):
    assert main(["export", *options.split()]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"symcnn: error: {message}")
