// @ts-check
/**
 * The bars of a second symbol that the chart compares: read at the same resolution, and as far back as those of the chart.
 *
 * @import {Bar} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */
import { BarSeries } from "./chart-bars.js";

const GUID = "compare";

export class ComparedBars {
  #context;
  #changed;
  /** @type {BarSeries | null} */
  #series = null;
  /** Begin of the oldest bar that is needed, epoch milliseconds. */
  #oldest = Infinity;
  #turn = 0;

  /**
   * @param {Pick<Context, "datafeed" | "clock">} context
   * @param {() => void} changed bars were read, or the newest one changed
   */
  constructor(context, changed) {
    this.#context = context;
    this.#changed = changed;
  }

  values() {
    return this.#series?.values() ?? [];
  }

  /**
   * Follow a symbol.
   * @param {string} symbol
   * @param {string} resolution
   * @param {(reason: string) => void} onRefused
   */
  follow(symbol, resolution, onRefused) {
    this.stop();
    const turn = this.#turn;
    const { datafeed, clock } = this.#context;
    datafeed.resolveSymbol(symbol, (info) => {
      if (turn !== this.#turn) return;
      this.#series = new BarSeries(datafeed, info, resolution, {
        onHistory: () => {
          this.#changed();
          this.#loadOlder();
        },
        onBar: () => this.#changed(),
        onError: () => {},
      }, () => clock.now(), { guid: GUID });
    }, (reason) => turn === this.#turn && onRefused(reason));
  }

  stop() {
    this.#turn += 1;
    this.#series?.close();
    this.#series = null;
  }

  /**
   * Read bars as far back as these.
   * @param {Bar[]} bars ascending
   */
  cover(bars) {
    this.#oldest = bars[0]?.time ?? Infinity;
    this.#loadOlder();
  }

  #loadOlder() {
    if ((this.values()[0]?.time ?? -Infinity) > this.#oldest) this.#series?.loadOlder();
  }

  /** Read the newest bars again. */
  reload() {
    this.#series?.reload();
  }

  /** Requests that failed are repeated at once. */
  reconnected() {
    this.#series?.reconnected();
  }
}
