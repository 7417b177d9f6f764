// @ts-check
/**
 * What the order in the ticket would cost, as the server says: asked for when the ticket changes, and again while the market
 * moves. Only the newest answer is shown.
 *
 * @import {OrderPreviewResult, PreOrder} from "../types/tradingview.js"
 */
import { byId, h, setText } from "../lib/dom.js";
import { fieldOfText } from "./refusals.js";

const PAUSE_MS = 150;
const REFRESH_MS = 1000;
/** What the ticket itself shows already. */
const KNOWN_SECTION = "Order Details";
/** Lines that are always there, so that nothing moves when the answer comes. */
const LINES = ["Estimated Price", "Order Value", "Commission", "Margin Required", "Total Cost"];

/** @typedef {import("./refusals.js").OrderField} OrderField */

export class Preview {
  #list = byId("ticket-preview");
  #warnings = byId("ticket-warnings");
  #ask;
  #read;
  #onErrors;
  #shownErrors = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #turn = 0;
  #isOpen = false;

  /**
   * @param {(order: PreOrder) => Promise<OrderPreviewResult>} ask
   * @param {() => PreOrder | null} read the order as it stands in the ticket; null while it is not complete
   * @param {(errors: {field: OrderField, text: string}[]) => void} onErrors what would be refused and where it belongs,
   *   told when it became other than before
   */
  constructor(ask, read, onErrors) {
    this.#ask = ask;
    this.#read = read;
    this.#onErrors = onErrors;
    this.#clear();
  }

  open() {
    this.#isOpen = true;
    this.changed();
  }

  close() {
    this.#isOpen = false;
    this.#turn += 1;
    clearTimeout(this.#timer);
  }

  /** The ticket changed: ask soon, once for many changes. */
  changed() {
    this.#turn += 1;
    this.#shownErrors = "";
    this.#schedule(PAUSE_MS);
  }

  /** @param {number} delayMs */
  #schedule(delayMs) {
    clearTimeout(this.#timer);
    if (this.#isOpen) this.#timer = setTimeout(() => this.#refresh(), delayMs);
  }

  async #refresh() {
    const turn = ++this.#turn;
    const order = document.hidden ? null : this.#read();
    if (!order && !document.hidden) this.#clear();
    try {
      const result = order && await this.#ask(order);
      if (result && turn === this.#turn) this.#show(result);
    } catch {
      // What is wrong with the connection is said elsewhere; the figures are not true any more.
      if (turn === this.#turn) this.#clear();
    }
    if (turn === this.#turn) this.#schedule(REFRESH_MS);
  }

  #clear() {
    this.#write(LINES.map((title) => ({ title, value: "–" })));
    this.#warnings.replaceChildren();
  }

  /** @param {OrderPreviewResult} result */
  #show({ sections, warnings, errors }) {
    const rows = sections.filter(({ header }) => header !== KNOWN_SECTION).flatMap((section) => section.rows);
    this.#write(rows.length ? rows : LINES.map((title) => ({ title, value: "–" })));
    const refused = (errors ?? []).map((text) => ({ field: fieldOfText(text), text }));
    const placeless = refused.filter(({ field }) => field === "form").map(({ text }) => text);
    const key = (errors ?? []).join("\n");
    if (key !== this.#shownErrors) this.#onErrors(refused.filter(({ field }) => field !== "form"));
    this.#shownErrors = key;
    const texts = [...placeless, ...warnings ?? []];
    if (this.#warnings.textContent === texts.join("")) return;
    this.#warnings.replaceChildren(...texts.map((text, index) => h("li", { class: index < placeless.length ? "error" : undefined }, text)));
  }

  /** @param {{title: string, value: string}[]} rows */
  #write(rows) {
    const list = this.#list;
    while (list.children.length > rows.length * 2) list.lastElementChild?.remove();
    while (list.children.length < rows.length * 2) list.append(h("dt"), h("dd"));
    rows.forEach(({ title, value }, index) => {
      setText(list.children[index * 2], title);
      setText(list.children[index * 2 + 1], value);
    });
  }
}
