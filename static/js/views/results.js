// @ts-check
/**
 * Results of the account in a period: figures, equity with its drawdown, profit by day and symbol, and the records as files. All
 * of it comes from the history that the server keeps, so it is the same after a restart.
 */
import { NotificationType } from "../lib/codes.js";
import { byId, h, setText, setTone } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { bookings, byDay, bySymbol, equityCurve, rangeOf, resolutionOf, summaryOf } from "../lib/results.js";
import { EquityCurve } from "./equity-curve.js";
import { saveEquity, saveExecutions, saveOrders } from "./records-csv.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {EquityPoint, Execution} from "../types/tradingview.js"
 * @import {Group, Summary} from "../lib/results.js"
 * @import {Context} from "./view.js"
 */

/** @type {[value: string, name: string][]} */
const PERIODS = [["today", "Today"], ["7", "7 days"], ["30", "30 days"], ["all", "All"], ["dates", "Dates"]];
/** After an execution the history is read again, at most this often. */
const REREAD_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** @typedef {Summary & {deepest: number, deepestShare: number}} Figures */

/** @param {number | undefined} value */
const share = (value) => (value === undefined ? format.MISSING : `${format.price(value * 100, 1)} %`);

/** @type {{title: string, text: (figures: Figures) => string, tone?: (figures: Figures) => number, hint?: string}[]} */
const FIGURES = [
  { title: "Net result", text: ({ net }) => format.signed(net), tone: ({ net }) => net, hint: "Realized profit less commissions" },
  { title: "Realized profit", text: ({ profit }) => format.signed(profit), tone: ({ profit }) => profit },
  { title: "Commissions", text: ({ fees }) => format.money(fees) },
  { title: "Closed trades", text: ({ trades }) => format.qty(trades), hint: "Executions that close a position or a part of it" },
  { title: "Win rate", text: ({ winRate }) => share(winRate) },
  { title: "Average win", text: ({ averageWin }) => format.signed(averageWin) },
  { title: "Average loss", text: ({ averageLoss }) => format.signed(averageLoss) },
  { title: "Profit factor", text: ({ profitFactor }) => format.price(profitFactor, 2), hint: "Sum of wins divided by sum of losses" },
  {
    title: "Max drawdown", text: ({ deepest, deepestShare }) => (deepest ? `${format.signed(deepest)} (${format.percent(deepestShare * 100)})` : "none"),
    hint: "Largest fall of the equity below its highest value before",
  },
];

/**
 * @param {HTMLElement} root
 * @param {string} title of the names
 * @param {string} label
 * @returns {Table<Group>}
 */
function groupTable(root, title, label) {
  return new Table(root, {
    label,
    empty: "No trades in this period.",
    keyOf: ({ name }) => name,
    columns: [
      { title, text: ({ name }) => name, width: 92 },
      { title: "Net", text: ({ net }) => format.signed(net), value: ({ net }) => net, tone: ({ net }) => format.tone(net), isNumber: true },
      { title: "Trades", text: ({ trades }) => format.qty(trades), value: ({ trades }) => trades, isNumber: true, width: 58, rank: 2 },
      { title: "Fees", text: ({ fees }) => format.money(fees), value: ({ fees }) => fees, isNumber: true, width: 74, rank: 1 },
    ],
  });
}

export class ResultsView extends View {
  #period = h("select", { "aria-label": "Period", onchange: () => this.#changed() }, ...PERIODS.map(([value, name]) => h("option", { value }, name)));
  #first = h("input", { type: "date", "aria-label": "First day", onchange: () => this.#changed() });
  #last = h("input", { type: "date", "aria-label": "Last day", onchange: () => this.#changed() });
  #dates = h("span", { class: "results-dates", hidden: true }, this.#first, "to", this.#last);
  #message = h("p", { class: "muted", role: "status" });
  #figures = FIGURES.map(({ title, hint }) => ({ title, hint, value: h("dd", {}, format.MISSING) }));
  #curve = new EquityCurve();
  #days;
  #symbols;
  /** All executions of the account, by id, oldest first. @type {Map<string, Execution>} */
  #executions = new Map();
  /** @type {EquityPoint[]} */
  #points = [];
  /** Number of the newest reading; replies of older ones are too late. */
  #reading = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Context} context */
  constructor(context) {
    super(context);
    this.#period.value = context.memory.recall("resultsPeriod", "30");
    this.#dates.hidden = this.#period.value !== "dates";
    const [days, symbols] = [h("div"), h("div")];
    const button = (/** @type {string} */ name, /** @type {() => Promise<void>} */ run) =>
      h("button", { type: "button", class: "small", "aria-label": `Save ${name.toLowerCase()} as CSV`, onclick: () => this.#save(run) }, name);
    byId("results").replaceChildren(
      h("div", { class: "results-head" }, this.#period, this.#dates, h("span", { class: "results-save", role: "group", "aria-label": "Save as CSV" },
        h("span", { class: "muted" }, "CSV"), button("Orders", () => this.#saveOrders()), button("Executions", () => this.#saveExecutions()),
        button("Equity", async () => saveEquity(this.#fileName, this.#points))), this.#message),
      h("dl", { class: "figures numeric" }, ...this.#figures.map(({ title, hint, value }) => h("div", { title: hint }, h("dt", {}, title), value))),
      h("div", { class: "results-body" }, this.#curve.element, days, symbols),
    );
    this.#days = groupTable(days, "Day (UTC)", "Results by day");
    this.#symbols = groupTable(symbols, "Symbol", "Results by symbol");
  }

  opened() {
    const { state, broker } = this.context;
    const another = () => {
      this.#executions.clear();
      this.#read();
    };
    const executed = () => {
      if (state.executions.size === 0) this.#executions.clear();
      this.#timer ??= setTimeout(() => this.#read(), REREAD_MS);
    };
    state.account.subscribe(another);
    state.executions.subscribe(executed);
    this.whenClosed(broker.follow("executions"));
    this.whenClosed(() => {
      state.account.unsubscribe(another);
      state.executions.unsubscribe(executed);
      clearTimeout(this.#timer);
    });
    another();
  }

  #changed() {
    this.context.memory.remember("resultsPeriod", this.#period.value);
    this.#dates.hidden = this.#period.value !== "dates";
    this.#read();
  }

  get #range() {
    return rangeOf(this.#period.value, this.context.clock.now(), { first: this.#first.value, last: this.#last.value });
  }

  get #fileName() {
    const { from, to } = this.#range;
    const day = (/** @type {number} */ time) => new Date(time).toISOString().slice(0, 10);
    return [this.context.state.account.value(), from > 0 && day(from), day(to - 1)].filter(Boolean).join(" ");
  }

  /** Read the executions since the last one, and the equity of the period. */
  async #read() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const turn = ++this.#reading;
    const { records, clock } = this.context;
    const now = clock.now();
    try {
      const since = [...this.#executions.values()].at(-1)?.time ?? 0;
      const executions = await records.executions({ from: since, to: now + DAY_MS });
      if (turn !== this.#reading) return;
      for (const execution of executions) this.#executions.set(execution.id, execution);
      const begin = [...this.#executions.values()][0]?.time ?? now;
      const { from, to } = this.#range;
      const shown = { from: Math.max(from, Math.min(begin, now - HOUR_MS)), to: Math.min(to, now) };
      const points = shown.from < shown.to ? await records.equity(resolutionOf(shown), shown) : [];
      if (turn !== this.#reading) return;
      this.#points = points;
      setText(this.#message, "");
    } catch (error) {
      if (turn === this.#reading) setText(this.#message, error instanceof Error ? error.message : String(error));
    }
    this.dirty();
  }

  paint() {
    const { from, to } = this.#range;
    const items = bookings([...this.#executions.values()]).filter(({ time }) => time >= from && time < to);
    const { points, deepest, deepestShare } = equityCurve(this.#points);
    const figures = { ...summaryOf(items), deepest, deepestShare };
    this.#figures.forEach(({ value }, index) => {
      const { text, tone } = FIGURES[index];
      setText(value, text(figures));
      setTone(value, tone ? format.tone(tone(figures)) : "");
    });
    this.#curve.show(points);
    this.#days.render(byDay(items).reverse());
    this.#symbols.render(bySymbol(items).sort((one, other) => other.net - one.net));
  }

  /** @param {() => Promise<void>} run */
  async #save(run) {
    try {
      await run();
    } catch (error) {
      this.context.host.showNotification("Could not save", error instanceof Error ? error.message : String(error), NotificationType.Error);
    }
  }

  async #saveOrders() {
    saveOrders(this.#fileName, await this.context.records.orders(this.#range));
  }

  async #saveExecutions() {
    saveExecutions(this.#fileName, await this.context.records.executions(this.#range));
  }
}
