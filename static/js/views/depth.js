// @ts-check
/**
 * The depth ladder of the chosen symbol, with cumulative sizes and the trader's own orders. A click on a level prepares a limit
 * order that joins it; while one-click trading is armed, the click sends the order. A click on own orders cancels them.
 */
import { ConnectionStatus, NotificationType, Side, sideName } from "../lib/codes.js";
import { byId, h, setText } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { ladderOf, middleOf, ownOrders } from "../lib/ladder.js";
import { inWords } from "../lib/words.js";
import { showStatus, statusOf } from "./market.js";
import { View } from "./view.js";

/**
 * @import {Rung} from "../lib/ladder.js"
 * @import {Side as SideCode} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

const LEVELS = 10;
const FEWEST_LEVELS = 3;

/**
 * @typedef {object} LadderOrders
 * @property {(price: number, side: SideCode) => void} prepare a limit order in the ticket
 * @property {(price: number, side: SideCode) => void} place a limit order of the ticket's quantity at once
 * @property {() => number} qty of such an order
 */

/** One row of the ladder, written in place. */
class Row {
  #own = h("button", { type: "button", class: "own", hidden: true });
  #total = h("span", { class: "level-total" });
  #size = h("span");
  #price = h("span");
  /** @type {Rung | null} */
  #rung = null;
  #share = 0;

  /**
   * @param {(price: number, side: SideCode) => void} onChosen
   * @param {(ids: string[]) => void} onCancel
   */
  constructor(onChosen, onCancel) {
    this.level = h("button", {
      type: "button", class: "level", disabled: true,
      onclick: () => this.#rung?.side && onChosen(this.#rung.price, this.#rung.side),
    }, this.#total, this.#size, this.#price);
    this.#own.addEventListener("click", () => onCancel(this.#rung?.own?.ids ?? []));
    this.element = h("div", { class: "rung" }, this.#own, this.level);
  }

  /**
   * @param {Rung | undefined} rung
   * @param {number} largest volume of all levels shown
   * @param {number} decimals
   */
  write(rung, largest, decimals) {
    this.#rung = rung ?? null;
    const side = rung?.side === Side.Buy ? "bid" : rung?.side === Side.Sell ? "ask" : "";
    if (this.element.dataset.side !== side) this.element.dataset.side = side;
    this.element.classList.toggle("absent", !rung);
    this.level.disabled = !side;
    setText(this.#total, rung?.volume === undefined ? "" : format.compact(rung.total, 1));
    setText(this.#size, rung?.volume === undefined ? "" : format.compact(rung.volume, 2));
    setText(this.#price, rung ? format.price(rung.price, decimals) : "");
    this.#writeOwn(rung);
    const share = rung?.volume && largest ? Math.round((rung.volume / largest) * 100) : 0;
    if (share !== this.#share) this.level.style.backgroundSize = `${share}% calc(100% - 2px)`;
    this.#share = share;
  }

  /** @param {Rung | undefined} rung */
  #writeOwn(rung) {
    const own = rung?.own;
    this.#own.hidden = !own;
    if (!rung || !own) return;
    setText(this.#own, format.compact(own.qty));
    this.#own.dataset.side = own.side === Side.Buy ? "bid" : "ask";
    const text = `Cancel ${own.ids.length === 1 ? "order" : "orders"} ${own.ids.join(", ")}: ${sideName(own.side)} ${format.qty(own.qty)} at ${rung.price}`;
    if (this.#own.title !== text) {
      this.#own.title = text;
      this.#own.setAttribute("aria-label", text);
    }
  }
}

export class DepthView extends View {
  #asks;
  #bids;
  #symbol = "";
  #ladder = byId("ladder");
  #status = byId("depth-status");
  /** @type {HTMLInputElement} */
  #armed = byId("ladder-armed");
  /** @type {HTMLInputElement} */
  #centered = byId("ladder-centered");
  /** Price in the middle of a ladder that keeps its place. @type {number | undefined} */
  #center;
  #orders;
  /** The server has no depth at all: it is not asked again. */
  #isRefused = false;

  /**
   * @param {Context} context
   * @param {LadderOrders | null} orders null without a broker
   */
  constructor(context, orders) {
    super(context);
    this.#orders = orders;
    const rows = () => Array.from({ length: LEVELS }, () => new Row((price, side) => this.#chosen(price, side), (ids) => this.#cancel(ids)));
    this.#asks = rows();
    this.#bids = rows();
    byId("ladder-asks").replaceChildren(...this.#asks.map(({ element }) => element));
    byId("ladder-bids").replaceChildren(...this.#bids.map(({ element }) => element));
    /** @type {HTMLElement} */ (this.#armed.parentElement).hidden = orders === null;
    this.#armed.addEventListener("change", this.dirty);
    this.#centered.checked = context.memory.recall("ladderCentered", true);
    this.#centered.addEventListener("change", () => {
      context.memory.remember("ladderCentered", this.#centered.checked);
      this.#center = undefined;
      this.dirty();
    });
    this.#probe();
    new ResizeObserver(() => this.#measure()).observe(/** @type {HTMLElement} */ (this.#ladder.parentElement));
  }

  /**
   * @param {number} price
   * @param {SideCode} side
   */
  #chosen(price, side) {
    if (this.#armed.checked) this.#orders?.place(price, side);
    else this.#orders?.prepare(price, side);
  }

  /** @param {string[]} ids of working orders */
  async #cancel(ids) {
    const { broker, host } = this.context;
    for (const id of ids) {
      await broker.cancelOrder(id).catch((error) => host.showNotification("Could not cancel", inWords(error.message), NotificationType.Error));
    }
  }

  /** Orders are sent by one click only as long as the trader sees what was armed. */
  #disarm() {
    this.#armed.checked = false;
    this.dirty();
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
    const disarm = () => this.#disarm();
    const lost = () => state.socket.value().status !== ConnectionStatus.Connected && this.#disarm();
    state.symbol.subscribe(follow, { callWithLast: true });
    state.account.subscribe(disarm);
    state.socket.subscribe(lost);
    this.watch(state.depth, state.orders, state.quotes, state.minute, instruments);
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      state.account.unsubscribe(disarm);
      state.socket.unsubscribe(lost);
      this.#follow("");
    });
  }

  /** @param {string} symbol none when empty */
  #follow(symbol) {
    if (this.#symbol) this.context.broker.unsubscribeDOM(this.#symbol);
    this.#symbol = symbol;
    this.#center = undefined;
    this.#disarm();
    if (!symbol || this.#isRefused) return;
    this.context.broker.subscribeDOM(symbol);
  }

  paint() {
    const status = statusOf(this.context, this.#symbol);
    showStatus(this.#status, { ...status, text: status.short });
    const depth = this.context.state.depth.value();
    if (!depth || depth.symbol !== this.#symbol) return;
    const { instruments, state } = this.context;
    const tick = instruments.get(depth.symbol)?.minTick;
    if (!tick) return;
    const decimals = format.decimalsOf(tick);
    const isArmed = this.#armed.checked;
    if (!this.#centered.checked) this.#center ??= middleOf(depth);
    const own = ownOrders(state.orders.values(), depth.symbol, tick);
    const { asks, bids } = ladderOf(depth, own, { count: LEVELS, tick, center: this.#center });
    const largest = Math.max(0, ...[...asks, ...bids].map(({ volume }) => volume ?? 0));
    setText(byId("depth-symbol"), depth.symbol);
    byId("depth").classList.toggle("armed", isArmed);
    this.#asks.forEach((row, index) => row.write(asks[LEVELS - 1 - index], largest, decimals));
    this.#bids.forEach((row, index) => row.write(bids[index], largest, decimals));
    const spread = depth.asks.length && depth.bids.length ? depth.asks[0].price - depth.bids[depth.bids.length - 1].price : undefined;
    const perClick = isArmed ? `${format.qty(this.#orders?.qty())} per click · ` : "";
    setText(byId("ladder-spread"), `${perClick}Spread ${format.price(spread, decimals)}`);
  }
}
