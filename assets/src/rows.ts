// Rows change their places: Alt+↑ and Alt+↓ move the row with the cursor, the handle at its start is
// dragged with mouse, pen or finger. Without script the buttons in the row do it.
//
// Whoever presses faster than the server answers is served in turn: where a row stands is asked
// when its turn has come.
export type Move = (order: () => string | null) => Promise<boolean>;

const EDGE_PX = 96;
const STEP_PX = 12;

function rowOf(place: Element | null): HTMLElement | null {
  return place?.closest<HTMLElement>("tr[data-row], tr[data-line]") ?? null;
}

// The rows of the same table, in order.
function mates(form: HTMLFormElement, table: string | undefined): HTMLElement[] {
  const rows = table === undefined ? "tr[data-row]" : `tr[data-line="${table}"]`;
  return Array.from(form.querySelectorAll<HTMLElement>(rows));
}

function order(table: string | undefined, from: number, to: number): string {
  return table === undefined ? `move:${from}:${to}` : `move-line:${table}:${from}:${to}`;
}

export function movable(form: HTMLFormElement, move: Move, say: (sentence: string) => void): void {
  form.classList.add("scripted");
  form.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (step === 0 || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = rowOf(event.target as Element);
    if (!row) return;
    event.preventDefault();
    void shift(form, step, move, say);
  });
  form.addEventListener("pointerdown", (event) => {
    const handle = (event.target as Element).closest<HTMLElement>("[data-drag]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    drag(form, handle, event, move);
  });
}

// The cursor stays in the cell that it was in.
async function shift(form: HTMLFormElement, step: number, move: Move, say: (sentence: string) => void): Promise<void> {
  let table: string | undefined;
  let to = -1;
  let name: string | undefined;
  let caret: number | null = null;
  const isDone = await move(() => {
    const cell = document.activeElement;
    const row = rowOf(cell);
    if (!cell || !row) return null;
    table = row.dataset.line;
    const rows = mates(form, table);
    const from = rows.indexOf(row);
    to = from + step;
    if (to < 0 || to >= rows.length) {
      say(to < 0 ? "已经是第一行" : "已经是最后一行");
      return null;
    }
    name = cell.getAttribute("name")?.split(".").pop();
    caret = cell instanceof HTMLInputElement && cell.type === "text" ? cell.selectionStart : null;
    return order(table, from, to);
  });
  if (!isDone) return;
  const fresh = mates(form, table)[to];
  const same = name && name !== "do" ? fresh?.querySelector<HTMLElement>(`[name$=".${name}"]`) : null;
  const place = same ?? fresh?.querySelector<HTMLElement>("input[type=text], textarea, select");
  place?.focus();
  if (caret !== null && place instanceof HTMLInputElement) place.setSelectionRange(caret, caret);
}

function drag(form: HTMLFormElement, handle: HTMLElement, begun: PointerEvent, move: Move): void {
  const row = rowOf(handle)!;
  const table = row.dataset.line;
  const rows = mates(form, table);
  const from = rows.indexOf(row);
  let to = from;
  let y = begun.clientY;
  let frame = 0;
  handle.setPointerCapture(begun.pointerId);
  row.classList.add("dragged");
  form.classList.add("dragging");

  const mark = () => {
    // As many rows as lie above the pointer stand before it.
    const others = rows.filter((other) => other !== row);
    to = others.filter((other) => middle(other) < y).length;
    for (const other of rows) other.classList.remove("drop-above", "drop-below");
    if (to === from) return;
    if (to < others.length) others[to]!.classList.add("drop-above");
    else others[others.length - 1]!.classList.add("drop-below");
  };
  const roll = () => {
    const rest = window.innerHeight - y;
    if (y < EDGE_PX) window.scrollBy(0, -STEP_PX);
    else if (rest < EDGE_PX) window.scrollBy(0, STEP_PX);
    mark();
    frame = window.requestAnimationFrame(roll);
  };
  const follow = (event: PointerEvent) => {
    y = event.clientY;
  };
  const end = (isDone: boolean) => {
    window.cancelAnimationFrame(frame);
    handle.removeEventListener("pointermove", follow);
    handle.removeEventListener("pointerup", drop);
    handle.removeEventListener("pointercancel", stop);
    document.removeEventListener("keydown", escape);
    form.classList.remove("dragging");
    for (const other of rows) other.classList.remove("dragged", "drop-above", "drop-below");
    if (isDone && to !== from) void move(() => order(table, from, to));
  };
  const drop = () => {
    mark();
    end(true);
  };
  const stop = () => end(false);
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape") end(false);
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("pointerup", drop);
  handle.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", escape);
  frame = window.requestAnimationFrame(roll);
}

function middle(row: HTMLElement): number {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}
