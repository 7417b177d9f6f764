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

/** One symbol's row; remembers the last price to know the direction of a tick. */
class QuoteRow {
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
    if (lp > this.#last) flash(this.#price, "up");
    else if (lp < this.#last) flash(this.#price, "down");
    this.#last = lp;
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
    this.watch(state.quotes, state.symbol, instruments);
    this.#follow();
    this.whenClosed(() => this.context.datafeed.unsubscribeQuotes(GUID));
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
    }
    this.context.state.symbol.setValue(symbol);
  }

  /** @param {string} symbol */
  #remove(symbol) {
    this.#symbols = this.#symbols.filter((other) => other !== symbol);
    this.#rows.delete(symbol);
    this.#follow();
    this.dirty();
  }

  paint() {
    const { state, instruments } = this.context;
    const chosen = state.symbol.value();
    const rows = this.#symbols.map((symbol) => {
      const row = this.#rowOf(symbol);
      const quote = state.quotes.get(symbol);
      // Without the instrument's decimals a price would be shown wrong and then jump.
      if (quote?.s === "ok" && instruments.get(symbol)) row.write(quote.v, instruments.decimals(symbol));
      row.mark(symbol === chosen);
      return row.element;
    });
    arrange(this.#body, rows);
  }

  /** @param {string} symbol */
  #rowOf(symbol) {
    let row = this.#rows.get(symbol);
    if (!row) {
      row = new QuoteRow(symbol, () => this.context.state.symbol.setValue(symbol), () => this.#remove(symbol));
      this.#rows.set(symbol, row);
    }
    return row;
  }
}
