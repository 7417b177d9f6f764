// @ts-check
/** The watchlist: quotes of chosen symbols, ticking; a click shows the symbol in chart and ticket. */
import { arrange, byId, flash, h, setText, setTone } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { recall, remember } from "../lib/memory.js";
import { Search } from "./search.js";
import { View } from "./view.js";

/**
 * @import {QuoteValues} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

const GUID = "watchlist";
/** Rows out of sight that are written along with a paint, in turn: what they say is never older than a few seconds. */
const UNSEEN_PER_PAINT = 4;
/** When no tick comes, the rows that still wait are written after this time. */
const CATCH_UP_MS = 300;

/** One symbol's row; remembers the last price to know the direction of a tick. */
class QuoteRow {
  isSeen = false;
  #last = NaN;
  #description = h("span", { class: "muted description" });
  #bid = h("span");
  #ask = h("span");
  #price = h("span", { class: "last" });
  #change = h("span", { class: "change" });

  /**
   * @param {string} symbol
   * @param {() => void} choose
   * @param {() => void} remove
   */
  constructor(symbol, choose, remove) {
    this.button = h("button", { type: "button", class: "symbol" }, symbol);
    this.element = h("tr", { "data-symbol": symbol, onclick: choose },
      h("th", { scope: "row" }, this.button, this.#description),
      h("td", { class: "number two" }, this.#bid, this.#ask),
      h("td", { class: "number two" }, this.#price, this.#change),
      h("td", {}, h("button", {
        type: "button", class: "remove", "aria-label": `Remove ${symbol} from the watchlist`,
        onclick: (/** @type {Event} */ event) => {
          event.stopPropagation();
          remove();
        },
      }, "×")));
  }

  /**
   * @param {QuoteValues} quote
   * @param {number} decimals
   */
  write({ lp, bid, ask, chp, description }, decimals) {
    setText(this.#description, description);
    setText(this.#bid, format.price(bid, decimals));
    setText(this.#ask, format.price(ask, decimals));
    setText(this.#price, format.price(lp, decimals));
    setText(this.#change, format.percent(chp));
    setTone(this.#change, format.tone(chp));
    if (this.isSeen && lp > this.#last) flash(this.#price, "up");
    else if (this.isSeen && lp < this.#last) flash(this.#price, "down");
    this.#last = lp;
  }

  /** Whether it never said anything yet. */
  get isEmpty() {
    return Number.isNaN(this.#last);
  }

  /** @param {boolean} isChosen */
  mark(isChosen) {
    this.button.setAttribute("aria-pressed", String(isChosen));
    this.element.classList.toggle("chosen", isChosen);
  }
}

export class WatchlistView extends View {
  #body = byId("quotes");
  /** @type {Map<string, QuoteRow>} */
  #rows = new Map();
  /** @type {string[]} */
  #symbols;
  #search;
  /** Symbols whose rows do not show their newest quote yet, those that wait longest first. @type {Set<string>} */
  #changed = new Set();
  #isArranged = false;
  #observer = new IntersectionObserver((entries) => this.#seen(entries), { root: byId("watchlist-body") });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #catchUp;

  /**
   * @param {Context} context
   * @param {string[]} symbols shown when this browser remembers no list
   */
  constructor(context, symbols) {
    super(context);
    this.#symbols = recall("watchlist", symbols);
    this.#search = new Search(context.datafeed, (symbol) => this.#add(symbol));
  }

  opened() {
    const { state, instruments } = this.context;
    const quoted = (/** @type {string | undefined} */ symbol) => this.#quoted(symbol);
    const rearrange = () => this.#rearrange();
    const rewrite = () => this.#quoted();
    state.quotes.subscribe(quoted);
    state.symbol.subscribe(rearrange);
    instruments.subscribe(rewrite);
    this.#rearrange();
    this.#follow();
    this.whenClosed(() => {
      state.quotes.unsubscribe(quoted);
      state.symbol.unsubscribe(rearrange);
      instruments.unsubscribe(rewrite);
      clearTimeout(this.#catchUp);
      this.context.datafeed.unsubscribeQuotes(GUID);
    });
  }

  /** @param {string} [symbol] all of them without it */
  #quoted(symbol) {
    if (symbol === undefined) for (const each of this.#symbols) this.#changed.add(each);
    else this.#changed.add(symbol);
    this.dirty();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const row = this.#rows.get(/** @type {HTMLElement} */ (target).dataset.symbol ?? "");
      if (row) row.isSeen = isIntersecting;
    }
    if (this.#changed.size > 0) this.dirty();
  }

  #rearrange() {
    this.#isArranged = false;
    this.dirty();
  }

  focusSearch() {
    this.#search.focus();
  }

  #follow() {
    const { datafeed, state } = this.context;
    const symbols = this.#symbols;
    const mark = state.quotes.mark();
    datafeed.subscribeQuotes([], symbols, (quotes) => quotes.forEach((quote) => state.quotes.put(quote.n, quote)), GUID);
    datafeed.getQuotes(symbols, (quotes) => {
      if (symbols === this.#symbols) state.quotes.reconcile(quotes.map((quote) => [quote.n, quote]), mark);
    }, (reason) => this.context.host.note("Could not read quotes", reason, true));
    remember("watchlist", symbols);
  }

  /** @param {string} symbol */
  #add(symbol) {
    if (!this.#symbols.includes(symbol)) {
      this.#symbols = [...this.#symbols, symbol];
      this.#follow();
      this.#rearrange();
    }
    this.context.state.symbol.setValue(symbol);
  }

  /** @param {string} symbol */
  #remove(symbol) {
    const row = this.#rows.get(symbol);
    if (row) this.#observer.unobserve(row.element);
    this.#rows.delete(symbol);
    this.#changed.delete(symbol);
    this.#symbols = this.#symbols.filter((other) => other !== symbol);
    this.#follow();
    this.#rearrange();
  }

  paint() {
    if (!this.#isArranged) this.#arrange();
    let unseen = 0;
    for (const symbol of this.#changed) {
      const row = this.#rows.get(symbol);
      const canWait = row && !row.isSeen && !row.isEmpty;
      if (canWait && ++unseen > UNSEEN_PER_PAINT) continue;
      this.#changed.delete(symbol);
      if (row) this.#write(symbol, row);
    }
    clearTimeout(this.#catchUp);
    if (this.#changed.size > 0) this.#catchUp = setTimeout(this.dirty, CATCH_UP_MS);
  }

  #arrange() {
    const chosen = this.context.state.symbol.value();
    arrange(this.#body, this.#symbols.map((symbol) => {
      const row = this.#rowOf(symbol);
      row.mark(symbol === chosen);
      return row.element;
    }));
    this.#isArranged = true;
  }

  /**
   * @param {string} symbol
   * @param {QuoteRow} row
   */
  #write(symbol, row) {
    const { state, instruments } = this.context;
    const quote = state.quotes.get(symbol);
    // Without the instrument's decimals a price would be shown wrong and then jump.
    if (quote?.s === "ok" && instruments.get(symbol)) row.write(quote.v, instruments.decimals(symbol));
  }

  /** @param {string} symbol */
  #rowOf(symbol) {
    let row = this.#rows.get(symbol);
    if (!row) {
      row = new QuoteRow(symbol, () => this.context.state.symbol.setValue(symbol), () => this.#remove(symbol));
      this.#rows.set(symbol, row);
      this.#changed.add(symbol);
      this.#observer.observe(row.element);
    }
    return row;
  }
}
