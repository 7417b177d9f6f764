// @ts-check
/**
 * Base of all views: an open view follows its sources and paints itself once per frame; a closed one follows nothing.
 *
 * @import {State} from "../state.js"
 * @import {Host} from "../host.js"
 * @import {Painter} from "../lib/painter.js"
 * @import {InstrumentBook} from "../lib/instruments.js"
 * @import {MarketClock} from "../lib/market-clock.js"
 * @import {Memory} from "../lib/memory.js"
 * @import {BrokerTerminalService} from "../services/broker-terminal-service.js"
 * @import {DatafeedService} from "../services/datafeed-service.js"
 * @import {AlertService} from "../services/alert-service.js"
 * @import {RecordsService} from "../services/records-service.js"
 */

/**
 * Arguments of every view.
 * @typedef {object} Context
 * @property {State} state
 * @property {Host} host
 * @property {Painter} painter
 * @property {InstrumentBook} instruments
 * @property {MarketClock} clock
 * @property {Memory} memory
 * @property {BrokerTerminalService} broker
 * @property {DatafeedService} datafeed
 * @property {RecordsService} records
 * @property {AlertService} alerts
 * @property {Set<string>} modules what the server runs: "broker", "datafeed", "control"
 */

/**
 * @typedef {object} Source something that calls its listeners when it changed
 * @property {(listener: () => void) => void} subscribe
 * @property {(listener: () => void) => void} unsubscribe
 */

export class View {
  /** @type {(() => void)[]} */
  #closers = [];
  #isOpen = false;
  /** Ask for a paint in the next frame. */
  dirty = () => this.context.painter.mark(this.#paint);
  #paint = () => this.paint();

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
  }

  get isOpen() {
    return this.#isOpen;
  }

  open() {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.opened();
    this.dirty();
  }

  close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const close of this.#closers.splice(0)) close();
    this.context.painter.forget(this.#paint);
  }

  /**
   * Paint whenever one of these changes, until the view is closed.
   * @param {...Source} sources
   */
  watch(...sources) {
    for (const source of sources) {
      source.subscribe(this.dirty);
      this.whenClosed(() => source.unsubscribe(this.dirty));
    }
  }

  /**
   * Do this when the view is closed.
   * @param {() => void} close
   */
  whenClosed(close) {
    this.#closers.push(close);
  }

  /** Follow the sources; said by each view. */
  opened() {}

  /** Write the state into the page; said by each view, called at most once per frame. */
  paint() {}
}
