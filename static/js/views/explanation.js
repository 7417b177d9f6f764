// @ts-check
/** The explanation of an execution or an order, below its row. A second click takes it away. */
import { NotificationType, OrderStatus } from "../lib/codes.js";
import { h } from "../lib/dom.js";
import { reasoningOfExecution, reasoningOfOrder } from "../lib/explanations.js";
import { inWords } from "../lib/words.js";

/**
 * @import {Reasoning} from "../lib/explanations.js"
 * @import {Execution, Order} from "../types/tradingview.js"
 * @import {Table} from "./table.js"
 * @import {Context} from "./view.js"
 */

/** Executions of one order that are explained at once. */
const EXPLAINED = 10;

/** @param {Reasoning} reasoning */
function blockOf({ title, rule, facts }) {
  return h("section", { class: "explanation", "aria-label": `Why: ${title}` },
    h("p", {}, h("strong", {}, title), ". ", rule),
    h("dl", { class: "facts numeric" }, ...facts.map(([name, figure]) => h("div", {}, h("dt", {}, name), h("dd", {}, figure)))));
}

/**
 * Show why below a row, or take it away.
 * @param {Context} context
 * @param {Table<any>} table
 * @param {string} key of the row
 * @param {() => Promise<Reasoning[]>} read
 */
async function toggle({ host }, table, key, read) {
  if (table.hasDetail(key)) {
    table.setDetail(key, null);
    return;
  }
  try {
    const reasonings = await read();
    table.setDetail(key, h("div", { class: "explanations", role: "status" }, ...reasonings.map(blockOf)));
  } catch (error) {
    host.showNotification("No explanation", inWords(error instanceof Error ? error.message : String(error)), NotificationType.Error);
  }
}

/**
 * @param {Context} context
 * @param {Execution} execution
 * @returns {Promise<Reasoning>}
 */
async function explained({ records, instruments }, { id, symbol }) {
  return reasoningOfExecution(await records.explain(id), instruments.decimals(symbol));
}

/**
 * @param {Context} context
 * @param {Table<Execution>} table
 * @param {Execution} execution
 */
export function toggleWhyExecuted(context, table, execution) {
  return toggle(context, table, execution.id, async () => [await explained(context, execution)]);
}

/**
 * Why an order was rejected or canceled, or why it was filled at these prices.
 * @param {Context} context
 * @param {Table<Order>} table
 * @param {Order} order final
 */
export function toggleWhyEnded(context, table, order) {
  return toggle(context, table, order.id, async () => {
    if (order.status !== OrderStatus.Filled) return [reasoningOfOrder(order, context.instruments.decimals(order.symbol))];
    const executions = (await context.broker.executions(order.symbol)).filter(({ orderId }) => orderId === order.id);
    return Promise.all(executions.slice(0, EXPLAINED).map((execution) => explained(context, execution)));
  });
}
