// @ts-check
/**
 * The stream of one account, forwarded to a host. Orders, positions, notifications and the broker's connection are followed as
 * long as the page lives; executions, equity, profits, free margin and pip values while they are followed. Another account
 * takes over all that is followed. Individual positions go to hosts that take them.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {WsAdapter} from "../adapters/ws-adapter.js"
 */
import { NotificationType } from "../lib/codes.js";

/** @typedef {"executions" | "equity" | "pl" | "marginAvailable" | "pipValue"} Followed */
/** @typedef {"orders" | "positions" | "notifications" | "brokerConnection"} Permanent */
/** @typedef {(status: TV.ConnectionStatus | null, message?: string) => void} ConnectionListener status null: as before */

export class AccountFeed {
  #host;
  #ws;
  #onConnection;
  #onMoney;
  #readMargin;
  #accountId = "";
  /** @type {(() => void)[]} */
  #permanent = [];
  /** By part and symbol. @type {Map<string, {part: Followed, symbol: string, count: number, release: () => void}>} */
  #followed = new Map();

  /**
   * @param {TV.BrokerHost} host
   * @param {WsAdapter} ws
   * @param {ConnectionListener} onConnection
   * @param {(money: TV.Money) => void} onMoney
   * @param {() => Promise<number>} readMargin reads the free margin: its topic tells changes only
   */
  constructor(host, ws, onConnection, onMoney, readMargin) {
    this.#host = host;
    this.#ws = ws;
    this.#onConnection = onConnection;
    this.#onMoney = onMoney;
    this.#readMargin = readMargin;
  }

  /**
   * Follow this account from now on, and no other.
   * @param {string} accountId
   * @param {boolean} hasPositions
   */
  use(accountId, hasPositions) {
    for (const release of this.#permanent.splice(0)) release();
    this.#accountId = accountId;
    this.#permanent.push(this.#listenConnection(), this.#listenOrders(), this.#listenNotifications());
    // The individual ones are confirmed first: the positions are then read once for both.
    if (hasPositions) this.#permanent.push(this.#listenIndividualPositions(), this.#listenPositions());
    for (const followed of this.#followed.values()) {
      followed.release();
      followed.release = this.#listen(followed.part, followed.symbol);
    }
  }

  /**
   * @param {Followed} part
   * @param {string} [symbol] of a pip value
   */
  follow(part, symbol = "") {
    const key = `${part}:${symbol}`;
    const followed = this.#followed.get(key);
    if (followed) followed.count += 1;
    else this.#followed.set(key, { part, symbol, count: 1, release: this.#accountId ? this.#listen(part, symbol) : () => {} });
  }

  /**
   * @param {Followed} part
   * @param {string} [symbol]
   */
  unfollow(part, symbol = "") {
    const key = `${part}:${symbol}`;
    const followed = this.#followed.get(key);
    if (!followed || --followed.count > 0) return;
    this.#followed.delete(key);
    followed.release();
  }

  #refused = (/** @type {string} */ message) => {
    this.#host.showNotification("Updates refused", message, NotificationType.Error);
  };

  get #topic() {
    return { accountId: this.#accountId };
  }

  /**
   * Ask the host to read a part again after updates were missed.
   * @param {TV.AccountPart} part
   */
  #rereading(part) {
    return (/** @type {{recovered: boolean}} */ { recovered }) => {
      if (!recovered) this.#host.currentAccountUpdate([part]);
    };
  }

  #listenConnection() {
    return this.#ws.brokerConnection.subscribe(this.#topic, {
      onRefused: this.#refused,
      onUpdate: ({ status, message }) => this.#onConnection(status, message),
      onConfirmed: ({ recovered }) => recovered && this.#onConnection(null),
    });
  }

  #listenOrders() {
    return this.#ws.orders.subscribe(this.#topic, {
      onRefused: this.#refused,
      onUpdate: (order) => this.#host.orderUpdate(order),
      onConfirmed: this.#rereading("orders"),
    });
  }

  #listenNotifications() {
    return this.#ws.notifications.subscribe(this.#topic, {
      onRefused: this.#refused,
      onUpdate: ({ title, text, type }) => this.#host.showNotification(title, text, type),
    });
  }

  #listenPositions() {
    return this.#ws.positions.subscribe(this.#topic, {
      onRefused: this.#refused,
      onUpdate: (position) => this.#host.positionUpdate(position),
      onConfirmed: this.#rereading("positions"),
    });
  }

  #listenIndividualPositions() {
    const host = this.#host;
    if (!host.individualPositionUpdate) return () => {};
    const reread = this.#rereading("positions");
    let wasConfirmed = false;
    return this.#ws.individualPositions.subscribe(this.#topic, {
      onRefused: this.#refused,
      onUpdate: (position) => host.individualPositionUpdate?.(position),
      onConfirmed: (confirmation) => {
        if (wasConfirmed) reread(confirmation);
        wasConfirmed = true;
      },
    });
  }

  /**
   * @param {Followed} part
   * @param {string} symbol of a pip value
   * @returns {() => void}
   */
  #listen(part, symbol) {
    const host = this.#host;
    const onRefused = this.#refused;
    switch (part) {
      case "executions":
        return this.#ws.executions.subscribe(this.#topic, {
          onRefused, onUpdate: (execution) => host.executionUpdate(execution), onConfirmed: this.#rereading("executions"),
        });
      case "equity":
        return this.#ws.equity.subscribe(this.#topic, {
          onRefused, onUpdate: (money) => this.#onMoney(money), onConfirmed: this.#rereading("equity"),
        });
      case "marginAvailable":
        return this.#listenMargin();
      case "pipValue":
        return this.#ws.pipValue.subscribe({ ...this.#topic, symbol }, {
          onRefused, onUpdate: ({ buyPipValue, sellPipValue }) => host.pipValueUpdate(symbol, { buyPipValue, sellPipValue }),
        });
      case "pl":
        return this.#listenPL();
    }
  }

  /** Tell the free margin that is read, unless an update came meanwhile, then every update. */
  #listenMargin() {
    let updates = 0;
    const tell = (/** @type {number} */ marginAvailable) => {
      updates += 1;
      this.#host.marginAvailableUpdate(marginAvailable);
    };
    return this.#ws.marginAvailable.subscribe(this.#topic, {
      onRefused: this.#refused,
      onUpdate: ({ marginAvailable }) => tell(marginAvailable),
      onConfirmed: ({ recovered }) => {
        const before = updates;
        if (!recovered) this.#readMargin().then((margin) => updates === before && tell(margin), () => {});
      },
    });
  }

  #listenPL() {
    const host = this.#host;
    const onRefused = this.#refused;
    const releases = [this.#ws.pl.subscribe(this.#topic, {
      onRefused, onUpdate: ({ positions }) => positions.forEach(({ id, pl, price }) => host.plUpdate(id, pl, price)),
    })];
    if (host.individualPositionPLUpdate) {
      releases.push(this.#ws.individualPl.subscribe(this.#topic, {
        onRefused, onUpdate: ({ positions }) => positions.forEach(({ id, pl }) => host.individualPositionPLUpdate?.(id, pl)),
      }));
    }
    return () => releases.forEach((release) => release());
  }
}
