"""What is no mistake of the catalogue: factors, other settings, exchanged axes, two mistakes."""

import numpy as np
import pytest

import symcnn as sc

NAMES = ("dout", "x", "weight", "bias")


def conv_backward(dout, x, w, b):
    """Return the gradients of a convolution with a kernel of 3 by 2."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[1:3]):
        window = (slice(None), slice(i, i + w.shape[0]), slice(j, j + w.shape[1]))
        dx[window] += np.einsum("nk,uvck->nuvc", dout[:, i, j], w)
        dw += np.einsum("nk,nuvc->uvck", dout[:, i, j], x[window])
    return dx, dw, dout.sum((0, 1, 2))


def dense_backward(dout, x, w, b):
    return dout @ w, dout.T @ x, dout.sum(0)


def checked(change, layer=None, backward=conv_backward, **options):
    def function(dout, x, weight, bias):
        return change(*backward(dout, x, weight, bias))

    return sc.check_backward(function, layer or sc.Conv2D(3, (3, 2)), **options)


def finding_on(verdict, name):
    return next(f for f in verdict.findings if f.name == f"gradient of {name}")


def test_a_factor_is_said_by_the_number_that_it_is():
    verdict = checked(lambda dx, dw, db: (dx / dx[0].size, 3 * dw / 7, db))
    assert finding_on(verdict, "x").mistake == "factor 1 / the number of entries of a sample"
    assert finding_on(verdict, "weight").mistake == "factor 3/7"
    assert finding_on(verdict, "bias").verdict == "right"


def test_a_factor_of_the_number_of_samples():
    verdict = checked(lambda dx, dw, db: (dx / len(dx), dw, db))
    found = finding_on(verdict, "x")
    assert found.mistake == "divided by the number of samples"
    assert "only where there are several samples" in found.where


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda dx, dw, db: (dx[:, ::-1], dw, db), "has its rows in reverse order"),
        (lambda dx, dw, db: (dx[:, ::-1, ::-1], dw, db), "rotated by 180 degrees"),
        (lambda dx, dw, db: (np.roll(dx, 1, 0), dw, db), "the one before"),
        (
            lambda dx, dw, db: (dx.transpose(0, 3, 1, 2).reshape(dx.shape), dw, db),
            "in the order sample, channel, row, column",
        ),
    ],
)
def test_an_array_that_was_rearranged(change, said):
    found = finding_on(checked(change), "x")
    assert found.verdict == "wrong"
    assert said in found.explanation


def test_an_input_that_was_read_in_another_layout():
    def backward(dout, x, w, b):
        kernel = w.transpose(3, 2, 0, 1).reshape(w.shape)
        return conv_backward(dout, x, kernel, b)[0], *conv_backward(dout, x, w, b)[1:]

    found = finding_on(sc.check_backward(backward, sc.Conv2D(3, (3, 2))), "x")
    assert found.mistake == "layout of weight confused"
    assert "filter, input channel, kernel row, kernel column" in found.explanation


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ((0, 2, 3, 1), "filter, kernel row, kernel column, input channel"),
        ((0, 1, 3, 2), "filter, input channel, kernel column, kernel row"),
    ],
)
def test_an_array_that_was_reshaped_in_the_layout_of_the_function(order, words):
    def backward(dout, x, w, b):
        to_last, of_kernel = (0, 2, 3, 1), (2, 3, 1, 0)
        moved = dout.transpose(to_last), x.transpose(to_last), w.transpose(of_kernel), b
        dx, dw, db = conv_backward(*moved)
        dw = dw.transpose(3, 2, 0, 1)
        return dx.transpose(0, 3, 1, 2), dw.transpose(order).reshape(dw.shape), db

    verdict = sc.check_backward(backward, sc.Conv2D(4, (3, 2)), layout="NCHW")
    found = finding_on(verdict, "weight")
    assert (found.mistake, finding_on(verdict, "x").verdict) == (
        "layout of the result confused",
        "right",
    )
    assert f"in the order {words}" in " ".join(found.explanation.split())


def test_another_setting():
    def backward(dout, x):
        return dout * np.where(x > 0, 1, 0.1)

    found = finding_on(sc.check_backward(backward, sc.LeakyReLU(0.01)), "x")
    assert found.mistake == "alpha = 0.1"


def test_two_mistakes_together():
    def backward(dout, x, w, b):
        dx = np.zeros_like(x)
        for i, j in np.ndindex(*dout.shape[1:3]):
            window = (slice(None), slice(i, i + 3), slice(j, j + 2))
            dx[window] = np.einsum("nk,uvck->nuvc", dout[:, i, j], w[::-1, ::-1])
        return dx, *conv_backward(dout, x, w, b)[1:]

    found = finding_on(sc.check_backward(backward, sc.Conv2D(3, (3, 2))), "x")
    assert {*found.mistake.split(" and ")} == {"kernel flipped", "windows overwritten"}


def test_what_is_not_known_is_told_by_its_pattern():
    def border(dx, dw, db):
        dx[:, 0] = 0
        dw[..., 1] += 0.5
        return dx, dw, db

    verdict = checked(border)
    x, weight = (finding_on(verdict, name) for name in ("x", "weight"))
    assert x.mistake == weight.mistake == ""
    drawn = "; drawn for input (5, 6, 3), batch of 2"
    rows = ["x x x x x x", ". . . . . ."]
    assert x.where.splitlines()[:3] == [f"in the first row{drawn}", *rows]
    assert "All wrong entries are 0." in x.explanation
    assert weight.where.splitlines()[0] == f"at filter index 1{drawn}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda dx, dw, db: (dx, dw.T, db),
            "order filter, input channel, kernel column, kernel row",
        ),
        (
            lambda dx, dw, db: (np.pad(dx, [(0, 0), (1, 1), (1, 1), (0, 0)]), dw, db),
            "from row index 1 and column index 1 on: the padding was not",
        ),
        (
            lambda dx, dw, db: (dx[:, 1:, 1:], dw, db),
            "a part of what is due from row index 1 and column index 1 on",
        ),
        (lambda dx, dw, db: (dx.sum(0), dw, db), "summed over samples"),
        (lambda dx, dw, db: (dx.reshape(len(dx), -1), dw, db), "have to be reshaped"),
    ],
)
def test_other_shapes_are_explained(change, said):
    verdict = checked(change)
    found = next(f for f in verdict.findings if f.verdict == "shape")
    assert said in found.explanation


def test_terms_that_have_not_been_summed():
    def backward(dout, x, w, b):
        return *conv_backward(dout, x, w, b)[:2], dout.sum((0, 1))

    found = finding_on(sc.check_backward(backward, sc.Conv2D(3, (3, 2))), "bias")
    assert found.verdict == "shape"
    assert "have not been summed over j" in found.explanation


def test_layouts_of_the_function():
    def backward(dout, x, weight, bias):
        back = (0, 2, 3, 1)
        made = conv_backward(
            dout.transpose(back), x.transpose(back), weight.transpose(2, 3, 1, 0), 0
        )
        dx, dw, db = made
        return dx.transpose(0, 3, 1, 2), -dw.transpose(3, 2, 0, 1), db

    verdict = sc.check_backward(backward, sc.Conv2D(2, (3, 2)), layout="NCHW")
    found = finding_on(verdict, "weight")
    assert (found.mistake, finding_on(verdict, "x").verdict) == ("wrong sign", "right")
    assert "dweight[k, c, u, v] = sum over n, i, j of -dout[n, k, i, j]*x[n, c, i + u, j + v]" in (
        " ".join(found.explanation.split())
    )
    assert np.shape(found.case.due) == (2, 1, 3, 2)
    assert np.shape(found.case.inputs["x"]) == (1, 1, 3, 2)
    assert np.array(found.case.due) == pytest.approx(-np.array(found.case.returned))


def test_ties_follow_any_rule_that_is_one():
    def pooled(choose):
        def backward(dout, x):
            dx = np.zeros_like(x)
            for n, i, j, c in np.ndindex(*dout.shape):
                window = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c]
                share = choose(window == window.max())
                dx[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c] += share * dout[n, i, j, c]
            return dx

        return sc.check_backward(backward, sc.MaxPool2D(2))

    def last(mask):
        chosen = np.zeros(4)
        chosen[np.flatnonzero(mask)[-1]] = 1
        return chosen.reshape(2, 2)

    assert any("share the error signal" in n for n in pooled(lambda m: m / m.sum()).notes)
    assert any("the last of equal maxima" in n for n in pooled(last).notes)
    to_all = pooled(lambda mask: mask)
    assert to_all.findings[0].verdict == "wrong"
    assert "only where maxima are tied" in to_all.findings[0].where


def test_settings_that_a_function_takes_are_varied():
    def backward(dout, x, w, b, stride=1, pad=0):
        x_padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        dx, dw = np.zeros_like(x_padded), np.zeros_like(w)
        for i, j in np.ndindex(*dout.shape[1:3]):
            rows = slice(stride * i, stride * i + w.shape[0])
            columns = slice(stride * j, stride * j + w.shape[1])
            dx[:, rows, columns] += np.einsum("nk,uvck->nuvc", dout[:, i, j], w)
            patch = x_padded[:, i : i + w.shape[0], j : j + w.shape[1]]
            dw += np.einsum("nk,nuvc->uvck", dout[:, i, j], patch)
        inside = (slice(None), slice(pad, pad + x.shape[1]), slice(pad, pad + x.shape[2]))
        return dx[inside], dw, dout.sum((0, 1, 2))

    verdict = sc.check_backward(backward, sc.Conv2D)
    assert finding_on(verdict, "x").verdict == "right"
    found = finding_on(verdict, "weight")
    assert found.mistake == "stride ignored"
    assert "only where the stride is greater than 1" in found.where
    assert not any("dilation" in case for case in verdict.cases)


def test_settings_may_be_lists():
    assert sc.check_backward(conv_backward, sc.Conv2D(2, [3, 2], stride=[1, 1]))


def test_a_crash_is_one_line():
    def backward(dout, x, w, b):
        raise RuntimeError("no")

    verdict = sc.check_backward(backward, sc.Dense(3))
    assert {finding.verdict for finding in verdict.findings} == {"crashed"}
    assert verdict.to_text().count("raised RuntimeError") == 1


def test_layers_of_two_inputs():
    def backward(dout, x1, x2):
        return dout * x2, dout * x2

    verdict = sc.check_backward(backward, sc.Multiply())
    first, second = verdict.findings
    assert (first.name, first.verdict) == ("gradient of x1", "right")
    assert (second.name, second.verdict) == ("gradient of x2", "wrong")


def test_a_network_without_a_batch():
    network = sc.Network((3,), [sc.Dense(2)], sc.HalfSquaredError())

    def gradients(w, b, x, t):
        error = w @ x + b - t
        return np.outer(error, x), error

    assert sc.check_gradients(gradients, network)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sc.check_backward(dense_backward, "dense"), "the layer"),
        (lambda: sc.check_backward(dense_backward, sc.Dense(3), batch=0), "batch"),
        (
            lambda: sc.check_backward(dense_backward, sc.Dense(3), input_shape=(2, 2, 2, -1)),
            "shape",
        ),
        (
            lambda: sc.check_backward(dense_backward, sc.Conv2D(3, 9), input_shape=(2, 2, 1)),
            "kernel",
        ),
        (
            lambda: sc.check_backward(dense_backward, sc.Conv2D(9, 9), input_shape=(500, 500, 9)),
            "smaller",
        ),
        (lambda: sc.check_backward(dense_backward, sc.Reshape), "needs settings"),
        (lambda: sc.check_gradients(dense_backward, sc.Dense(3)), "the network"),
    ],
)
def test_wrong_arguments_are_one_line(call, said):
    with pytest.raises(sc.SymcnnError, match=said):
        call()


def test_a_verdict_is_text_json_and_a_truth_value():
    verdict = checked(lambda dx, dw, db: (dx, -dw, db))
    text = verdict.to_text()
    assert str(verdict) == text
    assert max(map(len, text.splitlines())) <= 100
    assert "gradient of weight: wrong, wrong sign" in text
    assert "-dout[n, i, j, k]*x[n, i + u, j + v, c]" in " ".join(text.split())
    assert not verdict
    assert verdict.to_dict()["right"] is False
    assert '"mistake": "wrong sign"' in verdict.to_json()


def test_numbers_are_the_same_every_time():
    first, second = (checked(lambda dx, dw, db: (dx, 2 * dw, db)).to_json() for _ in range(2))
    assert first == second


def test_what_is_not_a_number_is_said_and_is_json():
    def backward(dout, x, w, b):
        dx, dw, db = dense_backward(dout, x, w, b)
        dx[0, 0] = np.nan
        return dx, dw, db

    verdict = sc.check_backward(backward, sc.Dense(3))
    assert "entries, 1 is nan" in finding_on(verdict, "x").explanation
    assert '"nan"' in verdict.to_json()


def test_only_what_is_stated_to_be_returned_is_due():
    def backward(dout, x, w, b):
        return dout.sum(0), dout @ w

    verdict = sc.check_backward(backward, sc.Dense(3), returns="db, dx")
    assert verdict
    assert [f.name for f in verdict.findings] == ["gradient of x", "gradient of bias"]


def test_kinks_are_kept_off():
    def backward(dout, x):
        return dout * np.where((x >= -3) & (x <= 3), (2 * x + 3) / 6, x >= 3)

    assert sc.check_backward(backward, sc.HardSwish())


def test_numbers_are_positive_where_they_have_to_be():
    class Log(sc.Layer):
        def forward(self, y, x, **tensors):
            import sympy

            return (sc.define(y[y.indices], sympy.log(x[x.indices])),)

    assert sc.check_backward(lambda dout, x: dout / x, Log())


@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_columns_of_weights_behind_a_flattened_image(layout):
    """Each function flattens the images that it has, so that its columns have their order."""
    layers = [sc.Flatten(), sc.Dense(2)]
    network = sc.Network((2, 3, 2), layers, sc.HalfSquaredError(), batch=3)

    def gradients(w, b, x, target):
        rows = x.reshape(len(x), -1)
        error = (rows @ w.T + b - target) / len(x)
        return error.T @ rows, error.sum(0)

    assert sc.check_gradients(gradients, network, layout=layout)

    def turned(w, b, x, target):
        return gradients(w, b, x.transpose(0, 2, 3, 1), target)

    assert not sc.check_gradients(turned, network, layout=layout)
