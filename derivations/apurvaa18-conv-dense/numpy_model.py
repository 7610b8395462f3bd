"""A 4×4 image, a convolution and a sigmoid neuron (apurvaa18): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

from math import exp

import numpy as np


def on_floats(
    x_11, x_12, x_13, x_14, x_21, x_22, x_23, x_24, x_31, x_32, x_33, x_34, x_41, x_42,
    x_43, x_44, w_11, w_12, w_13, w_21, w_22, w_23, w_31, w_32, w_33, w2_1, w2_2, w2_3,
    w2_4, b, t
):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c]
    z_11 = (
        w_11*x_11 + w_12*x_12 + w_13*x_13 + w_21*x_21 + w_22*x_22 + w_23*x_23 + w_31*x_31
        + w_32*x_32 + w_33*x_33
    )
    z_12 = (
        w_11*x_12 + w_12*x_13 + w_13*x_14 + w_21*x_22 + w_22*x_23 + w_23*x_24 + w_31*x_32
        + w_32*x_33 + w_33*x_34
    )
    z_21 = (
        w_11*x_21 + w_12*x_22 + w_13*x_23 + w_21*x_31 + w_22*x_32 + w_23*x_33 + w_31*x_41
        + w_32*x_42 + w_33*x_43
    )
    z_22 = (
        w_11*x_22 + w_12*x_23 + w_13*x_24 + w_21*x_32 + w_22*x_33 + w_23*x_34 + w_31*x_42
        + w_32*x_43 + w_33*x_44
    )

    # f[2*i + j + k] = z[i, j, k]
    f_1 = z_11
    f_2 = z_12
    f_3 = z_21
    f_4 = z_22

    # z^(2)[q] = sum over m of f[m]*w^(2)[q, m]
    # z^(2)[q] = b[q]
    z2 = b + f_1*w2_1 + f_2*w2_2 + f_3*w2_3 + f_4*w2_4

    # a[q] = sigmoid(z^(2)[q])
    a = 1/(1 + exp(-z2)) if z2 >= 0 else exp(z2)/(1 + exp(z2))

    # gap^a[q] = sigmoid(-z^(2)[q])
    gap_a = 1/(1 + exp(-(-z2))) if (-z2) >= 0 else exp((-z2))/(1 + exp((-z2)))

    # L[0] = sum over q of Piecewise((((1 - t[q]) - gap^a[q])**2, t[q] >= 1), ((a[q] - t[q])**2, True))/2
    L = (1/2)*(((-gap_a + (1 - t))**2) if (t >= 1) else ((a - t)**2))

    # Backward pass: gradients, from the loss to the input.

    # delta^a[q] = Piecewise(((1 - t[q]) - gap^a[q], t[q] >= 1), (a[q] - t[q], True))
    delta_a = ((-gap_a + (1 - t)) if (t >= 1) else (a - t))

    # delta^z(2)[q] = a[q]*delta^a[q]*gap^a[q]
    delta_z2 = a*delta_a*gap_a

    # delta^b[q] = delta^z(2)[q]
    delta_b = delta_z2

    # delta^f[m] = sum over q of delta^z(2)[q]*w^(2)[q, m]
    delta_f_1 = delta_z2*w2_1
    delta_f_2 = delta_z2*w2_2
    delta_f_3 = delta_z2*w2_3
    delta_f_4 = delta_z2*w2_4

    # delta^w(2)[q, m] = delta^z(2)[q]*f[m]
    delta_w2_1 = delta_z2*f_1
    delta_w2_2 = delta_z2*f_2
    delta_w2_3 = delta_z2*f_3
    delta_w2_4 = delta_z2*f_4

    # delta^z[i, j, k] = delta^f[2*i + j + k]
    delta_z_11 = delta_f_1
    delta_z_12 = delta_f_2
    delta_z_21 = delta_f_3
    delta_z_22 = delta_f_4

    # delta^x[i + u, j + v, c] = sum over k of delta^z[i, j, k]*w[u, v, c, k]
    delta_x_11 = delta_z_11*w_11
    delta_x_12 = delta_z_11*w_12 + delta_z_12*w_11
    delta_x_13 = delta_z_11*w_13 + delta_z_12*w_12
    delta_x_14 = delta_z_12*w_13
    delta_x_21 = delta_z_11*w_21 + delta_z_21*w_11
    delta_x_22 = delta_z_11*w_22 + delta_z_12*w_21 + delta_z_21*w_12 + delta_z_22*w_11
    delta_x_23 = delta_z_11*w_23 + delta_z_12*w_22 + delta_z_21*w_13 + delta_z_22*w_12
    delta_x_24 = delta_z_12*w_23 + delta_z_22*w_13
    delta_x_31 = delta_z_11*w_31 + delta_z_21*w_21
    delta_x_32 = delta_z_11*w_32 + delta_z_12*w_31 + delta_z_21*w_22 + delta_z_22*w_21
    delta_x_33 = delta_z_11*w_33 + delta_z_12*w_32 + delta_z_21*w_23 + delta_z_22*w_22
    delta_x_34 = delta_z_12*w_33 + delta_z_22*w_23
    delta_x_41 = delta_z_21*w_31
    delta_x_42 = delta_z_21*w_32 + delta_z_22*w_31
    delta_x_43 = delta_z_21*w_33 + delta_z_22*w_32
    delta_x_44 = delta_z_22*w_33

    # delta^w[u, v, c, k] = sum over i, j of delta^z[i, j, k]*x[i + u, j + v, c]
    delta_w_11 = delta_z_11*x_11 + delta_z_12*x_12 + delta_z_21*x_21 + delta_z_22*x_22
    delta_w_12 = delta_z_11*x_12 + delta_z_12*x_13 + delta_z_21*x_22 + delta_z_22*x_23
    delta_w_13 = delta_z_11*x_13 + delta_z_12*x_14 + delta_z_21*x_23 + delta_z_22*x_24
    delta_w_21 = delta_z_11*x_21 + delta_z_12*x_22 + delta_z_21*x_31 + delta_z_22*x_32
    delta_w_22 = delta_z_11*x_22 + delta_z_12*x_23 + delta_z_21*x_32 + delta_z_22*x_33
    delta_w_23 = delta_z_11*x_23 + delta_z_12*x_24 + delta_z_21*x_33 + delta_z_22*x_34
    delta_w_31 = delta_z_11*x_31 + delta_z_12*x_32 + delta_z_21*x_41 + delta_z_22*x_42
    delta_w_32 = delta_z_11*x_32 + delta_z_12*x_33 + delta_z_21*x_42 + delta_z_22*x_43
    delta_w_33 = delta_z_11*x_33 + delta_z_12*x_34 + delta_z_21*x_43 + delta_z_22*x_44

    partials = (
        delta_x_11, delta_x_12, delta_x_13, delta_x_14, delta_x_21, delta_x_22, delta_x_23,
        delta_x_24, delta_x_31, delta_x_32, delta_x_33, delta_x_34, delta_x_41, delta_x_42,
        delta_x_43, delta_x_44, delta_w_11, delta_w_12, delta_w_13, delta_w_21, delta_w_22,
        delta_w_23, delta_w_31, delta_w_32, delta_w_33, delta_z_11, delta_z_12, delta_z_21,
        delta_z_22, delta_f_1, delta_f_2, delta_f_3, delta_f_4, delta_w2_1, delta_w2_2,
        delta_w2_3, delta_w2_4, delta_b, delta_z2, delta_a
    )
    stages = (z_11, z_12, z_21, z_22, f_1, f_2, f_3, f_4, z2, a)
    return L, partials, stages


def loss_and_gradients(x, conv1_weight, dense1_weight, dense1_bias, target, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (4, 4, 1)
        conv1_weight: (3, 3, 1, 1)
        dense1_weight: (1, 4)
        dense1_bias: (1,)
        target: (1,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    loss, partials, stages = on_floats(
        *x.ravel().tolist(), *conv1_weight.ravel().tolist(),
        *dense1_weight.ravel().tolist(), *dense1_bias.ravel().tolist(),
        *target.ravel().tolist()
    )

    if outputs is not None:
        outputs.update({
            'conv1': np.array(stages[0:4], float).reshape(2, 2, 1),
            'flatten1': np.array(stages[4:8], float),
            'dense1': np.array(stages[8:9], float),
            'sigmoid1': np.array(stages[9:10], float),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:16].reshape(4, 4, 1),
        'conv1.weight': partials[16:25].reshape(3, 3, 1, 1),
        'conv1': partials[25:29].reshape(2, 2, 1),
        'flatten1': partials[29:33],
        'dense1.weight': partials[33:37].reshape(1, 4),
        'dense1.bias': partials[37:38],
        'dense1': partials[38:39],
        'sigmoid1': partials[39:40],
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([1.0, 0.0, 2.0, 3.0, 4.0, 6.0, 6.0, 8.0, 3.0, 1.0, 1.0, 0.0, 1.0, 2.0, 2.0,
    4.0]).reshape((4, 4, 1)),
    'conv1_weight': np.array([1.0, 0.0, -1.0, 1.0, -1.0, 0.0, 1.0, 0.0, -1.0]).reshape((3, 3, 1, 1)),
    'dense1_weight': np.array([0.4, 0.2, 0.3, 0.6]).reshape((1, 4)),
    'dense1_bias': np.array([0.1]).reshape((1,)),
    'target': np.array([5.0]).reshape((1,)),
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
