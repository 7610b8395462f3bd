"""The forms of functions on arrays of NumPy, and what they return."""

from collections import namedtuple
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from symcnn.classroom.checks.code.callee import Call
from symcnn.errors import SymcnnError
from tests.classroom.checks.code.asked import (
    CONV,
    DENSE,
    callee,
    conv_call,
    counted,
    dense_call,
    outcome,
)

CALL = conv_call()
NCHW = {"layout": "NCHW"}
FORWARD = {**CONV, "kind": "forward", "wanted": ("y",), "names": ("x", "weight", "bias")}


def is_scaled(found, factors, call=CALL):
    """Tell whether every result is an input times its factor, exactly."""
    assert found.failure == ""
    return all(
        np.array_equal(found.arrays[name], factor * call.inputs[name])
        for name, factor in factors.items()
    )


FACTORS = {"x": 2, "weight": 3, "bias": 4}
Gradients = namedtuple("Gradients", "db dx dw")


def test_arrays_are_handed_over_in_the_layout_of_the_function():
    def backward(dout, x, w, b):
        assert (dout.shape, x.shape) == ((2, 6, 3, 5), (2, 3, 4, 5))
        assert (w.shape, b.shape) == ((6, 3, 2, 1), (6,))
        assert x[1, 2, 3, 4] == 119
        return 2 * x, 3 * w, 4 * b

    assert is_scaled(outcome(backward, **NCHW), FACTORS)


@pytest.mark.parametrize(
    "result",
    [
        lambda x, w, b: (2 * x, 3 * w, 4 * b),
        lambda x, w, b: [2 * x, 3 * w, 4 * b],
        lambda x, w, b: ((2 * x), (3 * w, 4 * b)),
        lambda x, w, b: (2 * x, 3 * w, 4 * b, None, None),
        lambda x, w, b: ((2 * x).tolist(), (3 * w).tolist(), (4 * b).tolist()),
        lambda x, w, b: {"dW": 3 * w, "db": 4 * b, "dx": 2 * x},
        lambda x, w, b: {"grad_weight": 3 * w, "bias_grad": 4 * b, "dA_prev": 2 * x, "t": 0},
        lambda x, w, b: Gradients(4 * b, 2 * x, 3 * w),
        lambda x, w, b: SimpleNamespace(x=2 * x, weight=3 * w, bias=4 * b),
    ],
)
def test_results_have_many_forms(result):
    assert is_scaled(outcome(lambda dout, x, w, b: result(x, w, b)), FACTORS)


def test_the_order_of_results_is_read_off_the_last_line():
    def backward(dout, A_prev, W, b):  # noqa: N803
        dA_prev, dW, db, kept = 2 * A_prev, 3 * W, 4 * b, 0  # noqa: N806
        return db, dW, kept, dA_prev

    made = callee(backward, **CONV)
    assert made.notes == (
        "Guessed from the signature of backward: A_prev is x, W is weight, b is bias.",
        "Guessed from its last line: it returns the gradients of bias, weight, x.",
    )
    assert is_scaled(made.run([CALL])[0], FACTORS)


def test_arguments_and_results_can_be_stated():
    def backward(p, q, r, s, t):
        assert (p, q["pad"]) == (2, 1)
        return 4 * t, None, 3 * s, 2 * r

    stated = {"arguments": "stride, settings, x, w, bias", "returns": ["db", "_", "dw", "x"]}
    found = outcome(backward, call=conv_call(stride=2, padding=1), **stated)
    assert is_scaled(found, FACTORS)


def test_arguments_and_results_can_be_stated_by_name():
    def backward(kept, dout, w, b, factor):
        return {"first": 2 * kept, "dw": factor * w, "other": 4 * b}

    stated = {
        "arguments": {"factor": "stride"},
        "returns": {"first": "x", "dw": "weight", "other": "bias"},
    }
    made = callee(backward, **CONV, **stated)
    assert made.notes == (
        "Guessed from the signature of backward: kept is x, w is weight, b is bias.",
    )
    assert made.takes == ("stride",)
    assert is_scaled(made.run([conv_call(stride=3)])[0], FACTORS)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (
            {"arguments": "dout, x, wings"},
            "arguments: there is no 'wings' to be passed: give some of dout, x, weight, bias, "
            "stride, padding, settings",
        ),
        (
            {"returns": "dx, dw"},
            "returns has bias 0 times: name each of x, weight, bias once",
        ),
        (
            {"arguments": {"v": "x"}},
            "arguments: there is no parameter 'v': there are dout, x, w, b",
        ),
        ({"seconds": 0}, "seconds is 0: give a positive number"),
    ],
)
def test_wrong_statements_are_refused(stated, message):
    with pytest.raises(SymcnnError) as error:
        callee(lambda dout, x, w, b: 0, **{**CONV, **stated})
    assert str(error.value) == message


@pytest.mark.parametrize("function", [3, int, "backward", (len, 3), (len, len, len)])
def test_what_is_no_function_is_refused(function):
    with pytest.raises(SymcnnError, match="give a function on arrays, or a pair"):
        callee(function, **CONV)


def test_a_forward_pass_alone_has_no_gradient():
    with pytest.raises(SymcnnError) as error:
        callee(lambda x, w, b: x, **CONV)
    assert str(error.value) == (
        "<lambda>(x, w, b) is given no error signal: name a parameter dout, give "
        'arguments="dout, ...", or the pair (forward, backward)'
    )


def forward(x, w, b, conv_param):
    return x.sum(), (x, w, b, conv_param)


def backward(dout, cache):
    x, w, b, conv_param = cache
    return 2 * x, conv_param["stride"] * w, 4 * b


def test_a_pair_hands_its_cache_over():
    made = callee((forward, backward), **CONV, **NCHW)
    assert made.takes == ("stride", "padding")
    assert is_scaled(made.run([conv_call(stride=3)])[0], FACTORS)


def test_a_pair_may_keep_several_things():
    def first(x, w, b):
        return x.sum(), x, w, b

    def second(dout, x_kept, w_kept, third):
        return 2 * x_kept, 3 * w_kept, 4 * third

    assert is_scaled(outcome((first, second)), FACTORS)


def test_an_object_may_keep_the_cache():
    class Layer:
        def forward(self, x, w, b):
            self.kept = x, w, b
            return x

        def backward(self, dout):
            x, w, b = self.kept
            return 2 * x, 3 * w, 4 * b

    layer = Layer()
    assert is_scaled(outcome((layer.forward, layer.backward)), FACTORS)
    assert not hasattr(layer, "kept")


def test_the_output_is_passed_to_backward_passes_that_ask_for_it():
    names = ("dout", "x", "y")
    call = Call({name: counted(2, 3, start=k) for k, name in enumerate(names)}, {})
    asked = {"kind": "backward", "wanted": ("x",), "names": names}
    first = outcome(lambda dout, out: dout * out, asked, call)
    assert np.array_equal(first.arrays["x"], call.inputs["dout"] * call.inputs["y"])
    kept = (lambda x: (3 * x, 3 * x), lambda dout, cache: dout * cache)
    second = outcome(kept, asked, call)
    assert np.array_equal(second.arrays["x"], call.inputs["dout"] * 3 * call.inputs["x"])


def test_arguments_of_a_pair_can_be_stated_by_name():
    def first(image, kernel, third):
        return image, (image, kernel, third)

    def second(g, cache, scale):
        image, kernel, third = cache
        return 2 * image, scale * kernel, 4 * third

    stated = {"image": "x", "third": "bias", "scale": "stride", "g": "dout"}
    found = outcome((first, second), call=conv_call(stride=3), arguments=stated)
    assert is_scaled(found, FACTORS)


def test_a_forward_pass_of_another_layout_is_found_by_the_shape_that_is_due():
    call = dense_call()
    inputs = {name: call.inputs[name] for name in ("x", "weight", "bias")}
    made = callee(lambda x, w, b: x @ w + b, **{**FORWARD, "image_axes": 0})
    (found,) = made.run([Call(inputs, {}, shapes={"y": (5, 2)})])
    w, b = call.inputs["weight"], call.inputs["bias"]
    due = [
        [sum(p * q for p, q in zip(row, unit, strict=True)) for unit in w] for row in inputs["x"]
    ]
    assert np.array_equal(found.arrays["y"], due + b)


def test_a_pair_without_cache_says_so():
    failure = outcome((lambda x, w, b: x, backward)).failure
    assert failure == "The forward pass returned no cache besides its output."


def test_the_output_is_the_first_of_a_forward_pass():
    call = Call({n: CALL.inputs[n] for n in ("x", "weight", "bias")}, {"stride": 1, "padding": 0})
    for function in ((forward_of, backward), forward_of, lambda x, w, b: 5 * x):
        (found,) = callee(function, **FORWARD, **NCHW).run([call])
        assert np.array_equal(found.arrays["y"], 5 * call.inputs["x"])


def forward_of(x, w, b):
    return 5 * x, (x, w)


def test_settings_come_by_keyword_and_by_partial():
    def function(dout, x, w, b, *, stride, pad=7):
        return stride * x, pad * w, 4 * b

    assert is_scaled(outcome(function, call=conv_call(stride=2, padding=3)), FACTORS)
    fixed = callee(partial(function, stride=2, pad=3), **CONV)
    assert fixed.takes == ()
    assert is_scaled(fixed.run([conv_call(stride=5)])[0], FACTORS)


def test_dictionaries_of_settings_have_the_usual_keys():
    def function(dout, x, pool_param):
        sizes = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
        return x * (100 * sizes[0] + 10 * sizes[1] + sizes[2])

    pool = {"kind": "backward", "wanted": ("x",), "names": ("dout", "x"), "image_axes": 2}
    call = Call({"x": counted(1, 4, 4, 1), "dout": counted(1, 2, 2, 1)}, {})
    settings = {"pool_size": (2, 3), "stride": 4}
    made = callee(function, **pool, settings=tuple(settings))
    (found,) = made.run([Call(call.inputs, settings)])
    assert np.array_equal(found.arrays["x"], 234 * call.inputs["x"])


def test_matrices_of_inputs_by_units_are_found_by_trying():
    def backward(dout, x, w, b):
        return dout @ w.T, x.T @ dout, dout.sum(axis=0)

    made, call = callee(backward, **DENSE), dense_call()
    first, second = made.run([call, call])
    columns = call.inputs["weight"].T
    due = [[sum(d * w for d, w in zip(row, col, strict=True)) for col in columns]
           for row in call.inputs["dout"]]  # fmt: skip
    for found in (first, second):
        assert np.array_equal(found.arrays["x"], due)
        assert found.arrays["weight"].shape == (2, 3)
    assert made.notes[-1] == (
        "The function fails otherwise: matrices of weights are (inputs, units)."
    )


def test_stated_matrices_are_not_tried_otherwise():
    def backward(dout, x, w, b):
        return dout @ w.T, x.T @ dout, dout.sum(axis=0)

    assert "ValueError" in outcome(backward, DENSE, dense_call(), kernel_layout="OI").failure


def test_a_bias_with_axes_of_an_image_is_found_by_trying():
    def backward(dZ, A_prev, W, b):  # noqa: N803
        assert float(b[0, 0, 0, 1]) == 1
        return 2 * A_prev, 3 * W, 4 * b

    made = callee(backward, **CONV)
    assert is_scaled(made.run([CALL])[0], FACTORS)
    assert made.notes[-1] == ("The function fails otherwise: vectors have the shape (1, 1, 1, C).")


def test_kernels_of_another_layout_are_found_by_trying_and_kept():
    def backward(dout, x, w, b):
        assert w.shape[:2] == (3, 6)
        return 2 * x, 3 * w, 4 * b

    made = callee(backward, **CONV, **NCHW)
    assert is_scaled(made.run([CALL])[0], FACTORS)
    assert is_scaled(made.run([CALL])[0], FACTORS)
    assert made.notes[1:] == ("The function fails otherwise: the layout of kernels is IOHW.",)
    assert "AssertionError" in outcome(backward, **NCHW, kernel_layout="OIHW").failure


def test_a_layout_that_does_not_help_is_not_taken():
    def backward(dout, x, w, b):
        assert w.shape[:2] == (3, 6)
        return 2 * x, w.sum(axis=0), 4 * b

    made = callee(backward, **CONV, **NCHW)
    assert "AssertionError" in made.run([CALL])[0].failure
    assert made.notes == ("Guessed from the signature of backward: w is weight, b is bias.",)


def test_columns_of_a_weight_behind_an_image_follow_its_layout():
    weight, x = counted(2, 4 * 5 * 3), counted(1, 4, 5, 3)

    def gradients(w, x):
        assert w[1, (2 * 4 + 1) * 5 + 3] == weight[1, (1 * 5 + 3) * 3 + 2]  # channel 2 at (1, 3)
        return w + x.reshape(1, -1)

    names = ("dense1.weight", "x")
    asked = {"kind": "gradients", "wanted": names[:1], "names": names, "image_axes": 2}
    made = callee(gradients, **asked, **NCHW, flattened={names[0]: (4, 5, 3)})
    (found,) = made.run([Call({names[0]: weight, "x": x}, {})])
    assert np.array_equal(found.arrays[names[0]], weight + x.reshape(1, -1))


def test_other_numbers_of_axes_are_kept_as_they_are():
    found = outcome(lambda dout, x, w, b: (x[0], 3 * w, 4 * b), **NCHW)
    assert found.unlaid == ("x",)
    assert found.arrays["x"].shape == (3, 4, 5)


def test_gradients_of_a_network_come_in_many_forms():
    names = ("x", "target", "conv1.weight", "conv1.bias", "dense1.weight")
    wanted = names[2:]
    shapes = ((2, 4, 5, 3), (2, 1), (2, 1, 3, 6), (6,), (1, 4))
    inputs = {n: counted(*shape) for n, shape in zip(names, shapes, strict=True)}
    asked = {"kind": "gradients", "wanted": wanted, "names": names, "image_axes": 2}

    def by_name(params, x, t):
        return 0.5, {name: 2 * array for name, array in params.items()}

    def by_number(X, y, W1, b1, W2):  # noqa: N803
        return {"dW1": 2 * W1, "db1": 2 * b1, "dW2": 2 * W2}

    def in_order(*arrays):
        return (0.5, *(2 * array for array in arrays[2:]))

    for function in (by_name, by_number, in_order):
        (found,) = callee(function, **asked, **NCHW).run([Call(inputs, {})])
        assert found.failure == ""
        assert all(np.array_equal(found.arrays[n], 2 * inputs[n]) for n in wanted)
