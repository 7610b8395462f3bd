"""Built-in examples: problems to start from."""

from symcnn.examples.builtin import cnn_by_hand, cnn_by_hand_as_published

__all__ = ["cnn_by_hand", "cnn_by_hand_as_published"]
