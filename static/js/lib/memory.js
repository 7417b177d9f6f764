// @ts-check
/**
 * The settings that this browser keeps over a reload: account, symbol, resolution, layout, ticket, watchlist; also the first symbols
 * of the catalogue. Never money, never tokens. The browser keeps them per server; the offline demo has keys of its own and shares
 * nothing with the live page. A browser that refuses storage gets the defaults. `main.js` makes the one instance of the page.
 */

const PREFIXES = { live: "trading-pro.", offline: "trading-pro.offline." };

export class Memory {
  #prefix;
  #storage;

  /**
   * @param {keyof typeof PREFIXES} mode
   * @param {() => Storage} [storage] may throw where the browser refuses it
   */
  constructor(mode, storage = () => localStorage) {
    this.#prefix = PREFIXES[mode];
    this.#storage = storage;
  }

  /**
   * @template T
   * @param {string} name
   * @param {T} fallback returned when nothing, or a value of another type, is stored
   * @returns {T}
   */
  recall(name, fallback) {
    try {
      const value = JSON.parse(this.#storage().getItem(this.#prefix + name) ?? "null");
      const isSameKind = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
      return isSameKind && value !== null ? value : fallback;
    } catch {
      return fallback;
    }
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  remember(name, value) {
    try {
      this.#storage().setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      // Private windows may refuse; the page works without.
    }
  }
}
