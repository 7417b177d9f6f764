// @ts-check
/**
 * The server's REST interface, one method per operation. Replies come back in TradingView's shapes, refusals as ApiError.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {Credentials} from "./credentials.js"
 * @import {RequestParts} from "./rest-client.js"
 */
import {
  toBrackets, toDepth, toExecution, toExplanation, toHistory, toIndividualPosition, toInstrument, toMoney, toOrder, toPosition, toPreview,
  toSearchPage, toWireChange, toWireOrder, withoutNulls,
} from "./mappers.js";
import { ApiError, RestClient } from "./rest-client.js";

const HISTORY_LIMIT = 500;
const SEARCH_LIMIT = 500;
const CHARTS_STORAGE = "/charts_storage/1.1";
const ALL_MODULES = ["broker", "datafeed"];

/** What the services need of the adapter. @typedef {{[name in keyof ApiAdapter]: ApiAdapter[name]}} Api */

export class ApiAdapter {
  #rest;
  #credentials;
  /** Account that the broker's calls are about; the caller's own when unset. @type {string | undefined} */
  #accountId;

  /**
   * @param {string} base address of the API, e.g. "/api/v1"
   * @param {typeof fetch} [fetcher]
   * @param {Credentials} [credentials] without them a 401 is an error like any other
   */
  constructor(base, fetcher = (input, init) => fetch(input, init), credentials) {
    this.#rest = new RestClient(base, fetcher, credentials);
    this.#credentials = credentials;
  }

  /** @param {string} accountId what every broker call from now on is about */
  useAccount(accountId) {
    this.#accountId = accountId;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {RequestParts} [request]
   * @returns {Promise<any>}
   */
  #broker(method, path, { query = {}, body } = {}) {
    return this.#rest.call(method, `/broker${path}`, { query: { ...query, accountId: this.#accountId }, body });
  }

  /**
   * Read the modules and the clock of the server. A server in trouble answers 503 with the same body.
   * @returns {Promise<TV.ServerFacts>}
   */
  async health() {
    const response = await this.#rest.send(`${this.#rest.base}/health`, "GET", undefined, "");
    const body = await response.json().catch(() => ({}));
    if (!body.clock) throw new ApiError(response.status, "STARTING", body.message ?? body.detail ?? "The server is not ready.");
    return { modules: body.modules ?? ALL_MODULES, clock: body.clock };
  }

  /** @returns {Promise<TV.BrokerConfigFlags>} */
  async brokerConfig() {
    const config = await this.#broker("GET", "/config");
    return { ...config, durations: config.durations.map(withoutNulls) };
  }

  /**
   * @param {TV.AccountMetainfo[]} [accounts] as `accounts` returned them; they are read without it
   * @returns {Promise<TV.AccountMetainfo>} the caller's own; an account that its token names is opened if it does not exist
   */
  async account(accounts) {
    const opened = accounts ?? await this.accounts();
    const id = this.#credentials?.account;
    if (id && !opened.some((account) => account.id === id)) await this.#rest.call("POST", "/broker/accounts", { body: { id, name: id } });
    else if (opened.length === 1) return opened[0];
    return this.#broker("GET", "/account");
  }

  /** @returns {Promise<TV.AccountMetainfo[]>} */
  accounts() {
    return this.#rest.call("GET", "/broker/accounts");
  }

  /**
   * @param {TV.AccountCreate} account
   * @returns {Promise<TV.AccountMetainfo>}
   */
  createAccount(account) {
    return this.#rest.call("POST", "/broker/accounts", { body: account });
  }

  /**
   * Reset an account.
   * @param {string} id
   * @param {number} [balance] that of its start when absent
   */
  resetAccount(id, balance) {
    return this.#rest.call("POST", `/broker/accounts/${encodeURIComponent(id)}/reset`, { body: balance === undefined ? {} : { balance } });
  }

  /** @returns {Promise<TV.Money>} */
  async accountState() {
    return toMoney(await this.#broker("GET", "/account/state"));
  }

  /** @returns {Promise<TV.Order[]>} working orders and those that became final lately */
  async orders() {
    return (await this.#broker("GET", "/orders")).map(toOrder);
  }

  /**
   * @param {{from?: number, to?: number}} [range] epoch milliseconds, the end exclusive
   * @returns {Promise<TV.Order[]>} final orders, at most 500: the oldest ones of the range, or the newest ones
   */
  async ordersHistory({ from, to } = {}) {
    return (await this.#broker("GET", "/orders/history", { query: { from, to, limit: HISTORY_LIMIT } })).map(toOrder);
  }

  /** @returns {Promise<TV.Position[]>} */
  async positions() {
    return (await this.#broker("GET", "/positions")).map(toPosition);
  }

  /**
   * @param {string} symbol all symbols when empty
   * @returns {Promise<TV.Execution[]>} oldest first
   */
  async executions(symbol) {
    const path = symbol ? `/executions/${encodeURIComponent(symbol)}` : "/executions";
    return (await this.#broker("GET", path, { query: symbol ? {} : { limit: HISTORY_LIMIT } })).map(toExecution);
  }

  /**
   * @param {{from: number, to: number}} range epoch milliseconds, the end exclusive
   * @returns {Promise<TV.Execution[]>} the oldest ones of the range, at most 500
   */
  async executionsBetween({ from, to }) {
    return (await this.#broker("GET", "/executions", { query: { from, to, limit: HISTORY_LIMIT } })).map(toExecution);
  }

  /**
   * @param {string} id
   * @returns {Promise<TV.ExecutionExplanation>} rule and figures behind an execution
   */
  async explain(id) {
    return toExplanation(await this.#broker("GET", `/executions/${encodeURIComponent(id)}/explain`));
  }

  /**
   * @param {string} resolution "1", "5", "15", "60" or "1D"
   * @param {{from: number, to: number}} range epoch milliseconds
   * @returns {Promise<TV.EquityPoint[]>} equity at the end of each period, oldest first
   */
  async equityHistory(resolution, { from, to }) {
    return (await this.#broker("GET", "/account/equity-history", { query: { resolution, from, to } })).points;
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.InstrumentInfo>}
   */
  async instrument(symbol) {
    return toInstrument(await this.#broker("GET", `/symbols/${encodeURIComponent(symbol)}`));
  }

  /**
   * @param {TV.PreOrder} order
   * @returns {Promise<{orderId: string}>}
   */
  placeOrder(order) {
    return this.#broker("POST", "/orders", { body: toWireOrder(order) });
  }

  /**
   * @param {TV.PreOrder} order
   * @returns {Promise<TV.OrderPreviewResult>}
   */
  async previewOrder(order) {
    return toPreview(await this.#broker("POST", "/orders/preview", { body: toWireOrder(order) }));
  }

  /** @param {TV.Order} order the whole order as it shall be */
  modifyOrder(order) {
    return this.#broker("PUT", `/orders/${encodeURIComponent(order.id)}`, { body: toWireChange(order) });
  }

  /** @param {string} id */
  cancelOrder(id) {
    return this.#broker("DELETE", `/orders/${encodeURIComponent(id)}`);
  }

  /**
   * Cancel the working orders that match.
   * @param {string} symbol
   * @param {TV.Side | undefined} side
   * @param {string[]} ids
   */
  cancelOrders(symbol, side, ids) {
    return this.#broker("DELETE", "/orders", { query: { symbol, side, ids: ids.length ? ids.join(",") : undefined } });
  }

  /**
   * @param {string} id
   * @param {number} [amount] all of it when absent
   */
  closePosition(id, amount) {
    return this.#broker("POST", `/positions/${encodeURIComponent(id)}/close`, { body: amount === undefined ? {} : { amount } });
  }

  /** @param {string} id */
  reversePosition(id) {
    return this.#broker("POST", `/positions/${encodeURIComponent(id)}/reverse`);
  }

  /**
   * @param {string} id
   * @param {TV.Brackets} brackets what is absent is removed
   * @param {Record<string, unknown>} [customFields]
   */
  editPositionBrackets(id, brackets, customFields) {
    const body = { brackets: toBrackets(brackets), customFields: customFields ?? null };
    return this.#broker("PUT", `/positions/${encodeURIComponent(id)}/brackets`, { body });
  }

  /** @returns {Promise<TV.IndividualPosition[]>} none in an account without hedging */
  async individualPositions() {
    return (await this.#broker("GET", "/individual-positions")).map(toIndividualPosition);
  }

  /**
   * @param {string} id
   * @param {number} [amount] all of it when absent
   */
  closeIndividualPosition(id, amount) {
    return this.#broker("POST", `/individual-positions/${encodeURIComponent(id)}/close`, { body: amount === undefined ? {} : { amount } });
  }

  /**
   * @param {string} id
   * @param {TV.Brackets} brackets what is absent is removed
   */
  editIndividualPositionBrackets(id, brackets) {
    return this.#broker("PUT", `/individual-positions/${encodeURIComponent(id)}/brackets`, { body: { brackets: toBrackets(brackets) } });
  }

  /**
   * @param {TV.LeverageInfoParams} params
   * @returns {Promise<TV.LeverageInfo>}
   */
  leverageInfo({ symbol, orderType, side }) {
    return this.#broker("GET", "/leverage/info", { query: { symbol, orderType, side } });
  }

  /**
   * @param {TV.LeverageSetParams} params
   * @returns {Promise<{leverage: number}>}
   */
  setLeverage(params) {
    return this.#broker("PUT", "/leverage/set", { body: params });
  }

  /**
   * @param {TV.LeverageSetParams} params
   * @returns {Promise<TV.LeveragePreviewResult>}
   */
  async previewLeverage(params) {
    return withoutNulls(await this.#broker("POST", "/leverage/preview", { body: params }));
  }

  /** @returns {Promise<TV.DatafeedConfiguration>} */
  datafeedConfig() {
    return this.#rest.call("GET", "/datafeed/config");
  }

  /**
   * @param {string} input
   * @param {string} exchange
   * @param {string} type
   * @param {number} [limit] of the symbols found, at most 500
   * @returns {Promise<TV.SearchSymbolResultItem[]>}
   */
  search(input, exchange, type, limit = SEARCH_LIMIT) {
    return this.#rest.call("GET", "/datafeed/search", { query: { user_input: input, exchange, symbol_type: type, max_results: limit } });
  }

  /**
   * @param {TV.SearchSymbolsOptions} options
   * @returns {Promise<TV.SearchSymbolsPage>}
   */
  async searchPage({ userInput, exchange, symbolType, start }) {
    const query = { user_input: userInput, exchange, symbol_type: symbolType, start };
    return toSearchPage(await this.#rest.call("GET", "/datafeed/search/page", { query }));
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.LibrarySymbolInfo>}
   */
  resolve(symbol) {
    return this.#rest.call("GET", `/datafeed/resolve/${encodeURIComponent(symbol)}`);
  }

  /**
   * @param {string[]} symbols
   * @returns {Promise<TV.LibrarySymbolInfo[]>} of the known ones
   */
  resolveAll(symbols) {
    return this.#rest.call("POST", "/datafeed/resolve", { body: { symbols } });
  }

  /**
   * @param {string} symbol
   * @param {string} resolution
   * @param {TV.PeriodParams} period
   */
  async bars(symbol, resolution, period) {
    const query = { symbol, resolution, from_time: period.from, to_time: period.to, count_back: period.countBack };
    return toHistory(await this.#rest.call("GET", "/datafeed/bars", { query }));
  }

  /**
   * @param {string[]} symbols
   * @returns {Promise<TV.QuoteData[]>}
   */
  quotes(symbols) {
    return this.#rest.call("POST", "/datafeed/quotes", { body: { symbols } });
  }

  /**
   * @param {string[]} symbols at most 100
   * @returns {Promise<TV.Sparkline[]>} of those that have one
   */
  sparklines(symbols) {
    return this.#rest.call("POST", "/datafeed/sparklines", { body: { symbols } });
  }

  /** @returns {Promise<number>} epoch seconds of the market */
  serverTime() {
    return this.#rest.call("GET", "/datafeed/time");
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.DOMData>}
   */
  async depth(symbol) {
    return toDepth(await this.#rest.call("GET", `/datafeed/depth/${encodeURIComponent(symbol)}`));
  }

  /**
   * Call TradingView's storage of layouts and templates. It refuses with status 200 and a message.
   * @param {"GET" | "POST" | "DELETE"} method
   * @param {"charts" | "study_templates" | "drawing_templates"} kind
   * @param {RequestParts} request
   * @returns {Promise<any>} the whole reply
   */
  async chartsStorage(method, kind, { query, body }) {
    const root = this.#rest.base.replace(/\/api\/v1$/, "");
    const reply = await this.#rest.call(method, `/${kind}`, { query: { ...query, accountId: this.#accountId }, body }, root + CHARTS_STORAGE);
    if (reply.status !== "ok") throw new ApiError(200, "CHARTS_STORAGE", reply.message);
    return reply;
  }
}
