"""Two layers with a dead unit and softmax (g-eoj): the loss and its gradients.

It requires only NumPy. Each equation is a comment above the statements that compute it.
"""

import numpy as np


def on_floats(
    x_1, x_2, w_11, w_12, w_21, w_22, b_1, b_2, w2_11, w2_12, w2_21, w2_22, w2_31,
    w2_32, b2_1, b2_2, b2_3, t_1, t_2, t_3
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

    # a[m] = relu(z[m])
    a_1 = max(z_1, 0)
    a_2 = max(z_2, 0)

    # z^(2)[q] = sum over m of a[m]*w^(2)[q, m]
    # z^(2)[q] = b^(2)[q]
    z2_1 = a_1*w2_11 + a_2*w2_12 + b2_1
    z2_2 = a_1*w2_21 + a_2*w2_22 + b2_2
    z2_3 = a_1*w2_31 + a_2*w2_32 + b2_3

    # max^ell[0] = max over q of z^(2)[q]
    max_ell = max(max(z2_1, z2_2), z2_3)

    # shifted^ell[q] = -max^ell[0] + z^(2)[q]
    shifted_ell_1 = -max_ell + z2_1
    shifted_ell_2 = -max_ell + z2_2
    shifted_ell_3 = -max_ell + z2_3

    # power^ell[q] = exp(shifted^ell[q])
    power_ell_1 = float(np.exp(shifted_ell_1))
    power_ell_2 = float(np.exp(shifted_ell_2))
    power_ell_3 = float(np.exp(shifted_ell_3))

    # below^ell[0] = sum over q of Iverson(shifted^ell[q] < 0)*power^ell[q]
    below_ell = (
        power_ell_1*(1 if (shifted_ell_1 < 0) else 0)
        + power_ell_2*(1 if (shifted_ell_2 < 0) else 0)
        + power_ell_3*(1 if (shifted_ell_3 < 0) else 0)
    )

    # ones^ell[0] = sum over q of Iverson(shifted^ell[q] >= 0)*power^ell[q]
    # ones^ell[0] = -1
    ones_ell = (
        power_ell_1*(1 if (shifted_ell_1 >= 0) else 0)
        + power_ell_2*(1 if (shifted_ell_2 >= 0) else 0)
        + power_ell_3*(1 if (shifted_ell_3 >= 0) else 0) - 1
    )

    # logsum^ell[0] = log1p(below^ell[0] + ones^ell[0])
    logsum_ell = float(np.log1p(below_ell + ones_ell))

    # p[q] = exp(-logsum^ell[0] + shifted^ell[q])
    p_1 = float(np.exp(-logsum_ell + shifted_ell_1))
    p_2 = float(np.exp(-logsum_ell + shifted_ell_2))
    p_3 = float(np.exp(-logsum_ell + shifted_ell_3))

    # gap^p[q] = -expm1(-logsum^ell[0] + shifted^ell[q])
    gap_p_1 = float(-np.expm1(-logsum_ell + shifted_ell_1))
    gap_p_2 = float(-np.expm1(-logsum_ell + shifted_ell_2))
    gap_p_3 = float(-np.expm1(-logsum_ell + shifted_ell_3))

    # total^ell[0] = sum over q of t[q]
    total_ell = t_1 + t_2 + t_3

    # near^ell[0] = total^ell[0] + 63
    near_ell = total_ell + 63

    # balanced^ell[0] = (64 - near^ell[0])*max^ell[0] + logsum^ell[0]
    balanced_ell = logsum_ell + max_ell*(64 - near_ell)

    # L[0] = sum over l of balanced^ell[l]
    # L[0] = sum over q of -shifted^ell[q]*t[q]
    L = balanced_ell - shifted_ell_1*t_1 - shifted_ell_2*t_2 - shifted_ell_3*t_3

    # Backward pass: gradients, from the loss to the input.

    # delta^z(2)[q] = Piecewise(((1 - t[q]) - gap^p[q], t[q] >= 1), (p[q] - t[q], True))
    delta_z2_1 = ((-gap_p_1 + (1 - t_1)) if (t_1 >= 1) else (p_1 - t_1))
    delta_z2_2 = ((-gap_p_2 + (1 - t_2)) if (t_2 >= 1) else (p_2 - t_2))
    delta_z2_3 = ((-gap_p_3 + (1 - t_3)) if (t_3 >= 1) else (p_3 - t_3))

    # delta^b(2)[q] = delta^z(2)[q]
    delta_b2_1 = delta_z2_1
    delta_b2_2 = delta_z2_2
    delta_b2_3 = delta_z2_3

    # delta^a[m] = sum over q of delta^z(2)[q]*w^(2)[q, m]
    delta_a_1 = delta_z2_1*w2_11 + delta_z2_2*w2_21 + delta_z2_3*w2_31
    delta_a_2 = delta_z2_1*w2_12 + delta_z2_2*w2_22 + delta_z2_3*w2_32

    # delta^w(2)[q, m] = a[m]*delta^z(2)[q]
    delta_w2_11 = a_1*delta_z2_1
    delta_w2_12 = a_2*delta_z2_1
    delta_w2_21 = a_1*delta_z2_2
    delta_w2_22 = a_2*delta_z2_2
    delta_w2_31 = a_1*delta_z2_3
    delta_w2_32 = a_2*delta_z2_3

    # delta^z[m] = Iverson(z[m] > 0)*delta^a[m]
    delta_z_1 = delta_a_1*(1 if (z_1 > 0) else 0)
    delta_z_2 = delta_a_2*(1 if (z_2 > 0) else 0)

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
        delta_w2_21, delta_w2_22, delta_w2_31, delta_w2_32, delta_b2_1, delta_b2_2,
        delta_b2_3, delta_z2_1, delta_z2_2, delta_z2_3
    )
    stages = (z_1, z_2, a_1, a_2, z2_1, z2_2, z2_3)
    return L, partials, stages


def loss_and_gradients(x, dense1_weight, dense1_bias, dense2_weight, dense2_bias, target, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (2,)
        dense1_weight: (2, 2)
        dense1_bias: (2,)
        dense2_weight: (3, 2)
        dense2_bias: (3,)
        target: (3,)

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
            'relu1': np.array(stages[2:4], float),
            'dense2': np.array(stages[4:7], float),
        })

    partials = np.array(partials, float)
    gradients = {
        'x': partials[0:2],
        'dense1.weight': partials[2:6].reshape(2, 2),
        'dense1.bias': partials[6:8],
        'dense1': partials[8:10],
        'relu1': partials[10:12],
        'dense2.weight': partials[12:18].reshape(3, 2),
        'dense2.bias': partials[18:21],
        'dense2': partials[21:24],
    }
    return loss, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([16.0, -6.0]).reshape((2,)),
    'dense1_weight': np.array([0.18, 0.1, 0.04, 0.22]).reshape((2, 2)),
    'dense1_bias': np.array([0.0, 0.0]).reshape((2,)),
    'dense2_weight': np.array([0.19, -0.02, -0.1, -0.01, 0.1, 0.04]).reshape((3, 2)),
    'dense2_bias': np.array([0.0, 0.0, 0.0]).reshape((3,)),
    'target': np.array([0.0, 0.0, 1.0]).reshape((3,)),
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
