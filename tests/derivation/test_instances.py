"""Formulas with letters at numbers, where the network with these numbers has other tensors."""

import random

import numpy as np
import pytest
from sympy import Integer

import symcnn as sc
from symcnn import SymcnnError
from symcnn.derivation.float_values import Computed
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.theorem import subjects
from symcnn.reference import Forward
from tests.document.theory.test_theorem import name_of
from tests.draws import MANY, THOROUGH, slow, some

H, W, K, J, S, C, F = (sc.size(letter) for letter in "HWKJSCF")
P, Q = (sc.size(letter, least=0) for letter in "PQ")
COUNT = 20 if THOROUGH else 8 if MANY else 3


def counted():
    pool = sc.AvgPool2D((K, J), padding=(P, Q), count_include_pad=False)
    return sc.Network((H, W, C), [pool], sc.Upstream())


def deeper():
    layers = [
        sc.Conv1D(F, K, padding=P),
        sc.ReLU(),
        sc.AvgPool1D(J, stride=1, padding=Q, count_include_pad=False),
        sc.MaxPool1D(2, stride=S, padding=P),
    ]
    return sc.Network((H, C), layers, sc.Upstream())


def choices(network, seed, count):
    """Run over numbers for letters, borders first: all of them least, then small ones."""
    rng, least = random.Random(seed), {s: 1 if s.is_positive else 0 for s in network.sizes}
    real = {letter: Integer(2) for letter in network.real_letters}
    drawn = ({s: rng.randint(n, n + 3) for s, n in least.items()} for _ in range(40 * count))
    found = 0
    for numbers in (least, *drawn):
        try:
            concrete = network.at(numbers | real)
        except SymcnnError:  # a kernel longer than its input
            continue
        if sum(tensor.size for tensor in concrete.tensors.values()) < 300 and found < count:
            found += 1
            yield numbers | real, concrete


def compared(network, numbers, concrete):
    """Compare the derivatives of a network with letters, at numbers, with those of paths."""
    made, rng = sc.at_sizes(sc.derive(network), numbers), np.random.default_rng(1)
    passed = Forward(concrete, {t.name: rng.uniform(0.1, 1, t.shape) for t in concrete.given})
    slopes = {n: passed.derivatives(n) for n in concrete.tensors if n in made.adjoints}
    computed = Computed(made, passed.joint_values, slopes)
    for name, true in slopes.items():
        form = made.put_in(made.general.partial(name))
        at, free = made.entries.general(form), made.general.indices(name)
        for position in list(np.ndindex(true.shape))[:: max(1, true.size // 5)]:
            found = computed.number(at(dict(zip(free, position, strict=True))))
            assert found == pytest.approx(true[position], rel=1e-9, abs=1e-11), (name, numbers)


@slow
@pytest.mark.parametrize("made", [counted, deeper])
def test_tensors_that_drop_out_at_numbers(made):
    network, dropped = made(), 0
    for numbers, concrete in choices(network, 3, 2 * COUNT):
        compared(network, numbers, concrete)
        dropped += concrete.tensors.keys() < network.tensors.keys()
    assert dropped > 0


@pytest.mark.parametrize("subject", some(subjects(), every=11), ids=name_of)
def test_every_layer_at_small_sizes(subject):
    network = specimen(subject).network
    for numbers, concrete in choices(network, 7, COUNT):
        compared(network, numbers, concrete)


@slow
def test_the_concrete_network_says_where_such_formulas_are_evaluated():
    network = counted()
    derivation = sc.derive(network)
    numbers = {H: 3, W: 3, C: 1, K: 2, J: 2, P: 0, Q: 0}
    made = sc.at_sizes(derivation, numbers)
    form = made.put_in(derivation.partial("x"))
    entry = form.xreplace(dict.fromkeys(derivation.indices("x"), Integer(0)))
    values = {"x": list(range(9)), "gradient": [8]}
    assert made.substitute(entry, values) == 2
    with pytest.raises(SymcnnError, match=r"N is not a tensor of this network: .*at_sizes"):
        sc.derive(network.at(numbers)).substitute(entry, values)
    with pytest.raises(SymcnnError, match="letters for sizes, W"):
        sc.at_sizes(derivation, {s: n for s, n in numbers.items() if s != W})
