// @ts-check
/**
 * What this browser remembers of the page's looks: chosen symbols, resolution, folded panels. Never money, never tokens.
 * A browser that refuses storage gets the defaults.
 */

const PREFIX = "trading-pro.";

/**
 * @template T
 * @param {string} name
 * @param {T} fallback also tells the kind of value that is expected
 * @returns {T}
 */
export function recall(name, fallback) {
  try {
    const value = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
    const isSameKind = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
    return isSameKind && value !== null ? value : fallback;
  } catch {
    return fallback;
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the page works without.
  }
}
