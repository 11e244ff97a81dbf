// Uploading: files may be dropped, what was picked is listed, and what is too large is told before
// it is sent. Without script the form works as it is.
const MB = 1024 * 1024;

function problemOf(form: HTMLFormElement, files: File[]): string {
  const limit = (name: string) => Number(form.dataset[name]);
  const large = files.find((file) => file.size > limit("fileBytes"));
  if (large) return `“${large.name}”有 ${(large.size / MB).toFixed(1)} MB，超过 ${limit("fileBytes") / MB} MB：请删除图片等无关内容后再传`;
  if (files.length > limit("mostFiles")) return `选了 ${files.length} 个文件，一次最多 ${limit("mostFiles")} 个：请分几次上传`;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  // The form's other fields need some room too.
  if (total > limit("mostBytes") - 65536) return `合计 ${(total / MB).toFixed(1)} MB，超过 ${limit("mostBytes") / MB} MB：请分几次上传`;
  return "";
}

function prepare(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]")!;
  const drop = form.querySelector<HTMLElement>("[data-drop]")!;
  const picked = form.querySelector<HTMLElement>("[data-picked]")!;
  const problem = form.querySelector<HTMLElement>("[data-problem]")!;
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]")!;

  const show = () => {
    const files = Array.from(input.files ?? []);
    picked.replaceChildren(
      ...files.map((file) => {
        const line = document.createElement("li");
        line.textContent = file.name;
        line.title = `${file.name}（${Math.ceil(file.size / 1024)} KB）`;
        return line;
      }),
    );
    picked.hidden = files.length === 0;
    problem.textContent = problemOf(form, files);
    problem.hidden = problem.textContent === "";
    button.disabled = !problem.hidden;
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget as Node)) drop.classList.remove("over");
  });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    input.files = files;
    show();
    button.focus();
  });
  form.addEventListener("submit", () => {
    const words = button.querySelector("span")!;
    const before = words.textContent;
    words.textContent = button.dataset.busy ?? before;
    // Disabled after the form has gone off, and again as it was when one comes back to the page.
    setTimeout(() => (button.disabled = true));
    window.addEventListener("pageshow", () => {
      words.textContent = before;
      button.disabled = false;
    });
  });
}

document.querySelectorAll<HTMLFormElement>("form[data-upload]").forEach(prepare);

// A file that misses its place must not replace the page.
if (document.querySelector("form[data-upload]")) {
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
}

// A cell's address becomes a button that copies it.
document.querySelectorAll<HTMLElement>("[data-copy]").forEach((place) => {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  const text = place.textContent ?? "";
  button.type = "button";
  button.className = "place";
  button.textContent = text;
  button.title = "复制位置";
  button.setAttribute("aria-label", `复制位置 ${text}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  });
  place.replaceWith(button);
});

// The answer is what one came for: start reading there.
document.querySelector<HTMLElement>("[data-answer]")?.focus({ preventScroll: true });
