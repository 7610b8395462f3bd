"""CNN by hand: the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

from math import exp

import numpy as np


def on_floats(x_1, x_2, x_3, w_11, w_12, w_13, w_21, w_22, w_23, w2_1, w2_2, w2_3, t):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c]
    z_11 = w_11*x_1 + w_21*x_2
    z_12 = w_12*x_1 + w_22*x_2
    z_13 = w_13*x_1 + w_23*x_2
    z_21 = w_11*x_2 + w_21*x_3
    z_22 = w_12*x_2 + w_22*x_3
    z_23 = w_13*x_2 + w_23*x_3

    # p[r, s, k] = max over u, v of z[r + u, s + v, k]
    p_1 = z_11 if z_11 >= z_21 else z_21
    p_2 = z_12 if z_12 >= z_22 else z_22
    p_3 = z_13 if z_13 >= z_23 else z_23

    # f[k + 3*r + 3*s] = p[r, s, k]
    f_1 = p_1
    f_2 = p_2
    f_3 = p_3

    # z^(2)[m] = sum over k of f[k]*w^(2)[m, k]
    z2 = f_1*w2_1 + f_2*w2_2 + f_3*w2_3

    # a[m] = sigmoid(z^(2)[m])
    a = 1/(1 + exp(-z2)) if z2 >= 0 else exp(z2)/(1 + exp(z2))

    # gap^a[m] = sigmoid(-z^(2)[m])
    gap_a = 1/(1 + exp(-(-z2))) if (-z2) >= 0 else exp((-z2))/(1 + exp((-z2)))

    # L[0] = sum over m of Piecewise((((1 - t[m]) - gap^a[m])**2, t[m] >= 1), ((a[m] - t[m])**2, True))/2
    L = (1/2)*(((-gap_a + (1 - t))**2) if (t >= 1) else ((a - t)**2))

    # Backward pass: gradients, from the loss to the input.

    # The index of the largest entry of each window, counted from 0, by which what belongs to that
    # entry is selected below. For a window of two entries, whether the second is the largest.
    k_p_1 = z_11 < z_21
    k_p_2 = z_12 < z_22
    k_p_3 = z_13 < z_23

    # delta^a[m] = Piecewise(((1 - t[m]) - gap^a[m], t[m] >= 1), (a[m] - t[m], True))
    delta_a = ((-gap_a + (1 - t)) if (t >= 1) else (a - t))

    # delta^z(2)[m] = a[m]*delta^a[m]*gap^a[m]
    delta_z2 = a*delta_a*gap_a

    # delta^f[k] = sum over m of delta^z(2)[m]*w^(2)[m, k]
    delta_f_1 = delta_z2*w2_1
    delta_f_2 = delta_z2*w2_2
    delta_f_3 = delta_z2*w2_3

    # delta^w(2)[m, k] = delta^z(2)[m]*f[k]
    delta_w2_1 = delta_z2*f_1
    delta_w2_2 = delta_z2*f_2
    delta_w2_3 = delta_z2*f_3

    # delta^p[r, s, k] = delta^f[k + 3*r + 3*s]
    delta_p_1 = delta_f_1
    delta_p_2 = delta_f_2
    delta_p_3 = delta_f_3

    # delta^z[r + u, s + v, k] = R^p[r, s, k, u, v]*delta^p[r, s, k]
    delta_z_11 = 0 if k_p_1 else delta_p_1
    delta_z_12 = 0 if k_p_2 else delta_p_2
    delta_z_13 = 0 if k_p_3 else delta_p_3
    delta_z_21 = delta_p_1 if k_p_1 else 0
    delta_z_22 = delta_p_2 if k_p_2 else 0
    delta_z_23 = delta_p_3 if k_p_3 else 0

    # delta^x[i + u, j + v, c] = sum over k of delta^z[i, j, k]*w[u, v, c, k]
    delta_x_1 = delta_z_11*w_11 + delta_z_12*w_12 + delta_z_13*w_13
    delta_x_2 = (
        delta_p_1*(w_11 if k_p_1 else w_21) + delta_p_2*(w_12 if k_p_2 else w_22)
        + delta_p_3*(w_13 if k_p_3 else w_23)
    )
    delta_x_3 = delta_z_21*w_21 + delta_z_22*w_22 + delta_z_23*w_23

    # delta^w[u, v, c, k] = sum over i, j of delta^z[i, j, k]*x[i + u, j + v, c]
    delta_w_11 = delta_p_1*(x_2 if k_p_1 else x_1)
    delta_w_12 = delta_p_2*(x_2 if k_p_2 else x_1)
    delta_w_13 = delta_p_3*(x_2 if k_p_3 else x_1)
    delta_w_21 = delta_p_1*(x_3 if k_p_1 else x_2)
    delta_w_22 = delta_p_2*(x_3 if k_p_2 else x_2)
    delta_w_23 = delta_p_3*(x_3 if k_p_3 else x_2)

    partials = (
        delta_x_1, delta_x_2, delta_x_3, delta_w_11, delta_w_12, delta_w_13, delta_w_21,
        delta_w_22, delta_w_23, delta_z_11, delta_z_12, delta_z_13, delta_z_21, delta_z_22,
        delta_z_23, delta_p_1, delta_p_2, delta_p_3, delta_f_1, delta_f_2, delta_f_3,
        delta_w2_1, delta_w2_2, delta_w2_3, delta_z2, delta_a
    )
    stages = (z_11, z_12, z_13, z_21, z_22, z_23, p_1, p_2, p_3, f_1, f_2, f_3, z2, a)
    return L, partials, stages


def loss_and_gradients(x, conv1_weight, dense1_weight, target, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (3, 1, 1)
        conv1_weight: (2, 1, 1, 3)
        dense1_weight: (1, 3)
        target: (1,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    loss, partials, stages = on_floats(
        *x.ravel().tolist(), *conv1_weight.ravel().tolist(),
        *dense1_weight.ravel().tolist(), *target.ravel().tolist()
    )

    if outputs is not None:
        outputs.update({
            'conv1': np.array(stages[0:6], float).reshape(2, 1, 3),
            'pool1': np.array(stages[6:9], float).reshape(1, 1, 3),
            'flatten1': np.array(stages[9:12], float),
            'dense1': np.array(stages[12:13], float),
            'sigmoid1': np.array(stages[13:14], float),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:3].reshape(3, 1, 1),
        'conv1.weight': partials[3:9].reshape(2, 1, 1, 3),
        'conv1': partials[9:15].reshape(2, 1, 3),
        'pool1': partials[15:18].reshape(1, 1, 3),
        'flatten1': partials[18:21],
        'dense1.weight': partials[21:24].reshape(1, 3),
        'dense1': partials[24:25],
        'sigmoid1': partials[25:26],
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([1.0, 0.4, 0.7]).reshape((3, 1, 1)),
    'conv1_weight': np.array([0.2, 0.3, -0.1, 0.1, -0.1, 0.2]).reshape((2, 1, 1, 3)),
    'dense1_weight': np.array([0.1, 0.5, 0.6]).reshape((1, 3)),
    'target': np.array([0.8]).reshape((1,)),
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
