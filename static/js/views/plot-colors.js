// @ts-check
/**
 * The colours of the plot: those of the page's style sheet.
 *
 * @import {Colors} from "./plot-types.js"
 */

/** Names of the colours in the page's style sheet. */
const COLORS = /** @type {const} */ (["panel", "muted", "grid", "line", "up", "down", "up-soft", "down-soft", "accent"]);

/**
 * Read the colours as they are now. To ask for a style makes the browser compute it, so this is not done at a tick.
 * @returns {Colors}
 */
export function readColors() {
  const probe = document.body.appendChild(document.createElement("span"));
  const entries = COLORS.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries);
}
