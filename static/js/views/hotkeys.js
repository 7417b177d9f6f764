// @ts-check
/** The dialog that lists the keys of the page. */
import { h } from "../lib/dom.js";

/** @type {[keys: string, effect: string][]} */
const KEYS = [
  ["B", "Order ticket: buy"],
  ["S", "Order ticket: sell"],
  ["/", "Search a symbol"],
  ["↑ ↓", "In the size: more, less. In the search: next, previous"],
  ["← →", "Between tabs; on a border: its place; on a line of the chart: its price"],
  ["Shift ↑ ↓", "On a line of the chart: ten price steps"],
  ["Alt ↑ ↓", "In the watchlist: move the row"],
  ["Delete", "On a trend line: remove it"],
  ["Enter", "Send or confirm"],
  ["Esc", "Close, go back"],
  ["?", "This list"],
];

export function showHotkeys() {
  const before = document.activeElement;
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "hotkeys-title" },
    h("form", { method: "dialog" },
      h("h2", { id: "hotkeys-title" }, "Keys"),
      h("dl", { class: "hotkeys" }, ...KEYS.flatMap(([keys, effect]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, effect)])),
      h("p", { class: "dialog-buttons" }, h("button", { class: "small primary" }, "Close"))));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
