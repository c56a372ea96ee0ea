// A document, paragraph by paragraph. data: {lang, paragraphs: [{begin, runs, title}], ruby, labels, note, at}
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let sheet = parentElement.querySelector(".sheet");
  if (sheet) sheet.remove();
  sheet = makeElement("div", "sheet" + (data.ruby ? " ruby" : "") + (data.raw ? " raw" : ""));
  sheet.lang = data.lang;
  const card = { host: sheet, labels: data.labels || {}, open: (target) => setTriggerValue("open", target) };
  for (const paragraph of data.paragraphs) {
    const line = makeElement("p", paragraph.title ? "headline" : "");
    drawRuns(line, paragraph.runs, card);
    sheet.append(line);
  }
  if (data.note) sheet.append(makeElement("p", "cut", data.note));
  sheet.addEventListener("click", () => hideCard(parentElement));
  parentElement.append(sheet);
  // The place asked for is brought into sight once, not at every run.
  const place = data.at && window.tifaPlace !== data.at && sheet.querySelector("mark.node");
  window.tifaPlace = data.at;
  if (place) requestAnimationFrame(() => place.scrollIntoView({ block: "center", behavior: "smooth" }));
}
