/**
 * TradingView's shapes as this page uses them: names and meanings of the Trading Platform's public type definitions.
 *
 * What also goes over the wire comes from the generated types; here stands what the wire does not know: the interfaces of
 * host and library, and what a shape has besides. Unset fields are absent, never null.
 */
import type * as Wire from "./wire.js";

/** A shape of the wire as TradingView has it: what may be null there may be absent here, at every depth. */
export type Unnulled<T> = T extends readonly (infer Item)[]
  ? Unnulled<Item>[]
  : T extends object
    ? { [K in keyof T as null extends T[K] ? never : K]: Unnulled<T[K]> }
      & { [K in keyof T as null extends T[K] ? K : never]?: Unnulled<Exclude<T[K], null>> }
    : T;

/** The same with all but some fields optional: the page does not insist on what it only shows. */
type Insisting<T, K extends keyof T> = Pick<T, K> & Partial<Omit<T, K>>;

export type Side = Wire.Side;
export type OrderType = Wire.OrderType;
export type OrderStatus = Wire.OrderStatus;
export type ConnectionStatus = Wire.ConnectionStatus;
export type NotificationType = 0 | 1;
export type StopType = Wire.StopType;
export type ParentType = Wire.ParentType;

export type PreOrder = Unnulled<Wire.PreOrder>;
/** `datetime` is epoch milliseconds. */
export type OrderDuration = Unnulled<Wire.OrderDuration>;
/** Where something is to be closed; what is absent is removed. At most one kind of stop. */
export type Brackets = Unnulled<Wire.Brackets>;
export type OrderMessage = Wire.OrderMessage;
/** Times are epoch milliseconds. */
export type Order = Insisting<Unnulled<Wire.PlacedOrder>, "id" | "symbol" | "type" | "side" | "qty" | "status">;
/** `mark` is the price that `pl` is taken at. */
export type Position = Insisting<Unnulled<Wire.Position>, "id" | "symbol" | "qty" | "side" | "avgPrice"> & { mark?: number };
export type Execution = Insisting<Unnulled<Wire.Execution>, "id" | "orderId" | "symbol" | "price" | "qty" | "side" | "time">;
/** Rule, quote and margin behind an execution; amounts in the account's currency. */
export type ExecutionExplanation = Omit<Unnulled<Wire.ExecutionExplanation>, "execution"> & { execution: Execution };
/** `time` is the begin of a period in epoch milliseconds, `equity` that of its end. */
export type EquityPoint = Wire.EquityPoint;
export type Scenario = Unnulled<Wire.Scenario>;
export type ScenarioRequest = Pick<Unnulled<Wire.ScenarioRequest>, "symbol" | "kind"> & { factor?: number; begin?: number; end?: number };
/** The money of an account in its currency; equity = balance + unrealizedPL. `message` warns while margin is short. */
export type Money = Unnulled<Wire.EquityData>;
export type AccountMetainfo = Insisting<Unnulled<Wire.AccountMetainfo>, "id" | "name"> & { currencySign?: string };
export type AccountCreate = Unnulled<Wire.AccountCreate>;
export type InstrumentInfo = Insisting<
  Unnulled<Wire.InstrumentInfo>, "symbol" | "description" | "qty" | "minTick" | "pipSize" | "pipValue">;
/** The price step of an instrument, and its trading hours in TradingView's notation where a datafeed names them. */
export type InstrumentFacts = Pick<InstrumentInfo, "minTick"> & {
  session?: string;
  timezone?: string;
  holidays?: string;
  corrections?: string;
};
/** `now` is market time in epoch milliseconds, `speed` the market seconds in one second. */
export type ClockReading = Wire.ClockHealth;
/** Modules that the server runs ("broker", "datafeed"), and its clock. */
export interface ServerFacts {
  modules: string[];
  clock: ClockReading;
}
export type LeverageInfo = Wire.LeverageInfo;
export type LeverageSetParams = Unnulled<Wire.LeverageSetParams>;
export type LeverageInfoParams = Omit<LeverageSetParams, "leverage">;
export type LeveragePreviewResult = Unnulled<Wire.LeveragePreviewResult>;
export type OrderPreviewResult = Unnulled<Wire.OrderPreviewResult>;
export type OrderDurationMetaInfo = Insisting<Unnulled<Wire.DurationInfo>, "name" | "value">;
export type BrokerConfigFlags = Partial<Omit<Wire.BrokerConfig, "durations">> & { durations: OrderDurationMetaInfo[] };
export type DOMLevel = Wire.DOMLevel;
/** Best asks first in `asks`, best bids last in `bids`: both ascending by price. */
export type DOMData = Wire.DOMData;
/** `time` is epoch milliseconds of its start. */
export type Bar = Insisting<Wire.Bar, "time" | "open" | "high" | "low" | "close">;
export type LibrarySymbolInfo = Insisting<Unnulled<Wire.LibrarySymbolInfo>,
  "name" | "description" | "type" | "exchange" | "listed_exchange" | "timezone" | "session" | "format" | "pricescale" | "minmov">;
export type SearchSymbolResultItem = Insisting<
  Unnulled<Wire.SearchSymbolResultItem>, "symbol" | "description" | "exchange" | "ticker" | "type">;
export type DatafeedConfiguration = Insisting<Unnulled<Wire.DatafeedConfiguration>, "supported_resolutions">;
/** `stale`: for how many seconds the quote has been overdue. `halted`: begin of a halt in epoch milliseconds. */
export type QuoteValues = Wire.QuoteValues & { stale?: number; halted?: number };
export type QuoteData =
  | { s: "ok"; n: string; v: QuoteValues }
  | { s: "error"; n: string; v: { error?: string } };

export type IsTradableResult = { tradable: boolean; reason?: string; shortReason?: string };

/** What differs from the broker's flags for one symbol. */
export interface SymbolSpecificTradingOptions {
  allowedDurations?: string[];
  allowedOrderTypes?: OrderType[];
  supportOrderBrackets?: boolean;
  supportPositionBrackets?: boolean;
}

export interface NumberFormatter {
  format(value: number): string;
  parse(text: string): { res: true; value: number } | { res: false; error: string };
}

/** Column of the platform's account manager; `formatter` is one of its standard names. */
export interface AccountManagerColumn {
  id: string;
  label: string;
  dataFields: string[];
  formatter: string;
  alignment?: "left" | "right";
  supportedStatusFilters?: number[];
}

export interface AccountManagerSummaryField {
  text: string;
  wValue: WatchedValue<number>;
  formatter?: string;
  isDefault?: boolean;
}

export interface AccountManagerInfo {
  accountTitle: string;
  summary: AccountManagerSummaryField[];
  orderColumns: AccountManagerColumn[];
  positionColumns: AccountManagerColumn[];
  historyColumns: AccountManagerColumn[];
  pages: [];
  marginUsed?: WatchedValue<number>;
}

/** `retryAt`: when the next attempt to connect begins, on the clock of `performance.now()`. */
export interface ConnectionState {
  status: ConnectionStatus;
  message?: string;
  retryAt?: number;
}

/** What the broker calls. The last parameters of some methods are this page's own; another host ignores them. */
export interface BrokerHost {
  factory: { createWatchedValue<T>(value: T): WatchedValue<T>; createDelegate(): Delegate };
  connectionStatusUpdate(status: ConnectionStatus, info?: { message?: string; disconnectType?: number }): void;
  orderUpdate(order: Order): void;
  orderPartialUpdate(id: string, changes: Partial<Order>): void;
  positionUpdate(position: Position): void;
  positionPartialUpdate(id: string, changes: Partial<Position>): void;
  executionUpdate(execution: Execution): void;
  plUpdate(positionId: string, pl: number, mark?: number): void;
  equityUpdate(equity: number, money?: Money): void;
  marginAvailableUpdate(marginAvailable: number): void;
  pipValueUpdate(symbol: string, values: { buyPipValue: number; sellPipValue: number }): void;
  realtimeUpdate(symbol: string, data: Realtime): void;
  domUpdate(symbol: string, data: DOMData): void;
  currentAccountUpdate(parts?: AccountPart[]): void;
  setDurations(durations: OrderDurationMetaInfo[]): void;
  patchConfig(flags: Partial<BrokerConfigFlags>): void;
  showNotification(title: string, text: string, type?: NotificationType): void;
  defaultContextMenuActions?(context: unknown): Promise<unknown[]>;
}

export interface Delegate {
  subscribe(object: object | null, member: (...values: unknown[]) => void): void;
  unsubscribe(object: object | null, member: (...values: unknown[]) => void): void;
  fire(...values: unknown[]): void;
}

export type AccountPart = "orders" | "positions" | "executions" | "equity";

export interface WatchedValue<T> {
  value(): T;
  setValue(value: T): void;
  subscribe(listener: (value: T) => void, options?: { callWithLast?: boolean }): void;
  unsubscribe(listener: (value: T) => void): void;
}

export interface Realtime {
  trade?: number;
  size?: number;
  bid?: number;
  bid_size?: number;
  ask?: number;
  ask_size?: number;
  spread?: number;
}

export interface PeriodParams {
  /** Epoch seconds. */
  from: number;
  /** Epoch seconds, exclusive. */
  to: number;
  /** Outranks `from`. */
  countBack: number;
  firstDataRequest: boolean;
}

export interface HistoryMetadata {
  noData?: boolean;
  nextTime?: number | null;
}
