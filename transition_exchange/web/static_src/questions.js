// Shows a question only while it is asked. The rule stands on the page as the JSON of the form's own condition.

const truths = new Map([["yes", true], ["no", false]]);

/** What a form field holds: a list of texts, with yes and no as booleans. */
function values(form, path) {
  const found = new FormData(form).getAll(path).filter((text) => text !== "");
  return found.map((text) => (truths.has(text) ? truths.get(text) : text));
}

function number(form, path) {
  const [text] = values(form, path);
  return text === undefined || Number.isNaN(Number(text)) ? null : Number(text);
}

/** Whether a date's three parts, a field or a table holds anything. */
function filled(form, path) {
  for (const [name, value] of new FormData(form)) {
    if (value !== "" && (name === path || name.startsWith(`${path}-`) || name.startsWith(`${path}.`))) return true;
  }
  return false;
}

const same = (value, wanted) => value === wanted || (typeof value === "string" && value === String(wanted));

function here(form, path) {
  const start = `${path}.`;
  return Array.from(form.elements).some(({ name }) => name === path || name?.startsWith(start) || name?.startsWith(`${path}-`));
}

/** Whether the rule holds; null where it asks about something on another page. */
export function holds(form, rule) {
  if (rule.always) return true;
  if (rule.all) return combine(rule.all.map((part) => holds(form, part)), false);
  if (rule.any) return combine(rule.any.map((part) => holds(form, part)), true);
  if (rule.not) {
    const inner = holds(form, rule.not);
    return inner === null ? null : !inner;
  }
  if (rule.part) {
    if (!here(form, rule.part) || !here(form, rule.whole)) return null;
    const part = number(form, rule.part);
    const whole = number(form, rule.whole);
    return part !== null && whole !== null && whole > 0 && part * 100 < whole * rule.below;
  }
  if (!here(form, rule.path)) return null;
  if (rule.is) return values(form, rule.path).some((value) => rule.is.some((wanted) => same(value, wanted)));
  if (rule.filled) return filled(form, rule.path);
  if (rule.moreThan !== undefined) return (number(form, rule.path) ?? -Infinity) > rule.moreThan;
  if (rule.has) {
    const row = new RegExp(`^${rule.path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\.[0-9]+\\.${rule.column}$`);
    for (const [name, value] of new FormData(form)) {
      const plain = truths.has(value) ? truths.get(value) : value;
      if (row.test(name) && rule.has.some((wanted) => same(plain, wanted))) return true;
    }
    return false;
  }
  return null;
}

/** All or any of three-valued parts: `decisive` settles it, else what is unknown leaves it unknown. */
function combine(parts, decisive) {
  if (parts.includes(decisive)) return decisive;
  return parts.includes(null) ? null : !decisive;
}

function refresh(form, asked) {
  for (const [question, rule, hadError] of asked) {
    const answer = holds(form, rule);
    // What cannot be decided here stays, and so does what an error message points at.
    question.hidden = answer === false && !hadError;
  }
}

export function questions(root) {
  for (const form of root.querySelectorAll("form")) {
    const asked = Array.from(form.querySelectorAll("[data-only-if]"), (question) => [
      question,
      JSON.parse(question.dataset.onlyIf),
      question.querySelector(".govuk-error-message") !== null,
    ]);
    if (asked.length === 0) continue;
    const again = () => refresh(form, asked);
    form.addEventListener("input", again);
    form.addEventListener("change", again);
    again();
  }
}
