// Warns five minutes before the session ends, and lets somebody stay.

const WARN_BEFORE = 5 * 60 * 1000;

function clock(moment) {
  return new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" })
    .format(moment).replace(/\s/g, "");
}

export function session(box) {
  if (!box) return;
  let ends = new Date(box.dataset.ends);
  const latest = new Date(box.dataset.endsLatest);
  const button = box.querySelector("[data-session-stay]");
  const title = box.querySelector("#session-title");
  const text = box.querySelector("#session-text");
  let timer;

  function say() {
    for (const place of document.querySelectorAll("[data-session-clock]")) place.textContent = clock(ends);
  }
  function warn() {
    button.hidden = ends >= latest;
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
    ends = new Date((await answer.json()).ends);
    say();
    wait();
  });
  wait();
}
