"""CNN by hand, with a three-way tie (Yrgo-25, lecture 13): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

import numpy as np


def on_floats(
    x_11, x_12, x_13, x_14, x_21, x_22, x_23, x_24, x_31, x_32, x_33, x_34, x_41, x_42,
    x_43, x_44, w_11, w_12, w_21, w_22, b, g_1, g_2, g_3, g_4
):
    """Return the loss, all gradients and all outputs: floats in, floats out.

    Gradients and outputs are a tuple of numbers each, in the order in which the function
    below cuts them into arrays.
    """

    # Forward pass.

    # z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u - 1, j + v - 1, c], where 0 <= i + u - 1 < 4, 0 <= j + v - 1 < 4
    # z[i, j, k] = b[k]
    z_11 = b + w_22*x_11
    z_12 = b + w_21*x_11 + w_22*x_12
    z_13 = b + w_21*x_12 + w_22*x_13
    z_14 = b + w_21*x_13 + w_22*x_14
    z_21 = b + w_12*x_11 + w_22*x_21
    z_22 = b + w_11*x_11 + w_12*x_12 + w_21*x_21 + w_22*x_22
    z_23 = b + w_11*x_12 + w_12*x_13 + w_21*x_22 + w_22*x_23
    z_24 = b + w_11*x_13 + w_12*x_14 + w_21*x_23 + w_22*x_24
    z_31 = b + w_12*x_21 + w_22*x_31
    z_32 = b + w_11*x_21 + w_12*x_22 + w_21*x_31 + w_22*x_32
    z_33 = b + w_11*x_22 + w_12*x_23 + w_21*x_32 + w_22*x_33
    z_34 = b + w_11*x_23 + w_12*x_24 + w_21*x_33 + w_22*x_34
    z_41 = b + w_12*x_31 + w_22*x_41
    z_42 = b + w_11*x_31 + w_12*x_32 + w_21*x_41 + w_22*x_42
    z_43 = b + w_11*x_32 + w_12*x_33 + w_21*x_42 + w_22*x_43
    z_44 = b + w_11*x_33 + w_12*x_34 + w_21*x_43 + w_22*x_44

    # a[i, j, k] = relu(z[i, j, k])
    a_11 = max(z_11, 0)
    a_12 = max(z_12, 0)
    a_13 = max(z_13, 0)
    a_14 = max(z_14, 0)
    a_21 = max(z_21, 0)
    a_22 = max(z_22, 0)
    a_23 = max(z_23, 0)
    a_24 = max(z_24, 0)
    a_31 = max(z_31, 0)
    a_32 = max(z_32, 0)
    a_33 = max(z_33, 0)
    a_34 = max(z_34, 0)
    a_41 = max(z_41, 0)
    a_42 = max(z_42, 0)
    a_43 = max(z_43, 0)
    a_44 = max(z_44, 0)

    # p[r, s, k] = max over u, v of a[2*r + u, 2*s + v, k]
    p_11 = max(max(max(a_11, a_12), a_21), a_22)
    p_12 = max(max(max(a_13, a_14), a_23), a_24)
    p_21 = max(max(max(a_31, a_32), a_41), a_42)
    p_22 = max(max(max(a_33, a_34), a_43), a_44)

    # f[k + 2*r + s] = p[r, s, k]
    f_1 = p_11
    f_2 = p_12
    f_3 = p_21
    f_4 = p_22

    # L[0] = sum over m of f[m]*g[m]
    L = f_1*g_1 + f_2*g_2 + f_3*g_3 + f_4*g_4

    # Backward pass: gradients, from the loss to the input.

    # The index of the largest entry of each window, counted from 0, by which what belongs to that
    # entry is selected below. For a window of two entries, whether the second is the largest.
    k_p_11 = (a_11, a_12, a_21, a_22).index(p_11)
    k_p_12 = (a_13, a_14, a_23, a_24).index(p_12)
    k_p_21 = (a_31, a_32, a_41, a_42).index(p_21)
    k_p_22 = (a_33, a_34, a_43, a_44).index(p_22)

    # delta^f[m] = g[m]
    delta_f_1 = g_1
    delta_f_2 = g_2
    delta_f_3 = g_3
    delta_f_4 = g_4

    # delta^p[r, s, k] = delta^f[k + 2*r + s]
    delta_p_11 = delta_f_1
    delta_p_12 = delta_f_2
    delta_p_21 = delta_f_3
    delta_p_22 = delta_f_4

    # delta^a[2*r + u, 2*s + v, k] = R^p[r, s, k, u, v]*delta^p[r, s, k]
    delta_a_11 = (delta_p_11, 0, 0, 0)[k_p_11]
    delta_a_12 = (0, delta_p_11, 0, 0)[k_p_11]
    delta_a_13 = (delta_p_12, 0, 0, 0)[k_p_12]
    delta_a_14 = (0, delta_p_12, 0, 0)[k_p_12]
    delta_a_21 = (0, 0, delta_p_11, 0)[k_p_11]
    delta_a_22 = (0, 0, 0, delta_p_11)[k_p_11]
    delta_a_23 = (0, 0, delta_p_12, 0)[k_p_12]
    delta_a_24 = (0, 0, 0, delta_p_12)[k_p_12]
    delta_a_31 = (delta_p_21, 0, 0, 0)[k_p_21]
    delta_a_32 = (0, delta_p_21, 0, 0)[k_p_21]
    delta_a_33 = (delta_p_22, 0, 0, 0)[k_p_22]
    delta_a_34 = (0, delta_p_22, 0, 0)[k_p_22]
    delta_a_41 = (0, 0, delta_p_21, 0)[k_p_21]
    delta_a_42 = (0, 0, 0, delta_p_21)[k_p_21]
    delta_a_43 = (0, 0, delta_p_22, 0)[k_p_22]
    delta_a_44 = (0, 0, 0, delta_p_22)[k_p_22]

    # delta^z[i, j, k] = Iverson(z[i, j, k] > 0)*delta^a[i, j, k]
    delta_z_11 = delta_a_11*(1 if (z_11 > 0) else 0)
    delta_z_12 = delta_a_12*(1 if (z_12 > 0) else 0)
    delta_z_13 = delta_a_13*(1 if (z_13 > 0) else 0)
    delta_z_14 = delta_a_14*(1 if (z_14 > 0) else 0)
    delta_z_21 = delta_a_21*(1 if (z_21 > 0) else 0)
    delta_z_22 = delta_a_22*(1 if (z_22 > 0) else 0)
    delta_z_23 = delta_a_23*(1 if (z_23 > 0) else 0)
    delta_z_24 = delta_a_24*(1 if (z_24 > 0) else 0)
    delta_z_31 = delta_a_31*(1 if (z_31 > 0) else 0)
    delta_z_32 = delta_a_32*(1 if (z_32 > 0) else 0)
    delta_z_33 = delta_a_33*(1 if (z_33 > 0) else 0)
    delta_z_34 = delta_a_34*(1 if (z_34 > 0) else 0)
    delta_z_41 = delta_a_41*(1 if (z_41 > 0) else 0)
    delta_z_42 = delta_a_42*(1 if (z_42 > 0) else 0)
    delta_z_43 = delta_a_43*(1 if (z_43 > 0) else 0)
    delta_z_44 = delta_a_44*(1 if (z_44 > 0) else 0)

    # delta^b[k] = sum over i, j of delta^z[i, j, k]
    delta_b = (
        delta_z_11 + delta_z_12 + delta_z_13 + delta_z_14 + delta_z_21 + delta_z_22
        + delta_z_23 + delta_z_24 + delta_z_31 + delta_z_32 + delta_z_33 + delta_z_34
        + delta_z_41 + delta_z_42 + delta_z_43 + delta_z_44
    )

    # delta^x[i + u - 1, j + v - 1, c] = sum over k of delta^z[i, j, k]*w[u, v, c, k], where 0 <= i + u - 1 < 4, 0 <= j + v - 1 < 4
    delta_x_11 = delta_z_11*w_22 + delta_z_12*w_21 + delta_z_21*w_12 + delta_z_22*w_11
    delta_x_12 = delta_z_12*w_22 + delta_z_13*w_21 + delta_z_22*w_12 + delta_z_23*w_11
    delta_x_13 = delta_z_13*w_22 + delta_z_14*w_21 + delta_z_23*w_12 + delta_z_24*w_11
    delta_x_14 = delta_z_14*w_22 + delta_z_24*w_12
    delta_x_21 = delta_z_21*w_22 + delta_z_22*w_21 + delta_z_31*w_12 + delta_z_32*w_11
    delta_x_22 = delta_z_22*w_22 + delta_z_23*w_21 + delta_z_32*w_12 + delta_z_33*w_11
    delta_x_23 = delta_z_23*w_22 + delta_z_24*w_21 + delta_z_33*w_12 + delta_z_34*w_11
    delta_x_24 = delta_z_24*w_22 + delta_z_34*w_12
    delta_x_31 = delta_z_31*w_22 + delta_z_32*w_21 + delta_z_41*w_12 + delta_z_42*w_11
    delta_x_32 = delta_z_32*w_22 + delta_z_33*w_21 + delta_z_42*w_12 + delta_z_43*w_11
    delta_x_33 = delta_z_33*w_22 + delta_z_34*w_21 + delta_z_43*w_12 + delta_z_44*w_11
    delta_x_34 = delta_z_34*w_22 + delta_z_44*w_12
    delta_x_41 = delta_z_41*w_22 + delta_z_42*w_21
    delta_x_42 = delta_z_42*w_22 + delta_z_43*w_21
    delta_x_43 = delta_z_43*w_22 + delta_z_44*w_21
    delta_x_44 = delta_z_44*w_22

    # delta^w[u, v, c, k] = sum over i, j of delta^z[i, j, k]*x[i + u - 1, j + v - 1, c], where 0 <= i + u - 1 < 4, 0 <= j + v - 1 < 4
    delta_w_11 = (
        delta_z_22*x_11 + delta_z_23*x_12 + delta_z_24*x_13 + delta_z_32*x_21
        + delta_z_33*x_22 + delta_z_34*x_23 + delta_z_42*x_31 + delta_z_43*x_32
        + delta_z_44*x_33
    )
    delta_w_12 = (
        delta_z_21*x_11 + delta_z_22*x_12 + delta_z_23*x_13 + delta_z_24*x_14
        + delta_z_31*x_21 + delta_z_32*x_22 + delta_z_33*x_23 + delta_z_34*x_24
        + delta_z_41*x_31 + delta_z_42*x_32 + delta_z_43*x_33 + delta_z_44*x_34
    )
    delta_w_21 = (
        delta_z_12*x_11 + delta_z_13*x_12 + delta_z_14*x_13 + delta_z_22*x_21
        + delta_z_23*x_22 + delta_z_24*x_23 + delta_z_32*x_31 + delta_z_33*x_32
        + delta_z_34*x_33 + delta_z_42*x_41 + delta_z_43*x_42 + delta_z_44*x_43
    )
    delta_w_22 = (
        delta_z_11*x_11 + delta_z_12*x_12 + delta_z_13*x_13 + delta_z_14*x_14
        + delta_z_21*x_21 + delta_z_22*x_22 + delta_z_23*x_23 + delta_z_24*x_24
        + delta_z_31*x_31 + delta_z_32*x_32 + delta_z_33*x_33 + delta_z_34*x_34
        + delta_z_41*x_41 + delta_z_42*x_42 + delta_z_43*x_43 + delta_z_44*x_44
    )

    partials = (
        delta_x_11, delta_x_12, delta_x_13, delta_x_14, delta_x_21, delta_x_22, delta_x_23,
        delta_x_24, delta_x_31, delta_x_32, delta_x_33, delta_x_34, delta_x_41, delta_x_42,
        delta_x_43, delta_x_44, delta_w_11, delta_w_12, delta_w_21, delta_w_22, delta_b,
        delta_z_11, delta_z_12, delta_z_13, delta_z_14, delta_z_21, delta_z_22, delta_z_23,
        delta_z_24, delta_z_31, delta_z_32, delta_z_33, delta_z_34, delta_z_41, delta_z_42,
        delta_z_43, delta_z_44, delta_a_11, delta_a_12, delta_a_13, delta_a_14, delta_a_21,
        delta_a_22, delta_a_23, delta_a_24, delta_a_31, delta_a_32, delta_a_33, delta_a_34,
        delta_a_41, delta_a_42, delta_a_43, delta_a_44, delta_p_11, delta_p_12, delta_p_21,
        delta_p_22, delta_f_1, delta_f_2, delta_f_3, delta_f_4
    )
    stages = (
        z_11, z_12, z_13, z_14, z_21, z_22, z_23, z_24, z_31, z_32, z_33, z_34, z_41, z_42,
        z_43, z_44, a_11, a_12, a_13, a_14, a_21, a_22, a_23, a_24, a_31, a_32, a_33, a_34,
        a_41, a_42, a_43, a_44, p_11, p_12, p_21, p_22, f_1, f_2, f_3, f_4
    )
    return L, partials, stages


def loss_and_gradients(x, conv1_weight, conv1_bias, gradient, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (4, 4, 1)
        conv1_weight: (2, 2, 1, 1)
        conv1_bias: (1,)
        gradient: (4,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    loss, partials, stages = on_floats(
        *x.ravel().tolist(), *conv1_weight.ravel().tolist(), *conv1_bias.ravel().tolist(),
        *gradient.ravel().tolist()
    )

    if outputs is not None:
        outputs.update({
            'conv1': np.array(stages[0:16], float).reshape(4, 4, 1),
            'relu1': np.array(stages[16:32], float).reshape(4, 4, 1),
            'pool1': np.array(stages[32:36], float).reshape(2, 2, 1),
            'flatten1': np.array(stages[36:40], float),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:16].reshape(4, 4, 1),
        'conv1.weight': partials[16:20].reshape(2, 2, 1, 1),
        'conv1.bias': partials[20:21],
        'conv1': partials[21:37].reshape(4, 4, 1),
        'relu1': partials[37:53].reshape(4, 4, 1),
        'pool1': partials[53:57].reshape(2, 2, 1),
        'flatten1': partials[57:61],
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0,
    1.0]).reshape((4, 4, 1)),
    'conv1_weight': np.array([0.2, 0.4, 0.6, 0.8]).reshape((2, 2, 1, 1)),
    'conv1_bias': np.array([0.5]).reshape((1,)),
    'gradient': np.array([10.0, 20.0, 30.0, 40.0]).reshape((4,)),
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
