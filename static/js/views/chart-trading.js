// @ts-check
/**
 * Trading on the chart: lines of orders and positions are moved, canceled and bracketed, and orders are placed at a price.
 * Every command is confirmed in a small form at its line, which shows a refusal in place, and by a toast afterwards.
 * `chart-lines.js` has the tags that are dragged, `lib/chart-orders.js` the rules.
 */
import {
  BRACKET_NAMES, bracketOrder, crossingText, orderChoices, partOf, withBracket,
} from "../lib/chart-orders.js";
import { NotificationType, OrderType, sideName } from "../lib/codes.js";
import { byId, h, setText } from "../lib/dom.js";
import { decimalsOf, parseNumber, plain, price as writePrice, qty } from "../lib/format.js";
import { inWords } from "../lib/words.js";
import { ChartDrawings } from "./chart-drawings.js";
import { ChartLines } from "./chart-lines.js";
import { lineMarks, withDraft } from "./chart-marks.js";
import { ChartMenu } from "./chart-menu.js";
import { RowForm } from "./row-form.js";

/**
 * @import {BracketKind, OrderChoice} from "../lib/chart-orders.js"
 * @import {OrderType as TypeCode, PreOrder, Realtime, Side as SideCode} from "../types/tradingview.js"
 * @import {Grip} from "./chart-lines.js"
 * @import {Draft, LineMark, OrderSubject} from "./chart-marks.js"
 * @import {MenuChoice} from "./chart-menu.js"
 * @import {Plot} from "./chart-plot.js"
 * @import {RowField, RowValues} from "./row-form.js"
 * @import {Context} from "./view.js"
 */

/**
 * A command that the trader has to confirm.
 * @typedef {object} Question
 * @property {string} label
 * @property {RowField[]} fields
 * @property {string} confirm text of the button
 * @property {(values: RowValues) => Promise<unknown>} submit
 * @property {{side: SideCode, type: TypeCode} | null} [order] it is warned of when it would trade at once
 */

const FIELD_NAMES = { limitPrice: "Limit price", stopPrice: "Stop price" };
const NEW_KEY = "draft:new";
const FORM_GAP_PX = 16;
/** Until the instrument is known. */
const DEFAULT_TICK = 0.01;

export class ChartTrading {
  #context;
  #scale;
  #redraw;
  #lines;
  #menu;
  #drawings;
  #place = byId("chart-confirm");
  #symbol = "";
  /** @type {Draft | null} */
  #draft = null;
  /** The form that confirms the draft: writes another price into it. @type {{setPrice: (price: number) => void, focus: () => void} | null} */
  #form = null;

  /**
   * @param {Context} context
   * @param {Plot} plot
   * @param {() => void} redraw asks for the lines to be drawn again
   */
  constructor(context, plot, redraw) {
    this.#context = context;
    this.#redraw = redraw;
    const tick = () => context.instruments.get(this.#symbol)?.minTick ?? DEFAULT_TICK;
    this.#drawings = new ChartDrawings(context.memory, plot, tick, redraw);
    this.#scale = {
      yOf: (/** @type {number} */ price) => plot.yOf(price), priceAt: (/** @type {number} */ y) => plot.priceAt(y), tick,
      decimals: () => decimalsOf(tick()),
    };
    this.#lines = new ChartLines(this.#scale, {
      onDrag: (grip, price) => this.#dragged(this.#draftOf(grip, price)),
      onDrop: (grip) => this.#dropped(grip),
      onDragEnd: () => this.#form || this.#hold(null),
      onRemove: (mark) => this.#remove(mark),
    });
    this.#menu = new ChartMenu(this.#scale, (price) => this.#choices(price), () => this.#quote.trade ?? this.#quote.bid);
  }

  /** @returns {Realtime} */
  get #quote() {
    const quote = this.#context.state.quotes.get(this.#symbol);
    return quote?.s === "ok" ? { bid: quote.v.bid, ask: quote.v.ask, trade: quote.v.lp } : {};
  }

  /**
   * @param {string} symbol shown from now on
   * @returns {LineMark[]} with the one that is held at its new price
   */
  marks(symbol) {
    if (symbol !== this.#symbol) this.#close();
    this.#symbol = symbol;
    this.#drawings.show(symbol);
    const lines = [...lineMarks(symbol, this.#context.state), ...this.#drawings.marks()];
    const marks = withDraft(lines, this.#draft);
    this.#lines.render(marks);
    return marks;
  }

  /** The view changed: prices are at other places. */
  viewChanged() {
    this.#lines.place();
    this.#drawings.place();
    this.#menu.place();
  }

  /** @param {number | null} y */
  crosshairMoved(y) {
    this.#menu.crosshairMoved(y);
  }

  /** @param {Draft | null} draft */
  #hold(draft) {
    this.#draft = draft;
    this.#redraw();
  }

  #close() {
    this.#form = null;
    this.#place.replaceChildren();
    if (this.#draft) this.#hold(null);
  }

  /**
   * A line is held: the one of the form, or another one, for which the form is left.
   * @param {Draft} draft
   */
  #dragged(draft) {
    if (this.#form && draft.key === this.#draft?.key) {
      this.#form.setPrice(draft.price);
      return;
    }
    if (this.#form) this.#close();
    this.#hold(draft);
  }

  /**
   * @param {Grip} grip
   * @param {number} price
   * @returns {Draft}
   */
  #draftOf({ mark, pulled }, price) {
    if (pulled === null) return { key: mark.key, price, title: mark.title, tone: mark.tone };
    return { key: NEW_KEY, price, title: BRACKET_NAMES[pulled], tone: pulled === "takeProfit" ? "up" : "down" };
  }

  /** @param {Grip} grip */
  #dropped({ mark: { subject, title, key }, pulled }) {
    if (!this.#draft) return;
    if (this.#form) this.#form.focus();
    else if (pulled && subject.kind === "position") this.#askPositionBracket(subject.id, pulled, this.#draft.price);
    else if (subject.kind === "order" && pulled) this.#askOrderBracket(subject.id, title, pulled, this.#draft.price);
    else if (subject.kind === "order") this.#askMove(subject, title, key, this.#draft.price);
    else if (subject.kind === "drawing") this.#moveDrawing(subject.id, this.#draft.price);
  }

  /**
   * @param {string} id
   * @param {number} price
   */
  #moveDrawing(id, price) {
    this.#draft = null;
    this.#drawings.move(id, price);
  }

  /**
   * @param {OrderSubject} subject
   * @param {string} title
   * @param {string} key of its line
   * @param {number} price
   */
  #askMove({ id, field }, title, key, price) {
    const { broker, state } = this.#context;
    const order = state.orders.get(id);
    if (!order) return;
    this.#ask({
      label: `Move ${title}`,
      fields: [this.#priceField(field, FIELD_NAMES[field], price)],
      confirm: "Move",
      order: partOf(order, field),
      submit: (values) => broker.modifyOrder({ ...(state.orders.get(id) ?? order), ...values }),
    }, () => this.#lines.focus(key));
  }

  /**
   * @param {string} id of the position
   * @param {BracketKind} kind
   * @param {number} price
   */
  #askPositionBracket(id, kind, price) {
    const { broker, state } = this.#context;
    const position = state.positions.get(id);
    if (!position) return;
    this.#ask({
      label: `${BRACKET_NAMES[kind]} of the position`,
      fields: [this.#priceField(kind, BRACKET_NAMES[kind], price)],
      confirm: "Set",
      order: bracketOrder(position.side, kind),
      submit: (values) => broker.editPositionBrackets(id, withBracket(state.positions.get(id) ?? position, kind, values[kind])),
    });
  }

  /**
   * @param {string} id of the order
   * @param {string} title
   * @param {BracketKind} kind
   * @param {number} price
   */
  #askOrderBracket(id, title, kind, price) {
    const { broker, state } = this.#context;
    const order = state.orders.get(id);
    if (!order) return;
    this.#ask({
      label: `${BRACKET_NAMES[kind]} of ${title}`,
      fields: [this.#priceField(kind, BRACKET_NAMES[kind], price)],
      confirm: "Set",
      submit: (values) => {
        const newest = state.orders.get(id) ?? order;
        return broker.modifyOrder({ ...newest, ...withBracket(newest, kind, values[kind]) });
      },
    });
  }

  /**
   * @param {number} price
   * @returns {MenuChoice[]}
   */
  #choices(price) {
    const { modules } = this.#context;
    const orders = modules.has("broker") ? orderChoices(price, this.#quote) : [];
    const at = writePrice(price, this.#scale.decimals());
    return [
      ...orders.map((choice) => ({
        text: `${choice.name} at ${at}`, tone: choice.side > 0 ? "up" : "down", run: () => this.#askNew(choice, price),
      })),
      { text: `Horizontal line at ${at}`, run: () => this.#drawings.addHorizontal(price) },
      { text: `Trend line at ${at}`, run: () => this.#drawings.addTrend(price) },
    ];
  }

  /**
   * @param {OrderChoice} choice
   * @param {number} price
   */
  #askNew({ side, type, name }, price) {
    const { broker, memory } = this.#context;
    const field = type === OrderType.Limit ? "limitPrice" : "stopPrice";
    const symbol = this.#symbol;
    this.#hold({ key: NEW_KEY, price, title: name, tone: side > 0 ? "up" : "down" });
    this.#ask({
      label: `${name} ${symbol}`,
      fields: [
        { name: "qty", label: "Quantity", value: String(memory.recall("ticket", { qty: "1" }).qty) },
        this.#priceField(field, FIELD_NAMES[field], price),
      ],
      confirm: sideName(side),
      order: { side, type },
      submit: (values) => broker.placeOrder(/** @type {PreOrder} */ ({ symbol, side, type, ...values, ...this.#seen(side) })),
    });
  }

  /**
   * The quote that the trader sees, for the record of the order.
   * @param {SideCode} side
   */
  #seen(side) {
    const { bid, ask } = this.#quote;
    if (bid === undefined || ask === undefined) return {};
    return { currentQuotes: { bid, ask }, seenPrice: side > 0 ? ask : bid };
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {number} price
   * @returns {RowField}
   */
  #priceField(name, label, price) {
    return { name, label, value: plain(price, this.#scale.decimals()) };
  }

  /**
   * Show the form that confirms a command, at the line that is held.
   * @param {Question} question
   * @param {() => void} [afterwards] when the form is gone
   */
  #ask({ label, fields, confirm, submit, order }, afterwards) {
    const close = () => {
      this.#close();
      afterwards?.();
    };
    const form = new RowForm({ label, fields, confirm, submit, close });
    const input = /** @type {HTMLInputElement | undefined} */ ([...form.element.querySelectorAll("input")].at(-1));
    const warning = h("p", { class: "confirm-warning", role: "status" });
    const written = () => {
      const price = parseNumber(input?.value ?? "");
      if (Number.isNaN(price)) return;
      if (this.#draft) this.#hold({ ...this.#draft, price });
      setText(warning, order ? crossingText(order, price, this.#quote, this.#scale.decimals()) : "");
    };
    form.element.prepend(h("strong", {}, label));
    form.element.append(warning);
    form.element.addEventListener("input", written);
    this.#form = {
      focus: () => form.focus(),
      setPrice: (price) => {
        if (input) input.value = plain(price, this.#scale.decimals());
        written();
      },
    };
    written();
    this.#place.replaceChildren(form.element);
    this.#placeForm();
    form.focus();
  }

  /** Below the line that is held, or above it in the lower half of the chart. */
  #placeForm() {
    const y = this.#draft ? this.#scale.yOf(this.#draft.price) ?? 0 : 0;
    const room = this.#place.parentElement?.clientHeight ?? 0;
    const isLow = y > room / 2;
    this.#place.style.top = isLow ? "auto" : `${Math.round(y + FORM_GAP_PX)}px`;
    this.#place.style.bottom = isLow ? `${Math.round(room - y + FORM_GAP_PX)}px` : "auto";
  }

  /** @param {LineMark} mark */
  #remove({ subject }) {
    if (subject.kind === "order") this.#cancel(subject.id);
    else if (subject.kind === "position") this.#askClose(subject.id);
    else if (subject.kind === "drawing") this.#drawings.remove(subject.id);
    else this.#close();
  }

  /** @param {string} id of the order */
  async #cancel(id) {
    this.#close();
    try {
      await this.#context.broker.cancelOrder(id);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#context.host.showNotification("Could not cancel", inWords(text), NotificationType.Error);
    }
  }

  /** @param {string} id of the position */
  #askClose(id) {
    const { broker, state } = this.#context;
    const position = state.positions.get(id);
    if (!position) return;
    this.#ask({
      label: `Close ${position.symbol} position`, fields: [], confirm: `Close ${qty(position.qty)} at market`,
      submit: () => broker.closePosition(id),
    });
  }
}
