// @ts-check
/**
 * TradingView's broker (IBrokerTerminal) on the adapters. It keeps no orders and no positions: updates of the
 * server go to the host, and after missed updates the host is asked to read again (`currentAccountUpdate`).
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {Api} from "../adapters/api-adapter.js"
 * @import {WsAdapter} from "../adapters/ws-adapter.js"
 * @import {DatafeedService} from "./datafeed-service.js"
 * @import {Followed} from "./account-feed.js"
 */
import { ConnectionStatus, NotificationType } from "../lib/codes.js";
import { decimalsOf } from "../lib/format.js";
import { AccountFeed } from "./account-feed.js";
import { AccountManager } from "./account-manager.js";
import { priceFormatter, quantityFormatter } from "./formatters.js";

export class BrokerTerminalService {
  #host;
  #datafeed;
  #api;
  #feed;
  #manager;
  /** @type {Promise<void> | null} */
  #started = null;
  /** @type {TV.BrokerConfigFlags | null} */
  #config = null;
  /** @type {TV.AccountMetainfo | null} */
  #account = null;
  /** As they were read last; empty before `start` has succeeded. @type {readonly TV.AccountMetainfo[]} */
  accounts = [];
  /** @type {TV.ConnectionStatus} */
  #brokerStatus = ConnectionStatus.Connecting;
  #isSocketOpen = false;
  #isMarginWanted = false;
  /** Depth subscriptions by symbol. @type {Map<string, string>} */
  #depths = new Map();
  /** @type {Map<string, Promise<TV.InstrumentInfo>>} */
  #instruments = new Map();

  /**
   * @param {TV.BrokerHost} host
   * @param {DatafeedService} datafeed
   * @param {Api} api
   * @param {WsAdapter} ws
   */
  constructor(host, datafeed, api, ws) {
    this.#host = host;
    this.#datafeed = datafeed;
    this.#api = api;
    this.#manager = new AccountManager(host.factory);
    this.#feed = new AccountFeed(
      host, ws,
      (status, message) => {
        this.#brokerStatus = status ?? this.#brokerStatus;
        this.#tellConnection(message);
      },
      (money) => this.#moneyChanged(money),
    );
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
    const [accounts, config] = await Promise.all([this.#api.accounts(), this.#api.brokerConfig()]);
    this.#config = config;
    const account = await this.#api.account(accounts);
    this.accounts = accounts.some(({ id }) => id === account.id) ? accounts : [...accounts, account];
    this.#host.setDurations(this.#config.durations ?? []);
    this.#use(account);
  }

  /** @param {TV.AccountMetainfo} account */
  #use(account) {
    this.#account = account;
    this.#api.useAccount(account.id);
    this.#feed.use(account.id, Boolean(this.#config?.supportPositions));
  }

  /**
   * Tell this service that the page's socket opened or was lost: without it nothing is known of the broker.
   * @param {boolean} isOpen
   */
  socketChanged(isOpen) {
    this.#isSocketOpen = isOpen;
    if (!isOpen) this.#tellConnection();
  }

  /** @param {string} [message] */
  #tellConnection(message) {
    this.#host.connectionStatusUpdate(this.connectionStatus(), message === undefined ? undefined : { message });
  }

  /** @param {TV.Money} money */
  #moneyChanged(money) {
    this.#manager.write(money);
    this.#host.equityUpdate(money.equity, money);
    if (this.#isMarginWanted) this.#host.marginAvailableUpdate(money.marginAvailable);
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
    const accounts = await this.#api.accounts();
    this.accounts = accounts;
    return accounts;
  }

  /**
   * Trade another account from now on; the host reads it again.
   * @param {string} id
   */
  setCurrentAccount(id) {
    if (id === this.currentAccount()) return;
    this.#use(this.accounts.find((account) => account.id === id) ?? { id, name: id });
    this.#host.currentAccountUpdate();
  }

  /** @param {TV.AccountCreate} account to be traded after `setCurrentAccount` */
  createAccount(account) {
    return this.#api.createAccount(account);
  }

  /**
   * Reset the current account; the host reads it again.
   * @param {number} [balance] that of its start when absent
   */
  async resetAccount(balance) {
    await this.#api.resetAccount(this.currentAccount(), balance);
    this.#host.currentAccountUpdate();
  }

  /** @returns {TV.AccountManagerInfo} */
  accountManagerInfo() {
    return this.#manager.info(this.#account?.name ?? "Account");
  }

  /**
   * @param {unknown} context
   * @returns {Promise<unknown[]>} what the host offers of itself
   */
  async chartContextMenuActions(context) {
    return this.#host.defaultContextMenuActions?.(context) ?? [];
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

  async money() {
    const money = await this.#api.accountState();
    this.#manager.write(money);
    return money;
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.IsTradableResult>}
   */
  isTradable(symbol) {
    return this.symbolInfo(symbol).then(
      () => ({ tradable: true }),
      (error) => ({ tradable: false, reason: error.message, shortReason: "Not tradable" }),
    );
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

  /**
   * @param {string} symbol
   * @returns {Promise<TV.NumberFormatter>} of prices
   */
  async formatter(symbol) {
    return priceFormatter(decimalsOf((await this.symbolInfo(symbol)).minTick));
  }

  /** @param {string} symbol whose spread is shown as a price */
  spreadFormatter(symbol) {
    return this.formatter(symbol);
  }

  /** @returns {Promise<TV.NumberFormatter>} */
  async quantityFormatter() {
    return quantityFormatter();
  }

  /**
   * @param {string} symbol
   * @returns {Promise<TV.SymbolSpecificTradingOptions>}
   */
  async getSymbolSpecificTradingOptions(symbol) {
    const { allowedDurations, allowedOrderTypes } = await this.symbolInfo(symbol);
    return {
      allowedDurations, allowedOrderTypes,
      supportOrderBrackets: this.#config?.supportOrderBrackets,
      supportPositionBrackets: this.#config?.supportPositionBrackets,
    };
  }

  /**
   * @param {TV.PreOrder} order
   * @param {string} [_confirmId] of a preview: this server needs none
   */
  placeOrder(order, _confirmId) {
    return this.#api.placeOrder(order);
  }

  /** @param {TV.PreOrder} order */
  previewOrder(order) {
    return this.#api.previewOrder(order);
  }

  /**
   * @param {TV.Order} order the whole order as it shall be
   * @param {string} [_confirmId]
   */
  async modifyOrder(order, _confirmId) {
    await this.#api.modifyOrder(order);
  }

  /** @param {string} id */
  async cancelOrder(id) {
    await this.#api.cancelOrder(id);
  }

  /**
   * @param {string} symbol
   * @param {TV.Side | undefined} side both when absent
   * @param {string[]} ids
   */
  async cancelOrders(symbol, side, ids) {
    await this.#api.cancelOrders(symbol, side, ids);
  }

  /**
   * @param {string} id
   * @param {number} [amount] all of it when absent
   */
  async closePosition(id, amount) {
    await this.#api.closePosition(id, amount);
  }

  /** @param {string} id */
  async reversePosition(id) {
    await this.#api.reversePosition(id);
  }

  /**
   * @param {string} id
   * @param {TV.Brackets} brackets what is absent is removed
   * @param {Record<string, unknown>} [customFields]
   */
  async editPositionBrackets(id, brackets, customFields) {
    await this.#api.editPositionBrackets(id, brackets, customFields);
  }

  /** @param {TV.LeverageInfoParams} params */
  leverageInfo(params) {
    return this.#api.leverageInfo(params);
  }

  /** @param {TV.LeverageSetParams} params */
  setLeverage(params) {
    return this.#api.setLeverage(params);
  }

  /** @param {TV.LeverageSetParams} params */
  previewLeverage(params) {
    return this.#api.previewLeverage(params);
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

  /**
   * Follow the depth of a symbol, where the datafeed has one.
   * @param {string} symbol
   * @param {(reason: string) => void} [onRefused] this page's own
   */
  subscribeDOM(symbol, onRefused) {
    this.unsubscribeDOM(symbol);
    this.#depths.set(symbol, this.#datafeed.subscribeDepth(symbol, (depth) => this.#host.domUpdate(symbol, depth), onRefused));
  }

  /** @param {string} symbol */
  unsubscribeDOM(symbol) {
    const uid = this.#depths.get(symbol);
    if (uid !== undefined) this.#datafeed.unsubscribeDepth(uid);
    this.#depths.delete(symbol);
  }

  subscribeEquity() {
    this.#feed.follow("equity");
  }

  unsubscribeEquity() {
    this.#feed.unfollow("equity");
  }

  /** @param {string} _symbol the margin of an account is one for all symbols */
  subscribeMarginAvailable(_symbol) {
    if (this.#isMarginWanted) return;
    this.#isMarginWanted = true;
    this.#feed.follow("equity");
  }

  /** @param {string} _symbol */
  unsubscribeMarginAvailable(_symbol) {
    if (!this.#isMarginWanted) return;
    this.#isMarginWanted = false;
    this.#feed.unfollow("equity");
  }

  /**
   * Tell the value of a pip: it is the same as long as the instrument is.
   * @param {string} symbol
   */
  subscribePipValue(symbol) {
    this.symbolInfo(symbol).then(
      ({ pipValue }) => this.#host.pipValueUpdate(symbol, { buyPipValue: pipValue, sellPipValue: pipValue }),
      (error) => this.#host.showNotification("No pip value", error.message, NotificationType.Error),
    );
  }

  /** @param {string} _symbol */
  unsubscribePipValue(_symbol) {}

  /** @param {Followed} part followed until the returned function is called */
  follow(part) {
    this.#feed.follow(part);
    return () => this.#feed.unfollow(part);
  }
}
