// @ts-check
/**
 * Drawn below and over the bars: session breaks and trend lines. A primitive of the chart library.
 *
 * @import * as Charts from "lightweight-charts"
 */

/** @typedef {{x1: number, y1: number, x2: number, y2: number}} Segment in pixels */

export class PlotCanvas {
  #breaks;
  #segments;
  #colors;

  /**
   * @param {() => number[]} breaks places of vertical lines, in pixels
   * @param {() => Segment[]} segments
   * @param {() => {line: string, accent: string}} colors
   */
  constructor(breaks, segments, colors) {
    this.#breaks = breaks;
    this.#segments = segments;
    this.#colors = colors;
  }

  /** @returns {Charts.IPrimitivePaneView[]} */
  paneViews() {
    return [
      { zOrder: () => "bottom", renderer: () => ({ draw: (target) => this.#drawBreaks(target) }) },
      { zOrder: () => "top", renderer: () => ({ draw: (target) => this.#drawSegments(target) }) },
    ];
  }

  /** @param {Parameters<Charts.IPrimitivePaneRenderer["draw"]>[0]} target */
  #drawBreaks(target) {
    target.useBitmapCoordinateSpace(({ context, bitmapSize, horizontalPixelRatio: ratio }) => {
      context.fillStyle = this.#colors().line;
      for (const x of this.#breaks()) context.fillRect(Math.round(x * ratio), 0, Math.max(1, Math.floor(ratio)), bitmapSize.height);
    });
  }

  /** @param {Parameters<Charts.IPrimitivePaneRenderer["draw"]>[0]} target */
  #drawSegments(target) {
    target.useMediaCoordinateSpace(({ context }) => {
      context.strokeStyle = this.#colors().accent;
      context.lineWidth = 1.5;
      for (const { x1, y1, x2, y2 } of this.#segments()) {
        context.beginPath();
        context.moveTo(x1, y1);
        context.lineTo(x2, y2);
        context.stroke();
      }
    });
  }
}
