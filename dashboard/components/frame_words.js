// Puts our words in the place of Streamlit's own, in the text and in the names that are read aloud; corpus text, which
// stands in our own components and in Markdown, is left alone. words: [[Streamlit's, ours]], {n} for what changes.
const NAMES = ["aria-label", "title", "placeholder"];

function makeTranslator(words) {
  const whole = new Map();
  const parts = [];
  const escape = (text) => text.replace(/[.*+?^$()|[\]\\{}]/g, "\\$&");
  for (const [theirs, ours] of words) {
    // Either way, so that the words follow when the language turns back.
    const [from, to] = theirs === ours ? [window.tifaWords?.[theirs], theirs] : [theirs, ours];
    if (!from) continue;
    if (from.includes("{n}")) parts.push([new RegExp(`^${escape(from).replace("\\{n\\}", "(.+?)")}$`), to]);
    else whole.set(from, to);
  }
  return (text) => {
    const found = whole.get(text);
    if (found !== undefined) return found;
    if (text.length > 200) return undefined;
    for (const [pattern, to] of parts) {
      const match = pattern.exec(text);
      if (match) return to.replace("{n}", () => match[1]);
    }
    return undefined;
  };
}

function translateFrame(words) {
  const state = window.tifaFrame || (window.tifaFrame = {});
  const key = JSON.stringify(words);
  if (state.key === key) return;
  state.key = key;
  const say = makeTranslator(words);
  window.tifaWords = Object.fromEntries(words.filter(([theirs, ours]) => theirs !== ours));
  const isTheirs = (element) => element && !element.closest("svg, canvas, style, script")
    && (!element.closest("[data-testid=stMarkdownContainer]") || element.closest("[data-testid=stFileUploaderDropzone]"));
  const turnText = (node) => {
    const said = node.data.trim();
    const ours = said && say(said);
    if (ours !== undefined && ours !== "" && ours !== said && isTheirs(node.parentElement)) node.data = node.data.replace(said, () => ours);
  };
  const turnNames = (element) => {
    for (const name of NAMES) {
      const said = element.getAttribute(name);
      const ours = said && say(said);
      if (ours && ours !== said) element.setAttribute(name, ours);
    }
  };
  const turn = (root) => {
    if (root.nodeType === Node.TEXT_NODE) { turnText(root); return; }
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest("svg")) return;
    turnNames(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) turnText(walker.currentNode);
      else turnNames(walker.currentNode);
    }
  };
  if (state.observer) state.observer.disconnect();
  turn(document.body);
  state.observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(turn);
      else if (change.type === "characterData") turnText(change.target);
      else turnNames(change.target);
    }
  });
  state.observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES });
}
