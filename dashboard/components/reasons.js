// Groups of reasons: what was taken, and the words that speak for it or against it, each a button where they stand in the
// text. data: {groups: [{name, value, target, shown, rows: [{quote, words, weight, against, at}]}], opened, labels}
const MOST_IN_SIGHT = 14;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const old = parentElement.querySelector(".reasons");
  const kept = old ? old.scrollTop : 0;
  const unfolded = new Set(old ? [...old.querySelectorAll("details[open]")].map((element) => element.dataset.of) : []);
  if (old) old.remove();
  const list = make("div", data.groups.length > MOST_IN_SIGHT ? "reasons many" : "reasons");
  list.tabIndex = 0;
  list.setAttribute("role", "region");
  list.setAttribute("aria-label", data.labels.list);
  const makeRow = (row) => {
    const line = make("li", row.against ? "against" : "");
    if (row.at) {
      const button = make("button", "quote", row.quote);
      button.title = data.labels.show;
      button.setAttribute("aria-pressed", String(row.at === data.opened));
      button.addEventListener("click", () => setTriggerValue("open", `at:${row.at}`));
      line.append(button);
    } else if (row.quote) line.append(make("span", "quote", row.quote));
    line.append(make("span", "words", `${row.quote ? " → " : ""}${row.words}`));
    if (row.weight) {
      const weight = make("span", "weight", ` ${row.weight}`);
      weight.title = data.labels.weight;
      line.append(weight);
    }
    if (row.against) line.append(make("strong", "", ` ${data.labels.against}`));
    return line;
  };
  for (const group of data.groups) {
    const head = make("div", "head");
    if (group.target) {
      const button = make("button", "name", group.name);
      button.title = data.labels.person;
      button.addEventListener("click", () => setTriggerValue("open", group.target));
      head.append(button);
    } else head.append(make("strong", "name", group.name));
    head.append(make("span", "value", group.value));
    list.append(head);
    const rows = make("ul");
    group.rows.slice(0, group.shown).forEach((row) => rows.append(makeRow(row)));
    list.append(rows);
    const rest = group.rows.slice(group.shown);
    if (rest.length) {
      const fold = make("details");
      fold.dataset.of = group.name;
      fold.open = unfolded.has(group.name) || rest.some((row) => row.at && row.at === data.opened);
      fold.append(make("summary", "", data.labels.more.replace("{n}", rest.length)));
      const more = make("ul");
      rest.forEach((row) => more.append(makeRow(row)));
      fold.append(more);
      list.append(fold);
    }
  }
  parentElement.append(list);
  list.scrollTop = kept;
}
