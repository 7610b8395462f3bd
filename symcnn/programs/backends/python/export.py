"""A module to keep: the program with the numbers of an example, which runs by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.equations.values.evaluation import Array
from symcnn.programs.backends.notes import plain
from symcnn.programs.backends.python.listing import FUNCTION, Listing
from symcnn.programs.backends.python.module import module_text
from symcnn.writing.wrapping import filled

_DOCSTRING = '''"""{title}: the loss and its gradients.

It requires only {library}. Each equation is a comment above the statements that compute it.
"""

'''

_CALL = f"loss, gradients = {FUNCTION}(**VALUES)"

_MAIN = """if __name__ == "__main__":{first}
    {call}
    for name, numbers in {{"loss": loss, **gradients}}.items():
        if not {arrays}.isfinite(numbers).all():
            what = name if name == "loss" else f"dL/d{{name}}"
            raise SystemExit(f"There is no finite result at these numbers: {{what}} is not finite.")
    print("loss", loss)
    for name, gradient in gradients.items():
        print("dL/d", name, sep="")
        print(gradient)"""

_READ = """
    from pathlib import Path

    VALUES = values(Path(__file__).parent / {file!r})"""

_READER = """def values(file):
    \"\"\"Return the arguments of {function} from an .npz file, by the names of the tensors.\"\"\"
    with {library}.load(file) as arrays:
        return {{
{rows}        }}"""

_CAREFULLY = f"""try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            {_CALL}
    except ArithmeticError as error:
        what = error.args[-1]
        raise SystemExit(f"There is no finite result at these numbers: {{what}}.") from None"""


def numpy_module(listing: Listing, arrays: Iterable[Array], title: str) -> str:
    """Return the text of a module that imports NumPy and Python's own math alone.

    It does nothing when it is imported. When it runs it prints the loss and every gradient, or one
    line that says why there is none, as the logarithm of 0 has no value.
    """
    numbers = (f"np.array({listed(array)}).reshape({array.shape})" for array in arrays)
    constants = numbers_text(listing, numbers)
    return python_module(module_text(listing), constants, title, "NumPy", call=_CAREFULLY)


def reading_module(listing: Listing, names: Sequence[str], file: str, title: str) -> str:
    """Return such a module that reads its numbers from an .npz file."""
    reader, first = reader_text(listing, names, "np"), read_first(file)
    return python_module(module_text(listing), reader, title, "NumPy", first, _CAREFULLY)


def python_module(
    source: str,
    constants: str,
    title: str,
    library: str,
    first: str = "",
    call: str = _CALL,
    arrays: str = "np",
) -> str:
    """Return a module's text with its numbers, and what is done when it runs.

    Args:
        source: The text without them.
        constants: The numbers as ``VALUES``, or what reads them.
        title: What the numbers are an example of.
        library: What the module imports.
        first: Lines that come before the function is called.
        call: What calls the function.
        arrays: What the library is called in the module.
    """
    parts = [source.rstrip(), constants, _MAIN.format(first=first, call=call, arrays=arrays)]
    docstring = _DOCSTRING.format(title=escaped(title), library=library)
    return docstring + "\n\n\n".join(parts) + "\n"


def numbers_text(listing: Listing, numbers: Iterable[str]) -> str:
    """Return the numbers of an example as ``VALUES``, for the text of every argument."""
    pairs = zip(listing.arguments, numbers, strict=True)
    rows = "".join(f"    {name!r}: {filled(text)},\n" for name, text in pairs)
    return "# The numbers of the example.\nVALUES = {\n" + rows + "}"


def reader_text(listing: Listing, names: Sequence[str], library: str) -> str:
    """Return the function that reads every argument from an .npz file, by its tensor's name."""
    pairs = zip(listing.arguments, names, strict=True)
    rows = "".join(f"            {key!r}: arrays[{name!r}],\n" for key, name in pairs)
    return _READER.format(function=FUNCTION, library=library, rows=rows)


def read_first(file: str) -> str:
    """Return the lines that read a file, as seen from the module's own, when that runs."""
    return _READ.format(file=file)


def listed(array: Array) -> str:
    """Return the numbers of an array as a flat list, each in full."""
    return f"[{', '.join(map(repr, array.ravel().tolist()))}]"


def escaped(title: str) -> str:
    """Return a title as it may stand in a docstring; it is text, whatever it holds."""
    return plain(title).replace("\\", "\\\\").replace('"', '\\"')
