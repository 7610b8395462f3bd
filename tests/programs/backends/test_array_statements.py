"""The intermediate list of the array backend, and the arrays that calls share."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from symcnn import (
    BatchNorm,
    Conv2D,
    Dense,
    Flatten,
    HalfSquaredError,
    MaxPool2D,
    Network,
    Tanh,
    derive,
    lambdify,
)
from symcnn.programs.backends.numpy import lowered
from symcnn.programs.backends.numpy.statements import AddAll, At, KeepFirst, Product
from symcnn.programs.export.module import exported
from symcnn.programs.plans.plan import plan_of
from tests.programs import unusual_layers as unusual

CHAIN = [Conv2D(4, 3), Tanh(), MaxPool2D(2), Flatten(), Dense(5)]
NETWORK = Network((8, 8, 2), CHAIN, HalfSquaredError(), batch=3)


def kinds(network, *wanted):
    program = lowered(plan_of(derive(network)))
    stages = (*program.forward, *program.backward)
    statements = (statement for stage in stages for statement in stage.statements)
    return [type(s) for s in statements if isinstance(s, wanted)]


def drawn_values(program, seed):
    drawn = np.random.default_rng(seed)
    return {tensor.name: drawn.normal(size=tensor.shape) for tensor in program.given}


def test_the_list_prints_as_itself():
    network = Network((2,), [Dense(1, bias=False)], HalfSquaredError(), batch=3)
    lines = str(lowered(plan_of(derive(network), "training"))).splitlines()
    assert lines[0] == (
        "Allocate(name='x_kept', shape=(2, 3), axes=('q', 'n'), fill='', truth=False)"
    )
    assert "Product(left='w', right='x_kept', out='z')" in lines
    assert lines[-1] == "Product(left='delta_z', right='x_kept_natural', out='delta_w')"


def test_every_equation_has_its_pattern():
    """Three layers with weights or windows: products, ties, one scattered gradient."""
    products = [Product] * (2 + 4)  # forward, and by the weight and by the input of each
    assert kinds(NETWORK, Product) == products
    assert kinds(NETWORK, KeepFirst, AddAll) == [KeepFirst, AddAll]
    assert kinds(NETWORK, At) == []


def test_what_depends_on_fewer_loops_is_computed_over_these():
    """A square root for each channel, not for each entry of the image."""
    network = Network((8, 8, 2), [BatchNorm(mode="inference")], HalfSquaredError(), batch=3)
    program = lowered(plan_of(derive(network), "training"))
    shapes = {made.name: made.shape for made in program.setup if hasattr(made, "shape")}
    roots = [s.out for s in program.every if getattr(s, "function", "") == "np.sqrt"]
    assert [shapes[root] for root in roots] == [(2,)]


def test_a_matrix_product_needs_no_layer_of_its_own():
    """A scattered forward pass from outside of the package is shifted and added."""
    network = Network((4,), [Tanh(), unusual.Spread(), Dense(2)], HalfSquaredError(), batch=2)
    assert AddAll in kinds(network, AddAll)
    assert kinds(network, At) == []


@pytest.mark.parametrize("batch", [None, 3])
def test_windows_along_three_axes_are_a_matrix_product_too(batch):
    network = Network((3, 4, 5, 2), [unusual.Volume(), Tanh()], HalfSquaredError(), batch=batch)
    assert Counter(kinds(network, Product, AddAll, At)) == {Product: 3, AddAll: 1}


def test_what_fits_no_pattern_is_written_out():
    network = Network((5,), [unusual.LocalEnergy(), Tanh()], HalfSquaredError())
    assert At in kinds(network, At)


def test_a_whole_image_is_copied_once_for_every_column_of_a_window():
    """The windows of one row of the image overlap in memory: 3 copies, not 9."""
    setup = lowered(plan_of(derive(NETWORK))).setup
    (patches,) = [made for made in setup if made.name == "x_kept_patches"]
    assert dict(zip(patches.axes, patches.shape, strict=True)) == {
        **{"h": 8, "v": 3, "c": 2, "j": 6, "n": 3}
    }


@pytest.mark.parametrize("results", ["all", "training"])
def test_results_are_not_the_arrays_that_are_used_again(results):
    program = lambdify(derive(NETWORK), "array", results=results)
    first = program(drawn_values(program, 1))
    kept = {name: gradient.copy() for name, gradient in first.gradients.items()}
    outputs = {name: output.copy() for name, output in first.outputs.items()}
    program(drawn_values(program, 2))
    for name, gradient in first.gradients.items():
        assert np.array_equal(gradient, kept[name]), name
        assert gradient.base is None, name
    assert all(np.array_equal(first.outputs[name], outputs[name]) for name in outputs)
    again = program(drawn_values(program, 1))
    assert all(np.array_equal(again.gradients[name], kept[name]) for name in kept)


def test_threads_do_not_share_arrays():
    program = lambdify(derive(NETWORK), "array")
    values = [drawn_values(program, seed) for seed in range(8)]
    expected = [program(v).gradients["conv1.weight"] for v in values]
    with ThreadPoolExecutor(4) as pool:
        made = [*pool.map(program, values * 20)]
    for number, evaluation in enumerate(made):
        assert np.array_equal(evaluation.gradients["conv1.weight"], expected[number % 8])


def test_numbers_that_lie_otherwise_in_memory():
    program = lambdify(derive(NETWORK), "array")
    values = drawn_values(program, 3)
    turned = {name: np.asfortranarray(value) for name, value in values.items()}
    one, other = program(values), program(turned)
    assert one.loss == other.loss


def test_the_exported_module_runs_by_itself(tmp_path):
    """NumPy alone, no warning, the numbers of the program, and 32 bits on request."""
    derivation = derive(NETWORK)
    program = lambdify(derivation, "array")
    values = drawn_values(program, 4)
    path = tmp_path / "module.py"
    text = exported(derivation, values, "convolution") + _PRINT_IN_32_BITS
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", path]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    loss = program(values).loss
    assert lines[0] == f"loss {loss}"
    assert float(lines[-2]) == pytest.approx(loss, rel=1e-5)
    assert "# z[n, i, j, k] = sum over c, u, v of w[u, v, c, k]*x[n, i + u, j + v, c]" in text


_PRINT_IN_32_BITS = """
    print(program(np.float32)(**VALUES)[0])
"""
