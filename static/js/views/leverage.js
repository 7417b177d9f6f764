// @ts-check
/** Leverage of the symbol in the ticket: what holds, what another one would mean, and the button that sets it. */
import { ApiError } from "../adapters/rest-client.js";
import { byId, setText } from "../lib/dom.js";
import { parseNumber } from "../lib/format.js";
import { inWords } from "../lib/words.js";

/**
 * @import {LeverageInfo, LeverageInfoParams} from "../types/tradingview.js"
 * @import {Context} from "./view.js"
 */

const PAUSE_MS = 200;

export class Leverage {
  #context;
  #onSet;
  #field = byId("leverage");
  /** @type {HTMLInputElement} */
  #input = byId("leverage-value");
  /** @type {HTMLButtonElement} */
  #button = byId("leverage-set");
  #hint = byId("leverage-hint");
  #error = byId("leverage-error");
  /** @type {LeverageInfoParams | null} */
  #params = null;
  /** @type {LeverageInfo | null} */
  #info = null;
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /**
   * @param {Context} context
   * @param {() => void} onSet another leverage holds from now on
   */
  constructor(context, onSet) {
    this.#context = context;
    this.#onSet = onSet;
    this.#field.hidden = !context.broker.config()?.supportLeverage;
    this.#button.addEventListener("click", () => this.#set());
    this.#input.addEventListener("input", (event) => {
      event.stopPropagation();
      this.#typed();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#set();
    });
  }

  /** @param {LeverageInfoParams | null} params null: no symbol */
  async show(params) {
    this.#params = params;
    const turn = ++this.#turn;
    this.#say("", "");
    if (!params || this.#field.hidden) return;
    const info = await this.#context.broker.leverageInfo(params).catch(() => null);
    if (turn !== this.#turn || !info) return;
    this.#info = info;
    this.#input.title = `${info.title}: ${info.min} to ${info.max}`;
    this.#input.value = String(info.leverage);
    this.#button.disabled = true;
  }

  /**
   * @param {string} hint
   * @param {string} error
   */
  #say(hint, error) {
    setText(this.#hint, hint);
    setText(this.#error, error);
    this.#hint.hidden = hint === "";
    this.#error.hidden = error === "";
    if (error) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  get #wanted() {
    return parseNumber(this.#input.value);
  }

  #typed() {
    const isOther = this.#info !== null && this.#wanted !== this.#info.leverage && !Number.isNaN(this.#wanted);
    this.#button.disabled = !isOther;
    this.#say("", "");
    clearTimeout(this.#pause);
    if (isOther) this.#pause = setTimeout(() => this.#preview(), PAUSE_MS);
  }

  async #preview() {
    const params = this.#params;
    const turn = ++this.#turn;
    if (!params) return;
    const result = await this.#context.broker.previewLeverage({ ...params, leverage: this.#wanted }).catch(() => null);
    if (turn !== this.#turn || !result) return;
    this.#say([...result.infos ?? [], ...result.warnings ?? []].map((text) => inWords(text)).join(" "), (result.errors ?? []).map((text) => inWords(text)).join(" "));
  }

  async #set() {
    const params = this.#params;
    if (!params || this.#button.disabled) return;
    clearTimeout(this.#pause);
    this.#button.disabled = true;
    const turn = ++this.#turn;
    try {
      const { leverage } = await this.#context.broker.setLeverage({ ...params, leverage: this.#wanted });
      this.#context.host.note("Leverage set", `${params.symbol} ${leverage}:1`);
      this.#onSet();
      if (turn === this.#turn) await this.show(params);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say("", inWords(error.message));
      this.#button.disabled = false;
    }
  }
}
