// Warns five minutes before the session ends, and lets somebody stay.

const WARN_BEFORE = 5 * 60 * 1000;

export function session(box) {
  if (!box) return;
  const latest = Date.now() + Number(box.dataset.secondsLatest) * 1000;
  let ends = Date.now() + Number(box.dataset.seconds) * 1000;
  const button = box.querySelector("[data-session-stay]");
  const title = box.querySelector("#session-title");
  const text = box.querySelector("#session-text");
  let timer;

  function say(clock) {
    for (const place of document.querySelectorAll("[data-session-clock]")) place.textContent = clock;
  }
  function warn() {
    button.hidden = ends >= latest - 1000;
    box.hidden = false;
    button.focus();
    timer = window.setTimeout(over, Math.max(0, ends - Date.now()));
  }
  function over() {
    title.textContent = "You have been signed out";
    text.textContent = "What you typed is still on this page. Save it now: we keep it for 24 hours and offer it after you sign in.";
    button.hidden = true;
    box.hidden = false;
  }
  function wait() {
    window.clearTimeout(timer);
    box.hidden = true;
    timer = window.setTimeout(warn, Math.max(0, ends - Date.now() - WARN_BEFORE));
  }
  button.addEventListener("click", async () => {
    const token = document.querySelector("input[name=csrf_token]")?.value ?? box.dataset.token;
    const answer = await fetch(box.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
    if (!answer.ok) return over();
    const { seconds, clock } = await answer.json();
    ends = Date.now() + seconds * 1000;
    say(clock);
    wait();
  });
  wait();
}
