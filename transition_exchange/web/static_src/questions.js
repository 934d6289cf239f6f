// Shows a question only while it is asked. The rule stands on the page as the JSON of the form's own condition, and
// is read here as proforma/conditions.py reads it; a test in a browser compares the two.

/** What the form would send, without what is hidden: a hidden answer decides nothing. */
function entries(form) {
  const found = [];
  for (const field of form.elements) {
    if (!field.name || field.value === "" || field.closest("[data-only-if][hidden]")) continue;
    if (/^(submit|button|file|hidden)$/.test(field.type)) continue;
    if (/^(checkbox|radio)$/.test(field.type) && !field.checked) continue;
    found.push([field.name, field.value.trim()]);
  }
  return found.filter(([, value]) => value !== "");
}

function values(form, path) {
  return entries(form).filter(([name]) => name === path).map(([, text]) => text);
}

function number(form, path) {
  const [text] = values(form, path);
  return text === undefined || Number.isNaN(Number(text)) ? null : Number(text);
}

/** Whether a date's three parts, a field or a table holds anything. */
function filled(form, path) {
  return entries(form).some(([name]) => name === path || name.startsWith(`${path}-`) || name.startsWith(`${path}.`));
}

/** A form says yes and no where the form's conditions say true and false. */
const same = (text, wanted) => text === (wanted === true ? "yes" : wanted === false ? "no" : String(wanted));

/** Whether the page has the question at all; what another page asks cannot be decided here. */
function here(form, path) {
  return Array.from(form.elements).some(
    ({ name }) => name === path || name?.startsWith(`${path}.`) || name?.startsWith(`${path}-`),
  );
}

/** Whether the rule holds; null where it asks about something on another page. */
function holds(form, rule) {
  if (rule.always !== undefined) return rule.always;
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
  if (rule.is) return values(form, rule.path).some((text) => rule.is.some((wanted) => same(text, wanted)));
  if (rule.filled) return filled(form, rule.path);
  if (rule.moreThan !== undefined) return (number(form, rule.path) ?? -Infinity) > rule.moreThan;
  if (rule.has) {
    const start = `${rule.path}.`;
    return entries(form).some(([name, text]) => {
      const [row, column, more] = name.startsWith(start) ? name.slice(start.length).split(".") : [];
      return /^[0-9]+$/.test(row) && column === rule.column && !more && rule.has.some((wanted) => same(text, wanted));
    });
  }
  return null;
}

/** All or any of three-valued parts: `decisive` settles it, else what is unknown leaves it unknown. */
function combine(parts, decisive) {
  if (parts.includes(decisive)) return decisive;
  return parts.includes(null) ? null : !decisive;
}

/** Begin with everything in sight and hide what is not asked, until hiding it changes nothing more. */
function refresh(form, asked) {
  for (const { question } of asked) question.hidden = false;
  for (let again = true; again; ) {
    again = false;
    for (const { question, rule } of asked) {
      // What an error message points at stays in sight.
      if (!question.hidden && !question.querySelector(".govuk-error-message") && holds(form, rule) === false) {
        question.hidden = again = true;
      }
    }
  }
}

export function questions(root) {
  for (const form of root.querySelectorAll("form")) {
    const asked = Array.from(form.querySelectorAll("[data-only-if]"), (question) => ({
      question,
      rule: JSON.parse(question.dataset.onlyIf),
    }));
    if (asked.length === 0) continue;
    for (const kind of ["input", "change", "marked"]) form.addEventListener(kind, () => refresh(form, asked));
    refresh(form, asked);
  }
}
