"""The arguments of ``symcnn train``."""

from __future__ import annotations

import argparse
from pathlib import Path

from symcnn.cli import options


def training(parser: argparse.ArgumentParser) -> None:
    """Add the number of steps, how they are taken, and the samples."""
    add = parser.add_argument
    add("--steps", type=int, default=100, help="the number of steps (default: 100)")
    add("--rate", type=float, help="the learning rate (default: that of the problem)")
    _steps(parser)
    add(
        "--data",
        metavar="FILE.npz",
        type=Path,
        help="the samples: arrays x and y (classes), or x and target; as a validation set x_test, "
        "and y_test or target_test",
    )
    add("--batch", type=int, metavar="N", help="the number of samples per step (default: 64)")
    add(
        "--held-out",
        metavar="SHARE",
        type=float,
        default=0.0,
        help="the share of the samples that is held out as a validation set, such as 0.2",
    )
    about = (
        "end when the loss of the validation set has not fallen in N passes over the samples, "
        "with the weights where it was least"
    )
    add("--patience", type=int, metavar="N", help=about)
    about = "the number of threads that share the samples of a step (default: 1)"
    add("--threads", type=int, default=1, metavar="N", help=about)
    options.backend(parser)
    add(
        "--checkpoint",
        metavar="STEPS",
        type=int,
        help="also save the weights, and a checkpoint to resume from, every STEPS steps; they are "
        "always saved on interruption",
    )
    about = "go on with a checkpoint, up to --steps steps in all, as if nothing had interrupted it"
    add("--resume", metavar="FILE.npz", type=Path, help=about)
    add(
        "--weights",
        metavar="FILE",
        type=Path,
        help="also write the weights by the names and in the layouts of the network's source, to "
        "FILE.safetensors or FILE.npz",
    )
    about = "the seed that determines the order of the samples (default: 0)"
    add("--seed", type=int, default=0, help=about)
    add(
        "--freeze",
        dest="frozen",
        metavar="PARAMETER",
        action="append",
        default=[],
        help="keep a parameter fixed, such as conv1.bias; may be repeated",
    )
    add(
        "--dtype",
        choices=["float64", "float32"],
        default="float64",
        help="the floating-point type (default: float64)",
    )


def _steps(parser: argparse.ArgumentParser) -> None:
    """Add the optimizer, the schedule of the learning rate, and clipping."""
    add = parser.add_argument
    listed = "sgd, adam, adamw, rmsprop or adagrad"
    about = f"what takes the steps: {listed} (default: that of the problem, or sgd)"
    add("--optimizer", metavar="NAME", help=about)
    about = "a setting of the optimizer, such as momentum=0.9 or beta1=0.8; may be repeated"
    kind = {"metavar": "NAME=VALUE", "type": _setting, "action": "append", "default": []}
    add("--set", dest="settings", help=about, **kind)  # type: ignore[arg-type]  # argparse's own
    about = "how the learning rate changes (default: constant)"
    add("--schedule", choices=["constant", "step", "cosine"], default="constant", help=about)
    about = "the number of steps in which the learning rate first grows from 0 (default: 0)"
    add("--warmup", type=int, default=0, metavar="STEPS", help=about)
    about = "with --schedule step, what the learning rate is multiplied by (default: 0.1)"
    add("--decay", type=float, default=0.1, metavar="FACTOR", help=about)
    about = "with --schedule step, after how many steps that happens (default: 30)"
    add("--decay-steps", type=int, default=30, metavar="STEPS", help=about)
    about = "scale the derivatives down where their Euclidean norm together exceeds NORM"
    add("--clip-norm", type=float, metavar="NORM", help=about)
    about = "bring every derivative into the interval from -BOUND to BOUND"
    add("--clip-value", type=float, metavar="BOUND", help=about)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is no setting: give one such as momentum=0.9")
    return name.strip(), value.strip()
