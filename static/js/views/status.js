// @ts-check
/**
 * Badges of the two connections: this page to the server, the server to its broker. While one of them is lost, a text over the
 * figures of the account says so, counts down to the next attempt and offers to try at once, and the page dims what is old.
 */
import { CONNECTION_NAMES, ConnectionStatus } from "../lib/codes.js";
import { byId, setText } from "../lib/dom.js";
import { View } from "./view.js";

/** @import {ConnectionState} from "../types/tradingview.js" */
/** @import {Context} from "./view.js" */

const TONES = { 1: "good", 2: "waiting", 3: "bad", 4: "bad" };
const SECOND_MS = 1000;
/** A countdown shorter than this is not shown. */
const SHORTEST_COUNTDOWN_S = 1;

/**
 * Seconds until the next attempt to connect; null when none is planned.
 * @param {ConnectionState} connection
 * @param {number} now on the clock of `performance.now()`
 */
export function secondsToRetry({ status, retryAt }, now) {
  if (status !== ConnectionStatus.Connecting || retryAt === undefined) return null;
  const seconds = Math.ceil((retryAt - now) / SECOND_MS);
  return seconds >= SHORTEST_COUNTDOWN_S ? seconds : null;
}

/**
 * What to say about the connection that is lost.
 * @param {ConnectionState} socket
 * @param {ConnectionState} broker
 * @param {number | null} seconds until the next attempt
 */
function lostText(socket, broker, seconds) {
  if (socket.status === ConnectionStatus.Connected) return `Broker: ${CONNECTION_NAMES[broker.status]}`;
  return seconds === null ? CONNECTION_NAMES[socket.status] : `Retry in ${seconds} s`;
}

export class StatusView extends View {
  #socket = byId("badge-socket");
  #broker = byId("badge-broker");
  #lost = byId("lost");
  #lostText = byId("lost-text");
  #retry = byId("retry-now");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Context} context
   * @param {() => void} retryNow connects without waiting for the next attempt
   */
  constructor(context, retryNow) {
    super(context);
    this.#retry.addEventListener("click", retryNow);
  }

  opened() {
    this.watch(this.context.state.socket, this.context.state.broker);
    this.whenClosed(() => clearTimeout(this.#timer));
  }

  paint() {
    const { socket, broker } = this.context.state;
    const seconds = secondsToRetry(socket.value(), performance.now());
    const isOpen = socket.value().status === ConnectionStatus.Connected;
    const isWell = isOpen && (broker.value().status === ConnectionStatus.Connected || !this.context.modules.has("broker"));
    this.#write(this.#socket, socket.value());
    this.#write(this.#broker, broker.value());
    this.#lost.hidden = isWell || !document.body.classList.contains("ready");
    setText(this.#lostText, lostText(socket.value(), broker.value(), seconds));
    this.#retry.hidden = socket.value().status !== ConnectionStatus.Connecting;
    document.body.classList.toggle("stale", !isOpen);
    clearTimeout(this.#timer);
    if (seconds !== null) this.#timer = setTimeout(this.dirty, SECOND_MS);
  }

  /**
   * @param {HTMLElement} badge
   * @param {ConnectionState} connection
   */
  #write(badge, { status, message }) {
    const state = /** @type {HTMLElement} */ (badge.querySelector(".badge-state"));
    const isDemo = document.body.classList.contains("offline") && badge === this.#socket;
    setText(state, isDemo ? "Offline demo" : CONNECTION_NAMES[status]);
    badge.dataset.state = TONES[status];
    badge.title = message ?? "";
  }
}
