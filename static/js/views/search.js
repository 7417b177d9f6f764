// @ts-check
/** The symbol search above the watchlist: an ARIA combobox with a list of the symbols found, which grows while it is scrolled. */
import { byId, h } from "../lib/dom.js";

/**
 * @import {DatafeedService} from "../services/datafeed-service.js"
 * @import {SearchSymbolResultItem} from "../types/tradingview.js"
 */

const PAUSE_MS = 120;
const PAGE_ROWS = 40;
/** The next page is added when the end of the list is so near. */
const NEAR_END_PX = 60;

export class Search {
  /** @type {HTMLInputElement} */
  #input = byId("search");
  #list = byId("search-results");
  #datafeed;
  #onChosen;
  /** @type {SearchSymbolResultItem[]} */
  #found = [];
  /** Text whose symbols are listed; null while none are. @type {string | null} */
  #shownFor = null;
  /** Enter was pressed before the symbols of the text were listed: the first of them is chosen when they are. */
  #isEntered = false;
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
      this.#isEntered = false;
      this.#pause = setTimeout(() => this.#ask(), PAUSE_MS);
    });
    this.#input.addEventListener("focus", () => this.#ask());
    this.#input.addEventListener("blur", () => {
      this.#shownFor = null;
      this.#show([], "");
    });
    this.#list.addEventListener("scroll", () => {
      if (this.#list.scrollTop + this.#list.clientHeight > this.#list.scrollHeight - NEAR_END_PX) this.#grow();
    });
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  async #ask() {
    const asked = this.#input.value.trim();
    const show = (/** @type {SearchSymbolResultItem[]} */ items, /** @type {string} */ text) => {
      const isStillAsked = this.#input.value.trim() === asked && document.activeElement === this.#input;
      if (!isStillAsked) return;
      this.#shownFor = asked;
      this.#show(items, text);
      if (this.#isEntered) this.#enter();
      this.#isEntered = false;
    };
    await this.#datafeed.find(asked).then(
      (items) => show(items, items.length ? "" : `No symbol found for “${asked}”.`),
      () => show([], "The search failed. Try again."),
    );
  }

  /**
   * @param {SearchSymbolResultItem[]} items
   * @param {string} text shown when there are no items; empty: the list is closed
   */
  #show(items, text) {
    this.#found = items;
    this.#list.replaceChildren(...(text ? [h("li", { class: "muted", role: "option", "aria-disabled": "true" }, text)] : []));
    this.#list.scrollTop = 0;
    this.#grow();
    const isOpen = items.length > 0 || text !== "";
    this.#list.hidden = !isOpen;
    this.#input.setAttribute("aria-expanded", String(isOpen));
    this.#activate(items.length && this.#input.value ? 0 : -1);
  }

  /** Add the next page of the symbols found. */
  #grow() {
    const from = this.#found.length ? this.#list.children.length : 0;
    this.#list.append(...this.#found.slice(from, from + PAGE_ROWS).map((item, index) => this.#option(item, from + index)));
  }

  /**
   * @param {SearchSymbolResultItem} item
   * @param {number} index
   */
  #option(item, index) {
    return h("li", {
      id: `search-${index}`, role: "option", "aria-selected": "false",
      onpointerdown: (event) => {
        event.preventDefault();
        this.#choose(index);
      },
    }, h("strong", {}, item.symbol), h("span", { class: "muted" }, item.description), h("span", { class: "tag" }, item.exchange));
  }

  /** @param {number} index */
  #activate(index) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    if (index >= this.#list.children.length - 1) this.#grow();
    const option = this.#list.children[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const count = Math.min(this.#found.length, this.#list.children.length);
    if (event.key === "ArrowDown" && count) this.#activate((this.#active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.#activate((this.#active - 1 + count) % count);
    else if (event.key === "Enter") this.#enter();
    else if (event.key === "Escape") this.#input.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Choose the active symbol, at once or when the symbols of the text are listed. */
  #enter() {
    if (this.#shownFor === this.#input.value.trim()) {
      if (this.#active >= 0) this.#choose(this.#active);
      return;
    }
    this.#isEntered = true;
    clearTimeout(this.#pause);
    this.#ask();
  }

  /** @param {number} index */
  #choose(index) {
    const { symbol } = this.#found[index];
    this.#input.value = "";
    this.#input.blur();
    this.#onChosen(symbol);
  }
}
