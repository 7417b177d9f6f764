// @ts-check
/** A request of an operation, and the same request as a curl command. Pure; `try.js` has the forms. */

/** @typedef {{name: string, place: string, value: string}} Argument `place`: "path", "query" or "header" */
/** @typedef {{method: string, url: string, headers: Record<string, string>, body?: string}} TriedRequest */

const JSON_TYPE = "application/json";

/**
 * @param {{method: string, path: string, origin: string, args: Argument[], body?: string}} operation arguments without a value
 *   are left out
 * @returns {TriedRequest}
 */
export function requestOf({ method, path, origin, args, body }) {
  const given = args.filter(({ value }) => value !== "");
  const at = (/** @type {string} */ place) => given.filter((argument) => argument.place === place);
  const address = at("path").reduce((text, { name, value }) => text.replace(`{${name}}`, encodeURIComponent(value)), path);
  const query = at("query").map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  const headers = Object.fromEntries(at("header").map(({ name, value }) => [name, value]));
  if (body !== undefined) headers["Content-Type"] = JSON_TYPE;
  return { method, url: `${origin}${address}${query && `?${query}`}`, headers, ...(body !== undefined && { body }) };
}

/**
 * Quote a text for a POSIX shell.
 * @param {string} text
 */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Write a request as a command. A token is not written into it: the shell has it in TOKEN.
 * @param {TriedRequest} request
 * @param {boolean} hasToken
 */
export function curlOf({ method, url, headers, body }, hasToken) {
  const parts = [method === "GET" ? "curl" : `curl -X ${method}`, quoted(url)];
  if (hasToken) parts.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) parts.push(`-d ${quoted(compact(body))}`);
  return parts.join(" \\\n  ");
}

/**
 * Write JSON on one line; a text that is none stays as it is.
 * @param {string} body
 */
function compact(body) {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}
