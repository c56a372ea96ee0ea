// Sets the language of the page for fonts and screen readers, and copies the address when asked.
// data: {lang, label, done}
export default function (component) {
  const { data, parentElement } = component;
  document.documentElement.lang = data.lang;
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
