// @ts-check
/**
 * Open positions with live profit and loss: closed whole or in part, reversed, and bracketed in place. A click on a position
 * chooses its symbol.
 */
import { NotificationType, sideName } from "../lib/codes.js";
import { byId, h } from "../lib/dom.js";
import { percent, plain, price, qty, signed, tone } from "../lib/format.js";
import { inWords } from "../lib/words.js";
import { askOnce } from "./ask.js";
import { bracketFields, bracketsOf } from "./brackets.js";
import { RowForm } from "./row-form.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {Position} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

/**
 * Profit in percent of the cost of the position.
 * @param {Position} position
 */
function gain({ pl, avgPrice, qty: size }) {
  return pl === undefined || size === 0 ? undefined : (pl / (avgPrice * size)) * 100;
}

/**
 * Write the stop of a position, whatever kind it is.
 * @param {Position} position
 * @param {number} decimals
 */
function stopOf({ stopLoss, guaranteedStop, trailingStopPips }, decimals) {
  return trailingStopPips === undefined ? price(stopLoss ?? guaranteedStop, decimals) : `${qty(trailingStopPips)} pips`;
}

export class PositionsView extends View {
  /** @type {Table<Position>} */
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
        { title: "Symbol", text: ({ symbol }) => symbol, width: 80 },
        {
          title: "Side", text: ({ side }) => (sideName(side) === "Buy" ? "Long" : "Short"), tone: ({ side }) => tone(side), width: 54,
        },
        { title: "Qty", text: (position) => qty(position.qty), value: (position) => position.qty, isNumber: true, width: 72 },
        {
          title: "Average", text: ({ avgPrice, symbol }) => price(avgPrice, decimals(symbol)), value: ({ avgPrice }) => avgPrice,
          isNumber: true, rank: 2, width: 92,
        },
        { title: "Last", text: ({ mark, symbol }) => price(mark, decimals(symbol)), value: ({ mark }) => mark, isNumber: true, rank: 1, width: 92 },
        { title: "P/L", text: ({ pl }) => signed(pl), value: ({ pl }) => pl, tone: ({ pl }) => tone(pl), isNumber: true },
        {
          title: "P/L %", text: (position) => percent(gain(position)), value: gain, tone: ({ pl }) => tone(pl), isNumber: true, rank: 3,
          width: 74,
        },
        {
          title: "Take profit", text: ({ takeProfit, symbol }) => price(takeProfit, decimals(symbol)), value: ({ takeProfit }) => takeProfit,
          isNumber: true, rank: 4, width: 88,
        },
        { title: "Stop", text: (position) => stopOf(position, decimals(position.symbol)), isNumber: true, rank: 4, width: 88 },
        {
          title: "Realized", text: ({ realizedPL }) => signed(realizedPL), value: ({ realizedPL }) => realizedPL,
          tone: ({ realizedPL }) => tone(realizedPL), isNumber: true, rank: 5,
        },
      ],
      tool: this.#closeAll,
      choose: ({ symbol }) => context.state.symbol.setValue(symbol),
      actions: [
        {
          name: "Brackets",
          label: ({ symbol }) => `Edit brackets of ${symbol} position`,
          run: (position) => this.#toggle(position, () => this.#bracketsForm(position)),
          isOffered: () => Boolean(context.broker.config()?.supportPositionBrackets),
        },
        {
          name: "Reverse",
          label: ({ symbol }) => `Reverse ${symbol} position`,
          run: (position) => this.#toggle(position, () => this.#reverseForm(position)),
          isOffered: () => Boolean(context.broker.config()?.supportReversePosition),
        },
        {
          name: "Close",
          label: ({ symbol }) => `Close ${symbol} position`,
          run: (position) => this.#toggle(position, () => this.#closeForm(position)),
          isOffered: () => Boolean(context.broker.config()?.supportClosePosition),
        },
      ],
    });
  }

  opened() {
    this.watch(this.context.state.positions, this.context.instruments);
    if (this.context.broker.config()?.supportPLUpdate) this.whenClosed(this.context.broker.follow("pl"));
  }

  paint() {
    const positions = this.context.state.positions.values();
    this.#table.render(positions);
    this.#closeAll.hidden = positions.length < 2 || !this.context.broker.config()?.supportClosePosition;
  }

  /** Close every position at the market after one question; a refusal is shown, and the others are closed. */
  async #askCloseAll() {
    const { broker, host, state } = this.context;
    const positions = state.positions.values();
    const text = `${positions.map(({ symbol }) => symbol).join(", ")} will be closed at the market price, and their brackets canceled.`;
    if (!await askOnce({ title: "Close all positions?", text, confirm: `Close ${positions.length} positions` })) return;
    for (const { id, symbol } of positions) {
      broker.closePosition(id).catch((error) => {
        host.showNotification(`Could not close ${symbol}`, inWords(error.message), NotificationType.Error);
      });
    }
  }

  /**
   * Show a form below a position's row, or take it away when it is there already.
   * @param {Position} position
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
   * @param {Position} position
   * @returns {import("./row-form.js").RowFormOptions}
   */
  #closeForm({ id, symbol, qty: now }) {
    const { broker, state } = this.context;
    return {
      label: `Close ${symbol} position`,
      fields: broker.config()?.supportPartialClosePosition ? [{ name: "qty", label: "Quantity to close", value: plain(now) }] : [],
      confirm: "Close at market",
      submit: ({ qty: amount }) => broker.closePosition(id, amount === state.positions.get(id)?.qty ? undefined : amount),
      close: () => this.#dismiss(id),
    };
  }

  /**
   * @param {Position} position
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
   * @param {Position} position
   * @returns {import("./row-form.js").RowFormOptions}
   */
  #bracketsForm(position) {
    const { broker, instruments } = this.context;
    return {
      label: `Brackets of ${position.symbol} position`,
      fields: bracketFields(position, broker.config(), instruments.decimals(position.symbol)),
      confirm: "Save",
      submit: (values) => broker.editPositionBrackets(position.id, bracketsOf(values)),
      close: () => this.#dismiss(position.id),
    };
  }
}
