// A figure of the statement opens its records in a side sheet. Without script, and with Ctrl or
// the middle button, it is the plain link to the figure's page.
import htmx from "./htmx-settings";

const sheet = document.querySelector<HTMLDialogElement>("dialog.sheet");
let opener: HTMLElement | null = null;

async function load(link: HTMLAnchorElement): Promise<void> {
  if (!sheet) return;
  const body = sheet.querySelector<HTMLElement>("#sheet-body")!;
  if (!sheet.open) {
    opener = link;
    body.textContent = "正在读取…";
    sheet.showModal();
  }
  await htmx.ajax("GET", link.pathname + link.search, { target: body, swap: "innerHTML" });
  sheet.scrollTop = 0;
  sheet.querySelector<HTMLElement>("#sheet-title")?.focus();
}

if (sheet && typeof sheet.showModal === "function") {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const link = target.closest<HTMLAnchorElement>(".paper a.figure[href], dialog.sheet a[data-sheet]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void load(link);
  });
  sheet.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    // The sheet fills its box, so a click on the dialog itself is one on what lies around it.
    if (target === sheet || target.closest("[data-close]")) sheet.close();
  });
  sheet.addEventListener("close", () => opener?.focus());
}

// On a narrow screen the outline would push the text away.
if (window.matchMedia("(max-width: 900px)").matches) {
  document.querySelector<HTMLDetailsElement>("details.contents")?.removeAttribute("open");
}
