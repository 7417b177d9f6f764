// @ts-check
/**
 * Faults that the control panel offers: each is a rule that the server applies once. Pure. docs/faults.md describes all rules.
 *
 * @import {Fault, FaultRequest} from "../types/tradingview.js"
 */

/** @typedef {{account: string, session: string}} FaultSubject account and connection of this page */

/**
 * @typedef {object} FaultOffer
 * @property {string} name of its button, and of the rule
 * @property {string} hint
 * @property {(subject: FaultSubject) => Omit<FaultRequest, "name" | "times">} rule
 */

const GATEWAY_TIMEOUT = 504;
const SERVICE_RESTART = 1012;

/** @type {FaultOffer[]} */
export const FAULT_OFFERS = [
  {
    name: "Reject next order", hint: "The broker rejects the next order of this account",
    rule: ({ account }) => ({
      stage: "order", match: { account }, do: { reject: { reason: "NO_LIQUIDITY", message: "Rejected by a fault of the control panel" } },
    }),
  },
  {
    name: "Lose next reply", hint: "The next order of this account is placed, but its reply is lost",
    rule: ({ account }) => ({
      stage: "request", phase: "after", match: { method: "POST", path: "*/broker/orders", account }, do: { status: { code: GATEWAY_TIMEOUT } },
    }),
  },
  {
    name: "Cut the socket", hint: "The server closes the connection of this page, which connects again",
    rule: ({ session }) => ({ stage: "connection", match: { session }, do: { close: { code: SERVICE_RESTART } } }),
  },
];

/**
 * @param {FaultOffer} offer
 * @param {FaultSubject} subject
 * @returns {FaultRequest}
 */
export function faultOf({ name, rule }, subject) {
  return { name, times: 1, ...rule(subject) };
}

/**
 * @param {Fault} fault
 * @returns {"waiting" | "applied"} whether it can still be applied
 */
export function faultStatus({ times, stats }) {
  return times !== undefined && stats.applied >= times ? "applied" : "waiting";
}

/** @param {Fault} fault */
export function faultText({ name, stage, do: action }) {
  return name || `${stage}: ${Object.keys(action).join(", ")}`;
}
