/**
 * How a decision falls: the largest terms of a window, or the sign of a comparison.
 * @type {(decision: Decision, figures: Real[]) => string}
 */
function fallen(decision, figures) {
  const values = decision.keys.map((key) => figures[key]);
  if (decision.kind === "comparison") {
    return String($.compared(values[0], $.ZERO));
  }
  const best = values.reduce($.largest);
  return values.flatMap((value, n) => ($.compared(value, best) === 0 ? [n] : [])).join("=");
}

/**
 * Whether a part of the page is shown: yes, no, or not known for these winners.
 * @type {(condition: Condition, state: string[], isChanged: boolean) => "shown" | "hidden" | "unknown"}
 */
function standing(condition, state, isChanged) {
  if (condition.decisions === null) {
    return isChanged ? "hidden" : "shown";
  }
  const own = condition.decisions.map((n) => state[n]).join(" ");
  return condition.shown.includes(own) ? "shown" : condition.hidden.includes(own) ? "hidden" : "unknown";
}

/** Return which windows are tied, and where two sides of a comparison are equal. @type {(state: string[]) => string} */
function tied(state) {
  return tiesIn(data.decisions, state).map((tie) => data.decisions.indexOf(tie)).join("=");
}

/** @type {(decisions: Decision[], state: string[]) => Decision[]} */
function tiesIn(decisions, state) {
  return decisions.filter(({ kind }, n) => (kind === "window" ? state[n].includes("=") : state[n] === "0"));
}

/** Say what has turned, in words. @type {(decisions: Decision[], before: string[], now: string[]) => string[]} */
function turned(decisions, before, now) {
  return decisions.flatMap((decision, n) => {
    if (before[n] === now[n]) {
      return [];
    }
    return [decision.kind === "window" ? newWinner(decision, now[n]) : newSign(decision, now[n])];
  });
}

/** @type {(decision: Decision, now: string) => string} */
function newWinner(decision, now) {
  const names = now.split("=").map((n) => decision.terms[Number(n)]);
  const window = `the window of ${decision.entry}`;
  return names.length > 1
    ? `in ${window}, ${names.join(" and ")} are now equal`
    : `in ${window}, ${names[0]} is now the largest entry`;
}

/** @type {(decision: Decision, now: string) => string} */
function newSign(decision, now) {
  const sign = { "1": ">", "0": "=", "-1": "<" }[now] ?? "?";
  return `now ${decision.terms[0]} ${sign} ${decision.terms[1]}`;
}
