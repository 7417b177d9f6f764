// @ts-check
/**
 * The bar resolutions in the chart's head: those that the datafeed offers, and the chosen one.
 *
 * @import {Context} from "./view.js"
 */
import { NotificationType } from "../lib/codes.js";
import { byId, h } from "../lib/dom.js";

/** @type {Record<string, string>} */
const NAMES = { 60: "1h", 240: "4h", "1D": "1D", "1W": "1W", "1M": "1M" };

/** @param {string} resolution */
function nameOf(resolution) {
  return NAMES[resolution] ?? `${resolution}m`;
}

export class ChartResolutions {
  #root = byId("chart-resolutions");
  #context;
  #changed;
  /** @type {string[]} */
  #offered = [];

  /**
   * @param {Context} context
   * @param {() => void} changed another resolution was chosen
   */
  constructor(context, changed) {
    this.#context = context;
    this.#changed = changed;
    context.state.resolution.subscribe(() => this.#choose());
    context.datafeed.onReady(({ supported_resolutions: supported }) => this.#offer(supported));
  }

  /** @param {string[]} resolutions */
  #offer(resolutions) {
    const { resolution: chosen } = this.#context.state;
    this.#offered = resolutions;
    this.#root.replaceChildren(...resolutions.map((resolution) => h("label", {},
      h("input", {
        type: "radio", name: "resolution", value: resolution, checked: resolution === chosen.value(),
        onchange: () => chosen.setValue(resolution),
      }), h("span", {}, nameOf(resolution)))));
    this.#choose();
  }

  /** A resolution that is not offered, as of a link, is replaced, with a notification. */
  #choose() {
    const { host, state: { resolution: chosen } } = this.#context;
    const [first] = this.#offered;
    if (first && !this.#offered.includes(chosen.value())) {
      const text = `Bars of "${chosen.value()}" are not offered. ${nameOf(first)} is shown instead.`;
      host.showNotification("Another resolution", text, NotificationType.Error);
      chosen.setValue(first);
      return;
    }
    const radio = this.#root.querySelector(`[value="${CSS.escape(chosen.value())}"]`);
    if (radio instanceof HTMLInputElement) {
      radio.checked = true;
      this.#bringIntoView(radio);
    }
    this.#changed();
  }

  /**
   * Scroll the chosen one into view where there is no room for all.
   * @param {HTMLInputElement} radio
   */
  #bringIntoView(radio) {
    const { left, right } = this.#root.getBoundingClientRect();
    const box = radio.closest("label")?.getBoundingClientRect();
    if (box && box.left < left) this.#root.scrollLeft -= left - box.left;
    else if (box && box.right > right) this.#root.scrollLeft += box.right - right;
  }
}
