// Filling a form in comfort: rows come and go without leaving the page, the sum runs along, a block
// from a spreadsheet is pasted into many cells, and what is typed is kept every few seconds.
// Without script the same buttons send the form.
import { movable } from "./rows";

const KEEP_AFTER_MS = 2_000;
const SIGN_EVERY_MS = 15_000;

const form = document.querySelector<HTMLFormElement>("form[data-edit]");
if (form) start(form);

function start(form: HTMLFormElement): void {
  const kept = form.querySelector<HTMLElement>("[data-kept]")!;
  let isDirty = form.hasAttribute("data-unsaved");
  let isLeaving = false;
  let timer = 0;

  const say = (text: string, isLost = false) => {
    kept.textContent = text;
    kept.classList.toggle("lost", isLost);
  };
  const touched = (event?: Event) => {
    // The box that folds advice away is no part of what is filled.
    if ((event?.target as HTMLElement | undefined)?.id === "advice-fold") return;
    isDirty = true;
    say("有内容还没有保存");
    window.clearTimeout(timer);
    timer = window.setTimeout(() => sign(true), KEEP_AFTER_MS);
  };

  // Keeps what is typed, or only tells that the form is open.
  const sign = async (isWhole: boolean): Promise<void> => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (isWhole || name === "form_token" || name === "version") fields.append(name, String(value));
    }
    try {
      const answer = await fetch(form.dataset.draft!, { method: "POST", body: fields, credentials: "same-origin" });
      if (isLeaving) return;
      const isJson = (answer.headers.get("content-type") ?? "").includes("json");
      if (!answer.ok || !isJson) {
        say("登录已过期或没有权限，刚才的内容没有自动保存。请先复制出来，再重新登录。", true);
        return;
      }
      told(form, await answer.json(), say);
      if (!isWhole && kept.classList.contains("lost") && isDirty) await sign(true);
    } catch {
      if (isLeaving) return;
      say("连接已断开，刚才的内容还没有保存。请不要关闭页面，恢复后会自动再试。", true);
      if (isWhole) timer = window.setTimeout(() => sign(true), 5_000);
    }
  };

  form.addEventListener("input", touched);
  form.addEventListener("input", (event) => {
    if ((event.target as HTMLElement).matches("[data-weight]")) addUp(form);
    if ((event.target as HTMLElement).matches("[data-money]")) addUpMoney(form, event.target as HTMLInputElement);
    if ((event.target as HTMLElement).id === "f-goal") count(form);
    if ((event.target as HTMLElement).matches("select[name$='.operator']")) direct(event.target as HTMLSelectElement);
  });
  form.addEventListener("paste", (event) => {
    if (paste(form, event)) touched();
  });
  form.addEventListener("submit", (event) => {
    const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    const order = button?.value ?? "save";
    window.clearTimeout(timer);
    if (!/^(add|remove|up|down|move|adopt)/.test(order)) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    void act(() => order);
  });
  // One after the other: places are those that the step before has left.
  let last: Promise<boolean> = Promise.resolve(true);
  const act = (order: () => string | null): Promise<boolean> => {
    last = last.then(async () => {
      const next = order();
      if (next === null) return false;
      const isDone = await rearrange(form, next);
      if (isDone) touched();
      else say("连接已断开，这一步没有办成，请稍后再试。", true);
      return isDone;
    });
    return last;
  };
  movable(form, act, (sentence) => {
    const moved = form.querySelector<HTMLElement>("[data-moved]");
    if (moved) moved.textContent = sentence;
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.querySelector<HTMLButtonElement>(".edit-foot button[value=save]")?.click();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    // What is kept comes back; only what is not kept yet would be lost.
    if (isDirty && !isLeaving && (kept.classList.contains("lost") || kept.textContent === "有内容还没有保存")) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  window.setInterval(() => sign(false), SIGN_EVERY_MS);
  void sign(false);
}

// Advice as pieces of HTML that the server made and escaped, by place.
type Advice = { count: number; goal: string; table: string; rows: string[] };
type Answer = { kept?: string | null; others?: string[]; newer?: string | null; closed?: boolean; advice?: Advice | null; found?: Found | null };
// What must be mended: the summary as HTML, the words at the foot, and the sentences still true.
type Found = { summary: string; foot: string; sentences: string[] };

function told(form: HTMLFormElement, answer: Answer, say: (text: string, isLost?: boolean) => void): void {
  if (answer.closed) {
    say("这份表已经不能填写了（可能已送审），请刷新页面。", true);
    return;
  }
  if (answer.kept) say(`${answer.kept} 已自动留存，保存后才算数`);
  if (answer.advice) advise(form, answer.advice);
  if (answer.found) renew(form, answer.found);
  const presence = form.querySelector<HTMLElement>("[data-presence]");
  if (!presence) return;
  const lines: string[] = [];
  if (answer.others?.length) lines.push(`${answer.others.join("、")} 也打开了这份表，保存前请先商量，以免改到同一处。`);
  if (answer.newer) lines.push(`${answer.newer} 已经保存了新内容；您保存时可以逐处选择用谁的。`);
  presence.textContent = lines.join("");
  presence.hidden = lines.length === 0;
}

// The button that has the focus is not taken away under somebody's hand.
function advise(form: HTMLFormElement, advice: Advice): void {
  if (document.activeElement?.closest(".advices")) return;
  const put = (list: Element | null | undefined, html: string) => {
    if (list && list.innerHTML !== html) list.innerHTML = html;
  };
  put(form.querySelector("[data-goal-advice]"), advice.goal);
  put(form.querySelector("[data-table-advice]"), advice.table);
  const rows = form.querySelectorAll<HTMLElement>("[data-row-advice]");
  // Rows have come or gone since it was asked for; the next answer fits again.
  if (rows.length !== advice.rows.length) return;
  rows.forEach((row, place) => {
    put(row.querySelector(".advices"), advice.rows[place] ?? "");
    row.hidden = !advice.rows[place];
  });
  const bar = form.querySelector<HTMLElement>("[data-advice-bar]");
  const count = form.querySelector<HTMLElement>("[data-advice-count]");
  if (!bar || !count) return;
  count.textContent = String(advice.count);
  bar.hidden = advice.count === 0;
}

// What is mended is no longer asked for. What is new is told at the foot: a summary that came on top
// while somebody types would push the page away under the hand.
function renew(form: HTMLFormElement, found: Found): void {
  const foot = form.querySelector<HTMLElement>("[data-foot]");
  if (foot) foot.textContent = found.foot;
  const summary = form.querySelector<HTMLElement>("[data-errors]");
  if (summary?.firstElementChild && !summary.contains(document.activeElement)) summary.innerHTML = found.summary;
  const still = new Set(found.sentences);
  for (const note of form.querySelectorAll<HTMLElement>("li.note.error, li.note.warn, li.note.info")) {
    if (still.has(note.lastChild?.textContent ?? "")) continue;
    const place = note.closest(".row-notes")?.previousElementSibling ?? note.closest(".form-value");
    note.remove();
    for (const cell of place?.querySelectorAll("[aria-invalid=true]:not([data-weight])") ?? []) cell.removeAttribute("aria-invalid");
  }
}

// The button's work is done by the server, and only the page's live part is replaced.
async function rearrange(form: HTMLFormElement, order: string): Promise<boolean> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  fields.set("do", order);
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh) return false;
    const strip = form.querySelector<HTMLElement>(".grid-wrap")?.scrollLeft ?? 0;
    form.querySelector("[data-live]")!.replaceWith(fresh);
    for (const part of ["[data-moved]", "[data-foot]"]) {
      const [own, other] = [form.querySelector(part), page.querySelector(part)];
      if (own && other) own.innerHTML = other.innerHTML;
    }
    const wrap = form.querySelector<HTMLElement>(".grid-wrap");
    if (wrap) wrap.scrollLeft = strip;
    focusAfter(form, order);
    return true;
  } catch {
    return false;
  }
}

function focusAfter(form: HTMLFormElement, order: string): void {
  const rows = form.querySelectorAll<HTMLElement>("tr[data-row]");
  const [verb, at, field] = order.split(":");
  if (verb === "adopt") {
    form.querySelector<HTMLElement>(`[name="${field}"]`)?.focus();
    return;
  }
  if (verb?.endsWith("-line")) {
    const lines = form.querySelectorAll<HTMLElement>(`tr[data-line="${at}"]`);
    const from = field === undefined ? lines.length - 1 : Math.min(Number(field), lines.length - 1);
    if (verb === "move-line") {
      lines[Number(order.split(":")[3])]?.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
      return;
    }
    const to = verb === "up-line" ? from - 1 : verb === "down-line" ? from + 1 : from;
    lines[to]?.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
    return;
  }
  const place = Number(at);
  if (verb === "add") rows[rows.length - 1]?.querySelector<HTMLElement>("[name$='.name']")?.focus();
  if (verb === "remove") rows[Math.min(place, rows.length - 1)]?.querySelector<HTMLElement>("[name$='.name']")?.focus();
  if (verb === "move") rows[Number(field)]?.querySelector<HTMLElement>("[name$='.name']")?.focus();
  const moved = verb === "up" ? place - 1 : verb === "down" ? place + 1 : -1;
  if (moved < 0) return;
  const row = rows[moved];
  const same = row?.querySelector<HTMLButtonElement>(`button[value^="${verb}:"]`);
  (same && !same.disabled ? same : row?.querySelector<HTMLElement>("[name$='.name']"))?.focus();
}

// 正向指标 or 反向指标, as the server has it.
function direct(select: HTMLSelectElement): void {
  const cell = select.closest("tr")?.querySelector<HTMLElement>("[data-direction]");
  if (!cell) return;
  const isDown = ["≤", "＜"].includes(select.value);
  cell.textContent = ["", "定性"].includes(select.value) ? "" : isDown ? "反向指标" : "正向指标";
}

// Hundredths, so that 0.1 + 0.2 is 0.3.
function hundredths(text: string): number | null {
  const half = text.trim().replace(/[０-９．]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));
  if (half === "") return 0;
  return /^\d{1,3}(\.\d{1,2})?$/.test(half) ? Math.round(Number(half) * 100) : null;
}

function addUp(form: HTMLFormElement): void {
  const sum = form.querySelector<HTMLElement>("[data-sum]");
  const word = form.querySelector<HTMLElement>("[data-sum-word]");
  if (!sum || !word) return;
  let total = 0;
  for (const input of form.querySelectorAll<HTMLInputElement>("[data-weight]")) {
    const points = hundredths(input.value);
    input.setAttribute("aria-invalid", String(points === null));
    total += points ?? 0;
  }
  const full = Math.round(Number(form.dataset.full) * 100);
  const text = (points: number) => (points / 100).toFixed(2);
  sum.textContent = text(total);
  sum.classList.toggle("off", total !== full);
  word.textContent = total === full ? "正好" : total > full ? `多 ${text(total - full)}` : `还差 ${text(full - total)}`;
}

// The sum below a column of amounts, in whole fen so that nothing is rounded; what cannot be read is
// left out, as the server does.
function addUpMoney(form: HTMLFormElement, input: HTMLInputElement): void {
  const [kind, table, , column] = input.name.split(".");
  if (kind !== "t" || !table || !column) return;
  const cell = input.closest("td");
  const at = cell ? Array.from(cell.parentElement!.children).indexOf(cell) - 1 : -1;
  const sum = form.querySelector<HTMLElement>(`[data-money-sum="${table}.${at}"]`);
  if (!sum) return;
  let total = 0;
  for (const other of form.querySelectorAll<HTMLInputElement>(`[name^="t.${table}."][name$=".${column}"]`)) {
    const text = other.value.trim().replace(/[０-９．]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0)).replace(/,/g, "");
    if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) total += Math.round(Number(text) * 1_000_000);
  }
  const [whole, part] = [Math.floor(total / 1_000_000), String(total % 1_000_000).padStart(6, "0")];
  sum.textContent = `${whole}.${part.replace(/0{1,4}$/, "")}`;
}

function count(form: HTMLFormElement): void {
  const goal = form.querySelector<HTMLTextAreaElement>("#f-goal");
  const letters = form.querySelector<HTMLElement>("[data-letters]");
  if (goal && letters) letters.textContent = String(Array.from(goal.value).length);
}

// A block of cells from a spreadsheet goes into as many cells, from the one that has the focus;
// whether it was such a block.
function paste(form: HTMLFormElement, event: ClipboardEvent): boolean {
  const input = event.target as HTMLElement;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const row = input.closest<HTMLElement>("tr[data-row]");
  if (!row || !(input instanceof HTMLInputElement || input instanceof HTMLSelectElement) || !/[\t\n]/.test(text.trim())) return false;
  event.preventDefault();
  const columns = (input.closest<HTMLElement>("table")?.dataset.columns ?? "").split(" ");
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const first = columns.indexOf(input.name.split(".")[1] ?? "");
  const rows = () => Array.from(form.querySelectorAll<HTMLElement>("tr[data-row]"));
  const start = rows().indexOf(row);
  const names = columns.slice(first);
  const isWhole = input.closest("table")?.querySelector("thead .w-target") != null;
  void fill(form, lines.map((cells) => parted(cells, names, isWhole)), start, names, rows);
  return true;
}

async function fill(
  form: HTMLFormElement,
  lines: string[][],
  start: number,
  names: string[],
  rows: () => HTMLElement[],
): Promise<void> {
  for (const [down, cells] of lines.entries()) {
    if (start + down >= rows().length && !(await rearrange(form, "add"))) return;
    const row = rows()[start + down];
    for (const [right, text] of cells.entries()) {
      const name = names[right];
      const cell = row?.querySelector<HTMLInputElement | HTMLSelectElement>(`[name$='.${name}']`);
      if (!cell) continue;
      if (cell instanceof HTMLInputElement && cell.type === "checkbox") cell.checked = /^(是|√|1|核心)$/.test(text.trim());
      else if (cell instanceof HTMLSelectElement) {
        choose(cell, text.trim());
        if (name === "operator") direct(cell);
      }
      else cell.value = text.trim();
    }
  }
  addUp(form);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// 「≥300户」 in one cell, as forms print it, becomes sign, value and unit where the grid has a cell for
// each. Under a heading for all three, words without a digit are qualitative; whatever else stands
// there is left as it is.
function parted(cells: string[], names: string[], isWhole: boolean): string[] {
  const at = names.indexOf("operator");
  if (at < 0 || names[at + 1] !== "value" || names[at + 2] !== "unit") return cells;
  const text = (cells[at] ?? "").trim();
  if (isWhole && text !== "" && text !== "定性" && /^[^\d≥≤＞＜＝<>=]+$/.test(text)) {
    return [...cells.slice(0, at), "定性", text, "", ...cells.slice(at + 1)];
  }
  const whole = /^(≥|≤|＞|＜|＝|>=|<=|>|<|=)\s*([\d.,]+)\s*(.*)$/.exec(text);
  if (!whole) return cells;
  return [...cells.slice(0, at), whole[1]!, whole[2]!, whole[3]!, ...cells.slice(at + 1)];
}

function choose(select: HTMLSelectElement, text: string): void {
  const same: Record<string, string> = { ">": "＞", ">=": "≥", "=": "＝", "<": "＜", "<=": "≤" };
  const wanted = same[text] ?? text;
  if (Array.from(select.options).some((option) => option.value === wanted)) select.value = wanted;
}
