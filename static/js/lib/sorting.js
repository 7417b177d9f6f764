// @ts-check
/** Sorting of tables by a column, and their pages. Pure. */

/** @typedef {{column: string, isDescending: boolean}} Sorting */

/**
 * The sorting after a click on a column's head: ascending, descending, then as before any click.
 * @param {Sorting | null} sorting
 * @param {string} column
 * @returns {Sorting | null}
 */
export function nextSorting(sorting, column) {
  if (sorting?.column !== column) return { column, isDescending: false };
  return sorting.isDescending ? null : { column, isDescending: true };
}

/**
 * Sort a copy; items without a value come last in both directions, equal ones keep their order.
 * @template T
 * @param {T[]} items
 * @param {(item: T) => string | number | undefined} valueOf
 * @param {boolean} isDescending
 * @returns {T[]}
 */
export function sorted(items, valueOf, isDescending) {
  const sign = isDescending ? -1 : 1;
  return items.map((item) => ({ item, value: valueOf(item) })).sort((one, other) => {
    const [a, b] = [one.value, other.value];
    if (a === b) return 0;
    if (a === undefined || Number.isNaN(a)) return 1;
    if (b === undefined || Number.isNaN(b)) return -1;
    return sign * (typeof a === "string" && typeof b === "string" ? a.localeCompare(b) : Number(a) - Number(b));
  }).map(({ item }) => item);
}

/**
 * @typedef {object} Page
 * @property {number} number from 0; the last one where the asked one does not exist
 * @property {number} count of all pages, at least 1
 * @property {number} from index of its first item
 * @property {number} to index behind its last item
 */

/**
 * @param {number} number asked for
 * @param {number} size
 * @param {number} items of all pages
 * @returns {Page}
 */
export function pageOf(number, size, items) {
  const count = Math.max(1, Math.ceil(items / size));
  const shown = Math.min(Math.max(0, number), count - 1);
  return { number: shown, count, from: shown * size, to: Math.min(items, (shown + 1) * size) };
}
