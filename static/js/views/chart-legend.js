// @ts-check
/**
 * The texts over the plot: zone, prices and volume of a bar, values of indicators, the countdown to the end of the bar, and the
 * counted lines beyond the visible prices.
 *
 * @import {Bar} from "../types/tradingview.js"
 * @import {StudyLegend} from "./chart-studies.js"
 * @import {HiddenLines} from "./plot-marks.js"
 */
import { byId, h, setText, setTone } from "../lib/dom.js";
import { compact, price as writePrice, tone } from "../lib/format.js";
import { edgeText } from "./chart-marks.js";

/** Distance of the countdown from the middle of the label of the last price. */
const COUNTDOWN_PX = 10;

export class ChartLegend {
  #bar = byId("chart-legend");
  #studies = byId("chart-studies");
  #countdown = byId("chart-countdown");
  #edges = { above: byId("chart-above"), below: byId("chart-below") };

  /** @param {() => void} showLines called by a click on a counter */
  constructor(showLines) {
    for (const edge of Object.values(this.#edges)) edge.addEventListener("click", showLines);
  }

  /**
   * @param {Bar} bar
   * @param {number} decimals
   * @param {string} zone
   */
  paint({ open, high, low, close, volume }, decimals, zone) {
    const prices = Object.entries({ O: open, H: high, L: low, C: close });
    const texts = [
      zone,
      ...prices.map(([name, value]) => `${name} ${writePrice(value, decimals)}`),
      `Vol ${compact(volume)}`, // last: its width changes with every tick
    ];
    if (this.#bar.children.length !== texts.length) this.#bar.replaceChildren(...texts.map(() => h("span")));
    texts.forEach((text, index) => setText(this.#bar.children[index], text));
    setTone(this.#bar, tone(close - open));
  }

  /** @param {StudyLegend[]} studies */
  paintStudies(studies) {
    if (this.#studies.children.length !== studies.length) this.#studies.replaceChildren(...studies.map(() => h("span")));
    studies.forEach(({ name, color, texts }, index) => {
      const element = /** @type {HTMLElement} */ (this.#studies.children[index]);
      element.style.setProperty("--study", color);
      setText(element, `${name}  ${texts.join(" ")}`);
    });
  }

  /** @param {string} text empty: there is no countdown */
  paintCountdown(text) {
    this.#countdown.hidden = text === "";
    setText(this.#countdown, text);
  }

  /**
   * @param {number} x left edge of the price axis, in pixels
   * @param {number | null} y height of the last price; null when it is not visible
   */
  placeCountdown(x, y) {
    this.#countdown.style.translate = `${x}px ${y === null ? -100 : Math.round(y) + COUNTDOWN_PX}px`;
  }

  /**
   * @param {HiddenLines} hidden
   * @param {number} decimals
   */
  paintEdges(hidden, decimals) {
    for (const place of /** @type {const} */ (["above", "below"])) {
      const { text, hint } = edgeText(place, hidden[place], decimals);
      this.#edges[place].hidden = hidden[place].length === 0;
      this.#edges[place].title = hint;
      setText(this.#edges[place], text);
    }
  }
}
