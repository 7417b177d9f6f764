// @ts-check
/**
 * The time axis in a zone: bars keep their instants, and the axis is labelled where days and hours begin in that zone.
 *
 * @import * as Charts from "lightweight-charts"
 */
import { axisLabel, labelWeight } from "../lib/zones.js";

const SECOND_MS = 1000;

/** Writes the axis; `setOffset` needs all data to be set again, because the library asks for labels only then. */
export class ZoneScale {
  /** @type {(timeMs: number) => number} */
  #offset = () => 0;
  #hasTime = true;

  /**
   * @param {(timeMs: number) => number} offset local time minus UTC
   * @param {boolean} hasTime bars are shorter than a day
   */
  setOffset(offset, hasTime) {
    this.#offset = hasTime ? offset : () => 0;
    this.#hasTime = hasTime;
  }

  /**
   * @param {typeof Charts} library
   * @returns {Charts.IHorzScaleBehavior<Charts.Time>}
   */
  behavior({ defaultHorzScaleBehavior }) {
    const weigh = (/** @type {WeighedPoint[]} */ points, /** @type {number} */ start) => this.#weigh(points, start);
    const Behavior = defaultHorzScaleBehavior();
    return new (class extends Behavior {
      /** @type {Charts.IHorzScaleBehavior<Charts.Time>["fillWeightsForPoints"]} */
      fillWeightsForPoints(points, start) {
        weigh(/** @type {WeighedPoint[]} */ (/** @type {unknown} */ (points)), start);
      }
    })();
  }

  /** Formatters for the options of the chart. */
  formatters() {
    return {
      timeFormatter: (/** @type {Charts.Time} */ time) => this.#write(Number(time)),
      tickMarkFormatter: (/** @type {Charts.Time} */ time, /** @type {number} */ kind) => axisLabel(this.#local(Number(time)), kind),
    };
  }

  /** @param {number} time epoch seconds */
  #local(time) {
    return time * SECOND_MS + this.#offset(time * SECOND_MS);
  }

  /** @param {number} time epoch seconds */
  #write(time) {
    const text = new Date(this.#local(time)).toISOString();
    return this.#hasTime ? text.slice(0, 16).replace("T", " ") : text.slice(0, 10);
  }

  /**
   * @param {WeighedPoint[]} points ascending
   * @param {number} start of those that changed
   */
  #weigh(points, start) {
    for (let index = start; index < points.length; index += 1) {
      const local = this.#local(points[index].originalTime);
      // Nothing is before the first bar; the distance to the second one is taken for it.
      const before = index > 0 ? this.#local(points[index - 1].originalTime) : 2 * local - this.#local(points[1]?.originalTime ?? points[0].originalTime);
      points[index].timeWeight = labelWeight(local, before);
    }
  }
}

/** @typedef {{originalTime: number, timeWeight: number}} WeighedPoint as the library has them; times in epoch seconds */
