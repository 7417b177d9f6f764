// @ts-check
/** Comma separated values (RFC 4180) for spreadsheets. Pure. */

/** A spreadsheet would take a text that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** @param {unknown} value */
function cell(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @template T
 * @param {[title: string, value: (row: T) => unknown][]} columns
 * @param {T[]} rows
 * @returns {string} with a head and the line ends of the standard
 */
export function toCsv(columns, rows) {
  const lines = [columns.map(([title]) => cell(title)), ...rows.map((row) => columns.map(([, value]) => cell(value(row))))];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}
