"""What the layers of a module are called: as the module calls its parts."""

from __future__ import annotations


def layer_name(target: str, path: str, kind: str) -> str:
    """Return what the layer of an operator is called; several may be called alike.

    A part of ``torch.nn`` gives its layer its own name, "layer1.0.conv1"; within any other part
    the operator is added, "layer1.0.add".

    Args:
        target: The operator.
        path: What the module calls its innermost part that the operator is in.
        kind: The class of that part.
    """
    if path and kind.startswith("torch.nn.modules.") and ".container." not in kind:
        return path
    operator = target.removeprefix("aten.").split(".")[0].strip("_")
    return f"{path}.{operator}" if path else operator
