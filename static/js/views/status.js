// @ts-check
/** Badges of the two connections: this page to the server, the server to its broker. */
import { CONNECTION_NAMES, ConnectionStatus } from "../lib/codes.js";
import { byId, setText } from "../lib/dom.js";
import { View } from "./view.js";

/** @import {ConnectionState} from "../types/tradingview.js" */

const TONES = { 1: "good", 2: "waiting", 3: "bad", 4: "bad" };

export class StatusView extends View {
  #socket = byId("badge-socket");
  #broker = byId("badge-broker");

  opened() {
    this.watch(this.context.state.socket, this.context.state.broker);
  }

  paint() {
    const { socket, broker } = this.context.state;
    this.#write(this.#socket, socket.value());
    this.#write(this.#broker, broker.value());
    document.body.classList.toggle("stale", socket.value().status !== ConnectionStatus.Connected);
  }

  /**
   * @param {HTMLElement} badge
   * @param {ConnectionState} connection
   */
  #write(badge, { status, message }) {
    const state = /** @type {HTMLElement} */ (badge.querySelector(".badge-state"));
    setText(state, document.body.classList.contains("offline") && badge === this.#socket ? "Offline demo" : CONNECTION_NAMES[status]);
    badge.dataset.state = TONES[status];
    badge.title = message ?? "";
  }
}
