"""A step by step backpropagation example (Mazur, 2015): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

from math import exp

import numpy as np


def on_floats(
    x_1, x_2, w_11, w_12, w_21, w_22, b_1, b_2, w2_11, w2_12, w2_21, w2_22, b2_1, b2_2,
    t_1, t_2
):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # z[m] = sum over q of w[m, q]*x[q]
    # z[m] = b[m]
    z_1 = b_1 + w_11*x_1 + w_12*x_2
    z_2 = b_2 + w_21*x_1 + w_22*x_2

    # a[m] = sigmoid(z[m])
    a_1 = 1/(1 + exp(-z_1)) if z_1 >= 0 else exp(z_1)/(1 + exp(z_1))
    a_2 = 1/(1 + exp(-z_2)) if z_2 >= 0 else exp(z_2)/(1 + exp(z_2))

    # gap^a[m] = sigmoid(-z[m])
    gap_a_1 = 1/(1 + exp(-(-z_1))) if (-z_1) >= 0 else exp((-z_1))/(1 + exp((-z_1)))
    gap_a_2 = 1/(1 + exp(-(-z_2))) if (-z_2) >= 0 else exp((-z_2))/(1 + exp((-z_2)))

    # z^(2)[q] = sum over m of a[m]*w^(2)[q, m]
    # z^(2)[q] = b^(2)[q]
    z2_1 = a_1*w2_11 + a_2*w2_12 + b2_1
    z2_2 = a_1*w2_21 + a_2*w2_22 + b2_2

    # a^(2)[q] = sigmoid(z^(2)[q])
    a2_1 = 1/(1 + exp(-z2_1)) if z2_1 >= 0 else exp(z2_1)/(1 + exp(z2_1))
    a2_2 = 1/(1 + exp(-z2_2)) if z2_2 >= 0 else exp(z2_2)/(1 + exp(z2_2))

    # gap^a(2)[q] = sigmoid(-z^(2)[q])
    gap_a2_1 = (
        1/(1 + exp(-(-z2_1))) if (-z2_1) >= 0 else exp((-z2_1))/(1 + exp((-z2_1)))
    )
    gap_a2_2 = (
        1/(1 + exp(-(-z2_2))) if (-z2_2) >= 0 else exp((-z2_2))/(1 + exp((-z2_2)))
    )

    # L[0] = sum over q of Piecewise((((1 - t[q]) - gap^a(2)[q])**2, t[q] >= 1), ((a^(2)[q] - t[q])**2, True))/2
    L = (
        (1/2)*(((-gap_a2_1 + (1 - t_1))**2) if (t_1 >= 1) else ((a2_1 - t_1)**2)) +
        (1/2)*(((-gap_a2_2 + (1 - t_2))**2) if (t_2 >= 1) else ((a2_2 - t_2)**2))
    )

    # Backward pass: gradients, from the loss to the input.

    # delta^a(2)[q] = Piecewise(((1 - t[q]) - gap^a(2)[q], t[q] >= 1), (a^(2)[q] - t[q], True))
    delta_a2_1 = ((-gap_a2_1 + (1 - t_1)) if (t_1 >= 1) else (a2_1 - t_1))
    delta_a2_2 = ((-gap_a2_2 + (1 - t_2)) if (t_2 >= 1) else (a2_2 - t_2))

    # delta^z(2)[q] = a^(2)[q]*delta^a(2)[q]*gap^a(2)[q]
    delta_z2_1 = a2_1*delta_a2_1*gap_a2_1
    delta_z2_2 = a2_2*delta_a2_2*gap_a2_2

    # delta^b(2)[q] = delta^z(2)[q]
    delta_b2_1 = delta_z2_1
    delta_b2_2 = delta_z2_2

    # delta^a[m] = sum over q of delta^z(2)[q]*w^(2)[q, m]
    delta_a_1 = delta_z2_1*w2_11 + delta_z2_2*w2_21
    delta_a_2 = delta_z2_1*w2_12 + delta_z2_2*w2_22

    # delta^w(2)[q, m] = a[m]*delta^z(2)[q]
    delta_w2_11 = a_1*delta_z2_1
    delta_w2_12 = a_2*delta_z2_1
    delta_w2_21 = a_1*delta_z2_2
    delta_w2_22 = a_2*delta_z2_2

    # delta^z[m] = a[m]*delta^a[m]*gap^a[m]
    delta_z_1 = a_1*delta_a_1*gap_a_1
    delta_z_2 = a_2*delta_a_2*gap_a_2

    # delta^b[m] = delta^z[m]
    delta_b_1 = delta_z_1
    delta_b_2 = delta_z_2

    # delta^x[q] = sum over m of delta^z[m]*w[m, q]
    delta_x_1 = delta_z_1*w_11 + delta_z_2*w_21
    delta_x_2 = delta_z_1*w_12 + delta_z_2*w_22

    # delta^w[m, q] = delta^z[m]*x[q]
    delta_w_11 = delta_z_1*x_1
    delta_w_12 = delta_z_1*x_2
    delta_w_21 = delta_z_2*x_1
    delta_w_22 = delta_z_2*x_2

    partials = (
        delta_x_1, delta_x_2, delta_w_11, delta_w_12, delta_w_21, delta_w_22, delta_b_1,
        delta_b_2, delta_z_1, delta_z_2, delta_a_1, delta_a_2, delta_w2_11, delta_w2_12,
        delta_w2_21, delta_w2_22, delta_b2_1, delta_b2_2, delta_z2_1, delta_z2_2,
        delta_a2_1, delta_a2_2
    )
    stages = (z_1, z_2, a_1, a_2, z2_1, z2_2, a2_1, a2_2)
    return L, partials, stages


def loss_and_gradients(x, dense1_weight, dense1_bias, dense2_weight, dense2_bias, target, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (2,)
        dense1_weight: (2, 2)
        dense1_bias: (2,)
        dense2_weight: (2, 2)
        dense2_bias: (2,)
        target: (2,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    loss, partials, stages = on_floats(
        *x.ravel().tolist(), *dense1_weight.ravel().tolist(), *dense1_bias.ravel().tolist(),
        *dense2_weight.ravel().tolist(), *dense2_bias.ravel().tolist(),
        *target.ravel().tolist()
    )

    if outputs is not None:
        outputs.update({
            'dense1': np.array(stages[0:2], float),
            'sigmoid1': np.array(stages[2:4], float),
            'dense2': np.array(stages[4:6], float),
            'sigmoid2': np.array(stages[6:8], float),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:2],
        'dense1.weight': partials[2:6].reshape(2, 2),
        'dense1.bias': partials[6:8],
        'dense1': partials[8:10],
        'sigmoid1': partials[10:12],
        'dense2.weight': partials[12:16].reshape(2, 2),
        'dense2.bias': partials[16:18],
        'dense2': partials[18:20],
        'sigmoid2': partials[20:22],
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([0.05, 0.1]).reshape((2,)),
    'dense1_weight': np.array([0.15, 0.2, 0.25, 0.3]).reshape((2, 2)),
    'dense1_bias': np.array([0.35, 0.35]).reshape((2,)),
    'dense2_weight': np.array([0.4, 0.45, 0.5, 0.55]).reshape((2, 2)),
    'dense2_bias': np.array([0.6, 0.6]).reshape((2,)),
    'target': np.array([0.01, 0.99]).reshape((2,)),
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
