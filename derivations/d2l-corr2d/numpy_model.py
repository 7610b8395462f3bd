"""Cross-correlation of a 3×3 input (Dive into Deep Learning): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

import numpy as np


def on_floats(x_11, x_12, x_13, x_21, x_22, x_23, x_31, x_32, x_33, w_11, w_12, w_21, w_22):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c]
    z_11 = w_11*x_11 + w_12*x_12 + w_21*x_21 + w_22*x_22
    z_12 = w_11*x_12 + w_12*x_13 + w_21*x_22 + w_22*x_23
    z_21 = w_11*x_21 + w_12*x_22 + w_21*x_31 + w_22*x_32
    z_22 = w_11*x_22 + w_12*x_23 + w_21*x_32 + w_22*x_33

    # L[0] = sum over i, j, k of z[i, j, k]
    L = z_11 + z_12 + z_21 + z_22

    # Backward pass: gradients, from the loss to the input.

    # delta^z[i, j, k] = 1
    delta_z_11 = 1
    delta_z_12 = 1
    delta_z_21 = 1
    delta_z_22 = 1

    # delta^x[i + u, j + v, c] = sum over k of w[u, v, c, k]
    delta_x_11 = w_11
    delta_x_12 = w_11 + w_12
    delta_x_13 = w_12
    delta_x_21 = w_11 + w_21
    delta_x_22 = w_11 + w_12 + w_21 + w_22
    delta_x_23 = w_12 + w_22
    delta_x_31 = w_21
    delta_x_32 = w_21 + w_22
    delta_x_33 = w_22

    # delta^w[u, v, c, k] = sum over i, j of x[i + u, j + v, c]
    delta_w_11 = x_11 + x_12 + x_21 + x_22
    delta_w_12 = x_12 + x_13 + x_22 + x_23
    delta_w_21 = x_21 + x_22 + x_31 + x_32
    delta_w_22 = x_22 + x_23 + x_32 + x_33

    partials = (
        delta_x_11, delta_x_12, delta_x_13, delta_x_21, delta_x_22, delta_x_23, delta_x_31,
        delta_x_32, delta_x_33, delta_w_11, delta_w_12, delta_w_21, delta_w_22, delta_z_11,
        delta_z_12, delta_z_21, delta_z_22
    )
    stages = (z_11, z_12, z_21, z_22)
    return L, partials, stages


def loss_and_gradients(x, conv1_weight, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (3, 3, 1)
        conv1_weight: (2, 2, 1, 1)

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
        'x': partials[0:9].reshape(3, 3, 1),
        'conv1.weight': partials[9:13].reshape(2, 2, 1, 1),
        'conv1': partials[13:17].reshape(2, 2, 1),
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]).reshape((3, 3, 1)),
    'conv1_weight': np.array([0.0, 1.0, 2.0, 3.0]).reshape((2, 2, 1, 1)),
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
