// @ts-check
/**
 * The watchlist: live quotes of a list of symbols, in pages; a click shows the symbol in chart and ticket. The quotes of the
 * shown page are followed. The rows are sorted when the trader asks for it, and stay where they are while prices change.
 * `quote-row.js` has one row, `sparklines.js` the courses of the day.
 */
import { arrange, byId } from "../lib/dom.js";
import { nextSorting, pageOf, sorted } from "../lib/sorting.js";
import { statusOf } from "./market.js";
import { Pager } from "./pager.js";
import { Watchlists, moved } from "../lib/watchlists.js";
import { QuoteRow } from "./quote-row.js";
import { Search } from "./search.js";
import { Sparklines } from "./sparklines.js";
import { View } from "./view.js";
import { WatchlistChoice } from "./watchlist-choice.js";

/**
 * @import {Sorting} from "../lib/sorting.js"
 * @import {Context} from "./view.js"
 */

const GUID = "watchlist";
const PAGE_ROWS = 50;
/** Rows out of sight that are written with each paint, in turn; they are at most a few seconds old. */
const UNSEEN_PER_PAINT = 4;
/** When no tick comes, the rows that still wait are written after this time. */
const CATCH_UP_MS = 300;

export class WatchlistView extends View {
  #body = byId("quotes");
  /** @type {Map<string, QuoteRow>} */
  #rows = new Map();
  /** All symbols of the list, in the order of the trader. @type {string[]} */
  #symbols;
  /** The same as they are sorted. @type {string[]} */
  #order;
  /** @type {Sorting | null} */
  #sorting = null;
  #page = 0;
  #search;
  #lists;
  #sparklines = new Sparklines(this.context, (symbol) => this.#quoted(symbol));
  #pager = new Pager("Watchlist", (step) => this.#turn(step));
  /** Symbols whose rows do not show their newest quote yet, the longest waiting first. @type {Set<string>} */
  #changed = new Set();
  #isArranged = false;
  #isChosenSought = false;
  #observer = new IntersectionObserver((entries) => this.#seen(entries), { root: byId("watchlist-body") });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #catchUp;

  /**
   * @param {Context} context
   * @param {string[]} symbols of the catalogue; shown when this browser keeps no list
   */
  constructor(context, symbols) {
    super(context);
    const kept = context.memory.recall("watchlist", symbols);
    this.#symbols = kept.filter((symbol) => symbols.length === 0 || symbols.includes(symbol));
    const unknown = kept.filter((symbol) => !this.#symbols.includes(symbol));
    if (unknown.length) context.host.showNotification("Watchlist changed", `Not known to this server: ${unknown.join(", ")}`);
    this.#order = this.#symbols;
    this.#lists = new Watchlists(context.memory, this.#symbols);
    new WatchlistChoice(this.#lists, () => this.#showList());
    this.#wireOrder();
    this.#search = new Search(context.datafeed, (symbol) => this.#add(symbol));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#quotes-head [data-sort]"))) {
      button.addEventListener("click", () => this.#sortBy(button.dataset.sort ?? ""));
    }
    byId("watchlist-body").append(this.#pager.element);
  }

  opened() {
    const { state, instruments } = this.context;
    const quoted = (/** @type {string | undefined} */ symbol) => this.#quoted(symbol);
    const choose = () => this.#seekChosen();
    const rewrite = () => this.#quoted();
    state.quotes.subscribe(quoted);
    state.symbol.subscribe(choose);
    state.minute.subscribe(rewrite);
    instruments.subscribe(rewrite);
    this.#seekChosen();
    this.#follow();
    this.whenClosed(this.#sparklines.open());
    this.whenClosed(() => {
      state.quotes.unsubscribe(quoted);
      state.symbol.unsubscribe(choose);
      state.minute.unsubscribe(rewrite);
      instruments.unsubscribe(rewrite);
      clearTimeout(this.#catchUp);
      this.context.datafeed.unsubscribeQuotes(GUID);
    });
  }

  /** @param {string} [symbol] all of them without it */
  #quoted(symbol) {
    if (symbol === undefined) for (const each of this.#rows.keys()) this.#changed.add(each);
    else this.#changed.add(symbol);
    this.dirty();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const symbol = /** @type {HTMLElement} */ (target).dataset.symbol ?? "";
      const row = this.#rows.get(symbol);
      if (row) row.isSeen = isIntersecting;
      this.#sparklines.seen(symbol, row !== undefined && isIntersecting);
    }
    if (this.#changed.size > 0) this.dirty();
  }

  /** Show the page of the chosen symbol, and its row. */
  #seekChosen() {
    const index = this.#order.indexOf(this.context.state.symbol.value());
    if (index >= 0) this.#showPage(Math.floor(index / PAGE_ROWS));
    this.#isChosenSought = true;
    this.#rearrange();
  }

  #rearrange() {
    this.#isArranged = false;
    this.dirty();
  }

  focusSearch() {
    this.#search.focus();
  }

  get #shown() {
    const { from, to } = pageOf(this.#page, PAGE_ROWS, this.#order.length);
    return this.#order.slice(from, to);
  }

  /** @param {-1 | 1} step */
  #turn(step) {
    this.#showPage(this.#page + step);
    byId("watchlist-body").scrollTop = 0;
  }

  /** @param {number} number */
  #showPage(number) {
    if (number === this.#page) return;
    this.#page = number;
    if (this.isOpen) this.#follow();
    this.#rearrange();
  }

  /** @param {string} column */
  #sortBy(column) {
    this.#sorting = nextSorting(this.#sorting, column);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#quotes-head [data-sort]"))) {
      const isSorted = button.dataset.sort === this.#sorting?.column;
      const direction = this.#sorting?.isDescending ? "descending" : "ascending";
      button.closest("th")?.setAttribute("aria-sort", isSorted ? direction : "none");
    }
    // Quotes of other pages are not followed: they are read once.
    this.context.datafeed.getQuotes(this.#symbols, (quotes) => {
      const { state } = this.context;
      state.quotes.merge(quotes.map((quote) => [quote.n, quote]), state.quotes.mark());
      this.#sort();
    }, (reason) => this.context.host.note("Could not read quotes", reason, true));
  }

  #sort() {
    const { quotes } = this.context.state;
    const change = (/** @type {string} */ symbol) => {
      const quote = quotes.get(symbol);
      return quote?.s === "ok" ? quote.v.chp : undefined;
    };
    const valueOf = this.#sorting?.column === "change" ? change : (/** @type {string} */ symbol) => symbol;
    this.#order = this.#sorting ? sorted(this.#symbols, valueOf, this.#sorting.isDescending) : this.#symbols;
    if (this.isOpen) this.#follow();
    this.#rearrange();
  }

  /** Follow the quotes of the shown page, and read them once. */
  #follow() {
    const { datafeed, state, instruments } = this.context;
    const symbols = this.#shown;
    const mark = state.quotes.mark();
    if (symbols.length === 0) {
      datafeed.unsubscribeQuotes(GUID);
      return;
    }
    for (const symbol of symbols) instruments.get(symbol); // asks for all of them at once
    datafeed.subscribeQuotes([], symbols, (quotes) => quotes.forEach((quote) => state.quotes.put(quote.n, quote)), GUID);
    datafeed.getQuotes(symbols, (quotes) => state.quotes.merge(quotes.map((quote) => [quote.n, quote]), mark),
      (reason) => this.context.host.note("Could not read quotes", reason, true));
  }

  /** @param {string} symbol */
  #add(symbol) {
    if (!this.#symbols.includes(symbol)) this.#replace([...this.#symbols, symbol], [...this.#order, symbol]);
    this.context.state.symbol.setValue(symbol);
    this.#seekChosen();
  }

  /** @param {string} symbol */
  #remove(symbol) {
    const isOther = (/** @type {string} */ other) => other !== symbol;
    this.#replace(this.#symbols.filter(isOther), this.#order.filter(isOther));
  }

  /**
   * @param {string[]} symbols
   * @param {string[]} order the same, sorted
   */
  #replace(symbols, order) {
    this.#symbols = symbols;
    this.#order = order;
    this.#lists.replace(symbols);
    this.#follow();
    this.#rearrange();
  }

  /** Show the list that was chosen, in the order of the trader. */
  #showList() {
    this.#sorting = null;
    this.#page = 0;
    this.#replace(this.#lists.symbols, this.#lists.symbols);
  }

  /** Rows are ordered by hand: dragged, or moved with Alt and the arrow keys. */
  #wireOrder() {
    const symbolOf = (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target).closest?.("tr")?.dataset.symbol ?? "";
    let dragged = "";
    this.#body.addEventListener("dragstart", (event) => { dragged = symbolOf(event); });
    this.#body.addEventListener("dragover", (event) => event.preventDefault());
    this.#body.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#move(dragged, this.#symbols.indexOf(symbolOf(event)));
    });
    this.#body.addEventListener("keydown", (event) => {
      const step = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
      if (!step) return;
      event.preventDefault();
      const symbol = symbolOf(event);
      this.#move(symbol, this.#symbols.indexOf(symbol) + step);
      this.#rows.get(symbol)?.button.focus();
    });
  }

  /**
   * @param {string} symbol
   * @param {number} place its new index
   */
  #move(symbol, place) {
    if (this.#sorting || !this.#symbols.includes(symbol) || place < 0) return;
    const symbols = moved(this.#symbols, symbol, place);
    this.#replace(symbols, symbols);
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
    const shown = this.#shown;
    for (const [symbol, row] of this.#rows) if (!shown.includes(symbol)) this.#forget(symbol, row);
    arrange(this.#body, shown.map((symbol) => {
      const row = this.#rowOf(symbol);
      row.mark(symbol === chosen);
      return row.element;
    }));
    this.#pager.show(pageOf(this.#page, PAGE_ROWS, this.#order.length), this.#order.length);
    this.#isArranged = true;
    if (this.#isChosenSought) this.#bringIntoView(this.#rows.get(chosen)?.element);
    this.#isChosenSought = false;
  }

  /** @param {HTMLElement | undefined} row */
  #bringIntoView(row) {
    const panel = byId("watchlist-body");
    if (!row || panel.clientHeight === 0) return;
    const { top, bottom } = row.getBoundingClientRect();
    const hidden = byId("quotes-head").getBoundingClientRect().bottom - top;
    const below = bottom - panel.getBoundingClientRect().bottom;
    if (hidden > 0) panel.scrollTop -= Math.ceil(hidden);
    else if (below > 0) panel.scrollTop += Math.ceil(below);
  }

  /**
   * @param {string} symbol
   * @param {QuoteRow} row
   */
  #forget(symbol, row) {
    this.#observer.unobserve(row.element);
    this.#sparklines.seen(symbol, false);
    this.#rows.delete(symbol);
    this.#changed.delete(symbol);
  }

  /**
   * @param {string} symbol
   * @param {QuoteRow} row
   */
  #write(symbol, row) {
    const { state, instruments } = this.context;
    const quote = state.quotes.get(symbol);
    if (quote?.s === "error") row.fail(quote.v.error ?? "No quote");
    // Without the instrument's decimals a price would be shown wrong and then jump.
    if (quote?.s !== "ok" || !instruments.get(symbol)) return;
    row.write(quote.v, instruments.decimals(symbol), statusOf(this.context, symbol));
    row.draw(this.#sparklines.get(symbol), quote.v, instruments.decimals(symbol));
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
