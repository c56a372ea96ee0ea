// Two documents side by side, passage by passage.
// data: {heads: [{title, line, lang}], rows: [{kind, a: {runs, folded}, b: {...}}], ruby, labels}
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let sheet = parentElement.querySelector(".sheet");
  if (sheet) sheet.remove();
  sheet = makeElement("div", "sheet" + (data.ruby ? " ruby" : ""));
  const card = { host: sheet, labels: data.labels || {}, open: (target) => setTriggerValue("open", target) };

  const legend = makeElement("div", "legend");
  for (const [kind, label] of data.legend) {
    legend.append(makeElement(kind === "same" || kind === "edge" ? "span" : "mark", kind, label));
  }
  sheet.append(legend);

  const head = makeElement("div", "row heads");
  data.heads.forEach((document_, side) => {
    const cell = makeElement("div", side ? "b" : "a");
    cell.dataset.side = side ? "B" : "A";
    cell.lang = document_.lang;
    const link = makeElement("a", "", document_.title);
    link.href = document_.href;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("open", document_.target);
    });
    cell.append(link, makeElement("div", "line", document_.line));
    head.append(cell);
  });
  sheet.append(head);

  for (const row of data.rows) {
    const line = makeElement("div", "row " + row.kind);
    for (const side of ["a", "b"]) {
      const cell = makeElement("div", side);
      cell.dataset.side = side.toUpperCase();
      cell.lang = data.heads[side === "a" ? 0 : 1].lang;
      const passage = row[side];
      if (!passage) {
        cell.classList.add("none");
        cell.append(makeElement("span", "absent", data.labels.absent));
      } else if (passage.folded) {
        const details = makeElement("details");
        details.append(makeElement("summary", "", passage.folded));
        drawRuns(details, passage.runs, card);
        cell.append(details);
      } else {
        drawRuns(cell, passage.runs, card);
      }
      line.append(cell);
    }
    sheet.append(line);
  }
  sheet.addEventListener("click", () => hideCard(parentElement));
  parentElement.append(sheet);
}
