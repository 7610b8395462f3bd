/**
 * Walk through the stages, forward and then backward: one after the other is marked and shown.
 * @param {Element} page
 * @param {HTMLElement} panel
 * @param {(words: string) => void} tell
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
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.matches("input, select, [role=spinbutton]");
    const by = { n: 1, p: -1 }[event.key];
    if (by !== undefined && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      go(by);
    }
  });
}
