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

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
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
