// @ts-check
/**
 * The content of TradingView's own account manager: columns of orders and positions, and the figures of the summary. Formatters
 * are the platform's standard ones.
 *
 * @import * as TV from "../types/tradingview.js"
 */

/**
 * @param {string} id also the field that is shown
 * @param {string} label
 * @param {string} [formatter]
 * @param {"left" | "right"} [alignment]
 * @returns {TV.AccountManagerColumn}
 */
function column(id, label, formatter = "text", alignment = "left") {
  const dataFields = id === "symbol" ? ["symbol", "symbol", "message"] : [id];
  return { id, label, dataFields, formatter, alignment };
}

const SYMBOL = column("symbol", "Symbol", "symbol");

/** @type {TV.AccountManagerColumn[]} */
const ORDER_COLUMNS = [
  SYMBOL,
  column("side", "Side", "side"),
  { id: "type", label: "Type", dataFields: ["type", "parentId", "stopType"], formatter: "type" },
  column("qty", "Qty", "formatQuantity", "right"),
  column("filledQty", "Filled", "formatQuantity", "right"),
  column("limitPrice", "Limit", "formatPrice", "right"),
  column("stopPrice", "Stop", "formatPrice", "right"),
  column("avgPrice", "Average", "formatPrice", "right"),
  column("takeProfit", "Take profit", "formatPrice", "right"),
  column("stopLoss", "Stop loss", "formatPrice", "right"),
  { ...column("status", "Status", "status"), supportedStatusFilters: [0] },
  column("commission", "Commission", "fixed", "right"),
  column("updateTime", "Updated", "localDate", "right"),
  column("id", "Order"),
];

/** @type {TV.AccountManagerColumn[]} */
const POSITION_COLUMNS = [
  SYMBOL,
  column("side", "Side", "positionSide"),
  column("qty", "Qty", "formatQuantity", "right"),
  column("avgPrice", "Average", "formatPrice", "right"),
  column("takeProfit", "Take profit", "formatPrice", "right"),
  column("stopLoss", "Stop loss", "formatPrice", "right"),
  { id: "pl", label: "P/L", dataFields: ["pl"], formatter: "profit", alignment: "right" },
  column("realizedPL", "Realized", "profit", "right"),
];

/** @type {TV.AccountManagerColumn[]} */
const INDIVIDUAL_POSITION_COLUMNS = [
  SYMBOL,
  column("side", "Side", "positionSide"),
  column("qty", "Qty", "formatQuantity", "right"),
  column("price", "Price", "formatPrice", "right"),
  column("takeProfit", "Take profit", "formatPrice", "right"),
  column("stopLoss", "Stop loss", "formatPrice", "right"),
  column("pl", "P/L", "profit", "right"),
  column("date", "Opened", "localDate", "right"),
  column("id", "Position"),
];

/** @type {[keyof TV.Money & ("balance" | "equity" | "unrealizedPL" | "realizedPL" | "marginUsed" | "marginAvailable"), string, string][]} */
const SUMMARY = [
  ["balance", "Balance", "fixed"],
  ["equity", "Equity", "fixed"],
  ["unrealizedPL", "Open P/L", "profit"],
  ["realizedPL", "Realized P/L", "profit"],
  ["marginUsed", "Margin used", "fixed"],
  ["marginAvailable", "Margin free", "fixed"],
];

/** The summary's figures as watched values of the host, written as money comes in. */
export class AccountManager {
  #values;

  /** @param {TV.BrokerHost["factory"]} factory */
  constructor(factory) {
    this.#values = SUMMARY.map(([name, text, formatter]) => ({ name, text, formatter, wValue: factory.createWatchedValue(0) }));
  }

  /** @param {TV.Money} money */
  write(money) {
    for (const { name, wValue } of this.#values) wValue.setValue(money[name]);
  }

  /**
   * @param {string} accountTitle
   * @returns {TV.AccountManagerInfo}
   */
  info(accountTitle) {
    return {
      accountTitle,
      summary: this.#values.map(({ text, formatter, wValue }) => ({ text, formatter, wValue, isDefault: true })),
      orderColumns: ORDER_COLUMNS,
      positionColumns: POSITION_COLUMNS,
      individualPositionColumns: INDIVIDUAL_POSITION_COLUMNS,
      historyColumns: ORDER_COLUMNS,
      pages: [],
      marginUsed: this.#values.find(({ name }) => name === "marginUsed")?.wValue,
    };
  }
}
