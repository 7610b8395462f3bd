"""Built-in examples: problems to start from."""

from symcnn.problems.examples.builtin import cnn_by_hand as cnn_by_hand
from symcnn.problems.examples.builtin import cnn_by_hand_as_published as cnn_by_hand_as_published
