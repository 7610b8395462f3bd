"""How time and memory grow with the batch: a table, and a plot as an SVG file.

Both axes are logarithmic, so that what grows linearly is a line at 45 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from math import log2
from pathlib import Path
from statistics import median

from benchmarks.table import NAMES, PEERS, measured

BATCHES = (16, 32, 64, 128, 256, 512)
COLOURS = {"pytorch": "#c0392b", "symcnn_": "#1f5fa8"}
NETWORK, THREADS = "LeNet-5", 1

_WIDTH, _HEIGHT, _LEFT, _TOP, _UNIT = 420, 460, 80, 40, 55

Times = Mapping[str, Sequence[float]]


def show(rounds: int, path: Path) -> None:
    """Measure, print a line for each batch, and write the plot."""
    peers = [peer for peer in COLOURS if find_spec(PEERS[peer])]
    print(f"\n{NETWORK}, {THREADS} thread: microseconds a sample, megabytes")
    print("batch" + "".join(f"{NAMES[peer]:>26}" for peer in peers))
    times: dict[str, list[float]] = {peer: [] for peer in peers}
    for batch in BATCHES:
        cells = ""
        for peer in peers:
            turns = [measured(peer, NETWORK, THREADS, batch) for _ in range(rounds)]
            times[peer].append(median(turn["seconds"] for turn in turns))
            size = median(turn["memory"] for turn in turns)
            cells += f"{1e6 * times[peer][-1] / batch:>15.1f}{size:>8.0f} MB"
        print(f"{batch:>5}{cells}", flush=True)
    path.write_text(plot(times), encoding="utf-8")
    print(f"plot: {path}")


def plot(times: Times) -> str:
    """Return an SVG picture of the times by the batch."""
    least = min(min(series) for series in times.values())
    lines = "\n".join(_series(peer, series, least) for peer, series in times.items())
    names = "\n".join(_name(number, peer) for number, peer in enumerate(times))
    marks = "\n".join(_mark(batch) for batch in BATCHES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="13">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>\n'
        f'<text x="{_LEFT}" y="20">{NETWORK}, {THREADS} thread: milliseconds by batch</text>\n'
        f"{marks}\n{lines}\n{names}\n</svg>\n"
    )


def _x(batch: int) -> float:
    return _LEFT + _UNIT * log2(batch / BATCHES[0])


def _y(seconds: float, least: float) -> float:
    return _HEIGHT - _TOP - _UNIT * log2(seconds / least)


def _series(peer: str, series: Sequence[float], least: float) -> str:
    places = [(_x(b), _y(t, least)) for b, t in zip(BATCHES, series, strict=True)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    labels = "".join(
        f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="end" fill="{COLOURS[peer]}" '
        f'font-size="11">{1e3 * time:.2g}</text>'
        for (x, y), time in zip(places, series, strict=True)
    )
    line = f'<polyline points="{points}" fill="none" stroke="{COLOURS[peer]}" stroke-width="2"/>'
    return line + labels


def _name(number: int, peer: str) -> str:
    return f'<text x="{_LEFT}" y="{50 + 18 * number}" fill="{COLOURS[peer]}">{NAMES[peer]}</text>'


def _mark(batch: int) -> str:
    x = _x(batch)
    return (
        f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_HEIGHT - _TOP}" stroke="#ddd"/>'
        f'<text x="{x:.1f}" y="{_HEIGHT - 15}" text-anchor="middle">{batch}</text>'
    )
