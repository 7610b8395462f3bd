"""Equations that no built-in layer has, through both backends."""

from functools import cache
from itertools import product

import numpy as np
import pytest

from symcnn import Conv2D, Dense, Flatten, HalfSquaredError, Network, Tanh, derive, lambdify
from symcnn.reference import Forward
from tests.draws import some
from tests.programs import unusual_layers as unusual

CASES = {
    "swish": ((5,), [unusual.Swish()]),
    "swish after tanh": ((4,), [Tanh(), unusual.Swish(), Dense(2)]),
    "values that padding does not make 0": ((5,), [unusual.LocalEnergy(), Tanh()]),
    "one tensor several times": ((4,), [Tanh(), unusual.Autocorrelation()]),
    "scattered forward": ((4,), [Tanh(), unusual.Spread(), Dense(2)]),
    "maxima with common entries": ((4,), [Dense(4), unusual.MaxSpread()]),
    "split maxima with common entries": ((4,), [unusual.MaxSpread("split"), Tanh()]),
    "maxima of expressions": ((4,), [unusual.MaxOfDifferences(), Tanh()]),
    "split maxima of expressions": ((4,), [Tanh(), unusual.MaxOfDifferences("split")]),
    "a diagonal backwards": ((3, 4, 2), [Tanh(), unusual.Trace(), Dense(2)]),
    "windows along three axes": ((3, 3, 2, 2), [unusual.Volume(), Tanh()]),
    "windows along three axes, apart": ((4, 3, 2, 1), [Tanh(), unusual.Volume(2)]),
    "three factors": ((3,), [unusual.Bilinear(), Tanh()]),
    "an input without part": ((3,), [Dense(3), unusual.Constant()]),
    "numbers by channel": ((2, 2, 2), [Conv2D(2, 1), unusual.FixedNorm(), Tanh()]),
    "constants by channel": ((2, 2, 2), [unusual.MovingNorm(), Flatten(), Dense(2)]),
    "entries without equation": ((3,), [Dense(3), unusual.Dropped(), Tanh()]),
    "a mask": ((3,), [Dense(3), unusual.Masked()]),
    "between neighbours": ((3,), [Tanh(), unusual.Upsampled(), Dense(2)]),
    "an equation an entry": ((2, 2, 1), [Tanh(), unusual.Bilinearly()]),
    "a border turned over": ((4,), [Tanh(), unusual.Reflected(), Dense(2)]),
    "a border repeated": ((3,), [Dense(3), unusual.Repeated()]),
    "a circle": ((4,), [Tanh(), unusual.Around(), Dense(2)]),
    "a guard that is no window": ((3,), [Dense(3), unusual.Cumulative()]),
    "one entry read by all": ((3,), [Tanh(), unusual.First()]),
    "two maxima added": ((4,), [Dense(4), unusual.Range()]),
    "a diagonal written": ((3,), [unusual.Diagonal(), Tanh()]),
    "terms that are nowhere": ((3,), [Dense(3), unusual.Nowhere()]),
    "reductions of one term": ((3,), [Tanh(), unusual.OfOne()]),
    "cases": ((4,), [Dense(4), unusual.Cases()]),
}


@cache
def written(case, batch):
    shape, layers = CASES[case]
    network = Network(shape, layers, HalfSquaredError(), batch=batch)
    derivation = derive(network)
    return network, [lambdify(derivation, backend) for backend in ("scalar", "array")]


def numbers(network, whole):
    drawn = np.random.default_rng(3)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter", "target")]
    return {
        t.name: drawn.integers(-1, 2, t.shape) if whole else drawn.normal(size=t.shape)
        for t in given
    }


VARIANTS = list(product([False, True], [None, 2], CASES))
"""A batch and ties, each with and without the other."""


@pytest.mark.parametrize(("whole", "batch", "case"), some(VARIANTS, 11))
def test_equals_the_naive_forward_pass(case, batch, whole):
    network, programs = written(case, batch)
    values = numbers(network, whole)
    naive = Forward(network, values)
    evaluations = [program(values) for program in programs]
    for name in evaluations[0].outputs:
        for made in evaluations:
            np.testing.assert_allclose(made.outputs[name], naive.outputs[name], 1e-12, 1e-13)
    for name in evaluations[0].gradients:
        for position in network.tensors[name].positions():
            expected = naive.derivative(name, position)
            for made in evaluations:
                ours = made.gradients[name][position]
                assert ours == pytest.approx(expected, rel=1e-11, abs=1e-12), name
