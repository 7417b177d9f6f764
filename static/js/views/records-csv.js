// @ts-check
/** Saves orders, executions and equity as CSV files. Times are in ISO 8601, in UTC; numbers have no separators. */
import { ORDER_STATUS_NAMES, kindOf, sideName } from "../lib/codes.js";
import { toCsv } from "../lib/csv.js";
import { saveFile } from "./save-file.js";

/** @import {EquityPoint, Execution, Order} from "../types/tradingview.js" */

/** @param {number | undefined} time */
const iso = (time) => (time === undefined ? "" : new Date(time).toISOString());

/** @type {[string, (order: Order) => unknown][]} */
const ORDER_COLUMNS = [
  ["id", ({ id }) => id], ["symbol", ({ symbol }) => symbol], ["side", ({ side }) => sideName(side)], ["type", kindOf],
  ["quantity", ({ qty }) => qty], ["filled", ({ filledQty }) => filledQty], ["limit price", ({ limitPrice }) => limitPrice],
  ["stop price", ({ stopPrice }) => stopPrice], ["average price", ({ avgPrice }) => avgPrice],
  ["status", ({ status }) => ORDER_STATUS_NAMES[status]], ["reason", ({ reason }) => reason], ["message", ({ message }) => message?.text],
  ["commission", ({ commission }) => commission], ["placed", ({ createTime }) => iso(createTime)], ["ended", ({ updateTime }) => iso(updateTime)],
];

/** @type {[string, (execution: Execution) => unknown][]} */
const EXECUTION_COLUMNS = [
  ["id", ({ id }) => id], ["order", ({ orderId }) => orderId], ["time", ({ time }) => iso(time)], ["symbol", ({ symbol }) => symbol],
  ["side", ({ side }) => sideName(side)], ["quantity", ({ qty }) => qty], ["price", ({ price }) => price],
  ["commission", ({ commission }) => commission], ["net amount", ({ netAmount }) => netAmount], ["maker", ({ maker }) => maker],
];

/** @type {[string, (point: EquityPoint) => unknown][]} */
const EQUITY_COLUMNS = [["time", ({ time }) => iso(time)], ["equity", ({ equity }) => equity]];

/**
 * @param {string} name of the file
 * @param {string} text
 */
const save = (name, text) => saveFile(name, new Blob([text], { type: "text/csv" }));

/**
 * @param {string} name of the account and the days
 * @param {Order[]} orders
 */
export const saveOrders = (name, orders) => save(`orders ${name}.csv`, toCsv(ORDER_COLUMNS, orders));

/**
 * @param {string} name of the account and the days
 * @param {Execution[]} executions
 */
export const saveExecutions = (name, executions) => save(`executions ${name}.csv`, toCsv(EXECUTION_COLUMNS, executions));

/**
 * @param {string} name of the account and the days
 * @param {EquityPoint[]} points
 */
export const saveEquity = (name, points) => save(`equity ${name}.csv`, toCsv(EQUITY_COLUMNS, points));
