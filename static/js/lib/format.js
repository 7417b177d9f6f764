// @ts-check
/**
 * Numbers and times as traders read them, and back. Pure: no page, no locale of the machine.
 * Missing values are written as an en dash, so that a column keeps its width.
 */

export const MISSING = "–";

const MINUS = "−";

const MAX_DECIMALS = 100;
/** By their decimals: making one costs more than a hundred uses of it. @type {Map<number, Intl.NumberFormat>} */
const numberFormats = new Map();

/**
 * @param {number} minimum decimals at least
 * @param {number} maximum decimals at most
 * @returns {Intl.NumberFormat}
 */
function numberFormat(minimum, maximum) {
  const key = minimum * MAX_DECIMALS + maximum;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: minimum, maximumFractionDigits: maximum });
    numberFormats.set(key, format);
  }
  return format;
}

/**
 * @param {number | null | undefined} value
 * @returns {value is number}
 */
function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/**
 * @param {number} value
 * @param {number} minimum
 * @param {number} [maximum]
 */
function write(value, minimum, maximum = minimum) {
  const text = numberFormat(minimum, maximum).format(Math.abs(value));
  const isZero = !/[1-9]/.test(text);
  return value < 0 && !isZero ? MINUS + text : text;
}

/**
 * Decimals of a price or quantity step: 0.01 -> 2, 1e-8 -> 8, 5 -> 0.
 * @param {number} step
 */
export function decimalsOf(step) {
  const [mantissa, exponent] = String(step).split("e");
  const fraction = mantissa.split(".")[1] ?? "";
  return Math.max(0, fraction.length - Number(exponent ?? 0));
}

/**
 * Write a price with exactly the instrument's decimals.
 * @param {number | null | undefined} value
 * @param {number} decimals
 */
export function price(value, decimals) {
  return isNumber(value) ? write(value, decimals) : MISSING;
}

/**
 * Write a quantity with as few decimals as it needs, at most 8.
 * @param {number | null | undefined} value
 */
export function qty(value) {
  return isNumber(value) ? write(value, 0, 8) : MISSING;
}

/**
 * Write an amount of the account currency with 2 decimals.
 * @param {number | null | undefined} value
 */
export function money(value) {
  return isNumber(value) ? write(value, 2) : MISSING;
}

/**
 * Write a gain or loss: always with its sign, except zero.
 * @param {number | null | undefined} value
 * @param {number} [decimals]
 */
export function signed(value, decimals = 2) {
  if (!isNumber(value)) return MISSING;
  const text = write(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/**
 * Write a change in percent: 1.234 -> "+1.23%".
 * @param {number | null | undefined} value
 */
export function percent(value) {
  return isNumber(value) ? `${signed(value)}%` : MISSING;
}

/**
 * Write a large count shortly: 55000000 -> "55M".
 * @param {number | null | undefined} value
 * @param {number} [minimum] decimals at least, where it is shortened: columns keep their line then
 */
export function compact(value, minimum = 0) {
  if (!isNumber(value)) return MISSING;
  const scales = /** @type {const} */ ([[1e9, "B"], [1e6, "M"], [1e3, "K"]]);
  for (const [scale, suffix] of scales) {
    if (Math.abs(value) >= scale) return write(value / scale, minimum, 2) + suffix;
  }
  return write(value, 0, 2);
}

/**
 * Name the colour of a gain, a loss, or neither.
 * @param {number | null | undefined} value
 * @returns {"up" | "down" | ""}
 */
export function tone(value) {
  if (!isNumber(value) || value === 0) return "";
  return value > 0 ? "up" : "down";
}

/**
 * Write a time of day in UTC.
 * @param {number | null | undefined} timeMs epoch milliseconds
 */
export function clock(timeMs) {
  return isNumber(timeMs) ? new Date(timeMs).toISOString().slice(11, 19) : MISSING;
}

/**
 * Write a date and time in UTC.
 * @param {number | null | undefined} timeMs epoch milliseconds
 */
export function dateTime(timeMs) {
  return isNumber(timeMs) ? new Date(timeMs).toISOString().slice(0, 19).replace("T", " ") : MISSING;
}

/**
 * Write the day of the week in UTC, shortened to three letters.
 * @param {number} timeMs epoch milliseconds
 */
export function weekday(timeMs) {
  return new Date(timeMs).toUTCString().slice(0, 3);
}

/**
 * Read what a person typed into a number field; NaN where it is not a number.
 * Grouping commas and a typographic minus are accepted.
 * @param {string} text
 */
export function parseNumber(text) {
  const plain = text.trim().replaceAll(",", "").replace(MINUS, "-");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

/**
 * Write a number for an input field: plain digits, no grouping, no exponent.
 * @param {number | null | undefined} value
 * @param {number} [decimals] exactly so many; as few as needed without it
 */
export function plain(value, decimals) {
  if (!isNumber(value)) return "";
  if (decimals !== undefined) return value.toFixed(decimals);
  const text = value.toFixed(8);
  return text.replace(/\.?0+$/, "");
}
