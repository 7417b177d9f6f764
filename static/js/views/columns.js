// @ts-check
/** Which columns of a table are shown at a width. Pure. */

/**
 * @typedef {object} ColumnSize
 * @property {number} width smallest width at which nothing is cut off, in pixels
 * @property {number} [rank] columns with the largest rank are hidden first; 0 (the default) is never hidden
 */

/**
 * @param {ColumnSize[]} columns
 * @param {number} room in pixels
 * @returns {boolean[]} whether each column is shown
 */
export function shownColumns(columns, room) {
  const shown = columns.map(() => true);
  let wanted = columns.reduce((sum, { width }) => sum + width, 0);
  const byRank = columns.map((column, index) => ({ ...column, index })).filter(({ rank }) => rank)
    .sort((one, other) => (other.rank ?? 0) - (one.rank ?? 0) || other.index - one.index);
  for (const { width, index } of byRank) {
    if (wanted <= room) break;
    shown[index] = false;
    wanted -= width;
  }
  return shown;
}
