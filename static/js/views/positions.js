// @ts-check
/** Open positions with live profit and loss; closed whole or in part in place. */
import { sideName } from "../lib/codes.js";
import { byId } from "../lib/dom.js";
import { percent, plain, price, qty, signed, tone } from "../lib/format.js";
import { RowForm } from "./row-form.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {Position} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

/**
 * Profit relative to what the position cost.
 * @param {Position} position
 */
function gainPercent({ pl, avgPrice, qty: size }) {
  return percent(pl === undefined || size === 0 ? undefined : (pl / (avgPrice * size)) * 100);
}

export class PositionsView extends View {
  /** @type {Table<Position>} */
  #table;

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const decimals = (/** @type {string} */ symbol) => context.instruments.decimals(symbol);
    this.#table = new Table(byId("positions"), {
      label: "Open positions",
      empty: "No open positions. Press B or S to open the order ticket.",
      keyOf: ({ id }) => id,
      columns: [
        { title: "Symbol", text: ({ symbol }) => symbol },
        { title: "Side", text: ({ side }) => (sideName(side) === "Buy" ? "Long" : "Short"), tone: ({ side }) => tone(side) },
        { title: "Qty", text: (position) => qty(position.qty), isNumber: true },
        { title: "Average", text: ({ avgPrice, symbol }) => price(avgPrice, decimals(symbol)), isNumber: true },
        { title: "Last", text: ({ mark, symbol }) => price(mark, decimals(symbol)), isNumber: true },
        { title: "P/L", text: ({ pl }) => signed(pl), tone: ({ pl }) => tone(pl), isNumber: true },
        { title: "P/L %", text: gainPercent, tone: ({ pl }) => tone(pl), isNumber: true },
        {
          title: "Realised", text: ({ realizedPL }) => signed(realizedPL), tone: ({ realizedPL }) => tone(realizedPL), isNumber: true,
        },
      ],
      actions: [{
        name: "Close",
        label: ({ symbol }) => `Close ${symbol} position`,
        run: (position) => this.#askToClose(position),
        isOffered: () => Boolean(context.broker.config()?.supportClosePosition),
      }],
    });
  }

  opened() {
    this.watch(this.context.state.positions, this.context.instruments);
    if (this.context.broker.config()?.supportPLUpdate) this.whenClosed(this.context.broker.follow("pl"));
  }

  paint() {
    this.#table.render(this.context.state.positions.values());
  }

  /** @param {Position} position */
  #askToClose(position) {
    const { broker } = this.context;
    const close = () => {
      this.#table.setDetail(position.id, null);
      this.#table.focus(position.id);
    };
    if (this.#table.hasDetail(position.id)) {
      close();
      return;
    }
    const isPartial = broker.config()?.supportPartialClosePosition;
    const form = new RowForm({
      label: `Close ${position.symbol} position`,
      fields: isPartial ? [{ name: "qty", label: "Quantity to close", value: plain(position.qty) }] : [],
      confirm: "Close at market",
      submit: ({ qty: amount }) => {
        const size = this.context.state.positions.get(position.id)?.qty;
        return broker.closePosition(position.id, amount === undefined || amount === size ? undefined : amount);
      },
      close,
    });
    this.#table.setDetail(position.id, form.element);
    form.focus();
  }
}
