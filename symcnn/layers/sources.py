"""The works that define the layers, as documents cite them."""

from __future__ import annotations

CONVOLUTION = (
    "V. Dumoulin and F. Visin: A guide to convolution arithmetic for deep learning. "
    "arXiv:1603.07285, 2016."
)
BATCH_NORM = (
    "S. Ioffe and C. Szegedy: Batch normalization: accelerating deep network training by reducing "
    "internal covariate shift. International Conference on Machine Learning, 2015."
)
ELU = (
    "D.-A. Clevert, T. Unterthiner and S. Hochreiter: Fast and accurate deep network learning by "
    "exponential linear units (ELUs). arXiv:1511.07289, 2015."
)
SILU = (
    "S. Elfwing, E. Uchibe and K. Doya: Sigmoid-weighted linear units for neural network function "
    "approximation in reinforcement learning. arXiv:1702.03118, 2017."
)
GELU = "D. Hendrycks and K. Gimpel: Gaussian error linear units (GELUs). arXiv:1606.08415, 2016."
DROPOUT = (
    "N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov: Dropout: a simple "
    "way to prevent neural networks from overfitting. Journal of Machine Learning Research 15, "
    "2014."
)
