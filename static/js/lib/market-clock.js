// @ts-check
/**
 * Market time: the server's clock, which may have another date and another speed than this computer. The browser's clock
 * measures only the time since the last reading. Pure: the monotonic clock is an argument.
 */

export class MarketClock {
  /** @type {{now: number, speed: number, readAt: number} | null} */
  #reading = null;
  #monotonic;
  #wall;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /**
   * @param {() => number} [monotonic] milliseconds since an arbitrary instant
   * @param {() => number} [wall] epoch milliseconds; used until the server's clock was read
   */
  constructor(monotonic = () => performance.now(), wall = Date.now) {
    this.#monotonic = monotonic;
    this.#wall = wall;
  }

  /** @param {{now: number, speed: number}} reading epoch milliseconds of the market, and market seconds per second */
  set({ now, speed }) {
    this.#reading = { now, speed, readAt: this.#monotonic() };
    for (const listener of [...this.#listeners]) listener();
  }

  /** Epoch milliseconds of the market. */
  now() {
    const reading = this.#reading;
    return reading ? Math.floor(reading.now + (this.#monotonic() - reading.readAt) * reading.speed) : this.#wall();
  }

  /** Market seconds per second. */
  get speed() {
    return this.#reading?.speed ?? 1;
  }

  /** @param {() => void} listener called after every reading */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** @param {() => void} listener */
  unsubscribe(listener) {
    this.#listeners.delete(listener);
  }
}
