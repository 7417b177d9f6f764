// @ts-check
/**
 * Composition of the page that shows TradingView's Trading Platform: the library, when it is there, on the same broker and
 * datafeed services as the bundled page. docs/tradingview.md lists what the services implement.
 *
 * @import * as TV from "./types/tradingview.js"
 */
import { connect, isOffline } from "./connection.js";
import { createDialogs } from "./dialogs.js";
import { ConnectionStatus } from "./lib/codes.js";
import { byId } from "./lib/dom.js";
import { Memory } from "./lib/memory.js";
import { BrokerTerminalService } from "./services/broker-terminal-service.js";
import { DatafeedService } from "./services/datafeed-service.js";
import { LayoutsService } from "./services/layouts-service.js";
import { askForToken } from "./views/token.js";

const LIBRARY = "charting_library/";
const FIRST_SYMBOL = "AAPL";
const FIRST_RESOLUTION = "1";

/** @typedef {{widget: new (options: object) => unknown}} TradingViewLibrary */

/**
 * Load the library, which makes itself a global.
 * @returns {Promise<TradingViewLibrary | null>} null when it is not there
 */
function loadLibrary() {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = `${LIBRARY}charting_library.standalone.js`;
    script.addEventListener("load", () => resolve(/** @type {any} */ (window).TradingView ?? null));
    script.addEventListener("error", () => resolve(null));
    document.head.append(script);
  });
}

/**
 * Whether the address asks for this page's dialogs instead of the platform's.
 * @param {Location} location
 */
function hasOwnDialogs(location) {
  return new URLSearchParams(location.search).get("dialogs") === "own";
}

/** @param {TradingViewLibrary} library */
async function show(library) {
  /** @type {BrokerTerminalService | undefined} */
  let broker;
  const { api, ws, ...connection } = await connect(
    location,
    ({ status, needsToken, message }) => broker?.socketChanged(status === ConnectionStatus.Connected, { isSignInFailed: needsToken, message }),
    askForToken,
  );
  const datafeed = new DatafeedService(api, ws);
  const memory = new Memory(isOffline(location) ? "offline" : "live");
  await api.account(); // asks for a token where one is wanted
  const { durations, ...configFlags } = await api.brokerConfig();
  byId("platform").hidden = false;
  window.addEventListener("online", () => connection.retryNow());
  new library.widget({
    container: "platform",
    library_path: LIBRARY,
    autosize: true,
    locale: "en",
    symbol: memory.recall("symbol", FIRST_SYMBOL),
    interval: memory.recall("resolution", FIRST_RESOLUTION),
    timezone: "Etc/UTC",
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    datafeed,
    ...(!connection.isOffline && { save_load_adapter: new LayoutsService(api) }),
    broker_factory: (/** @type {TV.BrokerHost} */ host) => {
      broker = new BrokerTerminalService(host, datafeed, api, ws);
      // The platform expects executions and profits without asking for them.
      broker.follow("executions");
      broker.follow("pl");
      connection.open();
      broker.start().catch(say);
      return broker;
    },
    broker_config: {
      configFlags: { ...configFlags, supportDOM: true, supportSymbolSearch: true }, durations,
      ...(hasOwnDialogs(location) && { customUI: createDialogs(() => broker) }),
    },
  });
}

/** @param {unknown} error */
function say(error) {
  const failed = byId("failed");
  failed.textContent = `Could not start: ${error instanceof Error ? error.message : error}. Reload to try again.`;
  failed.hidden = false;
}

async function start() {
  const library = await loadLibrary();
  if (library) await show(library);
  else byId("missing").hidden = false;
}

start().catch(say);
