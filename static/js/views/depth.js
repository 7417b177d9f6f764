// @ts-check
/** The depth ladder of the chosen symbol; a click on a level prepares a limit order that joins it. */
import { Side } from "../lib/codes.js";
import { byId, h, setText } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { showStatus, statusOf } from "./market.js";
import { View } from "./view.js";

/**
 * @import {DOMLevel, Side as SideCode} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

const LEVELS = 10;
const FEWEST_LEVELS = 3;

/** One line of the ladder, written in place. */
class Level {
  #size = h("span");
  #price = h("span");
  /** @type {DOMLevel | null} */
  #shown = null;
  #share = 0;

  /**
   * @param {SideCode} side of the order that a click prepares
   * @param {(price: number, side: SideCode) => void} onChosen
   */
  constructor(side, onChosen) {
    this.element = h("button", {
      type: "button", class: `level ${side === Side.Buy ? "bid" : "ask"}`, disabled: true,
      onclick: () => this.#shown && onChosen(this.#shown.price, side),
    }, this.#size, this.#price);
  }

  /**
   * @param {DOMLevel | undefined} level
   * @param {number} largest volume of all levels shown
   * @param {number} decimals
   */
  write(level, largest, decimals) {
    this.#shown = level ?? null;
    this.element.disabled = !level;
    setText(this.#size, level && level.volume !== null ? format.compact(level.volume, 2) : "");
    setText(this.#price, level ? format.price(level.price, decimals) : "");
    const share = level?.volume && largest ? Math.round((level.volume / largest) * 100) : 0;
    if (share !== this.#share) this.element.style.backgroundSize = `${share}% calc(100% - 2px)`;
    this.#share = share;
  }
}

export class DepthView extends View {
  #asks;
  #bids;
  #symbol = "";
  #ladder = byId("ladder");
  #status = byId("depth-status");
  /** The server has no depth at all: it is not asked again. */
  #isRefused = false;

  /**
   * @param {Context} context
   * @param {(price: number, side: SideCode) => void} onChosen
   */
  constructor(context, onChosen) {
    super(context);
    const levels = (/** @type {SideCode} */ side) => Array.from({ length: LEVELS }, () => new Level(side, onChosen));
    this.#asks = levels(Side.Sell);
    this.#bids = levels(Side.Buy);
    byId("ladder-asks").replaceChildren(...this.#asks.map(({ element }) => element));
    byId("ladder-bids").replaceChildren(...this.#bids.map(({ element }) => element));
    this.#probe();
    new ResizeObserver(() => this.#measure()).observe(/** @type {HTMLElement} */ (this.#ladder.parentElement));
  }

  /** Show as many levels as fit, so that none is cut off. */
  #measure() {
    const row = this.#bids[0].element.offsetHeight;
    if (!row) return;
    const height = /** @type {HTMLElement} */ (this.#ladder.parentElement).clientHeight - 2 * row;
    const room = Math.max(FEWEST_LEVELS, Math.min(LEVELS, Math.floor(height / row / 2)));
    this.#asks.forEach(({ element }, index) => { element.hidden = index < LEVELS - room; });
    this.#bids.forEach(({ element }, index) => { element.hidden = index >= room; });
  }

  /** Find out whether this server has depth at all: only then there is a panel. */
  #probe() {
    const { datafeed, state } = this.context;
    const uid = datafeed.subscribeDepth(state.symbol.value(), () => {
      datafeed.unsubscribeDepth(uid);
      document.body.classList.add("has-depth");
    }, () => {
      this.#isRefused = true;
    });
  }

  opened() {
    const { state, instruments } = this.context;
    const follow = () => this.#follow(state.symbol.value());
    state.symbol.subscribe(follow, { callWithLast: true });
    this.watch(state.depth, state.quotes, state.minute, instruments);
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      this.#follow("");
    });
  }

  /** @param {string} symbol none when empty */
  #follow(symbol) {
    if (this.#symbol) this.context.broker.unsubscribeDOM(this.#symbol);
    this.#symbol = symbol;
    if (!symbol || this.#isRefused) return;
    this.context.broker.subscribeDOM(symbol);
  }

  paint() {
    const status = statusOf(this.context, this.#symbol);
    showStatus(this.#status, { ...status, text: status.short });
    const depth = this.context.state.depth.value();
    if (!depth || depth.symbol !== this.#symbol) return;
    const decimals = this.context.instruments.decimals(depth.symbol);
    const asks = depth.asks.slice(0, LEVELS);
    const bids = depth.bids.slice(-LEVELS).reverse();
    const largest = Math.max(0, ...[...asks, ...bids].map(({ volume }) => volume ?? 0));
    setText(byId("depth-symbol"), depth.symbol);
    this.#asks.forEach((level, row) => level.write(asks[LEVELS - 1 - row], largest, decimals));
    this.#bids.forEach((level, row) => level.write(bids[row], largest, decimals));
    const spread = asks.length && bids.length ? asks[0].price - bids[0].price : undefined;
    setText(byId("ladder-spread"), `Spread ${format.price(spread, decimals)}`);
  }
}
