r"""Checks the question with which a document begins, and the trial with plain numbers."""

from __future__ import annotations

import re

import numpy as np

from tests.readers import prose
from tests.readers.figures import figure, printed, wrong_entry, wrong_figure
from tests.readers.intervals import near
from tests.readers.rows import check_entry
from tests.readers.source import Side, sides
from tests.readers.telling import COUNT, MATH, Telling, equation, is_zero

_QUESTION = re.compile(
    r"How does (?:one|(?P<each>each)) (?P<number>weight|entry of the input) change the loss\?"
    rf"(?: The network below turns (?P<inputs>{COUNT}) numbers? into (?:one, (?P<output>{MATH})"
    rf"(?:, which ought to be (?P<target>{MATH}))?|(?P<outputs>{COUNT}))\.)?"
    rf"(?(each)| Take (?P<weight>{MATH}), (?P<which>.*?)"
    r"(?:(?:\. (?:Should it be larger or smaller, and by how much would the loss change|"
    r"(?P<idle>Does it change the loss at all))\? We follow this one (?P=number)"
    r"|: we follow it) through the network and back|: we work out its derivative)"
    r"(?P<others>; all other derivatives are found in the same way)?\.)"
)
_PLACE = re.compile(r"the (\w+) weight of the (?:(\w+) )?filter of (?:the layer )?(\S+)")
_OF = re.compile(r"(?:a|an|of the|the) ([a-z -]+) of (?:the layer )?(\S+)")
_INPUT = re.compile(r"one of the (\d+) numbers of the input|the input")
_TRIED = re.compile(
    rf"The derivative with respect to (?P<weight>{MATH}) is (?P<sign>positive|negative), so "
    r"(?P=weight) should be (?P<way>smaller|larger)\. "
    rf"With (?:(?P<moved>{MATH}) in place of (?P<before>{MATH})|(?P=weight) (?P=way) by "
    rf"(?P<by>{MATH})), and everything else as it was, (?:we find (?P<after>{MATH}), which|the "
    rf"loss) is less than before by (?P<fall>{MATH})\. "
    rf"The derivative predicted a decrease by \$(?P<size>[^$]*?) \\cdot (?P<slope>[^$]*?) "
    r"(?P<relation>=|\\approx) (?P<share>[^$]*)\$\."
)


class Asked(Telling):
    """Checks what is asked, and what is tried."""

    def question(self, text: str) -> None:
        found = _QUESTION.fullmatch(text)
        if found is None:
            self.paper.faults.append(f"the question is not understood: {text}")
            return
        known = self.paper.known.values
        if found["inputs"]:
            self.so(prose.count(found["inputs"]) == known["x"].size, found["inputs"])
        if found["outputs"]:
            self.so(prose.count(found["outputs"]) == self.output().size, found["outputs"])
        if found["output"]:
            self.so(self.equal(found["output"]) == self.output().item(), found["output"])
        if found["target"]:
            self.number("target", np.asarray(known["target"]).item(), found["target"])
        if found["each"]:
            return
        self.weight(found["weight"], found["which"], found["number"])
        if found["idle"]:
            slope = self.slope(f"${equation(found['weight'])[0]}$")
            self.so(abs(slope) < near(1), found["idle"])
        others = len(self.every()) > (found["number"] == "weight")
        self.so(others == bool(found["others"]), f"other derivatives: {found['others']}")

    def output(self) -> np.ndarray:
        """Return what the network computes: the last of what its layers make."""
        moving = (n for n in self.paper.known_as.values() if n in self.paper.known.gradients)
        *_, last = (name for name in moving if "." not in name)
        return self.paper.known.values[last]

    def weight(self, text: str, which: str, number: str) -> None:
        """Check the weight that is followed, and which one it is said to be."""
        which = which.replace(r"\_", "_")
        if is_given := [*sides(text.strip("$"))]:
            self.equal(text)
        entry = equation(text)[0] if is_given else text.strip("$")
        letter, position = check_entry(self.paper, entry)
        name = self.paper.known_as[letter]
        self.so((number == "weight") == ("." in name), f"{entry} is {number}")
        if place := _PLACE.fullmatch(which):
            along = [n for n, size in zip(position, self.shape(name), strict=True) if size > 1]
            said = [prose.ordinal(word) for word in place.groups()[:2] if word]
            self.so((name, along) == (f"{place[3]}.weight", said), f"{entry} is {which}")
        elif given := _INPUT.fullmatch(which):
            size = self.paper.arrays[letter].size
            self.so((name, size) == ("x", int(given[1] or 1)), f"{entry} is {which}")
        elif owned := _OF.fullmatch(which):
            self.so(name.rpartition(".")[0] == owned[2], f"{entry} is {which}")
        else:
            self.paper.faults.append(f"{entry} is {which}: which is not understood")

    def shape(self, name: str) -> tuple[int, ...]:
        return np.shape(self.paper.known.values[name])

    def trial(self, text: str) -> None:
        """Check a trial by the loss that another program finds with the changed weight."""
        found = _TRIED.fullmatch(text)
        if found is None:
            self.paper.faults.append(f"the trial is not understood: {text}")
            return
        entry = equation(found["moved"])[0] if found["moved"] else found["weight"].strip("$")
        letter, position = check_entry(self.paper, entry)
        before, slope = (of[letter][position] for of in (self.paper.arrays, self.paper.slopes))
        if found["moved"]:
            self.number("before", before, found["before"])
        self.so(found["weight"] == f"${entry}$", f"{found['weight']} is {entry}")
        signs = {"positive": slope > 0, "negative": slope < 0}
        self.so(signs[found["sign"]] or is_zero(slope), f"{entry} has a {found['sign']} slope")
        ways = {"positive": "smaller", "negative": "larger"}
        self.so(ways[found["sign"]] == found["way"], f"{entry} should be {found['way']}")
        size = float(found["size"].replace("{,}", ""))
        change = size if slope < 0 else -size
        if found["moved"]:
            moved = equation(found["moved"])[1]
            if is_zero(slope) and wrong_figure(before + change, figure(moved), self.paper.digits):
                change = -change  # its sign is not known
            self.number("moved", before + change, moved)
        else:
            self.number("the change", size, found["by"])
        numbers = {"size": size, "slope": abs(slope), "share": size * abs(slope)}
        for key, number in numbers.items():
            side = Side(found["relation"], found[key])
            self.paper.figures += 1
            if wrong := wrong_entry(number, side, self.paper.digits):
                self.paper.faults.append(f"predicted: {wrong}")
        exact = [_is_exact(number, found[key]) for key, number in numbers.items()]
        self.so(all(exact) == (found["relation"] == "="), f"exact: {text[-50:]}")
        if self.paper.known.tried is not None:
            after = self.paper.known.tried(self.paper.known_as[letter], position, before + change)
            if found["after"]:
                letter, loss = equation(found["after"])
                self.so(letter == self.paper.loss, f"{letter} is the loss")
                self.number("the loss of the trial", after, loss)
            self.number("what it is less by", self.paper.known.loss - after, found["fall"])


def _is_exact(number: float, text: str) -> bool:
    """Tell whether a number is what stands for it, as far as a derivative is known."""
    value, _ = printed(text, number)
    return abs(value - number) <= 1000 * near(number) * abs(number)
