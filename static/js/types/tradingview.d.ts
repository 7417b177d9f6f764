/**
 * TradingView's shapes as this page uses them: names and meanings of the Trading Platform's public type definitions.
 * Unset fields are absent, never null.
 */

export type Side = 1 | -1;
export type OrderType = 1 | 2 | 3 | 4;
export type OrderStatus = 1 | 2 | 3 | 4 | 5 | 6;
export type ConnectionStatus = 1 | 2 | 3 | 4;
export type NotificationType = 0 | 1;
export type StopType = 0 | 1 | 2;
export type ParentType = 1 | 2 | 3;

export interface PreOrder {
  symbol: string;
  type: OrderType;
  side: Side;
  qty: number;
  limitPrice?: number;
  stopPrice?: number;
  takeProfit?: number;
  stopLoss?: number;
  guaranteedStop?: number;
  trailingStopPips?: number;
  stopType?: StopType;
  duration?: OrderDuration;
  seenPrice?: number;
  currentQuotes?: { ask: number; bid: number };
  isClose?: boolean;
  /** This broker's own: never take liquidity. */
  postOnly?: boolean;
  customFields?: Record<string, unknown>;
}

/** `datetime` is epoch milliseconds. */
export interface OrderDuration {
  type: string;
  datetime?: number;
}

/** Where something is to be closed; what is absent is removed. At most one kind of stop. */
export interface Brackets {
  takeProfit?: number;
  stopLoss?: number;
  guaranteedStop?: number;
  trailingStopPips?: number;
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
  parentType?: ParentType;
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
  takeProfit?: number;
  stopLoss?: number;
  guaranteedStop?: number;
  trailingStopPips?: number;
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
  /** Warns while the account is short of margin. */
  message?: OrderMessage;
  updateTime: number;
}

export interface AccountMetainfo {
  id: string;
  name: string;
  type?: string;
  currency?: string;
  currencySign?: string;
}

/** A new account of this broker; without a balance it gets the usual one. */
export interface AccountCreate {
  name: string;
  balance?: number;
}

export interface InstrumentInfo {
  symbol: string;
  description: string;
  qty: { min: number; max: number; step: number; default?: number };
  minTick: number;
  pipSize: number;
  pipValue: number;
  variableMinTick?: string;
  lotSize?: number;
  bigPointValue?: number;
  type?: string;
  leverage?: string;
  marginRate?: number;
  limitPriceStep?: number;
  stopPriceStep?: number;
  currency?: string;
  baseCurrency?: string;
  quoteCurrency?: string;
  allowedDurations?: string[];
  allowedOrderTypes?: OrderType[];
}

export interface LeverageInfoParams {
  symbol: string;
  orderType: OrderType;
  side: Side;
  customFields?: Record<string, unknown>;
}

export interface LeverageInfo {
  title: string;
  leverage: number;
  min: number;
  max: number;
  step: number;
}

export interface LeverageSetParams extends LeverageInfoParams {
  leverage: number;
}

export interface LeveragePreviewResult {
  infos?: string[];
  warnings?: string[];
  errors?: string[];
}

export interface OrderPreviewResult {
  sections: { header?: string; rows: { title: string; value: string }[] }[];
  confirmId?: string;
  warnings?: string[];
  errors?: string[];
}

export interface OrderDurationMetaInfo {
  name: string;
  value: string;
  hasDatePicker?: boolean;
  hasTimePicker?: boolean;
  default?: boolean;
  supportedOrderTypes?: OrderType[];
}

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

/** Flags that the page asks about; the server sends more of them. `durations` is this broker's own. */
export interface BrokerConfigFlags {
  durations: OrderDurationMetaInfo[];
  supportMarketBrackets: boolean;
  supportOrderBrackets: boolean;
  supportPositionBrackets: boolean;
  supportModifyBrackets: boolean;
  supportModifyDuration: boolean;
  supportTrailingStop: boolean;
  supportGuaranteedStop: boolean;
  supportReversePosition: boolean;
  supportLeverage: boolean;
  supportPlaceOrderPreview: boolean;
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

export interface DOMLevel {
  price: number;
  volume: number;
}

/** Best asks first in `asks`, best bids last in `bids`: both ascending by price. */
export interface DOMData {
  snapshot: boolean;
  asks: DOMLevel[];
  bids: DOMLevel[];
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
  listed_exchange: string;
  timezone: string;
  session: string;
  format: "price" | "volume";
  pricescale: number;
  minmov: number;
  has_intraday?: boolean;
  intraday_multipliers?: string[];
  has_daily?: boolean;
  daily_multipliers?: string[];
  has_weekly_and_monthly?: boolean;
  supported_resolutions?: string[];
  volume_precision?: number;
  data_status?: "streaming" | "endofday" | "delayed_streaming";
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
  exchanges?: { value: string; name: string; desc: string }[];
  symbols_types?: { name: string; value: string }[];
  supports_marks?: boolean;
  supports_timescale_marks?: boolean;
  supports_time?: boolean;
}

export interface QuoteValues {
  lp: number;
  ask: number;
  bid: number;
  spread: number;
  ch: number;
  chp: number;
  open_price: number;
  high_price: number;
  low_price: number;
  prev_close_price: number;
  volume: number;
  short_name: string;
  original_name: string;
  description: string;
  exchange: string;
}

export type QuoteData =
  | { s: "ok"; n: string; v: QuoteValues }
  | { s: "error"; n: string; v: { error?: string } };
