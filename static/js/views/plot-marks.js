// @ts-check
/**
 * Lines and arrows of the account in the plot. Lines outside the visible prices are not drawn, and reported instead.
 *
 * @import * as Charts from "lightweight-charts"
 * @import {ArrowMark, LineMark} from "./chart-marks.js"
 * @import {Colors} from "./plot-types.js"
 */
import { seconds } from "./plot-types.js";

/** @typedef {"above" | "inside" | "below"} Place */
/** @typedef {{above: LineMark[], below: LineMark[]}} HiddenLines lines outside the visible range of prices */

/**
 * @param {LineMark | undefined} one
 * @param {LineMark} other
 */
function isSameLine(one, other) {
  return one?.price === other.price && one.tone === other.tone;
}

export class PlotMarks {
  #library;
  #placeOf;
  #arrowPlaces;
  #arrows;
  /** The series that has the lines. @type {Charts.ISeriesApi<any> | null} */
  #series = null;
  /** @type {Colors | null} */
  #colors = null;
  /** @type {Map<string, Charts.IPriceLine>} */
  #lines = new Map();
  /** @type {LineMark[]} */
  #lineMarks = [];
  /** @type {ArrowMark[]} */
  #arrowMarks = [];
  /** Where each line is, by its key, as drawn last. @type {Map<string, Place>} */
  #places = new Map();

  /**
   * @param {typeof Charts} library
   * @param {Charts.ISeriesApi<"Line">} arrowPlaces an unseen series: each change of arrows lays out the chart and draws it
   *   twice, and on the bars every tick would be one
   * @param {(price: number) => Place} placeOf
   */
  constructor(library, arrowPlaces, placeOf) {
    this.#library = library;
    this.#placeOf = placeOf;
    this.#arrowPlaces = arrowPlaces;
    this.#arrows = library.createSeriesMarkers(arrowPlaces, /** @type {Charts.SeriesMarker<Charts.Time>[]} */ ([]));
  }

  prices() {
    return this.#lineMarks.map(({ price }) => price);
  }

  haveEdgesMoved() {
    return this.#lineMarks.some(({ key, price }) => this.#places.has(key) && this.#places.get(key) !== this.#placeOf(price));
  }

  /**
   * Draw everything again, on a series.
   * @param {Charts.ISeriesApi<any>} series
   * @param {Colors} colors
   */
  adopt(series, colors) {
    if (series !== this.#series) this.#lines.clear();
    this.#series = series;
    this.#colors = colors;
    this.setLines(this.#lineMarks, true);
    this.setArrows(this.#arrowMarks);
  }

  /**
   * Draw the lines that are in the visible range of prices.
   * @param {LineMark[]} lines
   * @param {boolean} [isRecolored] draw all of them again
   * @returns {HiddenLines} the others
   */
  setLines(lines, isRecolored = false) {
    const wanted = new Set(lines.map(({ key }) => key));
    for (const [key, line] of this.#lines) {
      if (wanted.has(key)) continue;
      this.#series?.removePriceLine(line);
      this.#lines.delete(key);
    }
    const before = new Map(this.#lineMarks.map((mark) => [mark.key, mark]));
    this.#lineMarks = lines;
    for (const mark of lines) {
      const place = this.#placeOf(mark.price);
      const isMoved = this.#places.get(mark.key) !== place;
      this.#places.set(mark.key, place);
      if (isMoved || isRecolored || !this.#lines.has(mark.key) || !isSameLine(before.get(mark.key), mark)) this.#draw(mark, place === "inside");
    }
    for (const key of [...this.#places.keys()]) if (!wanted.has(key)) this.#places.delete(key);
    const at = (/** @type {Place} */ place) => lines.filter(({ key }) => this.#places.get(key) === place);
    return { above: at("above"), below: at("below") };
  }

  /**
   * @param {LineMark} mark
   * @param {boolean} isInside
   */
  #draw({ key, price, tone, isSolid }, isInside) {
    const { LineStyle } = this.#library;
    const options = {
      price, color: this.#colors?.[tone] ?? "", lineVisible: isInside, axisLabelVisible: isInside,
      lineWidth: /** @type {const} */ (1), lineStyle: isSolid ? LineStyle.Solid : LineStyle.Dashed,
    };
    const line = this.#lines.get(key);
    if (line) line.applyOptions(options);
    else if (this.#series) this.#lines.set(key, this.#series.createPriceLine(options));
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
      color: this.#colors?.[isBuy ? "up" : "down"],
      text,
    })));
  }
}
