/** How many pixels of dragging are one step of a number's last digit. */
const DRAG = 6;

/** After how many milliseconds without a change the curve is drawn. */
const WAIT = 80;

/** The panel in which a number is changed, and the numbers in the text that can be dragged. */
class Controls {
  /**
   * @param {HTMLElement} panel
   * @param {Numbers} numbers
   * @param {() => boolean} follow shows the numbers; false if they have no finite results
   */
  constructor(panel, numbers, follow) {
    this.panel = panel;
    this.numbers = numbers;
    this.follow = follow;
    this.chosen = 0;
    /** @type {{tensor: Given, entry: number}[]} */
    this.givens = numbers.data.givens.flatMap((tensor) => tensor.entries.map((_, entry) => ({ tensor, entry })));
    /** The numbers that are not fixed, by their figures. */
    this.movable = new Map(
      this.givens.flatMap(({ tensor, entry }, n) => (tensor.kind === "fixed" ? [] : [[tensor.entries[entry].key, n]])),
    );
    this.field = /** @type {HTMLInputElement} */ (panel.querySelector("#number"));
    this.slider = /** @type {HTMLInputElement} */ (panel.querySelector("#slider"));
    this.choice = /** @type {HTMLSelectElement} */ (panel.querySelector("#entry"));
    this.complaint = /** @type {HTMLElement} */ (panel.querySelector("#complaint"));
    this.curve = /** @type {Element} */ (panel.querySelector("#curve"));
    this.legend = /** @type {Element} */ (panel.querySelector("#legend"));
    this.effect = /** @type {HTMLElement} */ (panel.querySelector("#effect"));
    this.closed = /** @type {HTMLElement} */ (panel.querySelector("#closed"));
    this.forms = new ClosedForms(page);
    this.timer = 0;
    this.listEntries();
    this.listen();
    this.letDragAll();
    this.letChooseInPictures();
  }

  listEntries() {
    for (const n of this.movable.values()) {
      const { tensor, entry } = this.givens[n];
      this.choice.append(new Option(`${tensor.entries[entry].label} (${tensor.name})`, String(n)));
    }
    this.chosen = Number(this.choice.value);
  }

  listen() {
    this.choice.addEventListener("change", () => this.choose(Number(this.choice.value)));
    this.field.addEventListener("change", () => {
      this.type(this.field.value);
      this.show();
    });
    this.field.addEventListener("keydown", (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (by !== undefined) {
        event.preventDefault();
        this.step(by);
      }
    });
    let isNew = true;
    this.slider.addEventListener("input", () => {
      this.type(stepped(this.middle ?? "0", Number(this.slider.value)), isNew);
      isNew = false;
    });
    this.slider.addEventListener("keydown", (event) => {
      if (/^[-\d.,]$/.test(event.key)) {
        event.preventDefault();
        this.field.value = event.key;
        this.field.focus();
      }
    });
    this.slider.addEventListener("change", () => {
      isNew = true;
      this.show();
    });
    /** @type {Record<string, () => void>} */
    const actions = {
      less: () => this.step(-1),
      more: () => this.step(1),
      undo: () => this.back(() => this.numbers.undo()),
      reset: () => this.back(() => this.numbers.reset()),
      link: () => this.copyLink(),
      save: () => this.save(),
    };
    for (const [name, action] of Object.entries(actions)) {
      this.panel.querySelector(`[data-do=${name}]`)?.addEventListener("click", action);
    }
  }

  /**
   * Let the given numbers in the text be chosen and dragged. They are no controls to those who
   * do not see them, as nothing inside of a formula or a picture is: the panel has these.
   */
  letDragAll() {
    for (const place of page.querySelectorAll(".matrices [data-figure], .scroll [data-figure]")) {
      const n = this.movable.get(keyOf(place));
      if (n !== undefined && isFigure(place)) {
        place.classList.add("given");
        this.letDrag(/** @type {HTMLElement} */ (place), n);
      }
    }
  }

  /** Let the edges and labels of pictures choose the given number that they stand for. */
  letChooseInPictures() {
    page.addEventListener("click", (event) => {
      const place = event.target instanceof Element ? event.target.closest("svg [data-figure], .near") : null;
      const n = place ? this.movable.get(lights.near.get(place)?.weight ?? keyOf(place)) : undefined;
      if (n !== undefined) {
        this.choose(n);
      }
    });
  }

  /** @type {(place: HTMLElement, n: number) => void} */
  letDrag(place, n) {
    place.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.choose(n);
      place.setPointerCapture(event.pointerId); // what it passes over does not light up
      const [from, text] = [event.clientX, this.numbers.texts[n]];
      let isNew = true;
      /** @param {PointerEvent} moved */
      const drag = (moved) => {
        const steps = Math.round((moved.clientX - from) / DRAG);
        if (stepped(text, steps) !== this.numbers.texts[n]) {
          this.type(stepped(text, steps), isNew);
          isNew = false;
        }
      };
      const end = () => {
        document.removeEventListener("pointermove", drag);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        this.show();
        const next = folding.isOpen ? this.slider : folding.toggle; // no keyboard covers a phone
        next.focus({ preventScroll: true }); // arrow keys go on with the slider
      };
      document.addEventListener("pointermove", drag);
      document.addEventListener("pointerup", end);
      document.addEventListener("pointercancel", end);
    });
  }

  /** @type {(n: number) => void} */
  choose(n) {
    this.chosen = n;
    this.show();
  }

  /** @type {(by: number) => void} */
  step(by) {
    this.type(stepped(this.numbers.texts[this.chosen], by));
    this.show();
  }

  /**
   * Take a number that was typed or dragged; one that is none, or has no results, is refused.
   * @type {(text: string, isNew?: boolean) => void}
   */
  type(text, isNew = true) {
    if (readNumber(text) === null) {
      this.complain(`${text || "Nothing"} is not a number: type one such as 0.25, -3 or 1/3.`);
      return;
    }
    const before = [...this.numbers.texts];
    this.numbers.change([[this.chosen, plainNumber(text)], ...this.balance(text)], isNew);
    if (this.follow()) {
      this.complain("");
    } else {
      this.numbers.texts = before;
      if (isNew) {
        this.numbers.before.pop();
      }
      this.complain(`With ${text} a result is not finite: choose another number.`);
    }
    this.showNumber();
  }

  /**
   * Let the numbers of a distribution sum to what they did: the last other one takes the difference.
   * @type {(text: string) => [number, string][]}
   */
  balance(text) {
    const { tensor, entry } = this.givens[this.chosen];
    if (tensor.kind !== "sum") {
      return [];
    }
    const other = entry === tensor.entries.length - 1 ? -1 : tensor.entries.length - 1 - entry;
    const place = this.chosen + other;
    const [was, is, rest] = [this.numbers.texts[this.chosen], text, this.numbers.texts[place]].map(readNumber);
    if (!was || !is || !rest) {
      return [];
    }
    return [[place, asText(minus(plus(rest, was), is))]];
  }

  /** @type {(words: string) => void} */
  complain(words) {
    this.complaint.textContent = words;
    this.field.setAttribute("aria-invalid", String(words !== ""));
  }

  /** @type {(change: () => void) => void} */
  back(change) {
    change();
    this.follow();
    this.complain("");
    this.show();
  }

  copyLink() {
    const address = `${location.href.split("#")[0]}#${this.numbers.fragment}`;
    navigator.clipboard?.writeText(address).then(
      () => say("The link was copied."),
      () => say("The link is in the address bar."),
    );
  }

  save() {
    const file = new Blob([this.numbers.file], { type: "application/toml" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "problem.toml";
    link.click();
    URL.revokeObjectURL(link.href);
    say("The problem file was saved as problem.toml.");
  }

  /** Show the chosen number, the slider around it and, a little later, the curve of the loss. */
  show() {
    this.middle = this.numbers.texts[this.chosen];
    this.slider.value = "0";
    this.choice.value = String(this.chosen);
    this.showNumber();
    remember();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.showCurve(), WAIT);
  }

  showCurve() {
    const { tensor, entry } = this.givens[this.chosen];
    const chosen = { name: tensor.name, entry };
    drawCurve(this.curve, this.legend, this.numbers.data, this.numbers.reals, chosen, figures);
  }

  showNumber() {
    const text = this.numbers.texts[this.chosen];
    this.field.value = text;
    this.slider.setAttribute("aria-valuetext", text);
    for (const name of ["undo", "reset"]) {
      const button = /** @type {HTMLButtonElement} */ (this.panel.querySelector(`[data-do=${name}]`));
      button.disabled = name === "undo" ? this.numbers.before.length === 0 : !this.numbers.isChanged;
    }
    const { tensor, entry } = this.givens[this.chosen];
    const given = tensor.entries[entry];
    if (way.choose(given)) {
      say("");
    }
    lights.light("chosen", [given.key], lights.edges.filter((edge) => edge.weight === given.key));
    this.effect.textContent = effectOf(given, figures, way, tiesIn(this.numbers.data.decisions, state));
    this.closed.replaceChildren(...this.forms.of(given));
  }
}

/** @type {(exact: Fraction) => string} */
function asText(exact) {
  const { n, d } = reduced(exact);
  const places = decimalPlaces(d, 30);
  if (places === null) {
    return `${n}/${d}`;
  }
  return `${n < 0n ? "-" : ""}${placed(String((sizeOf({ n, d }).n * ten(places)) / d), places)}`;
}
