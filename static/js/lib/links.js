// @ts-check
/** Links to a symbol and a resolution: `#AAPL/5`, or `#AAPL`. Pure. `address.js` follows the address of the page. */

const LINK = /^#([^/]+)(?:\/([0-9]*[A-Z]?))?$/;

/** @typedef {{symbol: string, resolution: string}} Link `resolution`: empty when the link names none */

/**
 * @param {string} hash of the address
 * @returns {Link | null} null when it names no symbol
 */
export function readLink(hash) {
  const parts = LINK.exec(hash);
  if (!parts) return null;
  try {
    return { symbol: decodeURIComponent(parts[1]).toUpperCase(), resolution: parts[2] ?? "" };
  } catch {
    return null;
  }
}

/**
 * @param {string} symbol
 * @param {string} resolution
 */
export function writeLink(symbol, resolution) {
  return `#${encodeURIComponent(symbol)}/${resolution}`;
}
