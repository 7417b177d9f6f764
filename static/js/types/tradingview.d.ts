/**
 * TradingView's shapes as this page uses them: names and meanings of the Trading Platform's public type definitions, 32.x.
 *
 * Shapes that also go over the wire are derived from the generated types (wire.d.ts). This file adds the interfaces of the
 * platform: `BrokerTerminal` and `Datafeed` are implemented by js/services, `BrokerHost` is what they call. Unset fields are
 * absent, never null. docs/tradingview.md explains the connection.
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

/** The same with the platform's exit levels. */
type WithLevels<T> = Omit<T, "exitLevels"> & { exitLevels?: ExitLevel[] };

export type Side = Wire.Side;
export type OrderType = Wire.OrderType;
export type OrderStatus = Wire.OrderStatus;
export type ConnectionStatus = Wire.ConnectionStatus;
export type NotificationType = 0 | 1;
export type StopType = Wire.StopType;
export type ParentType = Wire.ParentType;

export type PreOrder = WithLevels<Unnulled<Wire.PreOrder>>;
/** `datetime` is epoch milliseconds. */
export type OrderDuration = Unnulled<Wire.OrderDuration>;
/** Where something is to be closed; what is absent is removed. At most one kind of stop. */
export type Brackets = WithLevels<Unnulled<Wire.Brackets>>;
export type OrderMessage = Wire.OrderMessage;
/**
 * One of several exits of an order or a position. `id` is the `exitLevelId` of its bracket orders; `isExisting` marks a level
 * that the broker has already, and is the platform's own.
 */
export type ExitLevel = Unnulled<Wire.ExitLevel> & { isExisting?: boolean };
/** Times are epoch milliseconds. */
export type Order = Insisting<WithLevels<Unnulled<Wire.PlacedOrder>>, "id" | "symbol" | "type" | "side" | "qty" | "status">;
/** `mark` is the price that `pl` is taken at. */
export type Position = Insisting<Unnulled<Wire.Position>, "id" | "symbol" | "qty" | "side" | "avgPrice"> & { mark?: number };
/** The open part of one opening order of a hedging account. `date` is epoch milliseconds. */
export type IndividualPosition = Insisting<
  Unnulled<Wire.IndividualPosition>, "id" | "symbol" | "date" | "qty" | "side" | "price">;
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
/** The clock of the server where it offers control: `target` is the end of an advance. */
export type ClockState = Unnulled<Wire.ClockState>;
export type ClockChange = { mode?: ClockState["mode"]; speed?: number };
/** Exactly one of `by` (milliseconds) and `until`; `limit` is the longest advance to an event, in milliseconds. */
export type ClockAdvance = { by?: number; until?: "open" | "close"; symbol?: string; limit?: number };
/** A rule that makes something go wrong, and how often it matched and was applied. */
export type Fault = Unnulled<Wire.Fault>;
export type FaultRequest = Pick<Fault, "stage" | "do"> & Partial<Pick<Fault, "name" | "match" | "phase" | "times">>;
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
/** An answer to every flag of the platform that this broker knows. */
export type FullBrokerConfig = Omit<Wire.BrokerConfig, "durations"> & { durations: OrderDurationMetaInfo[] };
export type BrokerConfigFlags = Partial<FullBrokerConfig> & Pick<FullBrokerConfig, "durations">;
/** Value of a pip of one lot in the account's currency. */
export type PipValues = Pick<Wire.PipValues, "buyPipValue" | "sellPipValue">;
/** 8: the connection broke and is opened again. 10: the sign-in failed. The platform has 0 to 7 and 9 as well. */
export type DisconnectType = 8 | 10;
export type DOMLevel = Wire.DOMLevel;
/** Best asks first in `asks`, best bids last in `bids`: both ascending by price. */
export type DOMData = Wire.DOMData;
/** `time` is epoch milliseconds of its start. */
export type Bar = Insisting<Wire.Bar, "time" | "open" | "high" | "low" | "close">;
/** Closes of the bars of the trading day. Not a shape of TradingView's. */
export type Sparkline = Wire.Sparkline;
export type LibrarySymbolInfo = Insisting<Unnulled<Wire.LibrarySymbolInfo>,
  "name" | "description" | "type" | "exchange" | "listed_exchange" | "timezone" | "session" | "format" | "pricescale" | "minmov">;
export type SearchSymbolResultItem = Insisting<
  Unnulled<Wire.SearchSymbolResultItem>, "symbol" | "description" | "exchange" | "ticker" | "type">;
export interface SearchSymbolsPage {
  symbols: SearchSymbolResultItem[];
  /** Matches after this page. */
  symbolsRemaining: number;
}
/** `start` is the number of matches before the page. */
export interface SearchSymbolsOptions {
  userInput: string;
  exchange: string;
  symbolType: string;
  start?: number;
}
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
  supportMultipleExitLevels?: boolean;
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
  individualPositionColumns: AccountManagerColumn[];
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

/**
 * TradingView's IBrokerConnectionAdapterHost: what a broker calls. The last parameters of some methods are this page's own;
 * another host ignores them. The methods of individual positions are missing in a host that shows only net positions.
 */
export interface BrokerHost {
  factory: { createWatchedValue<T>(value: T): WatchedValue<T>; createDelegate(): Delegate };
  connectionStatusUpdate(status: ConnectionStatus, info?: { message?: string; disconnectType?: DisconnectType }): void;
  orderUpdate(order: Order): void;
  orderPartialUpdate(id: string, changes: Partial<Order>): void;
  positionUpdate(position: Position): void;
  positionPartialUpdate(id: string, changes: Partial<Position>): void;
  individualPositionUpdate?(position: IndividualPosition): void;
  individualPositionPartialUpdate?(id: string, changes: Partial<IndividualPosition>): void;
  executionUpdate(execution: Execution): void;
  plUpdate(positionId: string, pl: number, mark?: number): void;
  individualPositionPLUpdate?(individualPositionId: string, pl: number): void;
  equityUpdate(equity: number, money?: Money): void;
  marginAvailableUpdate(marginAvailable: number): void;
  pipValueUpdate(symbol: string, values: PipValues): void;
  realtimeUpdate(symbol: string, data: Realtime): void;
  domUpdate(symbol: string, data: DOMData): void;
  currentAccountUpdate(parts?: AccountPart[]): void;
  setDurations(durations: OrderDurationMetaInfo[]): void;
  patchConfig(flags: Partial<BrokerConfigFlags>): void;
  showNotification(title: string, text: string, type?: NotificationType): void;
  defaultContextMenuActions?(context: unknown): Promise<unknown[]>;
  silentOrdersPlacement?(): WatchedValue<boolean>;
  showOrderDialog?(order: Order | PreOrder): Promise<boolean>;
  showConfirmDialog?(title: string, content: string | string[]): Promise<boolean>;
}

/** TradingView's IBrokerTerminal: what the host calls. Every command is confirmed by an update of the host within 10 s. */
export interface BrokerTerminal {
  connectionStatus(): ConnectionStatus;
  accountsMetainfo(): Promise<AccountMetainfo[]>;
  currentAccount(): string;
  setCurrentAccount(id: string): void;
  accountManagerInfo(): AccountManagerInfo;
  chartContextMenuActions(context: unknown): Promise<unknown[]>;
  isTradable(symbol: string): Promise<IsTradableResult>;
  symbolInfo(symbol: string): Promise<InstrumentInfo>;
  formatter(symbol: string): Promise<NumberFormatter>;
  spreadFormatter(symbol: string): Promise<NumberFormatter>;
  quantityFormatter(symbol: string): Promise<NumberFormatter>;
  getSymbolSpecificTradingOptions(symbol: string): Promise<SymbolSpecificTradingOptions>;
  orders(): Promise<Order[]>;
  ordersHistory(): Promise<Order[]>;
  positions(): Promise<Position[]>;
  individualPositions(): Promise<IndividualPosition[]>;
  executions(symbol: string): Promise<Execution[]>;
  placeOrder(order: PreOrder, confirmId?: string): Promise<{ orderId?: string }>;
  previewOrder(order: PreOrder): Promise<OrderPreviewResult>;
  modifyOrder(order: Order, confirmId?: string): Promise<void>;
  cancelOrder(id: string): Promise<void>;
  cancelOrders(symbol: string, side: Side | undefined, ids: string[]): Promise<void>;
  closePosition(id: string, amount?: number): Promise<void>;
  reversePosition(id: string): Promise<void>;
  editPositionBrackets(id: string, brackets: Brackets, customFields?: Record<string, unknown>): Promise<void>;
  closeIndividualPosition(id: string, amount?: number): Promise<void>;
  editIndividualPositionBrackets(id: string, brackets: Brackets): Promise<void>;
  leverageInfo(params: LeverageInfoParams): Promise<LeverageInfo>;
  setLeverage(params: LeverageSetParams): Promise<{ leverage: number }>;
  previewLeverage(params: LeverageSetParams): Promise<LeveragePreviewResult>;
  subscribeRealtime(symbol: string): void;
  unsubscribeRealtime(symbol: string): void;
  subscribeDOM(symbol: string): void;
  unsubscribeDOM(symbol: string): void;
  subscribeEquity(): void;
  unsubscribeEquity(): void;
  subscribeMarginAvailable(symbol: string): void;
  unsubscribeMarginAvailable(symbol: string): void;
  subscribePipValue(symbol: string): void;
  unsubscribePipValue(symbol: string): void;
}

/** TradingView's datafeed: IExternalDatafeed, IDatafeedChartApi and IDatafeedQuotesApi. No callback is called synchronously. */
export interface Datafeed {
  onReady(callback: (configuration: DatafeedConfiguration) => void): void;
  searchSymbols(input: string, exchange: string, type: string, onResult: (items: SearchSymbolResultItem[]) => void): void;
  searchSymbolsPaginated(options: SearchSymbolsOptions, onResult: (page: SearchSymbolsPage) => void): void;
  resolveSymbol(name: string, onResolved: (info: LibrarySymbolInfo) => void, onError: (reason: string) => void): void;
  getBars(
    symbolInfo: LibrarySymbolInfo, resolution: string, period: PeriodParams,
    onHistory: (bars: Bar[], meta: HistoryMetadata) => void, onError: (reason: string) => void,
  ): void;
  subscribeBars(
    symbolInfo: LibrarySymbolInfo, resolution: string, onTick: (bar: Bar) => void, guid: string, onResetCacheNeeded: () => void,
  ): void;
  unsubscribeBars(guid: string): void;
  getQuotes(symbols: string[], onQuotes: (quotes: QuoteData[]) => void, onError: (reason: string) => void): void;
  subscribeQuotes(symbols: string[], fastSymbols: string[], onQuotes: (quotes: QuoteData[]) => void, guid: string): void;
  unsubscribeQuotes(guid: string): void;
  subscribeDepth(symbol: string, callback: (depth: DOMData) => void): string;
  unsubscribeDepth(uid: string): void;
  getServerTime(callback: (seconds: number) => void): void;
}

/** A layout as the library saves it; `content` is its own text. */
export interface ChartData {
  id?: string | number;
  name: string;
  content: string;
  symbol: string;
  resolution: string;
}
/** `timestamp` is epoch seconds. */
export type ChartMetaInfo = Omit<ChartData, "content"> & { id: number; timestamp: number };
export interface StudyTemplate {
  name: string;
  content: string;
}

/** TradingView's IExternalSaveLoadAdapter: layouts and templates. */
export interface SaveLoadAdapter {
  getAllCharts(): Promise<ChartMetaInfo[]>;
  getChartContent(id: string | number): Promise<string>;
  saveChart(chart: ChartData): Promise<string | number>;
  removeChart(id: string | number): Promise<void>;
  getAllStudyTemplates(): Promise<{ name: string }[]>;
  getStudyTemplateContent(template: { name: string }): Promise<string>;
  saveStudyTemplate(template: StudyTemplate): Promise<void>;
  removeStudyTemplate(template: { name: string }): Promise<void>;
  getDrawingTemplates(tool: string): Promise<string[]>;
  loadDrawingTemplate(tool: string, name: string): Promise<string>;
  saveDrawingTemplate(tool: string, name: string, content: string): Promise<void>;
  removeDrawingTemplate(tool: string, name: string): Promise<void>;
  getAllChartTemplates(): Promise<string[]>;
  getChartTemplateContent(name: string): Promise<{ content?: unknown }>;
  saveChartTemplate(name: string, content: unknown): Promise<void>;
  removeChartTemplate(name: string): Promise<void>;
}

/** TradingView's BrokerCustomUI: dialogs of the page instead of the platform's. True: the trader confirmed, and it was sent. */
export interface BrokerCustomUI {
  showOrderDialog(order: Order | PreOrder): Promise<boolean>;
  showPositionDialog(position: Position | IndividualPosition, brackets: Brackets): Promise<boolean>;
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
