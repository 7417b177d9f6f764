// @ts-check
/**
 * The volume profile of the visible bars, drawn below the bars at the left edge. A primitive of the chart library, which calls it
 * whenever the view or a bar changes. `lib/volume-profile.js` has the mathematics.
 *
 * @import * as Charts from "lightweight-charts"
 * @import {VolumeProfile} from "../lib/volume-profile.js"
 * @import {Bar} from "../types/tradingview.js"
 * @import {Colors} from "./plot-types.js"
 */
import { volumeProfile } from "../lib/volume-profile.js";

/** Length of the longest row in parts of the width of the pane. */
const LONGEST = 0.3;
/** Opacity of the rows outside of the value area. */
const OUTSIDE = 0.45;
const DASH = [4, 4];

export class PlotProfile {
  #yOf;
  #colors;
  #rows = 0;
  /** @type {Bar[]} */
  #bars = [];
  /** @type {Charts.IChartApiBase<any> | null} */
  #chart = null;
  /** Range and newest bar of the profile. */
  #key = "";
  /** @type {VolumeProfile | null} */
  #profile = null;

  /**
   * @param {(price: number) => number | null} yOf height of a price in the pane, in pixels, also of prices outside of it
   * @param {() => Colors} colors
   */
  constructor(yOf, colors) {
    this.#yOf = yOf;
    this.#colors = colors;
  }

  /** The profile that is shown. */
  get profile() {
    return this.#profile;
  }

  /** @param {number} rows 0: no profile */
  setRows(rows) {
    this.#rows = rows;
    this.updateAllViews();
    this.#chart?.applyOptions({});
  }

  /** @param {Bar[]} bars ascending; the caller may append to it */
  setBars(bars) {
    this.#bars = bars;
  }

  /** @param {Charts.SeriesAttachedParameter<any>} parameter */
  attached({ chart }) {
    this.#chart = chart;
  }

  updateAllViews() {
    const range = this.#rows > 0 && this.#chart?.timeScale().getVisibleLogicalRange();
    const [from, to] = range ? [Math.max(0, Math.ceil(range.from)), Math.floor(range.to) + 1] : [0, 0];
    const { time, close, volume } = this.#bars.at(-1) ?? {};
    const key = [this.#rows, from, to, this.#bars.length, time, close, volume].join();
    if (key === this.#key) return;
    this.#key = key;
    const visible = this.#bars.slice(from, to);
    this.#profile = visible.length ? volumeProfile(visible, this.#rows) : null;
  }

  /** @returns {Charts.IPrimitivePaneView[]} */
  paneViews() {
    const profile = this.#profile;
    return profile ? [{ zOrder: () => "bottom", renderer: () => ({ draw: (target) => this.#draw(target, profile) }) }] : [];
  }

  /**
   * @param {Parameters<Charts.IPrimitivePaneRenderer["draw"]>[0]} target
   * @param {VolumeProfile} profile
   */
  #draw(target, profile) {
    const { low, height, up, down, control, area } = profile;
    const colors = this.#colors();
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      const scale = (LONGEST * mediaSize.width) / (up[control] + down[control]);
      up.forEach((volume, row) => {
        const [bottom, top] = [this.#yOf(low + row * height), this.#yOf(low + (row + 1) * height)];
        if (bottom === null || top === null) return;
        const thickness = Math.max(1, bottom - top - 1);
        context.globalAlpha = row >= area[0] && row <= area[1] ? 1 : OUTSIDE;
        context.fillStyle = colors["up-soft"];
        context.fillRect(0, top, volume * scale, thickness);
        context.fillStyle = colors["down-soft"];
        context.fillRect(volume * scale, top, down[row] * scale, thickness);
      });
      context.globalAlpha = 1;
      this.#drawControl(context, this.#yOf(low + (control + 0.5) * height), mediaSize.width);
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number | null} y
   * @param {number} width
   */
  #drawControl(context, y, width) {
    if (y === null) return;
    context.strokeStyle = this.#colors().muted;
    context.setLineDash(DASH);
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
    context.setLineDash([]);
  }
}
