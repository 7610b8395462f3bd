"""Gradient descent of a two-layer network by its weights alone, right and as published.

The article's program takes the derivatives with respect to the first layer's weights through the
second layer's weights *after* their step; its text takes them before, which is right.
"""

import numpy as np

import symcnn as sc

FIRST, SECOND = "dense1.weight", "dense2.weight"


def descended(problem: sc.Problem, steps: int, *, through_new: bool) -> sc.Evaluation:
    """Return the evaluation after so many steps."""
    program, rate = sc.lambdify(problem.derivation), float(problem.learning_rate)
    values = {
        name: np.array(entries, dtype=float).reshape(problem.network.tensors[name].shape)
        for name, entries in problem.values.items()
    }
    for _ in range(steps):
        made = program(values)
        second = values[SECOND] - rate * made.gradients[SECOND]
        slope = made.gradients[FIRST]
        if through_new:
            hidden = made.outputs["sigmoid1"]
            delta = second.T @ made.gradients["dense2"] * hidden * (1 - hidden)
            slope = np.outer(delta, values["x"])
        values |= {FIRST: values[FIRST] - rate * slope, SECOND: second}
    return program(values)
