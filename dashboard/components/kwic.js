// Concordance lines, aligned on the node. data: {first, lines: [{target, href, left, node, right, date, place, voice, title}], labels}
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let sheet = parentElement.querySelector(".kwic");
  if (sheet) sheet.remove();
  sheet = makeElement("ol", "kwic");
  sheet.lang = "zh-Hans";
  data.lines.forEach((line, number) => {
    const row = makeElement("li", "line");
    const link = makeElement("a", "where", `${data.first + number}`);
    link.href = line.href;
    link.title = line.title;
    link.setAttribute("aria-label", `${data.first + number} ${line.title}`);
    const facts = makeElement("span", "facts", [line.date, line.place].filter(Boolean).join(" · "));
    const voice = makeElement("span", "voice", line.voice);
    const open = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("open", line.target);
    };
    link.addEventListener("click", open);
    const text = makeElement("span", "text");
    // The inner element keeps the reading order when the left context is cut off at its left edge.
    const left = makeElement("span", "left");
    left.append(makeElement("bdi", "", line.left));
    text.append(left, makeElement("b", "node", line.node), makeElement("span", "right", line.right));
    text.addEventListener("click", open);
    row.append(link, facts, voice, text);
    sheet.append(row);
  });
  parentElement.append(sheet);
}
