// @ts-check
/**
 * A table that keeps its rows: a paint writes only the cells that changed, so that focus, hover and inline forms survive.
 */
import { arrange, h, setText, setTone } from "../lib/dom.js";

const ROW_LIMIT = 200;
const ACTION_WIDTH_PX = 66;
const ACTIONS_PADDING_PX = 20;

/**
 * @template T
 * @typedef {object} Column
 * @property {string} title
 * @property {(item: T) => string} text
 * @property {boolean} [isNumber] aligned right
 * @property {(item: T) => string} [tone] "up", "down" or ""
 * @property {(item: T) => string} [hint] tooltip
 * @property {string} [width] as in CSS; columns without it share what is left
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

/** @template T */
export class Table {
  #columns;
  #actions;
  #keyOf;
  /** @type {Map<string, Row<T>>} */
  #rows = new Map();
  /** @type {Map<string, HTMLTableRowElement>} */
  #details = new Map();
  #body = h("tbody");
  #empty;

  /**
   * @param {HTMLElement} root
   * @param {object} options
   * @param {string} options.label
   * @param {string} options.empty what is said when there are no rows
   * @param {(item: T) => string} options.keyOf
   * @param {Column<T>[]} options.columns
   * @param {Action<T>[]} [options.actions]
   */
  constructor(root, { label, empty, keyOf, columns, actions = [] }) {
    this.#columns = columns;
    this.#actions = actions;
    this.#keyOf = keyOf;
    this.#empty = h("p", { class: "empty" }, empty);
    const heads = columns.map(({ title, isNumber, width }) => {
      const head = h("th", { scope: "col", class: isNumber ? "number" : undefined }, title);
      if (width) head.style.width = width;
      return head;
    });
    if (actions.length) {
      const head = h("th", {}, h("span", { class: "hidden" }, "Actions"));
      head.style.width = `${ACTIONS_PADDING_PX + ACTION_WIDTH_PX * actions.length}px`;
      heads.push(head);
    }
    const table = h("table", { class: "grid numeric", "aria-label": label }, h("thead", {}, h("tr", {}, ...heads)), this.#body);
    root.replaceChildren(table, this.#empty);
  }

  /** @param {T[]} items in the order of the rows; those beyond the limit are left out */
  render(items) {
    /** @type {HTMLElement[]} */
    const elements = [];
    /** @type {Set<string>} */
    const keys = new Set();
    for (const item of items.slice(0, ROW_LIMIT)) {
      const key = this.#keyOf(item);
      keys.add(key);
      elements.push(this.#update(key, item).element);
      const detail = this.#details.get(key);
      if (detail) elements.push(detail);
    }
    for (const key of [...this.#rows.keys()]) if (!keys.has(key)) this.#forget(key);
    arrange(this.#body, elements);
    this.#empty.hidden = items.length > 0;
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
    const span = this.#columns.length + (this.#actions.length ? 1 : 0);
    const detail = h("tr", { class: "detail" }, h("td", { colspan: span }, content));
    this.#details.set(key, detail);
    row.element.after(detail);
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
    let row = this.#rows.get(key);
    if (!row) {
      row = this.#createRow(key, item);
      this.#rows.set(key, row);
    }
    row.item = item;
    this.#columns.forEach(({ text, tone, hint }, index) => {
      const cell = /** @type {Row<T>} */ (row).cells[index];
      setText(cell, text(item));
      if (tone) setTone(cell, tone(item));
      if (hint) cell.title = hint(item);
    });
    this.#actions.forEach(({ isOffered }, index) => {
      /** @type {Row<T>} */ (row).buttons[index].hidden = isOffered ? !isOffered(item) : false;
    });
    return row;
  }

  /**
   * @param {string} key
   * @param {T} item
   * @returns {Row<T>}
   */
  #createRow(key, item) {
    const cells = this.#columns.map(({ title, isNumber }) =>
      h("td", { class: isNumber ? "number" : undefined, "data-title": title }));
    const buttons = this.#actions.map(({ name, label, run }) => h("button", {
      type: "button", class: "small", "aria-label": label(item), onclick: () => run(this.#rows.get(key)?.item ?? item),
    }, name));
    const last = buttons.length ? [h("td", { class: "actions" }, ...buttons)] : [];
    return { element: h("tr", { "data-key": key }, ...cells, ...last), cells, buttons, item };
  }
}
