/**
 * TradingView's shapes as this page uses them: names and meanings of the Trading Platform's public type definitions.
 * Unset fields are absent, never null.
 */

export type Side = 1 | -1;
export type OrderType = 1 | 2 | 3 | 4;
export type OrderStatus = 1 | 2 | 3 | 4 | 5 | 6;
export type ConnectionStatus = 1 | 2 | 3 | 4;
export type NotificationType = 0 | 1;

export interface PreOrder {
  symbol: string;
  type: OrderType;
  side: Side;
  qty: number;
  limitPrice?: number;
  stopPrice?: number;
  seenPrice?: number;
  currentQuotes?: { ask: number; bid: number };
  isClose?: boolean;
  customFields?: Record<string, unknown>;
}

export interface OrderMessage {
  text: string;
  type: "information" | "warning" | "error";
}

/** `createTime`, `commission` and `reason` are this broker's own. Times are epoch milliseconds. */
export interface Order extends PreOrder {
  id: string;
  status: OrderStatus;
  filledQty?: number;
  avgPrice?: number;
  updateTime?: number;
  createTime?: number;
  commission?: number;
  message?: OrderMessage;
  reason?: string;
  parentId?: string;
}

/** `pl`, `realizedPL` and `mark` (the price that `pl` is taken at) are this broker's own. */
export interface Position {
  id: string;
  symbol: string;
  qty: number;
  side: Side;
  avgPrice: number;
  pl?: number;
  realizedPL?: number;
  mark?: number;
  updateTime?: number;
}

export interface Execution {
  id: string;
  orderId: string;
  symbol: string;
  price: number;
  qty: number;
  side: Side;
  time: number;
  commission?: number;
  netAmount?: number;
}

/** The money of an account in its currency; equity = balance + unrealizedPL. */
export interface Money {
  equity: number;
  balance: number;
  unrealizedPL: number;
  realizedPL: number;
  commission: number;
  marginUsed: number;
  marginAvailable: number;
  currency: string;
  updateTime: number;
}

export interface AccountMetainfo {
  id: string;
  name: string;
  type?: string;
  currency?: string;
}

export interface InstrumentInfo {
  symbol: string;
  description: string;
  qty: { min: number; max: number; step: number; default?: number };
  minTick: number;
  currency?: string;
  baseCurrency?: string;
  marginRate?: number;
  allowedOrderTypes?: OrderType[];
}

/** Flags that the page asks about; the server sends more of them. */
export interface BrokerConfigFlags {
  supportPositions: boolean;
  supportMarketOrders: boolean;
  supportLimitOrders: boolean;
  supportStopOrders: boolean;
  supportStopLimitOrders: boolean;
  supportModifyOrderPrice: boolean;
  supportEditAmount: boolean;
  supportClosePosition: boolean;
  supportPartialClosePosition: boolean;
  supportMargin: boolean;
  supportOrdersHistory: boolean;
  supportExecutions: boolean;
  supportPLUpdate: boolean;
  showNotificationsLog: boolean;
}

export interface ConnectionState {
  status: ConnectionStatus;
  message?: string;
}

/** What the broker calls. The last parameters of four methods are this page's own; another host ignores them. */
export interface BrokerHost {
  factory: { createWatchedValue<T>(value: T): WatchedValue<T> };
  connectionStatusUpdate(status: ConnectionStatus, info?: { message?: string; disconnectType?: number }): void;
  orderUpdate(order: Order): void;
  positionUpdate(position: Position): void;
  executionUpdate(execution: Execution): void;
  plUpdate(positionId: string, pl: number, mark?: number): void;
  equityUpdate(equity: number, money?: Money): void;
  realtimeUpdate(symbol: string, data: Realtime): void;
  currentAccountUpdate(parts?: AccountPart[]): void;
  showNotification(title: string, text: string, type?: NotificationType): void;
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
  bid?: number;
  ask?: number;
  spread?: number;
}

export interface Bar {
  /** Epoch milliseconds of its start. */
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume?: number;
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

export interface LibrarySymbolInfo {
  name: string;
  ticker?: string;
  description: string;
  type: string;
  exchange: string;
  timezone: string;
  session: string;
  pricescale: number;
  minmov: number;
  supported_resolutions?: string[];
  volume_precision?: number;
  currency_code?: string;
}

export interface SearchSymbolResultItem {
  symbol: string;
  description: string;
  exchange: string;
  ticker: string;
  type: string;
}

export interface DatafeedConfiguration {
  supported_resolutions: string[];
}

export interface QuoteValues {
  lp: number;
  ask: number;
  bid: number;
  ch: number;
  chp: number;
  description: string;
  exchange: string;
}

export type QuoteData =
  | { s: "ok"; n: string; v: QuoteValues }
  | { s: "error"; n: string; v: { error?: string } };
