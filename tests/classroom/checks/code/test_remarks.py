"""What is noteworthy about a call besides its result."""

import random

import numpy as np

from tests.classroom.checks.code.asked import conv_call, outcome, outcomes

AGAIN = (
    "Called again with the arrays of the first call, the function returned something else: its "
    "result depends on earlier calls or on chance."
)


def test_there_is_nothing_to_say_about_a_plain_function():
    assert outcome(lambda dout, x, w, b: (2 * x, 2 * w, 2 * b)).remarks == ()


def test_changes_of_inputs_are_told_and_do_not_reach_the_caller():
    def changing(dout, x, w, b):
        w += 1
        dout[0] = 0
        return 2 * x, 2 * w, 2 * b

    call = conv_call()
    found = outcome(changing, call=call)
    assert found.remarks == (
        "The function changed its input weight in place.",
        "The function changed its input dout in place.",
    )
    assert call.inputs["weight"][0, 0, 0, 0] == 0


def test_shared_memory_is_told():
    found = outcome(lambda dout, x, w, b: (x.reshape(x.shape), 2 * w, 2 * b))
    assert found.remarks == (
        "What is returned as the gradient of x shares its memory with the input x.",
    )


def test_results_that_depend_on_earlier_calls_are_told():
    seen = []

    def counting(dout, x, w, b):
        seen.append(1)
        return len(seen) * x, 2 * w, 2 * b

    first, second = outcomes(counting, calls=[conv_call(), conv_call()])
    assert first.remarks == (AGAIN,)
    assert second.remarks == ()


def test_results_that_depend_on_chance_are_told():
    found = outcome(lambda dout, x, w, b: (random.random() * x, 2 * w, 2 * b))
    assert found.remarks == (AGAIN,)


def test_other_types_are_told_and_kept():
    found = outcome(lambda dout, x, w, b: (x.astype("float32"), w.astype(int), 2 * b))
    assert found.remarks == (
        "What is returned as the gradient of x is float32, where the inputs are float64.",
        "What is returned as the gradient of weight is int64, where the inputs are float64.",
    )
    assert found.arrays["x"].dtype == np.float32


def test_inputs_have_the_type_that_is_asked_for():
    found = outcome(lambda dout, x, w, b: (2 * x, 2 * w, 2 * b), call=conv_call("float32"))
    assert {array.dtype for array in found.arrays.values()} == {np.dtype("float32")}
    assert found.remarks == ()


def test_undefined_numbers_are_counted():
    def undefined(dout, x, w, b):
        b[1:3] = np.nan
        return 2 * x, np.log(w), b.copy()

    assert outcome(undefined).remarks == (
        "The function changed its input bias in place.",
        "Of the 36 entries of the gradient of weight, 1 is infinite.",
        "Of the 6 entries of the gradient of bias, 2 are NaN.",
    )
