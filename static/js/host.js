// @ts-check
/**
 * The broker's counterpart in this page: a small IBrokerConnectionAdapterHost. It turns updates of the broker into
 * state, confirms changes of orders to the trader, and reads the account again after missed updates.
 *
 * @import * as TV from "./types/tradingview.js"
 * @import {State, LogEntry} from "./state.js"
 * @import {BrokerTerminalService} from "./services/broker-terminal-service.js"
 * @import {InstrumentBook} from "./lib/instruments.js"
 */
import { NotificationType, OrderStatus, OrderType, Side, StopType, isFinal, kindOf, sideName } from "./lib/codes.js";
import * as format from "./lib/format.js";
import { mergeLevels } from "./lib/ladder.js";
import { Delegate, Value } from "./lib/store.js";
import { inWords } from "./lib/words.js";

const PLACED = "Order placed";
const LOG_LIMIT = 200;
const REREAD_DELAY_MS = 2000;
/** Fields whose change is confirmed; a trailing stop moves by itself. */
const CHANGEABLE = /** @type {const} */ ([
  "qty", "limitPrice", "stopPrice", "takeProfit", "stopLoss", "guaranteedStop", "trailingStopPips",
]);

/**
 * @typedef {Pick<BrokerTerminalService, "currentAccount" | "accountsMetainfo" | "orders" | "ordersHistory" | "positions"
 *   | "individualPositions" | "executions" | "money" | "cancelOrder" | "config">} Account
 */

/** @type {TV.AccountPart[]} */
const ALL_PARTS = ["orders", "positions", "executions", "equity"];
const BOOK_LIMIT = 100;

export class Host {
  factory = {
    createWatchedValue: (/** @type {any} */ value) => new Value(value),
    createDelegate: () => new Delegate(),
  };
  #state;
  #instruments;
  #toast;
  #now;
  /** @type {Account | null} */
  #account = null;
  /** Number of the newest read of each part: replies of older ones are too late. @type {Map<TV.AccountPart, number>} */
  #reads = new Map();

  /**
   * @param {State} state
   * @param {InstrumentBook} instruments
   * @param {(entry: LogEntry) => void} toast
   * @param {() => number} [now] epoch milliseconds
   */
  constructor(state, instruments, toast, now = Date.now) {
    this.#state = state;
    this.#instruments = instruments;
    this.#toast = toast;
    this.#now = now;
  }

  /**
   * Set the account that is read and whose orders are canceled.
   * @param {Account} account
   */
  attach(account) {
    this.#account = account;
  }

  /**
   * @param {TV.ConnectionStatus} status
   * @param {{message?: string}} [info]
   */
  connectionStatusUpdate(status, info) {
    this.#state.broker.setValue({ status, message: info?.message });
  }

  /** @param {TV.Order} order */
  orderUpdate(order) {
    const before = this.#state.orders.get(order.id);
    this.#state.orders.put(order.id, order);
    this.#announce(before, order);
  }

  /**
   * @param {string} id
   * @param {Partial<TV.Order>} changes
   */
  orderPartialUpdate(id, changes) {
    const order = this.#state.orders.get(id);
    if (order) this.orderUpdate({ ...order, ...changes });
  }

  /**
   * @param {string} id
   * @param {Partial<TV.Position>} changes
   */
  positionPartialUpdate(id, changes) {
    const position = this.#state.positions.get(id);
    if (position) this.positionUpdate({ ...position, ...changes });
  }

  /** @param {TV.Position} position */
  positionUpdate(position) {
    const { positions } = this.#state;
    if (position.qty === 0) positions.delete(position.id);
    else positions.put(position.id, { mark: positions.get(position.id)?.mark, ...position });
  }

  /** @param {TV.IndividualPosition} position */
  individualPositionUpdate(position) {
    const { individualPositions: individual } = this.#state;
    if (position.qty === 0) individual.delete(position.id);
    else individual.put(position.id, position);
  }

  /**
   * @param {string} id
   * @param {number} pl
   */
  individualPositionPLUpdate(id, pl) {
    this.#state.individualPositions.patch(id, { pl });
  }

  /** @param {TV.Execution} execution */
  executionUpdate(execution) {
    this.#state.executions.put(execution.id, execution);
  }

  /**
   * @param {string} positionId
   * @param {number} pl
   * @param {number} [mark] price at which `pl` is taken
   */
  plUpdate(positionId, pl, mark) {
    this.#state.positions.patch(positionId, { pl, mark });
  }

  /**
   * @param {number} _equity
   * @param {TV.Money} [money]
   */
  equityUpdate(_equity, money) {
    if (money) this.#state.money.setValue(money);
  }

  /** @param {number} marginAvailable */
  marginAvailableUpdate(marginAvailable) {
    const money = this.#state.money.value();
    if (money && money.marginAvailable !== marginAvailable) this.#state.money.setValue({ ...money, marginAvailable });
  }

  /**
   * @param {string} symbol
   * @param {{buyPipValue: number, sellPipValue: number}} values
   */
  pipValueUpdate(symbol, values) {
    this.#state.pipValues.put(symbol, values);
  }

  /**
   * @param {string} symbol
   * @param {TV.DOMData} depth
   */
  domUpdate(symbol, { snapshot, asks, bids }) {
    const known = this.#state.depth.value();
    const before = known?.symbol === symbol && !snapshot ? known : { asks: [], bids: [] };
    this.#state.depth.setValue({
      symbol,
      asks: mergeLevels(before.asks, asks).slice(0, BOOK_LIMIT),
      bids: mergeLevels(before.bids, bids).slice(-BOOK_LIMIT),
    });
  }

  /** @param {TV.OrderDurationMetaInfo[]} durations */
  setDurations(durations) {
    this.#state.durations.setValue(durations);
  }

  /**
   * The page asks the broker for its flags. Positions may be individual ones by the new flags.
   * @param {Partial<TV.BrokerConfigFlags>} flags
   */
  patchConfig({ supportPositionNetting: isHedging }) {
    if (isHedging) this.#read("positions");
  }

  /**
   * @param {string} symbol
   * @param {TV.Realtime} data
   */
  realtimeUpdate(symbol, data) {
    this.#state.realtime.put(symbol, data);
  }

  /**
   * @param {string} title
   * @param {string} text
   * @param {TV.NotificationType} [type]
   */
  showNotification(title, text, type = NotificationType.Success) {
    this.#toast(this.note(title, text, type === NotificationType.Error));
  }

  /**
   * Write into the log, without a toast.
   * @param {string} title
   * @param {string} text
   * @param {boolean} [isError]
   * @returns {LogEntry}
   */
  note(title, text, isError = false) {
    return this.#write({ time: this.#now(), title, text, isError });
  }

  /**
   * @param {LogEntry} entry
   * @returns {LogEntry}
   */
  #write(entry) {
    this.#state.log.setValue([...this.#state.log.value(), entry].slice(-LOG_LIMIT));
    return entry;
  }

  /**
   * Read parts of the account again; without `parts` it is another account, or it was reset.
   * @param {TV.AccountPart[]} [parts]
   */
  currentAccountUpdate(parts) {
    if (!parts) this.#forget();
    for (const part of parts ?? ALL_PARTS) this.#read(part);
  }

  #forget() {
    const { orders, positions, individualPositions, executions, money, account } = this.#state;
    for (const collection of [orders, positions, individualPositions, executions]) collection.clear();
    money.setValue(null);
    account.setValue(this.#account?.currentAccount() ?? "");
    this.readAccounts();
  }

  /** Read the list of accounts, until it succeeds. */
  async readAccounts() {
    try {
      this.#state.accounts.setValue(await this.#account?.accountsMetainfo() ?? []);
    } catch (error) {
      this.note("Could not read accounts", error instanceof Error ? error.message : String(error), true);
      setTimeout(() => this.readAccounts(), REREAD_DELAY_MS);
    }
  }

  /** @param {TV.AccountPart} part */
  async #read(part) {
    const account = this.#account;
    if (!account) return;
    const turn = (this.#reads.get(part) ?? 0) + 1;
    this.#reads.set(part, turn);
    const isLate = () => this.#reads.get(part) !== turn;
    try {
      if (part === "orders") await this.#readOrders(account, isLate);
      else if (part === "equity") await this.#readMoney(account, isLate);
      else if (part === "positions") await this.#readPositions(account, isLate);
      else await this.#readInto(this.#state.executions, () => account.executions(""), isLate);
    } catch (error) {
      if (isLate()) return;
      this.note(`Could not read ${part}`, error instanceof Error ? error.message : String(error), true);
      setTimeout(() => isLate() || this.#read(part), REREAD_DELAY_MS);
    }
  }

  /**
   * @template {{id: string}} T
   * @param {import("./lib/store.js").Collection<T>} collection
   * @param {() => Promise<T[]>} read
   * @param {() => boolean} isLate
   */
  async #readInto(collection, read, isLate) {
    const mark = collection.mark();
    const items = await read();
    if (!isLate()) collection.reconcile(items.map((item) => [item.id, item]), mark);
  }

  /**
   * @param {Account} account
   * @param {() => boolean} isLate
   */
  async #readPositions(account, isLate) {
    const isHedging = account.config()?.supportPositionNetting;
    await Promise.all([
      this.#readInto(this.#state.positions, () => account.positions(), isLate),
      isHedging && this.#readInto(this.#state.individualPositions, () => account.individualPositions(), isLate),
    ]);
  }

  /**
   * @param {Account} account
   * @param {() => boolean} isLate
   */
  async #readOrders(account, isLate) {
    const { orders } = this.#state;
    const before = new Map(orders.values().map((order) => [order.id, order]));
    await this.#readInto(orders, async () => {
      const [recent, history] = await Promise.all([account.orders(), account.ordersHistory()]);
      return [...history, ...recent];
    }, isLate);
    for (const [id, known] of before) {
      const order = orders.get(id);
      if (order && !isFinal(known.status) && isFinal(order.status)) this.#announce(known, order);
    }
  }

  /**
   * @param {Account} account
   * @param {() => boolean} isLate
   */
  async #readMoney(account, isLate) {
    const before = this.#state.money.value();
    const money = await account.money();
    if (!isLate() && this.#state.money.value() === before) this.#state.money.setValue(money);
  }

  /**
   * Confirm every change of an order with a toast; changes of brackets that follow from others are only written into the log.
   * @param {TV.Order | undefined} before
   * @param {TV.Order} order
   */
  #announce(before, order) {
    const text = this.#describe(order);
    const decimals = this.#instruments.decimals(order.symbol);
    const reason = order.message?.text ?? order.reason;
    if (before?.status === order.status) {
      this.#announceChange(before, order, text);
    } else if (order.status === OrderStatus.Filled) {
      const verb = order.side === Side.Buy ? "Bought" : "Sold";
      const at = format.price(order.avgPrice, decimals);
      this.#confirm(order, "Order filled", `${verb} ${format.qty(order.qty)} ${order.symbol} at ${at}`);
    } else if (order.status === OrderStatus.Rejected) {
      this.#confirm(order, "Order rejected", `${text}: ${inWords(reason ?? "refused", decimals)}`, true);
    } else if (order.status === OrderStatus.Canceled) {
      const why = order.message ? `${text}: ${inWords(order.message.text, decimals)}` : text;
      if (order.parentId === undefined) this.#confirm(order, "Order canceled", why);
      else this.note("Bracket canceled", why);
    } else if (order.status === OrderStatus.Working && (order.filledQty ?? 0) > 0) {
      this.#confirm(order, "Order partly filled", `${text}: ${format.qty(order.filledQty)} of ${format.qty(order.qty)}`);
    } else if (order.status === OrderStatus.Working && order.type !== OrderType.Market) {
      if (order.parentId === undefined) this.#confirm(order, PLACED, text);
      else this.note(PLACED, text);
    }
  }

  /**
   * Show a toast about an order; it replaces the earlier one about the same order. A working order can be canceled from it.
   * @param {TV.Order} order
   * @param {string} title
   * @param {string} text
   * @param {boolean} [isError]
   */
  #confirm(order, title, text, isError = false) {
    const { id, status } = order;
    const isNew = title === PLACED;
    const action = status !== OrderStatus.Working ? undefined : {
      name: isNew ? "Undo" : "Cancel order", label: isNew ? `Undo: cancel order ${id}` : `Cancel order ${id}`, run: () => this.#cancel(id),
    };
    this.#toast(this.#write({ time: this.#now(), title, text, isError, key: id, action }));
  }

  /** @param {string} id of a working order */
  async #cancel(id) {
    try {
      await this.#account?.cancelOrder(id);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.showNotification("Could not cancel", inWords(text), NotificationType.Error);
    }
  }

  /**
   * @param {TV.Order} before
   * @param {TV.Order} order
   * @param {string} text
   */
  #announceChange(before, order, text) {
    if ((order.filledQty ?? 0) > (before.filledQty ?? 0)) {
      this.#confirm(order, "Order partly filled", `${text}: ${format.qty(order.filledQty)} of ${format.qty(order.qty)}`);
    } else if (CHANGEABLE.some((name) => before[name] !== order[name]) && order.stopType !== StopType.TrailingStop) {
      if (order.parentId === undefined) this.#confirm(order, "Order modified", text);
      else this.note("Order modified", text);
    }
  }

  /** @param {TV.Order} order */
  #describe(order) {
    const decimals = this.#instruments.decimals(order.symbol);
    const prices = [order.stopPrice, order.limitPrice]
      .filter((price) => price !== undefined && order.type !== OrderType.Market)
      .map((price) => format.price(price, decimals));
    const type = kindOf(order).toLowerCase();
    return [sideName(order.side), format.qty(order.qty), order.symbol, type, prices.join(" / ")].filter(Boolean).join(" ");
  }
}
