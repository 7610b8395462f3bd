# ruff: noqa: E501 - a formula is a line
r"""Formulas as people write them, right ones and faulty ones, with what is to be found.

Each has its source in a kind of text: course notes, textbooks, blogs, errata. They are written anew
here; the faults are those that errata and reviews report (a kernel not flipped, i - m for i + m,
1/N or the slope left out, a matrix not transposed, an index off by one, a range too short).
"""

import symcnn as sc

CONV = sc.Network((6, 6, 1), [sc.Conv2D(1, 3)], sc.Upstream())
STRIDED = sc.Network((7, 7, 1), [sc.Conv2D(1, 3, stride=2)], sc.Upstream())
PADDED = sc.Network((6, 6, 1), [sc.Conv2D(1, 3, padding=1)], sc.Upstream())
CHANNELS = sc.Network((6, 6, 2), [sc.Conv2D(3, 3)], sc.Upstream())
BATCH = sc.Network((6, 6, 2), [sc.Conv2D(3, 3)], sc.Upstream(), batch=2)
LINE = sc.Network((8, 1), [sc.Conv1D(1, 3)], sc.Upstream())
LINES = sc.Network((8, 2), [sc.Conv1D(3, 3)], sc.Upstream())
LINE_STRIDED = sc.Network((9, 1), [sc.Conv1D(1, 3, stride=2)], sc.Upstream())
LINE_PADDED = sc.Network((8, 1), [sc.Conv1D(1, 3, padding=1)], sc.Upstream())
MEAN = sc.Network((6, 6, 1), [sc.AvgPool2D(2)], sc.Upstream())
MOST = sc.Network((6, 6, 1), [sc.MaxPool2D(2)], sc.Upstream())
DENSE = sc.Network((4,), [sc.Dense(3)], sc.Upstream())
ROWS = sc.Network((4,), [sc.Dense(3)], sc.Upstream(), batch=3)
LAYERS = sc.Network((4,), [sc.Dense(3), sc.Sigmoid(), sc.Dense(2)], sc.HalfSquaredError())
CLASSES = sc.Network((4,), [sc.Dense(3)], sc.SoftmaxCrossEntropy())
SAMPLES = sc.Network((4,), [sc.Dense(3)], sc.SoftmaxCrossEntropy(), batch=3)
SIGMOID = sc.Network((4,), [sc.Sigmoid()], sc.Upstream())
TANH = sc.Network((4,), [sc.Tanh()], sc.Upstream())
RELU = sc.Network((4,), [sc.ReLU()], sc.Upstream())
SOFTMAX = sc.Network((4,), [sc.Softmax()], sc.Upstream())
NORM = sc.Network((4,), [sc.LayerNorm()], sc.Upstream(), batch=3)
BATCH_NORM = sc.Network((4,), [sc.BatchNorm()], sc.Upstream(), batch=3)

W, X, B = "gradient of conv1.weight", "gradient of x", "gradient of conv1.bias"
D, Z = "gradient of dense1.weight", "gradient of dense1"

RIGHT = [
    (r"\frac{\partial L}{\partial w_{mn}} = \sum_{i=0}^{H-1}\sum_{j=0}^{W-1} \delta_{ij} x_{i+m,j+n}", W, CONV),
    ("dL/dw_mn = sum_{i,j} delta_ij x[i+m,j+n]", W, CONV),
    ("dL/dw[m,n] = sum over i, j of dy[i,j]*x[i+m,j+n]", W, CONV),
    (r"\sum_{i,j} \delta_{ij} x_{i+m-1,j+n-1}", W, CONV),
    (r"\frac{\partial L}{\partial x_{ij}} = \sum_{m,n} \delta_{i-m,j-n} w_{mn}", X, CONV),
    (r"\nabla_x L = \mathrm{rot}_{180}(w) \star \delta", X, CONV),
    (r"\frac{\partial E}{\partial K} = X \star \frac{\partial E}{\partial Y}", W, CONV),
    (r"z_{ij} = \sum_{m,n} w_{mn} x_{i+m,j+n} + b", "conv1", CONV),
    ("∂L/∂w[m,n] = Σ_{i,j} δ[i,j]·x[i+m,j+n]", W, CONV),
    (r"\frac{\partial E}{\partial X_j} = \sum_{i} \frac{\partial E}{\partial Y_i} \ast_{\text{full}} K_{ij}", X, CHANNELS),
    (r"\frac{\partial E}{\partial K_{ij}} = X_j \star \frac{\partial E}{\partial Y_i}", W, CHANNELS),
    (r"\frac{\partial L}{\partial w_{k,c,m,n}} = \sum_{b,i,j} \delta_{b,k,i,j} x_{b,c,i+m,j+n}", W, BATCH),
    ("db_k = sum_{n,i,j} dz[n,i,j,k]", B, BATCH),
    ("dL/dw_mn = sum_{i,j} delta_ij x[s*i+m,s*j+n]", W, STRIDED),
    ("dL/dw_mn = sum_{i,j} delta_ij x[2*i+m,2*j+n]", W, STRIDED),
    ("dL/dw_mn = sum_{i,j} delta_ij x[i+m-p,j+n-p]", W, PADDED),
    (r"\frac{\partial L}{\partial w_m} = \sum_{i=1}^{N} \delta_i x_{i+m-1}", W, LINE),
    (r"\frac{\partial L}{\partial x_i} = \sum_{m=0}^{k-1} \delta_{i-k+1+m} w_{k-1-m}", X, LINE),
    (r"\frac{\partial L}{\partial x_{ic}} = \sum_{m}\sum_k \delta_{i-m,k} w_{mck}", X, LINES),
    (r"\frac{1}{k^2}\delta_{\lfloor i/k \rfloor, \lfloor j/k \rfloor}", X, MEAN),
    (r"\delta_{\lfloor i/2 \rfloor \lfloor j/2 \rfloor} [x_{ij} = y_{\lfloor i/2 \rfloor \lfloor j/2 \rfloor}]", X, MOST),
    (r"\frac{\partial L}{\partial W} = \delta x^\top", D, DENSE),
    (r"\frac{\partial L}{\partial x} = W^\top \delta", X, DENSE),
    ("dW = x^T dout", D, ROWS),
    ("dx = dout W^T", X, ROWS),
    (r"\delta^l = ((W^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)", Z, LAYERS),
    (r"\delta_j^{(l)} = \sigma'(z_j^{(l)}) \sum_k w_{kj}^{(l+1)} \delta_k^{(l+1)}", Z, LAYERS),
    (r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j", "gradient of dense2.weight", LAYERS),
    ("p - t", Z, CLASSES),
    (r"\frac{1}{N}(p_i^{(n)} - t_i^{(n)})", Z, SAMPLES),
    (r"dW = \frac1m dZ A^T", D, SAMPLES),
    (r"g_i \sigma(x_i)(1-\sigma(x_i))", X, SIGMOID),
    (r"\delta_i y_i (1-y_i)", X, SIGMOID),
    (r"g_i (1 - \tanh^2(x_i))", X, TANH),
    (r"\mathbb{1}[x_i > 0] g_i", X, RELU),
    (r"\begin{cases} g_i & \text{if } x_i > 0 \\ 0 & \text{otherwise}\end{cases}", X, RELU),
    (r"p_i(g_i - \sum_j g_j p_j)", X, SOFTMAX),
    (r"\sum_j g_j p_j(\delta_{ij} - p_i)", X, SOFTMAX),
    (r"\frac{1}{\sqrt{\sigma^2+\epsilon}} \left( \gamma_i\delta_i - \frac1N \sum_j \gamma_j\delta_j - \frac{\hat{x}_i}{N}\sum_j \gamma_j\delta_j \hat{x}_j \right)", X, NORM),
    (r"\frac{\partial L}{\partial x_{ni}}=\frac{\gamma_i}{N \sqrt{\sigma_i^2 + \epsilon}}(N \frac{\partial L}{\partial y_{ni}} - \sum_m \frac{\partial L}{\partial y_{mi}} - \hat x_{ni} \sum_m \frac{\partial L}{\partial y_{mi}} \hat x_{mi})", X, BATCH_NORM),
]  # fmt: skip
"""Formulas that are right for a network, perhaps under an assumption that it meets."""

WRONG = [
    (r"\frac{\partial L}{\partial w_{mn}} = \sum_{i,j} \delta_{ij} x_{i-m,j-n}", W, CONV, "sign of an offset", r"x_{i + m, j + n}"),
    (r"\frac{\partial L}{\partial x_{ij}} = \sum_{m,n} \delta_{i+m,j+n} w_{mn}", X, CONV, "sign of an offset", r"\delta_{i - m, j - n}"),
    (r"w \star \delta", X, CONV, "flip missing", r"\mathrm{rot}_{180}(w) \star \delta"),
    (r"\delta \ast_{\text{valid}} w", X, CONV, "full missing", r"\ast_{\text{full}}"),
    (r"z_{ij} = \sum_{m,n} w_{mn} x_{i+m,j+n}", "conv1", CONV, "term missing", "+ b"),
    ("dL/dw_mn = sum_{i,j} delta_ij x[i+m,j+n]", W, STRIDED, "stride missing", "x[s i + m, s j + n]"),
    ("dL/dw_mn = sum_{i,j} delta_ij x[i+m,j+n]", W, PADDED, "padding missing", "x[i + m - p, j + n - p]"),
    ("dL/dw_mn = sum_{i,j} delta_ij x[i+m,j+n]", W, BATCH, "channel index missing", "delta[b, i, j, k] x[b, i + m, j + n, c]"),
    (r"\frac{\partial L}{\partial w_{k,c,m,n}}=\sum_{i,j} \delta_{k,i,j} x_{c,i+m,j+n}", W, BATCH, "sum over the samples missing", r"\sum_{b}"),
    (r"\frac{\partial L}{\partial w_m} = \sum_{i=1}^{N} \delta_i x_{i+m}", W, LINE, "index off by one", "x_{i + m - 1}"),
    (r"\frac{\partial L}{\partial w_m} = \sum_{i=0}^{N-2} \delta_i x_{i+m}", W, LINE, "range of a sum", r"\sum_{i=0}^{N - 1}"),
    (r"\frac{\partial L}{\partial x_i} = \sum_{m=0}^{k-1} \delta_{i-m} w_{k-1-m}", X, LINE, "flip too much", "w_{m}"),
    (r"\frac{\partial L}{\partial x_{ic}} = \sum_{m} \delta_{i-m,k} w_{mck}", X, LINES, "sum missing", r"\sum_{k}"),
    (r"\frac{\partial L}{\partial b_k} = \delta_k", B, CHANNELS, "sum missing", r"\sum(\delta_{k})"),
    (r"\delta_{\lfloor i/2 \rfloor, \lfloor j/2 \rfloor}", X, MEAN, "factor missing", r"\frac{1}{A}"),
    (r"\frac{\partial L}{\partial x} = W \delta", X, DENSE, "transpose missing", r"W^{T} \delta"),
    (r"\frac{\partial L}{\partial x_k} = \sum_j w_{kj} \delta_j", X, DENSE, "indices swapped", "w_{jk}"),
    (r"\delta_j^{(l)} = \sum_k w_{kj}^{(l+1)} \delta_k^{(l+1)}", Z, LAYERS, "slope missing", "f'(z_{j})"),
    (r"\delta_j^{(l)} = \sigma'(z_j^{(l)}) \sum_k w_{jk}^{(l+1)} \delta_k^{(l+1)}", Z, LAYERS, "indices swapped", "w^{(l + 1)}_{kj}"),
    (r"\delta^l = (W^{l+1} \delta^{l+1}) \odot \sigma'(z^l)", Z, LAYERS, "transpose missing", "(W^{(l + 1)})^{T}"),
    (r"\frac{\partial C}{\partial w^l_{jk}} = a^{l}_k \delta^l_j", "gradient of dense2.weight", LAYERS, "another layer", "a^{(l - 1)}_{k}"),
    ("t_i - p_i", Z, CLASSES, "sign", "p[i] - t[i]"),
    ("p - t", Z, SAMPLES, "factor missing", "(1/N)(p - t)"),
    ("db_k = dz_k", "gradient of dense1.bias", SAMPLES, "sum over the samples missing", "sum_{n} dL/dz^(n)[k]"),
    (r"g_i \sigma(x_i)(1+\sigma(x_i))", X, SIGMOID, "sign", r"1 - \sigma(x_{i})"),
    (r"g \odot \sigma(x)", X, SIGMOID, "derivative of the function", r"\sigma'(x)"),
    ("g_i y_i", X, SIGMOID, "factor missing", "1 - y[i]"),
    (r"g_i (1 - \tanh(x_i))", X, TANH, "exponent", r"\tanh(x_{i})^{2}"),
    (r"\mathbf{1}\{x_i < 0\}\, g_i", X, RELU, "condition", "x_{i} > 0"),
    (r"p_i(g_i - \sum_j g_j)", X, SOFTMAX, "factor missing", "p_{j} g_{j}"),
    (r"\frac{1}{\sqrt{\sigma^2+\epsilon}} \left( \gamma_i\delta_i - \frac1N \sum_j \gamma_j\delta_j - \hat{x}_i\sum_j \gamma_j\delta_j \hat{x}_j \right)", X, NORM, "factor missing", r"\frac{1}{N} \left(\hat{x}_{i}"),
]  # fmt: skip
"""Faulty formulas, with the mistake that is to be named, and what the mended formula holds."""
