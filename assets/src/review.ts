// The reviewer's form by keyboard: digits choose, the arrows move from row to row, Enter concludes,
// R goes to the opinion for a return, S puts aside, U takes back what was decided last, J and K turn
// to the next and the previous target. Without script the form is filled with radio buttons and sent with its buttons.
const form = document.querySelector<HTMLFormElement>("form[data-review]");

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("form[data-review] [data-row]")];
}

function radios(row: HTMLElement): HTMLInputElement[] {
  return [...row.querySelectorAll<HTMLInputElement>("input[type=radio]")];
}

let current = 0;

function show(place: number): void {
  const all = rows();
  current = Math.max(0, Math.min(place, all.length - 1));
  all.forEach((row, at) => row.classList.toggle("is-current", at === current));
}

// Checks one of a row's marks; the script that asks for the grade hears of it.
function choose(row: HTMLElement, place: number): void {
  const radio = radios(row)[place];
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function firstOpen(): number {
  const open = rows().findIndex((row) => radios(row).length > 0 && !radios(row).some((radio) => radio.checked));
  return open;
}

// Where a text is asked for before the button may be pressed, the cursor goes there first.
function lacksText(): HTMLTextAreaElement | null {
  const live = document.querySelector<HTMLElement>("#live-grade");
  const corrections = form?.querySelector<HTMLTextAreaElement>("[data-corrections-field]");
  if (live?.hasAttribute("data-corrections") && corrections && corrections.value.trim() === "") return corrections;
  const opinion = form?.querySelector<HTMLTextAreaElement>("[data-opinion]");
  if (["中", "差"].includes(live?.dataset.grade ?? "") && opinion && opinion.value.trim() === "") return opinion;
  return null;
}

function conclude(): void {
  const open = firstOpen();
  if (open >= 0) {
    show(open);
    rows()[open]?.scrollIntoView({ block: "nearest" });
    return;
  }
  const text = lacksText();
  if (text) {
    text.focus();
    return;
  }
  form?.querySelector<HTMLButtonElement>("[data-conclude]")?.click();
}

function byDigit(digit: number): void {
  const all = rows();
  const row = all[current];
  if (!row || radios(row).length === 0) return;
  if (digit === 0) {
    const open = all.filter((other) => !radios(other).some((radio) => radio.checked));
    for (const other of open) for (const radio of radios(other).slice(0, 1)) radio.checked = true;
    radios(row)[0]?.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  choose(row, digit - 1);
  show(current + 1);
}

function turn(key: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(`a[data-key="${key}"]`);
  link?.click();
  return link !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.ctrlKey) {
    if (event.key === "Enter" && form) {
      event.preventDefault();
      conclude();
    }
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    (event.target as HTMLElement).blur();
    return;
  }
  if (isTyping(event.target)) return;
  if ((event.target as HTMLElement).matches?.("a, button, summary") && event.key === "Enter") return;
  if (handle(event.key)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

function handle(key: string): boolean {
  const lower = key.toLowerCase();
  if (lower === "j" || key === "ArrowRight") return turn("j");
  if (lower === "k" || key === "ArrowLeft") return turn("k");
  if (lower === "u") return takeBack();
  if (!form) return false;
  if (/^[0-4]$/.test(key)) byDigit(Number(key));
  else if (key === "ArrowDown") show(current + 1);
  else if (key === "ArrowUp") show(current - 1);
  else if (key === "Enter") conclude();
  else if (lower === "r" && form.querySelector("[data-return]")) giveBack();
  else if (lower === "s" && form.querySelector("[data-skip]")) form.querySelector<HTMLButtonElement>("[data-skip]")?.click();
  else return false;
  return true;
}

// What was decided last, while it can be taken back.
function takeBack(): boolean {
  const button = document.querySelector<HTMLButtonElement>("button[data-undo]");
  button?.click();
  return button !== null;
}

function giveBack(): void {
  const opinion = form?.querySelector<HTMLTextAreaElement>("[data-opinion]");
  if (opinion && opinion.value.trim() === "") {
    opinion.placeholder = "写明退回的原因和要求，再按「退回」";
    opinion.focus();
  } else {
    form?.querySelector<HTMLButtonElement>("[data-return]")?.click();
  }
}

// What was agreed is asked for where the grade asks for it.
function showCorrections(): void {
  const live = document.querySelector<HTMLElement>("#live-grade");
  form?.classList.toggle("needs-corrections", live?.hasAttribute("data-corrections") ?? false);
}

if (form) {
  form.classList.add("by-key");
  showCorrections();
  document.addEventListener("htmx:after:swap", showCorrections);
}

if (form || document.querySelector("a[data-key], button[data-undo]")) {
  document.addEventListener("keydown", onKey, true);
  show(Math.max(0, firstOpen()));
  document.addEventListener("focusin", (event) => {
    const row = (event.target as HTMLElement).closest?.<HTMLElement>("[data-row]");
    if (row) show(rows().indexOf(row));
  });
}

export {};
