// @ts-check
/**
 * The adapters without a server: the same interfaces on a small market and broker inside the page, for the offline demo
 * (`?offline=1`). Replies and updates come asynchronously, as from a server; nothing is kept when the page is closed.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {RouteListener, WsAdapter} from "./ws-adapter.js"
 * @import {SocketState} from "./ws-client.js"
 * @import {Api} from "./api-adapter.js"
 */
import { ConnectionStatus, isFinal } from "../lib/codes.js";
import { FallbackAccount } from "./fallback/broker.js";
import { FallbackMarket } from "./fallback/market.js";
import { CONFIG, DURATIONS, MAX_LEVERAGE, denied, previewOf } from "./fallback/rules.js";

const FIRST_ACCOUNT = "OFFLINE-DEMO";
const MAX_ACCOUNTS = 20;
const SEARCH_PAGE = 30;

/**
 * @typedef {object} FallbackOptions
 * @property {(state: SocketState) => void} [onState]
 * @property {number} [seed] of the market
 * @property {number} [tickMs]
 * @property {() => number} [now] epoch milliseconds
 */

/** One route of the stream: who listens to what. */
class Route {
  /** @type {Set<{payload: any, listener: RouteListener<any>}>} */
  #subscriptions = new Set();
  #welcome;

  /** @param {(payload: any) => unknown} [welcome] the update that follows a subscription at once */
  constructor(welcome = () => undefined) {
    this.#welcome = welcome;
  }

  /**
   * @param {any} payload
   * @param {RouteListener<any>} listener
   */
  subscribe(payload, listener) {
    const subscription = { payload, listener };
    this.#subscriptions.add(subscription);
    queueMicrotask(() => {
      if (!this.#subscriptions.has(subscription)) return;
      listener.onConfirmed?.({ recovered: false });
      const first = this.#welcome(payload);
      if (first !== undefined) listener.onUpdate(first);
    });
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  payloads() {
    return [...this.#subscriptions].map(({ payload }) => payload);
  }

  /**
   * @param {(payload: any) => unknown} updateFor undefined: nothing for this subscription
   */
  publish(updateFor) {
    for (const subscription of [...this.#subscriptions]) {
      const update = updateFor(subscription.payload);
      if (update === undefined) continue;
      queueMicrotask(() => this.#subscriptions.has(subscription) && subscription.listener.onUpdate(update));
    }
  }
}

class FallbackServer {
  market;
  now;
  /** @type {Map<string, FallbackAccount>} */
  accounts = new Map();
  current = FIRST_ACCOUNT;
  routes;

  /** @param {FallbackOptions} options */
  constructor({ seed, now = Date.now }) {
    this.market = new FallbackMarket(seed);
    this.now = now;
    this.routes = {
      orders: new Route(), positions: new Route(), executions: new Route(), equity: new Route(), pl: new Route(), bars: new Route(),
      notifications: new Route(), individualPositions: new Route(), individualPl: new Route(),
      marginAvailable: new Route(({ accountId }) => this.#margin(accountId)),
      pipValue: new Route(({ symbol }) => this.#pipValues(symbol)),
      quotes: new Route(({ symbols, fast_symbols: fast }) => this.market.quoteData([...fast, ...symbols][0], this.now())),
      depth: new Route(({ symbol }) => this.#depth(symbol)),
      brokerConnection: new Route(() => ({ status: ConnectionStatus.Connected, message: "Offline demo" })),
    };
    this.open({ id: FIRST_ACCOUNT, name: "Offline demo", type: "demo", currency: "USD" });
  }

  /**
   * @param {TV.AccountMetainfo} info
   * @param {number} [balance]
   */
  open(info, balance) {
    const publish = (/** @type {string} */ route, /** @type {object} */ payload) =>
      this.routes[/** @type {"orders"} */ (route)].publish(({ accountId }) => (accountId === info.id ? payload : undefined));
    this.accounts.set(info.id, new FallbackAccount(info, this.market, this.now, publish, balance));
  }

  /** @param {string} [id] */
  account(id = this.current) {
    const account = this.accounts.get(id);
    if (!account) throw denied("UNKNOWN_ACCOUNT", `account ${id} does not exist`, 404);
    return account;
  }

  /** @param {string} symbol */
  listing(symbol) {
    const listing = this.market.listing(symbol);
    if (!listing) throw denied("UNKNOWN_SYMBOL", `unknown symbol ${symbol}`, 404);
    return listing;
  }

  /** @param {string} symbol */
  #depth(symbol) {
    const listing = this.market.listing(symbol);
    return listing && this.market.depth(listing, this.now());
  }

  /** @param {string} accountId */
  #margin(accountId) {
    const { marginAvailable, currency, updateTime } = this.account(accountId).money();
    return { marginAvailable, currency, updateTime };
  }

  /** @param {string} symbol */
  #pipValues(symbol) {
    const listing = this.market.listing(symbol);
    const value = listing && listing.pipSize * listing.lotSize;
    return value && { symbol, buyPipValue: value, sellPipValue: value };
  }

  step() {
    for (const account of this.accounts.values()) account.step();
    const { quotes, bars, depth, marginAvailable } = this.routes;
    marginAvailable.publish(({ accountId }) => this.#margin(accountId));
    quotes.publish(({ fast_symbols: fast }) => (fast.length ? this.market.quoteData(fast[0], this.now()) : undefined));
    depth.publish(({ symbol }) => this.#depth(symbol));
    bars.publish(({ symbol, resolution }) => {
      const listing = this.market.listing(symbol);
      return listing && this.market.formingBar(listing, resolution, this.now());
    });
  }
}

/** @returns {Promise<never>} */
async function notOffered() {
  throw denied("NOT_OFFERED", "the offline demo does not offer this", 404);
}

/**
 * Refuse a command: an offline account has no individual positions.
 * @param {string} id
 */
async function noIndividualPosition(id) {
  throw denied("UNKNOWN_POSITION", `position ${id} does not exist`, 404);
}

/**
 * @param {FallbackServer} server
 * @returns {Api}
 */
function createBrokerApi(server) {
  const { market } = server;
  const info = (/** @type {string} */ symbol) => {
    const { name, description, type, decimals, qtyStep, pipSize, lotSize } = server.listing(symbol);
    const minTick = Number((10 ** -decimals).toFixed(decimals));
    return {
      symbol: name, description, type, qty: { min: qtyStep, max: 1_000_000, step: qtyStep, default: 1 }, pipSize,
      pipValue: pipSize * lotSize, minTick, lotSize, currency: "USD", leverage: `${server.account().leverage(name)}:1`,
      marginRate: 1 / server.account().leverage(name), allowedDurations: DURATIONS.map(({ value }) => value),
      allowedOrderTypes: /** @type {TV.OrderType[]} */ ([1, 2, 3, 4]),
    };
  };
  const checked = (/** @type {TV.LeverageSetParams} */ { symbol, leverage }) => {
    const { name } = server.listing(symbol);
    if (!Number.isInteger(leverage) || leverage < 1 || leverage > MAX_LEVERAGE) {
      throw denied("UNSUPPORTED_COMBINATION", `leverage ${leverage} is not a whole number of 1..${MAX_LEVERAGE}`);
    }
    return name;
  };
  return {
    useAccount: (accountId) => {
      server.current = accountId;
    },
    health: async () => ({ modules: ["broker", "datafeed"], clock: { now: server.now(), speed: 1 } }),
    brokerConfig: async () => CONFIG,
    account: async () => server.account().info,
    accounts: async () => [...server.accounts.values()].map((account) => account.info),
    createAccount: async ({ name = "", balance }) => {
      if (server.accounts.size >= MAX_ACCOUNTS) throw denied("ACCOUNT_LIMIT", `there are ${MAX_ACCOUNTS} accounts, the limit is reached`);
      const account = /** @type {TV.AccountMetainfo} */ ({ id: `OFFLINE-${server.accounts.size + 1}`, name, type: "demo", currency: "USD" });
      server.open(account, balance);
      return account;
    },
    resetAccount: async (id, balance) => server.account(id).reset(balance),
    accountState: async () => server.account().money(),
    orders: async () => [...server.account().orders.values()].map((order) => ({ ...order })),
    ordersHistory: async ({ from = 0, to = Infinity } = {}) => [...server.account().orders.values()]
      .filter(({ status, updateTime = 0 }) => isFinal(status) && updateTime >= from && updateTime < to).map((order) => ({ ...order })),
    positions: async () => server.account().openPositions(),
    individualPositions: async () => [],
    closeIndividualPosition: noIndividualPosition,
    editIndividualPositionBrackets: noIndividualPosition,
    executions: async (symbol) => server.account().executions.filter((execution) => !symbol || execution.symbol === symbol),
    executionsBetween: async ({ from, to }) => server.account().executions.filter(({ time }) => time >= from && time < to),
    explain: notOffered,
    equityHistory: async () => [],
    instrument: async (symbol) => info(symbol),
    placeOrder: async (order) => ({ orderId: server.account().place(order).id }),
    previewOrder: async (order) => {
      const listing = server.listing(order.symbol);
      const quote = market.quote(listing, server.now());
      try {
        const { margin, refused } = server.account().judge(order);
        return previewOf(order, listing, quote, margin, refused?.text ?? null);
      } catch (error) {
        return previewOf(order, listing, quote, 0, error instanceof Error ? error.message : String(error));
      }
    },
    modifyOrder: async (order) => server.account().modify(order),
    cancelOrder: async (id) => server.account().cancel(id),
    cancelOrders: async (symbol, side, ids) => {
      for (const order of [...server.account().orders.values()]) {
        const isMeant = order.symbol === symbol && (side === undefined || order.side === side) && (!ids.length || ids.includes(order.id));
        if (isMeant && !isFinal(order.status)) server.account().cancel(order.id);
      }
    },
    closePosition: async (id, amount) => server.account().close(id, amount),
    reversePosition: async (id) => server.account().reverse(id),
    editPositionBrackets: async (id, brackets) => server.account().bracket(id, brackets),
    leverageInfo: async ({ symbol }) => {
      const { name } = server.listing(symbol);
      return { title: `Leverage for ${name}`, leverage: server.account().leverage(name), min: 1, max: MAX_LEVERAGE, step: 1 };
    },
    setLeverage: async (params) => {
      server.account().leverages.set(checked(params), params.leverage);
      return { leverage: params.leverage };
    },
    previewLeverage: async (params) => {
      try {
        const name = checked(params);
        return { infos: [`Positions in ${name} will need ${Number((100 / params.leverage).toFixed(2))} % of their value as margin`] };
      } catch (error) {
        return { errors: [error instanceof Error ? error.message : String(error)] };
      }
    },
    datafeedConfig: async () => market.configuration(),
    search: async (input, exchange, type) => market.search(input, exchange, type),
    searchPage: async ({ userInput, exchange, symbolType, start = 0 }) => {
      const found = market.search(userInput, exchange, symbolType);
      const symbols = found.slice(start, start + SEARCH_PAGE);
      return { symbols, symbolsRemaining: Math.max(0, found.length - start - symbols.length) };
    },
    chartsStorage: async () => {
      throw denied("UNSUPPORTED_COMBINATION", "layouts are not stored offline", 501);
    },
    resolve: async (symbol) => market.symbolInfo(server.listing(symbol)),
    resolveAll: async (symbols) => symbols.flatMap((symbol) => market.listing(symbol) ?? []).map((listing) => market.symbolInfo(listing)),
    bars: async (symbol, resolution, period) => {
      if (!market.configuration().supported_resolutions.includes(resolution)) {
        throw denied("VALIDATION", `resolution ${resolution} is not one of ${market.configuration().supported_resolutions}`, 422);
      }
      return market.history(server.listing(symbol), resolution, period, server.now());
    },
    quotes: async (symbols) => symbols.map((symbol) => market.quoteData(symbol, server.now())),
    sparklines: async (symbols) => symbols.flatMap((symbol) => market.listing(symbol) ?? []).map((listing) => market.sparkline(listing, server.now())),
    serverTime: async () => Math.floor(server.now() / 1000),
    depth: async (symbol) => market.depth(server.listing(symbol), server.now()),
  };
}

/**
 * @param {FallbackOptions} [options]
 * @returns {{api: Api, ws: WsAdapter, open: () => void, close: () => void}}
 */
export function createFallback(options = {}) {
  const server = new FallbackServer(options);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const open = () => {
    options.onState?.({ status: ConnectionStatus.Connected, message: "Offline demo" });
    timer ??= setInterval(() => server.step(), options.tickMs ?? 250);
  };
  const ws = /** @type {WsAdapter} */ (/** @type {unknown} */ (server.routes));
  return { api: createBrokerApi(server), ws, open, close: () => clearInterval(timer) };
}
