// What a person who sees little, or nothing, needs of a page: names of what can be used, and words that stand out.
// Returns sentences on what is wrong. Looks into the shadow roots of components.
() => {
  const wrong = [];
  const elements = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      elements.push(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document.body);
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && element.getBoundingClientRect().width > 1 && element.getBoundingClientRect().height > 1;
  const tell = (element) => element.outerHTML.slice(0, 90);

  for (const element of elements) {
    if (!shown(element) || element.closest("[aria-hidden=true]")) continue;
    const own = element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") || element.title
      || element.textContent.trim() || element.placeholder || (element.labels && element.labels.length);
    if (["BUTTON", "A", "INPUT", "SELECT", "TEXTAREA"].includes(element.tagName) && !own) wrong.push(`no name: ${tell(element)}`);
    if (element.tagName === "IMG" && !element.hasAttribute("alt")) wrong.push(`no words for a picture: ${tell(element)}`);
  }

  // Colours are painted on a canvas of one point, so that every way of writing them is understood.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const lay = (over, under) => [0, 1, 2].map((i) => over[i] * over[3] + under[i] * (1 - over[3])).concat(1);
  const parent = (element) => element.parentElement || (element.getRootNode().host ?? null);
  const find_paper = (element) => {
    const sheets = [];
    for (let at = element; at; at = parent(at)) {
      const style = getComputedStyle(at);
      sheets.push(read(style.backgroundColor));
      if (sheets.at(-1)[3] >= 1) break;
    }
    return sheets.reverse().reduce((under, over) => lay(over, under), [255, 255, 255, 1]);
  };
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  for (const element of elements) {
    const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (!words || !shown(element) || element.closest("svg, [disabled], [aria-disabled=true], [data-disabled=true]")) continue;
    if (element.closest("[data-testid=stIconMaterial]") || element.tagName === "STYLE") continue;
    const style = getComputedStyle(element);
    const paper = find_paper(element);
    const ink = lay(read(style.color), paper);
    const [light, dark] = [luminance(ink), luminance(paper)].sort((a, b) => b - a);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) wrong.push(`contrast ${ratio.toFixed(2)}: ${tell(element)}`);
  }
  return [...new Set(wrong)];
}
