// @ts-check
/**
 * The offline account's money and netted positions.
 *
 * @import * as TV from "../../types/tradingview.js"
 */
import { Side } from "../../lib/codes.js";

/** @param {number} value money or quantity, without the dust of binary fractions */
export function clean(value) {
  return Math.round(value * 1e8) / 1e8;
}

export class Ledger {
  /** @type {Map<string, TV.Position>} */
  positions = new Map();
  #deposit;
  #balance;
  #realized = 0;
  #leverage;

  /**
   * @param {number} deposit
   * @param {(symbol: string) => number} leverage
   */
  constructor(deposit, leverage) {
    this.#deposit = this.#balance = deposit;
    this.#leverage = leverage;
  }

  /** @param {number} [deposit] that of the start when absent */
  reset(deposit = this.#deposit) {
    this.positions.clear();
    this.#deposit = this.#balance = deposit;
    this.#realized = 0;
  }

  /**
   * @param {number} unrealized profit of all positions
   * @param {number} updateTime epoch milliseconds
   * @returns {TV.Money}
   */
  money(unrealized, updateTime) {
    const margins = [...this.positions.values()].map(({ qty, avgPrice, symbol }) => (qty * avgPrice) / this.#leverage(symbol));
    const marginUsed = clean(margins.reduce((sum, margin) => sum + margin, 0));
    const equity = clean(this.#balance + unrealized);
    return {
      equity, balance: this.#balance, unrealizedPL: clean(unrealized), realizedPL: this.#realized, commission: 0, marginUsed,
      marginAvailable: clean(equity - marginUsed), currency: "USD", updateTime,
    };
  }

  /**
   * Net an execution into its position: adding averages, reducing realises, through zero the rest opens at the price.
   * @param {TV.Execution} execution
   * @returns {TV.Position} with quantity 0 when it is closed
   */
  book({ symbol, side, qty, price, time }) {
    const before = this.positions.get(symbol);
    const held = before ? before.qty * before.side : 0;
    const after = clean(held + side * qty);
    const closed = held * side < 0 ? Math.min(Math.abs(held), qty) : 0;
    const gain = before ? clean((price - before.avgPrice) * closed * before.side) : 0;
    this.#balance = clean(this.#balance + gain);
    this.#realized = clean(this.#realized + gain);
    const isKept = before !== undefined && held * after > 0;
    const added = before ? (before.avgPrice * before.qty + price * qty) / (before.qty + qty) : price;
    /** @type {TV.Position} */
    const position = {
      ...(isKept ? before : {}), id: symbol, symbol, qty: Math.abs(after),
      side: after > 0 ? Side.Buy : after < 0 ? Side.Sell : before?.side ?? side,
      avgPrice: !isKept ? (after === 0 && before ? before.avgPrice : price) : closed ? before.avgPrice : added,
      realizedPL: clean((before?.realizedPL ?? 0) + gain), updateTime: time,
    };
    if (after === 0) this.positions.delete(symbol);
    else this.positions.set(symbol, position);
    return position;
  }
}
