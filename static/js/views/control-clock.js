// @ts-check
/**
 * The control panel's clock: pause, speed, steps, jumps to the next open or close, and the recording. It is shown where the server
 * lets this token control its clock.
 */
import { ApiError } from "../adapters/rest-client.js";
import { h, setText } from "../lib/dom.js";
import { dateTime } from "../lib/format.js";
import { inWords } from "../lib/words.js";
import { saveFile } from "./save-file.js";
import { View } from "./view.js";

/** @import {ControlService} from "../services/control-service.js" */
/** @import {Context} from "./view.js" */

const SPEEDS = [1, 5, 10, 60, 300, 1000];
/** @type {[name: string, ms: number][]} */
const STEPS = [["1 second", 1000], ["1 minute", 60_000], ["15 minutes", 900_000], ["1 hour", 3_600_000], ["1 day", 86_400_000]];
const FIRST_STEP_MS = 60_000;
const NOT_FOUND = 404;
const SECOND_MS = 1000;

export class ControlClockView extends View {
  #now = h("strong", { class: "numeric" });
  #mode = h("button", { type: "button", class: "small", onclick: () => this.#toggle() });
  #speed = h("select", { "aria-label": "Speed of the market", onchange: () => this.#do(() => this.#control.changeClock({ speed: Number(this.#speed.value) })) });
  #step = h("select", { "aria-label": "Length of a step" }, ...STEPS.map(([name, ms]) => h("option", { value: ms, selected: ms === FIRST_STEP_MS }, name)));
  #advances = [
    this.#button("Step", "Move the clock forward by a step", () => this.#control.step(Number(this.#step.value))),
    this.#button("To open", "Move the clock to the next open of the chosen symbol", () => this.#jump("open")),
    this.#button("To close", "Move the clock to the next close of the chosen symbol", () => this.#jump("close")),
  ];
  #recording = this.#button("Download recording", "Every input of the market and the accounts so far, to be replayed", () => this.#download());
  #error = h("p", { class: "field-error", role: "alert" });
  element = h("section", { class: "control-row", "aria-label": "Clock", hidden: true },
    this.#now, this.#mode, this.#speed, this.#step, ...this.#advances, this.#recording, this.#error);
  #control;

  /**
   * @param {Context} context
   * @param {ControlService} control
   */
  constructor(context, control) {
    super(context);
    this.#control = control;
  }

  opened() {
    this.watch(this.context.state.clock);
    const timer = setInterval(this.dirty, SECOND_MS);
    this.whenClosed(() => clearInterval(timer));
  }

  /**
   * @param {string} name
   * @param {string} hint
   * @param {() => Promise<unknown>} command
   */
  #button(name, hint, command) {
    return h("button", { type: "button", class: "small", title: hint, onclick: () => this.#do(command) }, name);
  }

  paint() {
    const clock = this.context.state.clock.value();
    this.element.hidden = clock === null;
    if (!clock) return;
    const isAdvancing = clock.status === "advancing";
    setText(this.#now, `${dateTime(this.context.clock.now())} UTC`);
    setText(this.#mode, clock.mode === "paused" ? "Run" : "Pause");
    for (const button of [this.#mode, ...this.#advances]) button.disabled = isAdvancing;
    this.#showSpeed(clock.speed);
  }

  /** @param {number} speed */
  #showSpeed(speed) {
    if (this.#speed.value === String(speed)) return;
    const speeds = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((one, other) => one - other);
    this.#speed.replaceChildren(...speeds.map((value) => h("option", { value }, `Speed ×${value}`)));
    this.#speed.value = String(speed);
  }

  #toggle() {
    const isPaused = this.context.state.clock.value()?.mode === "paused";
    return this.#do(() => this.#control.changeClock({ mode: isPaused ? "running" : "paused" }));
  }

  /** @param {"open" | "close"} until */
  #jump(until) {
    return this.#control.jump(until, this.context.state.symbol.value());
  }

  async #download() {
    saveFile("recording.ndjson", await this.#control.api.recording());
  }

  /** @param {() => Promise<unknown>} command */
  async #do(command) {
    setText(this.#error, "");
    try {
      await command();
    } catch (error) {
      const isMissing = error instanceof ApiError && error.status === NOT_FOUND;
      setText(this.#error, isMissing ? "This server keeps no recording; start it with --record." : inWords(error instanceof Error ? error.message : String(error)));
    }
    this.dirty();
  }
}
