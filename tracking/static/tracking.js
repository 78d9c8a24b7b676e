// Keeps the page up to date while somebody looks at it: asks whether it has changed, and puts what
// is new in the place of <main>. Forms are on pages of their own. Without this script the page asks
// for itself once a minute.

const EVERY_MS = 15_000;
const ANSWERED_WITHIN_MS = 10_000;
const main = document.getElementById("main");
let tag = "";
let asking = false;

async function look() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(location.href, {
      cache: "no-store",
      headers: tag ? { "if-none-match": tag } : {},
      signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
    });
    if (answer.status >= 429) throw new Error(answer.status);
    if (answer.status !== 304) show(await answer.text());
    tag = answer.headers.get("etag") ?? "";
    offline(false);
  } catch {
    offline(true);
  }
  asking = false;
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const content = fresh.getElementById("main");
  if (content.innerHTML === main.innerHTML) return;
  const said = main.querySelector("h1").textContent;
  main.replaceChildren(...content.childNodes);
  document.title = fresh.title;
  const says = main.querySelector("h1").textContent;
  if (says !== said) document.getElementById("news").textContent = says;
}

function offline(is) {
  document.getElementById("offline").hidden = !is;
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
