/** A WebSocket and timers that obey the test. */

export class FakeSocket {
  readyState = 0;
  sent = [];
  isClosedByClient = false;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.isClosedByClient = true;
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  receive(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  drop(code = 1006, reason = "") {
    this.readyState = 3;
    this.onclose({ code, reason });
  }

  /** Messages of a kind that were sent, e.g. "orders.subscribe". */
  sentOf(type) {
    return this.sent.filter((message) => message.type === type);
  }
}

export class FakeTimers {
  #now = 0;
  #timers = new Map();
  #lastId = 0;

  set = (callback, delayMs) => {
    this.#timers.set(++this.#lastId, { at: this.#now + delayMs, callback });
    return this.#lastId;
  };

  clear = (id) => {
    this.#timers.delete(id);
  };

  /** Delays of what is waiting, shortest first. */
  waiting() {
    return [...this.#timers.values()].map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, { at, callback }] = due;
      this.#timers.delete(id);
      this.#now = at;
      callback();
    }
    this.#now = end;
  }
}
