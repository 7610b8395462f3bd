"""Backpropagation in a CNN (Data Science Stack Exchange 27506): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

from math import exp

import numpy as np


def on_floats(x_11, x_12, x_21, x_22, w_11, w_12, w_13, w_14, w_21, w_22, w_23, w_24, g_1, g_2):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # a[i, j, c] = sigmoid(x[i, j, c])
    a_11 = 1/(1 + exp(-x_11)) if x_11 >= 0 else exp(x_11)/(1 + exp(x_11))
    a_12 = 1/(1 + exp(-x_12)) if x_12 >= 0 else exp(x_12)/(1 + exp(x_12))
    a_21 = 1/(1 + exp(-x_21)) if x_21 >= 0 else exp(x_21)/(1 + exp(x_21))
    a_22 = 1/(1 + exp(-x_22)) if x_22 >= 0 else exp(x_22)/(1 + exp(x_22))

    # gap^a[i, j, c] = sigmoid(-x[i, j, c])
    gap_a_11 = (
        1/(1 + exp(-(-x_11))) if (-x_11) >= 0 else exp((-x_11))/(1 + exp((-x_11)))
    )
    gap_a_12 = (
        1/(1 + exp(-(-x_12))) if (-x_12) >= 0 else exp((-x_12))/(1 + exp((-x_12)))
    )
    gap_a_21 = (
        1/(1 + exp(-(-x_21))) if (-x_21) >= 0 else exp((-x_21))/(1 + exp((-x_21)))
    )
    gap_a_22 = (
        1/(1 + exp(-(-x_22))) if (-x_22) >= 0 else exp((-x_22))/(1 + exp((-x_22)))
    )

    # f[c + 2*i + j] = a[i, j, c]
    f_1 = a_11
    f_2 = a_12
    f_3 = a_21
    f_4 = a_22

    # z[q] = sum over m of f[m]*w[q, m]
    z_1 = f_1*w_11 + f_2*w_12 + f_3*w_13 + f_4*w_14
    z_2 = f_1*w_21 + f_2*w_22 + f_3*w_23 + f_4*w_24

    # L[0] = sum over q of g[q]*z[q]
    L = g_1*z_1 + g_2*z_2

    # Backward pass: gradients, from the loss to the input.

    # delta^z[q] = g[q]
    delta_z_1 = g_1
    delta_z_2 = g_2

    # delta^f[m] = sum over q of delta^z[q]*w[q, m]
    delta_f_1 = delta_z_1*w_11 + delta_z_2*w_21
    delta_f_2 = delta_z_1*w_12 + delta_z_2*w_22
    delta_f_3 = delta_z_1*w_13 + delta_z_2*w_23
    delta_f_4 = delta_z_1*w_14 + delta_z_2*w_24

    # delta^w[q, m] = delta^z[q]*f[m]
    delta_w_11 = delta_z_1*f_1
    delta_w_12 = delta_z_1*f_2
    delta_w_13 = delta_z_1*f_3
    delta_w_14 = delta_z_1*f_4
    delta_w_21 = delta_z_2*f_1
    delta_w_22 = delta_z_2*f_2
    delta_w_23 = delta_z_2*f_3
    delta_w_24 = delta_z_2*f_4

    # delta^a[i, j, c] = delta^f[c + 2*i + j]
    delta_a_11 = delta_f_1
    delta_a_12 = delta_f_2
    delta_a_21 = delta_f_3
    delta_a_22 = delta_f_4

    # delta^x[i, j, c] = a[i, j, c]*delta^f[c + 2*i + j]*gap^a[i, j, c]
    delta_x_11 = a_11*delta_f_1*gap_a_11
    delta_x_12 = a_12*delta_f_2*gap_a_12
    delta_x_21 = a_21*delta_f_3*gap_a_21
    delta_x_22 = a_22*delta_f_4*gap_a_22

    partials = (
        delta_x_11, delta_x_12, delta_x_21, delta_x_22, delta_a_11, delta_a_12, delta_a_21,
        delta_a_22, delta_f_1, delta_f_2, delta_f_3, delta_f_4, delta_w_11, delta_w_12,
        delta_w_13, delta_w_14, delta_w_21, delta_w_22, delta_w_23, delta_w_24, delta_z_1,
        delta_z_2
    )
    stages = (a_11, a_12, a_21, a_22, f_1, f_2, f_3, f_4, z_1, z_2)
    return L, partials, stages


def loss_and_gradients(x, dense1_weight, gradient, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (2, 2, 1)
        dense1_weight: (2, 4)
        gradient: (2,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    loss, partials, stages = on_floats(
        *x.ravel().tolist(), *dense1_weight.ravel().tolist(), *gradient.ravel().tolist()
    )

    if outputs is not None:
        outputs.update({
            'sigmoid1': np.array(stages[0:4], float).reshape(2, 2, 1),
            'flatten1': np.array(stages[4:8], float),
            'dense1': np.array(stages[8:10], float),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:4].reshape(2, 2, 1),
        'sigmoid1': partials[4:8].reshape(2, 2, 1),
        'flatten1': partials[8:12],
        'dense1.weight': partials[12:20].reshape(2, 4),
        'dense1': partials[20:22],
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([0.322773392263051, 0.28185115214098766, 0.6190392084062236,
    0.20067069546215124]).reshape((2, 2, 1)),
    'dense1_weight': np.array([0.61, 0.82, 0.96, -1.0, 0.02, -0.5, 0.23, 0.17]).reshape((2, 4)),
    'gradient': np.array([0.25, -0.15]).reshape((2,)),
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
