# ruff: noqa: E501 - a formula is a line
r"""Formulas of attention, of losses and of volumes, right and faulty, in their sources' notation.

Attention as in Vaswani et al. (2017) and, backwards, as in appendix B of Dao et al. (2022), which
writes P for the shares and S for the scores; volumes as in Ji et al. (2013), whose indices stand
above; the loss of overlap after Milletari et al. (2016), and the hinge loss after Cortes and Vapnik
(1995). Weights x W are those of NumPy's courses, W x those of textbooks.
"""

import symcnn as sc

ATTENTION = sc.Network(
    (3, 2),
    [
        *(sc.Conv1D(2, 1, bias=False, name=name, inputs=("x",)) for name in ("q", "k", "v")),
        sc.Attention(inputs=("q", "k", "v")),
    ],
    sc.Upstream(),
)
HINGE = sc.Network((4,), [sc.Dense(3)], sc.Hinge())
DICE = sc.Network((4,), [sc.Dense(3), sc.Sigmoid()], sc.Dice())
VOLUME = sc.Network((4, 4, 4, 1), [sc.Conv3D(1, 2)], sc.Upstream())
VOLUMES = sc.Network((4, 4, 4, 2), [sc.Conv3D(3, 2)], sc.Upstream())
DENSE = sc.Network((4,), [sc.Dense(3)], sc.Upstream())

SHARES, SCORES = "gradient of attention1.weights", "gradient of attention1.scores"
MARGIN, OVERLAP = "gradient of dense1", "gradient of sigmoid1"

RIGHT = [
    (r"S = \frac{Q K^T}{\sqrt{d_k}}", "attention1.scores", ATTENTION),
    (r"O = \mathrm{softmax}\left(\frac{Q K^T}{\sqrt{d_k}}\right) V", "attention1", ATTENTION),
    (r"dV = P^T dO", "gradient of v", ATTENTION),
    (r"dP = dO V^\top", SHARES, ATTENTION),
    (r"dS_{ij} = P_{ij} (dP_{ij} - \sum_l P_{il} dP_{il})", SCORES, ATTENTION),
    (r"dQ = \frac{1}{\sqrt{d}} dS K", "gradient of q", ATTENTION),
    (r"dK = \frac{1}{\sqrt{d_k}} dS^\top Q", "gradient of k", ATTENTION),
    (r"\frac{\partial L}{\partial v_{jc}} = \sum_i P_{ij} \frac{\partial L}{\partial o_{ic}}", "gradient of v", ATTENTION),
    (r"-t_i [t_i y_i < 1]", MARGIN, HINGE),
    (r"\begin{cases} -t_i & \text{if } t_i z_i < 1 \\ 0 & \text{otherwise} \end{cases}", MARGIN, HINGE),
    (r"-\frac{2 t_i (\sum_j p_j + \sum_j t_j + \epsilon) - (2\sum_j p_j t_j + \epsilon)}{(\sum_j p_j + \sum_j t_j + \epsilon)^2}", OVERLAP, DICE),
    (r"-\frac{2 t_i}{\sum_j (p_j + t_j) + 1} + \frac{2\sum_j p_j t_j + 1}{(\sum_j (p_j + t_j) + 1)^2}", OVERLAP, DICE),
    (r"v_{j}^{xyz} = b_j + \sum_m \sum_{p,q,r} w_{jm}^{pqr} u_m^{(x+p)(y+q)(z+r)}", "conv1", VOLUMES),
    (r"\frac{\partial L}{\partial w_{abc}} = \sum_{i,j,k} \delta_{ijk} x_{i+a,j+b,k+c}", "gradient of conv1.weight", VOLUME),
    (r"\delta * w", "gradient of x", VOLUME),
    ("y = x W + b", "dense1", DENSE),
    ("y = W x + b", "dense1", DENSE),
]  # fmt: skip

WRONG = [
    (r"O = \mathrm{softmax}\left(Q K^T\right) V", "attention1", ATTENTION, "factor missing", r"\frac{1}{\sqrt{N}}"),
    (r"dV = P dO", "gradient of v", ATTENTION, "transpose missing", "P^T"),
    (r"dS_{ij} = P_{ij} (dP_{ij} - \sum_l dP_{il})", SCORES, ATTENTION, "factor missing", r"\sum_{l} P_{il}"),
    (r"dQ = dS K", "gradient of q", ATTENTION, "factor missing", "1/sqrt(N)"),
    (r"dK = \frac{1}{\sqrt{d_k}} dS Q", "gradient of k", ATTENTION, "transpose missing", r")^{T} Q"),
    (r"-\frac{1}{K} t_i \mathbb{1}[1 - t_i y_i > 0]", MARGIN, HINGE, "factor too much", "-t_{i} [1 - t_{i} y_{i} > 0]"),
    (r"t_i \mathbb{1}[1 - t_i y_i > 0]", MARGIN, HINGE, "sign", "-t_{i}"),
    (r"\begin{cases} -t_i & \text{if } t_i z_i > 1 \\ 0 & \text{otherwise} \end{cases}", MARGIN, HINGE, "condition", "t_{i} z_{i} < 1"),
    (r"-\frac{2 t_i (\sum_j p_j + \sum_j t_j + s) - (2\sum_j p_j t_j + s)}{\sum_j p_j + \sum_j t_j + s}", OVERLAP, DICE, "exponent", r"\right)^{2}"),
    (r"\frac{2 t_i (\sum_j p_j + \sum_j t_j + s) - (2\sum_j p_j t_j + s)}{(\sum_j p_j + \sum_j t_j + s)^2}", OVERLAP, DICE, "sign", r"\frac{2 \sum_{j} p_{j} t_{j} + s - 2 t_{i}"),
    (r"\frac{\partial L}{\partial x_{ijk}} = \sum_{a,b,c} \delta_{i-a,j-b,k+c} w_{abc}", "gradient of x", VOLUME, "sign of an offset", r"\delta_{i - a, j - b, k - c}"),
]  # fmt: skip
