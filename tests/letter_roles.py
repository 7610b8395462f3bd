r"""What each letter of a formula in LaTeX stands for, read from the formula alone.

    \delta^{x}_{r} = \sum_{i=1}^{M} \delta^{z}_{i} w_{r-i}   ( r = 1, ..., H )

has the indices i, bound by a sum, and r, with a range behind the formula; the tensors delta, x, z
and w, which have scripts; and M and H, which have none: sizes, or single numbers.
"""

import re
from typing import NamedTuple

GREEK = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho
    sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega ell
"""
SIGNS = {name: chr(0xE000 + n) for n, name in enumerate(GREEK.split())}
SIGNS |= {
    "sum": "\N{N-ARY SUMMATION}",
    "max": "\N{N-ARY LOGICAL OR}",
    "le": "\N{LESS-THAN OR EQUAL TO}",
}
SUM, MAX, LE = (SIGNS[name] for name in ("sum", "max", "le"))
LETTER = "[A-Za-z\ue000-\ue0ff][~`]*"
"""A letter, with as many marks as its number says: s_2 and w^{(2)} are not s and w."""
GROUP = r"\{((?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)\}"


class Roles(NamedTuple):
    """The letters of a formula by what they stand for.

    Attributes:
        bound: Indices of sums and maxima.
        free: Indices with ranges behind the formula.
        tensors: What has subscripts with letters, or the letter of a tensor above it.
        plain: What stands alone.
        nested: Letters that are bound twice, one inside of the other.
    """

    bound: set
    free: set
    tensors: set
    plain: set
    nested: set


def letters_alone(latex):
    """Write a formula in one character for each letter, without words and commands."""
    latex = re.sub(r"\\(text|operatorname|mathrm|begin|end)\*?\{[^{}]*\}", " ", latex)
    latex = re.sub(r"\\(hat|bar|tilde|mathbf|boldsymbol)\{([^{}]*)\}", r"\2~", latex)
    latex = re.sub(r"\\([A-Za-z]+)\s*", lambda m: SIGNS.get(m[1], " "), latex)
    numbered = rf"({LETTER})(?:_(?:\{{([0-9]+)\}}|([0-9]))|\^\{{\(([0-9]+)\)\}}|\(([0-9]+)\))"

    def marked(found):
        below, above = found[2] or found[3] or 0, found[4] or found[5] or 0
        return found[1] + "~" * int(below) + "`" * int(above)

    return re.sub(numbered, marked, latex)


def roles(latex):
    """Read the roles of all letters."""
    latex = letters_alone(latex)
    bound, nested = [], set()
    for chain in re.finditer(rf"(?:{SUM}\s*_{GROUP}(?:\^{GROUP}|\^.)?\s*)+", latex):
        own = re.findall(rf"{SUM}\s*_\{{\s*({LETTER})", chain[0])
        nested |= {letter for letter in own if own.count(letter) > 1}
        bound += own
    for window in re.finditer(rf"{MAX}\s*_{GROUP}", latex):
        bound += re.findall(rf"{LE}\s*({LETTER})\s*{LE}", window[1])
    free = set(re.findall(rf"({LETTER})\s*=\s*[01],\s", latex))
    tensors, plain = set(), set()
    latex = re.sub(rf"\[\s*{LETTER}_\{{?{LETTER}\}}?\s*=\s*{LETTER}\s*\]", "", latex)  # [i_u = r]
    inside = [found.span(1) for found in re.finditer(rf"_{GROUP}", latex)]
    for found in re.finditer(LETTER, latex):
        is_below = any(
            start <= found.start() < end for start, end in inside
        )  # as i_u is, in x_{i_u}
        is_tensor = not is_below and _has_scripts(latex[found.end() :])
        (tensors if is_tensor else plain).add(found[0])
    tensors |= set(re.findall(rf"(?!e){LETTER}\^\{{({LETTER})\}}", latex))  # z of \delta^{z}
    return Roles(set(bound), free, tensors - {"e"}, plain, nested)


def _has_scripts(behind):
    """Tell whether scripts stand behind a letter, and not a power or a number."""
    script = re.match(rf"\s*[_^](?:{GROUP}|(.))", behind)
    if script is None:
        return False
    inside = script[1] if script[1] is not None else script[2]
    is_above = behind.lstrip().startswith("^")
    if re.fullmatch(r"\s*[0-9/., -]*\s*", inside):  # x^{2}, and x^{2}_{1}
        return is_above and _has_scripts(behind[script.end() :])
    return not is_above or bool(re.fullmatch(rf"\s*{LETTER}.*", inside))


def conflicts(latex, sizes=(), further=()):
    """Return what letters of a formula have two meanings.

    Args:
        latex: The formula.
        sizes: The letters for sizes and other settings.
        further: Indices that are said elsewhere, such as those on the left.
    """
    found, sizes = roles(latex), set(map(letters_alone, sizes))
    indices = found.bound | found.free | set(further)
    return {
        "an index and a size": indices & sizes,
        "an index and a tensor": indices & found.tensors,
        "a size and a tensor": sizes & found.tensors,
        "bound and free": found.bound & (found.free | set(further)),
        "bound twice": found.nested,
    }


def left_indices(latex):
    """Return the letters in the subscripts of a left side."""
    left = letters_alone(latex)
    inside = (re.sub(GROUP, r" \1 ", found[1]) for found in re.finditer(rf"_{GROUP}", left))
    return {letter for part in inside for letter in re.findall(LETTER, part)}


def none(found):
    """Tell whether there is no conflict."""
    return not any(found.values())
