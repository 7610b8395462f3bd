"""What a .pt2 file holds, looked at before PyTorch reads it: no code comes with a network.

``torch.export.load`` unpickles some parts of a file, which can run any code. A file is read if its
parts are text, plain numbers, or load as tensors alone (``weights_only`` of ``torch.load``).
"""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import torch

from symcnn.errors import SymcnnError, shown

_PLAIN = re.compile(
    r".*\.json|[^/]+/data/weights/weight_\d+|[^/]+/data/constants/tensor_\d+|[^/]+/\.data/\w+|"
    r"([^/]+/)?(archive_format|archive_version|byteorder|version|\.format_version)"
)
"""Names of parts that hold text or plain numbers."""


def check_plain(path: Path) -> None:
    """Refuse a file with parts that PyTorch would unpickle as anything but tensors.

    Raises:
        SymcnnError: Names the first such part, or says that the file cannot be read.
    """
    try:
        with ZipFile(path) as members:
            names = members.namelist()
            for name in names:
                if names.count(name) > 1 or not _is_plain(members, name):
                    raise SymcnnError(
                        f"{shown(name)} is a pickled object, which can run code: export a module "
                        "of tensors and numbers alone"
                    )
    except OSError as error:
        raise SymcnnError(f"cannot read the file: {error.strerror}: check its name") from None
    except (BadZipFile, ValueError, KeyError, NotImplementedError) as error:
        if isinstance(error, SymcnnError):
            raise
        raise SymcnnError("this is no .pt2 file: write it with torch.export.save") from None


def _is_plain(members: ZipFile, name: str) -> bool:
    if name.endswith(".pt"):
        return _is_of_tensors(members.read(name))
    if name.endswith("_config.json"):
        return not _has_pickles(json.loads(members.read(name)))
    return _PLAIN.fullmatch(name) is not None


def _is_of_tensors(content: bytes) -> bool:
    """Tell whether PyTorch's restricted unpickler reads it; an empty part holds nothing."""
    if not content:
        return True
    try:
        torch.load(BytesIO(content), weights_only=True)
    except Exception:  # whatever its parsers raise
        return False
    return True


def _has_pickles(config: object) -> bool:
    """Tell whether a table of weights says that one is pickled."""
    if isinstance(config, dict):
        return bool(config.get("use_pickle")) or any(map(_has_pickles, config.values()))
    return isinstance(config, list) and any(map(_has_pickles, config))
