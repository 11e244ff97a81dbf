// `?` shows all of this. `/` goes to the search field, `[` folds the sidebar, `j` `k` and the arrows
// walk through a grid's rows, `x` picks a row, Escape closes a menu.
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open], details.topic[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
    return;
  }
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("[data-search]")?.focus();
  } else if (event.key === "?") {
    document.querySelector<HTMLDialogElement>("dialog.help")?.showModal();
  } else if (event.key === "[") {
    document.querySelector<HTMLElement>(".nav-toggle")?.click();
  } else if (event.key === "j" || event.key === "k") {
    walk(event, event.key === "j", true);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    walk(event, event.key === "ArrowDown", false);
  } else if (event.key === "x") {
    currentRow(event.target)?.querySelector<HTMLInputElement>("input[name=id]")?.click();
  }
});

function currentRow(target: EventTarget | null): HTMLTableRowElement | null {
  return (target as HTMLElement).closest?.("table.grid tbody tr") ?? null;
}

// What of a row takes the focus: its link, else its box, else the row itself.
function placeOf(row: Element): HTMLElement {
  const inside = row.querySelector<HTMLElement>("a, summary, button, input[type=checkbox]");
  if (inside?.matches("input")) return row.querySelector<HTMLElement>("a, summary, button") ?? inside;
  if (inside) return inside;
  const own = row as HTMLElement;
  own.tabIndex = -1;
  return own;
}

function walk(event: KeyboardEvent, isDown: boolean, mayBegin: boolean): void {
  const row = currentRow(event.target);
  const first = mayBegin ? document.querySelector("table.grid tbody tr") : null;
  const next = row ? (isDown ? row.nextElementSibling : row.previousElementSibling) : first;
  if (!next) return;
  event.preventDefault();
  const place = placeOf(next);
  place.focus();
  place.scrollIntoView({ block: "nearest" });
}

export {};
