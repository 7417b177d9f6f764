/** The wire contract as the adapters use it (openapi.json and asyncapi.json of the server). Unset fields are null. */

/** Every field that may be unset is null instead of absent. */
export type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] };

/** RFC 9457 problem body. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: ValidationIssue[];
}

export interface ValidationIssue {
  loc: (string | number)[];
  msg: string;
  type: string;
}

export interface PlUpdate {
  positions: { id: string; symbol: string; pl: number; price: number }[];
  time: number;
}

export interface BrokerConnection {
  status: 1 | 2 | 3 | 4;
  message: string | null;
  disconnectType: number | null;
  timestamp: number;
}

export interface BarsReply<Bar> {
  bars: Bar[];
  no_data: boolean;
  next_time: number | null;
}

/** Any frame from the server. */
export interface Frame {
  type: string;
  id?: string | number;
  payload?: FramePayload;
}

export interface FramePayload {
  status?: "ok" | "error";
  message?: string;
  code?: string;
  topic?: string;
  epoch?: string | number | null;
  seq?: number | null;
  recovered?: boolean;
  payload?: unknown;
}
