// @ts-check
/**
 * Scenarios of the market in the units of the control panel: percent of the price, multiples of the spread, seconds. Pure.
 *
 * @import {Scenario, ScenarioRequest} from "../types/tradingview.js"
 */
import { MISSING, percent, qty } from "./format.js";

/** @typedef {Scenario["kind"]} ScenarioKind */

const MIN_FACTOR = 0.01;
const MAX_FACTOR = 100;

/**
 * @param {ScenarioKind} kind
 * @param {number} amount change of the price in percent, or multiple of the spread; not used for a halt
 * @param {number} seconds of market time
 * @param {number} now market time in epoch milliseconds
 * @returns {{request: Omit<ScenarioRequest, "symbol"> | null, refused: string}} the request without its symbol, or what is wrong
 */
export function scenarioOf(kind, amount, seconds, now) {
  const factor = kind === "shock" ? 1 + amount / 100 : amount;
  if (kind !== "halt" && !(factor >= MIN_FACTOR && factor <= MAX_FACTOR)) {
    return { request: null, refused: kind === "shock" ? "The price can move by -99 % to 9,900 %." : "The spread can be multiplied by 0.01 to 100." };
  }
  if (!(seconds > 0)) return { request: null, refused: "Enter a number of seconds above zero." };
  const request = { kind, end: Math.ceil(now + seconds * 1000), ...(kind !== "halt" && { factor: Number(factor.toFixed(6)) }) };
  return { request, refused: "" };
}

/** @param {Scenario} scenario */
export function scenarioText({ kind, factor }) {
  if (kind === "halt") return "Halt";
  if (factor === undefined) return MISSING;
  return kind === "shock" ? `Price ${percent((factor - 1) * 100)}` : `Spread × ${qty(factor)}`;
}
