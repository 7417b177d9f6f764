// @ts-check
/**
 * Indicators and the compared symbol in the plot: their series, in the pane of the prices or in panes of their own, and their
 * values for the legend. `studies.js` has the list of indicators.
 *
 * @import {ISeriesApi} from "lightweight-charts"
 * @import {Bar} from "../types/tradingview.js"
 * @import {Values} from "../lib/indicators.js"
 * @import {Plot} from "./chart-plot.js"
 * @import {Chosen, StudyKind} from "./studies.js"
 */
import { closesAt } from "../lib/bars.js";
import { price as writePrice } from "../lib/format.js";
import { seconds } from "./plot-types.js";
import { STUDIES, tailOf } from "./studies.js";

const COMPARED_COLOR = "#c79a2b";
const LEVEL_COLOR = "#8a94a3";
const PANE_DIGITS = 2;

/** @typedef {{name: string, color: string, texts: string[]}} StudyLegend */
/** @typedef {{kind: StudyKind, params: number[], series: ISeriesApi<any>[], values: Values[]}} Shown */

/** A pane scales to its own values, whatever the indicator is. */
const PANE_FORMAT = { type: "custom", minMove: 0.01, formatter: (/** @type {number} */ value) => writePrice(value, PANE_DIGITS) };

export class ChartStudies {
  #plot;
  /** @type {Shown[]} */
  #shown = [];
  /** @type {{symbol: string, series: ISeriesApi<any>, bars: () => Bar[]} | null} */
  #compared = null;
  /** @type {Bar[]} */
  #bars = [];
  #digits = 2;
  #isIntraday = true;
  /** @type {(timeMs: number) => number} */
  #dayOf = () => 0;

  /** @param {Plot} plot */
  constructor(plot) {
    this.#plot = plot;
  }

  /**
   * Show these indicators and no others.
   * @param {Chosen} chosen
   */
  choose(chosen) {
    for (const { series } of this.#shown) for (const one of series) this.#plot.removeSeries(one);
    let panes = 0;
    this.#shown = Object.entries(chosen).map(([name, params]) => {
      const kind = /** @type {StudyKind} */ (name);
      if (STUDIES[kind].hasPane) panes += 1;
      return { kind, params, series: this.#createSeries(kind, STUDIES[kind].hasPane ? panes : 0), values: [] };
    });
    this.#plot.profile.setRows(chosen.profile?.[0] ?? 0);
    this.#fill();
  }

  /**
   * @param {StudyKind} kind
   * @param {number} pane
   */
  #createSeries(kind, pane) {
    const { outputs, levels = [] } = STUDIES[kind];
    const series = outputs.map(({ color, kind: drawn = "Line" }) => this.#plot.addSeries(drawn, {
      color, lineWidth: 1, lastValueVisible: pane > 0, ...(pane > 0 && { priceFormat: PANE_FORMAT }),
    }, pane));
    for (const price of levels) series[0].createPriceLine({ price, color: LEVEL_COLOR, lineWidth: 1, lineStyle: 1, axisLabelVisible: false, title: "" });
    return series;
  }

  /**
   * Another symbol or resolution is shown: its bars follow.
   * @param {number} digits decimals of its prices
   * @param {boolean} isIntraday
   * @param {(timeMs: number) => number} dayOf number of the trading day
   */
  clear(digits, isIntraday, dayOf) {
    this.#digits = digits;
    this.#isIntraday = isIntraday;
    this.#dayOf = dayOf;
    this.setBars([]);
  }

  /** @param {Bar[]} bars ascending; the caller may append to it and then calls `update` */
  setBars(bars) {
    this.#bars = bars;
    this.#plot.profile.setBars(bars);
    this.#fill();
  }

  #fill() {
    for (const shown of this.#shown) {
      shown.values = this.#compute(shown, this.#bars);
      shown.series.forEach((series, index) => series.setData(this.#points(shown.values[index])));
    }
    this.#fillCompared();
  }

  /**
   * @param {Shown} shown
   * @param {Bar[]} bars
   */
  #compute({ kind, params }, bars) {
    const { compute, isIntraday, outputs } = STUDIES[kind];
    return isIntraday && !this.#isIntraday ? outputs.map(() => []) : compute(bars, params, this.#dayOf);
  }

  /** @param {Values} values of the bars */
  #points(values) {
    return values.flatMap((value, index) => (value === null ? [] : [{ time: seconds(this.#bars[index].time), value }]));
  }

  /** The newest bar changed, or one was added: the newest values follow. */
  update() {
    const newest = this.#bars.at(-1);
    if (!newest) return;
    for (const shown of this.#shown) {
      this.#compute(shown, this.#bars.slice(-tailOf(shown.params))).forEach((values, output) => {
        const value = values.at(-1) ?? null;
        shown.values[output][this.#bars.length - 1] = value;
        if (value !== null) shown.series[output].update({ time: seconds(newest.time), value });
      });
    }
    const other = this.#compared?.bars().at(-1);
    if (other && other.time <= newest.time) this.#compared?.series.update({ time: seconds(newest.time), value: other.close });
  }

  /**
   * Compare with another symbol. Call `comparedChanged` when its bars change.
   * @param {string} symbol
   * @param {() => Bar[]} bars
   */
  compare(symbol, bars) {
    this.stopComparing();
    this.#compared = { symbol, bars, series: this.#plot.addSeries("Line", { color: COMPARED_COLOR, lineWidth: 2, title: symbol }, 0) };
    this.#fillCompared();
  }

  /** The bars of the compared symbol were read. */
  comparedChanged() {
    this.#fillCompared();
  }

  stopComparing() {
    if (this.#compared) this.#plot.removeSeries(this.#compared.series);
    this.#compared = null;
  }

  #fillCompared() {
    if (this.#compared) this.#compared.series.setData(this.#points(closesAt(this.#bars, this.#compared.bars())));
  }

  /**
   * Names and values for the legend.
   * @param {Bar} bar the one under the crosshair, or the newest
   * @returns {StudyLegend[]}
   */
  legend(bar) {
    const index = this.#bars.lastIndexOf(bar);
    return this.#shown.map(({ kind, params, values }) => {
      const { name, hasPane, outputs } = STUDIES[kind];
      const write = (/** @type {Values} */ line) => writePrice(line[index] ?? undefined, hasPane ? PANE_DIGITS : this.#digits);
      const texts = kind === "profile" ? this.#profileTexts() : values.map(write);
      return { name: [name, ...params].join(" "), color: outputs[0]?.color ?? LEVEL_COLOR, texts };
    });
  }

  /** @returns {string[]} the price with the most volume, and the value area */
  #profileTexts() {
    const { profile } = this.#plot.profile;
    if (!profile) return [];
    const { low, height, control, area } = profile;
    const write = (/** @type {number} */ row) => writePrice(low + row * height, this.#digits);
    return [write(control + 0.5), `(${write(area[0])} to ${write(area[1] + 1)})`];
  }
}
