/**
 * Walk through the stages, forward and then backward: one after the other is marked and shown.
 * @type {(page: Element, panel: HTMLElement, tell: (words: string) => void) => void}
 */
function walk(page, panel, tell) {
  const stages = [...page.querySelectorAll("h3")].filter((stage) => stage.closest("[hidden]") === null);
  let at = -1;
  /** @param {number} by */
  const go = (by) => {
    if (stages.length === 0) {
      return;
    }
    stages[at]?.classList.remove("current");
    at = Math.min(Math.max(at + by, 0), stages.length - 1);
    const stage = stages[at];
    stage.classList.add("current");
    stage.scrollIntoView({ block: "start" });
    tell(`Step ${at + 1} of ${stages.length}: ${stage.textContent}`);
  };
  panel.querySelector("[data-do=back]")?.addEventListener("click", () => go(-1));
  panel.querySelector("[data-do=on]")?.addEventListener("click", () => go(1));
  listenToKeys({ n: () => go(1), p: () => go(-1) });
}

/**
 * Walk the way back to the chosen number with buttons and keys, or let it be walked.
 * @type {(panel: HTMLElement, way: Way, tell: (words: string) => void) => void}
 */
function walkBack(panel, way, tell) {
  let timer = 0;
  const button = panel.querySelector("[data-do=way]");
  const idle = button?.textContent ?? "";
  /** @param {number} running */
  const keep = (running) => {
    window.clearInterval(timer);
    timer = running;
    button?.replaceChildren(running ? "Pause" : idle);
    button?.setAttribute("aria-label", running ? "Pause the animation" : "Play the animation");
  };
  const rest = () => keep(0);
  /** @param {number} by */
  const go = (by) => {
    const picture = page.querySelector("figure:has([data-to])");
    if (way.at < 0) {
      picture?.scrollIntoView({ block: "start" });
    }
    tell(way.go(by));
    const shown = [...(picture ?? page).querySelectorAll("circle.here, .matrices .here")];
    shown.find((place) => place.closest("[hidden]") === null)?.scrollIntoView({ block: "nearest", inline: "center" });
  };
  const play = () => {
    if (way.isAtEnd) {
      way.leave();
    }
    go(1);
    keep(window.setInterval(() => (way.isAtEnd ? rest() : go(1)), PAUSE));
  };
  /** @type {Record<string, () => void>} */
  const actions = { "way-on": () => go(1), "way-back": () => go(-1) };
  for (const [name, action] of Object.entries(actions)) {
    panel.querySelector(`[data-do=${name}]`)?.addEventListener("click", () => {
      rest();
      action();
    });
  }
  panel.querySelector("[data-do=way]")?.addEventListener("click", () => (timer ? rest() : play()));
  const leave = () => {
    rest();
    way.leave();
  };
  listenToKeys({ b: actions["way-on"], f: actions["way-back"], Escape: leave });
}

/** Listen to keys that are pressed where nothing is typed. @type {(actions: Record<string, () => void>) => void} */
function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.matches("input:not([type=range]), select");
    if (Object.hasOwn(actions, event.key) && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      actions[event.key]();
    }
  });
}
