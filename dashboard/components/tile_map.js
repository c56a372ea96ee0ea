// Provinces as tiles, each a button. data: {tiles: [{code, name, short, row, column, value, paper, ink, thin, empty, title}], selected, label}
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let map = parentElement.querySelector(".map");
  if (map) map.remove();
  map = document.createElement("div");
  map.className = "map";
  map.lang = data.lang;
  map.setAttribute("role", "group");
  map.setAttribute("aria-label", data.label);
  for (const tile of data.tiles) {
    const button = document.createElement("button");
    button.className = "tile" + (tile.thin ? " thin" : "") + (tile.empty ? " empty" : "");
    button.style.gridRow = tile.row + 1;
    button.style.gridColumn = tile.column + 1;
    if (tile.paper) {
      button.style.setProperty("--paper", tile.paper);
      button.style.setProperty("--ink", tile.ink);
    }
    button.title = tile.title;
    button.setAttribute("aria-label", tile.title);
    button.disabled = Boolean(tile.empty);
    if (data.selected === tile.code) button.setAttribute("aria-pressed", "true");
    for (const [className, text] of [["name", tile.name], ["short", tile.short], ["value", tile.value]]) {
      const line = document.createElement("span");
      line.className = className;
      line.textContent = text;
      button.append(line);
    }
    button.addEventListener("click", () => setTriggerValue("province", tile.code));
    map.append(button);
  }
  parentElement.append(map);
}
