"""Networks that merge the axis of samples with others: heads of attention, windows, patches.

In symcnn they have one sample or a batch all the same, and are compared with PyTorch.
"""

from itertools import product

import pytest

import symcnn as sc
from tests.draws import one_of, slow, some

torch = pytest.importorskip("torch")

from tests.imports.modules import settled  # noqa: E402 - it needs PyTorch

nn = torch.nn

pytestmark = pytest.mark.filterwarnings("ignore::symcnn.CopiedWarning")
LENGTH, WIDTH, HEADS = 5, 6, 2


class Called(nn.Module):
    """A function of an input and of modules."""

    def __init__(self, function, **parts):
        super().__init__()
        self.function = function
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.function(self, x)


def rows(m, x):
    """Dense layer and batch normalisation of all positions of all samples, as in LeViT."""
    return m.norm(m.dense(x).flatten(0, 1)).reshape(len(x), LENGTH, WIDTH)


def heads(m, x):
    """Attention whose heads are samples of a product of matrices."""
    q = m.dense(x).view(len(x), LENGTH, HEADS, -1).transpose(1, 2).reshape(-1, LENGTH, 3)
    made = torch.bmm(torch.bmm(q, q.transpose(1, 2)).softmax(-1), q)
    return made.view(len(x), HEADS, LENGTH, 3).transpose(1, 2).reshape(x.shape)


def windows(m, x):
    """Attention within windows of an image, with learned relative positions, as in Swin."""
    n, height, width, c = x.shape
    split = x.view(n, height // 2, 2, width // 2, 2, c).permute(0, 1, 3, 2, 4, 5)
    read = m.dense(split.reshape(-1, 4, c)).reshape(-1, 4, HEADS, c // HEADS).transpose(1, 2)
    shares = (read @ read.transpose(-2, -1) * 0.3 + m.position[:, m.places]).softmax(-1)
    made = (shares @ read).transpose(1, 2).reshape(-1, 4, c)
    parts = made.view(n, height // 2, width // 2, 2, 2, c).permute(0, 1, 3, 2, 4, 5)
    return parts.reshape(x.shape) + x


def patches(m, x):
    """The pixels at one place of all patches, as in MobileViT."""
    n = len(x)
    cut = x.reshape(n * 3 * 2, 2, 3, 2).transpose(1, 2).reshape(n, 3, 6, 4)
    y = m.dense(cut.transpose(1, 3).reshape(n * 4, 6, 3)).contiguous().view(n, 4, 6, 3)
    return y.transpose(1, 3).reshape(n * 3 * 2, 3, 2, 2).transpose(1, 2).reshape(n, 3, 4, 6)


def middle(m, x):
    """Samples that are merged with what stands in front of them, and come back."""
    y = m.dense(x.permute(1, 0, 2).reshape(LENGTH * len(x), WIDTH))
    return y.view(LENGTH, len(x), 2, 3).permute(1, 0, 3, 2).flatten(1)


def parts(m, x):
    """What is concatenated, sliced, added, multiplied and averaged in rows of all samples."""
    y = m.dense(x).flatten(0, 1)
    both = torch.cat([x.flatten(0, 1) + y, y * x.reshape(-1, WIDTH)], -1)[:, 1:]
    return both.mean(-1, keepdim=True).view(-1, LENGTH, 1) * x


def regrouped(m, x):
    """The same rows, once as one axis and once as two beside the samples."""
    y = m.dense(x).reshape(-1, LENGTH, 3, 2).flatten(0, 2)
    return (y + x.flatten(1).reshape(-1, 2)).view(-1, LENGTH, WIDTH)


def convolved(m, x):
    """A convolution within windows of an image, as in EfficientViT."""
    n, c, height, width = x.shape
    split = x.view(n, c, height // 2, 2, width // 3, 3).permute(0, 2, 4, 1, 3, 5)
    y = m.norm(m.conv(split.reshape(-1, c, 2, 3)))
    parts = y.view(n, height // 2, width // 3, c, 2, 3).permute(0, 3, 1, 4, 2, 5)
    return parts.reshape(x.shape) * x


def framed(m, x):
    """A convolution of the frames of films whose axis is in front of that of the samples."""
    frames = m.conv(x.transpose(0, 1).flatten(0, 1))
    return frames.unflatten(0, (-1, len(x))).transpose(0, 1).flatten(2)


def biased(m, x):
    """Attention with something added to its scores, as in MaxViT."""
    q = m.dense(x).view(len(x), LENGTH, HEADS, -1).transpose(1, 2)
    made = nn.functional.scaled_dot_product_attention(q, q, q, m.bias)
    return made.transpose(1, 2).flatten(2)


def norms(m, x):
    """Scalar products of normalised queries, as in EdgeNeXt, and a norm along two axes."""
    q = m.dense(x).view(len(x), LENGTH, HEADS, -1).permute(0, 2, 3, 1)
    q = nn.functional.normalize(q.flatten(0, 1), dim=-1).unflatten(0, (-1, HEADS))
    return q.flatten(1, 2).transpose(1, 2) * x.norm(dim=(1, 2), keepdim=True)


def positions(m, x):
    """The normalised pixels of an image in a row: PyTorch's own gradients of one are wrong."""
    return m.norm(m.conv(x)).flatten(2).transpose(1, 2)


def many_axes(m, x):
    """A dense layer along the last of six axes."""
    return m.dense(x.reshape(-1, 1, LENGTH, 1, 1, WIDTH)).flatten(1)


def _dense(width=WIDTH):
    return nn.Linear(width, width)


PLACES = torch.tensor([[4, 5, 7, 8], [3, 4, 6, 7], [1, 2, 4, 5], [0, 1, 3, 4]])
"""Which relative position each of four pixels has to each of them."""

SEQUENCE = (LENGTH, WIDTH)
NETWORKS = {
    "rows": (rows, SEQUENCE, lambda: {"dense": _dense(), "norm": nn.BatchNorm1d(WIDTH)}),
    "heads": (heads, SEQUENCE, lambda: {"dense": _dense()}),
    "windows": (
        windows,
        (4, 6, WIDTH),
        lambda: {
            "dense": _dense(),
            "position": nn.Parameter(torch.rand(HEADS, 9)),
            "places": PLACES,
        },
    ),
    "patches": (
        patches,
        (3, 4, 6),
        lambda: {"dense": nn.Sequential(nn.LayerNorm(3), _dense(3), nn.GELU())},
    ),
    "middle": (middle, SEQUENCE, lambda: {"dense": _dense()}),
    "parts": (parts, SEQUENCE, lambda: {"dense": _dense()}),
    "regrouped": (regrouped, SEQUENCE, lambda: {"dense": _dense()}),
    "convolved": (
        convolved,
        (4, 4, 6),
        lambda: {
            "conv": nn.Conv2d(4, 4, (1, 3), padding=(0, 1), groups=2),
            "norm": nn.BatchNorm2d(4),
        },
    ),
    "framed": (
        framed,
        (3, 2, 5),
        lambda: {"conv": nn.Conv1d(2, 4, 3, stride=2, dilation=2, padding=1, bias=False)},
    ),
    "biased": (
        biased,
        SEQUENCE,
        lambda: {"dense": _dense(), "bias": nn.Parameter(torch.rand(HEADS, LENGTH, LENGTH))},
    ),
    "norms": (norms, SEQUENCE, lambda: {"dense": _dense()}),
    "positions": (
        positions,
        (2, 3, 4),
        lambda: {"conv": nn.Conv2d(2, 3, 1, bias=False), "norm": nn.BatchNorm2d(3)},
    ),
    "many axes": (many_axes, SEQUENCE, lambda: {"dense": _dense()}),
}


def network(name, samples):
    """Return a module with its input, drawn anew."""
    torch.manual_seed(samples)
    function, shape, made = NETWORKS[name]
    return settled(Called(function, **made())), torch.randn(samples, *shape)


@pytest.mark.parametrize(("name", "samples"), one_of(product(NETWORKS, [1, 2, 3])))
def test_a_network_that_merges_samples(name, samples):
    """Outputs and all gradients, which the import compares."""
    (module, x), reports = network(name, samples), []
    problem = sc.from_torch(module, x, report=reports.append)
    (report,) = reports
    assert report.gradients.keys() == dict(module.named_parameters()).keys()
    assert report.zeros == report.uncompared == ()
    assert [*report.copies] == (["position"] if name == "windows" else [])  # a table
    assert problem.network.batch == (None if samples == 1 else samples)


@slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NETWORKS)
def test_a_program_that_merges_samples(name, tmp_path):
    """A file of the program holds the same network; its gradients are compared as well."""
    (module, x), reports = network(name, 1), []
    _from_pt2(module, x, tmp_path / "model.pt2", report=reports.append)
    assert reports[0].gradients.keys() == dict(module.named_parameters()).keys()


@slow
@pytest.mark.parametrize("name", NETWORKS)
def test_the_samples_do_not_depend_on_each_other(name):
    """The network of three samples has the loss of three networks of one."""
    module, x = network(name, 3)
    losses = [sc.evaluate(sc.from_torch(module, one[None])).loss for one in x]
    whole = sc.evaluate(sc.from_torch(module, x)).loss
    assert float(whole) == pytest.approx(sum(map(float, losses)), rel=1e-12)


@slow
@pytest.mark.parametrize("samples", [1, 2])
def test_windows_that_are_shifted(samples):
    """The windows of a Swin transformer, with masks and learned relative positions."""
    torchvision = pytest.importorskip("torchvision")
    module = torchvision.models.SwinTransformer([4, 4], 8, [1, 2], [2, 2], [4, 4], num_classes=3)
    reports = []
    sc.from_torch(settled(module), torch.rand(samples, 3, 32, 32), report=reports.append)
    assert reports[0].gradients.keys() == dict(module.named_parameters()).keys()
    assert reports[0].zeros == ()


def _attention():
    return Called(
        lambda m, x: m.attention(x, x, x)[0].flatten(1) @ m.out,
        attention=nn.MultiheadAttention(WIDTH, HEADS, batch_first=True),
        out=nn.Parameter(torch.rand(LENGTH * WIDTH, 3)),
    )


def _encoder():
    layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 8, batch_first=True)
    return nn.Sequential(layer, nn.Flatten(), nn.Linear(LENGTH * WIDTH, 3))


def _from_pt2(module, x, path, **options):
    torch.export.save(torch.export.export(module, (x,)), path)
    return sc.from_pt2(path, **options)


def _from_onnx(module, x, path, **options):
    pytest.importorskip("onnxscript")
    torch.onnx.export(module, (x,), path, dynamo=True, verbose=False)
    return sc.from_onnx(path, x.numpy(), **options)


@slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("made", "read", "samples"),
    some(product([_attention, _encoder], [_from_pt2, _from_onnx], [1, 2]), every=5),
)
def test_attention_from_a_file_trains_as_in_pytorch(made, read, samples, tmp_path):
    """Three steps of gradient descent lead to the losses that PyTorch's optimiser reaches."""
    module = settled(made()).eval()
    x, classes = torch.rand(samples, LENGTH, WIDTH), [1, 0][:samples]
    loss = {"loss": sc.SoftmaxCrossEntropy(), "target": classes}
    problem = read(module, x, str(tmp_path / "model.pt2"), **loss)
    own = sc.train(problem, steps=3, rate=0.1)
    module, x = module.double(), x.double()
    optimiser, theirs = torch.optim.SGD(module.parameters(), 0.1), []
    for _ in range(3):
        optimiser.zero_grad()
        found = nn.functional.cross_entropy(module(x), torch.tensor(classes))
        found.backward()
        theirs.append(found.item())
        optimiser.step()
    assert list(map(float, own.losses))[:3] == pytest.approx(theirs, rel=1e-7)
