"""Usual slips, each with the line that is said of it: the place, the value and the remedy."""

from pathlib import Path

import pytest

import symcnn as sc
from symcnn.cli.start import main

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional

HERE = Path(__file__).name
IMAGE, VECTOR = torch.rand(1, 3, 6, 6), torch.rand(1, 4)
CONV = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
LOAD = "build the module, module.load_state_dict(...), and give the module"
SAMPLES = "but the first one counts the samples"
SHARED = (
    "it writes in place into what another tensor shares: make a new tensor instead, as by "
    "torch.cat, torch.where or a product with a mask"
)
BRANCH = (
    "Python needs a number that depends on data (if, while, float, item): choose by torch.where, "
    "and keep numbers in tensors"
)


class Called(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.conv, self.function = nn.Conv2d(3, 3, 1), function

    def forward(self, *inputs):
        return self.function(self.conv(inputs[0]), *inputs)


class Counts(nn.Module):
    calls = 0

    def forward(self, x):
        self.calls += 1
        return (x * self.calls).relu()


def assigned(y, x):
    y[:, 0] = 0
    return y


def added(y, x):
    y[:, 1:] += x[:, 1:]
    return y.relu()


def viewed(y, x):
    flat = y.flatten(1)
    y.relu_()
    return flat


def split(y, x):
    y.split([1, 2], 1)[0].relu_()
    return y


def chosen(y, x):
    return y if x.sum() > 0 else x


def line_of(function, error=sc.SymcnnError):
    with pytest.raises(error) as caught:
        function()
    assert len(str(caught.value)) <= 183
    return str(caught.value)


def line_at(function):
    """Return where the first line of a function's body is."""
    return f"{HERE}:{function.__code__.co_firstlineno + 1}"


def cast(made, what):
    return (
        Called(lambda y, x: made(y)),
        IMAGE,
        f"node 'to' (aten.to.dtype, output 1x3x6x6): it rounds to {what}",
    )


@pytest.mark.parametrize(
    ("module", "x", "line"),
    [
        (
            CONV,
            IMAGE[0],
            "the example input 3x6x6 has no axis of samples in front: give x.unsqueeze(0), one "
            "sample",
        ),
        (
            nn.MaxPool2d(2),
            IMAGE[0],
            "node 'max_pool2d' (aten.max_pool2d.default, output 3x3x3): its input has no axis of "
            "samples: give x.unsqueeze(0), one sample",
        ),
        (
            nn.Linear(4, 2),
            VECTOR[0],
            f"the example input has a single axis, {SAMPLES}: give x.unsqueeze(0) for one sample",
        ),
        (
            CONV,
            IMAGE.movedim(1, -1),
            "the example input 1x6x6x3 has its channels last, but the module reads them behind the "
            "samples: give x.movedim(-1, 1)",
        ),
        (
            CONV,
            IMAGE.long(),
            "the example input 1x3x6x6 has whole numbers, but the module computes with floats: "
            "give x.float()",
        ),
        (
            nn.Embedding(5, 3),
            VECTOR,
            "the example input 1x4 has floats, but the module looks up whole numbers: give "
            "x.long()",
        ),
        (
            CONV,
            torch.rand(1, 3, 8, 8),
            "the module does not run on the example input 1x3x8x8 (RuntimeError: mat1 and mat2 "
            "shapes cannot be multiplied (1x144 and 64x2)): mend what module(x) raises",
        ),
        (
            CONV,
            IMAGE.to(torch.complex64),
            "the example input has complex numbers, but symcnn computes with real ones: give real "
            "and imaginary parts as two channels",
        ),
        (
            nn.Linear(4, 2),
            VECTOR.to_sparse(),
            "the example input is stored as torch.sparse_coo: give x.to_dense()",
        ),
        (
            CONV,
            IMAGE.to("meta"),
            "the example input has no numbers, on the device meta: give torch.rand(x.shape)",
        ),
        (CONV, IMAGE.numpy(), "the example input is an array of NumPy: give torch.from_numpy(x)"),
        (
            CONV,
            [[1.0]],
            "the example input has no tensor: give one, torch.rand(1, 3, 32, 32)",
        ),
        (
            IMAGE,
            CONV,
            "the example input is a module: give the module first, from_torch(module, x)",
        ),
        (
            nn.Linear(4, 2, dtype=torch.complex64),
            VECTOR,
            "the module's tensor 'weight' has complex numbers: state it with real and imaginary "
            "parts",
        ),
        (
            nn.Sequential(nn.LazyLinear(2)),
            VECTOR,
            "the module's tensor '0.weight' is lazy, without a shape yet: call module(x) once "
            "before the import",
        ),
        (
            nn.Linear(4, 2, device="meta"),
            VECTOR,
            "the module's tensor 'weight' has no numbers, on the device meta: make it with "
            "to_empty, then module.load_state_dict(...), and give the module",
        ),
        (nn.ReLU, IMAGE, "the module is the class ReLU: call it, ReLU(...)"),
        (
            CONV.state_dict(),
            IMAGE,
            f"the module is a state_dict, which has weights alone: {LOAD}",
        ),
        ("model.pt", IMAGE, f"the module is the path of a file, 'model.pt': {LOAD}"),
        (
            Path("a.onnx"),
            IMAGE,
            "the module is the path of a file, 'a.onnx': sc.from_onnx(path) reads it",
        ),
        (
            functional.relu,
            IMAGE,
            "the module is the function 'relu': give a torch.nn.Module whose forward calls it",
        ),
        (
            Called(chosen),
            IMAGE,
            f"the module cannot be exported at {line_at(chosen)}: {BRANCH}",
        ),
        (
            Called(lambda y, x: y * x.max().item()),
            IMAGE,
            "node 'item' (aten.item.default): a number of Python depends on the input, and would "
            "be fixed: keep it a tensor, without .item()",
        ),
        (
            Called(assigned),
            IMAGE,
            f"node 'fill_' (aten.fill_.Tensor, output 1x6x6): {SHARED}",
        ),
        (
            Called(added),
            IMAGE,
            f"node 'add_' (aten.add_.Tensor, output 1x2x6x6): {SHARED}",
        ),
        (
            Called(viewed),
            IMAGE,
            f"node 'relu_' (aten.relu_.default, output 1x3x6x6): {SHARED}",
        ),
        (
            Called(split),
            IMAGE,
            f"the module cannot be exported at {line_at(split)}: {SHARED}",
        ),
        cast(torch.Tensor.half, "float16: remove the cast, which changes the numbers"),
        cast(torch.Tensor.bfloat16, "bfloat16: remove the cast, which changes the numbers"),
        cast(torch.Tensor.int, "whole numbers, whose derivatives are 0: remove the cast"),
        (
            Called(lambda y, x: functional.grid_sample(y, x[:, :2].permute(0, 2, 3, 1))),
            IMAGE,
            "node 'grid_sampler' (aten.grid_sampler.default, output 1x3x6x6): which entries it "
            "reads depends on data: read fixed places, as interpolate does",
        ),
        (
            Called(lambda y, x: torch.fft.fft2(y).abs()),
            IMAGE,
            "node 'fft_fft2' (aten.fft_fft2.default, output 1x3x6x6): it computes complex numbers: "
            "state it in real numbers, such as a matrix product",
        ),
        (
            Called(lambda y, x: functional.dropout(y, 0.5)),
            IMAGE,
            "node 'dropout' (aten.dropout.default, output 1x3x6x6): dropout is in training mode: "
            "export the module in evaluation mode",
        ),
        (
            Called(lambda y, x: y * torch.rand(1)),
            IMAGE,
            "node 'rand' (aten.rand.default): it draws random numbers: remove it, or give its "
            "numbers as a buffer",
        ),
        (
            Counts(),
            IMAGE,
            "the module gives other outputs for the same input: remove random numbers, and what "
            "it keeps from one call to the next",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # of PyTorch about itself
def test_a_module_and_its_input(module, x, line):
    assert line_of(lambda: sc.from_torch(module, x)) == line


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of PyTorch about scripts
def test_a_script():
    assert line_of(lambda: sc.from_torch(torch.jit.script(CONV), IMAGE)) == (
        "the module is a ScriptModule, which cannot be exported: give the torch.nn.Module that was "
        "scripted or traced"
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda: torch.compile(CONV, backend="eager"),
        lambda: nn.DataParallel(CONV),
        lambda: Called(lambda y, x: {"y": y}),
        lambda: Called(lambda y, x: y.float().to(torch.float32).softmax(1, dtype=torch.float32)),
        lambda: Called(lambda y, x: y.mul_(2).add_(x)),
        lambda: Called(lambda y, x: y.flatten(1).relu_()),
    ],
)
def test_what_is_no_slip(made):
    """A module that is wrapped, one result in a table, casts to the usual floats, new tensors."""
    reports = []
    sc.from_torch(made(), IMAGE, report=reports.append)
    assert reports[0].outputs < 1e-14


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("my.toml", "is a problem file already: symcnn derive reads it as it is"),
        (
            "model.pt",
            "may hold a pickle, which can run code and is never read: load it in Python, and use "
            "sc.from_torch(module, x) or torch.export.save",
        ),
        (
            "model.keras",
            'is of Keras: write model.export("model.onnx", format="onnx"), and import that',
        ),
        ("model.py", "is source code, which is not run: use sc.from_torch(module, x) in Python"),
        ("model", "is neither .onnx nor .pt2: see docs/imports.md for what is imported"),
    ],
)
def test_a_file_of_another_kind(name, said, capsys):
    assert main(["import", name]) == 2
    assert capsys.readouterr().err == f"symcnn: error: {name!r} {said}\n"


def test_an_input_in_another_layout_than_an_exported_program():
    program = torch.export.export(CONV.eval(), (IMAGE,))
    shapes = "but the model takes (1, 3, 6, 6)"
    assert line_of(lambda: sc.from_torch(program, IMAGE.movedim(1, -1))) == (
        f"the input has the shape (1, 6, 6, 3), {shapes}: give np.moveaxis(x, -1, 1)"
    )
    assert line_of(lambda: sc.from_torch(program, IMAGE[0])) == (
        f"the input has the shape (3, 6, 6), {shapes}: give x[None], one sample"
    )
