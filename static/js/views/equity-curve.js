// @ts-check
/** The equity over time as a line, and its drawdown as an area below. The pointer shows the figures of a time. */
import { h, setText } from "../lib/dom.js";
import { dateTime, money, signed } from "../lib/format.js";

/** @import {CurvePoint} from "../lib/results.js" */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 100;
/** Height of the drawdown, which has its own scale. */
const DRAWDOWN_HEIGHT = 34;

/** @param {string} className */
function path(className) {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("class", className);
  element.setAttribute("vector-effect", "non-scaling-stroke");
  return element;
}

/**
 * @param {string} className
 * @param {number} height
 * @param {...SVGElement} children
 */
function drawing(className, height, ...children) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.append(...children);
  return svg;
}

/**
 * @param {number[]} values
 * @param {number} height
 * @returns {string} the line through the values, from edge to edge
 */
function lineThrough(values, height) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (/** @type {number} */ value) => (high === low ? height / 2 : height - 1 - ((value - low) / (high - low)) * (height - 2));
  const x = (/** @type {number} */ index) => (values.length < 2 ? 0 : (index / (values.length - 1)) * WIDTH);
  const points = values.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
  return values.length === 1 ? `M${points[0]} H${WIDTH}` : `M${points.join("L")}`;
}

export class EquityCurve {
  #line = path("curve-line");
  #drawdown = path("curve-drawdown");
  #caption = h("p", { class: "curve-caption numeric" });
  /** @type {CurvePoint[]} */
  #points = [];

  constructor() {
    this.element = h("figure", { class: "curve", role: "img", "aria-label": "Equity" },
      this.#caption, drawing("curve-equity", HEIGHT, this.#line), drawing("curve-below", DRAWDOWN_HEIGHT, this.#drawdown));
    this.element.addEventListener("pointermove", (event) => this.#point(event));
    this.element.addEventListener("pointerleave", () => this.#describe(this.#points.length - 1));
  }

  /** @param {CurvePoint[]} points oldest first */
  show(points) {
    this.#points = points;
    this.element.hidden = points.length === 0;
    if (points.length === 0) return;
    this.#line.setAttribute("d", lineThrough(points.map(({ equity }) => equity), HEIGHT));
    const drawdowns = points.map(({ drawdown }) => drawdown);
    const hasDrawdown = drawdowns.some((one) => one < 0);
    this.#drawdown.setAttribute("d", hasDrawdown ? `${lineThrough(drawdowns, DRAWDOWN_HEIGHT)}V0H0Z` : "");
    const [first, last] = [points[0], points[points.length - 1]];
    this.element.setAttribute("aria-label", `Equity from ${money(first.equity)} to ${money(last.equity)}`);
    this.#describe(points.length - 1);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const { left, width } = this.element.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / (width || 1)));
    this.#describe(Math.round(share * (this.#points.length - 1)));
  }

  /** @param {number} index */
  #describe(index) {
    const point = this.#points[index];
    if (point) setText(this.#caption, `Equity ${money(point.equity)} · Drawdown ${signed(point.drawdown)} · ${dateTime(point.time).slice(0, 16)} UTC`);
  }
}
