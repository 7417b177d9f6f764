// @ts-check
/**
 * The token of this page, where the server wants one: kept in memory only, asked for when it is needed, and asked for once
 * however many requests were refused meanwhile. Pure: the question to the person is an argument.
 */

/**
 * @typedef {object} TokenWish
 * @property {string} reason why a token is wanted, in the server's words
 * @property {boolean} isUrgent nothing works before there is one; else the old one is good for a while
 */

/** @typedef {(wish: TokenWish) => Promise<string | null>} AskToken null: not now */

export class Credentials {
  #ask;
  #token = "";
  /** @type {Promise<boolean> | null} */
  #asking = null;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {AskToken} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  /** The token to send; empty while the server asked for none. */
  get token() {
    return this.#token;
  }

  /** The account that the token opens first; undefined without a readable token. @returns {string | undefined} */
  get account() {
    try {
      const claims = JSON.parse(atob(this.#token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
      return claims.accounts?.[0] ?? claims.sub;
    } catch {
      return undefined;
    }
  }

  /**
   * Get another token, because the server refused this one or will soon.
   * @param {string} old the token that was sent
   * @param {TokenWish} wish
   * @returns {Promise<boolean>} whether there is another one now
   */
  async renew(old, wish) {
    if (this.#token !== old) return true;
    this.#asking ??= this.#renew(wish).finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** @param {TokenWish} wish */
  async #renew(wish) {
    const token = await this.#ask(wish);
    if (token === null) return false;
    this.#token = token;
    for (const listener of [...this.#listeners]) listener();
    return true;
  }

  /** @param {() => void} listener is called after every new token */
  subscribe(listener) {
    this.#listeners.add(listener);
  }
}
