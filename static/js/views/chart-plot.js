// @ts-check
/**
 * The plot: everything that touches the chart library, and its colours from the page's style sheet.
 *
 * @import * as Charts from "lightweight-charts"
 * @import {Bar} from "../types/tradingview.js"
 * @import {ArrowMark, LineMark} from "./chart-marks.js"
 */
import { price as writePrice } from "../lib/format.js";

/** Bars left of the view from which on older ones are asked for. */
const NEAR_START = 30;
const BAR_WIDTH_PX = 8;
/** Empty bars on the right, for the tags of the lines. */
const RIGHT_OFFSET = 14;
const INTRADAY = /^\d+$/;

/**
 * @typedef {object} PlotListener
 * @property {(bar: Bar | null) => void} onPointed bar under the crosshair
 * @property {() => void} onNearStart the view comes near the oldest bar
 * @property {() => void} onEdgesCrossed a line came into the visible range of prices, or left it
 * @property {(isAtNewest: boolean) => void} onScrolled whether the newest bar is visible
 * @property {() => void} onViewChanged prices may be at other places of the chart
 * @property {(y: number | null) => void} onCrosshair its height in the pane of the prices, in pixels
 */

/** @typedef {{above: LineMark[], below: LineMark[]}} HiddenLines lines outside the visible range of prices */

/** Names of the colours in the page's style sheet. */
const COLORS = /** @type {const} */ (["panel", "muted", "grid", "line", "up", "down", "up-soft", "down-soft", "accent"]);

/**
 * Read the colours as they are now. To ask for a style makes the browser compute it, so this is not done at a tick.
 * @returns {Record<typeof COLORS[number], string>}
 */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const entries = COLORS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(entries);
}

/**
 * @param {Bar} bar
 * @returns {Charts.CandlestickData<Charts.UTCTimestamp>}
 */
function candle({ time, open, high, low, close }) {
  return { time: seconds(time), open, high, low, close };
}

/** @param {number} timeMs */
function seconds(timeMs) {
  return /** @type {Charts.UTCTimestamp} */ (Math.floor(timeMs / 1000));
}

/** @typedef {"above" | "inside" | "below"} Place */

/**
 * @param {LineMark | undefined} one
 * @param {LineMark} other
 */
function isSameLine(one, other) {
  return one?.price === other.price && one.tone === other.tone;
}

export class Plot {
  #library;
  #colors = readColors();
  #chart;
  #candles;
  #volumes;
  #arrowPlaces;
  #arrows;
  /** @type {Map<string, Charts.IPriceLine>} */
  #lines = new Map();
  /** @type {LineMark[]} */
  #lineMarks = [];
  /** @type {ArrowMark[]} */
  #arrowMarks = [];
  /** Where each line is, by its key, as drawn last. @type {Map<string, Place>} */
  #places = new Map();
  /** Whether the range of prices is as large as all lines need. */
  #fitsLines = false;
  #isAtNewest = true;
  /** @type {Bar[]} */
  #bars = [];

  /**
   * @param {typeof Charts} library
   * @param {HTMLElement} root
   * @param {PlotListener} listener
   */
  constructor(library, root, listener) {
    this.#library = library;
    this.#chart = library.createChart(root, { autoSize: true, ...this.#looks() });
    this.#candles = this.#chart.addSeries(library.CandlestickSeries, {
      autoscaleInfoProvider: (/** @type {() => Charts.AutoscaleInfo | null} */ original) => this.#autoscale(original()),
    });
    this.#volumes = this.#chart.addSeries(library.HistogramSeries, {
      priceScaleId: "", priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false,
    });
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.1, bottom: 0.2 } });
    this.#volumes.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    // The arrows have an unseen series of their own: each change of theirs lays out the whole chart and draws it twice, and
    // on the candles every tick would be one.
    this.#arrowPlaces = this.#chart.addSeries(library.LineSeries, {
      lineVisible: false, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false,
      autoscaleInfoProvider: () => null,
    });
    this.#arrows = library.createSeriesMarkers(this.#arrowPlaces, /** @type {Charts.SeriesMarker<Charts.Time>[]} */ ([]));
    this.#chart.subscribeCrosshairMove(({ seriesData, logical, point, paneIndex }) => {
      listener.onCrosshair(point && (paneIndex ?? 0) === 0 ? point.y : null);
      const isOnBar = logical !== undefined && seriesData.has(this.#candles);
      listener.onPointed(isOnBar ? this.#bars[logical] ?? null : null);
    });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range && this.#bars.length && range.from < NEAR_START) listener.onNearStart();
      this.#noteScroll(range, listener);
    });
    // The library calls it whenever the view changes; a price scale that is dragged has no event of its own.
    this.#candles.attachPrimitive({ updateAllViews: () => this.#viewChanged(listener), paneViews: () => [] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#recolor());
    this.#recolor();
  }

  /** @param {PlotListener} listener */
  #viewChanged(listener) {
    if (this.#haveEdgesMoved()) listener.onEdgesCrossed();
    listener.onViewChanged();
  }

  /**
   * Height of a price in the pane of the prices, in pixels; null where it is outside or nothing is shown.
   * @param {number} price
   */
  yOf(price) {
    return this.#placeOf(price) === "inside" ? this.#candles.priceToCoordinate(price) : null;
  }

  /**
   * @param {number} y pixels below the upper edge of the chart
   * @returns {number | null} the price there
   */
  priceAt(y) {
    return this.#candles.coordinateToPrice(y);
  }

  /** Size of the pane of the prices, without the axes, in pixels. */
  paneSize() {
    return this.#chart.paneSize(0);
  }

  /**
   * @param {Charts.LogicalRange | null} range
   * @param {PlotListener} listener
   */
  #noteScroll(range, listener) {
    const isAtNewest = !range || this.#bars.length === 0 || range.to >= this.#bars.length - 1;
    if (isAtNewest === this.#isAtNewest) return;
    this.#isAtNewest = isAtNewest;
    listener.onScrolled(isAtNewest);
  }

  /** Show the newest bars again. */
  scrollToNewest() {
    this.#showNewest();
    this.#fitsLines = false;
    this.#chart.priceScale("right").applyOptions({ autoScale: true });
  }

  /** Make the range of prices as large as all lines need. */
  fitLines() {
    this.#fitsLines = true;
    this.#chart.priceScale("right").applyOptions({ autoScale: true });
  }

  /** @param {Charts.AutoscaleInfo | null} info of the bars */
  #autoscale(info) {
    if (!info?.priceRange || !this.#fitsLines) return info;
    const prices = this.#lineMarks.map(({ price }) => price);
    const { minValue, maxValue } = info.priceRange;
    return { ...info, priceRange: { minValue: Math.min(minValue, ...prices), maxValue: Math.max(maxValue, ...prices) } };
  }

  /**
   * @param {number} price
   * @returns {Place}
   */
  #placeOf(price) {
    const y = this.#candles.priceToCoordinate(price);
    if (y === null) return "inside";
    if (y < 0) return "above";
    return y > this.#chart.paneSize().height ? "below" : "inside";
  }

  #haveEdgesMoved() {
    return this.#lineMarks.some(({ key, price }) => this.#places.has(key) && this.#places.get(key) !== this.#placeOf(price));
  }

  /** @returns {Charts.DeepPartial<Charts.ChartOptions>} */
  #looks() {
    const { CrosshairMode, ColorType } = this.#library;
    const { panel, muted, grid, line } = this.#colors;
    return {
      layout: {
        background: { type: ColorType.Solid, color: panel },
        textColor: muted,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderColor: line, minimumWidth: 72 },
      timeScale: { borderColor: line, rightOffset: RIGHT_OFFSET, secondsVisible: false },
      localization: { locale: "en-GB", dateFormat: "yyyy-MM-dd" },
    };
  }

  #recolor() {
    this.#colors = readColors();
    const { up, down, muted } = this.#colors;
    this.#chart.applyOptions(this.#looks());
    this.#candles.applyOptions({
      upColor: up, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down,
      priceLineColor: muted,
    });
    this.#volumes.setData(this.#bars.map((bar) => this.#volume(bar)));
    this.setLines(this.#lineMarks, true);
    this.setArrows(this.#arrowMarks);
  }

  /**
   * Empty the plot for another symbol or resolution.
   * @param {number} precision decimals of its prices
   * @param {number} minMove smallest price step
   * @param {string} resolution
   */
  clear(precision, minMove, resolution) {
    this.#bars = [];
    this.#fitsLines = false;
    this.#candles.setData([]);
    this.#volumes.setData([]);
    this.setLines([]);
    this.setArrows([]);
    this.#candles.applyOptions({
      priceFormat: { type: "custom", minMove, formatter: (/** @type {number} */ value) => writePrice(value, precision) },
    });
    this.#chart.timeScale().applyOptions({ timeVisible: INTRADAY.test(resolution) });
    this.#chart.priceScale("right").applyOptions({ autoScale: true });
  }

  /**
   * @param {Bar[]} bars ascending; the caller may append to it and then calls `update`
   * @param {boolean} isFirst show the newest ones
   */
  setBars(bars, isFirst) {
    this.#bars = bars;
    this.#candles.setData(bars.map(candle));
    this.#volumes.setData(bars.map((bar) => this.#volume(bar)));
    if (isFirst) this.#showNewest();
  }

  #showNewest() {
    const scale = this.#chart.timeScale();
    const to = this.#bars.length + RIGHT_OFFSET;
    scale.setVisibleLogicalRange({ from: to - Math.max(30, Math.round(scale.width() / BAR_WIDTH_PX)), to });
  }

  /** @param {Bar} bar the newest one */
  update(bar) {
    this.#candles.update(candle(bar));
    this.#volumes.update(this.#volume(bar));
  }

  /** @param {Bar} bar */
  #volume({ time, open, close, volume }) {
    return { time: seconds(time), value: volume ?? 0, color: this.#colors[close >= open ? "up-soft" : "down-soft"] };
  }

  /**
   * Draw the lines that are in the visible range of prices.
   * @param {LineMark[]} lines
   * @param {boolean} [isRecolored] draw all of them again
   * @returns {HiddenLines} the others
   */
  setLines(lines, isRecolored = false) {
    const { LineStyle } = this.#library;
    const wanted = new Set(lines.map(({ key }) => key));
    for (const [key, line] of this.#lines) {
      if (wanted.has(key)) continue;
      this.#candles.removePriceLine(line);
      this.#lines.delete(key);
    }
    const before = new Map(this.#lineMarks.map((mark) => [mark.key, mark]));
    this.#lineMarks = lines;
    for (const mark of lines) {
      const { key, price, tone, isSolid } = mark;
      const place = this.#placeOf(price);
      const isMoved = this.#places.get(key) !== place;
      this.#places.set(key, place);
      if (this.#lines.has(key) && isSameLine(before.get(key), mark) && !isMoved && !isRecolored) continue;
      const isInside = place === "inside";
      const options = {
        price, color: this.#colors[tone], lineVisible: isInside, axisLabelVisible: isInside,
        lineWidth: /** @type {const} */ (1), lineStyle: isSolid ? LineStyle.Solid : LineStyle.Dashed,
      };
      const line = this.#lines.get(key);
      if (line) line.applyOptions(options);
      else this.#lines.set(key, this.#candles.createPriceLine(options));
    }
    for (const key of [...this.#places.keys()]) if (!wanted.has(key)) this.#places.delete(key);
    const at = (/** @type {Place} */ place) => lines.filter(({ key }) => this.#places.get(key) === place);
    return { above: at("above"), below: at("below") };
  }

  /** @param {ArrowMark[]} arrows ascending by time */
  setArrows(arrows) {
    this.#arrowMarks = arrows;
    const places = new Map(arrows.map(({ time, price }) => [time, { time: seconds(time), value: price }]));
    this.#arrowPlaces.setData([...places.values()]);
    this.#arrows.setMarkers(arrows.map(({ time, price, text, isBuy }) => /** @type {Charts.SeriesMarker<Charts.Time>} */ ({
      time: seconds(time),
      price,
      position: isBuy ? "atPriceBottom" : "atPriceTop",
      shape: isBuy ? "arrowUp" : "arrowDown",
      color: this.#colors[isBuy ? "up" : "down"],
      text,
    })));
  }
}
