/** What the contract listens with: a host that remembers what it was told, and promises of what callbacks say. */
import assert from "node:assert/strict";

import { Value } from "../../static/js/lib/store.js";

const WAIT_MS = 10_000;

/** TradingView's host, as a list of what it was told. */
export class RecordingHost {
  calls = [];
  factory = { createWatchedValue: (value) => new Value(value), createDelegate: () => ({}) };
  #waiting = new Set();

  constructor() {
    return new Proxy(this, {
      get: (host, name) => (name in host || name === "defaultContextMenuActions" ? Reflect.get(host, name, host) : (...values) => host.told(name, values)),
    });
  }

  told(name, values) {
    const call = [name, ...values];
    this.calls.push(call);
    for (const waiting of [...this.#waiting]) waiting(call);
  }

  /** Forget what was told; the next `heard` looks at what comes from here on. */
  forget = () => {
    this.calls = [];
  };

  /** The first call of this name that fits, told already or to come. */
  heard = (name, fits = () => true) => {
    const isIt = ([called, ...values]) => called === name && fits(...values);
    const told = this.calls.find(isIt);
    if (told) return Promise.resolve(told[1]);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name} was not told; told were ${JSON.stringify(this.calls)}`)), WAIT_MS);
      const waiting = (call) => {
        if (!isIt(call)) return;
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(call[1]);
      };
      this.#waiting.add(waiting);
    });
  };
}

/** What a callback API calls back with, in order; never later than WAIT_MS. */
export function called(start) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("nothing was called back")), WAIT_MS);
    const finish = (settle) => (...values) => {
      clearTimeout(timer);
      settle(values.length > 1 ? values : values[0]);
    };
    start(finish(resolve), finish((reason) => reject(new Error(String(reason)))));
  });
}

/** The promise has to be refused with this reason code. */
export async function refused(code, promise) {
  await assert.rejects(promise, (error) => error.code === code || assert.fail(`${error.code}: ${error.message}, not ${code}`));
}
