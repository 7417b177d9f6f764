// @ts-check
/**
 * Control of the server for the control panel. The clock of the server is followed as long as the page lives, and written into the
 * state and into market time; commands go to the adapter.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {ControlAdapter} from "../adapters/control-adapter.js"
 * @import {WsAdapter} from "../adapters/ws-adapter.js"
 * @import {MarketClock} from "../lib/market-clock.js"
 * @import {Value} from "../lib/store.js"
 */

/** Longest jump to an open or close: the longest holidays are shorter. */
const JUMP_LIMIT_MS = 14 * 86_400_000;

export class ControlService {
  #ws;
  #clock;
  #marketClock;

  /**
   * @param {ControlAdapter} api for scenarios, faults and the recording
   * @param {Pick<WsAdapter, "clock">} ws
   * @param {Value<TV.ClockState | null>} clock of the page's state
   * @param {MarketClock} marketClock
   */
  constructor(api, ws, clock, marketClock) {
    this.api = api;
    this.#ws = ws;
    this.#clock = clock;
    this.#marketClock = marketClock;
  }

  /** Follow the clock. A server that refuses it to this token leaves the state at null. */
  followClock() {
    this.#ws.clock.subscribe({}, {
      onUpdate: (clock) => this.#take(clock),
      onConfirmed: ({ recovered }) => {
        if (!recovered) this.readClock();
      },
      onRefused: () => {},
    });
  }

  /** Whether the clock is followed, so that nothing else may set market time. */
  get isFollowing() {
    return this.#clock.value() !== null;
  }

  /** Read the clock now; a reading that fails is left out. */
  async readClock() {
    await this.api.clock().then((clock) => this.#take(clock), () => {});
  }

  /** @param {TV.ClockState} clock */
  #take(clock) {
    const isMoving = clock.mode === "running" && clock.status === "ready";
    this.#marketClock.set({ now: clock.now, speed: isMoving ? clock.speed : 0 });
    this.#clock.setValue(clock);
  }

  /** @param {TV.ClockChange} change */
  async changeClock(change) {
    this.#take(await this.api.changeClock(change));
  }

  /** @param {number} ms of market time, forward */
  async step(ms) {
    this.#take(await this.api.advanceClock({ by: ms }));
  }

  /**
   * Advance to the next open or close of a symbol; the state says when that is done.
   * @param {"open" | "close"} until
   * @param {string} symbol
   */
  async jump(until, symbol) {
    this.#take(await this.api.advanceClock({ until, symbol, limit: JUMP_LIMIT_MS }));
  }
}
