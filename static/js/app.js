// Small comforts. Every page works without this file.
const page = document;
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

// Menus are <details>: one open at a time, closed by Escape and by a click elsewhere.
const closeMenus = (except) => page.querySelectorAll("details.menu[open]").forEach((menu) => {
  if (!except || !menu.contains(except)) menu.removeAttribute("open");
});
page.addEventListener("click", (event) => closeMenus(event.target));

page.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-closes]");
  if (closer) { const around = closer.closest("dialog, [data-toast]"); around?.close ? around.close() : around?.remove(); }
});

// Help stands on a page of its own; here it opens over the page, with the same words.
const help = async () => {
  const link = page.querySelector("[data-help]");
  if (!link || page.querySelector("dialog[open]")) return;
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) { location.assign(link.href); return; }
  const dialog = page.getElementById("help") || page.createElement("dialog");
  dialog.id = "help";
  dialog.setAttribute("aria-labelledby", "help-title");
  dialog.innerHTML = await answer.text();
  page.body.append(dialog);
  closeMenus();
  dialog.showModal();
};
page.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !event.target.closest("[data-help]")) return;
  event.preventDefault();
  help();
});

// Tabs of a narrow page: the one in view is seen whole.
page.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// Keys.
const move = (step) => {
  const rows = [...page.querySelectorAll("[data-rows] > *")];
  const here = rows.indexOf(page.activeElement?.closest("[data-rows] > *"));
  const row = rows[Math.min(rows.length - 1, Math.max(0, here + step))];
  (row?.querySelector("a, button") ?? row?.querySelector("input"))?.focus();
  return Boolean(row);
};
page.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form")?.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const box = event.target.matches?.("input[type=checkbox], input[type=radio]");
  if (typing(event.target) && !box) return;
  const search = page.querySelector("[data-search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    if (search.checkVisibility?.() ?? true) { search.focus(); search.select(); } else location.assign(search.form.action);
  }
  if (event.key === "?" || event.key === "؟") help();
  if (event.key === "ArrowDown" && move(1)) event.preventDefault();
  if (event.key === "ArrowUp" && move(-1)) event.preventDefault();
  if (event.key === "Enter" && event.target.matches?.(".pick input")) { event.preventDefault(); event.target.click(); }
  if (event.key === "x") event.target.closest("[data-rows] > *")?.querySelector("input[type=checkbox]")?.click();
});

// What was found is told as its heads say it: which kinds, and how many.
const tell = (found) => {
  const heads = [...found.querySelectorAll(".section-head, .empty p")].map((head) => head.innerText.replace(/\s+/g, " "));
  page.getElementById("announce").textContent = heads.join(", ");
};
page.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "results") tell(event.target); });

// The search box answers while one types; Enter leads to the page of all that was found.
const box = page.querySelector(".bar [data-search]");
if (box) {
  const panel = page.createElement("div");
  Object.assign(panel, { className: "search-panel", hidden: true });
  box.after(panel);
  const close = () => { panel.hidden = true; };
  let waiting = 0;
  const ask = async () => {
    const words = box.value.trim();
    const address = `${box.form.action}?${new URLSearchParams({ q: words })}`;
    const answer = words.length > 1 ? await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null) : null;
    if (words !== box.value.trim()) return;
    panel.innerHTML = answer?.status === 200 ? await answer.text() : "";
    panel.hidden = !panel.innerHTML;
    tell(panel);
  };
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 200); });
  box.form.addEventListener("submit", () => clearTimeout(waiting));
  box.form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) { event.preventDefault(); close(); box.focus(); }
    if (event.key === "ArrowDown" && event.target === box) { event.preventDefault(); panel.querySelector("a")?.focus(); }
  });
  page.addEventListener("focusin", (event) => { if (!box.form.contains(event.target)) close(); });
  page.addEventListener("click", (event) => { if (!box.form.contains(event.target)) close(); });
}

// The unit that is chosen in the bar is opened.
page.addEventListener("input", ({ target }) => {
  if (target.matches("[data-opens]") && [...target.list.options].some((one) => one.value === target.value)) target.form.requestSubmit();
});

// Choosing all rows of a list.
page.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  event.target.closest("form").querySelectorAll(".pick input").forEach((box) => { box.checked = event.target.checked; });
});
page.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  const told = form?.querySelector("[data-chosen]");
  if (told) told.textContent = form.querySelectorAll("[data-rows] .pick input:checked").length;
});

// A form with typed text asks before it is left; sending it does not.
const changed = new WeakSet();
page.addEventListener("input", (event) => { const form = event.target.closest("form[data-guard]"); if (form) changed.add(form); });
page.addEventListener("submit", (event) => { changed.delete(event.target); });
addEventListener("beforeunload", (event) => {
  if ([...page.querySelectorAll("form[data-guard]")].some((form) => changed.has(form))) event.preventDefault();
});

// A form is sent once; its button comes back when the reader returns to the page.
page.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  const buttons = event.target.querySelectorAll("[type=submit], button:not([type])");
  const able = (yes) => buttons.forEach((button) => { button.disabled = !yes; });
  setTimeout(able, 0, false);
  setTimeout(able, 10000, true); // a download leaves the page standing
  addEventListener("pageshow", () => able(true), { once: true });
});

// Days: typed as day/month/year, or picked with the browser's own calendar.
const written = (iso) => iso.split("-").reverse().join("/");
const iso = (text) => {
  const parts = /^\s*(\d{1,2})\D(\d{1,2})\D(\d{4})\s*$/.exec(text);
  return parts ? `${parts[3]}-${parts[2].padStart(2, "0")}-${parts[1].padStart(2, "0")}` : "";
};
const calendar = (field) => {
  if (field.dataset.day === "ready") return;
  field.dataset.day = "ready";
  field.inputMode = "numeric";
  const around = page.createElement("span");
  around.className = "day-field";
  field.replaceWith(around);
  const picker = page.createElement("input");
  Object.assign(picker, { type: "date", tabIndex: -1 });
  picker.setAttribute("aria-hidden", "true");
  const button = page.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", page.querySelector("meta[name=word-calendar]")?.content || "Calendar");
  button.innerHTML = page.querySelector("template#calendar-icon")?.innerHTML || "";
  around.append(field, picker, button);
  button.addEventListener("click", () => { picker.value = iso(field.value); picker.showPicker ? picker.showPicker() : picker.focus(); });
  picker.addEventListener("change", () => {
    field.value = written(picker.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });
};
// A file is chosen in the words of the page: the browser's own would be in the browser's language.
const fileField = (field) => {
  if (field.parentElement.matches(".file-field")) return;
  const around = page.createElement("span");
  around.className = "file-field form-control";
  const button = page.createElement("span");
  button.className = "btn btn-quiet";
  button.textContent = field.dataset.choose;
  const name = page.createElement("bdi");
  const tell = () => { name.textContent = field.files[0]?.name || field.dataset.nothing; };
  field.replaceWith(around);
  around.append(button, name, field);
  field.addEventListener("change", tell);
  tell();
};
const enhance = (root) => {
  root.querySelectorAll("input[data-day]").forEach(calendar);
  root.querySelectorAll("input[data-choose]").forEach(fileField);
};
enhance(page);

// After an error the summary is read; after a swap what came in is made comfortable, and a changed count announced.
page.querySelector("[data-errors]:not(.style-still *)")?.focus();
page.addEventListener("htmx:afterSwap", (event) => {
  enhance(event.target);
  event.target.querySelector("[data-errors]")?.focus();
  const say = event.target.querySelector("[data-announce]");
  if (say) page.getElementById("announce").textContent = say.textContent.trim();
});

// What was done can be undone for a while, then the line goes.
page.querySelectorAll("body > .toasts [data-toast]").forEach((line) => {
  const leave = () => { if (!line.matches(":hover, :focus-within")) line.remove(); else setTimeout(leave, 2000); };
  setTimeout(leave, 8000);
});

// A choice that filters a list takes effect at once.
page.addEventListener("change", (event) => { if (event.target.matches("[data-now]")) event.target.form.requestSubmit(); });

page.addEventListener("click", (event) => { if (event.target.closest("[data-prints]")) print(); });

// Of original, theirs and yours the chosen one goes into its field.
page.addEventListener("change", (event) => {
  const name = event.target.dataset.fills;
  if (!name) return;
  const field = page.querySelector(`form [name="${CSS.escape(name)}"]`);
  if (field) { field.value = event.target.dataset.text; field.dispatchEvent(new Event("input", { bubbles: true })); }
});
