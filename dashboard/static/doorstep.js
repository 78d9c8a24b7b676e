// Counts down to the next attempt, asks before a form is sent, ticks all boxes, copies and prints.
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

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
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
