/**
 * A host for the broker service: a small IBrokerConnectionAdapterHost that keeps what it was told and checks the rules that the
 * Trading Platform publishes for brokers. It sends the commands of a trader. Time is virtual: only `advance` moves it.
 *
 * Updates are checked when they come. `verify` checks what holds between commands, and compares with the broker's lists.
 */
import { Value } from "../../static/js/lib/store.js";
import { FakeTimers } from "./fakes.mjs";

const CONFIRMATION_MS = 10_000;
const [CANCELED, INACTIVE, WORKING] = [1, 3, 6];
const FINAL = new Set([1, 2, 5]);
const STATUSES = new Set([1, 2, 3, 4, 5, 6]);
/** Kind of the parent by `parentType`. */
const PARENTS = { 1: "order", 2: "position", 3: "individual position" };

const isOpen = (item) => item !== undefined && item.qty > 0 && !FINAL.has(item.status);
const isAscending = (levels) => levels.every(({ price }, index) => index === 0 || price > levels[index - 1].price);
const isOnGrid = (value, step) => value === undefined || Math.abs(value / step - Math.round(value / step)) < 1e-6;
const sum = (values) => Math.round(values.reduce((total, value) => total + value, 0) * 1e8) / 1e8;

/** The update that confirms a command: its kind, and a test of the item and of the one before it. */
const CONFIRMATIONS = {
  placeOrder: (_, { orderId }) => ["order", ({ id }) => id === orderId],
  modifyOrder: ({ id: changed }) => ["order", ({ id }) => id === changed],
  cancelOrder: (canceled) => ["order", ({ id, status }) => id === canceled && status === CANCELED],
  closePosition: (closed) => ["position", ({ id, qty }, before) => id === closed && qty < before?.qty],
  reversePosition: (reversed) => ["position", ({ id, side }, before) => id === reversed && side !== before?.side],
  editPositionBrackets: (edited) => ["position", ({ id }) => id === edited],
  closeIndividualPosition: (closed) => ["individual position", ({ id, qty }, before) => id === closed && qty < before?.qty],
  editIndividualPositionBrackets: (edited) => ["individual position", ({ id }) => id === edited],
};

export class HeadlessHost {
  violations = [];
  durations = [];
  config = {};
  connection = [];
  notifications = [];
  pl = new Map();
  realtime = new Map();
  depth = new Map();
  pipValues = new Map();
  factory = { createWatchedValue: (value) => new Value(value), createDelegate: () => ({ fire() {}, subscribe() {}, unsubscribe() {} }) };
  /** Orders, positions and individual positions by id, the closed ones as well. */
  known = { order: new Map(), position: new Map(), "individual position": new Map() };
  executions = new Map();
  rereads = 0;
  #broker;
  #accountId;
  #timers = new FakeTimers();
  #log = [];
  #waiting = new Set();

  attach(broker) {
    this.#broker = broker;
  }

  /** Let virtual time pass: a command that is not confirmed by then breaks a rule. */
  advance(ms) {
    this.#timers.advance(ms);
  }

  #violated(rule, detail) {
    this.violations.push(`${rule}: ${typeof detail === "string" ? detail : JSON.stringify(detail)}`);
  }

  #told(kind, item, before) {
    const entry = { kind, item, before };
    this.#log.push(entry);
    for (const look of [...this.#waiting]) look(entry);
  }

  /** Wait for an update of a kind that fits, from a number of updates on. */
  heard(kind, fits = () => true, since = 0) {
    const isIt = (entry) => entry.kind === kind && fits(entry.item, entry.before);
    const known = this.#log.slice(since).find(isIt);
    if (known) return Promise.resolve(known.item);
    return new Promise((resolve) => {
      const look = (entry) => {
        if (!isIt(entry)) return;
        this.#waiting.delete(look);
        resolve(entry.item);
      };
      this.#waiting.add(look);
    });
  }

  /** The number of updates so far. */
  get mark() {
    return this.#log.length;
  }

  /** Send a command of the trader and wait for its confirmation. A refused command throws and needs none. */
  async command(name, ...values) {
    if (this.#broker.connectionStatus() !== 1) this.#violated("commands need a connected broker", name);
    const since = this.mark;
    let expire;
    const expired = new Promise((resolve) => {
      expire = resolve;
    });
    const timer = this.#timers.set(() => {
      this.#violated("a command is confirmed within 10 s", `${name} ${JSON.stringify(values)}`);
      expire();
    }, CONFIRMATION_MS);
    try {
      const result = await Promise.race([this.#broker[name](...values), expired]);
      if (result === undefined && name === "placeOrder") return undefined;
      const [kind, fits] = CONFIRMATIONS[name](values[0], result);
      await Promise.race([this.heard(kind, fits, since), expired]);
      return result;
    } finally {
      this.#timers.clear(timer);
    }
  }

  /** Keep an item and return the one before it. An id belongs to one kind only. */
  #keep(kind, item) {
    for (const [other, items] of Object.entries(this.known)) {
      if (other !== kind && items.has(item.id)) this.#violated("ids of orders and positions differ", `${item.id} is ${kind} and ${other}`);
    }
    const before = this.known[kind].get(item.id);
    this.known[kind].set(item.id, item);
    return before;
  }

  orderUpdate(order) {
    const before = this.#keep("order", order);
    if (!STATUSES.has(order.status)) this.#violated("an order has a status of the platform", order);
    if (before && FINAL.has(before.status) && (order.status !== before.status || order.filledQty !== before.filledQty)) {
      this.#violated("a final order does not change", { before, order });
    }
    if (!(order.qty > 0)) this.#violated("an order has a quantity above zero", order);
    if ((order.filledQty ?? 0) > order.qty) this.#violated("an order fills no more than its quantity", order);
    this.#checkParent(order);
    this.#told("order", order, before);
  }

  #checkParent(order) {
    const { parentId, parentType } = order;
    if ((parentId === undefined) !== (parentType === undefined)) this.#violated("a bracket has parentId and parentType", order);
    if (parentId === undefined || parentType === undefined || FINAL.has(order.status)) return;
    const kind = PARENTS[parentType];
    if (!this.known[kind]?.has(parentId)) this.#violated("the parent of a bracket is known before it", order);
  }

  orderPartialUpdate(id, changes) {
    this.orderUpdate({ ...this.known.order.get(id), ...changes });
  }

  positionUpdate(position) {
    this.#position("position", position);
  }

  positionPartialUpdate(id, changes) {
    this.positionUpdate({ ...this.known.position.get(id), ...changes });
  }

  individualPositionUpdate(position) {
    this.#position("individual position", position);
  }

  #position(kind, position) {
    const before = this.#keep(kind, position);
    if (!(position.qty >= 0)) this.#violated("a position has a quantity of at least zero", position);
    if (position.qty === 0 && !before?.qty) this.#violated("a closed position has the id of an open one", position);
    if (kind === "individual position" && before?.qty === 0 && position.qty > 0) {
      this.#violated("a closed individual position stays closed", position);
    }
    if (position.qty === 0) this.pl.delete(position.id);
    this.#told(kind, position, before);
  }

  executionUpdate(execution) {
    if (!(execution.qty > 0) || !(execution.price > 0)) this.#violated("an execution has a quantity and a price", execution);
    this.executions.set(execution.id, execution);
    this.#told("execution", execution);
  }

  plUpdate(id, pl) {
    this.#profit("position", id, pl);
  }

  individualPositionPLUpdate(id, pl) {
    this.#profit("individual position", id, pl);
  }

  #profit(kind, id, pl) {
    if (!Number.isFinite(pl)) this.#violated("a profit is a number", id);
    if (!isOpen(this.known[kind].get(id))) this.#violated("profits are those of open positions", `${kind} ${id}`);
    this.pl.set(id, pl);
    this.#told(kind === "position" ? "pl" : "individual pl", id);
  }

  equityUpdate(equity) {
    if (!Number.isFinite(equity)) this.#violated("equity is a number", String(equity));
    this.#told("equity", equity);
  }

  marginAvailableUpdate(margin) {
    if (!Number.isFinite(margin)) this.#violated("free margin is a number", String(margin));
    this.#told("margin", margin);
  }

  pipValueUpdate(symbol, values) {
    if (!(values.buyPipValue > 0 && values.sellPipValue > 0)) this.#violated("pip values are above zero", symbol);
    this.pipValues.set(symbol, values);
    this.#told("pip value", symbol);
  }

  realtimeUpdate(symbol, data) {
    if (data.bid > data.ask) this.#violated("bid is not above ask", { symbol, ...data });
    this.realtime.set(symbol, data);
    this.#told("realtime", symbol);
  }

  domUpdate(symbol, { asks, bids }) {
    if (!isAscending(asks) || !isAscending(bids)) this.#violated("levels of the depth ascend by price", symbol);
    this.depth.set(symbol, { asks, bids });
    this.#told("depth", symbol);
  }

  connectionStatusUpdate(status, info) {
    if (status !== this.#broker?.connectionStatus()) this.#violated("the told connection is that of the broker", String(status));
    this.connection.push({ status, ...info });
    this.#told("connection", status);
  }

  setDurations(durations) {
    if (durations.filter((duration) => duration.default).length > 1) this.#violated("one duration at most is the default", durations);
    this.durations = durations;
  }

  patchConfig(flags) {
    this.config = { ...this.config, ...flags };
    this.#told("config", flags);
  }

  showNotification(title, text) {
    this.notifications.push(`${title}: ${text}`);
  }

  silentOrdersPlacement() {
    return new Value(true);
  }

  /** The lists of the account have to be read again; another account has other ones. */
  currentAccountUpdate() {
    const account = this.#broker.currentAccount();
    if (account !== this.#accountId) this.#clear();
    this.#accountId = account;
    this.rereads += 1;
    this.#told("reread", account);
  }

  #clear() {
    for (const items of Object.values(this.known)) items.clear();
    this.executions.clear();
    this.pl.clear();
  }

  /** Read the lists of the account: positions come before their brackets. */
  async read() {
    const [positions, individual, orders, history] = await Promise.all([
      this.#broker.positions(), this.#broker.individualPositions(), this.#broker.orders(), this.#broker.ordersHistory(),
    ]);
    return { position: positions, "individual position": individual, order: [...history, ...orders] };
  }

  /** Take the lists over, after a start or a reconnect. */
  async load() {
    const lists = await this.read();
    for (const kind of ["position", "individual position"]) {
      const listed = new Set(lists[kind].map(({ id }) => id));
      for (const item of this.known[kind].values()) if (!listed.has(item.id)) item.qty = 0;
      for (const item of lists[kind]) this.#keep(kind, item);
    }
    const listed = new Set(lists.order.map(({ id }) => id));
    for (const order of this.known.order.values()) {
      if (!listed.has(order.id)) this.#violated("orders are present after a reconnect", order);
    }
    // Orders come before their brackets.
    for (const order of lists.order.filter(({ parentId }) => parentId === undefined)) this.orderUpdate(order);
    for (const order of lists.order.filter(({ parentId }) => parentId !== undefined)) this.orderUpdate(order);
  }

  /** Check the rules that hold between commands. Returns every violation so far. */
  async verify() {
    const lists = await this.read();
    for (const kind of Object.keys(this.known)) this.#compare(kind, lists[kind]);
    this.#checkBrackets();
    this.#checkSums();
    for (const execution of this.executions.values()) {
      if (this.known.order.get(execution.orderId)?.symbol !== execution.symbol) this.#violated("an execution belongs to an order", execution);
    }
    await this.#checkGrids();
    return this.violations;
  }

  #compare(kind, list) {
    const told = [...this.known[kind].values()].filter(isOpen).map(({ id, qty, side }) => `${id} ${side} ${qty}`).sort();
    const listed = list.filter(isOpen).map(({ id, qty, side }) => `${id} ${side} ${qty}`).sort();
    const ids = [...new Set(listed)];
    if (JSON.stringify(told) !== JSON.stringify(ids)) this.#violated("lists equal the updates", { kind, told, listed: ids });
  }

  #checkBrackets() {
    const working = [...this.known.order.values()].filter(({ parentId, status }) => parentId !== undefined && !FINAL.has(status));
    const exits = new Map();
    for (const order of working) {
      const parent = this.known[PARENTS[order.parentType]]?.get(order.parentId);
      if (!isOpen(parent)) this.#violated("the parent of an open bracket is open", order);
      if (order.status === INACTIVE && order.parentType !== 1) this.#violated("brackets of positions work", order);
      if (order.status === WORKING) {
        const levels = exits.get(parent) ?? exits.set(parent, new Map()).get(parent);
        const level = order.exitLevelId ?? "";
        levels.set(level, Math.max(levels.get(level) ?? 0, order.qty - (order.filledQty ?? 0)));
      }
    }
    for (const [parent, levels] of exits) {
      if (parent && sum([...levels.values()]) > parent.qty) this.#violated("exits never exceed the position", parent);
    }
  }

  #checkSums() {
    const individual = [...this.known["individual position"].values()].filter(isOpen);
    if (individual.length === 0) return;
    for (const { symbol, qty, side } of this.known.position.values()) {
      const legs = sum(individual.filter((one) => one.symbol === symbol).map((one) => one.qty * one.side));
      if (legs !== qty * side) this.#violated("individual positions sum to the net position", { symbol, legs, net: qty * side });
    }
  }

  async #checkGrids() {
    for (const order of [...this.known.order.values()].filter(isOpen)) {
      const { minTick, qty } = await this.#broker.symbolInfo(order.symbol);
      const prices = [order.limitPrice, order.stopPrice, order.takeProfit, order.stopLoss];
      if (!prices.every((price) => isOnGrid(price, minTick))) this.#violated("prices lie on the tick grid", order);
      if (!isOnGrid(order.qty, qty.step)) this.#violated("quantities lie on the lot grid", order);
    }
  }
}
