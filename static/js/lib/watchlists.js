// @ts-check
/**
 * The watchlists of this browser: named lists of symbols, one of which is shown. The memory is an argument.
 *
 * @import {Memory} from "./memory.js"
 */

const FIRST_NAME = "Watchlist";
const MAX_LISTS = 20;

/**
 * @param {string[]} symbols
 * @param {string} symbol that is moved
 * @param {number} place its new index, limited to the list
 * @returns {string[]}
 */
export function moved(symbols, symbol, place) {
  const others = symbols.filter((other) => other !== symbol);
  others.splice(Math.max(0, Math.min(others.length, place)), 0, symbol);
  return others;
}

export class Watchlists {
  #memory;
  /** Symbols of all lists by name. @type {Record<string, string[]>} */
  #lists;
  #chosen;

  /**
   * @param {Pick<Memory, "recall" | "remember">} memory
   * @param {string[]} symbols of the list that is shown
   */
  constructor(memory, symbols) {
    this.#memory = memory;
    this.#chosen = memory.recall("watchlistName", FIRST_NAME);
    this.#lists = { ...memory.recall("watchlists", {}), [this.#chosen]: symbols };
  }

  get names() {
    return Object.keys(this.#lists);
  }

  /** Name of the list that is shown. */
  get chosen() {
    return this.#chosen;
  }

  /** Symbols of the list that is shown, in the order of the trader. */
  get symbols() {
    return this.#lists[this.#chosen];
  }

  /** @param {string} name a known list, or a new empty one */
  choose(name) {
    if (!(name in this.#lists) && this.names.length >= MAX_LISTS) return;
    this.#lists[name] ??= [];
    this.#chosen = name;
    this.#remember();
  }

  /** Delete the list that is shown, and show the first other one. The last list stays. */
  remove() {
    if (this.names.length < 2) return;
    delete this.#lists[this.#chosen];
    this.choose(this.names[0]);
  }

  /** @param {string[]} symbols of the list that is shown */
  replace(symbols) {
    this.#lists[this.#chosen] = symbols;
    this.#remember();
  }

  #remember() {
    this.#memory.remember("watchlists", this.#lists);
    this.#memory.remember("watchlistName", this.#chosen);
    this.#memory.remember("watchlist", this.symbols);
  }
}
