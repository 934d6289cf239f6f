// A page of the form saves itself: whenever a field is left, and every 20 seconds while somebody types. It goes by the
// same checks as the buttons. Without this script the page says that it has to be saved.

import { saveBeforeLeaving } from "./leaving.js";

const EVERY = 20 * 1000;

export function autosave(form, session) {
  if (!form) return;
  const said = form.querySelector("[data-saved]");
  const alarm = form.querySelector("[data-not-saved]");
  let typed = false; // something was typed that no save has taken yet
  let saving = null;
  let leaving = false;
  let over = false; // nobody is signed in any more

  function say(text) {
    said.textContent = text;
  }
  function warn(text) {
    if (alarm.textContent !== text) alarm.textContent = text;
  }
  async function save({ keepalive = false } = {}) {
    if (!typed || saving || over) return;
    typed = false;
    saving = send(keepalive);
    await saving;
    saving = null;
  }
  async function send(keepalive) {
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.savesItself, { method: "POST", body, redirect: "manual", keepalive });
      if (answer.ok) {
        const { text, was, whole, seconds, clock } = await answer.json();
        form.elements.was.value = was;
        session.heard({ seconds, clock });
        say(text);
        warn(whole ? "" : "Not everything that you typed is saved yet.");
        return;
      }
      over = answer.type === "opaqueredirect";
    } catch {
      // The network is away; the next try may succeed.
    }
    typed = true;
    warn(over ? "You have been signed out. Press Save: we keep what you typed and offer it after you sign in." : "What you typed could not be saved. We go on trying.");
  }

  form.addEventListener("input", () => {
    typed = true;
    say("Not saved yet.");
  });
  form.addEventListener("change", () => {
    typed = true;
    save();
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.setInterval(save, EVERY);
  saveBeforeLeaving(async () => {
    await saving;
    await save();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !leaving) save({ keepalive: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !(typed || saving)) return;
    save();
    event.preventDefault();
  });
}
