/** The filter of the pages that show the specs: hides the entries, and their links, that lack a word of the query. */
import "./try.js";

const input = /** @type {HTMLInputElement} */ (document.querySelector("#filter"));
const found = /** @type {HTMLOutputElement} */ (document.querySelector("#found"));
const articles = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("article.entry"));
const entries = [...articles].map((node) => ({
  node,
  text: (node.textContent ?? "").toLowerCase(),
  link: document.querySelector(`nav a[href="#${CSS.escape(node.id)}"]`)?.parentElement,
}));

function filter() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { node, text, link } of entries) {
    const matches = words.every((word) => text.includes(word));
    node.hidden = !matches;
    if (link) link.hidden = !matches;
    if (matches) count += 1;
  }
  found.textContent = words.length ? `${count} of ${entries.length}` : "";
}

input.addEventListener("input", filter);
input.form?.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof Element && event.target.matches("input, textarea");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    input.focus();
  }
});
filter();
