// @ts-check
/**
 * The server's control interface, one method per operation: scenarios of the market, its clock, faults, the recording. Everything
 * needs the admin scope; all but the scenarios need a server with `--control`. services/control-service.js uses it.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {RestClient} from "./rest-client.js"
 */
import { withoutNulls } from "./mappers.js";

export class ControlAdapter {
  #rest;

  /** @param {RestClient} rest */
  constructor(rest) {
    this.#rest = rest;
  }

  /** @returns {Promise<TV.Scenario[]>} oldest first */
  async scenarios() {
    return (await this.#rest.call("GET", "/datafeed/scenarios")).map(withoutNulls);
  }

  /** @param {TV.ScenarioRequest} request */
  addScenario(request) {
    return this.#rest.call("POST", "/datafeed/scenarios", { body: request });
  }

  /** @param {string} id */
  endScenario(id) {
    return this.#rest.call("DELETE", `/datafeed/scenarios/${encodeURIComponent(id)}`);
  }

  /** @returns {Promise<TV.ClockState>} */
  async clock() {
    return withoutNulls(await this.#rest.call("GET", "/clock"));
  }

  /**
   * @param {TV.ClockChange} change what is absent keeps its value
   * @returns {Promise<TV.ClockState>}
   */
  async changeClock(change) {
    return withoutNulls(await this.#rest.call("PUT", "/clock", { body: change }));
  }

  /**
   * Begin to move the clock forward.
   * @param {TV.ClockAdvance} advance
   * @returns {Promise<TV.ClockState>} as it is now
   */
  async advanceClock(advance) {
    return withoutNulls(await this.#rest.call("POST", "/clock/advance", { body: advance }));
  }

  /** @returns {Promise<TV.Fault[]>} in the order in which they are tried */
  async faults() {
    return (await this.#rest.call("GET", "/faults")).map(withoutNulls);
  }

  /** @param {TV.FaultRequest} request */
  addFault(request) {
    return this.#rest.call("POST", "/faults", { body: request });
  }

  /** @param {string} id */
  removeFault(id) {
    return this.#rest.call("DELETE", `/faults/${encodeURIComponent(id)}`);
  }

  /** Set the counts of all faults to zero: each may be applied again. */
  resetFaults() {
    return this.#rest.call("POST", "/faults/reset");
  }

  /** @returns {Promise<Blob>} every input of the market and the accounts so far, with its events */
  async recording() {
    return (await this.#rest.answer("GET", "/recording")).blob();
  }
}
