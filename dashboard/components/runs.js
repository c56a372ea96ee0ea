// Draws runs of text with their marks. Corpus text is only ever set with textContent.

function makeElement(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function drawRuns(parent, runs, card) {
  for (const run of runs) {
    const marked = run.k && run.k.length > 0;
    const span = makeElement(marked ? "mark" : "span", marked ? run.k.join(" ") : "");
    if (run.r) {
      const characters = Array.from(run.t);
      characters.forEach((character, place) => {
        if (!run.r[place]) { span.append(character); return; }
        const ruby = makeElement("ruby", "", character);
        ruby.append(makeElement("rt", "", run.r[place]));
        span.append(ruby);
      });
    } else {
      span.textContent = run.t;
    }
    if (marked && (run.n || run.g)) {
      span.tabIndex = 0;
      span.setAttribute("role", "button");
      if (run.n) span.title = run.n.join("\n");
      const open = (event) => {
        event.stopPropagation();
        showCard(span, run, card);
      };
      span.addEventListener("click", open);
      span.addEventListener("keydown", (event) => { if (event.key === "Enter") open(event); });
    }
    parent.append(span);
  }
}

// A small card under the mark: what it is, and where it leads.
function showCard(anchor, run, card) {
  const root = anchor.getRootNode();
  hideCard(root);
  const box = makeElement("div", "card");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", anchor.textContent);
  for (const note of run.n || []) {
    const lines = note.split("\n");
    const part = makeElement("div", "note");
    lines.forEach((line, number) => part.append(makeElement(number ? "div" : "strong", "", line)));
    box.append(part);
  }
  for (const target of run.g || []) {
    const button = makeElement("button", "", card.labels[target.split(":")[0]] || target);
    button.addEventListener("click", () => card.open(target));
    box.append(button);
  }
  const close = makeElement("button", "close", "×");
  close.setAttribute("aria-label", card.labels.close || "close");
  close.addEventListener("click", () => { hideCard(root); anchor.focus(); });
  box.append(close);
  const host = card.host;
  host.append(box);
  const frame = host.getBoundingClientRect();
  const place = anchor.getClientRects()[0] || anchor.getBoundingClientRect();
  box.style.top = `${place.bottom - frame.top + 4}px`;
  box.style.left = `${Math.max(0, Math.min(place.left - frame.left, frame.width - box.offsetWidth - 4))}px`;
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { hideCard(root); anchor.focus(); } });
}

function hideCard(root) {
  for (const old of root.querySelectorAll(".card")) old.remove();
}
