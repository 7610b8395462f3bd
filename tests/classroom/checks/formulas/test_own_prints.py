"""No formula that symcnn prints is called wrong: it is right, or it is not understood."""

import pytest

import symcnn as sc
from tests.draws import one_of, seeds
from tests.programs.random_networks import tiny_example

NOTATIONS = ("indices", "matrix", "convolution")


def quantities(network):
    return [f"gradient of {name}" for name in network.tensors if name != "target"][-4:]


def judged(network, quantity, **settings):
    """Return a formula with its verdict, "refused" where there is none or it is not understood."""
    try:
        text = sc.derive(network).latex(quantity, **settings)
        verdict = sc.check_formula(text, quantity, network)
    except sc.SymcnnError:
        return "", "refused"
    return text, verdict.findings[0].verdict


@pytest.mark.parametrize("seed", seeds(40_000, 0.3))
@pytest.mark.parametrize("notation", one_of(NOTATIONS))
@pytest.mark.parametrize("base", [1, 0])
def test_what_is_printed_is_never_called_wrong(seed, notation, base):
    network = tiny_example(seed, 60).network
    made = [judged(network, q, notation=notation, index_base=base) for q in quantities(network)]
    assert [text for text, verdict in made if verdict == "wrong"] == []
