"""results="training": the same numbers, of what training needs, by fewer statements."""

import math

import numpy as np
import pytest
from sympy import Symbol

from symcnn import Network, SymcnnError, derive, lambdify
from symcnn.network import layers, losses
from symcnn.programs.backends.numpy.lowering import lowered
from symcnn.programs.backends.numpy.statements import Apply
from symcnn.programs.plans.commute import INCREASING, is_increasing
from symcnn.programs.plans.plan import plan_of
from tests.draws import seeds
from tests.programs import seed
from tests.programs.random_networks import example, tiny_example

against_pytorch = pytest.importorskip("tests.programs.against_pytorch")

pytestmark = pytest.mark.filterwarnings("error")


def pooled(activation, *, pool=2, **options):
    """A convolution, a function and a maximum, twice."""
    chain = [
        *(layers.Conv2D(3, 3, padding=1), activation, layers.MaxPool2D(pool, **options)),
        *(layers.Conv2D(2, 2), activation, layers.MaxPool2D(2, stride=1)),
        *(layers.Flatten(), layers.Dense(3)),
    ]
    return Network((8, 7, 2), chain, losses.SoftmaxCrossEntropy(l2=0.125), batch=3)


NETWORKS = {
    "tanh": pooled(layers.Tanh()),
    "sigmoid": pooled(layers.Sigmoid(), padding=1),
    "relu": pooled(layers.ReLU()),
    "relu, overlapping windows": pooled(layers.ReLU(), pool=3, stride=2),
    "relu, equal shares": pooled(layers.ReLU(), ties="split"),
    "softplus": pooled(layers.Softplus(), padding=((1, 0), (0, 1))),
    "no increasing function": pooled(layers.GELU()),
    "one that several read": Network(
        (4, 4, 1),
        [layers.Tanh(), layers.MaxPool2D(2), layers.MaxPool2D(2, inputs=("tanh1",)), layers.Tanh()],
        losses.SumOfOutputs(),
    ),
    "the last layer is read by a maximum": Network(
        (4, 4, 1), [layers.Tanh(), layers.MaxPool2D(2)], losses.SumOfOutputs()
    ),
}


def numbers(network, whole=False):
    """Draw numbers, or whole ones so that maxima are tied, and classes for a target."""
    drawn = np.random.default_rng(7)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter")]
    draw = (lambda shape: drawn.integers(-1, 2, shape) / 1) if whole else drawn.standard_normal
    values = {tensor.name: draw(tensor.shape) for tensor in given}
    if network.target is not None:
        values["target"] = np.zeros(network.target.shape)
        values["target"][..., 1] = 1
    return values


def assert_equal_to_pytorch(network, values, backend):
    evaluation = lambdify(derive(network), backend, results="training")(values)
    assert [*evaluation.outputs] == [network.output.name]
    assert [*evaluation.gradients] == [parameter.name for parameter in network.parameters]
    against_pytorch.assert_equal_to_pytorch(evaluation, network, values)


@pytest.mark.parametrize("whole", [False, True], ids=["", "tied"])
@pytest.mark.parametrize("case", NETWORKS)
def test_functions_before_maxima(case, whole):
    assert_equal_to_pytorch(NETWORKS[case], numbers(NETWORKS[case], whole), "array")


@pytest.mark.parametrize("number", seeds(4000, 0.2))
def test_random_networks(number):
    assert_equal_to_pytorch(*example(number), "array")


@pytest.mark.parametrize("number", seeds(5000, 0.1))
def test_tiny_random_networks(number):
    assert_equal_to_pytorch(*tiny_example(number), "scalar")


def applied(network, function):
    """Return the size of every array that a function's values go to."""
    program = lowered(plan_of(derive(network), "training"))
    sizes = {made.name: math.prod(made.shape) for made in program.setup if hasattr(made, "shape")}
    stages = (*program.forward, *program.backward)
    statements = [s for stage in stages for s in stage.statements if isinstance(s, Apply)]
    return [sizes[s.out] for s in statements if s.function == function]


def test_the_function_is_applied_to_the_maxima_alone():
    assert applied(NETWORKS["tanh"], "np.tanh") == [3 * 4 * 3 * 3, 3 * 2 * 1 * 2]
    relu, *logits = applied(NETWORKS["relu"], "np.maximum")[-3:]  # three logits a sample
    assert relu == 3 * 2 * 1 * 2
    assert logits == [3, 3]


def test_what_is_asked_for_is_computed():
    evaluation = lambdify(derive(NETWORKS["tanh"]), "array")(numbers(NETWORKS["tanh"]))
    assert {"tanh1", "pool1"} < evaluation.outputs.keys()
    assert {"x", "tanh1", "conv1"} < evaluation.gradients.keys()


@pytest.mark.parametrize("function", INCREASING)
def test_increasing_functions_increase(function):
    z = Symbol("z", real=True)
    assert is_increasing(3 * function(z) - 2, z)
    assert not is_increasing(-function(z), z)
    points = [k / 8 for k in range(-80, 81)]
    values = [float(function(point).evalf(30)) for point in points]
    assert values == sorted(values)


def test_other_results_are_refused():
    with pytest.raises(SymcnnError, match="'final' is unknown"):
        lambdify(derive(NETWORKS["tanh"]), results="final")


def test_scalar_programs_leave_out_what_nobody_reads():
    """The adjoint of the convolution went into the formulas of the kernel's partials."""
    derivation = derive(seed.NETWORK)
    assert "delta_z_11 =" in lambdify(derivation, "scalar").source
    training = lambdify(derivation, "scalar", results="training")
    assert "delta_z_11 =" not in training.source
    assert training(seed.VALUES).gradients["conv1.weight"].ravel() == pytest.approx(
        np.array(seed.GRADIENTS["conv1.weight"]), abs=1e-15, rel=0
    )
