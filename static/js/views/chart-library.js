// @ts-check
/**
 * Loads the library that draws charts. The server has it at an address of its own; a bundled page has a copy among its files.
 */

/** Where the server has the library, if it is installed. */
export const CHART_LIBRARY = "/vendor/lightweight-charts.mjs";

/**
 * @param {number} [attempt] counted from 1; a browser may remember that an address failed, so a repeated request has another one
 * @returns {Promise<typeof import("lightweight-charts")>}
 */
export function loadChartLibrary(attempt = 1) {
  return attempt === 1 ? import("/vendor/lightweight-charts.mjs") : import(`${CHART_LIBRARY}?attempt=${attempt}`);
}
