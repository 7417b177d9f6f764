// @ts-check
/**
 * The borders between panels, dragged with the pointer or moved with the arrow keys. Sizes are kept over a reload; a double
 * click restores the default.
 *
 * @import {Memory} from "../lib/memory.js"
 */
import { byId } from "../lib/dom.js";

const KEY_STEP_PX = 16;

/**
 * @typedef {object} Border
 * @property {string} id of the separator
 * @property {string} variable of the style sheet that has the size
 * @property {"x" | "y"} axis in which it is dragged
 * @property {1 | -1} grows 1: the panel before the border grows when it is dragged right or down
 * @property {string} panel whose size it is
 * @property {number} min in pixels
 * @property {number} rest pixels that the other panels keep
 */

/** @type {Record<"x" | "y", Record<string, number>>} */
const STEPS = { x: { ArrowLeft: -1, ArrowRight: 1 }, y: { ArrowUp: -1, ArrowDown: 1 } };

/** @type {Border[]} */
const BORDERS = [
  { id: "border-side", variable: "--side-width", axis: "x", grows: -1, panel: "side-column", min: 260, rest: 420 },
  { id: "border-depth", variable: "--depth-width", axis: "x", grows: -1, panel: "depth", min: 130, rest: 760 },
  { id: "border-manager", variable: "--manager-height", axis: "y", grows: -1, panel: "manager", min: 110, rest: 260 },
  { id: "border-watchlist", variable: "--watchlist-height", axis: "y", grows: 1, panel: "watchlist", min: 120, rest: 260 },
];

export class Splitters {
  #memory;
  /** Sizes in pixels by the id of the border. @type {Record<string, number>} */
  #sizes;

  /** @param {Memory} memory */
  constructor(memory) {
    this.#memory = memory;
    this.#sizes = memory.recall("sizes", /** @type {Record<string, number>} */ ({}));
    for (const border of BORDERS) {
      if (typeof this.#sizes[border.id] === "number") this.#apply(border);
      this.#wire(border);
    }
  }

  /** @param {Border} border */
  #wire(border) {
    const { id, axis, grows } = border;
    const element = byId(id);
    const place = (/** @type {PointerEvent} */ event) => (axis === "x" ? event.clientX : event.clientY);
    element.addEventListener("pointerdown", (event) => {
      const [start, size] = [place(event), this.#measure(border)];
      const move = (/** @type {PointerEvent} */ moved) => this.#resize(border, size + grows * (place(moved) - start));
      element.setPointerCapture(event.pointerId);
      element.addEventListener("pointermove", move);
      element.addEventListener("lostpointercapture", () => {
        element.removeEventListener("pointermove", move);
        this.#keep();
      }, { once: true });
      event.preventDefault();
    });
    element.addEventListener("keydown", (event) => {
      const step = STEPS[axis][event.key];
      if (!step) return;
      this.#resize(border, this.#measure(border) + grows * step * KEY_STEP_PX);
      this.#keep();
      event.preventDefault();
    });
    element.addEventListener("dblclick", () => this.#reset(border));
  }

  /** @param {Border} border */
  #measure({ panel, axis }) {
    const { width, height } = byId(panel).getBoundingClientRect();
    return axis === "x" ? width : height;
  }

  /**
   * @param {Border} border
   * @param {number} size in pixels
   */
  #resize(border, size) {
    const room = border.axis === "x" ? innerWidth : innerHeight;
    this.#sizes[border.id] = Math.round(Math.max(border.min, Math.min(size, room - border.rest)));
    this.#apply(border);
  }

  /** @param {Border} border */
  #apply({ id, variable }) {
    document.documentElement.style.setProperty(variable, `${this.#sizes[id]}px`);
    byId(id).setAttribute("aria-valuenow", String(this.#sizes[id]));
    document.body.classList.add(`sized${variable.slice(1)}`);
  }

  /** @param {Border} border */
  #reset({ id, variable }) {
    delete this.#sizes[id];
    document.documentElement.style.removeProperty(variable);
    document.body.classList.remove(`sized${variable.slice(1)}`);
    this.#keep();
  }

  #keep() {
    this.#memory.remember("sizes", this.#sizes);
  }
}
