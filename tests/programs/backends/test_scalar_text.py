"""Partials as text: run as Python they are the derivation's numbers, line by line."""

import math

import numpy as np
import pytest
import sympy

from symcnn import Conv2D, Dense, Flatten, HalfSquaredError, MaxPool2D, Network, Tanh, derive
from symcnn.equations.notation import parse_subscript
from symcnn.programs.backends.scalar.partials import scalar_text
from tests.draws import seeds
from tests.programs import random_networks, seed

PADDED = Network(
    (6, 5, 2),
    [
        *(Conv2D(3, (3, 2), stride=2, padding=(1, 2)), Tanh()),
        *(MaxPool2D(2, stride=1, padding=1, ties="split"), MaxPool2D((2, 3), stride=2)),
        *(Flatten(), Dense(2)),
    ],
    HalfSquaredError(l2=0.25),
)


def names(lines):
    """Return what the headings say: every stem and the tensor that it stands for."""
    headings = (line[2:].split(": ") for line in lines if line.startswith("#") and ": " in line)
    return dict(headings)


def assignments(lines):
    return [line.split(" = ", 1) for line in lines if not line.startswith("#")]


def shaped(derivation):
    """Return an array of zeros for every tensor, by the name that the text uses."""
    arrays = {}
    for tensor in derivation.tensors.values():
        stem = tensor.label.replace("^(", "").replace("(", "").replace(")", "").replace("^", "_")
        arrays[stem] = np.zeros(tensor.shape), tensor
    return arrays


def run(derivation, values):
    """Run the text as Python; return its arrays by tensor name."""
    arrays = shaped(derivation)
    for array, tensor in arrays.values():
        if tensor.name in values:
            array[...] = np.reshape(values[tensor.name], tensor.shape)
    namespace = {stem: array for stem, (array, _) in arrays.items()}
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for line in scalar_text(derivation):
            exec(line, {**vars(math), "np": np, **OWN, **namespace})
    return {tensor.name: array for array, tensor in arrays.values()}


def normal_cdf(z):
    return math.erfc(-z / math.sqrt(2)) / 2


def real_power(z, exponent):
    return np.float64(z) ** exponent


OWN = {"normal_cdf": normal_cdf, "real_power": real_power}
"""What the text names besides Python's own functions."""


def test_the_seed_s_published_numbers():
    made = run(derive(seed.NETWORK), seed.VALUES)
    assert made["loss"] == pytest.approx([seed.LOSS], rel=1e-15)
    for name in ("dense1.weight", "conv1.weight"):
        assert made[f"dL/d {name}"].ravel() == pytest.approx(seed.PUBLISHED[name], abs=6e-12)


def test_the_seed_s_kernel_line_by_line():
    lines = list(scalar_text(derive(seed.NETWORK)))
    assert "R_p[0,0,2,1,0] = 1 if (z[0,0,2] < z[1,0,2]) else 0" in lines
    assert "delta_z[1,0,2] = R_p[0,0,2,1,0]*delta_p[0,0,2]" in lines
    assert lines[-1] == "delta_w[1,0,0,2] = delta_z[0,0,2]*x[1,0,0] + delta_z[1,0,2]*x[2,0,0]"


def as_text_names(expression, derivation):
    """Return a staged partial as a function of the same arrays."""
    arrays = shaped(derivation)
    of_label = {tensor.label: (stem, tensor) for stem, (_, tensor) in arrays.items()}
    replaced = {}
    for symbol in expression.free_symbols:
        label, _, written = symbol.name.rpartition("_")
        stem, tensor = of_label[label or written]
        position = parse_subscript(written if label else "", tensor.shape)
        replaced[symbol] = sympy.Symbol(f"{stem}[{','.join(map(str, position))}]")
    return expression.xreplace(replaced)


@pytest.mark.parametrize("network", [seed.NETWORK, PADDED], ids=["seed", "padded"])
def test_every_weight_s_line_is_its_staged_partial(network):
    derivation = derive(network)
    lines = list(scalar_text(derivation))
    stems = {tensor: stem for stem, tensor in names(lines).items()}
    written = dict(assignments(lines))
    for parameter in network.parameters:
        for position in parameter.positions():
            name = f"{stems[f'dL/d {parameter.name}']}[{','.join(map(str, position))}]"
            staged = derivation.partial(parameter.name, position, staged=True)
            expected = as_text_names(staged, derivation)
            symbols = {s.name: s for s in expected.free_symbols}
            text = written[name]
            for number, symbol in enumerate(sorted(symbols, key=len, reverse=True)):
                text = text.replace(symbol, f"s{number}_")
            ordered = sorted(symbols, key=len, reverse=True)
            local = {f"s{number}_": symbols[symbol] for number, symbol in enumerate(ordered)}
            read = sympy.sympify(text, locals=local, rational=True)
            assert sympy.expand(read - sympy.nsimplify(expected)) == 0, name


@pytest.mark.parametrize("number", seeds(0, 0.1))
def test_random_networks_against_the_exact_reading(number):
    network, values = random_networks.tiny_example(number)
    derivation = derive(network)
    made, point = run(derivation, values), derivation.at(values)
    for parameter in network.parameters:
        adjoint = derivation.adjoints[parameter.name]
        exact = [float(point.value(adjoint.symbol(p))) for p in adjoint.positions()]
        got = made[f"dL/d {parameter.name}"].ravel()
        assert got == pytest.approx(exact, rel=1e-9, abs=1e-12), parameter.name
