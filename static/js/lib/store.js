// @ts-check
/**
 * State with listeners. Pure: no page, no server.
 *
 * `Value` is one thing, `Collection` things by key.
 */

/**
 * A value with listeners. Its methods are those of TradingView's IWatchedValue.
 * @template T
 */
export class Value {
  /** @type {T} */
  #value;
  /** @type {Set<(value: T) => void>} */
  #listeners = new Set();

  /** @param {T} value */
  constructor(value) {
    this.#value = value;
  }

  /** @returns {T} */
  value() {
    return this.#value;
  }

  /**
   * Listeners are called only if it is another value.
   * @param {T} value
   */
  setValue(value) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  /**
   * @param {(value: T) => void} listener
   * @param {{callWithLast?: boolean}} [options]
   */
  subscribe(listener, options = {}) {
    this.#listeners.add(listener);
    if (options.callWithLast) listener(this.#value);
  }

  /** @param {(value: T) => void} listener */
  unsubscribe(listener) {
    this.#listeners.delete(listener);
  }
}

/**
 * Items by key, in the order of their first appearance, at most `limit` of them.
 *
 * Two sources feed it: the stream (`put`, `delete`), which is always right, and lists read over REST (`reconcile`), which
 * are right unless the stream spoke after the list was asked for. An update may come before the list that contains it.
 * @template T
 */
export class Collection {
  /** @type {Map<string, T>} */
  #items = new Map();
  /** Turn in which the stream last spoke of a key; kept for deleted keys too, until the next reconcile. */
  /** @type {Map<string, number>} */
  #touched = new Map();
  #turn = 0;
  /** @type {Set<(key?: string) => void>} */
  #listeners = new Set();
  #limit;
  #isDroppable;

  /** @param {{limit?: number, isDroppable?: (item: T) => boolean}} [options] */
  constructor({ limit = 1000, isDroppable = () => true } = {}) {
    this.#limit = limit;
    this.#isDroppable = isDroppable;
  }

  get size() {
    return this.#items.size;
  }

  /** @param {string} key */
  get(key) {
    return this.#items.get(key);
  }

  /** @returns {T[]} */
  values() {
    return [...this.#items.values()];
  }

  /**
   * Insert or replace, after an update of the stream.
   * @param {string} key
   * @param {T} item
   */
  put(key, item) {
    this.#touched.set(key, ++this.#turn);
    this.#items.set(key, item);
    this.#trim();
    this.#tell(key);
  }

  /**
   * Change some fields of an item; the order of stream and lists is not affected.
   * @param {string} key
   * @param {Partial<T>} changes
   */
  patch(key, changes) {
    const item = this.#items.get(key);
    if (item === undefined) return;
    this.#items.set(key, { ...item, ...changes });
    this.#tell(key);
  }

  /**
   * Remove, after an update of the stream.
   * @param {string} key
   */
  delete(key) {
    this.#touched.set(key, ++this.#turn);
    if (this.#items.delete(key)) this.#tell(key);
  }

  /** Forget everything: what comes next is another account's. */
  clear() {
    this.#items.clear();
    this.#touched.clear();
    this.#tell();
  }

  /** Return the present moment, for `reconcile`: take it before the list is asked for. */
  mark() {
    return this.#turn;
  }

  /**
   * Take over a complete list that was asked for at `mark`; whatever the stream said since then stays.
   * @param {Iterable<[string, T]>} entries
   * @param {number} mark
   */
  reconcile(entries, mark) {
    const listed = new Map(entries);
    const isNewer = (/** @type {string} */ key) => (this.#touched.get(key) ?? 0) > mark;
    for (const key of [...this.#items.keys()]) {
      if (!listed.has(key) && !isNewer(key)) this.#items.delete(key);
    }
    for (const [key, item] of listed) {
      if (!isNewer(key)) this.#items.set(key, item);
    }
    for (const key of [...this.#touched.keys()]) {
      if (!isNewer(key)) this.#touched.delete(key);
    }
    this.#trim();
    this.#tell();
  }

  /**
   * Take over items that were asked for at `mark`, and keep all others.
   * @param {Iterable<[string, T]>} entries
   * @param {number} mark
   */
  merge(entries, mark) {
    for (const [key, item] of entries) if ((this.#touched.get(key) ?? 0) <= mark) this.#items.set(key, item);
    this.#trim();
    this.#tell();
  }

  /** @param {(key?: string) => void} listener is called with the key that changed; without one any item may have changed */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** @param {(key?: string) => void} listener */
  unsubscribe(listener) {
    this.#listeners.delete(listener);
  }

  #trim() {
    if (this.#items.size <= this.#limit) return;
    for (const [key, item] of this.#items) {
      if (!this.#isDroppable(item)) continue;
      this.#items.delete(key);
      this.#touched.delete(key);
      if (this.#items.size <= this.#limit) return;
    }
  }

  /** @param {string} [key] */
  #tell(key) {
    for (const listener of [...this.#listeners]) listener(key);
  }
}

/**
 * An event with listeners. Its methods are those of TradingView's IDelegate.
 */
export class Delegate {
  /** @type {{object: object | null, member: (...values: unknown[]) => void}[]} */
  #listeners = [];

  /**
   * @param {object | null} object
   * @param {(...values: unknown[]) => void} member called with `object` as this
   */
  subscribe(object, member) {
    this.#listeners.push({ object, member });
  }

  /**
   * @param {object | null} object
   * @param {(...values: unknown[]) => void} member
   */
  unsubscribe(object, member) {
    this.#listeners = this.#listeners.filter((listener) => listener.object !== object || listener.member !== member);
  }

  /** @param {...unknown} values */
  fire(...values) {
    for (const { object, member } of [...this.#listeners]) member.apply(object, values);
  }
}
