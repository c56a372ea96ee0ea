// Documents as a list of links with the lines that were counted. data: {items: [{target, href, title, line, count, snippets: [[run]]}], labels}
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let list = parentElement.querySelector(".sheet");
  if (list) list.remove();
  list = makeElement("ol", "sheet list");
  list.start = data.first || 1;
  const card = { host: list, labels: data.labels || {}, open: (target) => setTriggerValue("open", target) };
  for (const item of data.items) {
    const entry = makeElement("li");
    const link = makeElement("a", "", item.title);
    link.href = item.href;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("open", item.target);
    });
    entry.append(link, makeElement("div", "line", item.line));
    for (const runs of item.snippets || []) {
      const snippet = makeElement("div", "snippet");
      drawRuns(snippet, runs, card);
      entry.append(snippet);
    }
    list.append(entry);
  }
  parentElement.append(list);
  // What a click on a chart opened may stand off the screen: bring it in, once.
  if (data.turn && window.tifaTurn !== data.turn) {
    window.tifaTurn = data.turn;
    (parentElement.host || list).scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
}
