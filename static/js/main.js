// @ts-check
/** Composition of the page: connects everything, nothing else. */
import { followAddress, linkOfPage } from "./address.js";
import { connect, isOffline } from "./connection.js";
import { Host } from "./host.js";
import { ConnectionStatus, NotificationType, Side } from "./lib/codes.js";
import { byId } from "./lib/dom.js";
import { price as formatPrice } from "./lib/format.js";
import { InstrumentBook } from "./lib/instruments.js";
import { MarketClock } from "./lib/market-clock.js";
import { Memory } from "./lib/memory.js";
import { Painter, browserClockwork } from "./lib/painter.js";
import { AlertService } from "./services/alert-service.js";
import { BrokerTerminalService } from "./services/broker-terminal-service.js";
import { ControlService } from "./services/control-service.js";
import { DatafeedService } from "./services/datafeed-service.js";
import { RecordsService } from "./services/records-service.js";
import { createState } from "./state.js";
import { AccountSwitchView, SummaryView } from "./views/account-head.js";
import { DepthView } from "./views/depth.js";
import { wireHelp } from "./views/help.js";
import { Layout } from "./views/layout.js";
import { LazyView } from "./views/lazy.js";
import { MarketView } from "./views/market.js";
import { SymbolEntryView, showBrokerOff } from "./views/off.js";
import { CountsView, HistoryView, OrdersView } from "./views/orders.js";
import { PositionsView } from "./views/positions.js";
import { Splitters } from "./views/splitters.js";
import { StatusView } from "./views/status.js";
import { TicketView } from "./views/ticket.js";
import { toast } from "./views/toasts.js";
import { askForToken } from "./views/token.js";
import { View } from "./views/view.js";
import { WatchlistView } from "./views/watchlist.js";

/**
 * @import {SocketState} from "./adapters/ws-client.js"
 * @import {BrokerConfigFlags} from "./types/tradingview.js"
 * @import {Openable} from "./views/lazy.js"
 * @import {Context} from "./views/view.js"
 */

const FIRST_SYMBOL = "AAPL";
const FIRST_RESOLUTION = "1";
const RETRY_MS = 2000;
/** Pause between two readings of the server's clock. */
const CLOCK_MS = 15_000;
/** More symbols than the server lists at once; a longer catalogue is found by the search. */
const LISTED_SYMBOLS = 500;
/** Symbols whose prices are asked for before the catalogue is there, because they were shown at the last visit. */
const EXPECTED_SYMBOLS = 50;

const memory = new Memory(isOffline(location) ? "offline" : "live");
const link = linkOfPage();
const state = createState(link?.symbol ?? memory.recall("symbol", FIRST_SYMBOL), link?.resolution || memory.recall("resolution", FIRST_RESOLUTION));
state.symbol.subscribe((symbol) => memory.remember("symbol", symbol));
state.resolution.subscribe((resolution) => memory.remember("resolution", resolution));
wireHelp(memory, state);
state.account.subscribe((id) => id && memory.remember("account", id));
const clock = new MarketClock();
const { api, ws, ...connection } = await connect(location, socketChanged, askForToken);
const datafeed = new DatafeedService(api, ws);
/** @type {InstrumentBook} */
const instruments = new InstrumentBook((symbol) => (context.modules.has("datafeed") ? datafeed.facts(symbol) : broker.symbolInfo(symbol)));
const host = new Host(state, instruments, toast, () => clock.now());
const broker = new BrokerTerminalService(host, datafeed, api, ws);
host.attach(broker);
const control = connection.control && new ControlService(connection.control, ws, state.clock, clock);

const alerts = new AlertService(datafeed, memory, async ({ symbol, price }) => {
  const text = `${symbol} has reached ${formatPrice(price, instruments.decimals(symbol))}.`;
  host.showNotification("Alert", text);
  const { notifySystem, ring } = await import("./views/alarm.js");
  ring();
  notifySystem("Price alert", text);
});

/** @type {Context} */
const context = {
  state, host, painter: new Painter(browserClockwork()), instruments, clock, memory, broker, datafeed,
  records: new RecordsService(api), alerts, modules: new Set(),
};

let isLossTold = false;

/** @param {SocketState} next */
function socketChanged({ status, message, retryInMs, needsToken }) {
  const before = state.socket.value().status;
  const wasOpen = before === ConnectionStatus.Connected;
  const isOpen = status === ConnectionStatus.Connected;
  state.socket.setValue({ status, message, retryAt: retryInMs === undefined ? undefined : performance.now() + retryInMs });
  if (before === status) return;
  broker.socketChanged(isOpen);
  const isRefused = status === ConnectionStatus.Disconnected;
  // A first visit without a token is no loss: the dialog asks for one.
  if ((wasOpen && !needsToken) || isRefused) {
    isLossTold = true;
    host.showNotification("Disconnected", message ?? "The connection to the server was lost.", NotificationType.Error);
  }
  if (isOpen && isLossTold) host.showNotification("Connected", "The connection to the server is open.");
  if (isOpen) isLossTold = false;
}

/** Set the clock by the server's; a reading that fails is left out. */
async function readClock() {
  if (document.hidden) return;
  if (control?.isFollowing) await control.readClock();
  else await api.health().then((facts) => clock.set(facts.clock), () => {});
}

/** Read the clock again now and then, and after a reconnect. */
function keepClock() {
  setInterval(readClock, CLOCK_MS);
  state.socket.subscribe(({ status }) => status === ConnectionStatus.Connected && readClock());
  document.addEventListener("visibilitychange", readClock);
}

/**
 * Repeat a request until it succeeds.
 * @template T
 * @param {() => Promise<T>} request
 * @returns {Promise<T>}
 */
async function untilDone(request) {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      host.showNotification("Could not start", error instanceof Error ? error.message : String(error), NotificationType.Error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function startBroker() {
  await untilDone(() => broker.start());
  const kept = memory.recall("account", "");
  if (!kept || kept === broker.currentAccount()) return;
  if (broker.accounts.some(({ id }) => id === kept)) broker.setCurrentAccount(kept);
  else host.showNotification("Another account", `Account ${kept} is not known here. ${broker.currentAccount()} is shown instead.`, NotificationType.Error);
}

/** Ask for the prices of the symbols that were shown last, while the catalogue is read. */
function readExpectedQuotes() {
  const listed = memory.recall("catalogue", /** @type {string[]} */ ([]));
  const names = memory.recall("watchlist", listed).slice(0, EXPECTED_SYMBOLS);
  for (const name of names) instruments.get(name);
  const mark = state.quotes.mark();
  if (names.length) datafeed.getQuotes(names, (quotes) => state.quotes.merge(quotes.map((quote) => [quote.n, quote]), mark), () => {});
}

/**
 * Whether a symbol of a link can be shown; a notification says when it cannot.
 * @param {string} symbol
 */
async function isKnown(symbol) {
  const facts = context.modules.has("datafeed") ? datafeed.facts(symbol) : broker.symbolInfo(symbol);
  const isFound = await facts.then(() => true, () => false);
  if (!isFound) host.showNotification("Unknown symbol", `${symbol} of the link is not known to this server.`, NotificationType.Error);
  return isFound;
}

/** @returns {Promise<string[]>} names of the catalogue */
async function startDatafeed() {
  readExpectedQuotes();
  const items = await untilDone(() => api.search("", "", "", LISTED_SYMBOLS));
  const symbols = items.map(({ symbol }) => symbol);
  memory.remember("catalogue", symbols.slice(0, EXPECTED_SYMBOLS));
  const chosen = state.symbol.value();
  const isKnown = symbols.includes(chosen) || (symbols.length === LISTED_SYMBOLS && await datafeed.facts(chosen).then(() => true, () => false));
  if (!isKnown && symbols.length) {
    state.symbol.setValue(symbols[0]);
    host.showNotification("Another symbol", `${chosen} is not known to this server. ${symbols[0]} is shown instead.`, NotificationType.Error);
  }
  return symbols;
}

/**
 * A view whose code is loaded when it is opened first.
 * @param {() => Promise<Openable>} load
 */
function lazy(load) {
  return new LazyView(load, () => host.showNotification("Could not load", "A panel could not be loaded. Open it again.", NotificationType.Error));
}

/**
 * @param {BrokerConfigFlags} config
 * @returns {Record<string, Openable>} only what the broker supports
 */
function managerTabs(config) {
  /** @type {[string, boolean | undefined, () => Openable][]} */
  const tabs = [
    ["positions", config.supportPositions, () => new PositionsView(context)],
    ["orders", true, () => new OrdersView(context)],
    ["history", config.supportOrdersHistory, () => new HistoryView(context)],
    ["executions", config.supportExecutions, () => lazy(async () => new (await import("./views/executions.js")).ExecutionsView(context))],
    ["results", config.supportExecutions, () => lazy(async () => new (await import("./views/results.js")).ResultsView(context))],
    ["account", true, () => lazy(async () => new (await import("./views/account.js")).AccountView(context))],
    ["alerts", context.modules.has("datafeed"), () => lazy(async () => new (await import("./views/alerts.js")).AlertsView(context))],
    ["control", context.modules.has("datafeed") && control !== null, () => lazy(async () =>
      new (await import("./views/control.js")).ControlView(context, /** @type {ControlService} */ (control), connection.session))],
    ["log", config.showNotificationsLog, () => lazy(async () => new (await import("./views/log.js")).LogView(context))],
  ];
  return Object.fromEntries(tabs.filter(([, isOffered]) => isOffered).map(([name, , create]) => [name, create()]));
}

/**
 * B and S open the ticket, Escape closes it, / goes to the search, ? lists the keys.
 * @param {Layout} layout
 * @param {TicketView | null} ticket
 * @param {{focusSearch: () => void}} watchlist
 */
function wireKeys(layout, ticket, watchlist) {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") {
      target.blur();
      if (byId("ticket").contains(target)) layout.hide("ticket");
      return;
    }
    const isTyping = target.matches("input:not([type=radio]), textarea, select");
    const isAsked = document.querySelector("dialog:modal") !== null;
    if (isTyping || isAsked || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (ticket && (key === "b" || key === "s")) {
      layout.show("trade");
      ticket.choose(key === "b" ? Side.Buy : Side.Sell);
    } else if (key === "?") {
      import("./views/hotkeys.js").then(({ showHotkeys }) => showHotkeys(), () => {});
    } else if (key === "/") {
      layout.show("market");
      watchlist.focusSearch();
    } else {
      return;
    }
    event.preventDefault();
  });
}

/** Open the views of the account. @returns {TicketView} */
function openBroker() {
  state.account.setValue(broker.currentAccount());
  state.accounts.setValue([...broker.accounts]);
  new SummaryView(context).open();
  new AccountSwitchView(context).open();
  new CountsView(context).open();
  return new TicketView(context);
}

/** Load the code of the chart and its library while the account is read: the chart is open at the start. */
function preloadChart() {
  // A failure is reported by the chart, which asks again.
  import("./views/chart.js").catch(() => {});
  import("/vendor/lightweight-charts.mjs").catch(() => {});
}

/** @returns {Promise<void>} */
async function readServer() {
  const server = await untilDone(() => api.health());
  clock.set(server.clock);
  for (const name of server.modules) context.modules.add(name);
}

/** Modules that the server wrote into the page; empty where another server sent it. */
function modulesOfPage() {
  return connection.isOffline ? [] : document.documentElement.dataset.modules?.split(" ") ?? [];
}

async function start() {
  new StatusView(context, () => connection.retryNow()).open();
  document.body.classList.toggle("offline", connection.isOffline);
  connection.open();
  window.addEventListener("online", () => connection.retryNow());
  window.addEventListener("offline", () => connection.networkLost());
  for (const name of modulesOfPage()) context.modules.add(name);
  const serverRead = readServer();
  if (context.modules.size === 0) await serverRead;
  const hasBroker = context.modules.has("broker");
  const hasDatafeed = context.modules.has("datafeed");
  const reading = [hasDatafeed ? startDatafeed() : [], hasBroker ? startBroker() : null, serverRead];
  if (hasDatafeed) preloadChart();
  if (hasDatafeed) alerts.start();
  if (context.modules.has("control")) control?.followClock();
  if (!hasBroker) showBrokerOff();
  const [symbols] = await Promise.all(reading);
  keepClock();
  openViews(symbols ?? [], hasBroker, hasDatafeed);
  for (const part of document.querySelectorAll("[inert]")) part.removeAttribute("inert");
  document.body.classList.add("ready");
}

/**
 * @param {string[]} symbols names of the catalogue
 * @param {boolean} hasBroker
 * @param {boolean} hasDatafeed
 */
function openViews(symbols, hasBroker, hasDatafeed) {
  new MarketView(context).open();
  const nothing = new View(context);
  const ticket = hasBroker ? openBroker() : null;
  const watchlist = hasDatafeed ? new WatchlistView(context, symbols) : new SymbolEntryView(context);
  const depth = hasDatafeed ? new DepthView(context, ticket && {
    prepare: (price, side) => {
      layout.show("trade");
      ticket.prepareLimit(price, side);
    },
    place: (price, side) => ticket.placeLimit(price, side),
    qty: () => ticket.qty,
  }) : nothing;
  const chart = hasDatafeed ? lazy(async () => new (await import("./views/chart.js")).ChartView(context)) : nothing;
  const config = broker.config();
  const layout = new Layout({ chart, watchlist, ticket: ticket ?? nothing, depth, tabs: config ? managerTabs(config) : {} }, memory);
  new Splitters(memory);
  state.symbol.subscribe(() => layout.symbolChosen());
  followAddress(state, isKnown);
  wireKeys(layout, ticket, watchlist);
}

start();
