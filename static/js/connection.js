// @ts-check
/**
 * Where the services get their data from: the server that this page came from, or with `?offline=1` a small market and broker
 * inside the page. Nothing above the adapters knows the difference.
 *
 * @import {SocketState} from "./adapters/ws-client.js"
 * @import {AskToken} from "./adapters/credentials.js"
 * @import {WsAdapter} from "./adapters/ws-adapter.js"
 * @import {Api} from "./adapters/api-adapter.js"
 */
import { ApiAdapter } from "./adapters/api-adapter.js";
import { ControlAdapter } from "./adapters/control-adapter.js";
import { Credentials } from "./adapters/credentials.js";
import { RestClient } from "./adapters/rest-client.js";
import { WebSocketClient } from "./adapters/ws-client.js";
import { WsAdapter as OnlineAdapter } from "./adapters/ws-adapter.js";

const API = "/api/v1";

/**
 * @typedef {object} Connection
 * @property {Api} api
 * @property {WsAdapter} ws
 * @property {ControlAdapter | null} control null in the offline demo
 * @property {() => string} session id of the open socket; empty without one
 * @property {() => void} open
 * @property {() => void} retryNow
 * @property {() => void} networkLost
 * @property {boolean} isOffline
 */

/**
 * Whether the address asks for the offline demo.
 * @param {Location} location
 */
export function isOffline(location) {
  return new URLSearchParams(location.search).get("offline") === "1";
}

/**
 * The address of the API: below that of the world that the page came from.
 * @param {Location} location
 */
function apiOf(location) {
  return `${/^\/w\/[^/]+(?=\/)/.exec(location.pathname)?.[0] ?? ""}${API}`;
}

/**
 * Connect to the server, or load the offline demo.
 * @param {Location} location
 * @param {(state: SocketState) => void} onState
 * @param {AskToken} askForToken
 * @returns {Promise<Connection>}
 */
export async function connect(location, onState, askForToken) {
  if (isOffline(location)) {
    const { createFallback } = await import("./adapters/fallback.js");
    const { api, ws, open } = createFallback({ onState });
    return { api, ws, control: null, session: () => "", open, retryNow: () => {}, networkLost: () => {}, isOffline: true };
  }
  const credentials = new Credentials(askForToken);
  const socket = new WebSocketClient(`${location.origin.replace(/^http/, "ws")}${apiOf(location)}/ws`, onState, { credentials });
  return {
    api: new ApiAdapter(apiOf(location), undefined, credentials), ws: new OnlineAdapter(socket),
    control: new ControlAdapter(new RestClient(apiOf(location), (input, init) => fetch(input, init), credentials)),
    session: () => socket.session, open: () => socket.connect(), retryNow: () => socket.retryNow(),
    networkLost: () => socket.networkLost(), isOffline: false,
  };
}
