// @ts-check
/**
 * The stream by routes: one client each, all on the page's one socket. Updates come out in TradingView's shapes.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {MarginAvailable, Notification, PipValues, PLUpdate} from "../types/wire.js"
 * @import {WebSocketClient} from "./ws-client.js"
 */
import { toConnection, toDepth, toExecution, toIndividualPosition, toMoney, toOrder, toPosition, withoutNulls } from "./mappers.js";

/**
 * @template T
 * @typedef {object} RouteListener
 * @property {(update: T) => void} onUpdate
 * @property {(state: {recovered: boolean}) => void} [onConfirmed]
 * @property {(message: string) => void} [onRefused]
 */

/**
 * One route of the stream.
 * @template {object} P subscribe payload
 * @template T update
 */
export class RouteClient {
  #client;
  #route;
  #map;

  /**
   * @param {WebSocketClient} client
   * @param {string} route
   * @param {(payload: any) => T} [map]
   */
  constructor(client, route, map = (payload) => payload) {
    this.#client = client;
    this.#route = route;
    this.#map = map;
  }

  /**
   * @param {P} payload
   * @param {RouteListener<T>} listener
   * @returns {() => void} stop listening
   */
  subscribe(payload, listener) {
    return this.#client.subscribe(this.#route, payload, {
      ...listener,
      onUpdate: (update) => listener.onUpdate(this.#map(update)),
    });
  }
}

/** @typedef {{accountId: string}} AccountTopic */

export class WsAdapter {
  /** @param {WebSocketClient} client */
  constructor(client) {
    /** @type {RouteClient<AccountTopic, TV.Order>} */
    this.orders = new RouteClient(client, "orders", toOrder);
    /** @type {RouteClient<AccountTopic, TV.Position>} */
    this.positions = new RouteClient(client, "positions", toPosition);
    /** @type {RouteClient<AccountTopic, TV.Execution>} */
    this.executions = new RouteClient(client, "executions", toExecution);
    /** @type {RouteClient<AccountTopic, TV.Money>} */
    this.equity = new RouteClient(client, "equity", toMoney);
    /** @type {RouteClient<AccountTopic, PLUpdate>} */
    this.pl = new RouteClient(client, "pl");
    /** @type {RouteClient<AccountTopic, TV.IndividualPosition>} */
    this.individualPositions = new RouteClient(client, "individual-positions", toIndividualPosition);
    /** @type {RouteClient<AccountTopic, PLUpdate>} */
    this.individualPl = new RouteClient(client, "individual-pl");
    /** @type {RouteClient<AccountTopic, MarginAvailable>} */
    this.marginAvailable = new RouteClient(client, "margin-available");
    /** @type {RouteClient<AccountTopic & {symbol: string}, PipValues>} */
    this.pipValue = new RouteClient(client, "pip-value");
    /** @type {RouteClient<AccountTopic, Notification>} */
    this.notifications = new RouteClient(client, "notifications");
    /** @type {RouteClient<AccountTopic, TV.ConnectionState>} */
    this.brokerConnection = new RouteClient(client, "broker-connection", toConnection);
    /** @type {RouteClient<{symbols: string[], fast_symbols: string[]}, TV.QuoteData>} */
    this.quotes = new RouteClient(client, "quotes");
    /** @type {RouteClient<{symbol: string, resolution: string}, TV.Bar>} */
    this.bars = new RouteClient(client, "bars");
    /** Only where the server offers control. @type {RouteClient<Record<string, never>, TV.ClockState>} */
    this.clock = new RouteClient(client, "clock", withoutNulls);
    /** @type {RouteClient<{symbol: string}, TV.DOMData>} */
    this.depth = new RouteClient(client, "depth", toDepth);
  }
}
