"""Right gradients of every layer are right, by complex steps, and within a bound that says much."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.reference import Forward
from tests.draws import some
from tests.network.layers.examples import EXAMPLES

ALONE = {str(e): e for e in EXAMPLES if not e.before and e.layer.inputs is None}


def by_complex_steps(layer, names, wanted):
    """Return a backward pass that knows the forward equations alone."""

    def backward(*arrays):
        given = dict(zip(names, arrays, strict=True))
        shape = given["x"].shape
        network = sc.Network(shape[1:], [layer], sc.Upstream(), batch=shape[0])
        prefix = network.output.name
        values = {f"{prefix}.{name}": array for name, array in given.items()}
        values |= {"x": given["x"], "gradient": given["dout"]}
        known = {tensor.name for tensor in network.given}
        forward = Forward(network, {n: a for n, a in values.items() if n in known})
        own = {name: name if name == "x" else f"{prefix}.{name}" for name in wanted}
        return tuple(forward.derivatives(own[name]).astype(given["dout"].dtype) for name in wanted)

    return backward


def names_of(layer, shape):
    learned = [*layer.parameters(shape)]
    names = ["dout", "x", *learned, *layer.givens(shape)]
    return names, ([] if layer.takes_indices else ["x"]) + learned


@pytest.mark.parametrize("case", some(ALONE, 6))
def test_right_gradients_are_right(case):
    layer, shape = ALONE[case].layer, ALONE[case].input_shape
    names, wanted = names_of(layer, shape)
    function = by_complex_steps(layer, names, wanted)
    verdict = sc.check_backward(function, layer, input_shape=shape, arguments=names, returns=wanted)
    assert verdict, verdict.to_text()
    assert all(finding.error <= 1 for finding in verdict.findings)


@pytest.mark.parametrize("case", some(ALONE, 6)[1::2])
def test_a_thousandth_is_seen_in_single_precision(case):
    layer, shape = ALONE[case].layer, ALONE[case].input_shape
    names, wanted = names_of(layer, shape)
    right = by_complex_steps(layer, names, wanted)

    def off(*arrays):
        return tuple((gradient * 1.001).astype(np.float32) for gradient in right(*arrays))

    verdict = sc.check_backward(off, layer, input_shape=shape, arguments=names, returns=wanted)
    for finding in verdict.findings:
        assert finding.verdict == "wrong" or _is_zero(finding), verdict.to_text()


def _is_zero(finding):
    return finding.bound < 1e-6
