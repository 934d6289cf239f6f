// Marks at each field what the server found wrong there, as its own pages do (components/question.html), and takes the
// marks away from what is right by now. The cursor stays where it is, and nobody is told that half a date is wrong: an
// answer that has no mark gets none before it is left.

const BOXES = ["input", "textarea", "select"];

/** What a field's marks stand on and around: its box or boxes, or the group of them with its legend. */
function parts(group) {
  const own = (selector) => Array.from(group.querySelectorAll(selector)).filter((one) => one.closest("[data-answer]") === group);
  const set = group.querySelector(":scope > fieldset");
  const boxes = own("input, textarea, select");
  const first = boxes[0] ?? group.querySelector("input, textarea, select, button");
  const base = set?.matches(".te-rows") ? set.id : first.id;
  const above = (set ?? group).querySelectorAll(":scope > :is(legend, label, [id$='-only'], [id$='-hint'])");
  return { described: set ?? first, boxes, first, id: `${base}-error`, after: above[above.length - 1] };
}

function markOne(group, message) {
  const { described, boxes, id, after } = parts(group);
  const said = document.getElementById(id);
  if ((said?.textContent.trim() ?? "") === (message && `Error: ${message}`)) return;
  said?.remove();
  group.classList.toggle("govuk-form-group--error", Boolean(message));
  for (const box of boxes) {
    for (const kind of BOXES) {
      if (box.classList.contains(`govuk-${kind}`)) box.classList.toggle(`govuk-${kind}--error`, Boolean(message));
    }
  }
  const others = (described.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  const ids = message ? [...others, id] : others;
  if (ids.length) described.setAttribute("aria-describedby", ids.join(" "));
  else described.removeAttribute("aria-describedby");
  if (!message) return;
  after.after(element("p", { id, className: "govuk-error-message" }, element("span", { className: "govuk-visually-hidden" }, "Error:"), ` ${message}`));
  const closed = group.closest("details");
  if (closed) closed.open = true;
}

function element(tag, about, ...inside) {
  const made = Object.assign(document.createElement(tag), about);
  made.append(...inside);
  return made;
}

function links(wrong, className) {
  return wrong.map(({ id, text }) => element("li", {}, id ? element("a", { href: `#${id}`, className }, text) : text));
}

/** The error summary at the head of a page that was opened with errors: what is right by now leaves it. */
function sum(wrong) {
  document.title = `${wrong.length ? "Error: " : ""}${document.title.replace(/^Error: /, "")}`;
  const summary = document.querySelector(".govuk-error-summary");
  if (wrong.length === 0) summary?.remove();
  else summary?.querySelector("ul").replaceChildren(...links(wrong, ""));
}

const isBeingTyped = (group) => group.contains(document.activeElement) && !group.classList.contains("govuk-form-group--error");

/**
 * Mark a form. `wrong` has for each field that is wrong its name, the message, and as `text` the message with the
 * question. What is returned says that under a heading, for a place that is read out.
 */
export function mark(form, wrong, heading) {
  const left = new Map(wrong.map((one) => [one.name, one]));
  for (const group of form.querySelectorAll("[data-answer]")) {
    const one = left.get(group.dataset.answer);
    if (one && isBeingTyped(group)) left.delete(one.name);
    else markOne(group, one?.message ?? "");
    if (one) one.id = parts(group).first.id;
  }
  const found = Array.from(left.values());
  sum(found);
  form.dispatchEvent(new Event("marked"));
  if (found.length === 0) return [];
  const list = element("ul", { className: "govuk-list govuk-list--bullet" }, ...links(found, "govuk-link"));
  return [element("p", { className: "govuk-body te-not-saved__title" }, heading), list];
}
