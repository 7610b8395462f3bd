"""Archives of arrays and files of safetensors that lie, repeat themselves or claim too much."""

import io
import json
import pickle
import struct
import zipfile

import numpy as np

MAGIC = b"\x93NUMPY"


class Runs:
    """A pickle that makes a folder when it is read."""

    def __reduce__(self):
        import os

        return os.mkdir, ("run",)


def header(shape, descr="<f8", version=(1, 0), text=None):
    """Return what stands before the numbers of an array."""
    said = text or f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape!r}}}\n"
    size = struct.pack("<H" if version == (1, 0) else "<I", len(said))
    return MAGIC + bytes(version) + size + said.encode()


def archive(members, method=zipfile.ZIP_DEFLATED, twice=False):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
            if twice:
                made.writestr(name + " ", data)
    held = content.getvalue()
    return held.replace(b" PK", b"PK") if twice else held


def of_x(data, **options):
    return archive({"x.npy": data, "conv1.weight.npy": header((2, 1, 1, 3)) + bytes(48)}, **options)


def zeros(name, size):
    """An array of so many bytes of zeros, which are some thousandths of that."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open(name, "w", force_zip64=True) as member,
    ):
        member.write(header((size // 8,)))
        for _ in range(size // 2**20):
            member.write(bytes(2**20))
    return content.getvalue()


def saved(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def archives(large):
    """Yield archives by what is wrong with them.

    Args:
        large: Whether those are among them that take seconds to be made.
    """
    whole = saved(x=np.ones((3, 1, 1)))
    for shape in ((10**13, 1, 1), (2**63,), (-1,), (2**62, 4), (3, 1, 1, 10**9), (0,), (1,) * 70):
        yield f"a shape of {shape}"[:40], of_x(header(shape))
        yield f"a shape of {shape} in a long header"[:40], of_x(header(shape, version=(2, 0)))
    for shape in ("(3, 1, 1", "x", "(3.5,)", "((3,),)", "[3]", "__import__('os').mkdir('run')"):
        text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}\n"
        yield f"a shape of {shape}", of_x(header((), text=text))
    for descr in ("|O", "<U8", "<c16", "<M8[s]", "V8", "<f16", "oh", [("a", "<f8")], "<i3", "|b1"):
        yield f"numbers of {descr}", of_x(header((3, 1, 1), descr) + bytes(48))
    yield "objects", saved(x=np.array([Runs()], object))
    yield "a pickle", pickle.dumps(Runs())
    yield "a pickle in the archive", archive({"x.npy": pickle.dumps(Runs())})
    yield "a pickle for a number", of_x(header((1,), "|O") + pickle.dumps([Runs()]))
    yield "a version of 3", of_x(header((3, 1, 1), version=(3, 0)) + bytes(24))
    yield "a version of 9", of_x(header((3, 1, 1), version=(9, 9)) + bytes(24))
    yield "a long header", of_x(header((), text="{" + "'a':1," * 10_000 + "}\n"))
    yield "a deep header", of_x(header((), text="(" * 9_000 + ")" * 9_000))
    yield "a header of nothing", of_x(MAGIC + b"\1\0\xff\xff")
    yield "half", whole[: len(whole) // 2]
    yield "no directory", whole[:-30]
    yield "other bytes", whole.replace(np.ones(3).tobytes(), bytes(24))
    yield "nothing", b""
    yield "text", b"x = 1"
    yield "an array alone", header((3, 1, 1)) + bytes(24)
    yield "a text in the archive", archive({"x.txt": b"1"})
    yield "a folder in the archive", archive({"x.npy/": b""})
    yield "a path", archive({"../x.npy": header((3, 1, 1)) + bytes(24)})
    yield "many", archive({f"a{n}.npy": b"" for n in range(20_000)})
    yield "bzip2", of_x(header((3, 1, 1)) + bytes(24), method=zipfile.ZIP_BZIP2)
    yield "lzma", of_x(header((3, 1, 1)) + bytes(24), method=zipfile.ZIP_LZMA)
    yield "not numbers", saved(x=np.full((3, 1, 1), np.nan))
    yield "a directory of 2^32", whole[:-10] + b"\xff" * 8 + whole[-2:]
    yield (
        "encrypted",
        whole[:6]
        + b"\1\0"
        + whole[8:].replace(b"PK\1\2\x2d\x03\x2d\0\0\0", b"PK\1\2\x2d\x03\x2d\0\1\0"),
    )
    for control in "\n\x1b\u202e":
        yield f"a name with {control!r}", archive({f"{control}.npy": header((1,)) + bytes(8)})
    if large:
        yield "very many", archive({f"{'a' * 60}{n}.npy": b"" for n in range(40_000)})
        yield "2 GiB of zeros", zeros("x.npy", 2**31)
        yield "2 GiB of an unknown array", zeros("unknown.npy", 2**31)


def stored(said, data=bytes(96), length=None):
    """Return a file of safetensors with any header."""
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype="F64", shape=(1, 3), start=0, end=24, **more):
    return {"dtype": dtype, "shape": [*shape], "data_offsets": [start, end], **more}


NAME = "dense1.weight"
"""What the network of the tests takes, of 1x3."""


def files_of_safetensors():
    """Yield files by what is wrong with them."""
    twice = json.dumps(entry()).encode()
    for kind in ("F8_E4M3", "F8_E5M2", "F4", "C64", "BOOL", "BF16", "X", "", 7, None):
        bits = {"BF16": 2, "C64": 8, "F4": 1}.get(kind, 1)
        yield f"numbers of {kind}", stored({NAME: entry(kind, end=3 * bits)}, bytes(3 * bits))
    for shape in (
        (2**62, 4),
        (2**63,),
        (-1, 3),
        (3,),
        (1, 3, 1),
        (10**9, 10**9),
        (0, 3),
        (1,) * 70,
    ):
        yield f"a shape of {shape}"[:40], stored({NAME: entry(shape=shape)}, bytes(24))
    yield "a number for a shape", stored({NAME: {**entry(), "shape": 3}})
    for start, end in ((0, 2**63), (2**62, 2**62 + 24), (24, 0), (-8, 16), (0, 1000), (8, 32)):
        yield f"numbers from {start} to {end}", stored({NAME: entry(start=start, end=end)})
    yield "numbers that overlap", stored({NAME: entry(), "b": entry(start=8, end=32)}, bytes(32))
    yield "numbers of two arrays", stored({NAME: entry(), "b": entry()}, bytes(24))
    yield "bytes of nobody", stored({NAME: entry()}, bytes(2400))
    for length in (0, 1, 2**24, 2**62, 2**64 - 1, 10**9):
        yield f"a header of {length} bytes", stored({NAME: entry()}, length=length)
    yield (
        "a name that is there twice",
        stored(b'{"%s":%s,"%s":%s}' % (NAME.encode(), twice, NAME.encode(), twice), bytes(24)),
    )
    for text in (b"[]", b"1", b"null", b'"a"', b"{", b'{"a":1}', b"{}", b'{"a":{}}', b'{"a":[1]}'):
        yield f"a header of {text!r}", stored(text)
    yield "a deep header", stored(b"[" * 100_000)
    yield "a deep header of objects", stored(b'{"a":' * 100_000)
    yield "a long number", stored(b'{"a":{"dtype":"F64","shape":[%s]}}' % (b"9" * 10_000))
    yield "no Unicode", stored(b'{"\xff\xfe":1}')
    yield "half a letter", stored(b'{"\\ud800":{"dtype":"F64","shape":[3],"data_offsets":[0,24]}}')
    yield (
        "many arrays",
        stored(
            {f"a{n}": entry(start=24 * n, end=24 * n + 24) for n in range(40_000)},
            bytes(24 * 40_000),
        ),
    )
    yield "a long header", stored({f"{'a' * 60}{n}": entry() for n in range(50_000)})
    yield "nothing", b""
    yield "seven bytes", b"1234567"
    yield "text", b"weights"
    yield "a pickle", pickle.dumps(Runs())
    yield "an archive", saved(x=np.ones(3))
    yield "metadata of numbers", stored({"__metadata__": {"a": 1}, NAME: entry()}, bytes(24))
    yield "not numbers", stored({NAME: entry()}, np.full(3, np.nan).tobytes())
    yield "infinite numbers", stored({NAME: entry()}, np.full(3, np.inf).tobytes())
    yield "another array", stored({"dense2.weight": entry()}, bytes(24))
    yield "a name of Python", stored({"__import__('os').mkdir('run')": entry()}, bytes(24))
