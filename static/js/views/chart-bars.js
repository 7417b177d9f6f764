// @ts-check
/**
 * The bars of one symbol and resolution: history on demand, the live bar on top. A request that failed is repeated, and the
 * history is read again when bars were missed.
 */
import { Retry } from "../lib/retry.js";

/**
 * @import {Bar, LibrarySymbolInfo, PeriodParams} from "../types/tradingview.js"
 * @import {DatafeedService} from "../services/datafeed-service.js"
 */

const PAGE = 500;
const BAR_LIMIT = 20_000;

/**
 * @typedef {object} BarListener
 * @property {(bars: Bar[], isFirst: boolean) => void} onHistory all bars; `isFirst` when they are not merely more of them
 * @property {(bar: Bar) => void} onBar the newest bar changed or a newer one began
 * @property {(reason: string) => void} onError the newest bars could not be read; they are asked for again
 */

export class BarSeries {
  #datafeed;
  #info;
  #resolution;
  #listener;
  /** Ascending by time. @type {Bar[]} */
  #bars = [];
  #hasHistory = false;
  #isLoading = false;
  #isComplete = false;
  #isClosed = false;
  #now;
  #retry;
  #guid;

  /**
   * @param {DatafeedService} datafeed
   * @param {LibrarySymbolInfo} info
   * @param {string} resolution
   * @param {BarListener} listener
   * @param {() => number} now market time in epoch milliseconds
   * @param {{guid?: string, timers?: import("../lib/retry.js").Timers}} [options] `guid`: of its subscription
   */
  constructor(datafeed, info, resolution, listener, now, { guid = "chart", timers } = {}) {
    this.#datafeed = datafeed;
    this.#info = info;
    this.#resolution = resolution;
    this.#listener = listener;
    this.#now = now;
    this.#guid = guid;
    this.#retry = new Retry(() => this.#loadNewest(), timers);
    datafeed.subscribeBars(info, resolution, (bar) => this.#tick(bar), guid, () => this.#loadNewest());
    this.#loadNewest();
  }

  close() {
    this.#isClosed = true;
    this.#retry.stop();
    this.#datafeed.unsubscribeBars(this.#guid);
  }

  /** The connection is back: repeat a failed request at once. */
  reconnected() {
    this.#retry.hurry();
  }

  /** Read the newest page again. */
  reload() {
    this.#loadNewest();
  }

  /** Whether the newest page was read. */
  get hasHistory() {
    return this.#hasHistory;
  }

  values() {
    return this.#bars;
  }

  newest() {
    return this.#bars.at(-1) ?? null;
  }

  /** Load the page before the oldest bar, unless it is on its way or there is none. */
  loadOlder() {
    const oldest = this.#bars[0];
    if (!oldest || !this.#hasHistory || this.#isComplete || this.#bars.length >= BAR_LIMIT) return;
    this.#load(oldest.time / 1000, false);
  }

  #loadNewest() {
    this.#load(Math.floor(this.#now() / 1000) + 86_400, true);
  }

  /**
   * @param {number} to epoch seconds, exclusive
   * @param {boolean} isFirst
   */
  #load(to, isFirst) {
    if (this.#isLoading && !isFirst) return;
    this.#isLoading = true;
    /** @type {PeriodParams} */
    const period = { from: 0, to, countBack: PAGE, firstDataRequest: isFirst };
    this.#datafeed.getBars(this.#info, this.#resolution, period, (bars, { noData }) => {
      this.#isLoading = false;
      if (this.#isClosed) return;
      if (isFirst) this.#retry.succeeded();
      if (isFirst) this.#replace(bars);
      else this.#prepend(bars, Boolean(noData));
    }, (reason) => {
      this.#isLoading = false;
      // Older pages are asked for again by the next scroll.
      if (this.#isClosed || !isFirst) return;
      this.#retry.failed();
      this.#listener.onError(reason);
    });
  }

  /**
   * Take over the newest page. Live bars that came while it was read are newer than it.
   * @param {Bar[]} bars
   */
  #replace(bars) {
    const last = bars.at(-1)?.time ?? 0;
    const live = this.#bars.filter(({ time }) => time >= last);
    const kept = live.length && live[0].time === last ? bars.slice(0, -1) : bars;
    this.#bars = [...kept, ...live];
    this.#hasHistory = true;
    this.#isComplete = bars.length === 0;
    this.#listener.onHistory(this.#bars, true);
  }

  /**
   * @param {Bar[]} bars
   * @param {boolean} noData
   */
  #prepend(bars, noData) {
    const oldest = this.#bars[0].time;
    const older = bars.filter(({ time }) => time < oldest);
    this.#isComplete = noData || older.length === 0;
    if (older.length === 0) return;
    this.#bars = [...older, ...this.#bars];
    this.#listener.onHistory(this.#bars, false);
  }

  /** @param {Bar} bar */
  #tick(bar) {
    const newest = this.newest();
    if (newest && bar.time < newest.time) return;
    if (newest?.time === bar.time) this.#bars[this.#bars.length - 1] = bar;
    else this.#bars.push(bar);
    if (this.#hasHistory) this.#listener.onBar(bar);
  }
}
