// @ts-check
/**
 * The control panel: clock, faults and scenarios of the server, each where the server offers it to this token. control-clock.js,
 * control-faults.js and control-scenarios.js are its parts.
 */
import { byId } from "../lib/dom.js";
import { ControlClockView } from "./control-clock.js";
import { ControlFaultsView } from "./control-faults.js";
import { ControlScenariosView } from "./control-scenarios.js";

/** @import {Context} from "./view.js" */
/** @import {ControlService} from "../services/control-service.js" */

export class ControlView {
  #parts;

  /**
   * @param {Context} context
   * @param {ControlService} control
   * @param {() => string} session id of the page's connection
   */
  constructor(context, control, session) {
    const scenarios = new ControlScenariosView(context, control.api);
    const parts = [new ControlClockView(context, control), new ControlFaultsView(context, control.api, session)];
    this.#parts = context.modules.has("control") ? [...parts, scenarios] : [scenarios];
    byId("control").replaceChildren(...this.#parts.map(({ element }) => element));
  }

  open() {
    for (const part of this.#parts) part.open();
  }

  close() {
    for (const part of this.#parts) part.close();
  }
}
