// @ts-check
/**
 * Orders: the working ones, to be modified and canceled in place, and the history of the final ones. A click on an order
 * chooses its symbol.
 */
import {
  NotificationType, ORDER_STATUS_NAMES, OrderStatus, StopType, hasLimitPrice, hasStopPrice, isFinal, kindOf, sideName,
} from "../lib/codes.js";
import { byId, h, setText } from "../lib/dom.js";
import { MISSING, dateTime, plain, price, qty, tone } from "../lib/format.js";
import { rangeOf } from "../lib/results.js";
import { inWords } from "../lib/words.js";
import { askOnce } from "./ask.js";
import { bracketFields, bracketsOf } from "./brackets.js";
import { toggleWhyEnded } from "./explanation.js";
import { RowForm } from "./row-form.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/**
 * @import {Order} from "../types/tradingview.js"
 * @import {Column} from "./table.js"
 * @import {Context} from "./view.js"
 */

/** @type {Column<Order>[]} */
const HEAD_COLUMNS = [
  { title: "Symbol", text: ({ symbol }) => symbol, width: 80 },
  { title: "Side", text: ({ side }) => sideName(side), tone: ({ side }) => tone(side), width: 54 },
  { title: "Type", text: kindOf, width: 104 },
];

/** @type {Column<Order>} */
const FILLED_COLUMN = {
  title: "Filled / Qty", text: filledOf, value: ({ qty: size }) => size, isNumber: true, width: 108,
};

/**
 * @param {Context} context
 * @param {"limitPrice" | "stopPrice" | "avgPrice"} name
 * @param {string} title
 * @param {number} [rank] see `Column`
 * @returns {Column<Order>}
 */
function priceColumn({ instruments }, name, title, rank) {
  return {
    title,
    rank,
    isNumber: true,
    value: (order) => order[name],
    text: (order) => {
      const isShown = name === "avgPrice" || (name === "limitPrice" ? hasLimitPrice(order.type) : hasStopPrice(order.type));
      return isShown ? price(order[name], instruments.decimals(order.symbol)) : MISSING;
    },
  };
}

/** @param {Order} order */
function filledOf(order) {
  return `${qty(order.filledQty ?? 0)} / ${qty(order.qty)}`;
}

/**
 * Write how long an order works, with its date where it has one.
 * @param {Order} order
 */
function durationOf({ duration }) {
  return duration?.datetime === undefined ? duration?.type ?? MISSING : dateTime(duration.datetime);
}

/**
 * Why an order ended.
 * @param {Order} order
 */
function reasonOf({ message, reason }) {
  return inWords(message?.text ?? reason ?? "");
}

export class OrdersView extends View {
  /** @type {Table<Order>} */
  #table;
  #cancelAll = h("button", { type: "button", class: "small", id: "cancel-all", hidden: true, onclick: () => this.#askCancelAll() }, "Cancel all");

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const config = context.broker.config();
    this.#table = new Table(byId("orders"), {
      label: "Working orders",
      empty: "No working orders.",
      keyOf: ({ id }) => id,
      columns: [
        ...HEAD_COLUMNS,
        FILLED_COLUMN,
        priceColumn(context, "limitPrice", "Limit"),
        priceColumn(context, "stopPrice", "Stop"),
        { title: "Duration", text: durationOf, hint: (order) => this.#nameOfDuration(order), rank: 2, width: 138 },
        { title: "Status", text: ({ status }) => ORDER_STATUS_NAMES[status], rank: 1 },
        {
          title: "Placed (UTC)", text: (order) => dateTime(order.createTime ?? order.updateTime), isNumber: true, rank: 3, width: 160,
        },
      ],
      tool: this.#cancelAll,
      choose: ({ symbol }) => context.state.symbol.setValue(symbol),
      actions: [
        {
          name: "Modify",
          label: ({ id, symbol }) => `Modify ${symbol} order ${id}`,
          run: (order) => this.#edit(order),
          isOffered: () => Boolean(config?.supportModifyOrderPrice || config?.supportEditAmount),
        },
        { name: "Cancel", label: ({ id, symbol }) => `Cancel ${symbol} order ${id}`, run: (order) => this.#cancel(order) },
      ],
    });
  }

  opened() {
    this.watch(this.context.state.orders, this.context.instruments);
  }

  paint() {
    const working = this.context.state.orders.values().filter(({ status }) => !isFinal(status));
    this.#cancelAll.hidden = working.filter(({ parentId }) => parentId === undefined).length < 2;
    this.#table.render(working.sort((a, b) => (b.createTime ?? 0) - (a.createTime ?? 0)));
  }

  /** @param {Order} order */
  #edit(order) {
    const { broker, instruments } = this.context;
    const config = broker.config();
    const decimals = instruments.decimals(order.symbol);
    const close = () => {
      this.#table.setDetail(order.id, null);
      this.#table.focus(order.id);
    };
    if (this.#table.detail(order.id)) {
      close();
      return;
    }
    const fields = [];
    const isTrailing = order.stopType === StopType.TrailingStop;
    if (config?.supportEditAmount && order.parentId === undefined) {
      fields.push({ name: "qty", label: "Quantity", value: plain(order.qty) });
    }
    if (config?.supportModifyOrderPrice && hasStopPrice(order.type) && !isTrailing) {
      fields.push({ name: "stopPrice", label: "Stop price", value: plain(order.stopPrice, decimals) });
    }
    if (config?.supportModifyOrderPrice && isTrailing) {
      fields.push({ name: "trailingStopPips", label: "Trail (pips)", value: plain(order.trailingStopPips) });
    }
    if (config?.supportModifyOrderPrice && hasLimitPrice(order.type)) {
      fields.push({ name: "limitPrice", label: "Limit price", value: plain(order.limitPrice, decimals) });
    }
    const hasBrackets = config?.supportModifyBrackets && order.parentId === undefined && !isTrailing;
    if (hasBrackets) fields.push(...bracketFields(order, config, decimals));
    const submit = (/** @type {Record<string, any>} */ values) => {
      const newest = this.context.state.orders.get(order.id) ?? order;
      return broker.modifyOrder({ ...newest, ...(hasBrackets && bracketsOf(values)), ...values });
    };
    const form = new RowForm({ label: `Modify order ${order.id}`, fields, confirm: "Save", submit, close });
    this.#table.setDetail(order.id, form.element);
    form.focus();
  }

  /** @param {Order} order */
  #nameOfDuration({ duration }) {
    return this.context.state.durations.value().find(({ value }) => value === duration?.type)?.name ?? "";
  }

  /** Cancel all working orders, symbol by symbol, after one question. */
  async #askCancelAll() {
    const { broker, host, state } = this.context;
    const working = state.orders.values().filter(({ status, parentId }) => !isFinal(status) && parentId === undefined);
    const symbols = new Set(working.map(({ symbol }) => symbol));
    const text = `${working.length} working orders in ${[...symbols].join(", ")} will be canceled, with their brackets.`;
    if (!await askOnce({ title: "Cancel all orders?", text, confirm: `Cancel ${working.length} orders` })) return;
    for (const symbol of symbols) {
      const ids = working.filter((order) => order.symbol === symbol).map(({ id }) => id);
      await broker.cancelOrders(symbol, undefined, ids).catch((error) => {
        host.showNotification("Could not cancel", inWords(error.message), NotificationType.Error);
      });
    }
  }

  /** @param {Order} order */
  async #cancel(order) {
    try {
      await this.context.broker.cancelOrder(order.id);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.context.host.showNotification("Could not cancel", inWords(text), NotificationType.Error);
    }
  }
}

/** The newest final orders, or those that ended on a day that the trader chooses. */
export class HistoryView extends View {
  /** @type {Table<Order>} */
  #table;
  #day = h("input", { type: "date", onchange: () => this.#readDay() });
  /** Orders of the chosen day; null while the newest ones are shown. @type {Order[] | null} */
  #ofDay = null;

  /** @param {Context} context */
  constructor(context) {
    super(context);
    const body = h("div");
    byId("history").replaceChildren(h("label", { class: "history-head muted" }, "Day (UTC)", this.#day), body);
    this.#table = new Table(body, {
      label: "Order history",
      empty: "No orders have been completed yet.",
      keyOf: ({ id }) => id,
      columns: [
        ...HEAD_COLUMNS,
        FILLED_COLUMN,
        priceColumn(context, "limitPrice", "Limit", 4),
        priceColumn(context, "stopPrice", "Stop", 4),
        priceColumn(context, "avgPrice", "Average"),
        {
          title: "Status",
          width: 86,
          text: ({ status }) => ORDER_STATUS_NAMES[status],
          tone: ({ status }) => (status === OrderStatus.Rejected ? "down" : ""),
        },
        { title: "Reason", text: reasonOf, hint: reasonOf, rank: 2, width: 150, isWide: true },
        { title: "Updated (UTC)", text: ({ updateTime }) => dateTime(updateTime), isNumber: true, rank: 3, width: 160 },
      ],
      actions: [{
        name: "Why", label: ({ id, status }) => `Why order ${id} is ${ORDER_STATUS_NAMES[status].toLowerCase()}`,
        run: (order) => toggleWhyEnded(context, this.#table, order),
      }],
      choose: ({ symbol }) => context.state.symbol.setValue(symbol),
    });
  }

  opened() {
    const { state, instruments } = this.context;
    const another = () => this.#readDay();
    state.account.subscribe(another);
    this.whenClosed(() => state.account.unsubscribe(another));
    this.watch(state.orders, instruments);
  }

  paint() {
    const done = this.#ofDay ?? this.context.state.orders.values().filter(({ status }) => isFinal(status));
    this.#table.render(done.toSorted((a, b) => (b.updateTime ?? 0) - (a.updateTime ?? 0)));
  }

  /** Read the orders of the chosen day; without a day the newest ones are shown. */
  async #readDay() {
    const { records, host, clock } = this.context;
    const day = this.#day.value;
    try {
      const orders = day ? await records.orders(rangeOf("dates", clock.now(), { first: day, last: day })) : null;
      if (day === this.#day.value) this.#ofDay = orders;
    } catch (error) {
      host.showNotification("Could not read orders", inWords(error instanceof Error ? error.message : String(error)), NotificationType.Error);
    }
    this.dirty();
  }
}

/** Counts on the tabs of working orders and open positions. */
export class CountsView extends View {
  opened() {
    this.watch(this.context.state.orders, this.context.state.positions);
  }

  paint() {
    const { orders, positions } = this.context.state;
    const working = orders.values().filter(({ status }) => !isFinal(status)).length;
    setText(byId("count-orders"), working ? String(working) : "");
    setText(byId("count-positions"), positions.size ? String(positions.size) : "");
  }
}
