"""A network solved by PyTorch in float64, from the problem file alone."""

import tomllib

import torch
from torch.nn import functional

_NAMES = {
    **{"conv1d": "conv", "conv2d": "conv", "conv_transpose2d": "conv_transpose"},
    **{"max_pool2d": "pool", "avg_pool1d": "pool", "global_avg_pool2d": "pool"},
}


def solved(text):
    """Return all figures by the names of their quantities."""
    table = tomllib.loads(text)
    tensors, parameters = _forward(table)
    tensors["loss"].backward()
    made = {name: tensor for name, tensor in tensors.items() if not name.startswith("flatten")}
    gradients = {n: t for n, t in {**made, **parameters}.items() if n not in ("loss", "x")}
    made.pop("x")
    found = {n: t.detach().numpy() for n, t in made.items()}
    found |= {f"gradient of {n}": t.grad.numpy() for n, t in gradients.items()}
    rate = table["training"]["learning_rate"]
    updated = {n: t.detach() - rate * t.grad for n, t in parameters.items()}
    return found | {f"updated {n}": t.numpy() for n, t in updated.items()}


def _forward(table):
    shape, batch = table["input"]["shape"], table["input"].get("batch")
    x = torch.tensor(table["input"]["values"], dtype=torch.float64)
    x = x.reshape(*([] if batch is None else [batch]), *shape)
    tensors, parameters, counts, last = {"x": x}, {}, {}, x
    for layer in table["layers"]:
        kind = _NAMES.get(layer["type"], layer["type"])
        counts[kind] = counts.get(kind, 0) + 1
        name = layer.get("name", f"{kind}{counts[kind]}")
        inputs = [tensors[n] for n in layer["inputs"]] if "inputs" in layer else [last]
        last = _made(layer, name, inputs, batch is not None, parameters)
        last.retain_grad()
        tensors[name] = last
    target = torch.tensor(table["loss"]["target"], dtype=torch.float64).reshape(last.shape)
    tensors["loss"] = _loss(table["loss"]["type"], last, target, batch or 1)
    return tensors, parameters


def _loss(kind, y, t, samples):
    if kind == "softmax_cross_entropy":
        return -(t * functional.log_softmax(y, -1)).sum() / samples
    if kind == "binary_cross_entropy":
        return -(t * y.log() + (1 - t) * (1 - y).log()).sum() / samples
    return ((t - y) ** 2).sum() / samples


def _made(layer, name, inputs, batched, parameters):
    x, kind = inputs[0], layer["type"]
    if kind == "add":
        return inputs[0] + inputs[1]
    if kind == "flatten":
        return x.flatten(1 if batched else 0)
    if kind in ("relu", "tanh", "sigmoid"):
        return getattr(torch, kind)(x)
    if kind in ("silu", "leaky_relu"):
        return (
            functional.silu(x)
            if kind == "silu"
            else functional.leaky_relu(x, float(layer["alpha"]))
        )
    if kind == "global_avg_pool2d":
        return x.mean((-3, -2))
    given = {
        key: torch.tensor(layer[written], dtype=torch.float64)
        for key, written in (("weight", "weight"), ("bias", "bias_values"))
        if written in layer
    }
    return _with_weights(layer, name, x if batched else x[None], given, parameters, batched)


def _with_weights(layer, name, x, given, parameters, batched):
    kind = layer["type"]
    shape = _shape(layer, x)
    own = {}
    for key, tensor in given.items():
        own[key] = tensor.reshape(shape if key == "weight" else -1).requires_grad_()
        parameters[f"{name}.{key}"] = own[key]
    bias, channels_first = own.get("bias"), x.movedim(-1, 1).contiguous()
    settings = {k: layer.get(k, d) for k, d in (("stride", 1), ("padding", 0))}
    more = {k: layer.get(k, 1) for k in ("dilation", "groups")}
    if kind == "dense":
        y = x @ own["weight"].T + (0 if bias is None else bias)
    elif kind == "batch_norm":
        axes = tuple(range(x.ndim - 1))
        centred = x - x.mean(axes)
        y = centred / (centred.square().mean(axes) + 1e-5).sqrt() * own["weight"] + bias
    elif kind == "conv_transpose2d":
        kernel = own["weight"].permute(2, 3, 0, 1).contiguous()
        y = functional.conv_transpose2d(channels_first, kernel, bias, **settings).movedim(1, -1)
    elif kind == "conv2d":
        kernel = own["weight"].permute(3, 2, 0, 1).contiguous()
        y = functional.conv2d(channels_first, kernel, bias, **settings, **more).movedim(1, -1)
    elif kind == "conv1d":
        kernel = own["weight"].permute(2, 1, 0).contiguous()
        y = functional.conv1d(channels_first, kernel, bias, **settings, **more).movedim(1, -1)
    elif kind == "max_pool2d":
        y = functional.max_pool2d(channels_first, layer["pool_size"], layer["stride"]).movedim(
            1, -1
        )
    else:
        assert kind == "avg_pool1d"
        y = functional.avg_pool1d(channels_first, layer["pool_size"]).movedim(1, -1)
    return y if batched else y[0]


def _shape(layer, x):
    """Return the shape of a weight in problem files."""
    kind, channels = layer["type"], x.shape[-1]
    if kind == "dense":
        return (layer["units"], channels)
    if kind == "batch_norm":
        return (channels,)
    size = [layer.get("kernel_size", 1)] * (1 if kind == "conv1d" else 2)
    return (*size, channels // layer.get("groups", 1), layer.get("filters", 1))
