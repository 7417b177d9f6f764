// @ts-check
/**
 * The server's REST interface, one method per operation. Replies come back in TradingView's shapes, refusals as ApiError.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {Problem, ValidationIssue} from "../types/wire.js"
 */
import { toExecution, toHistory, toInstrument, toOrder, toPosition, toWireOrder } from "./mappers.js";

const HISTORY_LIMIT = 200;

/** The server refused, or could not be reached (`status` 0, `code` "UNREACHABLE"). */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status
   * @param {string} code the server's reason code
   * @param {string} detail a sentence for people
   * @param {ValidationIssue[]} [errors] fields that do not validate
   */
  constructor(status, code, detail, errors = []) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/**
 * Read the problem body of a refused request; a proxy in between may have sent something else.
 * @param {Response} response
 */
async function refusal(response) {
  /** @type {Partial<Problem>} */
  const problem = await response.json().catch(() => ({}));
  return new ApiError(
    response.status, problem.code ?? "HTTP_ERROR", problem.detail ?? `${response.status} ${response.statusText}`, problem.errors,
  );
}

export class ApiAdapter {
  #base;
  #fetch;

  /**
   * @param {string} base address of the API, e.g. "/api/v1"
   * @param {typeof fetch} [fetcher]
   */
  constructor(base, fetcher = (input, init) => fetch(input, init)) {
    this.#base = base;
    this.#fetch = fetcher;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{query?: Record<string, string | number | undefined>, body?: unknown}} [request]
   * @returns {Promise<any>}
   */
  async #call(method, path, { query = {}, body } = {}) {
    const entries = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = entries.length ? `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}` : "";
    const init = body === undefined
      ? { method }
      : { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    let response;
    try {
      response = await this.#fetch(this.#base + path + search, init);
    } catch {
      throw new ApiError(0, "UNREACHABLE", "The server cannot be reached.");
    }
    if (!response.ok) throw await refusal(response);
    return response.json();
  }

  /** @returns {Promise<TV.BrokerConfigFlags>} */
  brokerConfig() {
    return this.#call("GET", "/broker/config");
  }

  /** @returns {Promise<TV.AccountMetainfo>} */
  account() {
    return this.#call("GET", "/broker/account");
  }

  /** @returns {Promise<TV.Money>} */
  accountState() {
    return this.#call("GET", "/broker/account/state");
  }

  /** @returns {Promise<TV.Order[]>} working orders and those that became final lately */
  async orders() {
    return (await this.#call("GET", "/broker/orders")).map(toOrder);
  }

  /** @returns {Promise<TV.Order[]>} final orders */
  async ordersHistory() {
    return (await this.#call("GET", "/broker/orders/history", { query: { limit: HISTORY_LIMIT } })).map(toOrder);
  }

  /** @returns {Promise<TV.Position[]>} */
  async positions() {
    return (await this.#call("GET", "/broker/positions")).map(toPosition);
  }

  /**
   * @param {string} symbol all symbols when empty
   * @returns {Promise<TV.Execution[]>} oldest first
   */
  async executions(symbol) {
    const path = symbol ? `/broker/executions/${encodeURIComponent(symbol)}` : "/broker/executions";
    return (await this.#call("GET", path, { query: symbol ? {} : { limit: HISTORY_LIMIT } })).map(toExecution);
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.InstrumentInfo>}
   */
  async instrument(symbol) {
    return toInstrument(await this.#call("GET", `/broker/symbols/${encodeURIComponent(symbol)}`));
  }

  /**
   * @param {TV.PreOrder} order
   * @returns {Promise<{orderId: string}>}
   */
  placeOrder(order) {
    return this.#call("POST", "/broker/orders", { body: toWireOrder(order) });
  }

  /** @param {TV.Order} order the whole order as it shall be */
  modifyOrder(order) {
    return this.#call("PUT", `/broker/orders/${encodeURIComponent(order.id)}`, { body: toWireOrder(order) });
  }

  /** @param {string} id */
  cancelOrder(id) {
    return this.#call("DELETE", `/broker/orders/${encodeURIComponent(id)}`);
  }

  /**
   * @param {string} id
   * @param {number} [amount] all of it when absent
   */
  closePosition(id, amount) {
    return this.#call("POST", `/broker/positions/${encodeURIComponent(id)}/close`, { body: amount === undefined ? {} : { amount } });
  }

  /** @returns {Promise<TV.DatafeedConfiguration>} */
  datafeedConfig() {
    return this.#call("GET", "/datafeed/config");
  }

  /**
   * @param {string} input
   * @param {string} exchange
   * @param {string} type
   * @returns {Promise<TV.SearchSymbolResultItem[]>}
   */
  search(input, exchange, type) {
    return this.#call("GET", "/datafeed/search", { query: { user_input: input, exchange, symbol_type: type, max_results: 30 } });
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.LibrarySymbolInfo>}
   */
  resolve(symbol) {
    return this.#call("GET", `/datafeed/resolve/${encodeURIComponent(symbol)}`);
  }

  /**
   * @param {string} symbol
   * @param {string} resolution
   * @param {TV.PeriodParams} period
   */
  async bars(symbol, resolution, period) {
    const query = { symbol, resolution, from_time: period.from, to_time: period.to, count_back: period.countBack };
    return toHistory(await this.#call("GET", "/datafeed/bars", { query }));
  }

  /**
   * @param {string[]} symbols
   * @returns {Promise<TV.QuoteData[]>}
   */
  quotes(symbols) {
    return this.#call("POST", "/datafeed/quotes", { body: { symbols } });
  }
}
