"""What the layers of a module are called: as the module calls its parts."""

from __future__ import annotations

from typing import Any


def layer_name(n: Any) -> str:
    """Return what the layer of a node is called; several may be called alike.

    A part of ``torch.nn`` gives its layer its own name, "layer1.0.conv1"; within any other part
    the operator is added, "layer1.0.add".
    """
    stack = list((n.meta.get("nn_module_stack") or {}).values())
    path, kind = stack[-1] if stack else ("", "")
    named = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__name__}"
    if path and named.startswith("torch.nn.modules.") and ".container." not in named:
        return str(path)
    operator = str(n.target).removeprefix("aten.").split(".")[0].strip("_")
    return f"{path}.{operator}" if path else operator
