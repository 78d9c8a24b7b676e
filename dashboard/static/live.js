// Parts of a page that are kept up to date without a reload. Every page works without this script.
//
//   <… id="deliveries" data-from="/…" data-every-s="2">  is taken from that page again and again
//   <form data-part="deliveries">                        shows that part of the answer to it
//   <form data-part="tried" data-wait-ms="400">          does so while somebody fills it in

const ANSWERED_WITHIN_MS = 30_000;
const FOCUSABLE = "a[href], button, input, select, summary, [tabindex]";
const requests = new Map(); // the latest for each part; what answers an earlier one is not shown
let pause;

async function refill(id, url, options = {}) {
  const request = {};
  requests.set(id, request);
  const answer = await ask(url, options);
  if (requests.get(id) !== request) return;
  requests.delete(id);
  if (!answer || (!options.method && document.querySelector("dialog[open]"))) return;
  const [shown, fresh] = [document.getElementById(id), answer.page.getElementById(id)];
  if (shown && fresh) replace(shown, fresh);
  else if (answer.movedTo) location.assign(answer.movedTo); // the session has ended
  else if (options.method) document.documentElement.replaceWith(answer.page.documentElement);
}

async function ask(url, options) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS), ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { page, movedTo: answer.redirected && answer.url };
  } catch {
    return null;
  }
}

// What somebody had opened, ticked, scrolled aside or gone to stays so.
function replace(shown, fresh) {
  for (const one of fresh.querySelectorAll("noscript")) one.remove(); // it was parsed as content
  const focused = document.activeElement;
  const place = [...shown.querySelectorAll(FOCUSABLE)].indexOf(focused);
  const open = [...shown.querySelectorAll("details")].map((one) => one.open);
  const aside = [...shown.querySelectorAll('[role="region"]')].map((one) => one.scrollLeft);
  const ticked = new Set([...shown.querySelectorAll("[type=checkbox]:checked")].map((one) => one.value));
  shown.replaceWith(fresh);
  fresh.querySelectorAll("[type=checkbox][name=ids]").forEach((one) => { one.checked = ticked.has(one.value); });
  fresh.querySelectorAll("details").forEach((one, n) => { one.open ||= Boolean(open[n]); });
  fresh.querySelectorAll('[role="region"]').forEach((one, n) => { one.scrollLeft = aside[n] || 0; });
  if (place >= 0) {
    const again = document.getElementById(focused.id) ?? fresh.querySelectorAll(FOCUSABLE)[place];
    if (again?.textContent === focused.textContent) again.focus({ preventScroll: true });
  }
  watch(fresh);
}

function watch(part) {
  if (!part.dataset.everyS) return;
  setTimeout(async () => {
    if (!document.hidden && !requests.has(part.id)) await refill(part.id, part.dataset.from);
    if (part.isConnected) watch(part);
  }, part.dataset.everyS * 1000);
}

function send(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  const [place, method] = [form.getAttribute("action"), form.getAttribute("method")];
  if (method === "post") return refill(form.dataset.part, place, { method, body: fields });
  history.replaceState(null, "", `${place}?${fields}`);
  return refill(form.dataset.part, `${place}?${fields}`);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.dataset.part || form.dataset.waitMs) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  await send(form, event.submitter);
  form.ariaBusy = "false";
  event.submitter?.classList.remove("pressed");
});

document.addEventListener("input", ({ target: { form } }) => {
  if (!form?.dataset.waitMs) return;
  clearTimeout(pause);
  pause = setTimeout(() => send(form), form.dataset.waitMs);
});

document.querySelectorAll("[data-every-s]").forEach(watch);
