"""A sigmoid neuron (CS231n, Optimization 2): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

from math import exp

import numpy as np


def on_floats(x_1, x_2, w_1, w_2, b):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # z[m] = sum over q of w[m, q]*x[q]
    # z[m] = b[m]
    z = b + w_1*x_1 + w_2*x_2

    # a[m] = sigmoid(z[m])
    a = 1/(1 + exp(-z)) if z >= 0 else exp(z)/(1 + exp(z))

    # gap^a[m] = sigmoid(-z[m])
    gap_a = 1/(1 + exp(-(-z))) if (-z) >= 0 else exp((-z))/(1 + exp((-z)))

    # L[0] = sum over m of a[m]
    L = a

    # Backward pass: gradients, from the loss to the input.

    # delta^a[m] = 1
    delta_a = 1

    # delta^z[m] = a[m]*gap^a[m]
    delta_z = a*gap_a

    # delta^b[m] = delta^z[m]
    delta_b = delta_z

    # delta^x[q] = sum over m of delta^z[m]*w[m, q]
    delta_x_1 = delta_z*w_1
    delta_x_2 = delta_z*w_2

    # delta^w[m, q] = delta^z[m]*x[q]
    delta_w_1 = delta_z*x_1
    delta_w_2 = delta_z*x_2

    partials = (delta_x_1, delta_x_2, delta_w_1, delta_w_2, delta_b, delta_z, delta_a)
    stages = (z, a)
    return L, partials, stages


def loss_and_gradients(x, dense1_weight, dense1_bias, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (2,)
        dense1_weight: (1, 2)
        dense1_bias: (1,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    loss, partials, stages = on_floats(
        *x.ravel().tolist(), *dense1_weight.ravel().tolist(), *dense1_bias.ravel().tolist()
    )

    if outputs is not None:
        outputs.update({
            'dense1': np.array(stages[0:1], float),
            'sigmoid1': np.array(stages[1:2], float),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:2],
        'dense1.weight': partials[2:4].reshape(1, 2),
        'dense1.bias': partials[4:5],
        'dense1': partials[5:6],
        'sigmoid1': partials[6:7],
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([-1.0, -2.0]).reshape((2,)),
    'dense1_weight': np.array([2.0, -3.0]).reshape((1, 2)),
    'dense1_bias': np.array([-3.0]).reshape((1,)),
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
