"""Functions that PyTorch lacks; a module contains those that it calls."""

from __future__ import annotations

from symcnn.programs.backends.jax.library import HELPERS as OF_JAX

_SHARED = ("is_axis_aligned", "one_axis", "shortest")
_WORDS = {
    "jnp.": "torch.",
    ".transpose(": ".permute(",
    "steps, start)]": "steps, start, a.device)]",
}


def _in_torch(name: str) -> str:
    """Return a helper of JAX in the words of PyTorch."""
    text = OF_JAX[name]
    for word, own in _WORDS.items():
        text = text.replace(word, own)
    return text


CHECK = '''def check(name, array, shape):
    """Refuse an argument of another shape."""
    if tuple(array.shape) != shape:
        raise ValueError(f"{name} has the shape {tuple(array.shape)}, but {shape} is needed")'''

HELPERS = {
    "check": CHECK,
    **{name: OF_JAX[name] for name in _SHARED},
    "indices": '''def indices(sizes, device):
    """Return the index along each axis of an array of these sizes, for every entry."""
    axes = [torch.arange(size, device=device) for size in sizes]
    return torch.meshgrid(*axes, indexing="ij") if axes else ()''',
    "positions": '''def positions(sizes, steps, start, device):
    """Return start + steps @ (i, j, ...), one array of indices for each axis."""
    at = indices(sizes, device)
    return tuple(
        sum((s*n for s, n in zip(row, at)), torch.full((), first, device=device))
        for row, first in zip(steps, start)
    )''',
    "padded": '''def padded(a, borders, mode="constant", constant_values=0):
    """Return an array with a border of a number, or of its edge, before and behind each axis."""
    if mode == "constant":
        widths = [width for border in reversed(borders) for width in border]
        return torch.nn.functional.pad(a, widths, value=constant_values)
    for axis, (before, behind) in enumerate(borders):
        size = a.shape[axis]
        at = torch.arange(-before, size + behind, device=a.device).clamp(0, size - 1)
        a = a.index_select(axis, at)
    return a''',
    "view": _in_torch("view"),
    "unfolded": '''def unfolded(a, axis, start, loops):
    """Return an array with one axis for each loop (size, step) in the place of one axis."""
    if not loops:
        return a.select(axis, start)
    size, step = loops[0]
    if len(loops) == 1:
        return a[(slice(None),)*axis + (slice(start, start + step*(size - 1) + 1, step),)]
    if one_axis(loops):
        whole = unfolded(a, axis, start, [(math.prod([n for n, _ in loops]), loops[-1][1])])
        return whole.reshape(*a.shape[:axis], *(n for n, _ in loops), *a.shape[axis + 1:])
    number, rest = shortest(loops)
    size, step = loops[number]
    parts = [unfolded(a, axis, start + step*n, rest) for n in range(size)]
    return torch.stack(parts, axis + number)''',
    "scatter": '''def scatter(shares, shape, steps, start, combine, empty):
    """Return an array a with shares[i, j, ...] brought to a[start + steps @ (i, j, ...)].

    What falls outside of it is left out, and where nothing comes, it holds ``empty``.
    """
    if not is_axis_aligned(steps):
        at = positions(shares.shape, steps, start, shares.device)
        inside, place = True, 0
        for n, size in zip(at, shape):
            inside, place = inside & (n >= 0) & (n < size), place*size + n
        whole = math.prod(shape)
        place = torch.where(inside, place, whole).expand(shares.shape).reshape(-1)
        a = torch.full((whole + 1,), empty, dtype=shares.dtype, device=shares.device)
        rule = {"add": "sum", "max": "amax", "min": "amin"}[combine]
        return a.scatter_reduce(0, place, shares.reshape(-1), rule)[:-1].reshape(shape)
    a = shares.permute([loop for row in steps for loop, step in enumerate(row) if step])
    for axis, row in enumerate(steps):
        loops = [(shares.shape[loop], step) for loop, step in enumerate(row) if step]
        a = folded(a, axis, shape[axis], start[axis], loops, combine, empty)
    return a''',
    "folded": '''def folded(a, axis, size, start, loops, combine, empty):
    """Return an array with one axis of this size in the place of one for each loop."""
    if len(loops) > 1 and not one_axis(loops):
        number, rest = shortest(loops)
        rule = {"add": torch.add, "max": torch.maximum, "min": torch.minimum}[combine]
        return reduce(rule, [
            folded(part, axis, size, start + loops[number][1]*n, rest, combine, empty)
            for n, part in enumerate(a.unbind(axis + number))
        ])
    count, step = math.prod([n for n, _ in loops]), loops[-1][1] if loops else 1
    a = a.reshape(*a.shape[:axis], count, *a.shape[axis + len(loops):]).movedim(axis, -1)
    if step > 1:
        a = torch.nn.functional.pad(a.unsqueeze(-1), (0, step - 1), value=empty).flatten(-2)
    around = (start, size - start - count*step)
    return torch.nn.functional.pad(a, around, value=empty).movedim(-1, axis)''',
    "correlate": '''def correlate(a, b, steps, dilations, border):
    """Return y[n, k, i, ...] = sum of a[n, c, s i + d u - p, ...]*b[k, c, u, ...] over c, u, ...

    s are the steps and d the dilations; the border is (p zeros before, zeros behind).
    """
    F, G, axes = torch.nn.functional, torch.nn.grad, len(steps)
    widths = [width for pair in reversed(border) for width in pair]
    a = F.pad(a, widths) if any(widths) else a
    sizes = zip(a.shape[2:], b.shape[2:], steps, dilations)
    places = [(size - d*(window - 1) - 1)//s + 1 for size, window, s, d in sizes]
    if math.prod(places) >= math.prod(b.shape[2:]):
        return (F.conv1d, F.conv2d, F.conv3d)[axes - 1](a, b, stride=steps, dilation=dilations)
    # Large windows at few places: the gradient of a convolution with respect to its weight.
    weight = (G.conv1d_weight, G.conv2d_weight, G.conv3d_weight)[axes - 1]
    shape = (b.shape[0], a.shape[0], *places)
    a, b = a.transpose(0, 1), b.transpose(0, 1)
    return weight(a, shape, b, dilations, 0, steps).transpose(0, 1)''',
    "spread": '''def spread(a, b, steps, dilations, border):
    """Return y with a[n, c, i, ...]*b[c, k, u, ...] added to y[n, k, s i + d u + p, ...].

    s are the steps and d the dilations; the border is (p, entries behind), cropped where negative.
    """
    F = torch.nn.functional
    convolution = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[len(steps) - 1]
    y = convolution(a, b, stride=steps, dilation=dilations)
    widths = [width for pair in reversed(border) for width in pair]
    return F.pad(y, widths) if any(widths) else y''',
    "parts": '''def parts(a, axes):
    """Return the arrays along some axes, one after the other in row-major order."""
    found = [a.movedim(axes, tuple(range(len(axes))))]
    for _ in axes:
        found = [part for several in found for part in several.unbind(0)]
    return found''',
    "largest": '''def largest(a, axes):
    """Return the largest entries along some axes; of few, one array after the other."""
    if math.prod([a.shape[axis] for axis in axes]) > FEW:
        return a.amax(dim=axes)
    return reduce(torch.maximum, parts(a, axes))''',
    "first": '''def first(terms, largest, axes):
    """Return which terms are the largest, and the first ones along some axes in row-major order."""
    front, largest = tuple(range(len(axes))), largest.expand(terms.shape)
    sizes = [terms.shape[axis] for axis in axes]
    if math.prod(sizes) > FEW:
        a = (terms == largest).movedim(axes, front)
        flat = a.flatten(0, len(axes) - 1)
        return (flat & (flat.cumsum(0) == 1)).reshape(a.shape).movedim(front, axes)
    kept, found = [], None
    for term, most in zip(parts(terms, axes), parts(largest, axes)):
        here = term == most
        kept.append(here if found is None else here > found)
        found = here if found is None else found | here
    return torch.stack(kept).reshape(*sizes, *found.shape).movedim(front, axes)''',
    "FEW": """FEW = 64  # so many arrays are compared one after the other""",
    "larger": '''def larger(a, b):
    """Return the larger of two, entry by entry; one may be a number."""
    if not isinstance(b, torch.Tensor):
        return a.clamp(min=b)
    return torch.maximum(a, b) if isinstance(a, torch.Tensor) else b.clamp(min=a)''',
    "smaller": '''def smaller(a, b):
    """Return the smaller of two, entry by entry; one may be a number."""
    if not isinstance(b, torch.Tensor):
        return a.clamp(max=b)
    return torch.minimum(a, b) if isinstance(a, torch.Tensor) else b.clamp(max=a)''',
    "step": '''def step(z, there):
    """Return 1 where z > 0, 0 where z < 0, and at 0 the number that is there."""
    return torch.heaviside(z, torch.full((), there, dtype=z.dtype, device=z.device))''',
    "inverse_power": _in_torch("inverse_power"),
    "error_function": '''def error_function(z):
    """Return erf(z) for every entry."""
    return torch.erf(z)''',
    "normal_cdf": '''def normal_cdf(z):
    """Return the distribution function of the standard normal distribution."""
    return torch.special.erfc(-z/2**0.5)/2''',
}

NEEDS = {
    "correlate": ("math",),
    "positions": ("indices",),
    "view": ("is_axis_aligned", "positions", "unfolded"),
    "unfolded": ("one_axis", "math", "shortest"),
    "scatter": ("folded", "is_axis_aligned", "positions", "math"),
    "folded": ("one_axis", "math", "reduce", "shortest"),
    "largest": ("FEW", "math", "parts", "reduce"),
    "first": ("FEW", "math", "parts"),
}
"""What else helpers use, PyTorch's functions aside."""

IMPORTS = {"math": "import math", "reduce": "from functools import reduce"}
