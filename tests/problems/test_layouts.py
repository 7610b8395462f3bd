"""Kernels filter by filter, and images of one channel: what people type is what is read."""

from contextlib import chdir
from itertools import product

import numpy as np
import pytest

import symcnn as sc
from symcnn.problems.catalog import LAYERS
from symcnn.problems.load import load_network
from symcnn.problems.write import problem_file
from tests.problems.example import written

FIRST = 'layout = "filters-first"\n'

KERNELS = {
    "conv1d": (2, 1, 0),
    "conv2d": (3, 2, 0, 1),
    "conv3d": (4, 3, 0, 1, 2),
    "conv_transpose1d": (2, 1, 0),
    "conv_transpose2d": (3, 2, 0, 1),
    "conv_transpose3d": (4, 3, 0, 1, 2),
}
"""The layers with a kernel: the axes of (kernel, channels / groups, filters) that are typed as
(filters, channels / groups, kernel). Every other array of the library is typed as it is."""

SIZES = {1: (3,), 2: (2, 3), 3: (2, 1, 3)}
"""Of kernels along so many axes."""

CASES = [
    ("one filter, one channel", 1, 1, 1),
    ("one channel", 1, 3, 1),
    ("one filter", 2, 1, 1),
    ("square", 3, 3, 1),
    ("several", 3, 2, 1),
    ("grouped", 4, 6, 2),
    ("depthwise", 3, 3, 3),
    ("depthwise, two filters each", 2, 4, 2),
]
"""A name, how many channels and filters there are, and groups."""


def kind_of(name):
    return int(name[-2])


def file(name, channels, filters, groups, weight, shape=None, top=FIRST):
    axes = kind_of(name)
    shape = shape or [*[3, 4, 3][:axes], channels]
    values = [n % 7 - 2 for n in range(int(np.prod(shape)))]
    return f"""{top}
    input = {{shape = {shape}, values = {values}}}
    loss = {{type = "squared_error", target = 0}}
    [[layers]]
    type = "{name}"
    filters = {filters}
    kernel_size = {list(SIZES[axes])}
    groups = {groups}
    bias = false
    weight = {weight}
    [[layers]]
    type = "reduce_sum"
    """


def typed(kernel, name):
    return kernel.transpose(KERNELS[name])


def numbers(shape, seed=7):
    return np.random.default_rng(seed).integers(-4, 5, shape) / 4


def kernel_of(name, channels, filters, groups):
    return numbers((*SIZES[kind_of(name)], channels // groups, filters))


def loaded(folder, text):
    return sc.load(written(folder, text))


def refused(folder, text, load=sc.load):
    written(folder, text)
    with chdir(folder), pytest.raises(sc.SymcnnError) as caught:
        load("problem.toml")
    assert len(str(caught.value)) <= 183
    return str(caught.value)


def weight_of(problem):
    (name,) = (t.name for t in problem.network.parameters)
    return np.array(problem.values[name], dtype=float).reshape(problem.network.tensors[name].shape)


def test_every_layer_says_what_is_a_kernel():
    found = {name: kind.made.kernels for name, kind in LAYERS.items() if kind.made.kernels}
    assert found == dict.fromkeys(KERNELS, ("weight",))


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_is_read_filter_by_filter(name, tmp_path):
    for _, channels, filters, groups in CASES:
        kernel = kernel_of(name, channels, filters, groups)
        ours, one = typed(kernel, name), channels // groups
        forms = [ours.tolist(), ours.ravel().tolist()]
        forms += [ours[:, 0].tolist()] if one == 1 else []
        forms += [ours[0].tolist()] if filters == 1 else []
        forms += [ours[0, 0].tolist()] if filters == one == 1 else []
        for form in forms:
            problem = loaded(tmp_path, file(name, channels, filters, groups, form))
            assert np.array_equal(weight_of(problem), kernel)
        top = 'layout = "filters-last"\n'
        for form, said in product((kernel.tolist(), kernel.ravel().tolist()), ("", top)):
            text = file(name, channels, filters, groups, form, top=said)
            assert np.array_equal(weight_of(loaded(tmp_path, text)), kernel)


def by_pytorch(name, image, weight, groups):
    """Return the output of PyTorch, for an image and a kernel as they are typed, channels last."""
    torch = pytest.importorskip("torch")
    x = torch.tensor(np.moveaxis(image, -1, 0)[None])
    run = getattr(torch.nn.functional, name)
    if "transpose" in name:  # PyTorch's have (channels, filters / groups, kernel)
        blocks = np.split(weight, groups)  # of each group's filters: (filters, channels, kernel)
        weight = np.concatenate([block.swapaxes(0, 1) for block in blocks])
    return run(x, torch.tensor(np.ascontiguousarray(weight)), groups=groups).numpy()[0]


@pytest.mark.parametrize("name", KERNELS)
def test_pytorch_makes_the_same_of_what_is_typed(name, tmp_path):
    for _, channels, filters, groups in CASES:
        weight = numbers((filters, channels // groups, *SIZES[kind_of(name)]))
        problem = loaded(tmp_path, file(name, channels, filters, groups, weight.tolist()))
        image = np.array(problem.values["x"], dtype=float).reshape(problem.network.input_shape)
        made = by_pytorch(name, image, weight, groups)
        evaluation = sc.evaluate(problem)
        (output,) = (array for n, array in evaluation.outputs.items() if n.startswith("conv"))
        assert np.allclose(np.moveaxis(output, -1, 0), made, atol=1e-12)
        assert float(evaluation.loss) == pytest.approx(made.sum() ** 2, abs=1e-9)


def image(weight, channels, filters, size, top=""):
    return f"""{top}
    input = {{shape = [5, 5, {channels}], values = {[1] * 25 * channels}}}
    layers = [{{type = "conv2d", filters = {filters}, kernel_size = {size}, bias = false,
               weight = {weight}}}]
    loss = {{type = "sum"}}
    """.replace("\n               ", " ")


def test_a_shape_that_fits_the_other_layout_is_refused_by_name(tmp_path):
    place = "problem.toml: layers[0] (conv2d) weight: conv1.weight has the shape "
    reads = 'layout = "filters-first" at the top of the file reads it as '

    def said(shape, channels, filters, size, top=""):
        text = image(np.zeros(shape, int).tolist(), channels, filters, size, top)
        return refused(tmp_path, text).removeprefix(place)

    assert said((2, 3, 3), 1, 2, 3) == f"(2, 3, 3): {reads}2 filters of 3 x 3"
    assert said((2, 1, 3, 2), 1, 2, [3, 2]) == f"(2, 1, 3, 2): {reads}2 filters of 3 x 2"
    assert said((2, 4, 3, 3), 4, 2, 3) == (
        f"(2, 4, 3, 3): {reads}2 filters with 4 channels of 3 x 3"
    )
    assert said((4, 3, 3), 4, 1, 3) == f"(4, 3, 3): {reads}1 filter with 4 channels of 3 x 3"
    assert said((3, 3, 4), 4, 1, 3) == (
        "3x3x4, but 3x3x4x1 is needed: give nested lists of that shape or one flat list of 36 "
        "numbers"
    )
    assert said((3, 3, 4, 2), 4, 2, 3, FIRST) == (
        "(3, 3, 4, 2), that of (height, width, channels, filters): give 2x4x3x3, or leave out "
        'layout = "filters-first"'
    )
    assert said((2, 2), 1, 2, 3, FIRST) == (
        "2x2, but 2x1x3x3, filters first, is needed: give nested lists of that shape "
        "or one flat list of 18 numbers"
    )
    assert said((17,), 1, 2, 3, FIRST).startswith("17, but 2x1x3x3, filters first, is needed: ")


def test_what_shapes_do_not_tell_apart_is_not_guessed(tmp_path):
    """3 x 3 x 3 could begin with the kernel, with the channels or with the filters."""
    cube = np.arange(27).reshape(3, 3, 3)
    for channels, filters in ((1, 3), (3, 1)):
        text = image(cube.tolist(), channels, filters, 3)
        assert 'layout = "filters-first"' in refused(tmp_path, text)
        kernel = weight_of(loaded(tmp_path, FIRST + text))
        expected = cube.transpose(1, 2, 0)
        assert np.array_equal(kernel.squeeze(), expected)
    fourth = np.arange(81).reshape(3, 3, 3, 3)
    text = image(fourth.tolist(), 3, 3, 3)
    assert np.array_equal(weight_of(loaded(tmp_path, text)), fourth)
    kernel = weight_of(loaded(tmp_path, FIRST + text))
    assert np.array_equal(kernel, fourth.transpose(2, 3, 1, 0))
    flat = image([*range(81)], 3, 3, 3)
    assert np.array_equal(weight_of(loaded(tmp_path, flat)), fourth)
    assert np.array_equal(weight_of(loaded(tmp_path, FIRST + flat)), kernel)


def test_one_kernel_of_one_channel_needs_no_layout(tmp_path):
    rows = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    flat = loaded(tmp_path, image([*range(1, 10)], 1, 1, 3))
    for form in (rows, [rows], [[rows]], [[[[n]] for n in row] for row in rows]):
        for top in ("", FIRST):
            assert loaded(tmp_path, image(form, 1, 1, 3, top)) == flat


def test_an_unknown_layout_is_one_line(tmp_path):
    text = 'layout = "channels-first"' + image([1] * 9, 1, 1, 3)
    said = 'problem.toml: layout is \'channels-first\': give "filters-first" or "filters-last"'
    assert refused(tmp_path, text) == said
    assert refused(tmp_path, text, load_network) == said
    assert refused(tmp_path, "layout = 3" + image([1] * 9, 1, 1, 3)).endswith(
        'layout is 3: give "filters-first" or "filters-last"'
    )


def test_dense_weights_stay_as_they_are(tmp_path):
    text = """
    input = {shape = [2], values = [1, 2]}
    layers = [{type = "dense", units = 2, bias = false, weight = [[1, 2], [3, 4]]}]
    loss = {type = "sum"}
    """
    problem = loaded(tmp_path, FIRST + text)
    assert problem == loaded(tmp_path, text)
    assert sc.evaluate(problem).outputs["dense1"].tolist() == [5, 11]


SHAPED = """
    input = {{shape = {shape}, values = {values}}}
    layers = [{layers}]
    loss = {{type = "sum"}}
    """


@pytest.mark.parametrize(
    ("shape", "layer", "made"),
    [
        ([3, 2], "max_pool2d", (3, 2, 1)),
        ([4], "max_pool1d", (4, 1)),
        (4, "max_pool1d", (4, 1)),
        ([2, 3, 4], "max_pool3d", (2, 3, 4, 1)),
        ([3, 2], "max_pool1d", (3, 2)),
        ([3, 2], "flatten", (3, 2)),
    ],
)
def test_an_image_of_one_channel_is_typed_row_by_row(shape, layer, made, tmp_path):
    given = np.arange(np.prod(shape)).reshape(shape)
    pool = "" if layer == "flatten" else ", pool_size = 2, stride = 1"
    layers = f'{{type = "relu"}}, {{type = "{layer}"{pool}}}'
    forms = {tuple(np.shape(given)): given.tolist(), made: given.reshape(made).tolist()}
    problems = [
        loaded(tmp_path, SHAPED.format(shape=said, values=form, layers=layers))
        for form in forms.values()
        for said in (shape, list(made))
    ]
    assert all(problem.network.input_shape == made for problem in problems)
    assert all(problem == problems[0] for problem in problems)
    assert problems[0].values["x"] == tuple(given.ravel().tolist())
    written(tmp_path, SHAPED.format(shape=shape, values=given.tolist(), layers=layers))
    assert load_network(tmp_path / "problem.toml").network.input_shape == made


def test_a_batch_of_images_of_one_channel(tmp_path):
    values = np.arange(12).reshape(2, 3, 2)
    text = SHAPED.format(
        shape="[3, 2], batch = 2",
        values=values.tolist(),
        layers='{type = "conv2d", filters = 1, kernel_size = 2, bias = false, '
        "weight = [[1, 0], [0, 10]]}",
    )
    evaluation = sc.evaluate(loaded(tmp_path, text))
    assert evaluation.outputs["conv1"].shape == (2, 2, 1, 1)
    assert evaluation.outputs["conv1"].ravel().tolist() == [30, 52, 96, 118]


@pytest.mark.parametrize(
    ("shape", "layers", "message"),
    [
        ([5], '{type = "conv2d", filters = 1, kernel_size = 1}', "(5,), but an image"),
        ([5, 5, 1, 1], '{type = "conv2d", filters = 1, kernel_size = 1}', "(5, 5, 1, 1), but an"),
        (
            [5, 5],
            '{type = "conv1d", filters = 1, kernel_size = 1}, {type = "max_pool2d", pool_size = 1}',
            "(5, 1), but an image",
        ),
        ([5, 5], '{type = "conv2d", filters = 1, kernel_size = 6}', "6 entries"),
    ],
)
def test_other_shapes_are_refused_as_they_were(shape, layers, message, tmp_path):
    assert message in refused(tmp_path, SHAPED.format(shape=shape, values=[], layers=layers))


def test_samples_and_arrays_of_one_channel_need_no_axis_for_it():
    network = sc.Network((2, 3, 1), [sc.Flatten(), sc.Dense(1)], sc.SquaredError())
    values = {"x": numbers((2, 3)), "dense1.weight": numbers(6), "dense1.bias": [0], "target": [1]}
    problem = sc.Problem(network, values)
    assert [*map(float, problem.values["x"])] == numbers((2, 3)).ravel().tolist()
    run = sc.lambdify(sc.derive(network))
    assert run(values).loss == run({**values, "x": numbers((2, 3, 1))}).loss
    images, target = numbers((4, 2, 3)), np.ones((4, 1))
    ends = [
        sc.train(problem, 3, 0.01, {"x": x, "target": target}).problem.values
        for x in (images, images[..., None])
    ]
    assert ends[0] == ends[1] != problem.values


NUMPY = """
    arrays = "numbers.npz"
    input = {shape = [5, 5, 3]}
    layers = [{type = "conv2d", filters = 2, kernel_size = [2, 3], bias = false}]
    loss = {type = "sum"}
    """


@pytest.mark.parametrize("filters", [2, 500])
def test_arrays_beside_a_file_have_its_layout(filters, tmp_path):
    kernel = numbers((2, 3, 3, filters))
    text = NUMPY.replace("filters = 2", f"filters = {filters}")
    arrays = {"x": np.ones((5, 5, 3)), "conv1.weight": kernel.transpose(3, 2, 0, 1)}
    np.savez(tmp_path / "numbers.npz", **arrays)
    first = loaded(tmp_path, FIRST + text)
    assert np.array_equal(weight_of(first), kernel)
    assert refused(tmp_path, text).endswith(
        f"numbers.npz: conv1.weight has the shape ({filters}, 3, 2, 3): layout = "
        f'"filters-first" at the top of the file reads it as {filters} filters with 3 channels '
        "of 2 x 3"
    )
    np.savez(tmp_path / "numbers.npz", **{**arrays, "conv1.weight": kernel})
    assert loaded(tmp_path, text) == first
    assert "that of (height, width, channels, filters)" in refused(tmp_path, FIRST + text)
    flat = kernel.transpose(3, 2, 0, 1).ravel()
    np.savez(tmp_path / "numbers.npz", **{**arrays, "conv1.weight": flat})
    assert loaded(tmp_path, FIRST + text) == first


@pytest.mark.parametrize("filters", [2, 500])
def test_problems_in_python_take_a_layout(filters):
    kernel = numbers((2, 3, 3, filters))
    network = sc.Network((5, 5, 3), [sc.Conv2D(filters, (2, 3), bias=False)], sc.SumOfOutputs())
    ours = kernel.transpose(3, 2, 0, 1)
    last = sc.Problem(network, {"x": np.ones(75), "conv1.weight": kernel})
    for form in (ours, ours.ravel(), ours.tolist()):
        given = {"x": np.ones(75), "conv1.weight": form}
        assert sc.Problem(network, given, layout="filters-first") == last
    assert sc.Problem(network, last.values, layout="filters-last") == last
    with pytest.raises(sc.SymcnnError, match=r"that of .height, width, channels, filters."):
        sc.Problem(network, {"x": np.ones(75), "conv1.weight": kernel}, layout="filters-first")
    with pytest.raises(sc.SymcnnError, match=r'^layout is \'OIHW\': give "filters-first" or "'):
        sc.Problem(network, last.values, layout="OIHW")
    with pytest.raises(sc.SymcnnError, match=r"numbers for 'conv1.weight' are missing"):
        sc.Problem(network, {"x": np.ones(75)}, layout="filters-first")


def test_a_layer_of_ones_own_has_kernels_too():
    class Twice(sc.Conv2D):
        """A convolution under another name."""

    class Whole(sc.Layer):
        """A kernel as large as a sequence, y[k] = sum over i, c of w[i,c,k] x[i,c]."""

        kernels = ("weight", "absent")

        def output_shape(self, shape):
            return (2,)

        def parameters(self, shape):
            return {"weight": sc.Parameter((*shape, 2), "w", "ick")}

        def forward(self, y, x, weight):
            (k,), (i, c) = y.indices, x.indices
            return (sc.define(y[k], weight[i, c, k] * x[i, c]),)

    filters = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    network = sc.Network((2, 2, 1), [Twice(2, 2, bias=False)], sc.SumOfOutputs())
    values = {"x": [1, 2, 3, 4], "conv1.weight": filters}
    problem = sc.Problem(network, values, layout="filters-first")
    assert problem.values["conv1.weight"] == (1, 5, 2, 6, 3, 7, 4, 8)
    network = sc.Network((2, 2), [Whole()], sc.SumOfOutputs())
    values = {"x": [[1, 0], [0, 10]], "layer1.weight": filters}  # filters x channels x length
    problem = sc.Problem(network, values, layout="filters-first")
    assert sc.evaluate(problem).outputs["layer1"].tolist() == [41, 85]


def test_a_problem_that_is_written_has_the_same_numbers(tmp_path):
    kernel = kernel_of("conv2d", 4, 6, 2)
    text = file("conv2d", 4, 6, 2, typed(kernel, "conv2d").tolist())
    problem = loaded(tmp_path, text)
    text = problem_file(problem)
    assert noted(tmp_path, text) == []  # it says itself how its flat list is meant
    again = loaded(tmp_path, text)
    assert again == problem
    assert np.array_equal(weight_of(again), kernel)
    sc.save(problem, tmp_path / "kept.toml", "kept.npz")
    assert sc.load(tmp_path / "kept.toml") == problem


PUBLISHED = """
    [training]
    learning_rate = 1
    [[published]]
    quantity = "updated conv1.weight"
    values = {values}
    {said}
    """


@pytest.mark.parametrize("top", ["", FIRST])
@pytest.mark.parametrize("said", ["", FIRST, 'layout = "filters-last"'])
def test_published_figures_are_read_filter_by_filter(top, said, tmp_path):
    figures = np.arange(12).reshape(2, 3, 2)  # two filters of 3 x 2
    is_first = FIRST in (top, said) and "last" not in said
    weight = (np.ones((2, 3, 2)) if top else np.ones((3, 2, 1, 2))).tolist()
    values = (figures if is_first else figures.transpose(1, 2, 0)[:, :, None]).tolist()
    text = image(weight, 1, 2, [3, 2], top) + PUBLISHED.format(values=values, said=said)
    printed = loaded(tmp_path, text).reconciliation.faults[0].printed
    assert printed.by == tuple(figures.transpose(1, 2, 0).ravel().tolist())
    assert printed.written == tuple(map(str, printed.by))


def test_published_figures_of_another_shape_name_the_layout_of_their_table(tmp_path):
    text = image([1] * 12, 1, 2, [3, 2])
    text += PUBLISHED.format(values=np.ones((2, 3, 2), int).tolist(), said="")
    assert refused(tmp_path, text) == (
        "problem.toml: published[0] values: conv1.weight has the shape (2, 3, 2): layout = "
        '"filters-first" in its table reads it as 2 filters of 3 x 2'
    )
    text = text.replace("quantity", 'layout = "last"\n    quantity')
    assert refused(tmp_path, text).endswith(
        'published[0] layout is \'last\': give "filters-first" or "filters-last"'
    )


def noted(folder, text):
    told = []
    sc.load(written(folder, text), told.append)
    return told


def test_how_a_flat_kernel_was_read_is_said_once(tmp_path):
    flat = [1] * 18
    assert noted(tmp_path, image(flat, 1, 2, 3)) == [
        "conv1.weight was read with its filters last: its first 2 numbers are one of each "
        'filter. layout = "filters-first" at the top of the file reads one filter after the other'
    ]
    assert noted(tmp_path, image(flat, 2, 1, 3)) == [
        "conv1.weight was read with its channels last: its first 2 numbers are one of each "
        'channel. layout = "filters-first" at the top of the file reads one channel after the other'
    ]
    for layout in ("filters-first", "filters-last"):
        assert noted(tmp_path, f'layout = "{layout}"\n' + image(flat, 1, 2, 3)) == []
    nested = np.ones((3, 3, 1, 2), int).tolist()
    assert noted(tmp_path, image(nested, 1, 2, 3)) == []
    assert noted(tmp_path, image([1] * 9, 1, 1, 3)) == []  # one kernel
    assert noted(tmp_path, image([1] * 2, 1, 2, 1)) == []  # one weight each
    made = "filters = 2, kernel_size = 2, bias = false, weight = [1, 2, 3, 4"
    layers = f'{{type = "conv2d", {made}, 5, 6, 7, 8]}}, {{type = "conv2d", {made}'
    layers += ", 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6]}"
    told = noted(tmp_path, SHAPED.format(shape=[3, 3], values=[1] * 9, layers=layers))
    assert len(told) == 1
    assert told[0].startswith("conv1.weight (like 1 more) was read with its filters last: its")


def test_a_flat_array_is_noted_too(tmp_path):
    arrays = {"x": np.ones((5, 5, 3)), "conv1.weight": np.ones(36)}
    np.savez(tmp_path / "numbers.npz", **arrays)
    assert noted(tmp_path, NUMPY)[0].startswith("conv1.weight was read with its filters last")
    np.savez(tmp_path / "numbers.npz", **{**arrays, "conv1.weight": np.ones((2, 3, 3, 2))})
    assert noted(tmp_path, NUMPY) == []
