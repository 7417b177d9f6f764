// @ts-check
/**
 * The plot: bars, volume, axes and view, drawn by the chart library in the colours of the page's style sheet. `plot-marks.js`
 * has lines and arrows, `plot-types.js` the types of the chart, `chart-studies.js` the indicators.
 *
 * @import * as Charts from "lightweight-charts"
 * @import {Bar} from "../types/tradingview.js"
 * @import {TrendLine} from "../lib/drawings.js"
 * @import {ArrowMark, LineMark} from "./chart-marks.js"
 * @import {HiddenLines, Place} from "./plot-marks.js"
 * @import {ChartType} from "./plot-types.js"
 * @import {Segment} from "./plot-canvas.js"
 */
import { barAt } from "./chart-marks.js";
import { price as writePrice } from "../lib/format.js";
import { PlotCanvas } from "./plot-canvas.js";
import { readColors } from "./plot-colors.js";
import { PlotMarks } from "./plot-marks.js";
import { PlotProfile } from "./plot-profile.js";
import { ZoneScale } from "./plot-scale.js";
import { CHART_TYPES, newestPoint, pointsOf, seconds } from "./plot-types.js";

/** Bars left of the view from which on older ones are asked for. */
const NEAR_START = 30;
const BAR_WIDTH_PX = 8;
/** Empty bars on the right, for the tags of the lines. */
const RIGHT_OFFSET = 14;
/** Height of the prices in parts of the height of a pane of indicators. */
const MAIN_PANE = 3;

/** @typedef {"linear" | "log" | "percent"} PriceScaleKind */

/**
 * @typedef {object} PlotListener
 * @property {(bar: Bar | null) => void} onPointed bar under the crosshair
 * @property {() => void} onNearStart the view comes near the oldest bar
 * @property {() => void} onEdgesCrossed a line came into the visible range of prices, or left it
 * @property {(isAtNewest: boolean) => void} onScrolled whether the newest bar is visible
 * @property {() => void} onViewChanged prices may be at other places of the chart
 * @property {(y: number | null) => void} onCrosshair its height in the pane of the prices, in pixels
 */

export class Plot {
  #library;
  #colors = readColors();
  #scale = new ZoneScale();
  #chart;
  #type = CHART_TYPES.candles;
  #main;
  #volumes;
  #marks;
  #precision = { digits: 2, minMove: 0.01 };
  /** Whether the range of prices is as large as all lines need. */
  #fitsLines = false;
  #isAtNewest = true;
  /** @type {Bar[]} */
  #bars = [];
  /** Begin of the newest bar that is drawn. */
  #drawnTime = 0;
  /** Indices of the bars that begin a trading day. @type {number[]} */
  #breaks = [];
  /** @type {TrendLine[]} */
  #trends = [];
  /** The volume profile of the visible bars; it has no rows at first. */
  profile = new PlotProfile((price) => this.#main.priceToCoordinate(price), () => this.#colors);

  /**
   * @param {typeof Charts} library
   * @param {HTMLElement} root
   * @param {PlotListener} listener
   */
  constructor(library, root, listener) {
    this.#library = library;
    this.#chart = library.createChartEx(root, this.#scale.behavior(library), { autoSize: true, ...this.#looks() });
    this.#main = this.#createMain();
    this.#volumes = this.#chart.addSeries(library.HistogramSeries, {
      priceScaleId: "", priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false,
    });
    this.#volumes.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    const unseen = this.#chart.addSeries(library.LineSeries, {
      lineVisible: false, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false,
      autoscaleInfoProvider: () => null,
    });
    this.#marks = new PlotMarks(library, unseen, (price) => this.#placeOf(price));
    // The library calls it whenever the view changes; a price scale that is dragged has no event of its own.
    unseen.attachPrimitive({ updateAllViews: () => this.#viewChanged(listener), paneViews: () => [] });
    unseen.attachPrimitive(this.profile);
    unseen.attachPrimitive(new PlotCanvas(() => this.#breakPlaces(), () => this.#segments(), () => this.#colors));
    this.#listen(listener);
    this.recolor();
  }

  /** @param {PlotListener} listener */
  #listen(listener) {
    this.#chart.subscribeCrosshairMove(({ seriesData, logical, point, paneIndex }) => {
      listener.onCrosshair(point && (paneIndex ?? 0) === 0 ? point.y : null);
      const isOnBar = logical !== undefined && seriesData.has(this.#volumes);
      listener.onPointed(isOnBar ? this.#bars[logical] ?? null : null);
    });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range && this.#bars.length && range.from < NEAR_START) listener.onNearStart();
      this.#noteScroll(range, listener);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolor());
  }

  #createMain() {
    const definition = /** @type {Charts.SeriesDefinition<any>} */ (this.#library[`${this.#type.kind}Series`]);
    const series = this.#chart.addSeries(definition, {
      autoscaleInfoProvider: (/** @type {() => Charts.AutoscaleInfo | null} */ original) => this.#autoscale(original()),
    });
    series.priceScale().applyOptions({ scaleMargins: { top: 0.1, bottom: 0.2 } });
    return series;
  }

  /** @param {PlotListener} listener */
  #viewChanged(listener) {
    if (this.#marks.haveEdgesMoved()) listener.onEdgesCrossed();
    listener.onViewChanged();
  }

  /**
   * Height of a price in the pane of the prices, in pixels; null where it is outside or nothing is shown.
   * @param {number} price
   */
  yOf(price) {
    return this.#placeOf(price) === "inside" ? this.#main.priceToCoordinate(price) : null;
  }

  /**
   * @param {number} y pixels below the upper edge of the chart
   * @returns {number | null} the price there
   */
  priceAt(y) {
    return this.#main.coordinateToPrice(y);
  }

  /**
   * Place of a bar, in pixels; null when it is not loaded.
   * @param {number} time epoch milliseconds
   */
  xOf(time) {
    const bar = barAt(this.#bars, time) ?? this.#bars[0];
    return bar ? this.#chart.timeScale().timeToCoordinate(seconds(bar.time)) : null;
  }

  /**
   * Begin of the bar at a place, or of the nearest one.
   * @param {number} x pixels
   * @returns {number | null} epoch milliseconds
   */
  timeAt(x) {
    const logical = this.#chart.timeScale().coordinateToLogical(x);
    if (logical === null || this.#bars.length === 0) return null;
    return this.#bars[Math.max(0, Math.min(this.#bars.length - 1, Math.round(logical)))].time;
  }

  /**
   * Begin of the bar so many bars after another one, or of the last one in that direction.
   * @param {number} time epoch milliseconds
   * @param {number} count negative: before it
   */
  barBeside(time, count) {
    const index = this.#bars.indexOf(barAt(this.#bars, time) ?? this.#bars[0]);
    return this.#bars[Math.max(0, Math.min(this.#bars.length - 1, index + count))]?.time ?? time;
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
    const prices = this.#marks.prices();
    const { minValue, maxValue } = info.priceRange;
    return { ...info, priceRange: { minValue: Math.min(minValue, ...prices), maxValue: Math.max(maxValue, ...prices) } };
  }

  /**
   * @param {number} price
   * @returns {Place}
   */
  #placeOf(price) {
    const y = this.#main.priceToCoordinate(price);
    if (y === null) return "inside";
    if (y < 0) return "above";
    return y > this.#chart.paneSize(0).height ? "below" : "inside";
  }

  /** @returns {number[]} */
  #breakPlaces() {
    const scale = this.#chart.timeScale();
    const half = scale.options().barSpacing / 2;
    const places = this.#breaks.map((index) => scale.logicalToCoordinate(/** @type {Charts.Logical} */ (index)));
    return places.flatMap((x) => (x === null || x < 0 || x > scale.width() ? [] : [x - half]));
  }

  /** @returns {Segment[]} */
  #segments() {
    return this.#trends.flatMap(({ from, to }) => {
      const [x1, x2] = [this.xOf(from.time), this.xOf(to.time)];
      const [y1, y2] = [from, to].map(({ price }) => this.#main.priceToCoordinate(price));
      return x1 === null || x2 === null || y1 === null || y2 === null ? [] : [{ x1, y1, x2, y2 }];
    });
  }

  /** @returns {Charts.DeepPartial<Charts.ChartOptions>} */
  #looks() {
    const { CrosshairMode, ColorType } = this.#library;
    const { panel, muted, grid, line } = this.#colors;
    const { timeFormatter, tickMarkFormatter } = this.#scale.formatters();
    return {
      layout: {
        background: { type: ColorType.Solid, color: panel },
        textColor: muted,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
        panes: { separatorColor: line, separatorHoverColor: grid },
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderColor: line, minimumWidth: 72 },
      timeScale: { borderColor: line, rightOffset: RIGHT_OFFSET, secondsVisible: false, tickMarkFormatter },
      localization: { locale: "en-GB", timeFormatter },
    };
  }

  /** Take the colours of the style sheet over again. */
  recolor() {
    this.#colors = readColors();
    this.#chart.applyOptions(this.#looks());
    this.#applyMain();
    this.#fill();
    this.#marks.adopt(this.#main, this.#colors);
  }

  #applyMain() {
    const { digits, minMove } = this.#precision;
    const formatter = (/** @type {number} */ value) => writePrice(value, digits);
    this.#main.applyOptions({ ...this.#type.options(this.#colors), priceLineColor: this.#colors.muted, priceFormat: { type: "custom", minMove, formatter } });
  }

  /** @param {ChartType} type */
  setType(type) {
    if (this.#type === CHART_TYPES[type]) return;
    this.#type = CHART_TYPES[type];
    this.#chart.removeSeries(this.#main);
    this.#main = this.#createMain();
    this.#main.setSeriesOrder(0);
    this.#applyMain();
    this.#fill();
    this.#marks.adopt(this.#main, this.#colors);
  }

  /** @param {PriceScaleKind} kind */
  setScale(kind) {
    const { Normal, Logarithmic, Percentage } = this.#library.PriceScaleMode;
    this.#chart.priceScale("right").applyOptions({ mode: { linear: Normal, log: Logarithmic, percent: Percentage }[kind], autoScale: true });
  }

  /**
   * Label the time axis in a zone. The plot has to be cleared and filled afterwards.
   * @param {(timeMs: number) => number} offset local time minus UTC
   * @param {boolean} isIntraday
   */
  setZone(offset, isIntraday) {
    this.#scale.setOffset(offset, isIntraday);
    this.#chart.timeScale().applyOptions({ timeVisible: isIntraday });
  }

  /** @param {number[]} indices of the bars that begin a trading day */
  setBreaks(indices) {
    this.#breaks = indices;
    this.#chart.applyOptions({});
  }

  /** @param {TrendLine[]} trends */
  setTrends(trends) {
    this.#trends = trends;
    this.#chart.applyOptions({});
  }

  /**
   * Add a series of an indicator or of another symbol.
   * @param {"Line" | "Histogram"} kind
   * @param {object} options
   * @param {number} pane 0 is the pane of the prices
   * @returns {Charts.ISeriesApi<any>}
   */
  addSeries(kind, options, pane) {
    const definition = /** @type {Charts.SeriesDefinition<any>} */ (this.#library[`${kind}Series`]);
    const series = this.#chart.addSeries(definition, { priceLineVisible: false, crosshairMarkerVisible: false, ...options }, pane);
    this.#chart.panes()[0].setStretchFactor(MAIN_PANE);
    return series;
  }

  /** @param {Charts.ISeriesApi<any>} series */
  removeSeries(series) {
    this.#chart.removeSeries(series);
  }

  /**
   * Empty the plot for another symbol or resolution.
   * @param {number} digits decimals of its prices
   * @param {number} minMove smallest price step
   */
  clear(digits, minMove) {
    this.#bars = [];
    this.#fitsLines = false;
    this.#precision = { digits, minMove };
    this.#fill();
    this.setLines([]);
    this.setArrows([]);
    this.setBreaks([]);
    this.#applyMain();
    this.#chart.priceScale("right").applyOptions({ autoScale: true });
  }

  /**
   * @param {Bar[]} bars ascending; the caller may append to it and then calls `update`
   * @param {boolean} isFirst show the newest ones
   */
  setBars(bars, isFirst) {
    this.#bars = bars;
    this.#fill();
    if (isFirst) this.#showNewest();
  }

  /** Draw all bars, with those that `update` was not called for yet. */
  #fill() {
    this.#main.setData(pointsOf(this.#type, this.#bars));
    this.#volumes.setData(this.#bars.map((bar) => this.#volume(bar)));
    this.#drawnTime = this.#bars.at(-1)?.time ?? 0;
  }

  #showNewest() {
    const scale = this.#chart.timeScale();
    const to = this.#bars.length + RIGHT_OFFSET;
    scale.setVisibleLogicalRange({ from: to - Math.max(30, Math.round(scale.width() / BAR_WIDTH_PX)), to });
  }

  /** @param {Bar} bar the newest one, or one before it when several are new */
  update(bar) {
    if (bar.time < this.#drawnTime) return; // drawn by #fill
    this.#drawnTime = bar.time;
    this.#main.update(newestPoint(this.#type, this.#bars, this.#bars.lastIndexOf(bar)));
    this.#volumes.update(this.#volume(bar));
  }

  /** @param {Bar} bar */
  #volume({ time, open, close, volume }) {
    return { time: seconds(time), value: volume ?? 0, color: this.#colors[close >= open ? "up-soft" : "down-soft"] };
  }

  /**
   * Draw the lines that are in the visible range of prices.
   * @param {LineMark[]} lines
   * @returns {HiddenLines} the others
   */
  setLines(lines) {
    return this.#marks.setLines(lines);
  }

  /** @param {ArrowMark[]} arrows ascending by time */
  setArrows(arrows) {
    this.#marks.setArrows(arrows);
  }
}
