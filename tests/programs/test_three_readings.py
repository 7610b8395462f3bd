"""General form = by hand = array, at every index, in exact and in float arithmetic."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from sympy import Integer, Rational

from symcnn import (
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    HalfSquaredError,
    MaxPool2D,
    Network,
    ReLU,
    derive,
    lambdify,
)
from tests.draws import some

NETWORKS = {
    "seed-like": ((3, 1, 1), [Conv2D(3, (2, 1)), MaxPool2D((2, 1), stride=1), Flatten(), Dense(1)]),
    "stride": ((5, 3, 1), [Conv2D(1, (2, 1), stride=(2, 1)), ReLU()]),
    "stride past the kernel": ((7, 2, 1), [Conv2D(1, (2, 1), stride=(4, 2))]),
    "one-sided padding": ((2, 2, 1), [Conv2D(1, (2, 2), padding=((3, 0), (0, 4)))]),
    "dilation": ((5, 1, 1), [Conv2D(2, (2, 1), dilation=(3, 1), padding=((1, 2), (0, 0)))]),
    "groups": ((2, 2, 4), [Conv2D(4, 2, padding=((1, 0), (0, 0)), groups=2)]),
    "overlapping maxima": ((4, 2, 1), [MaxPool2D((3, 2), stride=1, padding=((1, 1), (0, 1)))]),
    "split maxima": ((4, 1, 2), [MaxPool2D((2, 1), ties="split"), Flatten(), Dense(1)]),
    "mean after convolution": ((4, 3, 1), [Conv2D(1, (2, 2)), AvgPool2D((2, 1), padding=1)]),
    "gaps between means": ((7, 1, 1), [AvgPool2D((2, 1), stride=(3, 1)), ReLU()]),
}


def exact_values(network):
    """Draw small fractions, with repetitions so that maxima are tied."""
    drawn = np.random.default_rng(4)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter", "target")]
    return {t.name: [Rational(int(k), 4) for k in drawn.integers(-3, 4, t.size)] for t in given}


@pytest.mark.parametrize(("case", "batch"), some(product(NETWORKS, [None, 2])))
def test_the_three_readings_agree(case, batch):
    shape, layers = NETWORKS[case]
    network = Network(shape, layers, HalfSquaredError(), batch=batch)
    derivation, values = derive(network), exact_values(network)
    gradients = lambdify(derivation, "array")(values).gradients
    for name, gradient in gradients.items():
        general, free = derivation.partial(name), derivation.indices(name)
        for position in np.ndindex(gradient.shape):
            at = dict(zip(free, map(Integer, position), strict=True))
            by_hand = derivation.partial(name, position, staged=True)
            exact = derivation.substitute(by_hand, values)
            assert derivation.substitute(general.subs(at), values) == exact, (name, position)
            assert gradient[position] == pytest.approx(float(exact), rel=1e-13, abs=1e-15)


@cache
def pooling(ties):
    pool = MaxPool2D((3, 2), stride=(1, 2), padding=1, ties=ties)
    derivation = derive(Network((5, 4, 2), [pool], HalfSquaredError()))
    return [lambdify(derivation, backend) for backend in ("scalar", "array")]


@pytest.mark.parametrize("ties", ["first", "split"])
@pytest.mark.parametrize("seed", range(8))
def test_every_window_routes_one(seed, ties):
    """Through a maximum the adjoint is neither lost nor doubled."""
    drawn = np.random.default_rng(seed)
    for program in pooling(ties):
        values = {t.name: drawn.integers(-2, 2, t.shape) for t in program.given}
        gradients = program(values).gradients
        assert gradients["x"].sum() == pytest.approx(gradients["pool1"].sum(), rel=1e-14)


def test_ties_take_the_first_or_share():
    def routed(ties, backend):
        network = Network((3, 1, 1), [MaxPool2D((3, 1), ties=ties)], HalfSquaredError())
        program = lambdify(derive(network), backend)
        return program({"x": [2, 2, 1], "target": [1]}).gradients["x"].ravel().tolist()

    for backend in ("scalar", "array"):
        assert routed("first", backend) == [1, 0, 0]
        assert routed("split", backend) == [0.5, 0.5, 0]
