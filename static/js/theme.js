// Runs before the page is drawn. The style sheets know light or dark without it; it tells Bootstrap.
(() => {
  const root = document.documentElement;
  const scheme = document.querySelector("meta[name=color-scheme]").content;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => { root.dataset.bsTheme = scheme === "light dark" ? (dark.matches ? "dark" : "light") : scheme; };
  show();
  dark.addEventListener("change", show);
  root.classList.add("scripted");
})();
