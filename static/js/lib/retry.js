// @ts-check
/** Repeats a request that failed, with growing delays, until the request succeeds. Pure: timers are arguments. */

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/**
 * @typedef {object} Timers
 * @property {(callback: () => void, delayMs: number) => any} set
 * @property {(timer: any) => void} clear
 */

/** @type {Timers} */
export const BROWSER_TIMERS = {
  set: (callback, delayMs) => setTimeout(callback, delayMs),
  clear: (timer) => clearTimeout(timer),
};

export class Retry {
  #work;
  #timers;
  #failures = 0;
  /** @type {any} */
  #timer;

  /**
   * @param {() => void} work the request; it reports its end with `failed` or `succeeded`
   * @param {Timers} [timers]
   */
  constructor(work, timers = BROWSER_TIMERS) {
    this.#work = work;
    this.#timers = timers;
  }

  /** Whether the last request failed and the next one has not succeeded yet. */
  get isFailing() {
    return this.#failures > 0;
  }

  /** Repeat the request after 1 s, 2 s, 4 s ... 30 s. */
  failed() {
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#timers.clear(this.#timer);
    this.#timer = this.#timers.set(() => this.#work(), delayMs);
  }

  succeeded() {
    this.#failures = 0;
    this.#timers.clear(this.#timer);
  }

  /** Repeat a failed request at once, because the connection is back. */
  hurry() {
    if (!this.isFailing) return;
    this.#timers.clear(this.#timer);
    this.#work();
  }

  /** Repeat nothing any more. */
  stop() {
    this.#timers.clear(this.#timer);
    this.#failures = 0;
  }
}
