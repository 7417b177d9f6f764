// @ts-check
/**
 * The records of the current account: explanations of executions, and orders, executions and equity between two dates. The
 * server keeps them over restarts; nothing is followed.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {Api} from "../adapters/api-adapter.js"
 */

/** Rows of one answer; a full page is followed by another question. */
const PAGE_ROWS = 500;
const MAX_PAGES = 40;

/** @typedef {{from: number, to: number}} Range epoch milliseconds, the end exclusive */

/**
 * Read all rows of a range, page by page. The next page begins at the time of the last row, so rows of that time come twice.
 * @template {{id: string}} T
 * @param {(range: Range) => Promise<T[]>} read the oldest rows of a range, at most `PAGE_ROWS`
 * @param {(item: T) => number} timeOf
 * @param {Range} range
 * @returns {Promise<T[]>} oldest first
 */
async function readPages(read, timeOf, range) {
  /** @type {Map<string, T>} */
  const found = new Map();
  let { from } = range;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const items = await read({ ...range, from });
    for (const item of items) found.set(item.id, item);
    const last = items.at(-1);
    if (!last || items.length < PAGE_ROWS) break;
    from = Math.max(timeOf(last), from + 1);
  }
  return [...found.values()];
}

export class RecordsService {
  #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * @param {string} executionId
   * @returns {Promise<TV.ExecutionExplanation>}
   */
  explain(executionId) {
    return this.#api.explain(executionId);
  }

  /**
   * @param {Range} range of the times at which the orders ended
   * @returns {Promise<TV.Order[]>} final orders, oldest first
   */
  orders(range) {
    return readPages((page) => this.#api.ordersHistory(page), ({ updateTime }) => updateTime ?? 0, range);
  }

  /**
   * @param {Range} range
   * @returns {Promise<TV.Execution[]>} oldest first
   */
  executions(range) {
    return readPages((page) => this.#api.executionsBetween(page), ({ time }) => time, range);
  }

  /**
   * @param {string} resolution "1", "5", "15", "60" or "1D"
   * @param {Range} range
   * @returns {Promise<TV.EquityPoint[]>} oldest first
   */
  equity(resolution, range) {
    return this.#api.equityHistory(resolution, range);
  }
}
