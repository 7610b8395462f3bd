const BROAD = 76; // pixels: in a narrower box there is no room for a button

/** The button that stands in the box that is worked on, and gives the next hint on it. */
class Helper {
  /** @param {() => void} help */
  constructor(help) {
    this.button = button("?", help);
    this.button.className = "help";
    this.button.tabIndex = -1; // the tabulator leads from box to box, and the key ? does the same
    this.button.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    this.help = help;
  }

  /** Stand in a box, or in the line below it. @type {(box: Box, line: HTMLElement | undefined, name: string) => void} */
  join(box, line, name) {
    this.button.setAttribute("aria-label", `Help with ${name}`);
    this.button.title = "The next hint (key ?)";
    (line && box.gap.offsetWidth < BROAD ? line : box.gap).append(this.button);
  }

  /** Take the key ? in a box for the button. @type {(event: KeyboardEvent) => void} */
  press(event) {
    if (event.key === "?") {
      event.preventDefault();
      this.help();
    }
  }
}

/** Says what is not said where one looks: to those who do not see the page. */
class Announcer {
  constructor() {
    this.root = element("div", "unseen announced");
    this.root.setAttribute("role", "status");
    this.root.setAttribute("aria-live", "polite");
    document.body.append(this.root);
  }

  /** @type {(...parts: (string | Node)[]) => void} */
  say(...parts) {
    const made = element("p", "");
    made.append(...parts);
    this.root.replaceChildren(made);
  }
}
