// What htmx does not do: count down to the next try, keep a form from being sent twice, and copy.
// Every page reads without it.
"use strict";

function spanShown(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  for (const [size, unit, below, smaller] of [
    [86400, "d", 3600, "h"],
    [3600, "h", 60, "min"],
    [60, "min", 1, "s"],
  ]) {
    if (whole >= size) {
      const rest = Math.floor((whole % size) / below);
      return `${Math.floor(whole / size)} ${unit}` + (rest ? ` ${rest} ${smaller}` : "");
    }
  }
  return `${whole} s`;
}

function countDown() {
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = (Date.parse(element.dateTime) - Date.now()) / 1000;
    element.textContent = spanShown(left);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.textContent.trim());
  button.textContent = button.dataset.copied;
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-checks-all]");
  if (!all) return;
  for (const box of document.querySelectorAll(`input[name="${all.dataset.checksAll}"]`)) {
    box.checked = all.checked;
  }
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
}, true);

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
countDown();
setInterval(countDown, 1000);

// A part that looks again by itself keeps what somebody had opened, scrolled aside or gone to in it.
const KEPT = "a[href], button, input, select, summary, [tabindex]";
let place = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const within = [...target.querySelectorAll(KEPT)];
  place = {
    id: target.id,
    open: [...target.querySelectorAll("details")].map((one) => one.open),
    aside: [...target.querySelectorAll('[role="region"]')].map((one) => one.scrollLeft),
    focused: within.indexOf(document.activeElement),
    label: document.activeElement?.textContent,
  };
});

document.addEventListener("htmx:afterSwap", () => {
  const fresh = place && document.getElementById(place.id);
  if (!fresh) return;
  fresh.querySelectorAll("details").forEach((one, n) => { one.open ||= Boolean(place.open[n]); });
  fresh.querySelectorAll('[role="region"]').forEach((one, n) => { one.scrollLeft = place.aside[n] || 0; });
  const again = fresh.querySelectorAll(KEPT)[place.focused];
  if (again?.textContent === place.label) again.focus({ preventScroll: true });
  place = null;
});
