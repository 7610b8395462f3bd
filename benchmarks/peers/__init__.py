"""One peer a file: ``step(spec)`` returns a function for one evaluation.

Every call computes the loss and its gradients with respect to weights and biases, not the
input, as training does; it returns the loss and the gradients in any layout.
"""
