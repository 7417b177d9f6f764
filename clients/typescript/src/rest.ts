/** REST: one typed function for each operation, made from the generated table. */

import { OPERATIONS } from "./generated/operations.js";
import type { components, operations } from "./generated/rest.js";

export type Problem = components["schemas"]["Problem"];
type Id = keyof typeof OPERATIONS & keyof operations;

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type PathOf<T> = T extends { parameters: { path: infer Path extends object } } ? { path: Path } : unknown;
type QueryOf<T> = T extends { parameters: { query?: infer Query } }
  ? [Query] extends [undefined]
    ? unknown
    : undefined extends T["parameters"]["query"]
      ? { query?: NonNullable<Query> }
      : { query: Query }
  : unknown;
type BodyOf<T> = T extends { requestBody: infer Body }
  ? { body: Json<Body> }
  : T extends { requestBody?: infer Body }
    ? [Body] extends [undefined]
      ? unknown
      : { body?: Json<NonNullable<Body>> }
    : unknown;

/** What an operation is called with: `path`, `query` and `body`, as far as it has them, and a `signal` to give up.
 * `headers` are sent with the request, such as `Prefer`. */
export type Arguments<Op extends Id> = PathOf<operations[Op]> &
  QueryOf<operations[Op]> &
  BodyOf<operations[Op]> & { signal?: AbortSignal; headers?: Readonly<Record<string, string>> };

/** What an operation answers. */
export type Reply<Op extends Id> = Json<Good<operations[Op]["responses"]>>;
type Good<Answers> = Answers extends { 200: infer Answer } | { 201: infer Answer } ? Answer : never;

/** A function for each operation; it rejects with `Refused`. */
export type Api = {
  readonly [Op in Id]: {} extends Arguments<Op>
    ? (args?: Arguments<Op>) => Promise<Reply<Op>>
    : (args: Arguments<Op>) => Promise<Reply<Op>>;
};

export interface ApiOptions {
  /** The server, such as `http://127.0.0.1:8000`. */
  readonly address: string;
  /** Returns a token, where the server asks for tokens. */
  readonly token?: () => string;
  /** Another `fetch`. */
  readonly fetch?: typeof fetch;
}

/** The server refused: `status` and, where the body is one, the problem with its reason code. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(problem?.detail ?? `the server answered ${status}`);
    this.name = "Refused";
  }

  /** The reason code, such as `BAD_QTY_STEP`. */
  get code(): string {
    return this.problem?.code ?? "UNKNOWN";
  }
}

interface Given {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Return the REST client of a server. */
export function createApi(options: ApiOptions): Api {
  const call = (method: string, path: string) => (given?: Given) => request(options, method, path, given ?? {});
  const entries = Object.entries(OPERATIONS).map(([id, [method, path]]) => [id, call(method, path)]);
  return Object.fromEntries(entries) as Api;
}

async function request(options: ApiOptions, method: string, path: string, given: Given): Promise<unknown> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ""));
  const url = new URL(options.address.replace(/\/+$/, "") + filled);
  for (const [name, value] of Object.entries(given.query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  const headers: Record<string, string> = { ...given.headers };
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.token) headers["Authorization"] = `Bearer ${options.token()}`;
  const response = await (options.fetch ?? fetch)(url, {
    method,
    headers,
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    ...(given.signal ? { signal: given.signal } : {}),
  });
  const text = await response.text();
  const isJson = /^application\/(?:problem\+)?json/.test(response.headers.get("Content-Type") ?? "");
  const body: unknown = isJson ? JSON.parse(text) : undefined;
  if (!response.ok) throw new Refused(response.status, body as Problem | undefined);
  return body;
}
