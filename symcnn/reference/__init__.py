"""What an equation means, in the plainest way: what everything else is checked against."""

from symcnn.reference.forward import Forward, complex_step, forward

__all__ = ["Forward", "complex_step", "forward"]
