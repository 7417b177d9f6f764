// @ts-check
/**
 * The looks of the chart: type, scale, time zone, session breaks, compared symbol, indicators. Two panels of the chart's head;
 * the browser keeps the choices. `chart.js` applies them.
 *
 * @import {Memory} from "../lib/memory.js"
 * @import {PriceScaleKind} from "./chart-plot.js"
 * @import {ChartType} from "./plot-types.js"
 * @import {Chosen, StudyKind} from "./studies.js"
 */
import { byId, h } from "../lib/dom.js";
import { ZONES } from "../lib/zones.js";
import { CHART_TYPES } from "./plot-types.js";
import { placeBelowButton } from "./panel.js";
import { STUDIES, paramOf, readChosen } from "./studies.js";

/**
 * @typedef {object} ChartLooks
 * @property {ChartType} type
 * @property {PriceScaleKind} scale
 * @property {string} zone one of `ZONES`
 * @property {boolean} hasBreaks
 */

/** @typedef {"type" | "scale" | "zone" | "breaks" | "studies" | "compare"} ChartChange */

/** @type {[PriceScaleKind, string][]} */
const SCALES = [["linear", "Linear"], ["log", "Logarithmic"], ["percent", "Percent"]];
/** @type {ChartLooks} */
const DEFAULTS = { type: "candles", scale: "linear", zone: "UTC", hasBreaks: true };

export class ChartSettings {
  #memory;
  #changed;
  #compared;
  /** @type {ChartLooks} */
  looks;
  /** @type {Chosen} */
  studies;
  /** Symbol that is compared; empty: none. */
  compared = "";

  /**
   * @param {Memory} memory
   * @param {(change: ChartChange) => void} changed
   */
  constructor(memory, changed) {
    this.#memory = memory;
    this.#changed = changed;
    const kept = memory.recall("chart", DEFAULTS);
    this.looks = {
      type: kept.type in CHART_TYPES ? kept.type : DEFAULTS.type,
      scale: SCALES.some(([scale]) => scale === kept.scale) ? kept.scale : DEFAULTS.scale,
      zone: ZONES.some(([zone]) => zone === kept.zone) ? kept.zone : DEFAULTS.zone,
      hasBreaks: kept.hasBreaks ?? DEFAULTS.hasBreaks,
    };
    this.studies = readChosen(memory.recall("indicators", {}));
    this.#compared = h("input", { name: "compare", autocomplete: "off", spellcheck: "false", placeholder: "none", size: 8 });
    this.#buildView();
    this.#buildStudies();
    for (const id of ["chart-view", "chart-indicators"]) placeBelowButton(id);
  }

  #buildView() {
    const types = Object.entries(CHART_TYPES).map(([value, { name }]) => /** @type {[string, string]} */ ([value, name]));
    byId("chart-view").replaceChildren(
      this.#select("Type", "type", types),
      this.#select("Scale", "scale", SCALES),
      this.#select("Time zone", "zone", ZONES),
      h("label", {}, "Session breaks", h("input", {
        type: "checkbox", checked: this.looks.hasBreaks,
        onchange: ({ target }) => this.#look("breaks", { hasBreaks: target.checked }),
      })),
      h("form", { class: "compare", onsubmit: (event) => this.#submitCompared(event) },
        h("label", {}, "Compare with", this.#compared), h("button", { class: "small" }, "Compare")),
      h("p", { class: "field-error", id: "compare-error", role: "alert" }),
    );
  }

  /**
   * @param {string} label
   * @param {"type" | "scale" | "zone"} name
   * @param {[string, string][]} choices value and text
   */
  #select(label, name, choices) {
    return h("label", {}, label, h("select", { name, onchange: ({ target }) => this.#look(name, { [name]: target.value }) },
      ...choices.map(([value, text]) => h("option", { value, selected: value === this.looks[name] }, text))));
  }

  /**
   * @param {ChartChange} change
   * @param {Partial<ChartLooks>} looks
   */
  #look(change, looks) {
    this.looks = { ...this.looks, ...looks };
    this.#memory.remember("chart", this.looks);
    this.#changed(change);
  }

  #buildStudies() {
    byId("chart-indicators").replaceChildren(...Object.entries(STUDIES).map(([name, { name: text, hint, params }]) => {
      const kind = /** @type {StudyKind} */ (name);
      const inputs = params.map(({ label, value }, index) => h("input", {
        type: "number", min: 1, max: 200, value: this.studies[kind]?.[index] ?? value, "aria-label": `${text} ${label.toLowerCase()}`, title: label,
        onchange: () => box.checked && this.#choose(kind, inputs),
      }));
      const box = h("input", {
        type: "checkbox", checked: kind in this.studies, onchange: () => (box.checked ? this.#choose(kind, inputs) : this.#leave(kind)),
      });
      return h("div", { class: "study" }, h("label", { title: hint }, box, text), ...inputs);
    }));
  }

  /**
   * @param {StudyKind} kind
   * @param {HTMLInputElement[]} inputs
   */
  #choose(kind, inputs) {
    const params = STUDIES[kind].params.map(({ value }, index) => paramOf(inputs[index].valueAsNumber, value));
    params.forEach((value, index) => {
      inputs[index].value = String(value);
    });
    this.#keepStudies({ ...this.studies, [kind]: params });
  }

  /** @param {StudyKind} kind */
  #leave(kind) {
    const { [kind]: _, ...others } = this.studies;
    this.#keepStudies(others);
  }

  /** @param {Chosen} studies */
  #keepStudies(studies) {
    this.studies = readChosen(studies);
    this.#memory.remember("indicators", this.studies);
    this.#changed("studies");
  }

  /** @param {SubmitEvent} event */
  #submitCompared(event) {
    event.preventDefault();
    this.compared = this.#compared.value.trim().toUpperCase();
    this.#compared.value = this.compared;
    this.refuseCompared("");
    this.#changed("compare");
  }

  /** @param {string} text why the symbol cannot be compared; empty: it can */
  refuseCompared(text) {
    byId("compare-error").textContent = text;
    if (text) this.compared = "";
  }
}
