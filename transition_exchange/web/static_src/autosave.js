// A page of the form saves itself: whenever a field is left, and every 20 seconds while somebody types. It goes by the
// same checks as the buttons. Without this script the page says that it has to be saved.

import { saveBeforeLeaving } from "./leaving.js";
import { mark } from "./marking.js";

const NOT_YET = "Not saved yet.";
const EVERY = 20 * 1000;
const GOES_ON = 60 * 1024; // bytes that a browser goes on sending after the page was left

export function autosave(form, session) {
  if (!form) return;
  const said = form.querySelector("[data-saved]");
  const alarm = form.querySelector("[data-not-saved]");
  const throwsAway = form.querySelector("[data-throws-away]");
  let typed = false; // something was typed that no save has taken yet
  let saving = null;
  let again = false; // a field was left during that save
  let failed = false; // the last save did not arrive
  let leaving = false;
  let over = false; // nobody is signed in any more
  let found = null; // what the last save found wrong

  function say(text) {
    said.textContent = text;
  }
  function warn(...words) {
    const text = words.map((word) => word.textContent ?? word).join("");
    if (alarm.textContent !== text) alarm.replaceChildren(...words); // so that it is read out once
  }
  function content() {
    return new URLSearchParams(new FormData(form));
  }
  function tell({ wrong, heading, whole }) {
    const title = heading || "Not everything that you typed is saved yet";
    warn(...mark(form, wrong, title), whole || wrong.length ? "" : `${title}.`);
  }
  const isSmall = (body) => body.toString().length < GOES_ON;

  async function save() {
    if (!typed || over) return;
    if (saving) {
      again = true;
      return;
    }
    typed = again = false;
    saving = send(content());
    await saving;
    saving = null;
    if (again && !failed) await save();
  }
  async function send(body) {
    try {
      const answer = await fetch(form.dataset.savesItself, { method: "POST", body, redirect: "manual", keepalive: isSmall(body) });
      if (answer.ok) {
        found = await answer.json();
        const { text, was, shown, rests, seconds, clock } = found;
        form.elements.was.value = was;
        form.elements.shown.value = shown;
        session.heard({ seconds, clock });
        say(typed ? NOT_YET : text);
        tell(found);
        throwsAway.hidden = !rests;
        failed = false;
        return;
      }
      over = answer.type === "opaqueredirect";
    } catch {
      // The network is away; the next try may succeed.
    }
    typed = failed = true;
    warn(over ? "You have been signed out. Press Save: we keep what you typed and offer it after you sign in." : "What you typed could not be saved. We go on trying.");
  }

  form.addEventListener("input", () => {
    typed = true;
    say(NOT_YET);
  });
  form.addEventListener("change", () => {
    typed = true;
    save();
  });
  form.addEventListener("focusout", () => {
    // What follows the answer that is left has the cursor only after this.
    if (found) window.setTimeout(() => failed || tell(found));
  });
  form.addEventListener("submit", async (event) => {
    leaving = true;
    if (!(saving && typed)) return;
    event.preventDefault(); // else it would meet that save, as if somebody else had made it
    while (saving) await saving;
    form.requestSubmit(event.submitter);
  });
  window.setInterval(save, EVERY);
  saveBeforeLeaving(async () => {
    while (saving) await saving;
    await save();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !leaving) save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !(typed || saving)) return;
    const typedDuringSave = typed && saving;
    save(); // which goes on when the page is gone
    if (failed || typedDuringSave || !isSmall(content())) event.preventDefault();
  });
}
