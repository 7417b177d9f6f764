// @ts-check
/** Fields for the brackets of an order or a position, in the forms below their rows. */
import { plain } from "../lib/format.js";

/**
 * @import {Brackets, BrokerConfigFlags} from "../types/tradingview.js"
 * @import {RowField} from "./row-form.js"
 */

/** @type {{name: Exclude<keyof Brackets, "exitLevels">, label: string, flag: keyof BrokerConfigFlags | null}[]} */
const FIELDS = [
  { name: "takeProfit", label: "Take profit", flag: null },
  { name: "stopLoss", label: "Stop loss", flag: null },
  { name: "trailingStopPips", label: "Trail (pips)", flag: "supportTrailingStop" },
  { name: "guaranteedStop", label: "Guaranteed stop", flag: "supportGuaranteedStop" },
];

/**
 * @param {Brackets} brackets as they are now
 * @param {BrokerConfigFlags | null} config
 * @param {number} decimals of prices
 * @returns {RowField[]}
 */
export function bracketFields(brackets, config, decimals) {
  return FIELDS.filter(({ flag }) => flag === null || config?.[flag]).map(({ name, label }) => ({
    name, label, isOptional: true, value: plain(brackets[name], name === "trailingStopPips" ? undefined : decimals),
  }));
}

/**
 * Take the brackets out of a form's values; one that was left empty is to be removed.
 * @param {Record<string, any>} values
 * @returns {Brackets}
 */
export function bracketsOf(values) {
  const { takeProfit, stopLoss, trailingStopPips, guaranteedStop } = values;
  return { takeProfit, stopLoss, trailingStopPips, guaranteedStop };
}
