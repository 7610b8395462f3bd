"""Modules whose operators move entries, add products of them, or resize images."""

import torch
from torch.nn import functional as F  # noqa: N812 - its usual name

I, S, V, O = (2, 4, 6, 5), (2, 4, 7), (3, 6), (2, 2, 3, 4, 3)  # noqa: E741 - axes, by number

ROWS = torch.tensor([2, 0, 0, 1])
COLUMNS = torch.tensor([[[0, 3], [1, 1], [4, 0], [6, 5]]])
APART = torch.tensor([[[0, 3], [1, 2], [4, 0], [6, 5]]])
MERGED = (-1, 1, 6, 5)


def of_merged(x, function):
    """Apply a function to images that are merged with samples."""
    made = function(x.reshape(MERGED))
    return made.reshape(2, 4, *made.shape[1:])


def of_masks(x):
    """Write numbers where masks of some or all axes hold, and a whole tensor into another."""
    y, z = x.tanh(), x.sin()
    y[y > 0.5] = 2
    y[x.sum(3) > 2] = 1
    y[:, torch.tensor([0, 2])] = 0
    z.copy_(y.exp())
    return y * z


MOVES = {
    "flip": (lambda x: x.flip(2, 3), I),
    "flip of channels": (lambda x: x.flip(1), S),
    "fliplr": (lambda x: x.fliplr(), I),
    "rot90": (lambda x: torch.rot90(x, 1, (2, 3)), I),
    "roll of all axes of a sample": (lambda x: x.roll(3), (1, 4, 7)),
    "index_select": (lambda x: x.index_select(2, ROWS), I),
    "index": (lambda x: x[:, ROWS], I),
    "index of a table": (lambda x: x[:, :, torch.tensor([[0, 2], [3, 1]])], I),
    "two indices": (lambda x: x[:, :, torch.tensor([0, 2]), torch.tensor([4, 1])], I),
    "index by truths": (lambda x: x[:, torch.tensor([True, False, True, True])], I),
    "index of samples": (lambda x: x[torch.arange(2)[:, None], torch.tensor([[1, 2]])], I),
    "gather": (lambda x: x.gather(2, COLUMNS.expand(2, 4, 2)), S),
    "take_along_dim": (lambda x: torch.take_along_dim(x, torch.tensor([[[3, 1]]]), 2), S),
    "repeat": (lambda x: x.repeat(1, 2, 1, 3), I),
    "repeat with another axis": (lambda x: x.unsqueeze(1).repeat(1, 3, 1, 1), S),
    "repeat_interleave": (lambda x: x.repeat_interleave(2, dim=2), I),
    "repeat_interleave by counts": (lambda x: x.repeat_interleave(ROWS, dim=1), I),
    "tile": (lambda x: x.tile((2, 1)), I),
    "hstack": (lambda x: torch.hstack([x, x.tanh()]), S),
    "dstack": (lambda x: torch.dstack([x, x.tanh()]), I),
    "stack before one sample": (lambda x: torch.stack([x, x.tanh()]).mean(0), (1, 4, 7)),
    "column_stack": (lambda x: torch.column_stack([x, x.tanh()]), V),
    "tensor_split": (lambda x: torch.cat(x.tensor_split([2, 5], 2)[::-1], 2), I),
    "hsplit": (lambda x: x.hsplit(2)[1], I),
    "movedim": (lambda x: x.movedim(1, 3).tanh(), I),
    "moveaxis": (lambda x: torch.moveaxis(x, (1, 2), (3, 1)).tanh(), I),
    "swapaxes": (lambda x: x.swapaxes(1, 2).tanh(), I),
    "swapdims": (lambda x: x.swapdims(1, -1).tanh(), I),
    "mT": (lambda x: x.mT.tanh(), I),
    "slice_scatter": (lambda x: torch.slice_scatter(x, x[:, :, :2].tanh(), 2, 1, 5, 2), I),
    "select_scatter": (lambda x: torch.select_scatter(x, x[:, :, 0].tanh(), 2, 3), I),
    "diagonal_scatter": (lambda x: torch.diagonal_scatter(x, x[:, :, 0].tanh(), 0, 2, 3), I),
    "index_add": (lambda x: x.index_add(2, ROWS, x[:, :, :4].tanh(), alpha=2), I),
    "index_add to zeros": (
        lambda x: torch.zeros(2, 4, 3, 5).double().index_add(2, ROWS, x[:, :, :4]),
        I,
    ),
    "index_copy": (lambda x: x.index_copy(2, torch.tensor([4, 1]), x[:, :, :2].tanh()), I),
    "index_fill": (lambda x: x.index_fill(2, torch.tensor([4, 1]), 0.5), I),
    "index_put": (
        lambda x: x.index_put((torch.arange(2)[:, None], torch.tensor([1, 3])), x[:, :2].tanh()),
        I,
    ),
    "index_put that adds": (
        lambda x: x.index_put((torch.arange(2)[:, None], ROWS[:2]), x[:, :2].tanh(), True),
        I,
    ),
    "numbers at a mask": (lambda x: of_masks(x), I),
    "scatter": (lambda x: x.scatter(2, APART.expand(2, 4, 2), x[:, :, :2].tanh()), S),
    "scatter of constants": (
        lambda x: x.scatter(
            2, APART.expand(2, 4, 2), torch.arange(8.0).double().view(1, 4, 2).expand(2, 4, 2)
        ),
        S,
    ),
    "scatter of a number": (lambda x: x.scatter(2, APART.expand(2, 4, 2), 1.5), S),
    "scatter_add": (lambda x: x.scatter_add(2, COLUMNS.expand(2, 4, 2), x[:, :, :2].tanh()), S),
    "tril": (lambda x: x.tril(-1), I),
    "triu": (lambda x: x.triu(1), I),
    "diagonal": (lambda x: x.diagonal(1, 2, 3), I),
    "diag_embed": (lambda x: torch.diag_embed(x), S),
    "windows of an axis": (lambda x: x.unfold(2, 3, 2), I),
    "unfold": (lambda x: F.unfold(x, (3, 2), padding=1, stride=2), I),
    "unfold without channels": (lambda x: F.unfold(x, 2, dilation=2).view(2, 4, 12), (2, 5, 6)),
    "pad of merged samples": (lambda x: of_merged(x, lambda y: F.pad(y, (1, 2, 0, -1))), I),
    "unfold of merged samples": (lambda x: of_merged(x, lambda y: F.unfold(y, 3)), I),
    "fold": (lambda x: F.fold(x.flatten(2), (4, 5), 2, stride=(2, 1)), (2, 4, 4, 2)),
    "fold of padded windows": (lambda x: F.fold(x, (5, 4), (2, 3), 2, 1, (3, 1)), (2, 12, 4)),
    "atleast_3d": (lambda x: torch.atleast_3d(x).tanh(), V),
    "sum with a lower rank": (lambda x: x + x[0].tanh(), (1, 4, 7)),
}
PRODUCTS = {
    "einsum of tensors": (lambda x: torch.einsum("bchw,bdhw->bcd", x, x.tanh()), I),
    "einsum with weights": (lambda x, w: torch.einsum("bchw,dc->bdhw", x, w), I, (3, 4)),
    "einsum with dots": (lambda x, w: torch.einsum("...c,cd->...d", x, w), I, (5, 3)),
    "einsum without an arrow": (lambda x, w: torch.einsum("bij,jk", x, w), S, (7, 3)),
    "einsum of three": (
        lambda x, w: torch.einsum("bi,kij,bj->bk", x, w, x.tanh()),
        V,
        (4, 6, 6),
    ),
    "einsum of a diagonal": (lambda x: torch.einsum("bcii->bci", x[..., :5, :]), I),
    "einsum with two weights": (
        lambda x, v, w: torch.einsum("bi,ij,jk->bk", x, v, w),
        V,
        (6, 3),
        (3, 2),
    ),
    "einsum of merged samples": (
        lambda x: torch.einsum("nhw,nkw->nhk", x.reshape(8, 6, 5), x.reshape(8, 6, 5).tanh()).view(
            2, 4, 6, 6
        ),
        I,
    ),
    "tensordot": (lambda x, w: torch.tensordot(x, w, dims=([2, 1], [0, 1])), S, (7, 4, 3)),
    "inner": (lambda x, w: torch.inner(x, w), S, (3, 7)),
    "vecdot": (lambda x: torch.linalg.vecdot(x, x.tanh(), dim=2), I),
    "cross": (lambda x: torch.linalg.cross(x[..., :3], x[..., 1:4]), I),
    "baddbmm": (lambda x, b: torch.baddbmm(b, x, x.mT, beta=0.5, alpha=2), S, (1, 4, 4)),
    "addmm": (lambda x, b, w: torch.addmm(b, x, w, beta=0.5, alpha=2), V, (2,), (6, 2)),
    "matrix and vector": (lambda x, v: x @ v, S, (7,)),
    "vector and matrix": (lambda x, v: v @ x, S, (4,)),
    "matrices on the right": (lambda x, w: x @ w, I, (4, 5, 3)),
    "matrices on the left": (lambda x, w: w @ x, I, (1, 4, 2, 6)),
    "kron": (lambda x, w: torch.kron(x, w), S, (1, 2, 3)),
    "multi_dot": (lambda x, v, w: torch.linalg.multi_dot([x, v, w]), V, (6, 3), (3, 2)),
    "matrix_power": (lambda x: torch.matrix_power(x[..., :4], 3), S),
    "bilinear": (lambda x, w, b: F.bilinear(x, x.tanh(), w, b), V, (4, 6, 6), (4,)),
    "bilinear of a sequence": (lambda x, w: F.bilinear(x, x.tanh(), w), S, (4, 7, 7)),
    "cumsum": (lambda x: x.cumsum(2), I),
    "cumsum of vectors": (lambda x: x.cumsum(-1), V),
    "diff": (lambda x: torch.diff(x, n=2, dim=2), I),
}
WINDOWS = {
    "sums of windows": (lambda x: F.avg_pool2d(x, 3, 2, 1, True, divisor_override=5), I),
    "pools of merged images": (lambda x: of_merged(x, lambda y: F.max_pool2d(y, (2, 3), 2)), I),
    "means of merged images": (lambda x: of_merged(x, lambda y: F.avg_pool2d(y, 3, 1, 1)), I),
    "adaptive mean of merged images": (
        lambda x: of_merged(x, lambda y: F.adaptive_avg_pool2d(y, 1)),
        I,
    ),
    "adaptive means that differ": (lambda x: F.adaptive_avg_pool1d(x, 3), S),
    "adaptive means of volumes": (lambda x: F.adaptive_avg_pool3d(x, (2, 3, 2)), O),
    "adaptive maxima that differ": (lambda x: F.adaptive_max_pool2d(x, (4, 2)), I),
}
_SIZES = {"nearest": (S, 10), "nearest-exact": (I, (9, 7)), "linear": (S, 10), "trilinear": (O, 5)}
_SIZES |= {"bilinear": (I, (9, 4)), "bicubic": (I, (9, 4)), "area": (S, 3)}
RESIZED = {
    f"interpolate {mode}": (lambda x, m=mode, n=size: F.interpolate(x, n, mode=m), shape)
    for mode, (shape, size) in _SIZES.items()
} | {
    f"interpolate {mode}, {factor}, {settings}": (
        lambda x, f=factor, m=mode, s=settings: F.interpolate(x, scale_factor=f, mode=m, **s),
        I,
    )
    for mode, factor, settings in [
        ("nearest", 1.7, {}),
        ("bilinear", 1.7, {}),
        ("bilinear", 0.7, {"antialias": True}),
        ("bicubic", 2, {"align_corners": True}),
        ("bicubic", 0.6, {"antialias": True}),
    ]
}
IN_MEMORY = ("index by truths", "repeat_interleave by counts")
"""Modules whose programs have lengths that follow from numbers, which files are refused for."""

TABLE = MOVES | PRODUCTS | WINDOWS | RESIZED
