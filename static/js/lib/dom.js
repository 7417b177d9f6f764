// @ts-check
/**
 * The few things this page does to the document. Text goes in as text, never as markup.
 */

/**
 * @typedef {string | number | Node | null | undefined | false} Child
 */

/**
 * Create an element. Keys of `props`: `class`, `on<event>` (a listener), anything else an attribute; false and
 * undefined leave it out, true sets it empty.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: any) => void)>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * Find an element that the page must have.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element "${id}"`);
  return /** @type {T} */ (element);
}

/**
 * Write text, only if it is another: an unchanged cell costs no layout and is not announced again.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  const node = element.firstChild;
  if (!(node instanceof Text) || node.nextSibling) {
    if (element.textContent !== text) element.textContent = text;
  } else if (node.data !== text) {
    // Writing into the text that is there spares the browser a new node and its box. Where the width may change, it would take
    // the other start of a text that is aligned right for a shift of the layout.
    if (node.length === text.length && node.data[0] === text[0]) node.data = text;
    else element.textContent = text;
  }
}

/**
 * Give an element one of the tones "up", "down" or none.
 * @param {HTMLElement | SVGElement} element
 * @param {string} tone
 */
export function setTone(element, tone) {
  if ((element.dataset.tone ?? "") !== tone) element.dataset.tone = tone;
}

const FLASH_MS = 400;
const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
/** Elements that are highlighted until the timer comes. @type {Set<HTMLElement>} */
const flashing = new Set();

/**
 * Highlight an element whose value rose or fell, shortly and without touching the layout. All highlights end together: an
 * animation of each would paint the page sixty times a second.
 * @param {HTMLElement} element
 * @param {"up" | "down"} direction
 */
export function flash(element, direction) {
  if (calm?.matches) return;
  if (flashing.size === 0) setTimeout(endFlashes, FLASH_MS);
  flashing.add(element);
  element.dataset.flash = direction;
}

function endFlashes() {
  for (const element of flashing) delete element.dataset.flash;
  flashing.clear();
}

/**
 * @param {Element} parent
 * @param {Element[]} children
 */
function isArranged(parent, children) {
  let present = parent.firstElementChild;
  for (const child of children) {
    if (present !== child) return false;
    present = present.nextElementSibling;
  }
  return present === null;
}

/**
 * Put the children into this order with as few moves as possible.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  if (isArranged(parent, children)) return;
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}
