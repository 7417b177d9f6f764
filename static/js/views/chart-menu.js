// @ts-check
/**
 * The menu of a price on the chart, opened at the pointer, with + at the price axis, or with the keyboard: + has the focus, the
 * arrow keys move it, Enter opens the menu.
 */
import { byId, h, setText } from "../lib/dom.js";
import { price as writePrice } from "../lib/format.js";
import { roundToTick } from "../lib/chart-orders.js";

/** @import {PriceScale} from "./chart-lines.js" */

/** @typedef {{text: string, tone?: string, run: () => void}} MenuChoice */

const SHIFT_STEP = 10;
/** Distance of the menu from the edge of the window. */
const MARGIN_PX = 8;

export class ChartMenu {
  #body = byId("chart-body");
  #lines = byId("chart-lines");
  #plus = byId("chart-plus");
  #menu = byId("chart-menu");
  #scale;
  #choices;
  #lastPrice;
  /** Price that + stands at. @type {number | null} */
  #price = null;

  /**
   * @param {PriceScale} scale
   * @param {(price: number) => MenuChoice[]} choices
   * @param {() => number | undefined} lastPrice where + stands when it gets the focus by the keyboard
   */
  constructor(scale, choices, lastPrice) {
    this.#scale = scale;
    this.#choices = choices;
    this.#lastPrice = lastPrice;
    this.#body.addEventListener("contextmenu", (event) => this.#openAtPointer(event));
    this.#body.addEventListener("pointerleave", () => this.#plus.classList.remove("shown"));
    this.#plus.addEventListener("click", () => this.#openAtPlus());
    this.#plus.addEventListener("focus", () => this.#focused());
    this.#plus.addEventListener("keydown", (event) => this.#step(event));
    this.#menu.addEventListener("keydown", (event) => this.#move(event));
  }

  /** @param {number | null} y of the crosshair; null when the pointer is not over the prices */
  crosshairMoved(y) {
    if (y === null) return;
    const price = this.#scale.priceAt(y);
    if (price !== null) this.#standAt(roundToTick(price, this.#scale.tick()));
    this.#plus.classList.add("shown");
  }

  /** Put + at the height of its price again: the view changed. */
  place() {
    if (this.#price === null || !this.#plus.matches(".shown, :focus")) return;
    const y = this.#scale.yOf(this.#price);
    if (y !== null) this.#plus.style.translate = `0 ${Math.round(y)}px`;
  }

  /** @param {number} price */
  #standAt(price) {
    this.#price = price;
    this.#plus.style.translate = `0 ${Math.round(this.#scale.yOf(price) ?? 0)}px`;
    this.#plus.setAttribute("aria-label", `Order or line at ${writePrice(price, this.#scale.decimals())}`);
  }

  #focused() {
    if (this.#plus.matches(".shown")) return;
    const price = this.#lastPrice();
    if (price !== undefined) this.#standAt(price);
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step || this.#price === null) return;
    const price = roundToTick(this.#price + step * (event.shiftKey ? SHIFT_STEP : 1) * this.#scale.tick(), this.#scale.tick());
    if (this.#scale.yOf(price) !== null) this.#standAt(price);
    event.preventDefault();
  }

  #openAtPlus() {
    if (this.#price === null) return;
    const { left, bottom } = this.#plus.getBoundingClientRect();
    this.#open(this.#price, left, bottom);
  }

  /** @param {MouseEvent} event */
  #openAtPointer(event) {
    const y = event.clientY - this.#lines.getBoundingClientRect().top;
    const price = this.#scale.priceAt(y);
    if (price === null || /** @type {HTMLElement} */ (event.target).closest("form")) return;
    event.preventDefault();
    this.#open(roundToTick(price, this.#scale.tick()), event.clientX, event.clientY);
  }

  /**
   * @param {number} price
   * @param {number} x in the window
   * @param {number} y
   */
  #open(price, x, y) {
    const choices = this.#choices(price);
    if (choices.length === 0) return;
    this.#menu.setAttribute("aria-label", `At ${writePrice(price, this.#scale.decimals())}`);
    this.#menu.replaceChildren(...choices.map(({ text, tone, run }) => {
      const item = h("button", { type: "button", role: "menuitem", "data-tone": tone, onclick: () => {
        this.#menu.hidePopover();
        run();
      } });
      setText(item, text);
      return item;
    }));
    this.#menu.showPopover();
    const { width, height } = this.#menu.getBoundingClientRect();
    this.#menu.style.left = `${Math.max(MARGIN_PX, Math.min(x, innerWidth - width - MARGIN_PX))}px`;
    this.#menu.style.top = `${Math.max(MARGIN_PX, Math.min(y, innerHeight - height - MARGIN_PX))}px`;
    /** @type {HTMLElement} */ (this.#menu.firstElementChild).focus();
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.#menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) items[(next + items.length) % items.length].focus();
    if (next !== undefined || event.key === "Escape") event.stopPropagation();
    if (next !== undefined) event.preventDefault();
  }
}
