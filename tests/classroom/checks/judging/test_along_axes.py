"""Statistics that a forward pass returns, and those that are computed along other axes."""

import numpy as np
import pytest

import symcnn as sc

BROKEN = {
    "": lambda x, eps: (x.mean(axis=0), x.var(axis=0)),
    "n - 1 instead of n": lambda x, eps: (x.mean(axis=0), x.var(axis=0, ddof=1)),
    "term missing": lambda x, eps: (x.mean(axis=0), (x**2).mean(axis=0)),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_statistics_that_are_returned_are_compared(mistake):
    def forward(x, gamma, beta, eps):
        mean, var = x.mean(axis=0), x.var(axis=0)
        y = gamma * (x - mean) / np.sqrt(var + eps) + beta
        mean, var = BROKEN[mistake](x, eps)
        running_mean = 0.1 * mean
        return y, running_mean, mean, var

    verdict = sc.check_forward(forward, sc.BatchNorm(epsilon=0.25))
    assert [(f.name, f.mistake) for f in verdict.findings] == [
        ("y", ""),
        ("mean", ""),
        ("variance", mistake),
    ]
    assert bool(verdict) == (mistake == "")
    assert "It returns running_mean too, which is not compared." in verdict.notes


def test_one_over_the_root_stands_for_the_variance():
    def forward(x, weight, bias, eps):
        save_mean = x.mean(axis=0, keepdims=True)
        save_invstd = 1 / np.sqrt(x.var(axis=0, keepdims=True) + eps)
        return weight * (x - save_mean) * save_invstd + bias, save_mean, save_invstd

    verdict = sc.check_forward(forward, sc.BatchNorm())
    assert [(f.name, f.verdict) for f in verdict.findings] == [
        (name, "right") for name in ("y", "mean", "variance")
    ]
    wrong = sc.check_forward(forward, sc.BatchNorm(), returns="y, mean, variance")
    assert [f.verdict for f in wrong.findings] == ["right", "right", "wrong"]


def test_a_cache_is_of_no_interest():
    def forward(x, weight, bias, eps):
        mean, var = x.mean(axis=0), x.var(axis=0) + eps
        cache = mean, var
        return weight * (x - mean) / np.sqrt(var) + bias, cache

    verdict = sc.check_forward(forward, sc.BatchNorm())
    assert verdict
    assert [f.name for f in verdict.findings] == ["y"]


def normalised(axes):
    def forward(x, gamma, beta, eps):
        return gamma * (x - x.mean(axis=axes[0])) / np.sqrt(x.var(axis=axes[1]) + eps) + beta

    return forward


@pytest.mark.parametrize("axes", [(None, None), (0, None)])
def test_statistics_over_all_axes(axes):
    (finding,) = sc.check_forward(normalised(axes), sc.BatchNorm()).findings
    assert finding.mistake == "statistics over all axes"
    which = "the mean and the variance are" if axes[0] is None else "the variance is"
    assert f"{which} taken over all entries" in finding.explanation.lower()


def test_a_softmax_over_the_samples():
    def forward(x):
        e = np.exp(x)
        return e / e.sum(axis=0)

    def backward(prediction, target):
        return (forward(prediction) - target) / len(prediction)

    (finding,) = sc.check_forward(forward, sc.Softmax()).findings
    (other,) = sc.check_backward(backward, sc.SoftmaxCrossEntropy()).findings
    assert finding.mistake == other.mistake == "normalised along the samples"


@pytest.mark.parametrize("each", [False, True], ids=["its own channel", "every channel"])
def test_a_mask_over_all_channels(each):
    def backward(dout, x):
        dx = np.zeros_like(x)
        for n, i in np.ndindex(*dout.shape[:2]):
            window = x[n, 2 * i : 2 * i + 3]
            signal = dout[n, i].sum() if each else dout[n, i]
            dx[n, 2 * i : 2 * i + 3] += (window == window.max()) * signal
        return dx

    (finding,) = sc.check_backward(backward, sc.MaxPool1D(3, stride=2), ties=False).findings
    assert finding.mistake == "mask over all channels"
