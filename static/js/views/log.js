// @ts-check
/** The log of events. `toasts.js` shows the newest ones. */
import { byId } from "../lib/dom.js";
import { dateTime } from "../lib/format.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/** @import {LogEntry} from "../state.js" */

export class LogView extends View {
  /** @type {Table<LogEntry & {key: string}>} */
  #table = new Table(byId("log"), {
    label: "Notifications",
    empty: "Nothing has happened yet.",
    keyOf: ({ key }) => key,
    columns: [
      { title: "Time (UTC)", text: ({ time }) => dateTime(time), width: 160 },
      { title: "Event", text: ({ title }) => title, tone: ({ isError }) => (isError ? "down" : ""), width: 150 },
      { title: "Text", text: ({ text }) => text, width: 200, isWide: true },
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
