// @ts-check
/**
 * Refusals and previews of the offline broker. Codes and messages are the server's.
 *
 * @import * as TV from "../../types/tradingview.js"
 * @import {Listing} from "./market.js"
 */
import { OrderType, Side, hasLimitPrice, hasStopPrice } from "../../lib/codes.js";
import { decimalsOf } from "../../lib/format.js";
import { ApiError } from "../rest-client.js";

export const MAX_LEVERAGE = 100;
const TYPE_NAMES = { 1: "Limit", 2: "Market", 3: "Stop", 4: "Stop Limit" };
const MAX_QTY = 1_000_000;

/** @typedef {{bid: number, ask: number, last: number}} Quote */

/** @type {TV.OrderDurationMetaInfo[]} */
export const DURATIONS = [
  { name: "Good till canceled", value: "GTC", default: true },
  { name: "Good till date", value: "GTD", hasDatePicker: true, hasTimePicker: true },
  { name: "Fill or kill", value: "FOK", supportedOrderTypes: [OrderType.Limit, OrderType.Market] },
  { name: "Immediate or cancel", value: "IOC", supportedOrderTypes: [OrderType.Limit, OrderType.Market] },
];

/** An answer to every flag; an offline account has one net position per symbol and one exit of a kind. @type {TV.FullBrokerConfig} */
export const CONFIG = {
  durations: DURATIONS,
  supportPositions: true, supportPLUpdate: true, supportMarketOrders: true, supportLimitOrders: true, supportStopOrders: true,
  supportStopLimitOrders: true, supportMarketBrackets: true, supportOrderBrackets: true, supportPositionBrackets: true,
  supportModifyBrackets: true, supportAddBracketsToExistingOrder: true, supportModifyOrderPrice: true, supportModifyOrderType: false,
  supportModifyDuration: true, supportEditAmount: true, supportTrailingStop: true, supportModifyTrailingStop: true,
  supportGuaranteedStop: false, supportClosePosition: true, supportPartialClosePosition: true, supportReversePosition: true,
  supportNativeReversePosition: true, supportMargin: true, supportLeverage: true, supportLeverageButton: true,
  supportPlaceOrderPreview: true, supportModifyOrderPreview: false, supportOrdersHistory: true, supportExecutions: true,
  supportSymbolSearch: true, supportStopOrdersInBothDirections: false, supportDemoLiveSwitcher: false, showNotificationsLog: true,
  closePositionCancelsOrders: false, supportPositionNetting: false, supportIndividualPositionBrackets: false,
  supportCloseIndividualPosition: false, supportPartialCloseIndividualPosition: false, requiresFIFOCloseIndividualPositions: false,
  supportMultipleExitLevels: false, supportUnpairedExitLevels: false, supportLevel2Data: true, supportBalances: false,
  supportCryptoExchangeOrderTicket: false, supportMultiposition: false, supportOnlyPairPositionBrackets: false,
  supportOnlyPairOrderBrackets: false, supportCancellingBothBracketsOnly: false, supportPreviewClosePosition: false,
  positionPLInInstrumentCurrency: false, showRiskInInstrumentCurrency: false,
};

/**
 * @param {string} code
 * @param {string} text
 * @param {number} [status]
 */
export function denied(code, text, status = 400) {
  return new ApiError(status, code, text);
}

/**
 * Whether a number lies on the grid of a step, but for the error of binary fractions.
 * @param {number} value
 * @param {number} step
 */
function isOnGrid(value, step) {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) <= Math.max(1e-6, Math.abs(steps) * 1e-9);
}

/**
 * @param {string} name
 * @param {number | undefined} value
 * @param {Listing} listing
 */
function checkPrice(name, value, listing) {
  const tick = 10 ** -listing.decimals;
  if (value === undefined) throw denied("PRICE_REQUIRED", `${name} is required for this order type`);
  if (!(value > 0)) throw denied("PRICE_BAND", `${name} ${value} is not above zero`);
  if (!isOnGrid(value, tick)) throw denied("BAD_PRICE_TICK", `${name} ${value} is not a multiple of ${tick} for ${listing.name}`);
}

/**
 * @param {number} qty
 * @param {Listing} listing
 */
export function checkQty(qty, { name, qtyStep }) {
  if (!isOnGrid(qty, qtyStep)) throw denied("BAD_QTY_STEP", `qty ${qty} is not a multiple of ${qtyStep} for ${name}`);
  if (!(qty >= qtyStep) || qty > MAX_QTY) throw denied("QTY_RANGE", `qty ${qty} is not within ${qtyStep}..${MAX_QTY} for ${name}`);
}

/**
 * Check brackets against the price that the position is, or would be, opened at.
 * @param {TV.Brackets} brackets
 * @param {TV.Side} side of the position
 * @param {number} reference
 * @param {Listing} listing
 */
export function checkBrackets(brackets, side, reference, listing) {
  const { takeProfit, stopLoss, trailingStopPips, guaranteedStop, exitLevels } = brackets;
  if (exitLevels?.length) throw denied("UNSUPPORTED_COMBINATION", "exitLevels are not offered offline");
  if (guaranteedStop !== undefined) throw denied("UNSUPPORTED_COMBINATION", "guaranteedStop is not offered offline");
  if (stopLoss !== undefined && trailingStopPips !== undefined) {
    throw denied("UNSUPPORTED_COMBINATION", "stopLoss and trailingStopPips exclude each other");
  }
  if (takeProfit !== undefined) checkPrice("takeProfit", takeProfit, listing);
  if (stopLoss !== undefined) checkPrice("stopLoss", stopLoss, listing);
  const word = (/** @type {boolean} */ isAbove) => (isAbove ? "above" : "below");
  if (takeProfit !== undefined && (takeProfit - reference) * side <= 0) {
    throw denied("OCO_BAD_PRICES", `takeProfit ${takeProfit} is not ${word(side === Side.Buy)} ${reference}`);
  }
  if (stopLoss !== undefined && (reference - stopLoss) * side <= 0) {
    throw denied("OCO_BAD_PRICES", `stopLoss ${stopLoss} is not ${word(side === Side.Sell)} ${reference}`);
  }
  if (trailingStopPips !== undefined && !(trailingStopPips > 0)) {
    throw denied("BAD_PRICE_TICK", `trailingStopPips ${trailingStopPips} is less than one tick of ${listing.name}`);
  }
}

/**
 * The price at which an order is expected to trade.
 * @param {TV.PreOrder} order
 * @param {Quote} quote
 */
export function referenceOf({ type, side, limitPrice, stopPrice }, { bid, ask }) {
  const market = side === Side.Buy ? ask : bid;
  return (hasLimitPrice(type) ? limitPrice : hasStopPrice(type) ? stopPrice : market) ?? market;
}

/**
 * Refuse an invalid order. Throws ApiError.
 * @param {TV.PreOrder} order
 * @param {Listing} listing
 * @param {Quote} quote
 */
export function checkOrder(order, listing, quote) {
  checkQty(order.qty, listing);
  if (hasLimitPrice(order.type)) checkPrice("limitPrice", order.limitPrice, listing);
  if (hasStopPrice(order.type)) checkPrice("stopPrice", order.stopPrice, listing);
  checkBrackets(order, order.side, referenceOf(order, quote), listing);
  const duration = DURATIONS.find(({ value }) => value === (order.duration?.type ?? "GTC"));
  const types = duration?.supportedOrderTypes;
  if (!duration || (types && !types.includes(order.type))) {
    throw denied("UNSUPPORTED_COMBINATION", `duration ${order.duration?.type} is not offered for this order type`);
  }
  if (duration.hasDatePicker && order.duration?.datetime === undefined) {
    throw denied("UNSUPPORTED_COMBINATION", "duration GTD needs a datetime");
  }
}

/**
 * Why the market or the account refuse a valid order: it is stored as rejected.
 * @param {TV.PreOrder} order
 * @param {Quote} quote
 * @param {{margin: number, available: number, reducible: number}} account margin the order needs and what is free, quantity
 *   that it could reduce
 * @returns {{code: string, text: string} | null}
 */
export function rejection(order, { bid, ask, last }, { margin, available, reducible }) {
  const isBuy = order.side === Side.Buy;
  const { limitPrice = 0, stopPrice = 0 } = order;
  const isMarketable = order.type === OrderType.Limit && (isBuy ? limitPrice >= ask : limitPrice <= bid);
  if (order.isClose && reducible <= 0) {
    return { code: "REDUCE_ONLY_VIOLATION", text: `there is no ${order.symbol} position for this order to reduce` };
  }
  if (hasStopPrice(order.type) && (isBuy ? last >= stopPrice : last <= stopPrice)) {
    return { code: "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY", text: `stopPrice ${stopPrice} is through the market already, at ${last}` };
  }
  if (order.postOnly && isMarketable) return { code: "WOULD_MATCH_IMMEDIATELY", text: "a post-only order would trade at once" };
  if (margin > available) {
    return { code: "INSUFFICIENT_MARGIN", text: `${margin.toFixed(2)} of margin is required, ${available.toFixed(2)} is available` };
  }
  return null;
}

/**
 * @param {TV.PreOrder} order
 * @param {Listing} listing
 * @param {Quote} quote
 * @param {number} margin
 * @param {string | null} refused
 * @returns {TV.OrderPreviewResult}
 */
export function previewOf(order, listing, quote, margin, refused) {
  const price = (/** @type {number} */ value) => value.toFixed(listing.decimals);
  const money = (/** @type {number} */ value) => `${value.toFixed(2)} USD`;
  const reference = referenceOf(order, quote);
  const sections = [
    {
      header: "Order Details",
      rows: [
        { title: "Symbol", value: listing.name },
        { title: "Side", value: order.side === Side.Buy ? "Buy" : "Sell" },
        { title: "Quantity", value: order.qty.toFixed(decimalsOf(listing.qtyStep)) },
        { title: "Order Type", value: TYPE_NAMES[order.type] },
        { title: "Duration", value: order.duration?.type ?? "GTC" },
      ],
    },
    {
      header: "Cost Analysis",
      rows: [
        { title: "Estimated Price", value: price(reference) },
        { title: "Order Value", value: money(reference * order.qty) },
        { title: "Commission", value: money(0) },
        { title: "Margin Required", value: money(margin) },
        { title: "Total Cost", value: money(margin) },
      ],
    },
  ];
  const legs = /** @type {const} */ ([["Take Profit", order.takeProfit], ["Stop Loss", order.stopLoss]]);
  const rows = legs.flatMap(([title, at]) => {
    if (at === undefined) return [];
    const gain = (at - reference) * order.qty * order.side;
    return [{ title, value: price(at) }, { title: gain > 0 ? "Potential Profit" : "Potential Loss", value: money(Math.abs(gain)) }];
  });
  if (rows.length) sections.push({ header: "Risk Management", rows });
  return refused === null ? { sections, confirmId: "PREVIEW" } : { sections, errors: [refused] };
}
