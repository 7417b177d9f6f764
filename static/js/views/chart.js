// @ts-check
/**
 * The chart panel: resolutions, legend, and the plot of the chosen symbol. The plot needs a library that is installed apart
 * from this page; without it the panel shows a message and everything else works.
 */
import { byId, h, setText, setTone } from "../lib/dom.js";
import { ConnectionStatus } from "../lib/codes.js";
import * as format from "../lib/format.js";
import { Retry } from "../lib/retry.js";
import { BarSeries } from "./chart-bars.js";
import { arrowMarks, edgeText, lineMarks } from "./chart-marks.js";
import { Plot } from "./chart-plot.js";
import { showStatus, statusOf } from "./market.js";
import { View } from "./view.js";

/**
 * @import {Bar, LibrarySymbolInfo} from "../types/tradingview.js"
 * @import {Context, Source} from "./view.js"
 */

const DEFAULT_RESOLUTION = "1";
export const CHART_LIBRARY = new URL("../../vendor/lightweight-charts.mjs", import.meta.url).href;
const NOT_FOUND = 404;

/** @type {Record<string, string>} */
const RESOLUTION_NAMES = { 60: "1h", 240: "4h", "1D": "1D", "1W": "1W", "1M": "1M" };

export class ChartView extends View {
  /** @type {Plot | null} */
  #plot = null;
  #message = byId("chart-message");
  #status = byId("chart-status");
  #newest = byId("chart-newest");
  #edges = { above: byId("chart-above"), below: byId("chart-below") };
  #resolution;
  /** @type {BarSeries | null} */
  #bars = null;
  /** @type {LibrarySymbolInfo | null} */
  #symbol = null;
  #shownResolution = "";
  /** Bar under the crosshair; the newest one otherwise. @type {Bar | null} */
  #pointed = null;
  #areLinesDirty = true;
  #areArrowsDirty = true;
  /** Live bars that the plot does not show yet, ascending. @type {Bar[]} */
  #fresh = [];
  #drawnTime = 0;
  #isLoaded = false;
  #draw = () => this.#drawPlot();
  #attempts = 0;
  #loading = new Retry(() => this.#load());
  /** The symbol could not be resolved. */
  #retry = new Retry(() => this.#show());

  /** @param {Context} context */
  constructor(context) {
    super(context);
    this.#resolution = context.memory.recall("resolution", DEFAULT_RESOLUTION);
    context.datafeed.onReady(({ supported_resolutions: supported }) => this.#offerResolutions(supported));
    this.#newest.addEventListener("click", () => this.#plot?.scrollToNewest());
    for (const edge of Object.values(this.#edges)) edge.addEventListener("click", () => this.#plot?.fitLines());
  }

  async #load() {
    try {
      const attempt = ++this.#attempts;
      // A browser may remember that an address failed, so a repeated request has another one.
      /** @type {typeof import("lightweight-charts")} */
      const library = await import(attempt === 1 ? CHART_LIBRARY : `${CHART_LIBRARY}?attempt=${attempt}`);
      this.#say("");
      this.#plot = new Plot(library, byId("chart-canvas"), {
        onPointed: (bar) => {
          this.#pointed = bar;
          this.dirty();
        },
        onNearStart: () => this.#bars?.loadOlder(),
        onEdgesCrossed: () => {
          this.#areLinesDirty = true;
          this.#redraw();
        },
        onScrolled: (isAtNewest) => {
          this.#newest.hidden = isAtNewest;
        },
      });
      if (this.isOpen) this.#show();
      this.#loading.succeeded();
    } catch {
      const answer = await fetch(CHART_LIBRARY, { method: "HEAD" }).catch(() => null);
      if (answer?.status === NOT_FOUND) {
        this.#say("The chart library is not installed. Run npm ci in the folder static, then reload. Everything else works without it.");
        return;
      }
      this.#say("The chart could not be loaded. Trying again.");
      this.#loading.failed();
    }
  }

  /** @param {string} text empty: hide the message */
  #say(text) {
    setText(this.#message, text);
    this.#message.hidden = text === "";
  }

  opened() {
    const { state, broker, instruments } = this.context;
    if (!this.#isLoaded) this.#load();
    this.#isLoaded = true;
    const follow = () => this.#show();
    const reconnect = () => this.#reconnected();
    state.symbol.subscribe(follow);
    state.socket.subscribe(reconnect);
    this.watch(state.quotes, state.minute, instruments);
    this.#whenChanged([state.orders, state.positions], () => {
      this.#areLinesDirty = true;
    });
    this.#whenChanged([state.executions], () => {
      this.#areArrowsDirty = true;
    });
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      state.socket.unsubscribe(reconnect);
      this.#retry.stop();
      this.#bars?.close();
      this.#bars = null;
      this.context.painter.forget(this.#draw);
    });
    if (broker.config()?.supportExecutions) this.whenClosed(broker.follow("executions"));
    if (broker.config()?.supportPLUpdate) this.whenClosed(broker.follow("pl"));
    this.#show();
  }

  /** Requests that failed while the server was away are repeated at once. */
  #reconnected() {
    if (this.context.state.socket.value().status !== ConnectionStatus.Connected) return;
    this.#loading.hurry();
    this.#retry.hurry();
    this.#bars?.reconnected();
  }

  /**
   * @param {Source[]} sources
   * @param {() => void} note
   */
  #whenChanged(sources, note) {
    const changed = () => {
      note();
      this.#redraw();
    };
    for (const source of sources) source.subscribe(changed);
    this.whenClosed(() => sources.forEach((source) => source.unsubscribe(changed)));
  }

  /** The plot asks for frames itself: drawn before ours, it shares one with the rest of the page. */
  #redraw() {
    this.context.painter.prepare(this.#draw);
  }

  /** @param {string[]} resolutions */
  #offerResolutions(resolutions) {
    if (!resolutions.includes(this.#resolution)) this.#resolution = resolutions[0];
    byId("chart-resolutions").replaceChildren(...resolutions.map((resolution) => h("label", {},
      h("input", {
        type: "radio", name: "resolution", value: resolution, checked: resolution === this.#resolution,
        onchange: () => this.#choose(resolution),
      }), h("span", {}, RESOLUTION_NAMES[resolution] ?? `${resolution}m`))));
  }

  /** @param {string} resolution */
  #choose(resolution) {
    this.#resolution = resolution;
    this.context.memory.remember("resolution", resolution);
    if (this.isOpen) this.#show();
  }

  /** Show the chosen symbol at the chosen resolution. */
  #show() {
    const name = this.context.state.symbol.value();
    setText(byId("chart-symbol"), name);
    this.context.datafeed.resolveSymbol(name, (info) => {
      if (!this.isOpen || name !== this.context.state.symbol.value()) return;
      if (this.#retry.isFailing) this.#say("");
      this.#retry.succeeded();
      setText(byId("chart-description"), `${info.description} · ${info.exchange}`);
      this.#follow(info);
    }, (reason) => {
      if (!this.isOpen || name !== this.context.state.symbol.value()) return;
      this.#retry.failed();
      this.#say(`${reason} Trying again.`);
    });
  }

  /** @param {LibrarySymbolInfo} info */
  #follow(info) {
    const plot = this.#plot;
    const isShown = this.#bars && this.#symbol === info && this.#shownResolution === this.#resolution;
    if (!plot || isShown) return;
    this.#bars?.close();
    this.#shownResolution = this.#resolution;
    this.#symbol = info;
    this.#pointed = null;
    this.#fresh = [];
    this.#say("");
    plot.clear(format.decimalsOf(info.minmov / info.pricescale), info.minmov / info.pricescale, this.#resolution);
    this.#bars = new BarSeries(this.context.datafeed, info, this.#resolution, {
      onHistory: (bars, isFirst) => {
        if (isFirst) this.#say("");
        plot.setBars(bars, isFirst);
        this.#fresh = [];
        this.#areLinesDirty = this.#areArrowsDirty = true;
        this.#redraw();
        this.dirty();
      },
      onBar: (bar) => {
        if (this.#fresh.at(-1)?.time === bar.time) this.#fresh.pop();
        this.#fresh.push(bar);
        this.#redraw();
        this.dirty();
      },
      onError: (reason) => this.#say(`No bars: ${reason} Trying again.`),
    }, () => this.context.clock.now());
  }

  #drawPlot() {
    const info = this.#symbol;
    const bars = this.#bars;
    if (!info || !bars || !this.#plot) return;
    for (const bar of this.#fresh.splice(0)) this.#drawBar(bar, this.#plot);
    if (this.#areLinesDirty) this.#drawLines(this.#plot, info);
    if (this.#areArrowsDirty) this.#plot.setArrows(arrowMarks(info.name, this.context.state, bars.values()));
    this.#areLinesDirty = this.#areArrowsDirty = false;
  }

  /**
   * Draw the lines; those outside the visible range of prices are counted at its edges.
   * @param {Plot} plot
   * @param {LibrarySymbolInfo} info
   */
  #drawLines(plot, { name, minmov, pricescale }) {
    const hidden = plot.setLines(lineMarks(name, this.context.state));
    const decimals = format.decimalsOf(minmov / pricescale);
    for (const place of /** @type {const} */ (["above", "below"])) {
      const { text, hint } = edgeText(place, hidden[place], decimals);
      this.#edges[place].hidden = hidden[place].length === 0;
      this.#edges[place].title = hint;
      setText(this.#edges[place], text);
    }
  }

  /**
   * @param {Bar} bar
   * @param {Plot} plot
   */
  #drawBar(bar, plot) {
    plot.update(bar);
    // The bar before is complete: its high and low, where arrows are drawn, are final.
    if (bar.time !== this.#drawnTime) this.#areArrowsDirty = true;
    this.#drawnTime = bar.time;
  }

  paint() {
    showStatus(this.#status, statusOf(this.context, this.context.state.symbol.value()));
    const info = this.#symbol;
    const newest = this.#bars?.newest();
    if (!info || !newest) return;
    const decimals = format.decimalsOf(info.minmov / info.pricescale);
    this.#paintLegend(this.#pointed ?? newest, decimals);
    document.title = `${info.name} ${format.price(newest.close, decimals)} · Trading Pro`;
  }

  /**
   * @param {Bar} bar
   * @param {number} decimals
   */
  #paintLegend({ open, high, low, close, volume }, decimals) {
    const legend = byId("chart-legend");
    const prices = { O: open, H: high, L: low, C: close };
    const texts = [
      "UTC",
      ...Object.entries(prices).map(([name, value]) => `${name} ${format.price(value, decimals)}`),
      `Vol ${format.compact(volume)}`, // last: its width changes with every tick
    ];
    if (legend.children.length !== texts.length) legend.replaceChildren(...texts.map(() => h("span")));
    texts.forEach((text, index) => setText(legend.children[index], text));
    setTone(legend, format.tone(close - open));
  }
}
