// Warns five minutes before the session ends, and lets somebody stay. Whoever types is there: that counts too.

const WARN_BEFORE = 5 * 60 * 1000;
const TYPING_COUNTS_EVERY = 4 * 60 * 1000;

export function session(box) {
  if (!box) return { heard() {} };
  const latest = Date.now() + Number(box.dataset.secondsLatest) * 1000;
  let ends = Date.now() + Number(box.dataset.seconds) * 1000;
  let asked = Date.now();
  let before = null; // what the cursor was in before it came to the warning
  const button = box.querySelector("[data-session-stay]");
  const title = box.querySelector("#session-title");
  const text = box.querySelector("#session-text");
  const ahead = Array.from(text.childNodes);
  let timer;

  function show(...words) {
    // It changes after it has come into view, so that a screen reader reads it out. The cursor stays where it is.
    text.replaceChildren();
    box.hidden = false;
    window.setTimeout(() => text.replaceChildren(...words), 100);
  }
  function warn() {
    button.hidden = ends >= latest - 1000;
    show(...ahead);
    timer = window.setTimeout(over, Math.max(0, ends - Date.now()));
  }
  function over() {
    title.textContent = "You have been signed out";
    button.hidden = true;
    show("What you typed is still on this page. Save it now: we keep it for 24 hours and offer it after you sign in.");
  }
  function wait() {
    window.clearTimeout(timer);
    box.hidden = true;
    timer = window.setTimeout(warn, Math.max(0, ends - Date.now() - WARN_BEFORE));
  }
  /** The server has said until when somebody stays signed in. */
  function heard({ seconds, clock }) {
    asked = Date.now();
    ends = asked + seconds * 1000;
    for (const place of document.querySelectorAll("[data-session-clock]")) place.textContent = clock;
    wait();
  }
  async function stay() {
    asked = Date.now();
    const token = document.querySelector("input[name=csrf_token]")?.value ?? box.dataset.token;
    const answer = await fetch(box.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
    if (!answer.ok) return over();
    heard(await answer.json());
  }
  document.addEventListener("focusin", ({ target }) => {
    if (!box.contains(target)) before = target;
  });
  document.addEventListener("input", () => {
    if (Date.now() - asked > TYPING_COUNTS_EVERY && Date.now() < ends) stay().catch(() => {});
  });
  button.addEventListener("click", async () => {
    await stay();
    before?.focus();
  });
  wait();
  return { heard };
}
