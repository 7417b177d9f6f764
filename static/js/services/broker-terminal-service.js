// @ts-check
/**
 * TradingView's broker (IBrokerTerminal) on the adapters. It keeps no orders and no positions: what the server says goes to
 * the host, and when something was missed the host is asked to read anew (`currentAccountUpdate`).
 *
 * Orders, positions and the broker's connection are followed as long as the page lives. Executions, equity and profits are
 * followed while somebody looks (`follow`).
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {ApiAdapter} from "../adapters/api-adapter.js"
 * @import {WsAdapter} from "../adapters/ws-adapter.js"
 * @import {DatafeedService} from "./datafeed-service.js"
 */
import { ConnectionStatus, NotificationType } from "../lib/codes.js";

/** @typedef {"executions" | "equity" | "pl"} Followed */

export class BrokerTerminalService {
  #host;
  #datafeed;
  #api;
  #ws;
  /** @type {Promise<void> | null} */
  #started = null;
  /** @type {TV.BrokerConfigFlags | null} */
  #config = null;
  /** @type {TV.AccountMetainfo | null} */
  #account = null;
  /** @type {TV.ConnectionStatus} */
  #brokerStatus = ConnectionStatus.Connecting;
  #isSocketOpen = false;
  /** @type {Map<string, {count: number, release: () => void}>} */
  #followed = new Map();
  /** @type {Map<string, Promise<TV.InstrumentInfo>>} */
  #instruments = new Map();

  /**
   * @param {TV.BrokerHost} host
   * @param {DatafeedService} datafeed
   * @param {ApiAdapter} api
   * @param {WsAdapter} ws
   */
  constructor(host, datafeed, api, ws) {
    this.#host = host;
    this.#datafeed = datafeed;
    this.#api = api;
    this.#ws = ws;
  }

  /** Read what the broker supports and whose account it is, then follow it. After a failure it may be called again. */
  start() {
    this.#started ??= this.#start().catch((error) => {
      this.#started = null;
      throw error;
    });
    return this.#started;
  }

  async #start() {
    const [config, account] = await Promise.all([this.#api.brokerConfig(), this.#api.account()]);
    this.#config = config;
    this.#account = account;
    const topic = { accountId: account.id };
    const onRefused = this.#refused;
    this.#ws.brokerConnection.subscribe(topic, {
      onRefused,
      onUpdate: ({ status, message }) => this.#brokerChanged(status, message),
      onConfirmed: ({ recovered }) => recovered && this.#tellConnection(),
    });
    this.#ws.orders.subscribe(topic, {
      onRefused,
      onUpdate: (order) => this.#host.orderUpdate(order),
      onConfirmed: ({ recovered }) => this.#confirmed("orders", recovered),
    });
    if (!config.supportPositions) return;
    this.#ws.positions.subscribe(topic, {
      onRefused,
      onUpdate: (position) => this.#host.positionUpdate(position),
      onConfirmed: ({ recovered }) => this.#confirmed("positions", recovered),
    });
  }

  #refused = (/** @type {string} */ message) => {
    this.#host.showNotification("Updates refused", message, NotificationType.Error);
  };

  /**
   * @param {TV.AccountPart} part
   * @param {boolean} recovered
   */
  #confirmed(part, recovered) {
    if (!recovered) this.#host.currentAccountUpdate([part]);
  }

  /**
   * Tell this service that the page's socket opened or was lost: without it nothing is known of the broker.
   * @param {boolean} isOpen
   */
  socketChanged(isOpen) {
    this.#isSocketOpen = isOpen;
    if (!isOpen) this.#tellConnection();
  }

  /**
   * @param {TV.ConnectionStatus} status
   * @param {string} [message]
   */
  #brokerChanged(status, message) {
    this.#brokerStatus = status;
    this.#tellConnection(message);
  }

  /** @param {string} [message] */
  #tellConnection(message) {
    this.#host.connectionStatusUpdate(this.connectionStatus(), message === undefined ? undefined : { message });
  }

  /** @returns {TV.ConnectionStatus} */
  connectionStatus() {
    return this.#isSocketOpen ? this.#brokerStatus : ConnectionStatus.Connecting;
  }

  /** @returns {TV.BrokerConfigFlags | null} null before `start` has succeeded */
  config() {
    return this.#config;
  }

  currentAccount() {
    return this.#account?.id ?? "";
  }

  /** @returns {Promise<TV.AccountMetainfo[]>} */
  async accountsMetainfo() {
    await this.start();
    return this.#account ? [this.#account] : [];
  }

  orders() {
    return this.#api.orders();
  }

  /** @returns {Promise<TV.Order[]>} final orders, none where the server keeps no history */
  async ordersHistory() {
    return this.#config?.supportOrdersHistory ? this.#api.ordersHistory() : [];
  }

  positions() {
    return this.#api.positions();
  }

  /** @param {string} symbol all symbols when empty */
  executions(symbol) {
    return this.#api.executions(symbol);
  }

  money() {
    return this.#api.accountState();
  }

  /** @param {string} symbol */
  async isTradable(symbol) {
    return this.symbolInfo(symbol).then(() => true, () => false);
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.InstrumentInfo>}
   */
  symbolInfo(symbol) {
    let info = this.#instruments.get(symbol);
    if (!info) {
      info = this.#api.instrument(symbol);
      info.catch(() => this.#instruments.delete(symbol));
      this.#instruments.set(symbol, info);
    }
    return info;
  }

  /** @param {TV.PreOrder} order */
  placeOrder(order) {
    return this.#api.placeOrder(order);
  }

  /** @param {TV.Order} order the whole order as it shall be */
  async modifyOrder(order) {
    await this.#api.modifyOrder(order);
  }

  /** @param {string} id */
  async cancelOrder(id) {
    await this.#api.cancelOrder(id);
  }

  /**
   * @param {string} id
   * @param {number} [amount] all of it when absent
   */
  async closePosition(id, amount) {
    await this.#api.closePosition(id, amount);
  }

  /**
   * Follow bid and ask; the quote of the moment is read too, for a market that does not move.
   * @param {string} symbol
   */
  subscribeRealtime(symbol) {
    let isTicking = false;
    const tell = (/** @type {TV.QuoteData} */ quote) => {
      if (quote?.s !== "ok") return;
      const { lp, bid, ask } = quote.v;
      this.#host.realtimeUpdate(symbol, { trade: lp, bid, ask, spread: ask - bid });
    };
    this.#datafeed.subscribeQuotes([], [symbol], ([quote]) => {
      isTicking = true;
      tell(quote);
    }, `realtime:${symbol}`);
    this.#datafeed.getQuotes([symbol], ([quote]) => isTicking || tell(quote), () => {});
  }

  /** @param {string} symbol */
  unsubscribeRealtime(symbol) {
    this.#datafeed.unsubscribeQuotes(`realtime:${symbol}`);
  }

  subscribeEquity() {
    this.#followOnce("equity");
  }

  unsubscribeEquity() {
    this.#unfollow("equity");
  }

  /**
   * Follow a part of the account while somebody looks at it. Before `start` has succeeded nothing is there to follow.
   * @param {Followed} part
   * @returns {() => void} stop following
   */
  follow(part) {
    this.#followOnce(part);
    return () => this.#unfollow(part);
  }

  /** @param {Followed} part */
  #followOnce(part) {
    const followed = this.#followed.get(part);
    if (followed) followed.count += 1;
    else this.#followed.set(part, { count: 1, release: this.#listen(part) });
  }

  /** @param {Followed} part */
  #unfollow(part) {
    const followed = this.#followed.get(part);
    if (!followed || --followed.count > 0) return;
    this.#followed.delete(part);
    followed.release();
  }

  /**
   * @param {Followed} part
   * @returns {() => void}
   */
  #listen(part) {
    const topic = { accountId: this.currentAccount() };
    const host = this.#host;
    const onRefused = this.#refused;
    if (part === "executions") {
      return this.#ws.executions.subscribe(topic, {
        onRefused,
        onUpdate: (execution) => host.executionUpdate(execution),
        onConfirmed: ({ recovered }) => this.#confirmed("executions", recovered),
      });
    }
    if (part === "equity") {
      return this.#ws.equity.subscribe(topic, {
        onRefused,
        onUpdate: (money) => host.equityUpdate(money.equity, money),
        onConfirmed: ({ recovered }) => this.#confirmed("equity", recovered),
      });
    }
    return this.#ws.pl.subscribe(topic, {
      onRefused,
      onUpdate: ({ positions }) => positions.forEach(({ id, pl, price }) => host.plUpdate(id, pl, price)),
    });
  }
}
