"""Kernel gradient of a sum (tensorflow_macos, issue 230): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

import numpy as np


def on_floats(
    x_111, x_112, x_121, x_122, x_131, x_132, x_211, x_212, x_221, x_222, x_231, x_232,
    x_311, x_312, x_321, x_322, x_331, x_332, w_111, w_112, w_121, w_122, w_211, w_212,
    w_221, w_222
):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c]
    z_11 = (
        w_111*x_111 + w_112*x_112 + w_121*x_121 + w_122*x_122 + w_211*x_211 + w_212*x_212
        + w_221*x_221 + w_222*x_222
    )
    z_12 = (
        w_111*x_121 + w_112*x_122 + w_121*x_131 + w_122*x_132 + w_211*x_221 + w_212*x_222
        + w_221*x_231 + w_222*x_232
    )
    z_21 = (
        w_111*x_211 + w_112*x_212 + w_121*x_221 + w_122*x_222 + w_211*x_311 + w_212*x_312
        + w_221*x_321 + w_222*x_322
    )
    z_22 = (
        w_111*x_221 + w_112*x_222 + w_121*x_231 + w_122*x_232 + w_211*x_321 + w_212*x_322
        + w_221*x_331 + w_222*x_332
    )

    # L[0] = sum over i, j, k of z[i, j, k]
    L = z_11 + z_12 + z_21 + z_22

    # Backward pass: gradients, from the loss to the input.

    # delta^z[i, j, k] = 1
    delta_z_11 = 1
    delta_z_12 = 1
    delta_z_21 = 1
    delta_z_22 = 1

    # delta^x[i + u, j + v, c] = sum over k of w[u, v, c, k]
    delta_x_111 = w_111
    delta_x_112 = w_112
    delta_x_121 = w_111 + w_121
    delta_x_122 = w_112 + w_122
    delta_x_131 = w_121
    delta_x_132 = w_122
    delta_x_211 = w_111 + w_211
    delta_x_212 = w_112 + w_212
    delta_x_221 = w_111 + w_121 + w_211 + w_221
    delta_x_222 = w_112 + w_122 + w_212 + w_222
    delta_x_231 = w_121 + w_221
    delta_x_232 = w_122 + w_222
    delta_x_311 = w_211
    delta_x_312 = w_212
    delta_x_321 = w_211 + w_221
    delta_x_322 = w_212 + w_222
    delta_x_331 = w_221
    delta_x_332 = w_222

    # delta^w[u, v, c, k] = sum over i, j of x[i + u, j + v, c]
    delta_w_111 = x_111 + x_121 + x_211 + x_221
    delta_w_112 = x_112 + x_122 + x_212 + x_222
    delta_w_121 = x_121 + x_131 + x_221 + x_231
    delta_w_122 = x_122 + x_132 + x_222 + x_232
    delta_w_211 = x_211 + x_221 + x_311 + x_321
    delta_w_212 = x_212 + x_222 + x_312 + x_322
    delta_w_221 = x_221 + x_231 + x_321 + x_331
    delta_w_222 = x_222 + x_232 + x_322 + x_332

    partials = (
        delta_x_111, delta_x_112, delta_x_121, delta_x_122, delta_x_131, delta_x_132,
        delta_x_211, delta_x_212, delta_x_221, delta_x_222, delta_x_231, delta_x_232,
        delta_x_311, delta_x_312, delta_x_321, delta_x_322, delta_x_331, delta_x_332,
        delta_w_111, delta_w_112, delta_w_121, delta_w_122, delta_w_211, delta_w_212,
        delta_w_221, delta_w_222, delta_z_11, delta_z_12, delta_z_21, delta_z_22
    )
    stages = (z_11, z_12, z_21, z_22)
    return L, partials, stages


def loss_and_gradients(x, conv1_weight, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (3, 3, 2)
        conv1_weight: (2, 2, 2, 1)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    loss, partials, stages = on_floats(
        *x.ravel().tolist(), *conv1_weight.ravel().tolist()
    )

    if outputs is not None:
        outputs.update({
            'conv1': np.array(stages[0:4], float).reshape(2, 2, 1),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:18].reshape(3, 3, 2),
        'conv1.weight': partials[18:26].reshape(2, 2, 2, 1),
        'conv1': partials[26:30].reshape(2, 2, 1),
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0,
    14.0, 15.0, 16.0, 17.0]).reshape((3, 3, 2)),
    'conv1_weight': np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).reshape((2, 2, 2, 1)),
}


if __name__ == "__main__":
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            loss, gradients = loss_and_gradients(**VALUES)
    except ArithmeticError as error:
        what = error.args[-1]
        raise SystemExit(f"There is no finite result at these numbers: {what}.") from None
    for name, numbers in {"loss": loss, **gradients}.items():
        if not np.isfinite(numbers).all():
            what = name if name == "loss" else f"dL/d{name}"
            raise SystemExit(f"There is no finite result at these numbers: {what} is not finite.")
    print("loss", loss)
    for name, gradient in gradients.items():
        print("dL/d", name, sep="")
        print(gradient)
