// Counts down to the next attempt, ticks all boxes, copies and prints, leads on from rows, opens the
// search with a key. Every page reads without it.
"use strict";

function spanShown(seconds, [days, hours, minutes, inSeconds]) {
  const whole = Math.max(0, Math.round(seconds));
  for (const [size, unit, below, smaller] of [
    [86400, days, 3600, hours],
    [3600, hours, 60, minutes],
    [60, minutes, 1, inSeconds],
  ]) {
    if (whole >= size) {
      const rest = Math.floor((whole % size) / below);
      return `${Math.floor(whole / size)} ${unit}` + (rest ? ` ${rest} ${smaller}` : "");
    }
  }
  return `${whole} ${inSeconds}`;
}

function countDown() {
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = (Date.parse(element.dateTime) - Date.now()) / 1000;
    element.textContent = spanShown(left, element.dataset.countdown.split("|"));
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

// A row with one link leads there from anywhere in it, but not where text is being selected.
const ROW = "tbody tr:has(> th > a:only-of-type):not(:has(td a, button, input, select, summary))";
document.addEventListener("click", (event) => {
  const row = event.target.closest(ROW);
  if (!row || event.target.closest("a") || String(getSelection())) return;
  const link = row.querySelector("th > a");
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noreferrer");
  else link.click();
});

// A menu closes when something else is pressed, or Escape.
function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.menu[open], details.more[open]")) {
    if (menu !== but) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu, details.more")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  const typing = event.target.closest("input, select, textarea, dialog") || event.isComposing;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
countDown();
setInterval(countDown, 1000);
