// @ts-check
/**
 * The chart panel: resolutions, legend, and the plot of the chosen symbol. The plot needs a library that is installed apart
 * from this page; without it the panel shows a message and everything else works.
 */
import { countdown, dayBreaks, isIntraday, msToBarEnd, tradingDays } from "../lib/bars.js";
import { byId, setText } from "../lib/dom.js";
import { ConnectionStatus } from "../lib/codes.js";
import * as format from "../lib/format.js";
import { Retry } from "../lib/retry.js";
import { offsetOf, zoneLabel, zoneName } from "../lib/zones.js";
import { BarSeries } from "./chart-bars.js";
import { ComparedBars } from "./chart-compare.js";
import { ChartLegend } from "./chart-legend.js";
import { CHART_LIBRARY, loadChartLibrary } from "./chart-library.js";
import { arrowMarks } from "./chart-marks.js";
import { Plot } from "./chart-plot.js";
import { ChartResolutions } from "./chart-resolutions.js";
import { ChartSettings } from "./chart-settings.js";
import { ChartStudies } from "./chart-studies.js";
import { ChartTrading } from "./chart-trading.js";
import { showStatus, statusOf } from "./market.js";
import { View } from "./view.js";

/**
 * @import {Bar, InstrumentFacts, LibrarySymbolInfo} from "../types/tradingview.js"
 * @import {ChartChange} from "./chart-settings.js"
 * @import {Context, Source} from "./view.js"
 */

const NOT_FOUND = 404;
const SECOND_MS = 1000;

export class ChartView extends View {
  /** @type {Plot | null} */
  #plot = null;
  /** @type {ChartTrading | null} */
  #trading = null;
  /** @type {ChartStudies | null} */
  #studies = null;
  #settings;
  #compared;
  #legend = new ChartLegend(() => this.#plot?.fitLines());
  #message = byId("chart-message");
  #status = byId("chart-status");
  #overlay = byId("chart-overlay");
  /** Size of the overlay. */
  #pane = { width: 0, height: 0 };
  #newest = byId("chart-newest");
  /** @type {BarSeries | null} */
  #bars = null;
  /** @type {LibrarySymbolInfo | null} */
  #symbol = null;
  #shownResolution = "";
  /** Of the shown symbol. @type {InstrumentFacts} */
  #facts = { minTick: 0.01 };
  /** IANA name of the zone of the time axis. */
  #zone = "UTC";
  /** Bar under the crosshair; the newest one otherwise. @type {Bar | null} */
  #pointed = null;
  #areLinesDirty = true;
  #areArrowsDirty = true;
  /** Live bars that the plot does not show yet, ascending. @type {Bar[]} */
  #fresh = [];
  #drawnTime = 0;
  #isLoaded = false;
  /** The library is not installed. */
  #isMissing = false;
  #isClockAdvancing = false;
  #draw = () => this.#drawPlot();
  #attempts = 0;
  #loading = new Retry(() => this.#load());
  /** The symbol could not be resolved. */
  #retry = new Retry(() => this.#show());

  /** @param {Context} context */
  constructor(context) {
    super(context);
    new ChartResolutions(context, () => this.isOpen && this.#show());
    context.state.theme.subscribe(() => this.#plot?.recolor());
    this.#newest.addEventListener("click", () => this.#plot?.scrollToNewest());
    this.#settings = new ChartSettings(context.memory, (change) => this.#apply(change));
    this.#compared = new ComparedBars(context, () => this.#studies?.comparedChanged());
  }

  async #load() {
    try {
      const library = await loadChartLibrary(++this.#attempts);
      this.#say("");
      this.#create(library);
      this.#loading.succeeded();
    } catch {
      const answer = await fetch(CHART_LIBRARY, { method: "HEAD" }).catch(() => null);
      if (answer?.status === NOT_FOUND) {
        this.#isMissing = true;
        this.#stopBars();
        this.#say("The chart library is not installed. Run npm ci in the folder static, then reload. Everything else works without it.");
        return;
      }
      this.#say("The chart could not be loaded. Trying again.");
      this.#loading.failed();
    }
  }

  /** @param {typeof import("lightweight-charts")} library */
  #create(library) {
    const redrawLines = () => {
      this.#areLinesDirty = true;
      this.#redraw();
    };
    const plot = new Plot(library, byId("chart-canvas"), {
      onPointed: (bar) => {
        this.#pointed = bar;
        this.dirty();
      },
      onNearStart: () => this.#bars?.loadOlder(),
      onEdgesCrossed: redrawLines,
      onScrolled: (isAtNewest) => {
        this.#newest.hidden = isAtNewest;
      },
      onViewChanged: () => this.#viewChanged(),
      onCrosshair: (y) => this.#trading?.crosshairMoved(y),
    });
    this.#plot = plot;
    this.#trading = new ChartTrading(this.context, plot, redrawLines);
    this.#studies = new ChartStudies(plot);
    this.#apply("type");
    this.#apply("scale");
    this.#apply("studies");
    if (this.#symbol) this.#clear(this.#symbol);
    if (this.#bars?.hasHistory) this.#drawHistory(this.#bars.values(), true);
    if (this.isOpen) this.#compare();
  }

  /** @param {ChartChange} change of the settings */
  #apply(change) {
    const { looks, studies, compared } = this.#settings;
    if (change === "type") this.#plot?.setType(looks.type);
    if (change === "scale" || change === "compare") this.#plot?.setScale(compared ? "percent" : looks.scale);
    if (change === "studies") this.#studies?.choose(studies);
    if (change === "compare") this.#compare();
    if (change === "breaks") this.#drawBreaks();
    if (change === "zone" && this.isOpen) {
      this.#symbol = null;
      this.#show();
    }
    this.#areLinesDirty = true;
    this.#redraw();
    this.dirty();
  }

  /** Follow the bars of the compared symbol, or stop it. */
  #compare() {
    const symbol = this.#settings.compared;
    this.#compared.stop();
    this.#studies?.stopComparing();
    if (!symbol || !this.#symbol || !this.#plot) return;
    this.#studies?.compare(symbol, () => this.#compared.values());
    this.#compared.cover(this.#bars?.values() ?? []);
    this.#compared.follow(symbol, this.#resolution, (reason) => {
      this.#settings.refuseCompared(reason);
      this.#apply("compare");
    });
  }

  #drawBreaks() {
    const isShown = this.#settings.looks.hasBreaks && isIntraday(this.#resolution);
    this.#plot?.setBreaks(isShown ? dayBreaks(this.#bars?.values() ?? [], tradingDays(this.#facts)) : []);
  }

  /** The overlay covers the pane of the prices, without the axes. */
  #viewChanged() {
    const { width, height } = this.#plot?.paneSize() ?? { width: 0, height: 0 };
    if (width !== this.#pane.width || height !== this.#pane.height) {
      this.#pane = { width, height };
      this.#overlay.style.width = `${width}px`;
      this.#overlay.style.height = `${height}px`;
    }
    this.#trading?.viewChanged();
    const newest = this.#bars?.newest();
    this.#legend.placeCountdown(width, newest ? this.#plot?.yOf(newest.close) ?? null : null);
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
    const clockChanged = () => this.#clockChanged();
    state.clock.subscribe(clockChanged);
    this.whenClosed(() => state.clock.unsubscribe(clockChanged));
    this.watch(state.quotes, state.minute, instruments);
    const timer = setInterval(() => this.#paintCountdown(), SECOND_MS);
    this.whenClosed(() => clearInterval(timer));
    this.#whenChanged([state.orders, state.positions, state.individualPositions], () => {
      this.#areLinesDirty = true;
    });
    this.#whenChanged([state.executions], () => {
      this.#areArrowsDirty = true;
    });
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      state.socket.unsubscribe(reconnect);
      this.#retry.stop();
      this.#stopBars();
      this.#compared.stop();
      this.context.painter.forget(this.#draw);
    });
    if (broker.config()?.supportExecutions) this.whenClosed(broker.follow("executions"));
    if (broker.config()?.supportPLUpdate) this.whenClosed(broker.follow("pl"));
    this.#show();
  }

  /** The bars of the time that an advance of the clock went through are read when it has ended. */
  #clockChanged() {
    const isAdvancing = this.context.state.clock.value()?.status === "advancing";
    if (this.#isClockAdvancing && !isAdvancing) {
      this.#bars?.reload();
      this.#compared.reload();
    }
    this.#isClockAdvancing = isAdvancing;
  }

  /** Requests that failed while the server was away are repeated at once. */
  #reconnected() {
    if (this.context.state.socket.value().status !== ConnectionStatus.Connected) return;
    this.#loading.hurry();
    this.#retry.hurry();
    this.#bars?.reconnected();
    this.#compared.reconnected();
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

  get #resolution() {
    return this.context.state.resolution.value();
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

  /**
   * Read and follow the bars of a symbol; they are asked for while the library is loaded.
   * @param {LibrarySymbolInfo} info
   */
  #follow(info) {
    const isShown = this.#bars && this.#symbol === info && this.#shownResolution === this.#resolution;
    if (this.#isMissing || isShown) return;
    this.#bars?.close();
    this.#shownResolution = this.#resolution;
    this.#symbol = info;
    this.#pointed = null;
    if (this.#plot) this.#say("");
    this.#clear(info);
    this.#bars = new BarSeries(this.context.datafeed, info, this.#resolution, {
      onHistory: (bars, isFirst) => this.#drawHistory(bars, isFirst),
      onBar: (bar) => {
        if (!this.#plot) return;
        if (this.#fresh.at(-1)?.time === bar.time) this.#fresh.pop();
        this.#fresh.push(bar);
        this.#redraw();
        this.dirty();
      },
      onError: (reason) => this.#say(`No bars: ${reason} Trying again.`),
    }, () => this.context.clock.now());
    this.#compare();
  }

  /**
   * Draw all bars, unless the library is not loaded yet.
   * @param {Bar[]} bars
   * @param {boolean} isFirst they are not merely more of those that are drawn
   */
  #drawHistory(bars, isFirst) {
    if (!this.#plot) return;
    if (isFirst) this.#say("");
    this.#plot.setBars(bars, isFirst);
    this.#studies?.setBars(bars);
    this.#compared.cover(bars);
    this.#fresh = [];
    this.#drawBreaks();
    this.#areLinesDirty = this.#areArrowsDirty = true;
    this.#redraw();
    this.dirty();
  }

  #stopBars() {
    this.#bars?.close();
    this.#bars = null;
  }

  /**
   * Empty the chart for a symbol and a resolution.
   * @param {LibrarySymbolInfo} info
   */
  #clear({ minmov, pricescale, timezone, session, session_holidays: holidays, corrections }) {
    const tick = minmov / pricescale;
    this.#facts = { minTick: tick, session, timezone, holidays, corrections };
    this.#zone = zoneName(this.#settings.looks.zone, timezone);
    this.#fresh = [];
    this.#plot?.setZone(offsetOf(this.#zone), isIntraday(this.#resolution));
    this.#plot?.clear(format.decimalsOf(tick), tick);
    this.#studies?.clear(format.decimalsOf(tick), isIntraday(this.#resolution), tradingDays(this.#facts));
  }

  #drawPlot() {
    const info = this.#symbol;
    const bars = this.#bars;
    if (!info || !bars || !this.#plot) return;
    const fresh = this.#fresh.splice(0);
    for (const bar of fresh) this.#drawBar(bar, this.#plot);
    if (fresh.length) this.#studies?.update();
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
    const hidden = plot.setLines(this.#trading?.marks(name) ?? []);
    this.#legend.paintEdges(hidden, format.decimalsOf(minmov / pricescale));
  }

  /**
   * @param {Bar} bar
   * @param {Plot} plot
   */
  #drawBar(bar, plot) {
    plot.update(bar);
    if (bar.time === this.#drawnTime) return;
    // The bar before is complete: its high and low, where arrows are drawn, are final.
    this.#areArrowsDirty = true;
    this.#drawnTime = bar.time;
    this.#drawBreaks();
  }

  paint() {
    showStatus(this.#status, statusOf(this.context, this.context.state.symbol.value()));
    const info = this.#symbol;
    const newest = this.#bars?.newest();
    if (!info || !newest || !this.#plot) return;
    const decimals = format.decimalsOf(info.minmov / info.pricescale);
    const bar = this.#pointed ?? newest;
    this.#legend.paint(bar, decimals, isIntraday(this.#resolution) ? zoneLabel(this.#zone) : "UTC");
    this.#legend.paintStudies(this.#studies?.legend(bar) ?? []);
    this.#paintCountdown();
    document.title = `${info.name} ${format.price(newest.close, decimals)} · Trading Pro`;
  }

  #paintCountdown() {
    const newest = this.#bars?.newest();
    const ms = newest ? msToBarEnd(this.#resolution, newest.time, this.context.clock.now(), this.#facts) : null;
    this.#legend.paintCountdown(ms === null ? "" : countdown(ms));
  }
}
