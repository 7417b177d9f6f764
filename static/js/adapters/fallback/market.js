// @ts-check
/**
 * The offline market: prices are a function of seed, symbol and time, so that quotes, bars and depth agree with each other and
 * are the same after every reload.
 *
 * A price is its anchor times the exponential of a sum of smooth noises, one for each power of two of a second, each as large
 * as the square root of its period: seen from any distance it looks like a market.
 *
 * @import * as TV from "../../types/tradingview.js"
 */

/**
 * @typedef {object} Listing
 * @property {string} name
 * @property {string} description
 * @property {string} type
 * @property {string} exchange
 * @property {number} anchor price that the market keeps near
 * @property {number} volatility of a year, as a fraction
 * @property {number} decimals of prices
 * @property {number} spreadTicks
 * @property {number} qtyStep
 * @property {number} size typical size at one level
 * @property {number} pipSize
 * @property {number} lotSize
 */

/** @type {Listing[]} */
export const LISTINGS = [
  { name: "AAPL", description: "Apple Inc.", type: "stock", exchange: "NASDAQ", anchor: 190, volatility: 0.28, decimals: 2, spreadTicks: 2, qtyStep: 1, size: 400, pipSize: 0.01, lotSize: 1 },
  { name: "MSFT", description: "Microsoft Corporation", type: "stock", exchange: "NASDAQ", anchor: 420, volatility: 0.25, decimals: 2, spreadTicks: 3, qtyStep: 1, size: 300, pipSize: 0.01, lotSize: 1 },
  { name: "EURUSD", description: "Euro / U.S. Dollar", type: "forex", exchange: "FOREX", anchor: 1.08, volatility: 0.08, decimals: 5, spreadTicks: 8, qtyStep: 1, size: 400_000, pipSize: 0.0001, lotSize: 100_000 },
  { name: "BTCUSD", description: "Bitcoin / U.S. Dollar", type: "crypto", exchange: "CRYPTO", anchor: 62_000, volatility: 0.55, decimals: 2, spreadTicks: 500, qtyStep: 0.00000001, size: 0.6, pipSize: 1, lotSize: 1 },
];

const RESOLUTIONS = ["1", "5", "15", "60", "1D"];
const DAY_MS = 86_400_000;
const YEAR_S = 365 * 86_400;
/** Periods of the noises in seconds: 2, 4 ... 2^25 (a year). */
const OCTAVES = 25;
const SAMPLES_PER_BAR = 12;
const PAGE = 300;
const LEVELS = 12;
/** Before that there is no history. */
const FIRST_MS = Date.UTC(2020, 0, 1);

/**
 * A number in [0, 1) that depends on nothing but its arguments.
 * @param {number} seed
 * @param {number} a
 * @param {number} b
 */
function hash(seed, a, b) {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(a + 0x7f4a7c15, 0xc2b2ae35) ^ Math.imul(b | 0, 0x27d4eb2f);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

/** @param {string} resolution */
function durationOf(resolution) {
  return resolution === "1D" ? DAY_MS : Number(resolution) * 60_000;
}

export class FallbackMarket {
  #seed;

  /** @param {number} [seed] */
  constructor(seed = 1) {
    this.#seed = seed;
  }

  /**
   * @param {string} symbol name or EXCHANGE:NAME
   * @returns {Listing | undefined}
   */
  listing(symbol) {
    const name = symbol.toUpperCase().split(":").at(-1);
    return LISTINGS.find((listing) => listing.name === name);
  }

  /**
   * Price without spread, not rounded.
   * @param {Listing} listing
   * @param {number} timeMs
   */
  #price(listing, timeMs) {
    const seed = this.#seed * 1009 + LISTINGS.indexOf(listing);
    let sum = 0;
    for (let octave = 1; octave <= OCTAVES; octave += 1) {
      const period = 2 ** octave;
      const at = timeMs / 1000 / period;
      const cell = Math.floor(at);
      const share = at - cell;
      const smooth = share * share * (3 - 2 * share);
      const left = hash(seed, octave, cell) - 0.5;
      const right = hash(seed, octave, cell + 1) - 0.5;
      sum += (left + (right - left) * smooth) * Math.sqrt(period / YEAR_S);
    }
    return listing.anchor * Math.exp(sum * listing.volatility * 2);
  }

  /**
   * @param {Listing} listing
   * @param {number} timeMs
   */
  quote(listing, timeMs) {
    const scale = 10 ** listing.decimals;
    const middle = Math.round(this.#price(listing, timeMs) * scale);
    const bid = middle - Math.floor(listing.spreadTicks / 2);
    return { bid: bid / scale, ask: (bid + listing.spreadTicks) / scale, last: middle / scale };
  }

  /**
   * @param {string} symbol as it was asked for
   * @param {number} timeMs
   * @returns {TV.QuoteData}
   */
  quoteData(symbol, timeMs) {
    const listing = this.listing(symbol);
    if (!listing) return { s: "error", n: symbol, v: { error: `unknown symbol ${symbol}` } };
    const { bid, ask, last } = this.quote(listing, timeMs);
    const day = this.#bar(listing, Math.floor(timeMs / DAY_MS) * DAY_MS, DAY_MS, timeMs);
    const ch = Number((last - day.open).toFixed(listing.decimals));
    const { description, exchange, name, decimals } = listing;
    return {
      s: "ok", n: symbol,
      v: {
        lp: last, bid, ask, spread: Number((ask - bid).toFixed(decimals)), ch, chp: Number(((ch / day.open) * 100).toFixed(2)),
        open_price: day.open, high_price: day.high, low_price: day.low, prev_close_price: day.open, volume: day.volume ?? 0,
        short_name: name, original_name: `${exchange}:${name}`, description, exchange,
      },
    };
  }

  /**
   * @param {Listing} listing
   * @param {number} startMs
   * @param {number} lengthMs
   * @param {number} nowMs nothing later is known
   * @returns {TV.Bar}
   */
  #bar(listing, startMs, lengthMs, nowMs) {
    const endMs = Math.min(startMs + lengthMs, nowMs);
    const scale = 10 ** listing.decimals;
    const prices = Array.from({ length: SAMPLES_PER_BAR + 1 }, (_, index) =>
      Math.round(this.#price(listing, startMs + ((endMs - startMs) * index) / SAMPLES_PER_BAR) * scale) / scale);
    const share = (endMs - startMs) / 60_000;
    const volume = Math.round(listing.size * 50 * share * (0.5 + hash(this.#seed, startMs / 60_000, lengthMs)) * 100) / 100;
    return { time: startMs, open: prices[0], high: Math.max(...prices), low: Math.min(...prices), close: prices[SAMPLES_PER_BAR], volume };
  }

  /**
   * @param {Listing} listing
   * @param {string} resolution
   * @param {number} nowMs
   * @returns {TV.Bar} the forming bar
   */
  formingBar(listing, resolution, nowMs) {
    const length = durationOf(resolution);
    return this.#bar(listing, Math.floor(nowMs / length) * length, length, nowMs);
  }

  /**
   * @param {Listing} listing
   * @param {string} resolution
   * @param {TV.PeriodParams} period
   * @param {number} nowMs
   * @returns {{bars: TV.Bar[], meta: TV.HistoryMetadata}}
   */
  history(listing, resolution, { from, to, countBack }, nowMs) {
    const length = durationOf(resolution);
    const endMs = Math.min(to * 1000, nowMs + 1);
    const newest = Math.ceil(endMs / length) - 1;
    const wanted = countBack || Math.min(PAGE, Math.max(0, newest - Math.ceil((from * 1000) / length) + 1));
    const oldest = Math.max(newest - wanted + 1, Math.ceil(FIRST_MS / length));
    const bars = [];
    for (let index = oldest; index <= newest; index += 1) bars.push(this.#bar(listing, index * length, length, nowMs));
    return { bars, meta: { noData: bars.length === 0, nextTime: null } };
  }

  /**
   * @param {Listing} listing
   * @param {number} nowMs
   * @returns {TV.Sparkline}
   */
  sparkline(listing, nowMs) {
    const time = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const count = Math.floor((nowMs - time) / durationOf("15")) + 1;
    const { bars } = this.history(listing, "15", { from: time / 1000, to: nowMs / 1000 + 1, countBack: count, firstDataRequest: true }, nowMs);
    return { symbol: listing.name, time, resolution: "15", closes: bars.map(({ close }) => close) };
  }

  /**
   * @param {Listing} listing
   * @param {number} timeMs
   * @returns {TV.DOMData}
   */
  depth(listing, timeMs) {
    const { bid, ask } = this.quote(listing, timeMs);
    const tick = Math.max(1, Math.floor(listing.spreadTicks / 2)) / 10 ** listing.decimals;
    const second = Math.floor(timeMs / 1000);
    const level = (/** @type {number} */ price, /** @type {number} */ row) => ({
      price: Number(price.toFixed(listing.decimals)),
      volume: Number((listing.size * (1 + row / 3) * (0.4 + hash(this.#seed, Math.abs(row) * 2 + Math.round(price * 100), second))).toFixed(listing.qtyStep < 1 ? 4 : 0)),
    });
    const rows = Array.from({ length: LEVELS }, (_, row) => row);
    return {
      snapshot: true,
      asks: rows.map((row) => level(ask + row * tick, row)),
      bids: rows.map((row) => level(bid - row * tick, row)).reverse(),
    };
  }

  /** @returns {TV.DatafeedConfiguration} */
  configuration() {
    const unique = (/** @type {string[]} */ values) => [...new Set(values)];
    return {
      supported_resolutions: RESOLUTIONS,
      exchanges: [
        { value: "", name: "All Exchanges", desc: "" },
        ...unique(LISTINGS.map(({ exchange }) => exchange)).map((value) => ({ value, name: value, desc: value })),
      ],
      symbols_types: [{ name: "All types", value: "" }, ...unique(LISTINGS.map(({ type }) => type)).map((value) => ({ name: value, value }))],
      supports_marks: false, supports_timescale_marks: false, supports_time: true,
    };
  }

  /**
   * @param {string} input
   * @param {string} exchange
   * @param {string} type
   * @returns {TV.SearchSymbolResultItem[]}
   */
  search(input, exchange, type) {
    const wanted = input.toLowerCase();
    return LISTINGS
      .filter((listing) => (!exchange || listing.exchange === exchange) && (!type || listing.type === type))
      .map((listing) => ({
        symbol: listing.name, description: listing.description, exchange: listing.exchange,
        ticker: listing.name, type: listing.type,
      }))
      .filter(({ symbol, description, exchange }) => `${symbol} ${description} ${exchange}:${symbol}`.toLowerCase().includes(wanted));
  }

  /**
   * @param {Listing} listing
   * @returns {TV.LibrarySymbolInfo}
   */
  symbolInfo({ name, description, type, exchange, decimals }) {
    return {
      name, ticker: name, description, type, exchange, listed_exchange: exchange, session: "24x7", timezone: "Etc/UTC",
      format: "price", pricescale: 10 ** decimals, minmov: 1, has_intraday: true, intraday_multipliers: ["1", "5", "15", "60"],
      has_daily: true, has_weekly_and_monthly: false, supported_resolutions: RESOLUTIONS,
      volume_precision: type === "crypto" ? 4 : 0, data_status: "streaming", currency_code: "USD",
    };
  }
}
