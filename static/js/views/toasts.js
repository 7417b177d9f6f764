// @ts-check
/** Toasts: short messages about events that a trader should see at once. */
import { byId, h } from "../lib/dom.js";

/** @import {LogEntry} from "../state.js" */

const TOAST_MS = 6000;
const TOASTS_AT_ONCE = 4;

/** Toasts by the key of their entry. @type {Map<string, HTMLElement>} */
const keyed = new Map();

/**
 * Show an entry for some seconds; it stays while the pointer or the focus is on it. It takes the place of an earlier toast
 * with the same key.
 * @param {LogEntry} entry
 */
export function toast({ title, text, isError, key, action }) {
  const region = byId("toasts");
  const undo = action && h("button", {
    type: "button", class: "small", "aria-label": action.label,
    onclick: () => {
      element.remove();
      action.run();
    },
  }, action.name);
  const element = h("div", { class: isError ? "toast error" : "toast" },
    h("strong", {}, title), h("span", {}, text), undo,
    h("button", { type: "button", class: "dismiss", "aria-label": `Dismiss: ${title}`, onclick: () => element.remove() }, "×"));
  const earlier = key === undefined ? undefined : keyed.get(key);
  if (key !== undefined) keyed.set(key, element);
  if (earlier?.isConnected) earlier.replaceWith(element);
  else region.append(element);
  while (region.children.length > TOASTS_AT_ONCE) region.firstElementChild?.remove();
  const leave = () => {
    if (element.matches(":hover, :focus-within")) {
      setTimeout(leave, TOAST_MS);
      return;
    }
    element.remove();
    if (key !== undefined && keyed.get(key) === element) keyed.delete(key);
  };
  setTimeout(leave, TOAST_MS);
}
