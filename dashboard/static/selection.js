// Says on a button how many rows are selected. The page works without this script.
//
//   <button data-counts="ids">Retry selected</button>  counts the ticked boxes of this name

function count() {
  for (const button of document.querySelectorAll("[data-counts]")) {
    button.dataset.says ??= button.textContent;
    const boxes = document.querySelectorAll(`input[name="${button.dataset.counts}"]:checked`);
    button.textContent = boxes.length ? `${button.dataset.says} (${boxes.length})` : button.dataset.says;
  }
}

document.addEventListener("change", () => setTimeout(count));
