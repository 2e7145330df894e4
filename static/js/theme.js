// Runs before the page is drawn: dark or light as the reader chose, else as the machine says; the size of the text.
(() => {
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => { if (!("chosen" in root.dataset)) root.dataset.bsTheme = kept("theme") || (dark.matches ? "dark" : "light"); };
  show();
  dark.addEventListener("change", show);
  if (kept("text")) root.dataset.text = kept("text");
  root.classList.add("scripted");
})();
