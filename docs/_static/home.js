// The page that moves, as it stands in the home: at its picture, with its controls unfolded.

try {
  localStorage["symcnn-panel"] ??= "open"; // unless the reader has folded them before
} catch {
  // a browser that keeps nothing shows them folded
}

/** Make the page in the frame as light or dark as the site, whose reader may have chosen. */
function followTheSwitch(inside) {
  const sheets = [...inside.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const dark = sheets.filter((rule) => rule.media?.mediaText.includes("prefers-color-scheme: dark"));
  const show = () => {
    const isDark = document.documentElement.dataset.theme === "dark";
    inside.documentElement.style.colorScheme = isDark ? "dark" : "light";
    dark.forEach((rule) => (rule.media.mediaText = isDark ? "screen" : "not all"));
  };
  show();
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

window.addEventListener("load", () => {
  const frame = document.querySelector("iframe.moving");
  const picture = frame.contentDocument?.querySelector("#figure-1");
  if (!picture) {
    const there = `${frame.src}#figure-1`; // of pages from files, none can reach into another
    frame.src = there;
    setTimeout(() => (frame.src = there), 300);
    return;
  }
  followTheSwitch(frame.contentDocument);
  const show = () => frame.contentWindow.scrollBy(0, picture.getBoundingClientRect().top - 24);
  show(); // scrollIntoView would move this page as well
  requestAnimationFrame(show); // what is above has been laid out by now
});
