// @ts-check
/**
 * Open positions with live profit and loss: closed whole or in part, reversed, and bracketed in place. A click on a position
 * chooses its symbol. Below a net position are the individual ones of a hedging account (`lib/position-rows.js`).
 */
import { NotificationType, sideName } from "../lib/codes.js";
import { byId, h } from "../lib/dom.js";
import { MISSING, dateTime, percent, plain, price, qty, signed, tone } from "../lib/format.js";
import { bracketPrices, byNet, positionRows } from "../lib/position-rows.js";
import { inWords } from "../lib/words.js";
import { askOnce } from "./ask.js";
import { bracketFields, bracketsOf } from "./brackets.js";
import { RowForm } from "./row-form.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {PositionRow} from "../lib/position-rows.js"
 * @import {Context} from "./view.js"
 */

/**
 * Profit in percent of the cost of the position.
 * @param {PositionRow} position
 */
function gain({ pl, avgPrice, qty: size }) {
  return pl === undefined || size === 0 ? undefined : (pl / (avgPrice * size)) * 100;
}

/**
 * Write the prices of a bracket, or of all exit levels.
 * @param {number[]} prices
 * @param {number} decimals
 */
function pricesOf(prices, decimals) {
  return prices.map((one) => price(one, decimals)).join(" / ") || MISSING;
}

/**
 * Write the stop of a position, whatever kind it is.
 * @param {PositionRow} position
 * @param {number} decimals
 */
function stopOf(position, decimals) {
  const { guaranteedStop, trailingStopPips } = position;
  if (trailingStopPips !== undefined) return `${qty(trailingStopPips)} pips`;
  return guaranteedStop === undefined ? pricesOf(bracketPrices(position, "stopLoss"), decimals) : price(guaranteedStop, decimals);
}

/** @param {PositionRow} position */
function nameOf({ id, symbol, net }) {
  return net === undefined ? `${symbol} position` : `${symbol} ${id}`;
}

export class PositionsView extends View {
  /** @type {Table<PositionRow>} */
  #table;
  #closeAll = h("button", { type: "button", class: "small", id: "close-all", hidden: true, onclick: () => this.#askCloseAll() }, "Close all");

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const decimals = (/** @type {string} */ symbol) => context.instruments.decimals(symbol);
    this.#table = new Table(byId("positions"), {
      label: "Open positions",
      empty: "No open positions. Press B or S to open the order ticket.",
      keyOf: ({ id }) => id,
      columns: [
        {
          title: "Symbol", text: ({ symbol, net }) => (net === undefined ? symbol : `↳ ${symbol}`), value: ({ symbol }) => symbol,
          hint: ({ id, date }) => (date === undefined ? "" : `${id}, opened ${dateTime(date)} UTC`), width: 80,
        },
        {
          title: "Side", text: ({ side }) => (sideName(side) === "Buy" ? "Long" : "Short"), value: byNet(({ side }) => side), tone: ({ side }) => tone(side),
          width: 54,
        },
        { title: "Qty", text: (position) => qty(position.qty), value: byNet((position) => position.qty), isNumber: true, width: 72 },
        {
          title: "Average", text: ({ avgPrice, symbol }) => price(avgPrice, decimals(symbol)), value: byNet(({ avgPrice }) => avgPrice),
          isNumber: true, rank: 2, width: 92,
        },
        { title: "Last", text: ({ mark, symbol }) => price(mark, decimals(symbol)), value: byNet(({ mark }) => mark), isNumber: true, rank: 1, width: 92 },
        { title: "P/L", text: ({ pl }) => signed(pl), value: byNet(({ pl }) => pl), tone: ({ pl }) => tone(pl), isNumber: true },
        {
          title: "P/L %", text: (position) => percent(gain(position)), value: byNet(gain), tone: ({ pl }) => tone(pl), isNumber: true, rank: 3,
          width: 74,
        },
        {
          title: "Take profit", text: (position) => pricesOf(bracketPrices(position, "takeProfit"), decimals(position.symbol)),
          value: byNet((position) => bracketPrices(position, "takeProfit")[0]), isNumber: true, rank: 4, width: 88,
        },
        { title: "Stop", text: (position) => stopOf(position, decimals(position.symbol)), value: byNet((position) => bracketPrices(position, "stopLoss")[0]), isNumber: true, rank: 4, width: 88 },
        {
          title: "Realized", text: ({ realizedPL }) => signed(realizedPL), value: byNet(({ realizedPL }) => realizedPL),
          tone: ({ realizedPL }) => tone(realizedPL), isNumber: true, rank: 5,
        },
      ],
      tool: this.#closeAll,
      choose: ({ symbol }) => context.state.symbol.setValue(symbol),
      actions: [
        {
          name: "Brackets",
          label: (position) => `Edit brackets of ${nameOf(position)}`,
          run: (position) => this.#toggle(position, () => this.#bracketsForm(position)),
          isOffered: (position) => this.#hasBrackets(position),
        },
        {
          name: "Reverse",
          label: ({ symbol }) => `Reverse ${symbol} position`,
          run: (position) => this.#toggle(position, () => this.#reverseForm(position)),
          isOffered: ({ net }) => net === undefined && Boolean(context.broker.config()?.supportReversePosition),
        },
        {
          name: "Close",
          label: (position) => `Close ${nameOf(position)}`,
          run: (position) => this.#toggle(position, () => this.#closeForm(position)),
          isOffered: ({ canBeClosed = true }) => canBeClosed && Boolean(context.broker.config()?.supportClosePosition),
        },
      ],
    });
  }

  opened() {
    this.watch(this.context.state.positions, this.context.state.individualPositions, this.context.instruments);
    if (this.context.broker.config()?.supportPLUpdate) this.whenClosed(this.context.broker.follow("pl"));
  }

  paint() {
    const rows = this.#rows;
    this.#table.render(rows);
    this.#closeAll.hidden = rows.filter(({ net }) => !net).length < 2 || !this.context.broker.config()?.supportClosePosition;
  }

  /**
   * Whether its brackets can be edited in one form; exit levels of parts of a position cannot.
   * @param {PositionRow} position
   */
  #hasBrackets({ net, exitLevels }) {
    const config = this.context.broker.config();
    const isOffered = net === undefined ? config?.supportPositionBrackets : config?.supportIndividualPositionBrackets;
    return Boolean(isOffered) && !exitLevels?.length;
  }

  get #rows() {
    const { positions, individualPositions } = this.context.state;
    return positionRows(positions.values(), individualPositions.values());
  }

  /**
   * @param {PositionRow} position
   * @param {number} [amount] all of it when absent
   */
  #close({ id, net }, amount) {
    const { broker } = this.context;
    return net === undefined ? broker.closePosition(id, amount) : broker.closeIndividualPosition(id, amount);
  }

  /** Close every position at the market after one question; a refusal is shown, and the others are closed. */
  async #askCloseAll() {
    const { host } = this.context;
    const positions = this.#rows.filter(({ net }) => !net); // closing a net position closes its individual ones
    const text = `${positions.map(({ symbol }) => symbol).join(", ")} will be closed at the market price, and their brackets canceled.`;
    if (!await askOnce({ title: "Close all positions?", text, confirm: `Close ${positions.length} positions` })) return;
    for (const position of positions) {
      this.#close(position).catch((error) => {
        host.showNotification(`Could not close ${position.symbol}`, inWords(error.message), NotificationType.Error);
      });
    }
  }

  /**
   * Show a form below a position's row, or take it away when it is there already.
   * @param {PositionRow} position
   * @param {() => import("./row-form.js").RowFormOptions} options
   */
  #toggle({ id }, options) {
    const { label } = options();
    if (this.#table.detail(id)?.getAttribute("aria-label") === label) {
      this.#dismiss(id);
      return;
    }
    const form = new RowForm(options());
    this.#table.setDetail(id, form.element);
    form.focus();
  }

  /** @param {string} id */
  #dismiss(id) {
    this.#table.setDetail(id, null);
    this.#table.focus(id);
  }

  /**
   * @param {PositionRow} position
   * @returns {import("./row-form.js").RowFormOptions}
   */
  #closeForm(position) {
    const { id, qty: now } = position;
    return {
      label: `Close ${nameOf(position)}`,
      fields: this.context.broker.config()?.supportPartialClosePosition ? [{ name: "qty", label: "Quantity to close", value: plain(now) }] : [],
      confirm: "Close at market",
      submit: ({ qty: amount }) => this.#close(position, amount === this.#rows.find((row) => row.id === id)?.qty ? undefined : amount),
      close: () => this.#dismiss(id),
    };
  }

  /**
   * @param {PositionRow} position
   * @returns {import("./row-form.js").RowFormOptions}
   */
  #reverseForm({ id, symbol, qty: now, side }) {
    return {
      label: `Reverse ${symbol} position`,
      fields: [],
      confirm: `${sideName(side) === "Buy" ? "Sell" : "Buy"} ${qty(now * 2)} at market`,
      submit: () => this.context.broker.reversePosition(id),
      close: () => this.#dismiss(id),
    };
  }

  /**
   * @param {PositionRow} position
   * @returns {import("./row-form.js").RowFormOptions}
   */
  #bracketsForm(position) {
    const { broker, instruments } = this.context;
    return {
      label: `Brackets of ${nameOf(position)}`,
      fields: bracketFields(position, broker.config(), instruments.decimals(position.symbol)),
      confirm: "Save",
      submit: (values) => (position.net === undefined
        ? broker.editPositionBrackets(position.id, bracketsOf(values)) : broker.editIndividualPositionBrackets(position.id, bracketsOf(values))),
      close: () => this.#dismiss(position.id),
    };
  }
}
