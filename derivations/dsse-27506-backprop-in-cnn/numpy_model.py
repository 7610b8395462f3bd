"""Backpropagation in a CNN (Data Science Stack Exchange 27506): the loss and its gradients.

It imports NumPy alone. The equations stand above the statements that compute them.
"""

import numpy as np


def loss_and_gradients(x, dense1_weight, gradient, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (2, 2, 1)
        dense1_weight: (2, 4)
        gradient: (2,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    [x_11, x_12, x_21, x_22] = x.ravel().tolist()
    [w_11, w_12, w_13, w_14, w_21, w_22, w_23, w_24] = dense1_weight.ravel().tolist()
    [g_1, g_2] = gradient.ravel().tolist()

    # Forward pass.

    # a[r, s, c] = sigmoid(x[r, s, c])
    a_11 = float((np.exp(min(x_11, 0))/(1 + np.exp(-abs(x_11)))))
    a_12 = float((np.exp(min(x_12, 0))/(1 + np.exp(-abs(x_12)))))
    a_21 = float((np.exp(min(x_21, 0))/(1 + np.exp(-abs(x_21)))))
    a_22 = float((np.exp(min(x_22, 0))/(1 + np.exp(-abs(x_22)))))

    # f[c + 2*r + s] = a[r, s, c]
    f_1 = a_11
    f_2 = a_12
    f_3 = a_21
    f_4 = a_22

    # z[m] = sum over q of f[q]*w[m, q]
    z_1 = f_1*w_11 + f_2*w_12 + f_3*w_13 + f_4*w_14
    z_2 = f_1*w_21 + f_2*w_22 + f_3*w_23 + f_4*w_24

    # L[0] = sum over m of g[m]*z[m]
    L = g_1*z_1 + g_2*z_2

    if outputs is not None:
        outputs.update({
            'sigmoid1': np.array([a_11, a_12, a_21, a_22], float).reshape(2, 2, 1),
            'flatten1': np.array([f_1, f_2, f_3, f_4], float),
            'dense1': np.array([z_1, z_2], float),
        })

    # Gradients, from the loss backwards.

    # delta^z[m] = g[m]
    delta_z_1 = g_1
    delta_z_2 = g_2

    # delta^f[q] = sum over m of delta^z[m]*w[m, q]
    delta_f_1 = delta_z_1*w_11 + delta_z_2*w_21
    delta_f_2 = delta_z_1*w_12 + delta_z_2*w_22
    delta_f_3 = delta_z_1*w_13 + delta_z_2*w_23
    delta_f_4 = delta_z_1*w_14 + delta_z_2*w_24

    # delta^w[m, q] = delta^z[m]*f[q]
    delta_w_11 = delta_z_1*f_1
    delta_w_12 = delta_z_1*f_2
    delta_w_13 = delta_z_1*f_3
    delta_w_14 = delta_z_1*f_4
    delta_w_21 = delta_z_2*f_1
    delta_w_22 = delta_z_2*f_2
    delta_w_23 = delta_z_2*f_3
    delta_w_24 = delta_z_2*f_4

    # delta^a[r, s, c] = delta^f[c + 2*r + s]
    delta_a_11 = delta_f_1
    delta_a_12 = delta_f_2
    delta_a_21 = delta_f_3
    delta_a_22 = delta_f_4

    # delta^x[r, s, c] = (1 - a[r, s, c])*a[r, s, c]*delta^a[r, s, c]
    delta_x_11 = a_11*delta_a_11*(1 - a_11)
    delta_x_12 = a_12*delta_a_12*(1 - a_12)
    delta_x_21 = a_21*delta_a_21*(1 - a_21)
    delta_x_22 = a_22*delta_a_22*(1 - a_22)

    partials = (
        np.array([delta_x_11, delta_x_12, delta_x_21, delta_x_22, delta_a_11, delta_a_12,
        delta_a_21, delta_a_22, delta_f_1, delta_f_2, delta_f_3, delta_f_4, delta_w_11,
        delta_w_12, delta_w_13, delta_w_14, delta_w_21, delta_w_22, delta_w_23, delta_w_24,
        delta_z_1, delta_z_2], float)
    )
    gradients = {
        'x': partials[0:4].reshape(2, 2, 1),
        'sigmoid1': partials[4:8].reshape(2, 2, 1),
        'flatten1': partials[8:12],
        'dense1.weight': partials[12:20].reshape(2, 4),
        'dense1': partials[20:22],
    }
    return L, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([0.322773392263051, 0.28185115214098766, 0.6190392084062236,
    0.20067069546215124]).reshape((2, 2, 1)),
    'dense1_weight': np.array([0.61, 0.82, 0.96, -1.0, 0.02, -0.5, 0.23, 0.17]).reshape((2, 4)),
    'gradient': np.array([0.25, -0.15]).reshape((2,)),
}


if __name__ == "__main__":
    loss, gradients = loss_and_gradients(**VALUES)
    print("loss", loss)
    for name, gradient in gradients.items():
        print("dL/d", name, sep="")
        print(gradient)
