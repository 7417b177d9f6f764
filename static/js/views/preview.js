// @ts-check
/**
 * The costs of the order in the ticket, as the server estimates them: asked for when the ticket changes, and now and then
 * while the market moves. Only the newest answer is shown, and every figure keeps its place.
 *
 * @import {OrderPreviewResult, PreOrder} from "../types/tradingview.js"
 */
import { byId, h, setText, setTone } from "../lib/dom.js";
import { MISSING, money, price, qty } from "../lib/format.js";
import { inWords } from "../lib/words.js";
import { fieldOfText } from "./refusals.js";

const PAUSE_MS = 150;
/** Warnings that the head of the ticket shows already. */
const STATUS_WARNING = /\bis (halted|closed)\.?$/;
/** Pause between an answer and the next question when only the market moved. */
const MARKET_PAUSE_MS = 5000;

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} hint
 * @property {(rows: Map<string, string>, decimals: number) => string} write
 * @property {"up" | "down"} [tone]
 */

/** @param {string | undefined} text an amount of the server, e.g. "12345.60 USD" */
function amountOf(text) {
  return text === undefined ? NaN : Number(text.split(" ")[0]);
}

/**
 * @param {string} title
 * @returns {Figure["write"]}
 */
function amount(title) {
  return (rows) => money(amountOf(rows.get(title)));
}

/** @type {Figure[]} */
export const FIGURES = [
  {
    name: "Price", hint: "Estimated average price",
    write: (rows, decimals) => price(amountOf(rows.get("Estimated Price")), decimals),
  },
  { name: "Order value", hint: "Quantity times estimated price", write: amount("Order Value") },
  { name: "Commission", hint: "Paid when the order fills", write: amount("Commission") },
  { name: "Margin", hint: "Taken from the free margin while the position is open", write: amount("Margin Required") },
  { name: "Margin + fees", hint: "Margin and commission together; the order value itself is not paid", write: amount("Total Cost") },
  {
    name: "Reward / risk", hint: "Profit at the target, divided by the loss at the stop",
    write: (rows) => {
      const ratio = amountOf(rows.get("Potential Profit")) / amountOf(rows.get("Potential Loss"));
      return Number.isFinite(ratio) ? qty(Number(ratio.toFixed(2))) : MISSING;
    },
  },
  { name: "Profit at target", hint: "If the take profit fills", tone: "up", write: amount("Potential Profit") },
  { name: "Loss at stop", hint: "If the stop fills at its price", tone: "down", write: amount("Potential Loss") },
];

/** @typedef {import("./refusals.js").OrderField} OrderField */

/**
 * @typedef {object} PreviewTicket
 * @property {() => PreOrder | null} read the order as it is in the ticket; null while it is not complete
 * @property {() => number} decimals of the symbol's prices
 * @property {(errors: {field: OrderField, text: string}[]) => void} onErrors the refusals of single fields, when they changed
 */

export class Preview {
  #warnings = byId("ticket-warnings");
  #cells;
  #ask;
  #ticket;
  #shownErrors = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #turn = 0;
  #isOpen = false;
  /** Quote of the last question, and the time of its answer on the clock of `performance.now()`. */
  #asked = { quote: "", answeredAt: -Infinity };
  #isAsking = false;
  #quote = "";

  /**
   * @param {(order: PreOrder) => Promise<OrderPreviewResult>} ask
   * @param {PreviewTicket} ticket
   */
  constructor(ask, ticket) {
    this.#ask = ask;
    this.#ticket = ticket;
    this.#cells = FIGURES.map(() => h("dd", {}, MISSING));
    byId("ticket-preview").replaceChildren(...FIGURES.map(({ name, hint }, index) =>
      h("div", { title: hint }, h("dt", {}, name), this.#cells[index])));
  }

  open() {
    this.#isOpen = true;
    this.changed();
  }

  close() {
    this.#isOpen = false;
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The ticket changed: ask soon, once for many changes. */
  changed() {
    this.#turn += 1;
    this.#shownErrors = "";
    this.#schedule(PAUSE_MS);
  }

  /**
   * Ask again when the quote changed, with a pause between two questions. A market that does not move is not asked about.
   * @param {string} quote
   */
  marketMoved(quote) {
    this.#quote = quote;
    if (this.#timer !== undefined || this.#isAsking || quote === this.#asked.quote) return;
    this.#schedule(Math.max(0, this.#asked.answeredAt + MARKET_PAUSE_MS - performance.now()));
  }

  /** @param {number} delayMs */
  #schedule(delayMs) {
    clearTimeout(this.#timer);
    this.#timer = this.#isOpen ? setTimeout(() => this.#refresh(), delayMs) : undefined;
  }

  async #refresh() {
    this.#timer = undefined;
    this.#isAsking = false;
    if (document.hidden) return;
    const turn = ++this.#turn;
    this.#asked = { quote: this.#quote, answeredAt: performance.now() };
    const order = this.#ticket.read();
    if (!order) {
      this.#clear();
      return;
    }
    this.#isAsking = true;
    const result = await this.#ask(order).catch(() => null);
    if (turn !== this.#turn) return;
    this.#isAsking = false;
    this.#asked.answeredAt = performance.now();
    if (result) this.#show(result);
    else this.#clear(); // The connection's own badge shows why; the figures are old.
  }

  #clear() {
    this.#write(new Map());
    this.#warn([], []);
  }

  /** @param {OrderPreviewResult} result */
  #show({ sections, warnings, errors }) {
    this.#write(new Map(sections.flatMap(({ rows }) => rows.map(({ title, value }) => [title, value]))));
    const write = (/** @type {string} */ text) => inWords(text, this.#ticket.decimals());
    const refused = (errors ?? []).map((text) => ({ field: fieldOfText(text), text: write(text) }));
    const key = (errors ?? []).join("\n");
    if (key !== this.#shownErrors) this.#ticket.onErrors(refused.filter(({ field }) => field !== "form"));
    this.#shownErrors = key;
    this.#warn(refused.filter(({ field }) => field === "form").map(({ text }) => text), (warnings ?? []).filter((text) => !STATUS_WARNING.test(text)).map(write));
  }

  /**
   * @param {string[]} errors of the order as a whole
   * @param {string[]} warnings
   */
  #warn(errors, warnings) {
    const texts = [...errors, ...warnings];
    if (this.#warnings.textContent === texts.join("")) return;
    this.#warnings.replaceChildren(...texts.map((text, index) => h("li", { class: index < errors.length ? "error" : undefined }, text)));
  }

  /** @param {Map<string, string>} rows of the server, by their title */
  #write(rows) {
    const decimals = this.#ticket.decimals();
    FIGURES.forEach(({ write, tone }, index) => {
      const text = write(rows, decimals);
      setText(this.#cells[index], text);
      setTone(this.#cells[index], text === MISSING ? "" : tone ?? "");
    });
  }
}
