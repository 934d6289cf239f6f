// Nobody leaves with something unsaved and does not know. Before somebody signs out in one tab, the pages that save
// themselves in the other tabs do so; a page that does not save itself asks before it is left.

const NAME = "signing-out";
const PATIENCE = 3000;

/** Answer other tabs: `save` saves what is typed here and ends when that is done. */
export function saveBeforeLeaving(save) {
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", async ({ data }) => {
    if (data !== "leaving") return;
    channel.postMessage("saving");
    await save();
    channel.postMessage("saved");
  });
}

/** Ask before a page is left on which something is typed, or was refused and is not kept, and no button has taken it. */
export function asksBeforeLeaving(form) {
  let typed = form.dataset.asks !== "kept" && form.querySelector(".govuk-error-message") !== null;
  form.addEventListener("input", () => {
    typed = true;
  });
  form.addEventListener("submit", () => {
    typed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
}

export function leaving(form) {
  if (!form) return;
  form.addEventListener("submit", (event) => {
    if (form.dataset.told) return;
    event.preventDefault();
    form.dataset.told = "yes";
    const channel = new BroadcastChannel(NAME);
    const go = () => form.requestSubmit();
    let saving = 0;
    let timer = window.setTimeout(go, 150); // nobody answers: there is no such tab
    channel.addEventListener("message", ({ data }) => {
      if (data === "saving") saving += 1;
      if (data === "saved") saving -= 1;
      window.clearTimeout(timer);
      timer = window.setTimeout(go, saving > 0 ? PATIENCE : 0);
    });
    channel.postMessage("leaving");
  });
}
