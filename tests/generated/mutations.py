"""Problem files that something has happened to: strategies of Hypothesis."""

import json
import tomllib
from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.problems.example import GRAPH, TEXT

EXAMPLE, GRAPH_EXAMPLE = tomllib.loads(TEXT), tomllib.loads(GRAPH)

Place = tuple[Any, ...]

KEYS = ["padding", "stride", "batch", "bias", "name", "inputs", "weight_from", "alpha", "l2"]
NUMBERS = [0, -1, 2, 10**12, 10**400, 2**63, 0.5, float("nan"), float("inf"), 1e250, 5e-324]
TEXTS = [
    "",
    "1/3",
    "1/0",
    "-7e-2",
    "same",
    "split",
    "\x1b[31m",
    "a\nb",
    "conv2d",
    "relu",
    "x",
    "conv1",
]
OTHERS = [
    True,
    False,
    date(2020, 1, 1),
    {},
    {"a": 1},
    [],
    [[]],
    [{}],
    [[1, 1], [0, 0]],
    [1, [2]],
    ["x"],
]
ODD = st.one_of(
    st.sampled_from([*NUMBERS, *TEXTS, *OTHERS]),
    st.integers(),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.lists(st.integers(-3, 3), max_size=6),
).map(deepcopy)  # what one mutation puts in, the next one may change


def places(value: Any, place: Place = ()) -> list[Place]:
    """List the places of everything inside nested tables and lists."""
    if not isinstance(value, dict | list):
        return []
    items = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [p for key, part in items for p in ((*place, key), *places(part, (*place, key)))]


def toml(value: Any) -> str:
    """Write a value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value).replace("\x7f", "\\u007f")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**300:
        return f"{'-' * (value < 0)}1{'0' * 400}"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


@st.composite
def mutated(draw: st.DrawFn, example: dict[str, Any]) -> str:
    """Delete, replace, rename or add one to three things in an example."""
    content = deepcopy(example)
    for _ in range(draw(st.integers(1, 3))):
        *way, key = draw(st.sampled_from(places(content) or [("title",)]))
        parent = content
        for step in way:
            parent = parent[step]
        action = draw(st.sampled_from(["delete", "replace", "rename", "add"]))
        if action == "replace" or key not in (parent if isinstance(parent, dict) else [key]):
            parent[key] = draw(ODD)
        elif action == "add" and isinstance(parent, list):
            parent.insert(key, draw(ODD))
        elif action == "add":
            parent[draw(st.sampled_from(KEYS))] = draw(ODD)
        else:
            value = parent.pop(key)
            if action == "rename" and isinstance(parent, dict):
                parent[f"{key}s"] = value
    return "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in content.items())


@st.composite
def renumbered(draw: st.DrawFn) -> str:
    """Put other numbers, large, small and equal ones, in the place of some."""
    content = deepcopy(EXAMPLE)
    arrays = [layer["weight"] for layer in content["layers"] if "weight" in layer]
    numbers = st.one_of(st.sampled_from([*NUMBERS, "1/3", "-7e-2"]), st.floats(), st.integers())
    for array in [content["input"]["values"], content["loss"]["target"], *arrays]:
        for position in draw(st.sets(st.integers(0, len(array) - 1), max_size=2)):
            array[position] = draw(numbers)
    content["training"]["learning_rate"] = draw(st.sampled_from([0.5, 1e-300, 1e250]))
    content["layers"][1]["ties"] = draw(st.sampled_from(["first", "split"]))
    content["layers"][4]["type"] = draw(st.sampled_from(["sigmoid", "tanh", "relu"]))
    return "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in content.items())


@st.composite
def scrambled(draw: st.DrawFn) -> str:
    """Cut a piece out of the example's text, and put some characters in."""
    start = draw(st.integers(0, len(TEXT)))
    end = draw(st.integers(start, min(start + 40, len(TEXT))))
    return TEXT[:start] + draw(st.text(st.characters(codec="utf-8"), max_size=5)) + TEXT[end:]


FILES = st.one_of(mutated(EXAMPLE), mutated(GRAPH_EXAMPLE), renumbered(), scrambled())
