"use strict";
(() => {
  const root = document.documentElement;
  const frames = [...document.querySelectorAll(".frame")];
  const steps = frames.map((frame) =>
    [...frame.querySelectorAll(".step")].flatMap((step) => {
      const rows = step.querySelector(":scope > .rows");
      if (!rows) return [[step]];
      const cells = [...rows.children];
      return cells.flatMap((cell, n) => (n % 2 ? [] : [cells.slice(n, n + 2)]));
    }),
  );
  let at = 0;
  let shown = 1;

  const fit = (frame) => {
    const inside = frame.querySelector(".steps");
    if (!inside) return;
    inside.style.fontSize = "";
    for (let scale = 1; scale > 0.5 && inside.scrollHeight > inside.clientHeight + 1; scale *= 0.95)
      inside.style.fontSize = `calc(1rem * var(--scale, 1) * ${scale * 0.95})`;
  };

  const show = () => {
    frames.forEach((frame, n) => frame.classList.toggle("current", n === at));
    steps[at].forEach((parts, n) => {
      for (const part of parts) part.classList.toggle("later", n >= shown);
    });
    fit(frames[at]);
    history.replaceState(null, "", `#${at + 1}`);
  };

  const go = (frame, step) => {
    at = Math.min(Math.max(frame, 0), frames.length - 1);
    shown = Math.min(Math.max(step, 1), Math.max(steps[at].length, 1));
    show();
  };
  const all = Infinity;
  const next = () => {
    if (shown < steps[at].length) go(at, shown + 1);
    else if (at + 1 < frames.length) go(at + 1, 1);
  };
  const back = () => {
    if (shown > 1) go(at, shown - 1);
    else if (at > 0) go(at - 1, all);
  };
  const keys = {
    ArrowRight: next,
    " ": next,
    PageDown: next,
    Enter: next,
    ArrowLeft: back,
    PageUp: back,
    Backspace: back,
    ArrowDown: () => go(at + 1, all),
    ArrowUp: () => go(at - 1, all),
    Home: () => go(0, 1),
    End: () => go(frames.length - 1, all),
    n: () => root.classList.toggle("with-notes") || fit(frames[at]),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  addEventListener("click", (event) => {
    if (!event.target.closest("a") && !String(getSelection()))
      (event.clientX < innerWidth / 3 ? back : next)();
  });
  addEventListener("hashchange", () => go(Number(location.hash.slice(1)) - 1 || 0, all));
  addEventListener("resize", () => fit(frames[at]));

  root.classList.add("playing");
  const asked = Number(location.hash.slice(1));
  go(asked > 1 ? asked - 1 : 0, asked > 1 ? all : 1);
})();
