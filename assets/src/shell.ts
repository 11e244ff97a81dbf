// The frame: the sidebar folds and remembers it; a menu closes when one clicks elsewhere.
const KEY = "jixiao.side";

function setFolded(folded: boolean, button: HTMLElement): void {
  document.documentElement.classList.toggle("folded", folded);
  button.setAttribute("aria-pressed", String(folded));
}

const toggle = document.querySelector<HTMLElement>(".nav-toggle");
if (toggle) {
  toggle.hidden = false;
  setFolded(localStorage.getItem(KEY) === "folded", toggle);
  toggle.addEventListener("click", () => {
    const folded = !document.documentElement.classList.contains("folded");
    localStorage.setItem(KEY, folded ? "folded" : "open");
    setFolded(folded, toggle);
  });
}

// Groups of the sidebar stay as they were left; in the strip of a narrow screen all are open.
const GROUPS = "jixiao.groups";
const isStrip = window.matchMedia("(max-width: 900px)").matches;
const closed = new Set<string>((localStorage.getItem(GROUPS) ?? "").split(",").filter(Boolean));
for (const group of document.querySelectorAll<HTMLDetailsElement>("details.side-group")) {
  const name = group.dataset.group ?? "";
  const isOwn = group.querySelector("[aria-current]") !== null;
  if (closed.has(name) && !isStrip && !isOwn) group.open = false;
  group.querySelector("summary")?.addEventListener("click", () => {
    if (group.open) closed.add(name);
    else closed.delete(name);
    localStorage.setItem(GROUPS, [...closed].join(","));
  });
}

// Help that would leave the screen on the right opens to the left.
document.addEventListener(
  "toggle",
  (event) => {
    const topic = event.target as HTMLDetailsElement;
    if (!topic.matches("details.topic") || !topic.open) return;
    topic.classList.toggle("to-left", topic.getBoundingClientRect().left + 316 > window.innerWidth);
  },
  true,
);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open], details.topic[open]")) {
    if (!menu.contains(event.target as Node)) menu.open = false;
  }
});

// On a narrow screen the sidebar is a strip that scrolls: the page's own entry is in sight, and the
// conditions over a list wait behind their word.
const isNarrow = window.matchMedia("(max-width: 560px)").matches;
if (isNarrow) {
  const own = document.querySelector<HTMLElement>(".side [aria-current]");
  if (own?.parentElement) own.parentElement.scrollLeft = own.offsetLeft - 16;
  for (const box of document.querySelectorAll<HTMLDetailsElement>(".strip-box")) box.open = false;
}

// A choice that needs no button: the form goes off when something in it changes.
document.addEventListener("change", (event) => {
  const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-auto]");
  form?.requestSubmit?.();
});

// A link to a closed part of the page opens it.
function openTarget(): void {
  const id = decodeURIComponent(window.location.hash.slice(1));
  const target = id ? document.getElementById(id) : null;
  const part = target?.closest("details");
  if (part && !part.open) {
    part.open = true;
    target?.scrollIntoView();
  }
}
window.addEventListener("hashchange", openTarget);
openTarget();

export {};
