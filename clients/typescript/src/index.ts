/** Typed client of Trading Pro: REST for commands, a stream for news. */

export * from "./generated/codes.js";
export { OPERATIONS } from "./generated/operations.js";
export type { components as RestTypes } from "./generated/rest.js";
export { DELIVERY, type components as StreamTypes, type Routes } from "./generated/stream.js";
export { moveClock } from "./clock.js";
export { withFault, type ActiveFault } from "./faults.js";
export { createApi, Refused, type Api, type ApiOptions, type Arguments, type Problem, type Reply } from "./rest.js";
export {
  Stream,
  SubscriptionError,
  type Listener,
  type Route,
  type Status,
  type StreamOptions,
  type Subscription,
} from "./stream.js";
