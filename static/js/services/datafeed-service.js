// @ts-check
/**
 * TradingView's datafeed (IExternalDatafeed, IDatafeedChartApi, IDatafeedQuotesApi) on the adapters. Callbacks are never
 * called synchronously.
 *
 * Every symbol is a subscription of its own, so that all who watch it share one.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {ApiAdapter} from "../adapters/api-adapter.js"
 * @import {WsAdapter} from "../adapters/ws-adapter.js"
 */
import { Batch } from "../lib/batch.js";

/** Symbols in one request. */
const SYMBOL_LIMIT = 500;

/** @type {TV.DatafeedConfiguration} */
const FALLBACK_CONFIGURATION = { supported_resolutions: ["1", "5", "15", "60", "1D"] };

/** @implements {TV.Datafeed} */
export class DatafeedService {
  #api;
  #ws;
  /** @type {Map<string, Promise<TV.LibrarySymbolInfo>>} */
  #symbols = new Map();
  /** @type {Batch<TV.LibrarySymbolInfo>} */
  #resolving;
  /** @type {Batch<TV.QuoteData>} */
  #asking;
  /** @type {Map<string, () => void>} */
  #bars = new Map();
  /** @type {Map<string, (() => void)[]>} */
  #quotes = new Map();
  /** @type {Map<string, () => void>} */
  #depths = new Map();
  #lastDepth = 0;

  /**
   * @param {Pick<ApiAdapter, "datafeedConfig" | "search" | "searchPage" | "resolve" | "resolveAll" | "bars" | "quotes" | "sparklines" | "serverTime">} api
   * @param {Pick<WsAdapter, "bars" | "quotes" | "depth">} ws
   */
  constructor(api, ws) {
    this.#api = api;
    this.#ws = ws;
    this.#resolving = new Batch((names) => this.#resolve(names), SYMBOL_LIMIT);
    this.#asking = new Batch((names) => api.quotes(names), SYMBOL_LIMIT);
  }

  /** @param {(configuration: TV.DatafeedConfiguration) => void} callback */
  onReady(callback) {
    this.#api.datafeedConfig().catch(() => FALLBACK_CONFIGURATION).then(callback);
  }

  /**
   * @param {string} input
   * @param {string} exchange
   * @param {string} type
   * @param {(items: TV.SearchSymbolResultItem[]) => void} callback
   */
  searchSymbols(input, exchange, type, callback) {
    this.#api.search(input, exchange, type).catch(() => []).then(callback);
  }

  /**
   * @param {TV.SearchSymbolsOptions} options
   * @param {(page: TV.SearchSymbolsPage) => void} callback
   */
  searchSymbolsPaginated(options, callback) {
    this.#api.searchPage(options).catch(() => ({ symbols: [], symbolsRemaining: 0 })).then(callback);
  }

  /**
   * The same search for this page, which shows when it fails. Not part of TradingView's interface.
   * @param {string} input
   * @returns {Promise<TV.SearchSymbolResultItem[]>}
   */
  find(input) {
    return this.#api.search(input, "", "");
  }

  /**
   * @param {string} name
   * @param {(info: TV.LibrarySymbolInfo) => void} onResolved
   * @param {(reason: string) => void} onError
   */
  resolveSymbol(name, onResolved, onError) {
    let symbol = this.#symbols.get(name);
    if (!symbol) {
      symbol = this.#resolving.get(name);
      symbol.catch(() => this.#symbols.delete(name));
      this.#symbols.set(name, symbol);
    }
    symbol.then(onResolved, (error) => onError(error.message));
  }

  /**
   * @param {string[]} names
   * @returns {Promise<(TV.LibrarySymbolInfo | Promise<TV.LibrarySymbolInfo>)[]>} in the order of the names; each may fail alone
   */
  async #resolve(names) {
    if (names.length === 1) return [await this.#api.resolve(names[0])];
    const known = await this.#api.resolveAll(names);
    const byName = new Map(known.flatMap((info) => [[info.name, info], [info.full_name, info]]));
    return names.map((name) => byName.get(name) ?? Promise.reject(new Error(`unknown symbol ${name}`)));
  }

  /**
   * Price step and trading hours of an instrument. Not part of TradingView's interface.
   * @param {string} name
   * @returns {Promise<TV.InstrumentFacts>}
   */
  facts(name) {
    return new Promise((resolve, reject) => {
      this.resolveSymbol(name, ({ minmov, pricescale, session, timezone, session_holidays: holidays, corrections }) => {
        resolve({ minTick: minmov / pricescale, session, timezone, holidays, corrections });
      }, (reason) => reject(new Error(reason)));
    });
  }

  /**
   * @param {TV.LibrarySymbolInfo} symbolInfo
   * @param {string} resolution
   * @param {TV.PeriodParams} period
   * @param {(bars: TV.Bar[], meta: TV.HistoryMetadata) => void} onHistory ascending
   * @param {(reason: string) => void} onError
   */
  getBars(symbolInfo, resolution, period, onHistory, onError) {
    this.#api.bars(symbolInfo.name, resolution, period).then(
      ({ bars, meta }) => onHistory(bars, meta),
      (error) => onError(error.message),
    );
  }

  /**
   * @param {TV.LibrarySymbolInfo} symbolInfo
   * @param {string} resolution
   * @param {(bar: TV.Bar) => void} onTick never a bar older than the one before
   * @param {string} guid
   * @param {() => void} onResetCacheNeeded bars were missed: read the history again
   */
  subscribeBars(symbolInfo, resolution, onTick, guid, onResetCacheNeeded) {
    let newest = 0;
    let wasConfirmed = false;
    this.unsubscribeBars(guid);
    this.#bars.set(guid, this.#ws.bars.subscribe({ symbol: symbolInfo.name, resolution }, {
      onUpdate: (bar) => {
        if (bar.time < newest) return;
        newest = bar.time;
        onTick(bar);
      },
      onConfirmed: ({ recovered }) => {
        if (wasConfirmed && !recovered) onResetCacheNeeded();
        wasConfirmed = true;
      },
    }));
  }

  /** @param {string} guid */
  unsubscribeBars(guid) {
    this.#bars.get(guid)?.();
    this.#bars.delete(guid);
  }

  /**
   * @param {string[]} symbols
   * @param {(quotes: TV.QuoteData[]) => void} onQuotes
   * @param {(reason: string) => void} onError
   */
  getQuotes(symbols, onQuotes, onError) {
    Promise.all(symbols.map((symbol) => this.#asking.get(symbol))).then(onQuotes, (error) => onError(error.message));
  }

  /**
   * The course of the day of several symbols. Not part of TradingView's interface.
   * @param {string[]} symbols at most 100
   * @returns {Promise<TV.Sparkline[]>} of those that have one
   */
  sparklines(symbols) {
    return this.#api.sparklines(symbols);
  }

  /**
   * @param {string[]} symbols followed slowly
   * @param {string[]} fastSymbols followed at every tick
   * @param {(quotes: TV.QuoteData[]) => void} onQuotes
   * @param {string} guid
   */
  subscribeQuotes(symbols, fastSymbols, onQuotes, guid) {
    this.unsubscribeQuotes(guid);
    const slow = symbols.filter((symbol) => !fastSymbols.includes(symbol));
    const missed = new MissedQuotes((names) => this.getQuotes(names, onQuotes, () => {}));
    const follow = (/** @type {string} */ symbol, /** @type {boolean} */ isFast) => this.#ws.quotes.subscribe(
      isFast ? { symbols: [], fast_symbols: [symbol] } : { symbols: [symbol], fast_symbols: [] },
      { onUpdate: (quote) => onQuotes([quote]), onConfirmed: () => missed.confirmed(symbol) },
    );
    this.#quotes.set(guid, [
      () => missed.close(), ...fastSymbols.map((symbol) => follow(symbol, true)), ...slow.map((symbol) => follow(symbol, false)),
    ]);
  }

  /** @param {string} guid */
  unsubscribeQuotes(guid) {
    for (const release of this.#quotes.get(guid) ?? []) release();
    this.#quotes.delete(guid);
  }

  /** @param {(seconds: number) => void} callback epoch seconds of the market; not called when the server does not answer */
  getServerTime(callback) {
    this.#api.serverTime().then(callback, () => {});
  }

  /**
   * Follow the depth of a symbol: a snapshot first, then levels that changed (volume 0: the level is gone).
   * @param {string} symbol
   * @param {(depth: TV.DOMData) => void} onDepth
   * @param {(reason: string) => void} [onRefused] this page's own: there is no depth
   * @returns {string} what `unsubscribeDepth` takes
   */
  subscribeDepth(symbol, onDepth, onRefused) {
    const uid = `depth:${++this.#lastDepth}`;
    this.#depths.set(uid, this.#ws.depth.subscribe({ symbol }, { onUpdate: onDepth, onRefused }));
    return uid;
  }

  /** @param {string} uid */
  unsubscribeDepth(uid) {
    this.#depths.get(uid)?.();
    this.#depths.delete(uid);
  }
}

/** Symbols whose quotes may have been missed while the connection was lost: read again, all of them at once. */
class MissedQuotes {
  /** Symbols that were confirmed before. @type {Set<string>} */
  #known = new Set();
  /** @type {Set<string>} */
  #missed = new Set();
  #read;
  #isClosed = false;

  /** @param {(symbols: string[]) => void} read */
  constructor(read) {
    this.#read = read;
  }

  close() {
    this.#isClosed = true;
  }

  /** @param {string} symbol */
  confirmed(symbol) {
    if (!this.#known.has(symbol)) {
      this.#known.add(symbol);
      return;
    }
    this.#missed.add(symbol);
    if (this.#missed.size === 1) setTimeout(() => this.#flush());
  }

  #flush() {
    const symbols = [...this.#missed];
    this.#missed.clear();
    if (!this.#isClosed) this.#read(symbols);
  }
}
