// @ts-check
/** The log of what happened, and toasts for what the trader should see at once. */
import { byId, h } from "../lib/dom.js";
import { clock } from "../lib/format.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/** @import {LogEntry} from "../state.js" */

const TOAST_MS = 6000;
const TOASTS_AT_ONCE = 4;

export class LogView extends View {
  /** @type {Table<LogEntry & {key: string}>} */
  #table = new Table(byId("log"), {
    label: "Notifications",
    empty: "Nothing has happened yet.",
    keyOf: ({ key }) => key,
    columns: [
      { title: "Time (UTC)", text: ({ time }) => clock(time), width: "100px" },
      { title: "Event", text: ({ title }) => title, tone: ({ isError }) => (isError ? "down" : ""), width: "170px" },
      { title: "Text", text: ({ text }) => text },
    ],
  });
  /** @type {WeakMap<LogEntry, string>} */
  #keys = new WeakMap();
  #lastKey = 0;

  opened() {
    this.watch(this.context.state.log);
  }

  paint() {
    const entries = this.context.state.log.value().toReversed();
    this.#table.render(entries.map((entry) => ({ ...entry, key: this.#keyOf(entry) })));
  }

  /** @param {LogEntry} entry */
  #keyOf(entry) {
    let key = this.#keys.get(entry);
    if (!key) {
      key = String(++this.#lastKey);
      this.#keys.set(entry, key);
    }
    return key;
  }
}

/**
 * Show an entry for some seconds; it stays while the pointer or the focus is on it.
 * @param {LogEntry} entry
 */
export function toast({ title, text, isError }) {
  const region = byId("toasts");
  const element = h("div", { class: isError ? "toast error" : "toast" },
    h("strong", {}, title), h("span", {}, text),
    h("button", { type: "button", class: "dismiss", "aria-label": `Dismiss: ${title}`, onclick: () => element.remove() }, "×"));
  region.append(element);
  while (region.children.length > TOASTS_AT_ONCE) region.firstElementChild?.remove();
  const leave = () => {
    if (element.matches(":hover, :focus-within")) setTimeout(leave, TOAST_MS);
    else element.remove();
  };
  setTimeout(leave, TOAST_MS);
}
