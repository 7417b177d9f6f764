// @ts-check
/**
 * The chart panel: resolutions, legend, and the plot of the chosen symbol. The plot needs a library that is installed apart
 * from this page; without it the panel says so and everything else works.
 */
import { byId, h, setText, setTone } from "../lib/dom.js";
import * as format from "../lib/format.js";
import { recall, remember } from "../lib/memory.js";
import { BarSeries } from "./chart-bars.js";
import { arrowMarks, lineMarks } from "./chart-marks.js";
import { Plot } from "./chart-plot.js";
import { View } from "./view.js";

/**
 * @import {Bar, LibrarySymbolInfo} from "../types/tradingview.js"
 * @import {Context, Source} from "./view.js"
 */

const DEFAULT_RESOLUTION = "1";

/** @type {Record<string, string>} */
const RESOLUTION_NAMES = { 60: "1h", 240: "4h", "1D": "1D", "1W": "1W", "1M": "1M" };

export class ChartView extends View {
  /** @type {Plot | null} */
  #plot = null;
  #message = byId("chart-message");
  #resolution = recall("resolution", DEFAULT_RESOLUTION);
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
  #draw = () => this.#drawPlot();

  /** @param {Context} context */
  constructor(context) {
    super(context);
    context.datafeed.onReady(({ supported_resolutions: supported }) => this.#offerResolutions(supported));
    this.#load();
  }

  async #load() {
    try {
      const library = await import("/vendor/lightweight-charts.mjs");
      this.#plot = new Plot(library, byId("chart-canvas"), {
        onPointed: (bar) => {
          this.#pointed = bar;
          this.dirty();
        },
        onNearStart: () => this.#bars?.loadOlder(),
      });
      if (this.isOpen) this.#show();
    } catch {
      this.#say("The chart library is not installed. Run npm ci in the folder static, then reload. Everything else works without it.");
    }
  }

  /** @param {string} text empty: nothing to say */
  #say(text) {
    setText(this.#message, text);
    this.#message.hidden = text === "";
  }

  opened() {
    const { state, broker } = this.context;
    const follow = () => this.#show();
    state.symbol.subscribe(follow);
    this.#whenChanged([state.orders, state.positions], () => {
      this.#areLinesDirty = true;
    });
    this.#whenChanged([state.executions], () => {
      this.#areArrowsDirty = true;
    });
    this.whenClosed(() => {
      state.symbol.unsubscribe(follow);
      this.#bars?.close();
      this.#bars = null;
      this.context.painter.forget(this.#draw);
    });
    if (broker.config()?.supportExecutions) this.whenClosed(broker.follow("executions"));
    if (broker.config()?.supportPLUpdate) this.whenClosed(broker.follow("pl"));
    this.#show();
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
    remember("resolution", resolution);
    if (this.isOpen) this.#show();
  }

  /** Show the chosen symbol at the chosen resolution. */
  #show() {
    const name = this.context.state.symbol.value();
    setText(byId("chart-symbol"), name);
    this.context.datafeed.resolveSymbol(name, (info) => {
      if (!this.isOpen || name !== this.context.state.symbol.value()) return;
      setText(byId("chart-description"), `${info.description} · ${info.exchange}`);
      this.#follow(info);
    }, (reason) => this.#say(reason));
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
      onError: (reason) => this.#say(`No bars: ${reason}`),
    });
  }

  #drawPlot() {
    const info = this.#symbol;
    const bars = this.#bars;
    if (!info || !bars || !this.#plot) return;
    for (const bar of this.#fresh.splice(0)) this.#drawBar(bar, this.#plot);
    if (this.#areLinesDirty) this.#plot.setLines(lineMarks(info.name, this.context.state));
    if (this.#areArrowsDirty) this.#plot.setArrows(arrowMarks(info.name, this.context.state, bars.values()));
    this.#areLinesDirty = this.#areArrowsDirty = false;
  }

  /**
   * @param {Bar} bar
   * @param {Plot} plot
   */
  #drawBar(bar, plot) {
    plot.update(bar);
    // The bar before is complete: now its ends are known, where arrows stand.
    if (bar.time !== this.#drawnTime) this.#areArrowsDirty = true;
    this.#drawnTime = bar.time;
  }

  paint() {
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
