// Asks before a form is sent that wants it, shows which button was pressed, and that a form has
// changed. Without this script a form is sent at once.
//
//   <form data-confirm="…?">      or <button data-confirm="…?">  is asked about in the page's dialog
//   <form class="stacked" method="post">                         keeps its button in sight once changed

const dialog = document.getElementById("ask");
const yesWord = dialog?.querySelector('button[value="yes"]').textContent;
let agreed; // the form that is being sent because somebody said yes

document.addEventListener("submit", (event) => {
  const [form, button] = [event.target, event.submitter];
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  if (!question || !dialog || form === agreed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, form, button);
}, true);

function ask(question, form, button) {
  const yes = dialog.querySelector('button[value="yes"]');
  dialog.querySelector("p").textContent = question;
  const named = button && !button.matches('[role="switch"]'); // a switch is named after what it is
  yes.textContent = (named && button.textContent.trim()) || yesWord;
  yes.className = button?.classList.contains("danger") ? "danger" : "main";
  dialog.returnValue = "no";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    agreed = form;
    form.requestSubmit(button);
    agreed = undefined;
  };
  dialog.showModal();
}

window.addEventListener("submit", (event) => {
  const taken = !event.defaultPrevented || event.target.ariaBusy === "true";
  if (taken) event.submitter?.classList.add("pressed");
});

window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll(".pressed")) button.classList.remove("pressed");
});

document.addEventListener("input", ({ target: { form } }) => {
  if (form?.matches('.stacked[method="post"]')) form.classList.add("changed");
});
