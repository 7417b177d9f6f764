// @ts-check
/**
 * The control panel's faults: buttons that make one thing go wrong, and the list of all faults of the server. It is shown where the
 * server lets this token control it.
 */
import { h, setText } from "../lib/dom.js";
import { FAULT_OFFERS, faultOf, faultStatus, faultText } from "../lib/fault-offers.js";
import { inWords } from "../lib/words.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {ControlAdapter} from "../adapters/control-adapter.js"
 * @import {FaultOffer} from "../lib/fault-offers.js"
 * @import {Fault} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

const REREAD_MS = 2000;

export class ControlFaultsView extends View {
  #error = h("p", { class: "field-error", role: "alert" });
  #reset = h("button", {
    type: "button", class: "small", title: "Set the counts of all faults to zero: each may be applied again",
    onclick: () => this.#do(() => this.#api.resetFaults()),
  }, "Reset counts");
  #list = h("div");
  element = h("section", { "aria-label": "Faults", hidden: true }, h("div", { class: "control-row" },
    ...FAULT_OFFERS.map((offer) => h("button", { type: "button", class: "small", title: offer.hint, onclick: () => this.#add(offer) }, offer.name)),
    this.#reset, this.#error), this.#list);
  /** @type {Table<Fault>} */
  #table;
  #api;
  #session;
  /** @type {Fault[]} */
  #faults = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Context} context
   * @param {ControlAdapter} api
   * @param {() => string} session id of the page's connection
   */
  constructor(context, api, session) {
    super(context);
    this.#api = api;
    this.#session = session;
    this.#table = new Table(this.#list, {
      label: "Faults",
      empty: "",
      keyOf: ({ id }) => id,
      columns: [
        { title: "Fault", text: faultText, width: 150 },
        { title: "Status", text: faultStatus, width: 84 },
        { title: "Matched", text: ({ stats }) => String(stats.matched), isNumber: true, rank: 1 },
        { title: "Applied", text: ({ stats }) => String(stats.applied), isNumber: true, rank: 1 },
      ],
      actions: [{ name: "Remove", label: (fault) => `Remove ${faultText(fault)}`, run: ({ id }) => this.#do(() => this.#api.removeFault(id)) }],
    });
  }

  opened() {
    this.watch(this.context.state.clock);
    this.whenClosed(() => clearTimeout(this.#timer));
    this.#read();
  }

  /** Read the faults now, and again and again while the panel is open; a reading that fails is left out. */
  async #read() {
    clearTimeout(this.#timer);
    if (this.context.state.clock.value()) await this.#api.faults().then((faults) => { this.#faults = faults; }, () => {});
    if (this.isOpen) this.#timer = setTimeout(() => this.#read(), REREAD_MS);
    this.dirty();
  }

  paint() {
    this.element.hidden = this.context.state.clock.value() === null;
    this.#list.hidden = this.#faults.length === 0;
    this.#reset.disabled = this.#faults.length === 0;
    this.#table.render(this.#faults);
  }

  /** @param {FaultOffer} offer */
  #add(offer) {
    return this.#do(() => this.#api.addFault(faultOf(offer, { account: this.context.state.account.value(), session: this.#session() })));
  }

  /** @param {() => Promise<unknown>} command */
  async #do(command) {
    setText(this.#error, "");
    try {
      await command();
    } catch (error) {
      setText(this.#error, inWords(error instanceof Error ? error.message : String(error)));
    }
    this.#read();
  }
}
