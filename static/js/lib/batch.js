// @ts-check
/** Collects the keys that are asked for in one task and asks for all of them with one request. Pure: the request is an argument. */

/**
 * @template T
 * @typedef {object} Waiting
 * @property {Promise<T>} promise
 * @property {(value: T | Promise<T>) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** @template T */
export class Batch {
  #request;
  #limit;
  /** @type {Map<string, Waiting<T>>} */
  #waiting = new Map();

  /**
   * @param {(keys: string[]) => Promise<(T | Promise<T>)[]>} request answers in the order of the keys
   * @param {number} limit keys in one request
   */
  constructor(request, limit) {
    this.#request = request;
    this.#limit = limit;
  }

  /**
   * @param {string} key
   * @returns {Promise<T>}
   */
  get(key) {
    const known = this.#waiting.get(key);
    if (known) return known.promise;
    if (this.#waiting.size === 0) queueMicrotask(() => this.#send());
    /** @type {Partial<Waiting<T>>} */
    const settle = {};
    const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
    this.#waiting.set(key, /** @type {Waiting<T>} */ ({ ...settle, promise }));
    return promise;
  }

  #send() {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (let from = 0; from < all.length; from += this.#limit) this.#ask(all.slice(from, from + this.#limit));
  }

  /** @param {[string, Waiting<T>][]} asked */
  async #ask(asked) {
    try {
      const values = await this.#request(asked.map(([key]) => key));
      asked.forEach(([, { resolve }], index) => resolve(values[index]));
    } catch (error) {
      for (const [, { reject }] of asked) reject(error);
    }
  }
}
