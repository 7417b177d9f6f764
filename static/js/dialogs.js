// @ts-check
/**
 * A worked example of custom order and position dialogs for TradingView's Trading Platform (BrokerCustomUI), shown on
 * `tradingview.html?dialogs=own`. Both offer exits with quantities (exit levels) where the account supports them.
 * tradingview.js passes them to the widget as `customUI`; docs/tradingview.md explains the contract.
 *
 * @import * as TV from "./types/tradingview.js"
 * @import {BrokerTerminalService} from "./services/broker-terminal-service.js"
 */
import { OrderType, Side, hasLimitPrice, hasStopPrice, kindOf, sideName } from "./lib/codes.js";
import { h } from "./lib/dom.js";

const LEVELS = 3;
const EXITS = /** @type {const} */ ([["takeProfit", "Take profit"], ["stopLoss", "Stop loss"]]);

/** @typedef {Pick<BrokerTerminalService, "config" | "placeOrder" | "previewOrder" | "modifyOrder" | "editPositionBrackets"
 *   | "editIndividualPositionBrackets">} Broker the part of the service that the dialogs use */
/** @typedef {Record<string, string>} Values texts of the form by the name of their field */
/** @typedef {{name: string, label: string, value?: number, isRequired?: boolean}} Field */

/**
 * @param {string | undefined} text
 * @returns {number | undefined} undefined for an empty field
 */
function numberOf(text) {
  return text?.trim() ? Number(text) : undefined;
}

/**
 * Leave out what is undefined: an absent bracket is removed.
 * @template {object} T
 * @param {T} record
 * @returns {T}
 */
function compact(record) {
  return /** @type {T} */ (Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));
}

/**
 * Read the exits of a form: levels where one has a quantity, else one pair for the whole quantity.
 * @param {Values} values
 * @returns {TV.Brackets}
 */
export function exitsOf(values) {
  const exitLevels = Array.from({ length: LEVELS }, (_, index) => compact({
    id: values[`level${index}.id`] || String(index + 1),
    qty: numberOf(values[`level${index}.qty`]) ?? 0,
    takeProfit: numberOf(values[`level${index}.takeProfit`]),
    stopLoss: numberOf(values[`level${index}.stopLoss`]),
  })).filter(({ qty }) => qty > 0);
  if (exitLevels.length) return { exitLevels };
  return compact({
    takeProfit: numberOf(values.takeProfit), stopLoss: numberOf(values.stopLoss), trailingStopPips: numberOf(values.trailingStopPips),
  });
}

/**
 * Return an order with the values of a form.
 * @template {TV.PreOrder | TV.Order} T
 * @param {T} order
 * @param {Values} values
 * @returns {T}
 */
export function orderOf(order, values) {
  const { takeProfit: _profit, stopLoss: _loss, trailingStopPips: _trail, exitLevels: _levels, ...rest } = order;
  const isBracket = "parentId" in order && order.parentId !== undefined;
  return /** @type {T} */ (compact({
    ...(isBracket ? order : { ...rest, ...exitsOf(values) }),
    qty: numberOf(values.qty) ?? order.qty,
    limitPrice: hasLimitPrice(order.type) ? numberOf(values.limitPrice) : undefined,
    stopPrice: hasStopPrice(order.type) ? numberOf(values.stopPrice) : undefined,
  }));
}

/**
 * @param {Field} field
 * @returns {HTMLElement}
 */
function row({ name, label, value, isRequired = false }) {
  const input = h("input", { name, type: "number", step: "any", min: "0", required: isRequired, value: value === undefined ? undefined : String(value) });
  return h("label", {}, h("span", {}, label), input);
}

/**
 * Fields of the exits of a quantity.
 * @param {TV.Brackets} brackets as they are now
 * @param {TV.BrokerConfigFlags | null} config
 * @returns {HTMLElement[]}
 */
function exitFields(brackets, config) {
  const fields = EXITS.map(([name, label]) => row({ name, label, value: brackets[name] }));
  if (config?.supportTrailingStop) fields.push(row({ name: "trailingStopPips", label: "Trail (pips)", value: brackets.trailingStopPips }));
  if (!config?.supportMultipleExitLevels) return fields;
  const levels = Array.from({ length: LEVELS }, (_, index) => {
    const level = brackets.exitLevels?.[index];
    const own = (/** @type {"qty" | "takeProfit" | "stopLoss"} */ name, /** @type {string} */ label) =>
      row({ name: `level${index}.${name}`, label, value: level?.[name] });
    return h("fieldset", {}, h("legend", {}, `Exit ${index + 1}`),
      h("input", { type: "hidden", name: `level${index}.id`, value: level?.id ?? "" }),
      own("qty", "Quantity"), ...EXITS.map(([name, label]) => own(name, label)));
  });
  const isOpen = Boolean(brackets.exitLevels?.length);
  return [...fields, h("details", { open: isOpen }, h("summary", {}, "Several exits, instead of the prices above"), ...levels)];
}

/**
 * Show a form until it is sent or canceled. A refusal is shown in it, and it stays open.
 * @param {string} title
 * @param {HTMLElement[]} fields
 * @param {(values: Values) => Promise<void>} send
 * @returns {Promise<boolean>} whether it was sent
 */
function ask(title, fields, send) {
  return new Promise((resolve) => {
    const refusal = h("p", { role: "alert" });
    const submit = h("button", { type: "submit", class: "small primary" }, "Send");
    const close = (/** @type {boolean} */ isSent) => {
      dialog.remove();
      resolve(isSent);
    };
    const form = h("form", {
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        submit.disabled = true;
        try {
          await send(/** @type {Values} */ (Object.fromEntries(new FormData(form))));
          close(true);
        } catch (error) {
          refusal.textContent = error instanceof Error ? error.message : String(error);
          submit.disabled = false;
        }
      },
    }, h("h2", { id: "own-dialog-title" }, title), ...fields, refusal,
    h("p", { class: "dialog-buttons" }, h("button", { type: "button", class: "small", onclick: () => close(false) }, "Cancel"), submit));
    const dialog = h("dialog", { class: "dialog own-dialog", "aria-labelledby": "own-dialog-title", oncancel: () => close(false) }, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * @param {Broker} broker
 * @param {TV.PreOrder | TV.Order} order
 */
async function sendOrder(broker, order) {
  if ("id" in order) return broker.modifyOrder(order);
  const preview = broker.config()?.supportPlaceOrderPreview ? await broker.previewOrder(order) : undefined;
  if (preview?.errors?.length) throw new Error(preview.errors.join(". "));
  await broker.placeOrder(order, preview?.confirmId);
}

/**
 * The dialogs for `customUI` of the widget's `broker_config`.
 * @param {() => Broker | undefined} brokerOf the service: the platform makes it after its configuration
 * @returns {TV.BrokerCustomUI}
 */
export function createDialogs(brokerOf) {
  const started = () => {
    const broker = brokerOf();
    if (!broker) throw new Error("The broker is not connected yet.");
    return broker;
  };
  return {
    async showOrderDialog(order) {
      const broker = started();
      const isBracket = "parentId" in order && order.parentId !== undefined;
      const prices = [
        hasLimitPrice(order.type) && row({ name: "limitPrice", label: "Limit price", value: order.limitPrice, isRequired: true }),
        hasStopPrice(order.type) && row({ name: "stopPrice", label: "Stop price", value: order.stopPrice, isRequired: true }),
      ].filter((field) => field !== false);
      const kind = order.type === OrderType.Market ? "market" : kindOf(order).toLowerCase();
      return ask(`${"id" in order ? "Modify" : sideName(order.side)} ${order.symbol}: ${kind}`, [
        row({ name: "qty", label: "Quantity", value: order.qty, isRequired: true }), ...prices,
        ...(isBracket ? [] : exitFields(order, broker.config())),
      ], (values) => sendOrder(broker, orderOf(order, values)));
    },
    async showPositionDialog(position, brackets) {
      const broker = started();
      const isIndividual = !("avgPrice" in position);
      const held = `${position.side === Side.Buy ? "long" : "short"} ${position.qty} ${position.symbol}`;
      return ask(`Exits of ${held}`, exitFields({ ...position, ...brackets }, broker.config()), (values) => {
        const exits = exitsOf(values);
        return isIndividual ? broker.editIndividualPositionBrackets(position.id, exits) : broker.editPositionBrackets(position.id, exits);
      });
    },
  };
}
