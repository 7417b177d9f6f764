// @ts-check
/** The help panel of the page's head: theme, keys, first steps, and links to the documents. Its text is in `index.html`. */
import { byId } from "../lib/dom.js";
import { placeBelowButton } from "./panel.js";

/**
 * @import {Memory} from "../lib/memory.js"
 * @import {State} from "../state.js"
 */

/** The colour schemes of the browser that a theme allows. @type {Record<string, string>} */
const SCHEMES = { system: "light dark", light: "light", dark: "dark" };

/**
 * Apply the theme that the browser keeps; it can be changed before anything else works.
 * @param {Memory} memory
 * @param {State} state
 */
export function wireHelp(memory, { theme }) {
  placeBelowButton("help");
  const kept = memory.recall("theme", "system");
  const choose = (/** @type {string} */ name) => {
    document.documentElement.style.colorScheme = SCHEMES[name];
    theme.setValue(name);
  };
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (byId("help").querySelectorAll("[name=theme]"))) {
    input.checked = input.value === kept;
    input.addEventListener("change", () => {
      memory.remember("theme", input.value);
      choose(input.value);
    });
  }
  if (kept in SCHEMES) choose(kept);
}
