// 从指标库选: the page of the library over the form, with arrows and Enter. Without script the same
// button leads to the page, and its check boxes lead back.
const SEARCH_AFTER_MS = 250;

const editing = document.querySelector<HTMLFormElement>("form[data-edit]");
if (editing) offer(editing);

function offer(form: HTMLFormElement): void {
  // The row that somebody was in last: an empty one is filled first.
  let row = "";
  form.addEventListener("focusin", (event) => {
    const at = (event.target as HTMLElement).closest("tr[data-row]");
    if (!at) return;
    const place = Array.from(form.querySelectorAll("tr[data-row]")).indexOf(at);
    const name = at.querySelector<HTMLInputElement>("[name$='.name']");
    row = name?.value.trim() === "" ? String(place) : "";
  });
  form.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-library-open]");
    if (!button) return;
    event.preventDefault();
    void open(form, button.dataset.libraryOpen!, row);
  });
}

async function page(address: string, body?: URLSearchParams): Promise<Document | null> {
  try {
    const way = body ? { method: "POST", body } : {};
    const answer = await fetch(address, { credentials: "same-origin", ...way });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

function fields(form: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  return fields;
}

async function open(form: HTMLFormElement, path: string, row: string): Promise<void> {
  const address = `${path}&row=${row}`;
  // The page says what stands in the form already, so that what is typed is kept first.
  await page(form.dataset.draft!, fields(form));
  const found = (await page(address))?.querySelector("[data-library]");
  if (!found) {
    window.location.href = address;
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "library-dialog";
  dialog.setAttribute("aria-label", "从指标库选");
  dialog.append(found);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  wire(form, dialog);
  dialog.showModal();
  query(dialog)?.focus();
}

function query(dialog: HTMLElement): HTMLInputElement | null {
  return dialog.querySelector<HTMLInputElement>("[data-library-search] [name=q]");
}

function boxes(dialog: HTMLElement): HTMLInputElement[] {
  return Array.from(dialog.querySelectorAll<HTMLInputElement>("[data-library-row] input:not(:disabled)"));
}

function wire(form: HTMLFormElement, dialog: HTMLDialogElement): void {
  let timer = 0;
  const keys = () => dialog.querySelector<HTMLElement>("[data-library-keys]")?.removeAttribute("hidden");
  keys();
  const search = async (): Promise<void> => {
    const strip = dialog.querySelector<HTMLFormElement>("[data-library-search]")!;
    const found = (await page(`${strip.action}?${fields(strip)}`))?.querySelector("[data-library-choice]");
    // What was chosen before is chosen still.
    const chosen = boxes(dialog).filter((box) => box.checked);
    const old = dialog.querySelector("[data-library-choice]");
    if (!found || !old) return;
    old.replaceWith(found);
    keys();
    const rows = dialog.querySelector("[data-library-choice] tbody");
    for (const box of chosen.reverse()) {
      const same = found.querySelector<HTMLInputElement>(`input[value="${box.value}"]`);
      if (same) same.checked = true;
      else rows?.prepend(box.closest("tr")!);
    }
  };
  dialog.addEventListener("input", (event) => {
    if (!(event.target as HTMLElement).closest("[data-library-search]")) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(search, SEARCH_AFTER_MS);
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const sent = event.target as HTMLFormElement;
    if (sent.matches("[data-library-search]")) {
      window.clearTimeout(timer);
      void search();
    } else {
      void take(form, dialog, sent);
    }
  });
  dialog.addEventListener("click", (event) => {
    if (!(event.target as HTMLElement).closest("[data-library-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("keydown", (event) => walk(form, dialog, event));
}

// ↓ and ↑ go from row to row, Enter takes the row.
function walk(form: HTMLFormElement, dialog: HTMLDialogElement, event: KeyboardEvent): void {
  const all = boxes(dialog);
  const at = all.indexOf(event.target as HTMLInputElement);
  const isQuery = event.target === query(dialog);
  if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    all[at]!.checked = true;
    void take(form, dialog, dialog.querySelector<HTMLFormElement>("[data-library-choice]")!);
    return;
  }
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || (at < 0 && !isQuery)) return;
  event.preventDefault();
  const next = at + step;
  if (next < 0) query(dialog)?.focus();
  else all[Math.min(next, all.length - 1)]?.focus();
}

// The server puts the rows into the form as it is kept; only the page's live part is replaced.
async function take(form: HTMLFormElement, dialog: HTMLDialogElement, choice: HTMLFormElement): Promise<void> {
  const chosen = fields(choice);
  if (!chosen.has("entry")) {
    boxes(dialog)[0]?.focus();
    return;
  }
  const rows = () => Array.from(form.querySelectorAll<HTMLElement>("tr[data-row]"));
  const first = chosen.get("row") || String(rows().length);
  const live = (await page(choice.action, chosen))?.querySelector("[data-live]");
  if (!live) {
    choice.submit();
    return;
  }
  form.querySelector("[data-live]")!.replaceWith(live);
  dialog.close();
  const value = rows()[Number(first)]?.querySelector<HTMLElement>("[name$='.value']");
  value?.focus();
  // The foot with the buttons would lie over it.
  value?.scrollIntoView({ block: "center" });
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
