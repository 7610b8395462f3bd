"""What cannot be imported is one line: the node, its operator, the shapes, and what to do."""

import pytest

import symcnn as sc
from tests.draws import some

torch = pytest.importorskip("torch")
nn = torch.nn

IMAGE = torch.rand(2, 3, 4, 5)


class Called(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


def filled(x):
    """Rows below one of zeros, written into an array that is there."""
    made = x.new_zeros(x.shape)
    made[:, :, 1:] = x[:, :, :-1]
    return made


def filled_within(x):
    """A part of what another tensor shares becomes constant."""
    made = x.tanh()
    made[:, :, 1:2].fill_(2)
    return made


def refusal(function, x=IMAGE, **options):
    module = function if isinstance(function, nn.Module) else Called(function)
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_torch(module, x, **options)
    assert len(str(caught.value)) <= 183
    return str(caught.value)


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (
            lambda x: torch.fft.rfft(x.relu()).real,
            "node 'fft_rfft' (aten.fft_rfft.default, output 2x3x4x3): it computes complex "
            "numbers: state it in real numbers, such as a matrix product",
        ),
        (
            lambda x: x.topk(2)[0],
            "node 'topk' (aten.topk.default, output 2x3x4x2, 2x3x4x2): which entries it takes "
            "depends on their values: use amax, a pool, or write the layer yourself: "
            "docs/imports.md",
        ),
        (
            lambda x: nn.functional.grid_sample(x, torch.zeros(2, 2, 2, 2).double()),
            "node 'grid_sampler' (aten.grid_sampler.default, output 2x3x2x2): which entries it "
            "reads depends on data: read fixed places, as interpolate does",
        ),
        (
            lambda x: nn.functional.max_unpool2d(
                x[..., :2, :2].clone(), torch.tensor([0, 3, 8, 9]).view(2, 2).expand(2, 3, 2, 2), 2
            ),
            "node 'max_unpool2d' (aten.max_unpool2d.default, output 2x3x4x4): its indices are not "
            "those of a pool: give those that a max pool returns",
        ),
        (
            filled_within,
            "node 'fill_' (aten.fill_.Scalar, output 2x3x1x5): it writes in place into what "
            "another tensor shares: make a new tensor instead, as by torch.cat, torch.where or a "
            "product with a mask",
        ),
        (
            lambda x: x * x[x > 0.5].sum(),
            f"node 'index' (aten.index.Tensor, output {int((IMAGE > 0.5).sum())}): indices are "
            "computed from the input: use constant ones, or torch.where",
        ),
        (
            lambda x: torch.einsum("bchw,dchw->bd", x, x),
            "node 'einsum' (aten.einsum.default, output 2x2): samples are summed over or combined "
            "with each other: give all factors the same letter",
        ),
        (
            lambda x: x[:, :, ::2].flip(0),
            "node 'flip' (aten.flip.default, output 2x3x2x5): entries of several samples are "
            "mixed: keep the samples as an axis of their own",
        ),
        (
            lambda x: x.reshape(3, 40),
            "node 'reshape' (aten.reshape.default, output 3x40): a reshape from 2x3x4x5 to 3x40 "
            "splits samples: keep the axis of samples whole",
        ),
        (
            lambda x: x.reshape(6, 20),
            "the first axis of the output is not that of samples: return them there",
        ),
        (
            lambda x: x.reshape(6, 20).softmax(0),
            "node 'softmax' (aten.softmax.int, output 6x20): the samples are merged with the axis "
            "that this is along: keep the samples as an axis of their own",
        ),
        (
            lambda x: x + x.transpose(0, 1).reshape(2, 3, 4, 5),
            "node 'reshape' (aten.reshape.default, output 2x3x4x5): a reshape from 3x2x4x5 to "
            "2x3x4x5 splits samples: keep the axis of samples whole",
        ),
        (
            lambda x: x[:, :2] + x[:, :2].transpose(0, 1),
            "node 'add' (aten.add.Tensor, output 2x2x4x5): the samples are not at the same place "
            "in all: keep them in front",
        ),
        (
            lambda x: torch.cat([x, x]),
            "node 'cat' (aten.cat.default, output 4x3x4x5): samples are concatenated: import the "
            "network without that",
        ),
        (
            lambda x: x.mean(),
            "node 'mean' (aten.mean.default, output of a single number): samples are added up: "
            "reduce the other axes alone",
        ),
        (
            lambda x: x.transpose(0, 1).relu(),
            "the first axis of the output is not that of samples: return them there",
        ),
        (
            lambda x: filled(x) + x,
            "node 'copy_' (aten.copy_.default, output 2x3x3x5): a constant is filled with what "
            "depends on the input: use torch.cat, or torch.nn.functional.pad",
        ),
        (
            lambda x: x.argmax(1),
            "node 'argmax' (aten.argmax.default, output 2x4x5): the place of a maximum has no "
            "derivative: end the network before it, and take the argmax of its output",
        ),
        (
            lambda x: x.max(1).indices * x.mean(1),
            "node 'mul' (aten.mul.Tensor, output 2x4x5): it reads getitem_1, another output "
            "than the first: use the first output of a node alone",
        ),
        (
            lambda x: (x, x + 1),
            "the module returns 2 tensors, ['0', '1']: choose one, output=0",
        ),
        (
            lambda x: torch.ones(2),
            "the output does not depend on the input: nothing is left to import",
        ),
        (
            lambda x: x,
            "the output is not one of a network: let the module return a layer's",
        ),
    ],
)
def test_an_operator(function, line):
    assert refusal(function) == line


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"loss": "mse"}, "the loss is 'mse': give one of symcnn, such as SoftmaxCrossEntropy()"),
        (
            {"loss": sc.MeanSquaredError()},
            "the loss needs a target: give target = ..., of the module's output",
        ),
        (
            {"loss": sc.MeanSquaredError(), "target": torch.ones(2, 4, 5, 3)},
            "the target has the shape 2x4x5x3, but the module returns 2x3x4x5: give a target of "
            "that shape",
        ),
        ({"target": [1, 2]}, "SumOfOutputs has no target: remove it, or choose a loss"),
    ],
)
def test_a_loss(options, line):
    assert refusal(nn.ReLU(), **options) == line


def test_a_class():
    line = "the target is not the number of a class: give numbers from 0 to 3"
    options = {"loss": sc.SoftmaxCrossEntropy(), "target": [1, 4]}
    assert refusal(nn.Linear(5, 4), torch.rand(2, 5), **options) == line


def generated(x, weights):
    """A convolution whose kernel is computed from the image."""
    return nn.functional.conv2d(x, weights(x.mean((2, 3))).view(4, 3, 3, 3))


def test_a_kernel_that_is_computed_from_the_input():
    class Generated(nn.Module):
        def __init__(self):
            super().__init__()
            self.weights = nn.Linear(3, 108)

        def forward(self, x):
            return generated(x, self.weights)

    assert refusal(Generated(), torch.rand(1, 3, 6, 6)) == (
        "node 'conv2d' (aten.conv2d.default, output 1x4x4x4): weight depends on the input: use a "
        "parameter or a constant there"
    )
    line = refusal(lambda x: nn.functional.prelu(x, x.mean((2, 3))[0]), torch.rand(1, 3, 6, 6))
    assert "(aten.prelu.default, output 1x3x6x6): weight depends on the input: use a " in line


@pytest.mark.parametrize("factor", some([1.7, 0.7, 1.3, 2.5]))
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_an_image_that_is_resized_by_a_factor(factor, mode):
    """PyTorch divides positions by the factor, unless it is told to take the ratio of sizes."""
    image = torch.rand(1, 2, 7, 10)

    def resized(x, **settings):
        return nn.functional.interpolate(x, scale_factor=factor, mode=mode, **settings)

    assert_read(resized, image)
    assert_read(lambda x: resized(x, recompute_scale_factor=True), image)


def test_a_size_whose_ratio_is_rounded():
    """The entry 41 of 82 is the second of two, and PyTorch takes the first."""
    assert_read(lambda x: nn.functional.interpolate(x, (82, 1)), torch.rand(1, 1, 2, 1))


def assert_read(function, x):
    reports = []
    sc.from_torch(Called(function), x, report=reports.append)
    assert reports[0].outputs < 1e-12
