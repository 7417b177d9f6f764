// @ts-check
/** The symbol search above the watchlist: an ARIA combobox with a list of what was found. */
import { byId, h } from "../lib/dom.js";

/**
 * @import {DatafeedService} from "../services/datafeed-service.js"
 * @import {SearchSymbolResultItem} from "../types/tradingview.js"
 */

const PAUSE_MS = 120;

export class Search {
  /** @type {HTMLInputElement} */
  #input = byId("search");
  #list = byId("search-results");
  #datafeed;
  #onChosen;
  /** @type {SearchSymbolResultItem[]} */
  #found = [];
  #active = -1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /**
   * @param {DatafeedService} datafeed
   * @param {(symbol: string) => void} onChosen
   */
  constructor(datafeed, onChosen) {
    this.#datafeed = datafeed;
    this.#onChosen = onChosen;
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#ask(), PAUSE_MS);
    });
    this.#input.addEventListener("focus", () => this.#ask());
    this.#input.addEventListener("blur", () => this.#show([]));
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  #ask() {
    const asked = this.#input.value.trim();
    this.#datafeed.searchSymbols(asked, "", "", (items) => {
      const isStillAsked = this.#input.value.trim() === asked && document.activeElement === this.#input;
      if (isStillAsked) this.#show(items);
    });
  }

  /** @param {SearchSymbolResultItem[]} items */
  #show(items) {
    this.#found = items;
    this.#list.replaceChildren(...items.map((item, index) => h("li", {
      id: `search-${index}`, role: "option", "aria-selected": "false",
      onpointerdown: (event) => {
        event.preventDefault();
        this.#choose(index);
      },
    }, h("strong", {}, item.symbol), h("span", { class: "muted" }, item.description), h("span", { class: "tag" }, item.exchange))));
    this.#list.hidden = items.length === 0;
    this.#input.setAttribute("aria-expanded", String(items.length > 0));
    this.#activate(items.length && this.#input.value ? 0 : -1);
  }

  /** @param {number} index */
  #activate(index) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = this.#list.children[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const count = this.#found.length;
    if (event.key === "ArrowDown" && count) this.#activate((this.#active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.#activate((this.#active - 1 + count) % count);
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.#active);
    else if (event.key === "Escape") this.#input.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} index */
  #choose(index) {
    const { symbol } = this.#found[index];
    this.#input.value = "";
    this.#input.blur();
    this.#onChosen(symbol);
  }
}
