// @ts-check
/** The choice of the watchlist in the head of its panel: the lists, a new one, and the removal of the one that is shown. */
import { byId, h } from "../lib/dom.js";

/** @import {Watchlists} from "../lib/watchlists.js" */

const [NEW, REMOVE] = ["\nnew", "\nremove"];

/** @returns {Promise<string>} the name; empty when the dialog was closed */
function askForName() {
  return new Promise((resolve) => {
    const name = h("input", { maxlength: 30, required: true, "aria-label": "Name of the list" });
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "list-title" },
      h("form", { method: "dialog" }, h("h2", { id: "list-title" }, "New watchlist"), h("p", {}, name),
        h("p", { class: "dialog-buttons" },
          h("button", { class: "small", type: "button", onclick: () => dialog.close() }, "Back"),
          h("button", { class: "small primary", value: "yes" }, "Create"))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? name.value.trim() : "");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export class WatchlistChoice {
  /** @type {HTMLSelectElement} */
  #select = byId("watchlist-choice");
  #lists;
  #onChanged;

  /**
   * @param {Watchlists} lists
   * @param {() => void} onChanged another list is shown
   */
  constructor(lists, onChanged) {
    this.#lists = lists;
    this.#onChanged = onChanged;
    this.#select.addEventListener("change", () => this.#choose(this.#select.value));
    this.#write();
  }

  #write() {
    const { names, chosen } = this.#lists;
    const option = (/** @type {string} */ value, /** @type {string} */ text) => h("option", { value, selected: value === chosen }, text);
    this.#select.replaceChildren(...names.map((name) => option(name, name)), option(NEW, "New list …"),
      ...(names.length > 1 ? [option(REMOVE, `Remove ${chosen}`)] : []));
  }

  /** @param {string} value */
  async #choose(value) {
    const name = value === NEW ? await askForName() : value;
    if (name === REMOVE) this.#lists.remove();
    else if (name) this.#lists.choose(name);
    this.#write();
    if (name) this.#onChanged();
  }
}
