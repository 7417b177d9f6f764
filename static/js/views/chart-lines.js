// @ts-check
/**
 * The tags and grips on the lines of the chart: a line is dragged with the pointer or moved with the arrow keys, its tag has
 * buttons that cancel it and that pull brackets out of it. What a move means is decided by `chart-trading.js`.
 *
 * @import {BracketKind} from "../lib/chart-orders.js"
 * @import {LineMark} from "./chart-marks.js"
 */
import { BRACKET_NAMES, roundToTick, tagColumns } from "../lib/chart-orders.js";
import { arrange, byId, h, setText } from "../lib/dom.js";
import { price as writePrice } from "../lib/format.js";

const TAG_HEIGHT_PX = 20;
const KEY_STEP = 1;
const SHIFT_STEP = 10;
const PULL_NAMES = { takeProfit: "TP", stopLoss: "SL" };
/** A pointer that moved less is a click. */
const DRAG_PX = 3;

/** @typedef {{mark: LineMark, pulled: BracketKind | null}} Grip the line that is held, and the bracket that is pulled out of it */

/**
 * @typedef {object} LineListener
 * @property {(grip: Grip, price: number) => void} onDrag the line is held at this price
 * @property {(grip: Grip) => void} onDrop it was let go where it was held last
 * @property {() => void} onDragEnd it goes back to its place
 * @property {(mark: LineMark) => void} onRemove
 */

/**
 * @typedef {object} PriceScale
 * @property {(price: number) => number | null} yOf pixels below the upper edge; null when the price is not visible
 * @property {(y: number) => number | null} priceAt
 * @property {() => number} tick smallest step of the price
 * @property {() => number} decimals
 */

/**
 * @typedef {object} Tag
 * @property {LineMark} mark
 * @property {HTMLElement} element
 * @property {HTMLElement} handle
 * @property {HTMLElement} profit
 * @property {HTMLElement} remove
 * @property {HTMLElement[]} pulls
 * @property {string} text as written last
 * @property {number | null} top in pixels; null when the line is not visible
 * @property {number} column
 */

export class ChartLines {
  #root = byId("chart-lines");
  #scale;
  #listener;
  /** By the key of the line. @type {Map<string, Tag>} */
  #tags = new Map();
  /** Price of the line that is held; null when none is. @type {number | null} */
  #held = null;

  /**
   * @param {PriceScale} scale
   * @param {LineListener} listener
   */
  constructor(scale, listener) {
    this.#scale = scale;
    this.#listener = listener;
  }

  /** @param {LineMark[]} marks */
  render(marks) {
    const wanted = new Set(marks.map(({ key }) => key));
    for (const key of [...this.#tags.keys()]) if (!wanted.has(key)) this.#tags.delete(key);
    for (const mark of marks) {
      const tag = this.#tags.get(mark.key) ?? this.#create(mark);
      tag.mark = mark;
      this.#write(tag);
      this.#writeProfit(tag);
    }
    arrange(this.#root, marks.map(({ key }) => /** @type {Tag} */ (this.#tags.get(key)).element));
    this.place();
  }

  /** Put every tag at the height of its line. */
  place() {
    const tags = [...this.#tags.values()];
    const tops = tags.map(({ mark }) => this.#scale.yOf(mark.price)).map((y) => (y === null ? null : Math.round(y)));
    const columns = tagColumns(tops, TAG_HEIGHT_PX);
    tags.forEach((tag, index) => {
      const top = tops[index];
      if (top !== tag.top) {
        tag.element.hidden = top === null;
        tag.element.style.translate = `0 ${top ?? 0}px`;
      }
      if (columns[index] !== tag.column) tag.element.style.setProperty("--column", String(columns[index]));
      tag.top = top;
      tag.column = columns[index];
    });
  }

  /**
   * Put the focus on the handle of a line.
   * @param {string} key
   */
  focus(key) {
    this.#tags.get(key)?.handle.focus();
  }

  /** @param {LineMark} mark */
  #create(mark) {
    const handle = h(mark.isMovable ? "button" : "span", { class: "line-handle", type: mark.isMovable && "button" });
    const profit = h("span", { class: "line-profit", hidden: mark.profit === undefined });
    const remove = h("button", { type: "button", class: "line-remove" }, "×");
    const grip = h("div", { class: "line-grip", "aria-hidden": true });
    const pulls = mark.pulls.map((kind) => h("button", { type: "button", class: "line-pull" }, PULL_NAMES[kind]));
    const element = h("div", { class: "line-tag", role: "group", hidden: true }, grip, h("span", { class: "line-box" }, handle, profit, ...pulls, remove));
    const tag = { mark, element, handle, profit, remove, pulls, text: "", top: null, column: 0 };
    if (mark.isMovable) {
      handle.setAttribute("role", "slider");
      handle.setAttribute("aria-orientation", "vertical");
      for (const held of [handle, grip]) this.#wire(held, tag, null);
    }
    mark.pulls.forEach((kind, index) => this.#wire(pulls[index], tag, kind));
    remove.addEventListener("click", () => this.#listener.onRemove(tag.mark));
    this.#tags.set(mark.key, tag);
    return tag;
  }

  /** @param {Tag} tag */
  #writeProfit({ mark, profit }) {
    if (!mark.profit) return;
    setText(profit, mark.profit.text);
    profit.style.minWidth = `calc(${mark.profit.room}ch + 6px)`;
  }

  /** @param {Tag} tag */
  #write(tag) {
    const { mark: { title, price, tone, isMovable, ...mark }, element, handle, remove } = tag;
    const at = writePrice(price, this.#scale.decimals());
    const text = `${title} at ${at}`;
    element.dataset.tone = tone;
    if (tag.text === text) return;
    tag.text = text;
    element.classList.toggle("movable", isMovable);
    element.setAttribute("aria-label", text);
    setText(handle, title);
    remove.title = mark.remove;
    remove.setAttribute("aria-label", `${mark.remove}: ${text}`);
    mark.pulls.forEach((kind, index) => {
      tag.pulls[index].title = `${BRACKET_NAMES[kind]}: drag it to its price, or use the arrow keys`;
      tag.pulls[index].setAttribute("aria-label", `${PULL_NAMES[kind]}, ${BRACKET_NAMES[kind].toLowerCase()} of ${title}`);
    });
    if (!isMovable) return;
    handle.title = "Drag to another price, or use the arrow keys";
    handle.setAttribute("aria-label", `Price of ${title}`);
    handle.setAttribute("aria-valuenow", String(price));
    handle.setAttribute("aria-valuetext", at);
  }

  /**
   * Let an element drag a line, or pull a bracket out of it.
   * @param {HTMLElement} element
   * @param {Tag} tag
   * @param {BracketKind | null} pulled
   */
  #wire(element, tag, pulled) {
    const grip = () => ({ mark: tag.mark, pulled });
    element.addEventListener("pointerdown", (event) => event.button === 0 && this.#startDrag(element, event, grip()));
    element.addEventListener("keydown", (event) => {
      const step = { ArrowUp: KEY_STEP, ArrowDown: -KEY_STEP }[event.key];
      if (step) {
        this.#hold(grip(), (this.#held ?? tag.mark.price) + step * (event.shiftKey ? SHIFT_STEP : 1) * this.#scale.tick());
      } else if (this.#held !== null && event.key === "Enter") {
        this.#held = null;
        this.#listener.onDrop(grip());
      } else if (this.#held !== null && event.key === "Escape") {
        this.#release();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    element.addEventListener("blur", () => this.#release());
  }

  /**
   * @param {HTMLElement} element
   * @param {PointerEvent} event
   * @param {Grip} grip
   */
  #startDrag(element, event, grip) {
    const edge = this.#root.getBoundingClientRect().top;
    const begun = event.clientY;
    const move = (/** @type {PointerEvent} */ { clientY }) => {
      if (this.#held === null && Math.abs(clientY - begun) < DRAG_PX) return;
      const price = this.#scale.priceAt(clientY - edge);
      if (price !== null) this.#hold(grip, price);
    };
    const up = () => {
      if (this.#held === null) return;
      this.#held = null;
      this.#listener.onDrop(grip);
    };
    element.setPointerCapture(event.pointerId);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up, { once: true });
    element.addEventListener("lostpointercapture", () => {
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      this.#release();
    }, { once: true });
    // The browser would give the focus to the grip's panel, or select the text.
    event.preventDefault();
  }

  /**
   * @param {Grip} grip
   * @param {number} price
   */
  #hold(grip, price) {
    this.#held = roundToTick(price, this.#scale.tick());
    this.#listener.onDrag(grip, this.#held);
  }

  #release() {
    if (this.#held === null) return;
    this.#held = null;
    this.#listener.onDragEnd();
  }
}
