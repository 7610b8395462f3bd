"""A tanh neuron, one step (qrtech-academy, exam B, question 5): the loss and its gradients.

It imports NumPy alone. The equations stand above the statements that compute them.
"""

import numpy as np


def loss_and_gradients(x, dense1_weight, dense1_bias, target, outputs=None):
    """Return the loss L, and dL/dT for every tensor T as a dict by its name.

    Arguments are arrays of these shapes:
        x: (2,)
        dense1_weight: (1, 2)
        dense1_bias: (1,)
        target: (1,)

    If a dict is given as ``outputs``, it receives every layer's output by its name.
    """
    [x_1, x_2] = x.ravel().tolist()
    [w_1, w_2] = dense1_weight.ravel().tolist()
    [b] = dense1_bias.ravel().tolist()
    [t] = target.ravel().tolist()

    # Forward pass.

    # z[m] = sum over q of w[m, q]*x[q]
    # z[m] = b[m]
    z = b + w_1*x_1 + w_2*x_2

    # a[m] = tanh(z[m])
    a = float(np.tanh(z))

    # L[0] = sum over m of (-a[m] + t[m])**2/2
    L = (1/2)*(-a + t)**2

    if outputs is not None:
        outputs.update({
            'dense1': np.array([z], float),
            'tanh1': np.array([a], float),
        })

    # Gradients, from the loss backwards.

    # delta^a[m] = a[m] - t[m]
    delta_a = a - t

    # delta^z[m] = (1 - a[m]**2)*delta^a[m]
    delta_z = delta_a*(1 - a**2)

    # delta^b[m] = delta^z[m]
    delta_b = delta_z

    # delta^x[q] = sum over m of delta^z[m]*w[m, q]
    delta_x_1 = delta_z*w_1
    delta_x_2 = delta_z*w_2

    # delta^w[m, q] = delta^z[m]*x[q]
    delta_w_1 = delta_z*x_1
    delta_w_2 = delta_z*x_2

    partials = (
        np.array([delta_x_1, delta_x_2, delta_w_1, delta_w_2, delta_b, delta_z, delta_a],
        float)
    )
    gradients = {
        'x': partials[0:2],
        'dense1.weight': partials[2:4].reshape(1, 2),
        'dense1.bias': partials[4:5],
        'dense1': partials[5:6],
        'tanh1': partials[6:7],
    }
    return L, gradients


# The numbers of the example.
VALUES = {
    'x': np.array([1.0, 1.0]).reshape((2,)),
    'dense1_weight': np.array([0.6, 0.6]).reshape((1, 2)),
    'dense1_bias': np.array([0.3]).reshape((1,)),
    'target': np.array([0.5]).reshape((1,)),
}


if __name__ == "__main__":
    loss, gradients = loss_and_gradients(**VALUES)
    print("loss", loss)
    for name, gradient in gradients.items():
        print("dL/d", name, sep="")
        print(gradient)
