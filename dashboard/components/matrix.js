// A table of cells coloured by their value, each cell a button. data: {rows, columns, cells: [[{v, paper, ink, thin, title, key}|null]], first, gaps, upright}
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let frame = parentElement.querySelector(".frame");
  const kept = frame && frame.dataset.columns === String(data.columns) ? frame.scrollLeft : null;
  if (frame) frame.remove();
  frame = document.createElement("div");
  frame.className = "frame";
  frame.dataset.columns = String(data.columns);
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", data.label);
  const table = document.createElement("table");
  if (data.upright) table.className = "upright";
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"));
  data.columns.forEach((column, number) => {
    const cell = document.createElement("th");
    cell.scope = "col";
    if (data.gaps.includes(number)) cell.className = "apart";
    cell.textContent = column;
    // A table does not make room for words set upright by itself.
    if (data.upright) cell.style.height = `${1.1 * Math.max(...data.columns.map((name) => name.length)) + 0.5}em`;
    head.append(cell);
  });
  const body = table.createTBody();
  data.rows.forEach((name, row) => {
    const line = body.insertRow();
    const title = document.createElement("th");
    title.scope = "row";
    title.textContent = name;
    line.append(title);
    data.cells[row].forEach((cell, number) => {
      const place = line.insertCell();
      if (data.gaps.includes(number)) place.className = "apart";
      if (!cell) return;
      const button = document.createElement("button");
      button.className = cell.thin ? "thin" : "";
      button.style.setProperty("--paper", cell.paper);
      button.style.setProperty("--ink", cell.ink);
      button.textContent = cell.v;
      button.title = cell.title;
      button.setAttribute("aria-label", cell.title);
      if (data.selected === cell.key) button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => setTriggerValue("cell", cell.key));
      place.append(button);
    });
  });
  frame.append(table);
  parentElement.append(frame);
  // A click draws the table anew: it stays where it was. The names of the rows cover its left edge.
  const cells = table.tHead.rows[0].cells;
  if (kept !== null) frame.scrollLeft = kept;
  else if (data.first) frame.scrollLeft = cells[data.first + 1].offsetLeft - cells[1].offsetLeft;
}
