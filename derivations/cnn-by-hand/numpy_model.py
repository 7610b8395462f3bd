"""CNN by hand: the loss and its gradients.

It imports NumPy alone. The equations stand above the statements that compute them.
"""

import numpy as np


def loss_and_gradients(x, conv1_weight, dense1_weight, target, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (3, 1, 1)
        conv1_weight: (2, 1, 1, 3)
        dense1_weight: (1, 3)
        target: (1,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    [x_1, x_2, x_3] = x.ravel().tolist()
    [w_11, w_12, w_13, w_21, w_22, w_23] = conv1_weight.ravel().tolist()
    [w2_1, w2_2, w2_3] = dense1_weight.ravel().tolist()
    [t] = target.ravel().tolist()

    # Forward pass.

    # z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c]
    z_11 = w_11*x_1 + w_21*x_2
    z_12 = w_12*x_1 + w_22*x_2
    z_13 = w_13*x_1 + w_23*x_2
    z_21 = w_11*x_2 + w_21*x_3
    z_22 = w_12*x_2 + w_22*x_3
    z_23 = w_13*x_2 + w_23*x_3

    # p[i, j, c] = max over u, v of z[i + u, j + v, c]
    p_1 = max(z_11, z_21)
    p_2 = max(z_12, z_22)
    p_3 = max(z_13, z_23)

    # f[c + 3*i + 3*j] = p[i, j, c]
    f_1 = p_1
    f_2 = p_2
    f_3 = p_3

    # z^(2)[m] = sum over q of f[q]*w^(2)[m, q]
    z2 = f_1*w2_1 + f_2*w2_2 + f_3*w2_3

    # a[m] = sigmoid(z^(2)[m])
    a = float((np.exp(min(z2, 0))/(1 + np.exp(-abs(z2)))))

    # L[0] = sum over m of (-a[m] + t[m])**2/2
    L = (1/2)*(-a + t)**2

    if outputs is not None:
        outputs.update({
            'conv1': np.array([z_11, z_12, z_13, z_21, z_22, z_23], float).reshape(2, 1, 3),
            'pool1': np.array([p_1, p_2, p_3], float).reshape(1, 1, 3),
            'flatten1': np.array([f_1, f_2, f_3], float),
            'dense1': np.array([z2], float),
            'sigmoid1': np.array([a], float),
        })

    # Gradients, from the loss backwards.

    # Which entry every window took, counted from 0; (a, b)[k] below is that one's.
    k_p_1 = (z_11, z_21).index(p_1)
    k_p_2 = (z_12, z_22).index(p_2)
    k_p_3 = (z_13, z_23).index(p_3)

    # delta^a[m] = a[m] - t[m]
    delta_a = a - t

    # delta^z(2)[m] = (1 - a[m])*a[m]*delta^a[m]
    delta_z2 = a*delta_a*(1 - a)

    # delta^f[q] = sum over m of delta^z(2)[m]*w^(2)[m, q]
    delta_f_1 = delta_z2*w2_1
    delta_f_2 = delta_z2*w2_2
    delta_f_3 = delta_z2*w2_3

    # delta^w(2)[m, q] = delta^z(2)[m]*f[q]
    delta_w2_1 = delta_z2*f_1
    delta_w2_2 = delta_z2*f_2
    delta_w2_3 = delta_z2*f_3

    # delta^p[i, j, c] = delta^f[c + 3*i + 3*j]
    delta_p_1 = delta_f_1
    delta_p_2 = delta_f_2
    delta_p_3 = delta_f_3

    # delta^z[i + u, j + v, c] = R^p[i, j, c, u, v]*delta^p[i, j, c]
    delta_z_11 = (delta_p_1, 0)[k_p_1]
    delta_z_12 = (delta_p_2, 0)[k_p_2]
    delta_z_13 = (delta_p_3, 0)[k_p_3]
    delta_z_21 = (0, delta_p_1)[k_p_1]
    delta_z_22 = (0, delta_p_2)[k_p_2]
    delta_z_23 = (0, delta_p_3)[k_p_3]

    # delta^x[i + u, j + v, c] = sum over k of delta^z[i, j, k]*w[u, v, c, k]
    delta_x_1 = delta_z_11*w_11 + delta_z_12*w_12 + delta_z_13*w_13
    delta_x_2 = (
        delta_p_1*(w_21, w_11)[k_p_1] + delta_p_2*(w_22, w_12)[k_p_2]
        + delta_p_3*(w_23, w_13)[k_p_3]
    )
    delta_x_3 = delta_z_21*w_21 + delta_z_22*w_22 + delta_z_23*w_23

    # delta^w[u, v, c, k] = sum over i, j of delta^z[i, j, k]*x[i + u, j + v, c]
    delta_w_11 = delta_p_1*(x_1, x_2)[k_p_1]
    delta_w_12 = delta_p_2*(x_1, x_2)[k_p_2]
    delta_w_13 = delta_p_3*(x_1, x_2)[k_p_3]
    delta_w_21 = delta_p_1*(x_2, x_3)[k_p_1]
    delta_w_22 = delta_p_2*(x_2, x_3)[k_p_2]
    delta_w_23 = delta_p_3*(x_2, x_3)[k_p_3]

    partials = (
        np.array([delta_x_1, delta_x_2, delta_x_3, delta_w_11, delta_w_12, delta_w_13,
        delta_w_21, delta_w_22, delta_w_23, delta_z_11, delta_z_12, delta_z_13, delta_z_21,
        delta_z_22, delta_z_23, delta_p_1, delta_p_2, delta_p_3, delta_f_1, delta_f_2,
        delta_f_3, delta_w2_1, delta_w2_2, delta_w2_3, delta_z2, delta_a], float)
    )
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
    return L, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([1.0, 0.4, 0.7]).reshape((3, 1, 1)),
    'conv1_weight': np.array([0.2, 0.3, -0.1, 0.1, -0.1, 0.2]).reshape((2, 1, 1, 3)),
    'dense1_weight': np.array([0.1, 0.5, 0.6]).reshape((1, 3)),
    'target': np.array([0.8]).reshape((1,)),
}


if __name__ == "__main__":
    loss, gradients = loss_and_gradients(**VALUES)
    print("loss", loss)
    for name, gradient in gradients.items():
        print("dL/d", name, sep="")
        print(gradient)
