"""Functions of PyTorch with custom gradients: against autograd and NumPy, differentiated twice."""

import ast
import warnings
from itertools import count

import numpy as np
import pytest

import symcnn as sc
from symcnn import SymcnnError
from symcnn.programs.export.autograd import passes
from tests.draws import MANY, huge, seeds, slow
from tests.programs.export.differentiated import CASES, arguments_of, executed, moves, of_samples
from tests.programs.random_networks import example
from tests.programs.test_hessian import away_from_kinks

torch = pytest.importorskip("torch")
reference = pytest.importorskip("tests.programs.torch_reference")
autograd = torch.autograd

SMOOTH = [sc.Conv1D(1, 2, padding=1), sc.Tanh(), sc.Flatten(), sc.Dense(2)]
THREE = sc.Network((2, 1), SMOOTH, sc.SoftmaxCrossEntropy())


def leaves_of(tensors, values):
    """Return arrays of PyTorch, of which those with derivatives require them."""
    arrays = [torch.tensor(np.asarray(values[t.name], float)) for t in tensors]
    return [a.requires_grad_(moves(t)) for t, a in zip(tensors, arrays, strict=True)]


def normal(like, seed):
    return torch.tensor(np.random.default_rng(seed).normal(size=like.shape))


def twice(function, leaves):
    """Return a result, its gradients, and the derivatives of these along a direction."""
    result, held = function(*leaves), [leaf for leaf in leaves if leaf.requires_grad]
    g = normal(result, 1).requires_grad_()
    slopes = autograd.grad(result, held, g, create_graph=True, materialize_grads=True)
    along = sum((s * normal(s, 2 + n)).sum() for n, s in enumerate(slopes))
    bends = [torch.zeros_like(t) for t in (g, *held)]
    if along.requires_grad:
        bends = autograd.grad(along, [g, *held], materialize_grads=True)
    return [t.detach().numpy() for t in (result, *slopes, *bends)]


def plain(network, tensors, results):
    """Return the same function in plain PyTorch, which autograd differentiates."""

    def function(*leaves):
        named = {t.name: leaf for t, leaf in zip(tensors, leaves, strict=True)}
        kept = reference.run(network, named)
        if results == "loss":
            return reference.loss_of(network, kept, named)
        return kept[network.output.name]

    return function


def assert_close(ours, theirs, relative=1e-11):
    largest = max(np.abs(array).max() for array in theirs)
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        assert one.shape == other.shape, number
        assert np.abs(one - other).max() <= relative * largest + 1e-14, number


@pytest.mark.parametrize("seed", seeds(4000, 0.1))
def test_equals_autograd_on_random_networks(seed):
    drawn = (example(number, 4) for number in count(10 * seed))
    network, values = away_from_kinks(next(e for e in drawn if e.network.batch is not None))
    results = "outputs" if seed % 2 else "loss"
    tensors = arguments_of(network, results)
    function = executed(network, values, results=results)["loss" if seed % 2 == 0 else "layer"]
    theirs = twice(plain(network, tensors, results), leaves_of(tensors, values))
    assert_close(twice(function, leaves_of(tensors, values)), theirs)


@pytest.mark.parametrize("case", CASES)
def test_equals_numpy_on_every_layer(case):
    """The layer is written without a batch, and computes one of three samples."""
    network, values = of_samples(case, 3)
    made = executed(of_samples(case, None)[0], values)
    tensors = arguments_of(network)
    for wanted in ({"device": "meta"}, {"dtype": torch.float32}):  # "meta" has no numbers
        given = [leaf.detach().to(**wanted) for leaf in leaves_of(tensors, values)]
        there = made["layer"](*given)
        assert (there.dtype, there.device) == (given[0].dtype, given[0].device)
    y, *rest = twice(made["layer"], leaves_of(tensors, values))
    moving = [t for t in tensors if moves(t)]
    slopes, (_, *bends) = rest[: len(moving)], rest[len(moving) :]
    given = {**values, "gradient": normal(y, 1).numpy()}
    derivation = sc.derive(network)
    ours = sc.lambdify(derivation, "array")(given)
    along = {
        t.name: normal(s, 2 + n).numpy()
        for n, (t, s) in enumerate(zip(moving, slopes, strict=True))
    }
    product = sc.hessian_vector_product(derivation, given, along)
    names = [t.name for t in moving]
    theirs = [ours.outputs[network.output.name], *(ours.gradients[n] for n in names)]
    assert_close([y, *slopes, *bends], [*theirs, *(product[n] for n in names)])


@pytest.mark.parametrize(
    ("size", "settings"),
    [
        ((3, 2), {"stride": (2, 1), "padding": 1, "dilation": (2, 1)}),
        ((9, 8), {"stride": 1}),  # so many terms are not compared one after the other
    ],
)
def test_maximum_pools_are_those_of_pytorch(size, settings):
    """Where terms are equal, the first one receives the gradient."""
    network = sc.Network((10, 9, 2), [sc.MaxPool2D(size, **settings)], sc.SumOfOutputs())
    layer = executed(network, {})["layer"]
    for draw in (torch.rand, lambda *shape, dtype: torch.randint(0, 3, shape).to(dtype)):
        x = draw(2, 10, 9, 2, dtype=torch.float64).requires_grad_()
        theirs = torch.nn.functional.max_pool2d(x.permute(0, 3, 1, 2), size, **settings)
        y, theirs = layer(x), theirs.permute(0, 2, 3, 1)
        g = normal(y, 1)
        assert torch.equal(y, theirs)
        assert torch.allclose(*(autograd.grad(v, x, g)[0] for v in (y, theirs)), atol=1e-14)
    x = torch.rand(1, 10, 9, 2, dtype=torch.float64, requires_grad=True)
    assert autograd.gradgradcheck(layer, x, fast_mode=True)


@pytest.mark.parametrize("results", ["outputs", "loss"])
def test_three_layers_pass_the_checks_of_pytorch_twice(results):
    drawn = np.random.default_rng(3)
    values = {t.name: drawn.normal(size=t.shape) for t in THREE.given}
    made = executed(THREE, values, results=results)
    net = made["Layer"](dtype=torch.float64)
    assert [p.detach().numpy().tolist() for p in net.parameters()] == [
        values[t.name].tolist() for t in THREE.parameters
    ]
    for batch in (1, 2) if MANY else (2,):
        x = torch.tensor(drawn.normal(size=(batch, 2, 1)), requires_grad=True)
        leaves = (x, *net.parameters())
        if results == "loss":
            leaves += (torch.eye(2, dtype=torch.float64)[:batch],)
        function = made["layer" if results == "outputs" else "loss"]
        assert autograd.gradcheck(function, leaves)
        assert autograd.gradgradcheck(function, leaves, fast_mode=not MANY)
        assert torch.equal(net(x, *leaves[5:]), function(*leaves))


def test_transforms_types_and_shapes():
    values = {t.name: np.ones(t.shape) for t in THREE.given}
    made = executed(THREE, values)
    layer, net = made["layer"], made["Layer"]()
    x, weights = torch.randn(2, 2, 1), [p.detach() for p in net.parameters()]
    assert net(x).dtype == torch.float32
    hessian = torch.func.jacrev(torch.func.jacrev(layer))(x, *weights)
    assert hessian.shape == (2, 2, 2, 2, 1, 2, 2, 1)
    each = torch.vmap(lambda one: layer(one[None], *weights)[0])(x)
    assert torch.allclose(each, layer(x, *weights))
    with pytest.raises(ValueError, match=r"^x has the shape \(2, 1\), but \(2, 2, 1\) is needed"):
        layer(x[0], *weights)


def test_what_is_given_and_not_learned_is_a_buffer():
    network = sc.Network((2, 3), [sc.BatchNorm(mode="inference")], sc.HalfSquaredError())
    values = {t.name: 1 + np.arange(t.size) for t in network.given}
    net = executed(network, values)["Layer"](dtype=torch.float64)
    assert [*dict(net.named_buffers())] == ["batch_norm1_mean", "batch_norm1_variance"]
    n = np.array([1, 2, 3])  # of weight, bias, mean and variance: w (x - m)/sqrt(v + eps) + b
    expected = n * (0 - n) / np.sqrt(n + 1e-5) + n
    assert np.allclose(net(torch.zeros(1, 2, 3).double()).detach(), expected, rtol=1e-14)


def test_where_the_equations_depend_on_the_batch_it_is_that_of_the_network(monkeypatch):
    """With 3 samples, 3/(4 N) is a quarter, which says nothing of N."""
    monkeypatch.setattr(passes, "counts_beside", lambda sizes: [3, 5, 7, 11])
    loss = sc.CrossEntropy(label_smoothing=0.25)
    network = sc.Network((3,), [sc.Softmax()], loss, batch=2)
    function = executed(network, {}, results="loss")["loss"]
    x, target = torch.randn(3, 3), torch.eye(3)
    assert function(x[:2].softmax(1), target[:2]).shape == ()
    with pytest.raises(ValueError, match=r"^x has the shape \(3, 3\), but \(2, 3\) is needed"):
        function(x, target)


def test_pytorch_is_all_that_it_imports():
    text = executed(THREE, {t.name: np.ones(t.shape) for t in THREE.given})["text"]
    nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert {ast.unparse(n).split()[1] for n in nodes} <= {"torch", "math", "functools"}


@slow
@pytest.mark.parametrize("backend", ["aot_eager", pytest.param("inductor", marks=huge)])
def test_it_is_compiled_as_one_graph(backend):
    made = executed(THREE, {t.name: np.ones(t.shape) for t in THREE.given})
    net, x = made["Layer"](), torch.randn(2, 2, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's own, of what it calls itself
        compiled = torch.compile(net, fullgraph=True, backend=backend)
        for batch in (x, torch.randn(5, 2, 1)):
            ours = autograd.grad(compiled(batch).square().sum(), [*net.parameters()])
            theirs = autograd.grad(net(batch).square().sum(), [*net.parameters()])
            for a, b in zip(ours, theirs, strict=True):
                assert torch.allclose(a, b, rtol=1e-4)


def test_what_is_wrong_is_said():
    values = {t.name: np.ones(t.shape) for t in THREE.given}
    with pytest.raises(SymcnnError, match=r"^to = 'tensorflow' is unknown"):
        sc.to_autograd(THREE, values, "tensorflow")
    with pytest.raises(SymcnnError, match=r"^numbers for 'conv1.weight' are missing"):
        sc.to_autograd(THREE, {"x": values["x"]})
    large = sc.Network((20_000,), [sc.Dense(1001)], sc.HalfSquaredError())
    with pytest.raises(SymcnnError, match=r"^the parameters have 20,021,001 numbers, more than"):
        sc.to_autograd(large, {})
