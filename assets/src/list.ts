// A list's chosen rows: how many, all at once, and the bar that appears with the first. Without
// script the bar is always there and its buttons work the same.
function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("table.grid input[name=id][form]")];
}

function show(): void {
  const bar = document.querySelector<HTMLElement>("[data-batch]");
  if (!bar) return;
  const all = boxes();
  const picked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr")?.classList.toggle("is-picked", box.checked);
  bar.hidden = picked.length === 0;
  const count = bar.querySelector<HTMLElement>("[data-count]");
  if (count) count.textContent = `已选 ${picked.length} ${bar.dataset.counter ?? "项"}`;
  const whole = document.querySelector<HTMLInputElement>("[data-pick-all]");
  if (whole) {
    whole.hidden = all.length === 0;
    whole.checked = picked.length === all.length;
    whole.indeterminate = picked.length > 0 && picked.length < all.length;
  }
}

let last: HTMLInputElement | null = null;

document.addEventListener("click", (event) => {
  const box = event.target as HTMLInputElement;
  if (!box.matches("table.grid input[name=id][form]")) return;
  const all = boxes();
  // With Shift, everything between the last box and this one goes with it.
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const target = event.target as HTMLInputElement;
  if (target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = target.checked;
  if (target.matches("table.grid input[type=checkbox]")) show();
});

// A part of the page that was replaced takes the focus with it: give it back to what has the same
// name now, else to the grid.
let focused = "";
document.addEventListener("htmx:before:swap", () => {
  focused = document.activeElement?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  show();
  const isLost = !document.activeElement || document.activeElement === document.body;
  if (!isLost || document.querySelector("dialog[open]")) return;
  const place = (focused && document.getElementById(focused)) || document.querySelector<HTMLElement>("#list .grid-wrap");
  place?.focus({ preventScroll: true });
});
window.addEventListener("pageshow", show);
show();

export {};
