// @ts-check
/**
 * A small form below a table row: some number fields, a button that does it, the server's refusal beside its field.
 */
import { ApiError } from "../adapters/api-adapter.js";
import { h } from "../lib/dom.js";
import { parseNumber } from "../lib/format.js";
import { fieldOfError } from "./refusals.js";

/**
 * @typedef {object} RowField
 * @property {string} name
 * @property {string} label
 * @property {string} value
 */

/**
 * @typedef {object} RowFormOptions
 * @property {string} label
 * @property {RowField[]} fields
 * @property {string} confirm what the button says
 * @property {(values: Record<string, number>) => Promise<void>} submit
 * @property {() => void} close
 */

/** @param {RowField} field */
function inputOf({ name, value }) {
  return h("input", { name, value, class: "numeric", inputmode: "decimal", autocomplete: "off" });
}

export class RowForm {
  #options;
  #inputs;
  #error = h("p", { class: "field-error", role: "alert" });
  #button;

  /** @param {RowFormOptions} options */
  constructor(options) {
    const { label, fields, confirm, close } = options;
    this.#options = options;
    this.#inputs = fields.map(inputOf);
    this.#button = h("button", { type: "submit", class: "small primary" }, confirm);
    this.element = h("form", {
      class: "row-form", "aria-label": label, novalidate: true,
      onsubmit: (event) => this.#send(event),
      onkeydown: (event) => this.#pressed(event),
    }, ...fields.map((field, index) => h("label", {}, field.label, this.#inputs[index])), this.#button,
    h("button", { type: "button", class: "small", onclick: close }, "Dismiss"), this.#error);
  }

  focus() {
    this.#inputs[0]?.select();
    (this.#inputs[0] ?? this.#button).focus();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#options.close();
  }

  /** @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    this.#error.textContent = "";
    for (const input of this.#inputs) input.removeAttribute("aria-invalid");
    const values = Object.fromEntries(this.#inputs.map((input) => [input.name, parseNumber(input.value)]));
    const wrong = this.#inputs.find(({ name }) => Number.isNaN(values[name]));
    if (wrong) {
      this.#refuse(wrong.name, "Enter a number.");
      return;
    }
    this.#button.disabled = true;
    try {
      await this.#options.submit(values);
      this.#options.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#refuse(fieldOfError(error), error.message);
    } finally {
      this.#button.disabled = false;
    }
  }

  /**
   * @param {string} name of the field that is wrong; with an unknown one the form as a whole is
   * @param {string} text
   */
  #refuse(name, text) {
    const input = this.#inputs.find((candidate) => candidate.name === name);
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
    this.#error.textContent = text;
  }
}
