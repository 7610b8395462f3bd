"""Problem files that something has happened to, each made of its number alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

import symcnn as sc
from symcnn.problems.catalog import LAYERS, LOSSES
from symcnn.problems.write import problem_file
from tests.document.hostile import ALPHABET, TEXTS
from tests.generated import cells
from tests.problems.example import GRAPH, TEXT
from tests.programs.random_networks import tiny_example

Content = dict[str, Any]
Place = tuple[Any, ...]

NUMBERS = [0, -1, 2, 7, 10**12, 10**18, 10**400, 2**63, -(10**60)]
NUMBERS += [0.5, -0.0, 1e-7, 1e15, 1e250, 1e308, 5e-324, float("nan"), float("inf")]
WORDS = ["", " ", "1/3", "1/0", "-7e-2", "1e400", "9" * 500, f"1/{10**399}", "same", "split"]
WORDS += ["\x1b[31m", "a\nb", "\u202e", "\ufeff", "é", "conv2d", "relu", "x", "conv1", "loss", "t"]
OTHERS = [True, False, date(2020, 1, 1), {}, {"a": 1}, [], [[]], [{}], [[1, 1], [0, 0]]]
OTHERS += [[1, [2]], ["x"], ["conv1", "conv1"], [1, 2, 3], [10**9, 10**9]]

FITTING: dict[str, list[Any]] = {
    "type": [*LAYERS, *LOSSES],
    "padding": [0, 1, 2, "same", "valid", [1, 2], [[0, 1], [2, 0]], 10**6],
    "stride": [1, 2, 3, [2, 1], [1, 3], 10**9],
    "dilation": [1, 2, [1, 2], 10**9],
    "kernel_size": [1, 2, [2, 1], [1, 2], 10**9],
    "pool_size": [1, 2, 3, [2, 1], [1, 3]],
    "filters": [1, 2, 4, 10**5],
    "units": [1, 2, 5, 10**5],
    "groups": [1, 2, 3],
    "bias": [True, False],
    "affine": [True, False],
    "ties": ["first", "split"],
    "count_include_pad": [True, False],
    "epsilon": [0, 1e-5, "1/8", 3],
    "alpha": [0, 1, -1, "1/3", 1e-300],
    "name": ["a", "conv1", "x", "loss", "target", "dense1.weight", "relu 2", "a" * 60],
    "inputs": [["x"], ["x", "x"], ["conv1"], ["pool1", "x"], []],
    "weight_from": ["conv1", "dense1", "x"],
    "weight_axes": [[1, 0], [0, 1], [-1, 1, 0], [], [5]],
    "l2": [0, 0.25, -1, "1/3", 1e250],
    "reduction": ["mean", "sum"],
    "batch": [1, 2, 3, 0, 10**9],
    "shape": [[1], [2, 2, 1], [3, 1, 1], [4], [10**4, 10**4, 10**4], [2] * 9],
    "learning_rate": [0.5, 0, -1, 1e-300, 1e250, "1/3"],
    "layout": ["filters-first", "filters-last", "channels-first"],
    "letters": [{"x": "K"}, {"x": "x", "loss": "L"}, {"conv1": "K", "x": "K"}, {"x": "sigma"}],
}
"""For a setting, what one could write there."""


ARRAYS = ("values", "weight", "bias_values", "target", "gradient")


def file(number: int) -> bytes:
    """Draw a problem file, and do something to it."""
    drawn = Random(number)
    (damage,) = drawn.choices([*DAMAGES], [*DAMAGES.values()])
    return damage(drawn, example(drawn))


def example(drawn: Random) -> Content:
    """Draw a sound problem file: one by hand, one layer and a loss, or a network at random."""
    (text,) = drawn.choices([*SOUND], [*SOUND.values()])
    content = tomllib.loads(text(drawn))
    content["title"] = "A network"
    if drawn.random() < 0.5:
        content["training"] = {"learning_rate": drawn.choice([0.5, 0.01, "1/3"])}
    if drawn.random() < 0.5:
        content["letters"] = {"x": drawn.choice(["K", "theta", "a^(2)"])}
    if drawn.random() < 0.5:
        content["published"] = [published(drawn)]
    if drawn.random() < 0.2:
        content["layout"] = "filters-first"
    return content


def one_layer(drawn: Random) -> str:
    return problem_file(cells.problem(drawn.choice(cells.CELLS)))


def network(drawn: Random) -> str:
    return problem_file(sc.Problem(*tiny_example(drawn.randrange(300), most_terms=80)))


SOUND: dict[Callable[[Random], str], int] = {
    lambda drawn: TEXT: 4,
    lambda drawn: GRAPH: 1,
    one_layer: 10,
    network: 10,
}
"""What files are made of, and how often; a graph that takes a second is rare."""


def published(drawn: Random) -> Content:
    remark = drawn.choice(["It is 7.", "It is 7.", r"Not $\frac{1}{2} x_{1}$ but \$5 & 10%."])
    return {"quantity": "loss", "values": [7], "source": "The first version", "remark": remark}


def odd(drawn: Random) -> Any:
    """Draw a value of any kind."""
    return drawn.choice(
        [
            lambda: deepcopy(drawn.choice(NUMBERS)),
            lambda: drawn.choice(WORDS),
            lambda: deepcopy(drawn.choice(OTHERS)),
            lambda: drawn.randint(-300, 300),
            lambda: letters(drawn, 8),
            lambda: [drawn.randint(-3, 3) for _ in range(drawn.randrange(6))],
            lambda: hostile_text(drawn),
        ]
    )()


def huge(drawn: Random) -> Any:
    """Draw a value that is long, deep or large."""
    size = drawn.choice([10, 41, 100, 1000, 10_000])
    return drawn.choice(
        [
            lambda: "long " * size,
            lambda: "w" * drawn.choice([59, 60, 61, 2000, 2001, 100_000]),
            lambda: [drawn.randint(-9, 9) for _ in range(10 * size)],
            lambda: nested(min(size, 300), 1),
            lambda: {f"key{n}": n for n in range(size)},
            lambda: int("9" * min(size, 4000)),
            lambda: [10 ** drawn.randint(1, 18) for _ in range(drawn.randint(1, 9))],
            lambda: f"${'{' * size}{'}' * size}$",
            lambda: "x" + "_{x" * size + "}" * size,
        ]
    )()


def nested(depth: int, value: Any) -> Any:
    for _ in range(depth):
        value = [value]
    return value


def letters(drawn: Random, most: int) -> str:
    """Draw letters of all scripts, signs and control characters."""
    ranges = [(32, 126), (0, 31), (127, 0x2FF), (0x300, 0xD7FF), (0xE000, 0x10FFFF)]
    return "".join(chr(drawn.randint(*drawn.choice(ranges))) for _ in range(drawn.randint(0, most)))


def hostile_text(drawn: Random) -> str:
    """Draw what would be a command to somebody, as words or in a formula."""
    text = drawn.choice(TEXTS)
    if drawn.random() < 0.5:
        text = "".join(drawn.choices(ALPHABET, k=drawn.randint(1, 12)))
    if drawn.random() < 0.2:
        text += letters(drawn, 4)
    escaped = text.replace("$", r"\$")
    forms = [text, text, escaped, escaped, f"$x {text}$", rf"$\text{{{text}}}$", f"$x_{{{text}}}$"]
    return drawn.choice(forms)


def places(value: Any, place: Place = ()) -> list[Place]:
    """List the places of everything inside nested tables and lists."""
    if not isinstance(value, dict | list):
        return []
    items = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [p for key, part in items for p in ((*place, key), *places(part, (*place, key)))]


def somewhere(drawn: Random, content: Content) -> tuple[Any, Any]:
    """Draw a table or list and a key in it: mostly of a setting, of which there are fewer."""
    there = places(content) or [("title",)]
    settings = [place for place in there if not isinstance(place[-1], int)]
    *way, key = drawn.choice(settings if settings and drawn.random() < 0.6 else there)
    parent: Any = content
    for step in way:
        parent = parent[step]
    return parent, key


def value_for(drawn: Random, key: Any) -> Any:
    """Draw what to write under a key."""
    if key in FITTING and drawn.random() < 0.6:
        return deepcopy(drawn.choice(FITTING[key]))
    return huge(drawn) if drawn.random() < 0.1 else odd(drawn)


def mutated(drawn: Random, content: Content) -> bytes:
    """Delete, replace, rename, double or add one to three things."""
    for _ in range(drawn.randint(1, 3)):
        parent, key = somewhere(drawn, content)
        action = drawn.choice(["delete", "replace", "replace", "rename", "add", "double"])
        if action == "replace" or key not in (parent if isinstance(parent, dict) else [key]):
            parent[key] = value_for(drawn, key)
        elif action in ("add", "double") and isinstance(parent, list):
            parent.insert(key, deepcopy(parent[key]) if action == "double" else odd(drawn))
        elif action in ("add", "double"):
            added = drawn.choice([*FITTING])
            parent[added] = value_for(drawn, added)
        else:
            value = parent.pop(key)
            if action == "rename" and isinstance(parent, dict):
                parent[f"{key}s"] = value
    return toml_file(content)


def renumbered(drawn: Random, content: Content) -> bytes:
    """Put other numbers, large, small and equal ones, in the place of some."""
    numbers = [lambda: drawn.choice([*NUMBERS, "1/3", "-7e-2"]), lambda: drawn.gauss(0, 9)]
    scale = drawn.choice([1, 1, 1, 0, 30, 1000, 1e6, 1e150, 1e-150, 1e300])
    for array in arrays(content):
        for position, value in enumerate(array):
            if drawn.random() < 0.03:
                array[position] = drawn.choice(numbers)()
            elif scale != 1 and isinstance(value, int | float):
                array[position] = value * scale
    return toml_file(content)


def arrays(content: Content) -> list[list[Any]]:
    """List the lists of numbers."""
    tables = [*content["layers"], content["loss"], content["input"]]
    return [value for table in tables for key, value in table.items() if key in ARRAYS]


def scrambled(drawn: Random, content: Content) -> bytes:
    """Cut a piece out of the file, and put some letters or bytes in, or a piece many times."""
    text = toml_file(content)
    start = drawn.randint(0, len(text))
    end = drawn.randint(start, min(start + 40, len(text)))
    pieces = [
        lambda: letters(drawn, 5).encode(),
        lambda: drawn.randbytes(drawn.randint(1, 3)),
        lambda: text[start:end] * drawn.choice([2, 3, 100, 3000]),
        lambda: drawn.choice([b"[", b"{", b"a.", b"[[a", b"{a=", b"'''", b'"']) * 2000,
    ]
    return text[:start] + drawn.choice(pieces)() + text[end:]


def hostile(drawn: Random, content: Content) -> bytes:
    """Say something that would be a command to somebody in one to three places."""
    *_, last = content["layers"]
    content.setdefault("published", [published(drawn)])
    told = {"quantity": "loss", "values": [7]}
    fields: list[tuple[Content, str]] = [(content, "title"), (last, "name")]
    fields += [(content["published"][0], "source"), (content["published"][0], "remark")]
    for table, key in drawn.sample(fields, drawn.randint(1, 3)):
        text = hostile_text(drawn)
        table[key] = text.replace(".", "").strip()[:60] if key == "name" else text
    if "name" in last and drawn.random() < 0.7:
        quantity = drawn.choice(["{}", "gradient of {}", "updated {}", "loss after 2 steps"])
        content["published"].append({**told, "quantity": quantity.format(last["name"])})
    if "name" in last and drawn.random() < 0.3:
        content["letters"] = {last["name"]: drawn.choice(["K", "b", r"\input", "<b>"])}
    if drawn.random() < 0.05:
        content[hostile_text(drawn)] = 1
    return toml_file(content)


DAMAGES: dict[Callable[[Random, Content], bytes], int] = {
    mutated: 4,
    renumbered: 2,
    scrambled: 1,
    hostile: 3,
}
"""What happens to files, and how often."""


def toml_file(content: Content) -> bytes:
    """Write a file, a line for each table; what is no Unicode is put as Python puts it."""
    lines = (f"{quoted(key)} = {toml(value)}" for key, value in content.items())
    return "\n".join(lines).encode()


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml(value: Any) -> str:
    """Write a value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return quoted(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
