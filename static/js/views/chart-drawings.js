// @ts-check
/**
 * Horizontal lines and trend lines of the shown symbol; the browser keeps them by symbol. A horizontal line is a line like that of
 * an order (`chart-lines.js`). A trend line has handles at its ends: dragged, or moved with the arrow keys by a bar or a step of the price.
 *
 * @import {Memory} from "../lib/memory.js"
 * @import {Drawing, Horizontal, Point, TrendLine} from "../lib/drawings.js"
 * @import {LineMark} from "./chart-marks.js"
 * @import {Plot} from "./chart-plot.js"
 */
import { roundToTick } from "../lib/chart-orders.js";
import { arrange, byId, h } from "../lib/dom.js";
import { moved, readDrawings, withHorizontal, withTrend, without } from "../lib/drawings.js";

const MEMORY = "drawings";
const SHIFT_STEP = 10;
/** Where a new trend line begins and ends, in parts of the width of the chart. */
const NEW_TREND = { from: 0.35, to: 0.65 };

/** @typedef {{from: HTMLElement, to: HTMLElement, remove: HTMLElement}} Handles */

export class ChartDrawings {
  #root = byId("chart-handles");
  #memory;
  #plot;
  #tick;
  #changed;
  #symbol = "";
  /** @type {Drawing[]} */
  #drawings = [];
  /** By the id of the trend line. @type {Map<string, Handles>} */
  #handles = new Map();

  /**
   * @param {Memory} memory
   * @param {Plot} plot
   * @param {() => number} tick smallest step of the price
   * @param {() => void} changed asks for the lines to be drawn again
   */
  constructor(memory, plot, tick, changed) {
    this.#memory = memory;
    this.#plot = plot;
    this.#tick = tick;
    this.#changed = changed;
  }

  /** @param {string} symbol shown from now on */
  show(symbol) {
    if (symbol === this.#symbol) return;
    this.#symbol = symbol;
    this.#drawings = readDrawings(this.#kept()[symbol]);
    this.#arrange();
  }

  /** @returns {Record<string, unknown>} by symbol */
  #kept() {
    return this.#memory.recall(MEMORY, /** @type {Record<string, unknown>} */ ({}));
  }

  /** @param {Drawing[]} drawings */
  #keep(drawings) {
    this.#drawings = drawings;
    const { [this.#symbol]: _, ...others } = this.#kept();
    this.#memory.remember(MEMORY, drawings.length ? { ...others, [this.#symbol]: drawings } : others);
    this.#arrange();
    this.#changed();
  }

  /** @returns {LineMark[]} of the horizontal lines */
  marks() {
    const lines = /** @type {Horizontal[]} */ (this.#drawings.filter(({ kind }) => kind === "horizontal"));
    return lines.map(({ id, price }) => ({
      key: `drawing:${id}`, price, title: "Line", tone: "accent", isSolid: true, subject: { kind: "drawing", id }, isMovable: true,
      remove: "Delete", pulls: [],
    }));
  }

  get #trends() {
    return /** @type {TrendLine[]} */ (this.#drawings.filter(({ kind }) => kind === "trend"));
  }

  /** @param {number} price */
  addHorizontal(price) {
    this.#keep(withHorizontal(this.#drawings, price));
  }

  /**
   * Add a level trend line in the middle of the view; its end has the focus.
   * @param {number} price
   */
  addTrend(price) {
    const { width } = this.#plot.paneSize();
    const [from, to] = [NEW_TREND.from, NEW_TREND.to].map((part) => this.#plot.timeAt(part * width));
    if (from === null || to === null) return;
    this.#keep(withTrend(this.#drawings, { time: from, price }, { time: to, price }));
    this.#handles.get(this.#trends.at(-1)?.id ?? "")?.to.focus();
  }

  /**
   * @param {string} id
   * @param {number} price of a horizontal line
   */
  move(id, price) {
    this.#keep(moved(this.#drawings, id, { price }));
  }

  /** @param {string} id */
  remove(id) {
    this.#keep(without(this.#drawings, id));
  }

  #arrange() {
    const trends = this.#trends;
    const wanted = new Set(trends.map(({ id }) => id));
    for (const id of [...this.#handles.keys()]) if (!wanted.has(id)) this.#handles.delete(id);
    for (const { id } of trends) if (!this.#handles.has(id)) this.#handles.set(id, this.#create(id));
    arrange(this.#root, trends.flatMap(({ id }) => Object.values(/** @type {Handles} */ (this.#handles.get(id)))));
    this.#plot.setTrends(trends);
    this.place();
  }

  /** Put the handles at the ends of their lines. */
  place() {
    for (const { id, from, to } of this.#trends) {
      const handles = /** @type {Handles} */ (this.#handles.get(id));
      this.#put(handles.from, from);
      this.#put(handles.to, to);
      this.#put(handles.remove, to);
    }
  }

  /**
   * @param {HTMLElement} element
   * @param {Point} point
   */
  #put(element, { time, price }) {
    const [x, y] = [this.#plot.xOf(time), this.#plot.yOf(price)];
    element.hidden = x === null || y === null;
    element.style.translate = `${Math.round(x ?? 0)}px ${Math.round(y ?? 0)}px`;
  }

  /**
   * @param {string} id
   * @returns {Handles}
   */
  #create(id) {
    const make = (/** @type {"from" | "to"} */ end) => {
      const name = `${end === "from" ? "Begin" : "End"} of trend line ${id}`;
      const handle = h("button", { type: "button", class: "trend-end", "aria-label": name, title: "Drag it, or use the arrow keys; Delete removes the line" });
      this.#wire(handle, id, end);
      return handle;
    };
    return {
      from: make("from"), to: make("to"),
      remove: h("button", { type: "button", class: "trend-remove", "aria-label": `Delete: trend line ${id}`, title: "Delete", onclick: () => this.remove(id) }, "×"),
    };
  }

  /**
   * @param {HTMLElement} handle
   * @param {string} id
   * @param {"from" | "to"} end
   */
  #wire(handle, id, end) {
    handle.addEventListener("pointerdown", (event) => {
      const edge = this.#root.getBoundingClientRect();
      const move = (/** @type {PointerEvent} */ { clientX, clientY }) => this.#moveEnd(id, end, clientX - edge.left, clientY - edge.top);
      handle.setPointerCapture(event.pointerId);
      handle.addEventListener("pointermove", move);
      handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
    });
    handle.addEventListener("keydown", (event) => {
      if (event.key === "Delete") this.remove(id);
      else if (!this.#step(id, end, event)) return;
      event.preventDefault();
    });
  }

  /**
   * @param {string} id
   * @param {"from" | "to"} end
   * @param {number} x pixels
   * @param {number} y pixels
   */
  #moveEnd(id, end, x, y) {
    const [time, price] = [this.#plot.timeAt(x), this.#plot.priceAt(y)];
    if (time === null || price === null) return;
    const point = { time, price: roundToTick(price, this.#tick()) };
    this.#keep(moved(this.#drawings, id, end === "from" ? { from: point } : { to: point }));
  }

  /**
   * Move an end by a bar or by steps of the price.
   * @param {string} id
   * @param {"from" | "to"} end
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key means a step
   */
  #step(id, end, { key, shiftKey }) {
    const size = shiftKey ? SHIFT_STEP : 1;
    const point = this.#trends.find((trend) => trend.id === id)?.[end];
    const bars = { ArrowLeft: -size, ArrowRight: size }[key] ?? 0;
    const steps = { ArrowUp: size, ArrowDown: -size }[key] ?? 0;
    if (!point || (bars === 0 && steps === 0)) return false;
    const time = bars ? this.#plot.barBeside(point.time, bars) : point.time;
    const next = { time, price: roundToTick(point.price + steps * this.#tick(), this.#tick()) };
    this.#keep(moved(this.#drawings, id, end === "from" ? { from: next } : { to: next }));
    return true;
  }
}
