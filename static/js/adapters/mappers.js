// @ts-check
/**
 * Wire shape <-> TradingView shape: the only place that knows both. The names are the same on both sides; the wire writes
 * unset fields as null and TradingView leaves them out, and a command must carry only what the server reads.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import * as Wire from "../types/wire.js"
 */

/** Longest `id` of an exit level that the server takes. */
const MAX_LEVEL_ID = 16;

/**
 * Leave out what is null.
 * @param {object} record
 * @returns {any}
 */
export function withoutNulls(record) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));
}

/**
 * @param {Wire.PlacedOrder} order
 * @returns {TV.Order}
 */
export function toOrder(order) {
  return { ...withLevels(order), ...(order.duration && { duration: withoutNulls(order.duration) }) };
}

/**
 * @param {{exitLevels?: Wire.ExitLevel[] | null}} record
 * @returns {any} the record and its exit levels without nulls
 */
function withLevels(record) {
  return { ...withoutNulls(record), ...(record.exitLevels && { exitLevels: record.exitLevels.map(withoutNulls) }) };
}

/**
 * @param {Wire.Position} position
 * @returns {TV.Position}
 */
export function toPosition(position) {
  return withLevels(position);
}

/**
 * @param {Wire.IndividualPosition} position
 * @returns {TV.IndividualPosition}
 */
export function toIndividualPosition(position) {
  return withLevels(position);
}

/**
 * @param {Wire.Execution} execution
 * @returns {TV.Execution}
 */
export function toExecution(execution) {
  return withoutNulls(execution);
}

/**
 * @param {Wire.ExecutionExplanation} explanation
 * @returns {TV.ExecutionExplanation}
 */
export function toExplanation(explanation) {
  return { ...withoutNulls(explanation), execution: toExecution(explanation.execution), quote: withoutNulls(explanation.quote) };
}

/**
 * @param {Wire.InstrumentInfo} info
 * @returns {TV.InstrumentInfo}
 */
export function toInstrument(info) {
  return withoutNulls(info);
}

/**
 * @param {Wire.EquityData} money
 * @returns {TV.Money}
 */
export function toMoney(money) {
  return withoutNulls(money);
}

/**
 * @param {Wire.OrderPreviewResult} preview
 * @returns {TV.OrderPreviewResult}
 */
export function toPreview(preview) {
  return { ...withoutNulls(preview), sections: preview.sections.map(withoutNulls) };
}

/**
 * Bids come either way round over the wire; TradingView wants both sides ascending by price.
 * @param {TV.DOMData} depth
 * @returns {TV.DOMData}
 */
export function toDepth({ snapshot, asks, bids }) {
  const ascending = (/** @type {TV.DOMLevel[]} */ levels) => [...levels].sort((a, b) => a.price - b.price);
  return { snapshot, asks: ascending(asks), bids: ascending(bids) };
}

/**
 * Write exit levels for the server. An id that is too long for it becomes a number, as does an absent one.
 * @param {TV.ExitLevel[] | undefined} levels
 * @returns {Wire.ExitLevel[] | null} null without levels
 */
function toWireLevels(levels) {
  if (!levels?.length) return null;
  const taken = new Set(levels.map(({ id }) => id));
  const free = levels.map((_, index) => String(index + 1)).filter((number) => !taken.has(number));
  return levels.map(({ id, isExisting: _, ...terms }) => ({ ...terms, id: id && id.length <= MAX_LEVEL_ID ? id : free.shift() }));
}

/**
 * @param {TV.Brackets} brackets
 * @returns {Wire.Brackets} null removes
 */
export function toBrackets({ takeProfit, stopLoss, guaranteedStop, trailingStopPips, exitLevels }) {
  return {
    takeProfit: takeProfit ?? null, stopLoss: stopLoss ?? null, guaranteedStop: guaranteedStop ?? null,
    trailingStopPips: trailingStopPips ?? null, exitLevels: toWireLevels(exitLevels),
  };
}

/**
 * @param {Wire.BrokerConnectionStatus} connection
 * @returns {TV.ConnectionState}
 */
export function toConnection(connection) {
  return connection.message === null ? { status: connection.status } : { status: connection.status, message: connection.message };
}

const ORDER_FIELDS = /** @type {const} */ ([
  "symbol", "type", "side", "qty", "limitPrice", "stopPrice", "takeProfit", "stopLoss", "guaranteedStop", "trailingStopPips",
  "stopType", "duration", "seenPrice", "currentQuotes", "isClose", "postOnly", "customFields", "exitLevels",
]);
/** Fields of a new order only: a change cannot set them. */
const NEW_ORDER_FIELDS = /** @type {const} */ ([...ORDER_FIELDS, "positionId"]);

/**
 * Take from an order, new or placed, what a command carries.
 * @param {TV.PreOrder} order
 * @returns {TV.PreOrder}
 */
export function toWireOrder(order) {
  const fields = Object.fromEntries(NEW_ORDER_FIELDS.map((name) => [name, order[name]]));
  return withoutNulls({ ...fields, exitLevels: toWireLevels(order.exitLevels) });
}

/**
 * Take from an order what a change carries: the server keeps what is absent, so what is unset is sent as null.
 * @param {TV.Order} order the whole order as it shall be
 * @returns {Wire.OrderChange}
 */
export function toWireChange(order) {
  const fields = Object.fromEntries(ORDER_FIELDS.map((name) => [name, order[name] ?? null]));
  return /** @type {Wire.OrderChange} */ ({ ...fields, exitLevels: toWireLevels(order.exitLevels) });
}

/**
 * @param {Wire.BarsReply} reply
 * @returns {{bars: TV.Bar[], meta: TV.HistoryMetadata}}
 */
export function toHistory(reply) {
  return { bars: reply.bars, meta: { noData: reply.no_data, nextTime: reply.next_time } };
}

/**
 * @param {Wire.SearchPage} page
 * @returns {TV.SearchSymbolsPage}
 */
export function toSearchPage({ items, symbols_remaining: symbolsRemaining }) {
  return { symbols: items, symbolsRemaining };
}
