// `?` shows all of this. `/` goes to the search field, `[` folds the sidebar, arrows walk through a grid's rows, Escape
// closes a menu.
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("[data-search]")?.focus();
  } else if (event.key === "?") {
    document.querySelector<HTMLDialogElement>("dialog.help")?.showModal();
  } else if (event.key === "[") {
    document.querySelector<HTMLElement>(".nav-toggle")?.click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    walk(event);
  }
});

function walk(event: KeyboardEvent): void {
  const row = (event.target as HTMLElement).closest("tr");
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  const link = next?.querySelector<HTMLElement>("a, summary, button");
  if (link) {
    event.preventDefault();
    link.focus();
  }
}
