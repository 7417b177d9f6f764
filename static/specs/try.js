// @ts-check
/** The forms that try an operation against this server: they show the request as a curl command, send it, and show the answer. */
import { curlOf, requestOf } from "./curl.js";

const COPIED_MS = 2000;

/** @type {HTMLInputElement | null} */
const token = document.querySelector("#token");
const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll(".try form")]);

/** @param {HTMLFormElement} form */
function read(form) {
  const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("[data-in]")]);
  const { method = "GET", path = "/" } = form.dataset;
  return requestOf({
    method, path, origin: location.origin, body: form.querySelector("textarea")?.value,
    args: inputs.map(({ name, value, dataset }) => ({ name, place: dataset.in ?? "", value: value.trim() })),
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} selector of the element that is written into
 * @param {string} text
 */
function write(form, selector, text) {
  /** @type {HTMLElement} */ (form.querySelector(selector)).textContent = text;
}

/** @param {HTMLFormElement} form */
function showCommand(form) {
  write(form, ".curl code", curlOf(read(form), Boolean(token?.value)));
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const { method, url, headers, body } = read(form);
  write(form, "output", "Waiting for the answer");
  try {
    const response = await fetch(url, { method, body, headers: { ...headers, ...(token?.value && { Authorization: `Bearer ${token.value}` }) } });
    const text = await response.text();
    write(form, "output", `${response.status} ${response.statusText}`);
    write(form, ".answer code", readable(text));
    /** @type {HTMLElement} */ (form.querySelector(".answer")).hidden = text === "";
  } catch {
    write(form, "output", "The server does not answer.");
  }
}

/** @param {string} text */
function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @param {HTMLFormElement} form */
async function copy(form) {
  await navigator.clipboard.writeText(form.querySelector(".curl code")?.textContent ?? "");
  write(form, "output", "Copied");
  setTimeout(() => write(form, "output", ""), COPIED_MS);
}

for (const form of forms) {
  const panel = /** @type {HTMLDetailsElement} */ (form.parentElement);
  panel.hidden = false;
  panel.addEventListener("toggle", () => showCommand(form));
  form.addEventListener("input", () => showCommand(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  form.querySelector(".copy")?.addEventListener("click", () => copy(form));
}
token?.addEventListener("input", () => forms.forEach(showCommand));
token?.closest("p")?.removeAttribute("hidden");
