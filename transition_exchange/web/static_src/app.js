// Everything here only adds: each page works without it.
import { initAll } from "./govuk-frontend.js";
import { autosave } from "./autosave.js";
import { asksBeforeLeaving, leaving } from "./leaving.js";
import { questions } from "./questions.js";
import { session } from "./session.js";

initAll();
questions(document);
leaving(document.querySelector("form[data-signs-out]"));
document.querySelectorAll("form[data-asks]").forEach(asksBeforeLeaving);
autosave(document.querySelector("form[data-saves-itself]"), session(document.getElementById("session-warning")));

// A row that was just added gets the cursor.
document.querySelector("[data-new-row] input, [data-new-row] select, [data-new-row] textarea")?.focus();

// Work in steps goes on by itself while somebody watches.
const step = document.querySelector("form[data-next-step]");
if (step) window.setTimeout(() => step.requestSubmit(), 50);

// A file that is too large is pointed out before it is sent.
for (const input of document.querySelectorAll("input[type=file][data-max-bytes]")) {
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    const large = file && file.size > Number(input.dataset.maxBytes);
    input.setCustomValidity(large ? "This file is larger than 20 MB. Choose a smaller one." : "");
    if (large) input.reportValidity();
  });
}

// Marking everybody in a list who has no mark, but for those of whom something speaks against it.
for (const button of document.querySelectorAll("[data-mark-rest]")) {
  for (const hidden of button.form.querySelectorAll(".te-all[hidden]")) hidden.removeAttribute("hidden");
  button.addEventListener("click", () => {
    for (const none of button.form.querySelectorAll("[data-not-marked]:checked")) {
      const rest = button.form.querySelector(`[name="${none.name}"][value$=":${button.dataset.markRest}"]`);
      if (rest) rest.checked = true;
    }
    button.form.dispatchEvent(new Event("change"));
  });
}

// Marks in a list are kept as they are made, so that a link to a learner loses none.
for (const form of document.querySelectorAll("form[data-keeps-marks]")) {
  let kept = Promise.resolve();
  form.addEventListener("change", ({ target }) => {
    const one = target.type === "radio";
    if (!one && target !== form) return;
    const all = new FormData(form);
    const id = one && target.name.replace("mark-", "");
    const fields = one ? { csrf_token: all.get("csrf_token"), record: id, [target.name]: target.value } : all;
    const body = new URLSearchParams(fields).toString();
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const keepalive = body.length < 60000; // a browser takes no more of what outlives its page
    kept = kept.then(() => fetch(form.dataset.keepsMarks, { method: "POST", body, headers, keepalive })).catch(() => {});
  });
}
