// @ts-check
/** Panels that a button opens below itself. The browser closes them at a click beside them and with Escape. */
import { byId } from "../lib/dom.js";

const MARGIN_PX = 8;
const GAP_PX = 4;

/**
 * Place a panel below its button, whose id is that of the panel with "-button".
 * @param {string} id of the panel
 */
export function placeBelowButton(id) {
  const panel = byId(id);
  const button = byId(`${id}-button`);
  panel.addEventListener("toggle", (event) => {
    const isOpen = /** @type {ToggleEvent} */ (event).newState === "open";
    button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    const { left, bottom } = button.getBoundingClientRect();
    panel.style.left = `${Math.max(MARGIN_PX, Math.min(left, innerWidth - panel.offsetWidth - MARGIN_PX))}px`;
    panel.style.top = `${bottom + GAP_PX}px`;
  });
}
