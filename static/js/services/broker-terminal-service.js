// @ts-check
/**
 * TradingView's broker (IBrokerTerminal) on the adapters. It keeps no orders and no positions: updates of the
 * server go to the host, and after missed updates the host is asked to read again (`currentAccountUpdate`).
 * broker-commands.js has the commands, account-feed.js the streams of the account.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {Api} from "../adapters/api-adapter.js"
 * @import {WsAdapter} from "../adapters/ws-adapter.js"
 * @import {DatafeedService} from "./datafeed-service.js"
 * @import {Followed} from "./account-feed.js"
 */
import { ConnectionStatus, DisconnectType, NotificationType } from "../lib/codes.js";
import { decimalsOf } from "../lib/format.js";
import { AccountFeed } from "./account-feed.js";
import { AccountManager } from "./account-manager.js";
import { BrokerCommands } from "./broker-commands.js";
import { priceFormatter, quantityFormatter } from "./formatters.js";

const UNAUTHORIZED = 401;

/** @implements {TV.BrokerTerminal} */
export class BrokerTerminalService extends BrokerCommands {
  #host;
  #datafeed;
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
  #isSignInFailed = false;
  /** Streams that the host follows: a second subscription of one changes nothing. @type {Map<string, () => void>} */
  #hostStreams = new Map();
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
    super(api);
    this.#host = host;
    this.#datafeed = datafeed;
    this.#manager = new AccountManager(host.factory);
    this.#feed = new AccountFeed(
      host, ws,
      (status, message) => {
        this.#brokerStatus = status ?? this.#brokerStatus;
        this.#tellConnection(message);
      },
      (money) => this.#moneyChanged(money),
      async () => (await api.accountState()).marginAvailable,
    );
  }

  /** Read what the broker supports and whose account it is, then follow it. After a failure it may be called again. */
  start() {
    this.#started ??= this.#start().catch((error) => {
      this.#started = null;
      if (error.status === UNAUTHORIZED) this.#signInFailed(error.message);
      throw error;
    });
    return this.#started;
  }

  async #start() {
    const [accounts, config] = await Promise.all([this.api.accounts(), this.api.brokerConfig()]);
    this.#config = config;
    const account = await this.api.account(accounts);
    this.#isSignInFailed = false;
    this.accounts = accounts.some(({ id }) => id === account.id) ? accounts : [...accounts, account];
    this.#host.setDurations(this.#config.durations ?? []);
    this.#use(account);
  }

  /** @param {TV.AccountMetainfo} account */
  #use(account) {
    this.#account = account;
    this.api.useAccount(account.id);
    this.#feed.use(account.id, Boolean(this.#config?.supportPositions));
  }

  /**
   * Take over whether the page's socket is open. The broker's own status is not known without it.
   * @param {boolean} isOpen
   * @param {{isSignInFailed?: boolean, message?: string}} [info] the token was refused, and why
   */
  socketChanged(isOpen, { isSignInFailed = false, message } = {}) {
    const wasOpen = this.#isSocketOpen;
    this.#isSocketOpen = isOpen;
    if (isSignInFailed) {
      this.#signInFailed(message);
      return;
    }
    this.#isSignInFailed = false;
    if (!isOpen) this.#tellConnection(undefined, wasOpen ? DisconnectType.BrokenConnection : undefined);
  }

  /** @param {string} [message] */
  #signInFailed(message) {
    this.#isSignInFailed = true;
    this.#tellConnection(message, DisconnectType.FailedSignIn);
  }

  /**
   * @param {string} [message]
   * @param {TV.DisconnectType} [disconnectType]
   */
  #tellConnection(message, disconnectType) {
    const info = { ...(message !== undefined && { message }), ...(disconnectType !== undefined && { disconnectType }) };
    this.#host.connectionStatusUpdate(this.connectionStatus(), Object.keys(info).length ? info : undefined);
  }

  /** @param {TV.Money} money */
  #moneyChanged(money) {
    this.#manager.write(money);
    this.#host.equityUpdate(money.equity, money);
  }

  /** @returns {TV.ConnectionStatus} */
  connectionStatus() {
    if (this.#isSignInFailed) return ConnectionStatus.Disconnected;
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
    const accounts = await this.api.accounts();
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
    this.#readConfig(id);
  }

  /**
   * Read the flags of another account: they differ with its rules.
   * @param {string} accountId
   */
  async #readConfig(accountId) {
    try {
      const config = await this.api.brokerConfig();
      if (accountId !== this.currentAccount()) return;
      this.#config = config;
      this.#host.patchConfig(config);
    } catch (error) {
      this.#host.showNotification("Rules of the account unknown", error instanceof Error ? error.message : String(error), NotificationType.Error);
    }
  }

  /** @param {TV.AccountCreate} account to be traded after `setCurrentAccount` */
  createAccount(account) {
    return this.api.createAccount(account);
  }

  /**
   * Reset the current account; the host reads it again.
   * @param {number} [balance] that of its start when absent
   */
  async resetAccount(balance) {
    await this.api.resetAccount(this.currentAccount(), balance);
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
    return this.api.orders();
  }

  /** @returns {Promise<TV.Order[]>} final orders, none where the server keeps no history */
  async ordersHistory() {
    return this.#config?.supportOrdersHistory ? this.api.ordersHistory() : [];
  }

  positions() {
    return this.api.positions();
  }

  /** @returns {Promise<TV.IndividualPosition[]>} none in an account without hedging */
  individualPositions() {
    return this.api.individualPositions();
  }

  /** @param {string} symbol all symbols when empty */
  executions(symbol) {
    return this.api.executions(symbol);
  }

  async money() {
    const money = await this.api.accountState();
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
      info = this.api.instrument(symbol);
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
      supportMultipleExitLevels: this.#config?.supportMultipleExitLevels,
    };
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
    this.#followOnce("equity");
  }

  unsubscribeEquity() {
    this.#unfollow("equity");
  }

  /** @param {string} symbol the margin of an account is one for all symbols */
  subscribeMarginAvailable(symbol) {
    this.#followOnce("marginAvailable", symbol);
  }

  /** @param {string} symbol */
  unsubscribeMarginAvailable(symbol) {
    this.#unfollow("marginAvailable", symbol);
  }

  /** @param {string} symbol whose pip value changes with the rate of its currency */
  subscribePipValue(symbol) {
    this.#followOnce("pipValue", symbol);
  }

  /** @param {string} symbol */
  unsubscribePipValue(symbol) {
    this.#unfollow("pipValue", symbol);
  }

  /**
   * @param {Followed} part
   * @param {string} [symbol]
   */
  #followOnce(part, symbol = "") {
    const key = `${part}:${symbol}`;
    if (!this.#hostStreams.has(key)) this.#hostStreams.set(key, this.follow(part, symbol));
  }

  /**
   * @param {Followed} part
   * @param {string} [symbol]
   */
  #unfollow(part, symbol = "") {
    const key = `${part}:${symbol}`;
    this.#hostStreams.get(key)?.();
    this.#hostStreams.delete(key);
  }

  /**
   * @param {Followed} part followed until the returned function is called
   * @param {string} [symbol] of a pip value
   */
  follow(part, symbol = "") {
    const topic = part === "pipValue" ? symbol : "";
    this.#feed.follow(part, topic);
    return () => this.#feed.unfollow(part, topic);
  }
}
