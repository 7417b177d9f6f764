// @ts-check
/**
 * The control panel's scenarios: shocks, wider spreads and halts of the chosen symbol. A token without the right to them gets a
 * message instead of the form.
 */
import { ApiError } from "../adapters/rest-client.js";
import { h, setText } from "../lib/dom.js";
import { clock, parseNumber } from "../lib/format.js";
import { scenarioOf, scenarioText } from "../lib/scenarios.js";
import { inWords } from "../lib/words.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {ControlAdapter} from "../adapters/control-adapter.js"
 * @import {Scenario} from "../types/tradingview.js"
 * @import {ScenarioKind} from "../lib/scenarios.js"
 * @import {Context} from "./view.js"
 */

const REFUSED = new Set([401, 403, 404]);
const REREAD_MS = 2000;

/** @type {[kind: ScenarioKind, name: string][]} */
const KINDS = [["shock", "Move the price by %"], ["spread", "Multiply the spread by"], ["halt", "Halt trading"]];

export class ControlScenariosView extends View {
  #symbol = h("strong");
  #kind = h("select", { "aria-label": "Scenario", onchange: () => this.#adapt() }, ...KINDS.map(([value, name]) => h("option", { value }, name)));
  #amount = h("input", { class: "numeric", inputmode: "decimal", value: "-5", "aria-label": "Amount", "aria-describedby": "control-error" });
  #seconds = h("input", { class: "numeric", inputmode: "decimal", value: "60", "aria-describedby": "control-error" });
  #error = h("p", { class: "field-error", id: "control-error", role: "alert" });
  #form = h("form", { class: "row-form control-row", "aria-label": "New scenario", hidden: true, onsubmit: (/** @type {Event} */ event) => this.#begin(event) },
    this.#symbol, this.#kind, this.#amount, h("label", {}, "for seconds of the market", this.#seconds), h("button", { class: "small" }, "Begin"), this.#error);
  #message = h("p", { class: "empty", role: "status" }, "Reading …");
  #list = h("div", { hidden: true });
  element = h("section", { "aria-label": "Scenarios" }, this.#form, this.#message, this.#list);
  #api;
  /** @type {Table<Scenario>} */
  #table;
  /** @type {Scenario[]} */
  #scenarios = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Context} context
   * @param {ControlAdapter} api
   */
  constructor(context, api) {
    super(context);
    this.#api = api;
    this.#table = new Table(this.#list, {
      label: "Scenarios",
      empty: "No scenarios.",
      keyOf: ({ id }) => id,
      columns: [
        { title: "Symbol", text: ({ symbol }) => symbol, width: 80 },
        { title: "Scenario", text: scenarioText, width: 150 },
        { title: "Status", text: ({ status }) => status, width: 84 },
        { title: "Begin (UTC)", text: ({ begin }) => clock(begin), isNumber: true, rank: 1 },
        { title: "End (UTC)", text: ({ end }) => clock(end), isNumber: true, rank: 1 },
      ],
      actions: [{ name: "End", label: ({ id }) => `End ${id}`, run: (scenario) => this.#end(scenario), isOffered: ({ status }) => status !== "over" }],
      choose: ({ symbol }) => context.state.symbol.setValue(symbol),
    });
  }

  opened() {
    this.watch(this.context.state.symbol);
    this.whenClosed(() => clearTimeout(this.#timer));
    this.#read();
  }

  /** Read the scenarios now and, where that is allowed, again and again while the panel is open. */
  async #read() {
    clearTimeout(this.#timer);
    try {
      this.#scenarios = await this.#api.scenarios();
      this.#message.hidden = true;
      this.#form.hidden = this.#list.hidden = false;
    } catch (error) {
      const isRefused = error instanceof ApiError && REFUSED.has(error.status);
      setText(this.#message, isRefused ? "This server does not offer control of the market here." : "The scenarios cannot be read now.");
      this.#message.hidden = false;
      this.#form.hidden = this.#list.hidden = true;
      if (isRefused) return;
    }
    if (this.isOpen) this.#timer = setTimeout(() => this.#read(), REREAD_MS);
    this.dirty();
  }

  #adapt() {
    this.#amount.hidden = this.#kind.value === "halt";
    this.#amount.value = this.#kind.value === "spread" ? "5" : "-5";
  }

  paint() {
    setText(this.#symbol, this.context.state.symbol.value());
    this.#table.render(this.#scenarios.toReversed());
  }

  /** @param {Event} event */
  async #begin(event) {
    event.preventDefault();
    const kind = /** @type {ScenarioKind} */ (this.#kind.value);
    const { request, refused } = scenarioOf(kind, parseNumber(this.#amount.value), parseNumber(this.#seconds.value), this.context.clock.now());
    setText(this.#error, refused);
    if (request) await this.#do(() => this.#api.addScenario({ ...request, symbol: this.context.state.symbol.value() }));
  }

  /** @param {Scenario} scenario */
  #end({ id }) {
    return this.#do(() => this.#api.endScenario(id));
  }

  /** @param {() => Promise<unknown>} command */
  async #do(command) {
    try {
      await command();
    } catch (error) {
      setText(this.#error, inWords(error instanceof Error ? error.message : String(error)));
    }
    this.#read();
  }
}
