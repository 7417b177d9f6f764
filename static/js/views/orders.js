// @ts-check
/** Orders: the working ones, to be modified and canceled in place, and the history of the final ones. */
import {
  NotificationType, ORDER_STATUS_NAMES, ORDER_TYPE_NAMES, OrderStatus, hasLimitPrice, hasStopPrice, isFinal, sideName,
} from "../lib/codes.js";
import { byId, setText } from "../lib/dom.js";
import { MISSING, dateTime, plain, price, qty, tone } from "../lib/format.js";
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
  { title: "Symbol", text: ({ symbol }) => symbol },
  { title: "Side", text: ({ side }) => sideName(side), tone: ({ side }) => tone(side) },
  { title: "Type", text: ({ type }) => ORDER_TYPE_NAMES[type] },
];

/**
 * @param {Context} context
 * @param {"limitPrice" | "stopPrice" | "avgPrice"} name
 * @param {string} title
 * @returns {Column<Order>}
 */
function priceColumn({ instruments }, name, title) {
  return {
    title,
    isNumber: true,
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

export class OrdersView extends View {
  /** @type {Table<Order>} */
  #table;

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
        { title: "Filled / Qty", text: filledOf, isNumber: true },
        priceColumn(context, "limitPrice", "Limit"),
        priceColumn(context, "stopPrice", "Stop"),
        { title: "Status", text: ({ status }) => ORDER_STATUS_NAMES[status] },
        { title: "Placed (UTC)", text: (order) => dateTime(order.createTime ?? order.updateTime), isNumber: true, width: "132px" },
      ],
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
    if (this.#table.hasDetail(order.id)) {
      close();
      return;
    }
    const fields = [];
    if (config?.supportEditAmount) fields.push({ name: "qty", label: "Quantity", value: plain(order.qty) });
    if (config?.supportModifyOrderPrice && hasStopPrice(order.type)) {
      fields.push({ name: "stopPrice", label: "Stop price", value: plain(order.stopPrice, decimals) });
    }
    if (config?.supportModifyOrderPrice && hasLimitPrice(order.type)) {
      fields.push({ name: "limitPrice", label: "Limit price", value: plain(order.limitPrice, decimals) });
    }
    const submit = (/** @type {Record<string, number>} */ values) => {
      const newest = this.context.state.orders.get(order.id) ?? order;
      return broker.modifyOrder({ ...newest, ...values });
    };
    const form = new RowForm({ label: `Modify order ${order.id}`, fields, confirm: "Save", submit, close });
    this.#table.setDetail(order.id, form.element);
    form.focus();
  }

  /** @param {Order} order */
  async #cancel(order) {
    try {
      await this.context.broker.cancelOrder(order.id);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.context.host.showNotification("Could not cancel", text, NotificationType.Error);
    }
  }
}

export class HistoryView extends View {
  /** @type {Table<Order>} */
  #table;

  /** @param {Context} context */
  constructor(context) {
    super(context);
    this.#table = new Table(byId("history"), {
      label: "Order history",
      empty: "No orders have been completed yet.",
      keyOf: ({ id }) => id,
      columns: [
        ...HEAD_COLUMNS,
        { title: "Filled / Qty", text: filledOf, isNumber: true },
        priceColumn(context, "limitPrice", "Limit"),
        priceColumn(context, "stopPrice", "Stop"),
        priceColumn(context, "avgPrice", "Average"),
        {
          title: "Status",
          text: ({ status }) => ORDER_STATUS_NAMES[status],
          tone: ({ status }) => (status === OrderStatus.Rejected ? "down" : ""),
          hint: ({ message, reason }) => message?.text ?? reason ?? "",
        },
        { title: "Updated (UTC)", text: ({ updateTime }) => dateTime(updateTime), isNumber: true, width: "132px" },
      ],
    });
  }

  opened() {
    this.watch(this.context.state.orders, this.context.instruments);
  }

  paint() {
    const done = this.context.state.orders.values().filter(({ status }) => isFinal(status));
    this.#table.render(done.sort((a, b) => (b.updateTime ?? 0) - (a.updateTime ?? 0)));
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
