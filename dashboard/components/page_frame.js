// Sets the language of the page for fonts, screen readers and Streamlit's own words, keeps steps of the history whole,
// and copies the address when asked. data: {lang, words, unfinished, label, done}
export default function (component) {
  const { data, parentElement } = component;
  document.documentElement.lang = data.lang;
  joinSteps(data.unfinished);
  translateFrame(data.words);
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.hidden = false;
  button.onclick = async () => {
    const address = window.location.href;
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      // No clipboard without https or a permission: the old way through a field.
      const field = document.createElement("textarea");
      field.value = address;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    button.textContent = data.done;
    setTimeout(() => { button.textContent = data.label; }, 2000);
  };
}

// A link names only what it changes; the page it leads to then writes its address out in full. To the browser these
// are two steps, and Back would lead from the second to the first, which is the same page: so the second takes the
// place of the first. An address that is not yet written out lacks what every full one has, or holds the mark of a link.
function joinSteps({ mark, sign }) {
  if (window.tifaSteps) return;
  window.tifaSteps = true;
  const push = window.history.pushState;
  window.history.pushState = function (state, title, address) {
    const here = new URL(window.location.href);
    const there = new URL(address ?? "", here);
    const unfinished = here.searchParams.has(mark) || !here.searchParams.has(sign);
    const same = here.origin + here.pathname === there.origin + there.pathname;
    return (unfinished && same ? window.history.replaceState : push).call(window.history, state, title, address);
  };
}
