// @ts-check
/**
 * Requests to the server's REST interface: query, body, token and refusals. api-adapter.js has the operations.
 *
 * @import {Problem, ValidationIssue} from "../types/wire.js"
 * @import {Credentials} from "./credentials.js"
 */

/** The server refused, or could not be reached (`status` 0, `code` "UNREACHABLE"). */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status
   * @param {string} code the server's reason code
   * @param {string} detail a sentence for people
   * @param {ValidationIssue[]} [errors] fields that do not validate
   */
  constructor(status, code, detail, errors = []) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/**
 * Read the problem body of a refused request; a proxy in between may have sent something else.
 * @param {Response} response
 */
async function refusal(response) {
  /** @type {Partial<Problem>} */
  const problem = await response.json().catch(() => ({}));
  return new ApiError(
    response.status, problem.code ?? "HTTP_ERROR", problem.detail ?? `${response.status} ${response.statusText}`, problem.errors ?? [],
  );
}

/** @typedef {{query?: Record<string, string | number | undefined>, body?: unknown}} RequestParts */

export class RestClient {
  #fetch;
  #credentials;

  /**
   * @param {string} base address of the API, e.g. "/api/v1"
   * @param {typeof fetch} fetcher
   * @param {Credentials} [credentials] without them a 401 is an error like any other
   */
  constructor(base, fetcher, credentials) {
    this.base = base;
    this.#fetch = fetcher;
    this.#credentials = credentials;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {RequestParts} [request]
   * @param {string} [base] address that the path continues
   * @returns {Promise<any>} the body
   */
  async call(method, path, request, base) {
    return (await this.answer(method, path, request, base)).json();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {RequestParts} [request]
   * @param {string} [base] address that the path continues
   * @returns {Promise<Response>} of a request that was not refused
   */
  async answer(method, path, { query = {}, body } = {}, base = this.base) {
    const entries = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = entries.length ? `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}` : "";
    for (;;) {
      const token = this.#credentials?.token ?? "";
      const response = await this.send(base + path + search, method, body, token);
      if (response.ok) return response;
      const error = await refusal(response);
      // A request without a good token has changed nothing: it is safe to send it again with another one.
      const isRenewed = error.status === 401 && await this.#credentials?.renew(token, { reason: error.message, isUrgent: true });
      if (!isRenewed) throw error;
    }
  }

  /**
   * @param {string} address
   * @param {string} method
   * @param {unknown} body undefined: none
   * @param {string} token empty: none
   */
  async send(address, method, body, token) {
    /** @type {Record<string, string>} */
    const headers = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    try {
      return await this.#fetch(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    } catch {
      throw new ApiError(0, "UNREACHABLE", "The server cannot be reached.");
    }
  }
}
