// A table of cells coloured by their value, each cell a button. data: {rows, columns, cells: [[{v, level, thin, title, key}|null]], labels}
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let frame = parentElement.querySelector(".frame");
  if (frame) frame.remove();
  frame = document.createElement("div");
  frame.className = "frame";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", data.label);
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"));
  for (const column of data.columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = column;
    head.append(cell);
  }
  const body = table.createTBody();
  data.rows.forEach((name, row) => {
    const line = body.insertRow();
    const title = document.createElement("th");
    title.scope = "row";
    title.textContent = name;
    line.append(title);
    for (const cell of data.cells[row]) {
      const place = line.insertCell();
      if (!cell) continue;
      const button = document.createElement("button");
      button.className = (cell.thin ? "thin " : "") + (cell.level > 0.55 ? "deep" : "");
      button.style.setProperty("--level", `${Math.round(cell.level * 100)}%`);
      button.textContent = cell.v;
      button.title = cell.title;
      button.setAttribute("aria-label", cell.title);
      if (data.selected === cell.key) button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => setTriggerValue("cell", cell.key));
      place.append(button);
    }
  });
  frame.append(table);
  parentElement.append(frame);
  if (data.end) frame.scrollLeft = frame.scrollWidth;
}
