"""How time and memory grow with the batch, and with the multiplications of a sample.

Each is a table, and a plot as an SVG file. Both axes are logarithmic, so that what grows
linearly is a line at 45 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from math import log2
from pathlib import Path
from statistics import linear_regression, median

from benchmarks.layout import Table
from benchmarks.specs import SPECS
from benchmarks.table import NAMES, PEERS, measured

BATCHES = (16, 32, 64, 128, 256, 512)
IMAGES = (32, 44, 64, 92, 128)
COLOURS = {"pytorch": "#c0392b", "symcnn_": "#1f5fa8"}
NETWORK, THREADS = "LeNet-5", 1

_WIDTH, _HEIGHT, _LEFT, _TOP, _UNIT = 420, 460, 80, 40, 55

Times = Mapping[str, Sequence[float]]


def show(rounds: int, folder: Path) -> None:
    """Measure, print a line for each size, and write the plots."""
    print(f"\n{NETWORK}, {THREADS} thread, by the batch: microseconds a sample, megabytes.")
    cases = [(batch,) for batch in BATCHES]
    times = _measured(rounds, "batch", cases, BATCHES, 1e6)
    title = f"{NETWORK}, {THREADS} thread: milliseconds by batch"
    _write(folder / "growth.svg", title, BATCHES, times, list(map(str, BATCHES)))
    print(f"\n{NETWORK} on larger images, batch 64, by the multiplications of a sample's forward")
    print("pass: microseconds a sample and million of them, megabytes.")
    works = [replace(SPECS[NETWORK], shape=(n, n, 1)).multiplications for n in IMAGES]
    times = _measured(rounds, "image", [(64, n) for n in IMAGES], works, 1e12 / 64)
    title = "Batch 64: milliseconds by 10\u2076 multiplications"
    _write(folder / "growth_work.svg", title, works, times, [f"{w / 1e6:.2g}" for w in works])


def _measured(
    rounds: int, what: str, cases: Sequence[Sequence[int]], units: Sequence[int], scale: float
) -> dict[str, list[float]]:
    """Print and return the times of every peer."""
    peers = [peer for peer in COLOURS if find_spec(PEERS[peer])]
    heads = [part for peer in peers for part in (NAMES[peer], "memory")]
    grid = Table([what, *heads], 8, 16)
    times: dict[str, list[float]] = {peer: [] for peer in peers}
    for case, unit in zip(cases, units, strict=True):
        turns = [
            {peer: measured(peer, NETWORK, THREADS, *case) for peer in peers} for _ in range(rounds)
        ]
        cells = [f"{case[-1]}" if len(case) == 1 else f"{case[-1]}x{case[-1]}"]
        for peer in peers:
            times[peer].append(median(turn[peer]["seconds"] for turn in turns))
            size = median(turn[peer]["memory"] for turn in turns)
            cells += [f"{scale * times[peer][-1] / unit:.1f}", f"{size:.0f} MB"]
        grid.row(cells)
    return times


def _write(path: Path, title: str, sizes: Sequence[int], times: Times, marks: list[str]) -> None:
    path.write_text(plot(title, sizes, times, marks), encoding="utf-8")
    print(f"\nPlot: {path.name}")


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Return p of the power law, time = c size^p, that fits best."""
    xs, ys = ([log2(number) for number in numbers] for numbers in (sizes, times))
    return linear_regression(xs, ys).slope


def plot(title: str, sizes: Sequence[int], times: Times, marks: Sequence[str]) -> str:
    """Return an SVG picture of the times by the sizes."""
    least = min(min(series) for series in times.values())
    places = [_LEFT + _UNIT * log2(size / sizes[0]) for size in sizes]
    lines = "\n".join(_series(peer, places, series, least) for peer, series in times.items())
    names = "\n".join(_name(number, peer) for number, peer in enumerate(times))
    grid = "\n".join(map(_mark, places, marks))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="13">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>\n'
        f'<text x="{_LEFT}" y="20">{title}</text>\n'
        f"{grid}\n{lines}\n{names}\n</svg>\n"
    )


def _y(seconds: float, least: float) -> float:
    return _HEIGHT - _TOP - _UNIT * log2(seconds / least)


def _series(peer: str, xs: Sequence[float], series: Sequence[float], least: float) -> str:
    places = [(x, _y(t, least)) for x, t in zip(xs, series, strict=True)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    labels = "".join(
        f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="end" fill="{COLOURS[peer]}" '
        f'font-size="11">{float(f"{1e3 * time:.2g}"):g}</text>'
        for (x, y), time in zip(places, series, strict=True)
    )
    line = f'<polyline points="{points}" fill="none" stroke="{COLOURS[peer]}" stroke-width="2"/>'
    return line + labels


def _name(number: int, peer: str) -> str:
    return f'<text x="{_LEFT}" y="{50 + 18 * number}" fill="{COLOURS[peer]}">{NAMES[peer]}</text>'


def _mark(x: float, text: str) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_HEIGHT - _TOP}" stroke="#ddd"/>'
        f'<text x="{x:.1f}" y="{_HEIGHT - 15}" text-anchor="middle">{text}</text>'
    )
