"""Attention with several heads as a module of PyTorch, and networks that are made of it."""

from itertools import product

import pytest

import symcnn as sc
from tests.draws import slow, some

torch = pytest.importorskip("torch")

from tests.imports.modules import settled  # noqa: E402 - it needs PyTorch

nn = torch.nn
LENGTH, WIDTH, HEADS = 5, 6, 2


class Attended(nn.Module):
    """Attention of a sequence to itself, or to two others that are computed from it."""

    def __init__(self, crossed=False, first=True, causal=False, weights=False, **settings):
        super().__init__()
        self.crossed, self.first, self.causal, self.weights = crossed, first, causal, weights
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=first, **settings)
        self.key = nn.Linear(WIDTH, settings.get("kdim") or WIDTH)
        self.value = nn.Linear(WIDTH, settings.get("vdim") or WIDTH)

    def forward(self, x):
        x = x if self.first else x.transpose(0, 1)
        key, value = (self.key(x), self.value(x)) if self.crossed else (x, x)
        masked = nn.Transformer.generate_square_subsequent_mask(LENGTH, dtype=x.dtype)
        mask = masked if self.causal else None
        options = {"need_weights": self.weights, "attn_mask": mask, "is_causal": self.causal}
        y, _ = self.attention(x, key, value, **options)
        return y if self.first else y.transpose(0, 1)


KINDS = {
    "self": {},
    "other dimensions": {"crossed": True, "kdim": 4, "vdim": 3},
    "causal": {"causal": True},
    "crossed": {"crossed": True},
    "without biases": {"bias": False},
    "samples second": {"first": False},
    "with weights": {"weights": True, "causal": True},
}


@pytest.mark.filterwarnings("ignore:.*is_causal")
@pytest.mark.parametrize(("kind", "samples"), some(product(KINDS, [1, 2]), every=7))
def test_heads_of_attention(kind, samples):
    """Outputs and all gradients, which the import compares, and the number of weights."""
    module, reports = settled(Attended(**KINDS[kind])), []
    sc.from_torch(module, torch.randn(samples, LENGTH, WIDTH), report=reports.append)
    (report,) = reports
    named = dict(module.attention.named_parameters(prefix="attention"))
    assert named.keys() <= report.gradients.keys()
    assert report.uncompared == ()


def test_the_module_of_pytorch_is_as_before():
    own = nn.MultiheadAttention.forward
    sc.from_torch(settled(Attended()), torch.randn(1, LENGTH, WIDTH))
    with pytest.raises(sc.SymcnnError):
        sc.from_torch(settled(Attended(add_bias_kv=True)), torch.randn(1, LENGTH, WIDTH))
    assert nn.MultiheadAttention.forward is own


@pytest.mark.parametrize("averaged", some([True, False]))
def test_the_weights_of_attention(averaged):
    class Weights(Attended):
        def forward(self, x):
            return self.attention(x, x, x, average_attn_weights=averaged)[1]

    module, x = settled(Weights()), torch.randn(2, LENGTH, WIDTH)
    reports = []
    sc.from_torch(module, x, report=reports.append)
    assert reports[0].gradients.keys() == {"attention.in_proj_weight", "attention.in_proj_bias"}


class Masked(Attended):
    """Attention with one kind of mask."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def forward(self, x):
        mask = torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1)
        if self.kind == "causal weights":
            return self.attention(x, x, x, attn_mask=mask, is_causal=True)[1]
        if self.kind == "padding":
            return self.attention(x, x, x, key_padding_mask=mask[:2])[0]
        return self.attention(x, x, x, attn_mask=mask)[0]


@pytest.mark.parametrize("kind", some(["another mask", "causal weights"]))
def test_a_mask_that_is_stated(kind):
    reports, x = [], torch.randn(2, LENGTH, WIDTH)
    sc.from_torch(settled(Masked(kind)), x, report=reports.append)
    assert reports[0].largest < 1e-9


def test_a_mask_that_differs_between_samples_is_refused():
    with pytest.raises(sc.SymcnnError, match=r"node '.*differs between samples"):
        sc.from_torch(settled(Masked("padding")), torch.randn(2, LENGTH, WIDTH))


def _encoder():
    layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 8, batch_first=True)
    return nn.Sequential(nn.TransformerEncoder(layer, 2), nn.Flatten(), nn.Linear(30, 3))


def _vision_transformer():
    torchvision = pytest.importorskip("torchvision")
    return torchvision.models.VisionTransformer(16, 8, 2, 2, 8, 12, num_classes=3)


@slow
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("made", [_encoder, _vision_transformer])
def test_a_transformer_trains_as_in_pytorch(made):
    """Three steps of gradient descent lead to the losses that PyTorch's optimiser reaches."""
    module = settled(made()).double().eval()
    shape = (2, LENGTH, WIDTH) if made is _encoder else (2, 3, 16, 16)
    x, target = torch.rand(shape, dtype=torch.float64), torch.tensor([1, 0])
    problem = sc.from_torch(module, x, loss=sc.SoftmaxCrossEntropy(), target=[1, 0])
    own = sc.train(problem, steps=3, rate=0.1)
    optimiser, theirs = torch.optim.SGD(module.parameters(), 0.1), []
    for _ in range(3):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(module(x), target)
        loss.backward()
        theirs.append(loss.item())
        optimiser.step()
    assert list(own.losses)[:3] == pytest.approx(theirs, rel=1e-9)
