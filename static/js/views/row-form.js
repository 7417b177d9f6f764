// @ts-check
/**
 * A small form in place, e.g. below a table row: some fields, a button that does it, the server's refusal below the fields and
 * the field it concerns marked.
 */
import { ApiError } from "../adapters/rest-client.js";
import { h } from "../lib/dom.js";
import { parseNumber } from "../lib/format.js";
import { inWords } from "../lib/words.js";
import { fieldOfError } from "./refusals.js";

/**
 * @typedef {object} RowField
 * @property {string} name
 * @property {string} label
 * @property {string} value
 * @property {boolean} [isOptional] may be left empty
 * @property {boolean} [isText] not a number
 */

/**
 * @typedef {Record<string, any>} RowValues numbers, texts where the field is one; absent where an optional field is empty
 */

/**
 * @typedef {object} RowFormOptions
 * @property {string} label
 * @property {RowField[]} fields
 * @property {string} confirm text of the button
 * @property {(values: RowValues) => Promise<unknown>} submit
 * @property {() => void} close
 */

/** @param {RowField} field */
function inputOf({ name, value, isOptional, isText }) {
  return h("input", {
    name, value, class: "numeric", inputmode: isText ? "text" : "decimal", autocomplete: "off",
    placeholder: isOptional ? "none" : undefined,
  });
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
    const values = this.#values();
    const wrong = this.#inputs.find(({ name }) => Number.isNaN(values[name]) || values[name] === "");
    if (wrong) {
      this.#refuse(wrong.name, Number.isNaN(values[wrong.name]) ? "Enter a number." : "Enter a name.");
      return;
    }
    this.#button.disabled = true;
    try {
      await this.#options.submit(values);
      this.#options.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#refuse(fieldOfError(error), inWords(error.message));
    } finally {
      this.#button.disabled = false;
    }
  }

  /** @returns {RowValues} NaN where a number is wrong or missing */
  #values() {
    /** @type {RowValues} */
    const values = {};
    this.#options.fields.forEach(({ name, isOptional, isText }, index) => {
      const text = this.#inputs[index].value.trim();
      if (isOptional && text === "") return;
      values[name] = isText ? text : parseNumber(text);
    });
    return values;
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
