"""Networks as people have them, with random weights and statistics: slow, and run on request."""

import importlib
from pathlib import Path

import pytest

import symcnn as sc
from tests.draws import huge, slow

torch = pytest.importorskip("torch")

from tests.imports.modules import settled  # noqa: E402

TORCHVISION = {
    "alexnet": 64,
    "convnext_tiny": 32,
    "densenet121": 32,
    "efficientnet_b0": 32,
    "googlenet": 64,
    "inception_v3": 96,
    "mnasnet1_0": 32,
    "mobilenet_v2": 32,
    "mobilenet_v3_small": 32,
    "mobilenet_v3_large": 32,
    "regnet_x_400mf": 32,
    "regnet_y_400mf": 32,
    "resnet18": 32,
    "resnet50": 32,
    "resnext50_32x4d": 32,
    "shufflenet_v2_x1_0": 32,
    "squeezenet1_1": 64,
    "vgg11_bn": 32,
}
"""Eighteen kinds of classification networks, each with the size of an image."""

LIGHT = (
    *("bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet"),
    *("squeezenet", "vgg19", "zfnet512"),
)


@huge
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TORCHVISION)
def test_a_network_of_torchvision(name):
    torchvision = pytest.importorskip("torchvision")
    torch.manual_seed(0)
    own = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    size = TORCHVISION[name]
    module, reports = drawn_statistics(torchvision.models.get_model(name, **own), size), []
    sc.from_torch(module, torch.rand(2, 3, size, size), report=reports.append)
    (report,) = reports
    print(f"{name}: {report}")
    assert report.uncompared == ()
    assert len(report.zeros) < len(report.gradients) / 10  # signals arrive
    assert report.outputs < 1e-9
    assert report.largest < 1e-8
    used = {n for n, _ in module.named_parameters() if not n.startswith(("aux", "Aux"))}
    assert report.gradients.keys() == used


def drawn_statistics(module, size):
    """Keep the initial weights, and draw running statistics near those of random images.

    With others, no signal gets through the many layers, and zeros would be compared with zeros.
    """
    random = torch.Generator().manual_seed(1)
    module.eval()
    norms = [part for part in module.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.train()
        norm.momentum = 1.0
    with torch.no_grad():
        module(torch.rand(4, 3, size, size, generator=random))
    for norm in norms:
        norm.eval()
        deviation = norm.running_var.sqrt()
        norm.running_mean += 0.3 * deviation * torch.randn(deviation.shape, generator=random)
        norm.running_var *= torch.rand(deviation.shape, generator=random) + 0.5
    for name, numbers in module.named_parameters():
        if name.endswith("layer_scale"):
            numbers.data.copy_(torch.rand(numbers.shape, generator=random))
    return module


def without_the_last(onnx, path, folder):
    """Write a model without its last operator, and return where it is."""
    model = onnx.load(path)
    last = model.graph.node.pop()
    model.graph.output[0].name = last.input[0]
    onnx.save(model, folder / path.name)
    return folder / path.name


@huge
@pytest.mark.parametrize("name", LIGHT)
def test_a_light_model_of_onnx(name, tmp_path):
    """Their weights are all alike: a softmax amplifies the rounding of logits of a billion."""
    onnx = pytest.importorskip("onnx")
    np = importlib.import_module("numpy")
    path = Path(onnx.__file__).parent / f"backend/test/data/light/light_{name}.onnx"
    if name == "squeezenet":
        path = without_the_last(onnx, path, tmp_path)
    reports, x = [], np.random.default_rng(0).uniform(size=(1, 3, 224, 224)) * 1e-9
    sc.from_onnx(path, x, report=reports.append)
    print(f"{name}: {reports[0]}")
    assert reports[0].outputs < 1e-9


def test_a_module_of_every_kind_of_part():
    """A small network that has what the large ones have, by default."""
    nn = torch.nn

    class Block(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.conv = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
            self.bn = nn.BatchNorm2d(channels)
            self.act = nn.Hardswish(inplace=True)
            self.pool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, channels, 1)

        def forward(self, x):
            y = self.act(self.bn(self.conv(x)))
            return x + y * self.fc(self.pool(y)).sigmoid()

    features = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.MaxPool2d(3, 2, ceil_mode=True))
    features.extend([Block(4), nn.Conv2d(4, 5, 1), nn.ReLU6()])
    module = nn.Sequential(features, nn.Flatten(), nn.Dropout(0.2), nn.Linear(30, 3))
    reports = []
    sc.from_torch(settled(module), torch.rand(2, 3, 13, 12), report=reports.append)
    assert reports[0].gradients.keys() == dict(module.named_parameters()).keys()


@slow
def test_a_small_u_net():
    nn = torch.nn

    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.down, self.pool = nn.Conv2d(1, 4, 3, padding=1), nn.MaxPool2d(2)
            self.middle = nn.Conv2d(4, 6, 3, padding=1)
            self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
            self.end = nn.Conv2d(8, 2, 1)

        def forward(self, x):
            y = self.down(x).relu()
            z = self.up(self.middle(self.pool(y)).relu())
            return self.end(torch.cat([y, z], 1))

    reports, module = [], settled(UNet())
    problem = sc.from_torch(module, torch.rand(2, 1, 6, 8), report=reports.append)
    assert reports[0].gradients.keys() == dict(module.named_parameters()).keys()
    assert problem.network.output.shape == (2, 6, 8, 2)


@slow
def test_a_small_vision_transformer():
    """Patches, a class token, positions, heads of attention, and a dense block behind them."""
    nn, functional = torch.nn, torch.nn.functional

    class Transformer(nn.Module):
        def __init__(self, width=6, heads=2):
            super().__init__()
            self.heads, self.patches = heads, nn.Conv2d(3, width, 4, stride=4)
            self.token = nn.Parameter(torch.rand(1, 1, width))
            self.position = nn.Parameter(torch.rand(1, 7, width))
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.mlp = nn.Sequential(nn.Linear(width, 9), nn.GELU(), nn.Linear(9, width))
            self.head = nn.Linear(width, 3)

        def attended(self, x):
            n, length, width = x.shape
            heads = self.qkv(x).reshape(n, length, 3, self.heads, width // self.heads)
            q, k, v = heads.permute(2, 0, 3, 1, 4).unbind(0)
            made = functional.scaled_dot_product_attention(q, k, v)
            return self.proj(made.transpose(1, 2).reshape(n, length, width))

        def forward(self, x):
            x = self.patches(x).flatten(2).transpose(1, 2)
            x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
            x = x + self.attended(self.norm1(x))
            x = x + self.mlp(self.norm2(x))
            return self.head(x[:, 0])

    reports, module = [], settled(Transformer())
    sc.from_torch(module, torch.rand(2, 3, 8, 12), report=reports.append)
    assert reports[0].gradients.keys() == dict(module.named_parameters()).keys()
