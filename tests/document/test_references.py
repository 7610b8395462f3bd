"""A document cites what its layers cite, and no more."""

import re

import pytest

import symcnn as sc
from tests.draws import one_of, slow

WORKS = {
    "Dumoulin": [sc.Conv2D(1, 1), sc.ConvTranspose2D(1, 1), sc.MaxPool2D(1), sc.AvgPool2D(1)],
    "Ioffe": [sc.BatchNorm()],
    "Clevert": [sc.ELU()],
    "Elfwing": [sc.SiLU()],
    "Hendrycks": [sc.GELU()],
}
CASES = [(layer, author) for author, layers in WORKS.items() for layer in layers]


def document(layer, **options):
    network = sc.Network((2, 2, 1), [layer, layer], sc.SumOfOutputs(), batch=2)
    values = {tensor.name: [0.5] * tensor.size for tensor in network.given}
    values["x"] = [0.1 * n for n in range(8)]
    return sc.explain(sc.Problem(network, values), **options)


def listed(layer, detail="full"):
    text = document(layer, detail=detail, sections=["references"]).to_markdown()
    return re.findall(r"^\\\[(\d)\\\] (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize(("layer", "author"), CASES, ids=repr)
def test_a_layer_is_cited_once(layer, author):
    works = listed(layer)
    assert [int(number) for number, _ in works] == [1, 2, 3]
    assert "Goodfellow" in works[0][1]
    assert author in works[1][1]
    assert "Squire" in works[2][1]


def test_others_cite_the_textbook_and_the_check():
    assert ["Goodfellow" in work for _, work in listed(sc.Tanh())] == [True, False]


def test_where_the_check_is_not_explained_no_work_is_cited_for_it():
    assert ["Goodfellow" in work for _, work in listed(sc.Tanh(), "standard")] == [True]


@pytest.mark.parametrize("detail", one_of(["standard", "full"]))
@pytest.mark.parametrize("layer", one_of(layers[0] for layers in WORKS.values()), ids=repr)
def test_every_work_is_cited_once_where_it_is_used(layer, detail):
    text = document(layer, detail=detail).to_markdown()
    sections = re.split(r"^## ", text, flags=re.MULTILINE)
    cited = {part.split("\n")[0]: re.findall(r"See \\\[(\d)\\\]", part) for part in sections}
    found = {name.lstrip("0123456789 "): numbers for name, numbers in cited.items() if numbers}
    check = {"Check": ["3"]} if detail == "full" else {}
    assert found == {"Forward pass": ["2"], "Backward pass": ["1"], **check}


@slow
def test_no_work_is_cited_that_is_not_listed():
    for options in ({"sections": ["forward", "backward", "check"]}, {"detail": "brief"}):
        assert "See " not in document(sc.BatchNorm(), **options).to_markdown()


def test_citations_are_links_in_pages_and_words_elsewhere():
    made = document(sc.SiLU(), detail="full")
    tex = r"\\hypertarget\{work-(\d)\}", r"\\hyperlink\{work-(\d)\}\{\[\1\]\}"
    html = r'<p id="work-(\d)">\[\1\] ', r'<a href="#work-(\d)">\[\1\]</a>'
    written = (made.to_latex(), tex), (made.to_html(), html)
    for page, (target, link) in written:
        assert re.findall(target, page) == ["1", "2", "3"]
        assert sorted(re.findall(link, page)) == ["1", "2", "3"]
    for page, prefix in ((made.to_latex(fragment=True), "D"), (made._repr_html_(), "")):
        assert f"See [{prefix}2]." in page
        assert f"[{prefix}2] " in page
        assert not re.search(r"hyper(link|target)|work-\d", page)


SOURCE = "A. Author: Nets & kernels, 100% by hand_2. https://example.org/a_b/c%20d/?x=1&y=2#top"


def sourced(**options):
    network = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1, 2], "dense1.weight": [1, 1], "target": [1]}
    return sc.explain(sc.Problem(network, values, source=SOURCE), **options)


def test_the_source_of_a_problem_is_cited_and_listed_with_a_link():
    made = sourced()
    assert "The example is from \\[1\\]." in made.to_markdown()
    address = "https://example.org/a_b/c%20d/?x=1&y=2#top"
    assert f"by hand\\_2. <{address}>" in made.to_markdown()
    assert f'href="{address.replace("&", "&amp;")}"' in made.to_html()
    assert r"\href{https://example.org/a_b/c\%20d/?x=1\&y=2\#top}{" in made.to_latex()
    assert r"\href" not in made.to_latex(fragment=True)
    assert r"\mbox{example.}\allowbreak{}\mbox{org/}" in made.to_latex(fragment=True)


def test_without_references_the_source_stands_in_the_text():
    brief = sourced(detail="brief").to_markdown()
    assert "Source: A. Author: Nets \\& kernels, 100% by hand\\_2. <https://" in brief


def test_a_document_without_source_cites_none():
    assert "example is from" not in document(sc.Tanh()).to_markdown()
