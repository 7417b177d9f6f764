// @ts-check
/**
 * A table that keeps its rows: a paint writes only the cells that changed, so that focus, hover and inline forms survive.
 *
 * - Columns are chosen by the width of the table (`columns.js`); on a narrow page rows are cards with all columns.
 * - A click on a head sorts by its column; a click on a row chooses it.
 * - More rows than a page are shown in pages.
 * - While the pointer is over the rows, or somebody types in a form below one, rows keep their places: rows that end stay,
 *   marked, and new ones come at the end.
 */
import { arrange, h, setText, setTone } from "../lib/dom.js";
import { nextSorting, pageOf, sorted } from "../lib/sorting.js";
import { shownColumns } from "./columns.js";
import { Pager } from "./pager.js";

/** @import {Sorting} from "../lib/sorting.js" */

const PAGE_ROWS = 100;
const ACTION_WIDTH_PX = 66;
const ACTIONS_PADDING_PX = 20;
const TEXT_WIDTH_PX = 74;
const NUMBER_WIDTH_PX = 92;

/**
 * @template T
 * @typedef {object} Column
 * @property {string} title
 * @property {(item: T) => string} text
 * @property {(item: T) => string | number | undefined} [value] for sorting; `text` without it
 * @property {boolean} [isNumber] aligned right
 * @property {(item: T) => string} [tone] "up", "down" or ""
 * @property {(item: T) => string} [hint] tooltip
 * @property {number} [width] smallest width in pixels
 * @property {number} [rank] columns with a larger rank are hidden first where the table is narrow; 0 is never hidden
 * @property {boolean} [isWide] takes the width that is left
 */

/**
 * @template T
 * @typedef {object} Action
 * @property {string} name
 * @property {(item: T) => string} label for assistive technology, e.g. "Cancel order ORDER-1"
 * @property {(item: T) => void} run
 * @property {(item: T) => boolean} [isOffered]
 */

/**
 * @template T
 * @typedef {object} Row
 * @property {HTMLTableRowElement} element
 * @property {HTMLTableCellElement[]} cells
 * @property {HTMLButtonElement[]} buttons
 * @property {T} item
 */

/**
 * @template T
 * @typedef {object} TableOptions
 * @property {string} label
 * @property {string} empty shown when there are no rows
 * @property {(item: T) => string} keyOf
 * @property {Column<T>[]} columns
 * @property {Action<T>[]} [actions]
 * @property {HTMLElement} [tool] a button for all rows, in the head above the actions
 * @property {(item: T) => void} [choose] called for a click on a row
 */

/** @template T */
export class Table {
  #options;
  #columns;
  #actions;
  /** @type {Map<string, Row<T>>} */
  #rows = new Map();
  /** @type {Map<string, HTMLTableRowElement>} */
  #details = new Map();
  #body = h("tbody");
  #heads;
  #empty;
  #pager;
  /** @type {T[]} */
  #items = [];
  #page = 0;
  /** @type {Sorting | null} */
  #sorting = null;
  /** @type {boolean[]} */
  #shown;
  #isPointed = false;

  /**
   * @param {HTMLElement} root
   * @param {TableOptions<T>} options
   */
  constructor(root, options) {
    const { label, empty, columns, actions = [], tool } = options;
    this.#options = options;
    this.#columns = columns;
    this.#actions = actions;
    this.#shown = columns.map(() => true);
    this.#empty = h("p", { class: "empty" }, empty);
    this.#pager = new Pager(label, (step) => this.#turn(step));
    this.#heads = columns.map((column, index) => this.#headOf(column, index));
    const heads = [...this.#heads];
    if (actions.length) {
      const head = h("th", { class: "actions-head" }, h("span", { class: "hidden" }, "Actions"), tool);
      head.style.width = `${this.#actionsWidth}px`;
      heads.push(head);
    }
    const table = h("table", { class: "grid numeric", "aria-label": label }, h("thead", {}, h("tr", {}, ...heads)), this.#body);
    root.replaceChildren(table, this.#empty, this.#pager.element);
    this.#body.addEventListener("pointerenter", (event) => { this.#isPointed = event.pointerType === "mouse"; });
    this.#body.addEventListener("pointerleave", () => this.#release());
    // Not at once: the focus is also lost while a form is being removed.
    this.#body.addEventListener("focusout", () => setTimeout(() => this.render(this.#items)));
    new ResizeObserver(() => this.#fit(root.clientWidth)).observe(root);
  }

  get #actionsWidth() {
    return this.#actions.length ? ACTIONS_PADDING_PX + ACTION_WIDTH_PX * this.#actions.length : 0;
  }

  /**
   * @param {Column<T>} column
   * @param {number} index
   */
  #headOf({ title, isNumber }, index) {
    return h("th", { scope: "col", class: isNumber ? "number" : undefined, "aria-sort": "none" },
      h("button", { type: "button", class: "sort", onclick: () => this.#sortBy(index) }, title));
  }

  /** @param {Column<T>} column */
  #widthOf({ width, isNumber }) {
    return width ?? (isNumber ? NUMBER_WIDTH_PX : TEXT_WIDTH_PX);
  }

  /** @param {number} room in pixels */
  #fit(room) {
    if (room === 0) return;
    const sizes = this.#columns.map((column) => ({ width: this.#widthOf(column), rank: column.rank }));
    this.#shown = shownColumns(sizes, room - this.#actionsWidth);
    this.#heads.forEach((head, index) => {
      head.hidden = !this.#shown[index];
      if (!this.#columns[index].isWide) head.style.width = `${sizes[index].width}px`;
    });
    for (const row of this.#rows.values()) this.#showCells(row);
    for (const detail of this.#details.values()) /** @type {HTMLTableCellElement} */ (detail.firstElementChild).colSpan = this.#span;
  }

  get #span() {
    return this.#shown.filter(Boolean).length + (this.#actions.length ? 1 : 0);
  }

  /** @param {Row<T>} row */
  #showCells({ cells }) {
    cells.forEach((cell, index) => cell.classList.toggle("narrowed", !this.#shown[index]));
  }

  /** @param {number} index */
  #sortBy(index) {
    this.#sorting = nextSorting(this.#sorting, String(index));
    this.#heads.forEach((head, place) => {
      const isSorted = this.#sorting?.column === String(place);
      const direction = this.#sorting?.isDescending ? "descending" : "ascending";
      head.setAttribute("aria-sort", isSorted ? direction : "none");
    });
    this.#page = 0;
    this.render(this.#items);
  }

  /** @param {-1 | 1} step */
  #turn(step) {
    this.#page += step;
    this.render(this.#items);
  }

  #release() {
    if (!this.#isPointed) return;
    this.#isPointed = false;
    this.render(this.#items);
  }

  /** Whether the rows keep their places. */
  get #isHeld() {
    const { activeElement } = document;
    return this.#isPointed || [...this.#details.values()].some((detail) => detail.contains(activeElement));
  }

  /** @param {T[]} items in the order of the rows, unless the trader sorted them */
  render(items) {
    this.#items = items;
    const { keyOf } = this.#options;
    const all = this.#sort(items);
    const page = pageOf(this.#page, PAGE_ROWS, all.length);
    this.#page = page.number;
    const shown = new Map(all.slice(page.from, page.to).map((item) => [keyOf(item), item]));
    const isHeld = shown.size > 0 && this.#isHeld;
    const kept = isHeld ? [...this.#body.querySelectorAll("tr[data-key]")].map((row) => /** @type {HTMLElement} */ (row).dataset.key ?? "") : [];
    for (const key of [...this.#rows.keys()]) if (!shown.has(key) && !isHeld) this.#forget(key);
    /** @type {HTMLElement[]} */
    const elements = [];
    for (const key of new Set([...kept, ...shown.keys()])) {
      const item = shown.get(key);
      const row = item === undefined ? this.#rows.get(key) : this.#update(key, item);
      if (!row) continue;
      this.#mark(row, item === undefined);
      elements.push(row.element);
      const detail = this.#details.get(key);
      if (detail) elements.push(detail);
    }
    arrange(this.#body, elements);
    this.#pager.show(page, all.length);
    this.#empty.hidden = elements.length > 0;
  }

  /** @param {T[]} items */
  #sort(items) {
    if (!this.#sorting) return items;
    const { text, value } = this.#columns[Number(this.#sorting.column)];
    return sorted(items, value ?? text, this.#sorting.isDescending);
  }

  /**
   * @param {Row<T>} row
   * @param {boolean} isOver its item is gone, and only its place is kept
   */
  #mark({ element, buttons }, isOver) {
    element.classList.toggle("over", isOver);
    for (const button of buttons) button.disabled = isOver;
  }

  /**
   * Show an inline form below a row, or take it away.
   * @param {string} key
   * @param {HTMLElement | null} content
   */
  setDetail(key, content) {
    const row = this.#rows.get(key);
    this.#details.get(key)?.remove();
    this.#details.delete(key);
    if (!row || !content) return;
    const detail = h("tr", { class: "detail" }, h("td", { colspan: this.#span }, content));
    this.#details.set(key, detail);
    row.element.after(detail);
  }

  /** @param {string} key */
  hasDetail(key) {
    return this.#details.has(key);
  }

  /**
   * @param {string} key
   * @returns {Element | null} the form below a row
   */
  detail(key) {
    return this.#details.get(key)?.querySelector("form") ?? null;
  }

  /** @param {string} key */
  focus(key) {
    this.#rows.get(key)?.buttons[0]?.focus();
  }

  /** @param {string} key */
  #forget(key) {
    this.#rows.delete(key);
    this.#details.delete(key);
  }

  /**
   * @param {string} key
   * @param {T} item
   * @returns {Row<T>}
   */
  #update(key, item) {
    const row = this.#rows.get(key) ?? this.#createRow(key, item);
    row.item = item;
    this.#columns.forEach(({ text, tone, hint }, index) => {
      const cell = row.cells[index];
      setText(cell, text(item));
      if (tone) setTone(cell, tone(item));
      if (hint) cell.title = hint(item);
    });
    this.#actions.forEach(({ isOffered }, index) => {
      row.buttons[index].hidden = isOffered ? !isOffered(item) : false;
    });
    return row;
  }

  /**
   * @param {string} key
   * @param {T} item
   * @returns {Row<T>}
   */
  #createRow(key, item) {
    const { choose } = this.#options;
    const newest = () => this.#rows.get(key)?.item ?? item;
    const cells = this.#columns.map(({ title, isNumber = false, isWide = false }) =>
      h("td", { class: (isNumber && "number") || (isWide && "wide"), "data-title": title }));
    const buttons = this.#actions.map(({ name, label, run }) => h("button", {
      type: "button", class: "small", "aria-label": label(item),
      onclick: (/** @type {Event} */ event) => {
        event.stopPropagation();
        run(newest());
      },
    }, name));
    const last = buttons.length ? [h("td", { class: "actions" }, ...buttons)] : [];
    const element = h("tr", {
      "data-key": key, class: choose ? "choosable" : undefined, onclick: choose && (() => choose(newest())),
    }, ...cells, ...last);
    const row = { element, cells, buttons, item };
    this.#rows.set(key, row);
    this.#showCells(row);
    return row;
  }
}
