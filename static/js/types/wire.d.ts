// Generated from the specs by `make clients`; changes belong into the server's models.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AccountCreate
         * @description A new account; the server chooses an id where none is sent. Every instrument needs a rate to its currency.
         */
        AccountCreate: {
            /** @default 100000 */
            balance?: number;
            /** @default USD */
            currency?: string;
            /** @default null */
            id?: string | null;
            /** @default Paper account */
            name?: string;
            /** @default null */
            profile?: components["schemas"]["Profile"] | null;
        };
        /**
         * AccountInfo
         * @description An account with its deposit and its rules.
         */
        AccountInfo: {
            currency: string;
            deposit: number;
            id: string;
            name: string;
            profile: components["schemas"]["Profile"];
            /** @constant */
            type: "demo";
        };
        /**
         * AccountMessage
         * @description A message to the owner of an account.
         */
        AccountMessage: {
            text: string;
            /** @enum {string} */
            type: "information" | "warning" | "error";
        };
        /**
         * AccountMetainfo
         * @description Id, name and currency of an account. Source: TradingView, AccountMetainfo.
         */
        AccountMetainfo: {
            currency: string;
            id: string;
            name: string;
            /** @constant */
            type: "demo";
        };
        /**
         * AccountReset
         * @description Balance and rules of an account that is reset; by default its former ones.
         */
        AccountReset: {
            /** @default null */
            balance?: number | null;
            /** @default null */
            profile?: components["schemas"]["Profile"] | null;
        };
        /**
         * ApiVersion
         * @description One version of the contract; `breaking_changes` says what differs from the version before, one change a text.
         */
        ApiVersion: {
            breaking_changes: string[];
            deprecation_notice: string | null;
            release_date: string;
            /** @enum {string} */
            status: "stable" | "beta" | "deprecated";
            sunset_date: string | null;
            version: string;
        };
        /**
         * BandwidthAction
         * @description Send at most `bytesPerS` bytes a second.
         */
        BandwidthAction: {
            bytesPerS: number;
        };
        /**
         * Bar
         * @description One bar on the wire; `time` is epoch milliseconds of its start. Source: TradingView, Bar.
         */
        Bar: {
            close: number;
            high: number;
            low: number;
            open: number;
            time: number;
            volume: number;
        };
        /**
         * BarsReply
         * @description History of one symbol, ascending; without bars `next_time` (epoch milliseconds) is the nearest older bar.
         */
        BarsReply: {
            bars: components["schemas"]["Bar"][];
            next_time: number | null;
            no_data: boolean;
        };
        /**
         * BarsSubscriptionRequest
         * @description Subscription to the bars of a symbol; the topic keeps the client's spelling.
         */
        BarsSubscriptionRequest: {
            /** @enum {string} */
            resolution: "1" | "3" | "5" | "15" | "30" | "60" | "240" | "1D" | "1W" | "1M" | "D" | "W" | "M";
            symbol: string;
        };
        /**
         * Brackets
         * @description Bracket prices of a position; a field that is absent or null removes that bracket.
         */
        Brackets: {
            /** @default null */
            exitLevels?: components["schemas"]["ExitLevel"][] | null;
            /** @default null */
            guaranteedStop?: number | null;
            /** @default null */
            stopLoss?: number | null;
            /**
             * @description Limit price of the `stopLoss` leg, which then is a stop-limit order. Absent keeps the present one as long as there is a `stopLoss`, null removes it.
             * @default null
             */
            stopLossLimit?: number | null;
            /** @default null */
            takeProfit?: number | null;
            /** @default null */
            trailingStopPips?: number | null;
        };
        /**
         * BrokerConfig
         * @description `GET /broker/config`: the flags and the supported durations.
         */
        BrokerConfig: {
            closePositionCancelsOrders: boolean;
            durations: components["schemas"]["DurationInfo"][];
            positionPLInInstrumentCurrency: boolean;
            requiresFIFOCloseIndividualPositions: boolean;
            showNotificationsLog: boolean;
            showRiskInInstrumentCurrency: boolean;
            supportAddBracketsToExistingOrder: boolean;
            supportBalances: boolean;
            supportCancellingBothBracketsOnly: boolean;
            supportCloseIndividualPosition: boolean;
            supportClosePosition: boolean;
            supportCryptoExchangeOrderTicket: boolean;
            supportDemoLiveSwitcher: boolean;
            supportEditAmount: boolean;
            supportExecutions: boolean;
            supportGuaranteedStop: boolean;
            supportIndividualPositionBrackets: boolean;
            supportLevel2Data: boolean;
            supportLeverage: boolean;
            supportLeverageButton: boolean;
            supportLimitOrders: boolean;
            supportMargin: boolean;
            supportMarketBrackets: boolean;
            supportMarketOrders: boolean;
            supportModifyBrackets: boolean;
            supportModifyDuration: boolean;
            supportModifyOrderPreview: boolean;
            supportModifyOrderPrice: boolean;
            supportModifyOrderType: boolean;
            supportModifyTrailingStop: boolean;
            supportMultipleExitLevels: boolean;
            supportMultiposition: boolean;
            supportNativeReversePosition: boolean;
            supportOnlyPairOrderBrackets: boolean;
            supportOnlyPairPositionBrackets: boolean;
            supportOrderBrackets: boolean;
            supportOrdersHistory: boolean;
            supportPartialCloseIndividualPosition: boolean;
            supportPartialClosePosition: boolean;
            supportPlaceOrderPreview: boolean;
            supportPLUpdate: boolean;
            supportPositionBrackets: boolean;
            supportPositionNetting: boolean;
            supportPositions: boolean;
            supportPreviewClosePosition: boolean;
            supportReversePosition: boolean;
            supportStopLimitOrders: boolean;
            supportStopOrders: boolean;
            supportStopOrdersInBothDirections: boolean;
            supportSymbolSearch: boolean;
            supportTrailingStop: boolean;
            supportUnpairedExitLevels: boolean;
        };
        /**
         * BrokerConnectionStatus
         * @description Current state of the broker; `timestamp` is epoch milliseconds.
         */
        BrokerConnectionStatus: {
            disconnectType: number | null;
            message: string | null;
            status: components["schemas"]["ConnectionStatus"];
            timestamp: number;
        };
        /**
         * BrokerConnectionSubscriptionRequest
         * @description The account of a `broker-connection` subscription.
         */
        BrokerConnectionSubscriptionRequest: {
            accountId: string;
        };
        /**
         * BusHealth
         * @description The connection of a core or an edge to the bus.
         */
        BusHealth: {
            /** @description URL of the core, as an edge knows it; null at the core. */
            core: string | null;
            /** @description Updates that the other side does not have yet. */
            lag: number;
            /** @description Age of the oldest of them, in milliseconds. */
            lag_ms: number;
            /** @enum {string} */
            role: "core" | "edge";
            /**
             * @description `away` without a connection, `catching-up` while older updates are sent or received.
             * @enum {string}
             */
            status: "connected" | "catching-up" | "away";
        };
        /**
         * ChartContent
         * @description A saved layout; `timestamp` is epoch seconds.
         */
        ChartContent: {
            content: string;
            id: number;
            name: string;
            timestamp: number;
        };
        /**
         * ChartList
         * @description The layouts of an owner, oldest first.
         */
        ChartList: {
            data: components["schemas"]["ChartMetaInfo"][];
            /** @constant */
            status: "ok";
        };
        /**
         * ChartMetaInfo
         * @description A saved layout without its content; `timestamp` is epoch seconds.
         */
        ChartMetaInfo: {
            id: number;
            name: string;
            resolution: string;
            symbol: string;
            timestamp: number;
        };
        /**
         * ChartsReply
         * @description Answer of `GET /charts`.
         */
        ChartsReply: components["schemas"]["ChartList"] | components["schemas"]["LoadedChart"] | components["schemas"]["StorageError"];
        /**
         * ChartToSave
         * @description A layout to save, as a form or as JSON; `content` is that of the chart library.
         */
        ChartToSave: {
            content: string;
            name: string;
            /** @default  */
            resolution?: string;
            /** @default  */
            symbol?: string;
        };
        /**
         * ClientReport
         * @description How a client behaved.
         */
        ClientReport: {
            account: string | null;
            cancelsAfterFill: number;
            faults: number;
            gaps: components["schemas"]["GapReport"];
            messages: number;
            orders: components["schemas"]["ResentOrders"];
            reconnects: components["schemas"]["Reconnects"];
            requests: number;
            retryAfter: components["schemas"]["RetryAfterReport"];
            session: string | null;
            topics: components["schemas"]["TopicReport"];
        };
        /**
         * ClockAdvance
         * @description How far to move the clock forward: exactly one of `to`, `by` and `until`. `to` is an instant, `by` a length in milliseconds. `until` ends at the next open or close of `symbol`, at the begin of its next bar of `resolution`, at the next execution, or at the next event of the world, but after `limit` milliseconds at the latest.
         */
        ClockAdvance: {
            /** @default null */
            by?: number | null;
            /** @default null */
            limit?: number | null;
            /** @default null */
            resolution?: ("1" | "3" | "5" | "15" | "30" | "60" | "240" | "1D" | "1W" | "1M" | "D" | "W" | "M") | null;
            /** @default null */
            symbol?: string | null;
            /** @default null */
            to?: number | null;
            /** @default null */
            until?: ("open" | "close" | "bar" | "fill" | "event") | null;
        };
        /**
         * ClockChange
         * @description New mode and speed; a field that is absent or null keeps its value.
         */
        ClockChange: {
            /** @default null */
            mode?: ("running" | "paused") | null;
            /** @default null */
            speed?: number | null;
        };
        /**
         * ClockHealth
         * @description Market time in epoch milliseconds, and the market seconds in one second; 0 while the clock stands still.
         */
        ClockHealth: {
            now: number;
            speed: number;
        };
        /**
         * ClockState
         * @description The clock of a world. `speed` is the market seconds in one second while it runs. `target` is the end of an advance, null without one.
         */
        ClockState: {
            /** @enum {string} */
            mode: "running" | "paused";
            now: number;
            /** @constant */
            object: "clock";
            speed: number;
            /** @enum {string} */
            status: "ready" | "advancing" | "failed";
            target: number | null;
        };
        /**
         * ClockSubscription
         * @description The clock of the world; an update after each change of it.
         */
        ClockSubscription: Record<string, never>;
        /**
         * CloseAction
         * @description Close a socket with a close code.
         */
        CloseAction: {
            /** @default 1012 */
            code?: number;
        };
        /**
         * ClosePositionRequest
         * @description Quantity of a position to close; all of it without `amount`.
         */
        ClosePositionRequest: {
            /** @default null */
            amount?: number | null;
        };
        /**
         * Commission
         * @description Commission of a trade in account currency: `perTrade + perUnit * qty + rate * notional`, at least `minimum`. `rate`, `makerRate` and `takerRate` are fractions of the notional; the last two add to the first.
         */
        Commission: {
            /** @default 0 */
            makerRate?: number;
            /** @default 0 */
            minimum?: number;
            /** @default 0 */
            perTrade?: number;
            /** @default 0 */
            perUnit?: number;
            /** @default 0 */
            rate?: number;
            /** @default 0 */
            takerRate?: number;
        };
        /**
         * ConnectionStatus
         * @description Source: TradingView, ConnectionStatus.
         * @enum {integer}
         */
        ConnectionStatus: 1 | 2 | 3 | 4;
        /**
         * CurrentQuotes
         * @description The quote on the client's screen.
         */
        CurrentQuotes: {
            ask: number;
            bid: number;
        };
        /**
         * DatafeedConfiguration
         * @description The supported features of the datafeed. Source: TradingView, DatafeedConfiguration.
         */
        DatafeedConfiguration: {
            exchanges: components["schemas"]["Exchange"][];
            supported_resolutions: string[];
            /** @default false */
            supports_group_request?: boolean;
            supports_marks: boolean;
            /** @default true */
            supports_search?: boolean;
            supports_time: boolean;
            supports_timescale_marks: boolean;
            symbols_types: components["schemas"]["SymbolType"][];
        };
        /**
         * DepthSubscriptionRequest
         * @description Subscription to the order book of a symbol.
         */
        DepthSubscriptionRequest: {
            symbol: string;
        };
        /**
         * DOMData
         * @description The order book, or its changes since the last snapshot; prices ascending on both sides. A change has the new volume of a level, 0 for a removed level. Source: TradingView, DOMData.
         */
        DOMData: {
            asks: components["schemas"]["DOMLevel"][];
            bids: components["schemas"]["DOMLevel"][];
            snapshot: boolean;
        };
        /**
         * DOMLevel
         * @description One price of the order book; `volume` is null where the size is not told. Source: TradingView, DOMLevel.
         */
        DOMLevel: {
            price: number;
            volume: number | null;
        };
        /**
         * DrawingTemplateList
         * @description The names of an owner's templates of one drawing tool, oldest first.
         */
        DrawingTemplateList: {
            data: string[];
            /** @constant */
            status: "ok";
        };
        /**
         * DrawingTemplatesReply
         * @description Answer of `GET /drawing_templates`.
         */
        DrawingTemplatesReply: components["schemas"]["DrawingTemplateList"] | components["schemas"]["LoadedTemplate"] | components["schemas"]["StorageError"];
        /**
         * DrawingTemplateToSave
         * @description A drawing template to save, as a form or as JSON; tool and name are in the query.
         */
        DrawingTemplateToSave: {
            content: string;
        };
        /**
         * DurationAction
         * @description A duration in milliseconds.
         */
        DurationAction: {
            ms: number;
        };
        /**
         * DurationInfo
         * @description A supported time in force. Source: TradingView, OrderDurationMetaInfo.
         */
        DurationInfo: {
            default: boolean;
            hasDatePicker: boolean;
            hasTimePicker: boolean;
            name: string;
            supportedOrderTypes: components["schemas"]["OrderType"][] | null;
            value: string;
        };
        /**
         * EditBracketsRequest
         * @description Brackets of a position: in `brackets` as TradingView sends them, or bare.
         */
        EditBracketsRequest: {
            /** @default null */
            brackets?: components["schemas"]["Brackets"] | null;
            /** @default null */
            customFields?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** @default null */
            exitLevels?: components["schemas"]["ExitLevel"][] | null;
            /** @default null */
            guaranteedStop?: number | null;
            /** @default null */
            stopLoss?: number | null;
            /** @default null */
            stopLossLimit?: number | null;
            /** @default null */
            takeProfit?: number | null;
            /** @default null */
            trailingStopPips?: number | null;
        };
        /**
         * EquityData
         * @description The money of an account, in its currency: equity = balance + unrealizedPL. `marginUsed` is the margin of the positions, `marginAvailable` is equity minus that and the margin of open orders; `message` is a warning while the account is below its maintenance margin.
         */
        EquityData: {
            balance: number;
            commission: number;
            currency: string;
            equity: number;
            marginAvailable: number;
            marginUsed: number;
            message: components["schemas"]["AccountMessage"] | null;
            realizedPL: number;
            unrealizedPL: number;
            updateTime: number;
        };
        /**
         * EquityHistory
         * @description Equity of an account over time, oldest first; it begins with the account, or with the oldest trade it keeps.
         */
        EquityHistory: {
            points: components["schemas"]["EquityPoint"][];
            resolution: string;
        };
        /**
         * EquityPoint
         * @description Begin of a period in epoch milliseconds, and the equity at its end.
         */
        EquityPoint: {
            equity: number;
            time: number;
        };
        /**
         * EquitySubscriptionRequest
         * @description The account of an `equity` subscription.
         */
        EquitySubscriptionRequest: {
            accountId: string;
        };
        /**
         * ErrorPayload
         * @description Why a message was refused.
         */
        ErrorPayload: {
            code: string;
            message: string;
        };
        /**
         * Exchange
         * @description An exchange filter of the symbol search.
         */
        Exchange: {
            desc: string;
            name: string;
            value: string;
        };
        /**
         * Execution
         * @description One trade. `netAmount` is minus its signed value (side * qty * price * point value), minus commission. Both amounts are in the account's currency; of an instrument in another one, at the rate of the trade.
         */
        Execution: {
            commission: number;
            id: string;
            maker: boolean;
            netAmount: number;
            orderId: string;
            price: number;
            qty: number;
            side: components["schemas"]["Side"];
            symbol: string;
            time: number;
        };
        /**
         * ExecutionExplanation
         * @description Rule and figures behind a trade.
         */
        ExecutionExplanation: {
            /** @description Size shown at the level, null when sizes do not limit. */
            displayed: number | null;
            /** @description The random number behind the slippage, null where none was drawn. */
            draw: number | null;
            execution: components["schemas"]["Execution"];
            /** @description Number of the level of the book that was taken, 1 is the best; null for a guaranteed stop. */
            level: number | null;
            /** @description Price of the level. */
            levelPrice: number | null;
            margin: components["schemas"]["MarginSeen"];
            quote: components["schemas"]["QuoteSeen"];
            /** @description The rate of the money, null where the instrument has the account's currency. */
            rate: components["schemas"]["RateSeen"] | null;
            /** @description The line of the fill table. */
            rule: string;
            /** @description Difference by which the price is worse than the rule's. */
            slippage: number;
            /** @description Quantity that the account had taken of the level before. */
            takenBefore: number;
        };
        /**
         * ExecutionSubscriptionRequest
         * @description The account of an `executions` subscription, for all symbols or for one.
         */
        ExecutionSubscriptionRequest: {
            accountId: string;
            /** @default null */
            symbol?: string | null;
        };
        /**
         * ExitLevel
         * @description One of several exits: a quantity with a take-profit, a stop or both, of which one cancels the other.
         */
        ExitLevel: {
            /** @default null */
            guaranteedStop?: number | null;
            /**
             * @description `exitLevelId` of its bracket orders; a level that is sent without an id gets its number.
             * @default null
             */
            id?: string | null;
            qty: number;
            /** @default null */
            stopLoss?: number | null;
            /** @default null */
            stopLossLimit?: number | null;
            /** @default null */
            takeProfit?: number | null;
            /** @default null */
            trailingStopPips?: number | null;
        };
        /**
         * Fault
         * @description A rule with its id and its counts.
         */
        Fault: {
            /** @default 0 */
            after?: number;
            do: components["schemas"]["FaultAction"];
            id: string;
            match?: components["schemas"]["FaultMatch"];
            /** @default  */
            name?: string;
            /**
             * @default before
             * @enum {string}
             */
            phase?: "before" | "after";
            /** @default 1 */
            probability?: number;
            /** @enum {string} */
            stage: "request" | "order" | "push" | "connection";
            stats: components["schemas"]["FaultStats"];
            /** @default null */
            times?: number | null;
        };
        /**
         * FaultAction
         * @description The action of a rule: exactly one field.
         */
        FaultAction: {
            /** @default null */
            bandwidth?: components["schemas"]["BandwidthAction"] | null;
            /** @default null */
            close?: components["schemas"]["CloseAction"] | null;
            /**
             * @description For an order, market time until it arrives at the market; for a message, time until it is sent.
             * @default null
             */
            delay?: components["schemas"]["DurationAction"] | null;
            /** @default null */
            drop?: boolean | null;
            /** @default null */
            duplicate?: boolean | null;
            /** @default null */
            fill?: components["schemas"]["FillAction"] | null;
            /** @default null */
            halfOpen?: boolean | null;
            /** @default null */
            latency?: components["schemas"]["LatencyAction"] | null;
            /** @default null */
            refuse?: boolean | null;
            /** @default null */
            reject?: components["schemas"]["RejectAction"] | null;
            /** @default null */
            reorder?: components["schemas"]["ReorderAction"] | null;
            /** @default null */
            reset?: boolean | null;
            /** @default null */
            stall?: boolean | null;
            /** @default null */
            status?: components["schemas"]["StatusAction"] | null;
            /** @default null */
            timeout?: components["schemas"]["DurationAction"] | null;
            /** @default null */
            truncate?: components["schemas"]["TruncateAction"] | null;
        };
        /**
         * FaultList
         * @description A whole list of rules; the first that matches wins.
         */
        FaultList: {
            faults: components["schemas"]["FaultRequest"][];
        };
        /**
         * FaultMatch
         * @description The cases of a rule: each field that is given must match. In text, `*` stands for any characters.
         */
        FaultMatch: {
            /**
             * @description Id of the account.
             * @default null
             */
            account?: string | null;
            /**
             * @description Address of the client.
             * @default null
             */
            address?: string | null;
            /**
             * @description The client's own id of an order.
             * @default null
             */
            clientOrderId?: string | null;
            /**
             * @description HTTP method, and path without the query; of a socket, the path of its handshake.
             * @default null
             */
            method?: string | null;
            /**
             * @description HTTP method, and path without the query; of a socket, the path of its handshake.
             * @default null
             */
            path?: string | null;
            /**
             * @description Route of a topic, such as "executions".
             * @default null
             */
            route?: string | null;
            /**
             * @description The session in the welcome message of the stream.
             * @default null
             */
            session?: string | null;
            /** @default null */
            side?: components["schemas"]["Side"] | null;
            /** @default null */
            symbol?: string | null;
            /**
             * @description Text of a topic; of a connection, any topic that it holds.
             * @default null
             */
            topic?: string | null;
            /** @default null */
            type?: components["schemas"]["OrderType"] | null;
        };
        /**
         * FaultRequest
         * @description A rule.
         */
        FaultRequest: {
            /**
             * @description Number of matches that pass before the first application.
             * @default 0
             */
            after?: number;
            do: components["schemas"]["FaultAction"];
            /**
             * @description Chosen by the server if it is absent.
             * @default null
             */
            id?: string | null;
            match?: components["schemas"]["FaultMatch"];
            /** @default  */
            name?: string;
            /**
             * @description Of a request: the action comes before the command, or after it, in place of its reply.
             * @default before
             * @enum {string}
             */
            phase?: "before" | "after";
            /**
             * @description Probability that a match is an application.
             * @default 1
             */
            probability?: number;
            /** @enum {string} */
            stage: "request" | "order" | "push" | "connection";
            /**
             * @description Maximum number of applications; null: no maximum.
             * @default null
             */
            times?: number | null;
        };
        /**
         * FaultStats
         * @description How many cases a rule matched, and how often it was applied.
         */
        FaultStats: {
            applied: number;
            matched: number;
        };
        /**
         * FeedHealth
         * @description Kind of the feed and of the sessions, and the symbols whose price is overdue, with the seconds.
         */
        FeedHealth: {
            /** @enum {string} */
            kind: "synthetic" | "replay" | "external";
            /** @enum {string} */
            sessions: "24x7" | "exchange";
            stale: {
                [key: string]: number;
            };
        };
        /**
         * FillAction
         * @description Fill at most `qty` of the order; then it stays as it is, or its rest is canceled.
         */
        FillAction: {
            qty: number;
            /**
             * @default stall
             * @enum {string}
             */
            then?: "stall" | "cancel";
        };
        /**
         * GapReport
         * @description Updates of exact topics that a fault dropped, and those after which the topic was resumed.
         */
        GapReport: {
            notResumed: number;
            resumed: number;
            seen: number;
        };
        /**
         * HaltedQuoteValues
         * @description Values of a quote while trading is halted; `halted` is the begin of the halt.
         */
        HaltedQuoteValues: {
            ask: number;
            bid: number;
            ch: number;
            chp: number;
            description: string;
            exchange: string;
            halted: number;
            high_price: number;
            low_price: number;
            lp: number;
            open_price: number;
            original_name: string;
            prev_close_price: number;
            short_name: string;
            spread: number;
            volume: number;
        };
        /**
         * HeartbeatPayload
         * @description Heartbeat; `serverTime` is market time.
         */
        HeartbeatPayload: {
            serverTime: number;
        };
        /**
         * HelloPayload
         * @description Request for `welcome` and heartbeats; the token is used where the server requires one.
         */
        HelloPayload: {
            /** @default null */
            token?: string | null;
        };
        /**
         * IndividualPLSubscriptionRequest
         * @description The account of an `individual-pl` subscription; an update is the PLUpdate of its individual positions.
         */
        IndividualPLSubscriptionRequest: {
            accountId: string;
        };
        /**
         * IndividualPosition
         * @description The open part of what one order of a hedging account opened; `qty` is 0 in its last update.
         */
        IndividualPosition: {
            /** @description Whether a command can close it; with `fifoClose` only the oldest one of its side. */
            canBeClosed: boolean;
            /** @description When it was opened, in epoch milliseconds. */
            date: number;
            exitLevels: components["schemas"]["ExitLevel"][] | null;
            guaranteedStop: number | null;
            id: string;
            /** @description The order that opened it. */
            orderId: string;
            pl: number;
            /** @description Average price at which it was opened. */
            price: number;
            qty: number;
            realizedPL: number;
            side: components["schemas"]["Side"];
            stopLoss: number | null;
            stopLossLimit: number | null;
            symbol: string;
            takeProfit: number | null;
            trailingStopPips: number | null;
            updateTime: number;
        };
        /**
         * IndividualPositionSubscriptionRequest
         * @description The account of an `individual-positions` subscription.
         */
        IndividualPositionSubscriptionRequest: {
            accountId: string;
        };
        /**
         * InstrumentInfo
         * @description Trading facts of one instrument. Source: TradingView, InstrumentInfo.
         */
        InstrumentInfo: {
            allowedDurations: string[];
            allowedOrderTypes: components["schemas"]["OrderType"][];
            baseCurrency: string | null;
            bigPointValue: number;
            currency: string;
            description: string;
            leverage: string;
            limitPriceStep: number;
            lotSize: number;
            marginRate: number;
            minTick: number;
            pipSize: number;
            pipValue: number;
            qty: components["schemas"]["QtyInfo"];
            quoteCurrency: string | null;
            stopPriceStep: number;
            symbol: string;
            type: string;
            variableMinTick: string | null;
        };
        /** @description Any JSON value. */
        JsonValue: unknown;
        /**
         * LatencyAction
         * @description Wait `ms`, and up to `jitter` milliseconds more.
         */
        LatencyAction: {
            /** @default 0 */
            jitter?: number;
            ms: number;
        };
        /**
         * LedgerHealth
         * @description The ledger audit: checks and violations since the start, and the last violation.
         */
        LedgerHealth: {
            checks: number;
            last: string | null;
            violations: number;
        };
        /**
         * LeverageInfo
         * @description Leverage of a symbol and its range.
         */
        LeverageInfo: {
            leverage: number;
            max: number;
            min: number;
            step: number;
            title: string;
        };
        /**
         * LeveragePreviewResult
         * @description Effect of a change of leverage.
         */
        LeveragePreviewResult: {
            errors: string[] | null;
            infos: string[] | null;
            warnings: string[] | null;
        };
        /**
         * LeverageSetParams
         * @description Leverage that a client requests.
         */
        LeverageSetParams: {
            /** @default null */
            customFields?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            leverage: number;
            /** @default null */
            orderType?: components["schemas"]["OrderType"] | null;
            /** @default null */
            side?: components["schemas"]["Side"] | null;
            symbol: string;
        };
        /**
         * LeverageSetResult
         * @description The new leverage.
         */
        LeverageSetResult: {
            leverage: number;
        };
        /**
         * LibrarySymbolInfo
         * @description A resolved symbol; `ticker` is the plain name: TradingView allows no exchange in it. Source: TradingView.
         */
        LibrarySymbolInfo: {
            corrections: string;
            currency_code: string;
            daily_multipliers: string[];
            /** @enum {string} */
            data_status: "streaming" | "endofday" | "delayed_streaming";
            description: string;
            exchange: string;
            /** @enum {string} */
            format: "price" | "volume";
            full_name: string;
            has_daily: boolean;
            has_intraday: boolean;
            has_weekly_and_monthly: boolean;
            intraday_multipliers: string[];
            listed_exchange: string;
            minmov: number;
            name: string;
            pricescale: number;
            session: string;
            session_holidays: string;
            supported_resolutions: string[];
            ticker: string;
            timezone: string;
            type: string;
            variable_tick_size?: string;
            volume_precision: number;
        };
        /**
         * Limits
         * @description Limits of an account; None is no limit.
         */
        Limits: {
            /**
             * @description Realised and unrealised loss of the day (UTC); at this loss only closing is allowed.
             * @default null
             */
            dailyLoss?: number | null;
            /**
             * @description Orders that are not final, brackets included.
             * @default 1000
             */
            maxOpenOrders?: number | null;
            /**
             * @description Largest position per symbol, in the instrument's natural quantity.
             * @default null
             */
            maxPosition?: number | null;
        };
        /**
         * LinkedOrders
         * @description Two orders of which one cancels the other (OCO): the same symbol, side and quantity.
         */
        LinkedOrders: {
            orders: components["schemas"]["PreOrder"][];
        };
        /**
         * LinkedOrdersResult
         * @description The ids of two linked orders, in the order of the request.
         */
        LinkedOrdersResult: {
            orderIds: string[];
        };
        /**
         * LintHealth
         * @description The linter of `--lint`: checks and violations since the start, and the last violation.
         */
        LintHealth: {
            checks: number;
            last: string | null;
            violations: number;
        };
        /**
         * LoadedChart
         * @description One layout.
         */
        LoadedChart: {
            data: components["schemas"]["ChartContent"];
            /** @constant */
            status: "ok";
        };
        /**
         * LoadedTemplate
         * @description One template.
         */
        LoadedTemplate: {
            data: components["schemas"]["Template"];
            /** @constant */
            status: "ok";
        };
        /**
         * MarginAvailable
         * @description Margin that new risk can use: `marginAvailable` of the account's EquityData. Source: marginAvailableUpdate.
         */
        MarginAvailable: {
            currency: string;
            marginAvailable: number;
            updateTime: number;
        };
        /**
         * MarginAvailableSubscriptionRequest
         * @description The account of a `margin-available` subscription.
         */
        MarginAvailableSubscriptionRequest: {
            accountId: string;
        };
        /**
         * MarginSeen
         * @description Margin figures of the account before a trade; `required` is the margin beyond the reserve of the order.
         */
        MarginSeen: {
            available: number;
            equity: number;
            required: number;
            reserved: number;
            used: number;
        };
        /**
         * ModuleHealth
         * @description Health of one module; `timestamp` is ISO 8601.
         */
        ModuleHealth: {
            api_version: string;
            message: string;
            module_name: string;
            /** @enum {string} */
            status: "ok" | "degraded" | "starting";
            timestamp: string;
        };
        /**
         * NoticePayload
         * @description The connection will be closed in `inMs` milliseconds.
         */
        NoticePayload: {
            code: string;
            inMs: number;
            message: string;
        };
        /**
         * Notification
         * @description A notification, in the arguments of TradingView's `showNotification`; `time` is epoch milliseconds.
         */
        Notification: {
            text: string;
            time: number;
            title: string;
            type: components["schemas"]["NotificationType"];
        };
        /**
         * NotificationSubscriptionRequest
         * @description The account of a `notifications` subscription.
         */
        NotificationSubscriptionRequest: {
            accountId: string;
        };
        /**
         * NotificationType
         * @description Source: TradingView, NotificationType.
         * @enum {integer}
         */
        NotificationType: 0 | 1;
        /**
         * OrderChange
         * @description A change of an order: an absent field keeps its value, null removes it. Prices and quantities are in the instrument's natural units. Symbol, type and side cannot change. Which fields were sent is in `model_fields_set`.
         */
        OrderChange: {
            /** @default null */
            clientOrderId?: string | null;
            /** @default null */
            currentQuotes?: components["schemas"]["CurrentQuotes"] | null;
            /** @default null */
            customFields?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** @default null */
            duration?: components["schemas"]["OrderDuration"] | null;
            /**
             * @description Exits with quantities, instead of `takeProfit`, `stopLoss`, `guaranteedStop` and a trailing bracket.
             * @default null
             */
            exitLevels?: components["schemas"]["ExitLevel"][] | null;
            /** @default null */
            guaranteedStop?: number | null;
            /** @default null */
            isClose?: boolean | null;
            /** @default null */
            limitPrice?: number | null;
            /**
             * @description Value in the quote currency: the order gets the largest quantity that costs no more, and `qty` has no effect.
             * @default null
             */
            notional?: number | null;
            /**
             * @description The individual position that an `isClose` order of a hedging account closes; by default the oldest.
             * @default null
             */
            positionId?: string | null;
            /** @default null */
            postOnly?: boolean | null;
            qty?: number;
            /** @default null */
            seenPrice?: number | null;
            side?: components["schemas"]["Side"];
            /** @default null */
            stopLoss?: number | null;
            /**
             * @description Limit price of the `stopLoss` leg, which then is a stop-limit order.
             * @default null
             */
            stopLossLimit?: number | null;
            /** @default null */
            stopPrice?: number | null;
            /** @default null */
            stopType?: components["schemas"]["StopType"] | null;
            symbol?: string;
            /** @default null */
            takeProfit?: number | null;
            /** @default null */
            trailingStopPips?: number | null;
            /**
             * @description Distance of a trailing stop in percent of the best price, instead of `trailingStopPips`.
             * @default null
             */
            trailPercent?: number | null;
            type?: components["schemas"]["OrderType"];
        };
        /**
         * OrderDuration
         * @description Time in force: `type` is one of `durations` in `GET /broker/config`; `datetime` is epoch milliseconds.
         */
        OrderDuration: {
            /** @default null */
            datetime?: number | null;
            type: string;
        };
        /**
         * OrderMessage
         * @description A message to the owner of an order.
         */
        OrderMessage: {
            text: string;
            /** @enum {string} */
            type: "information" | "warning" | "error";
        };
        /**
         * OrderPreviewResult
         * @description Estimated cost of an order, and the reasons against it. Source: TradingView, OrderPreviewResult.
         */
        OrderPreviewResult: {
            confirmId: string | null;
            errors: string[] | null;
            sections: components["schemas"]["PreviewSection"][];
            warnings: string[] | null;
        };
        /**
         * OrderStatus
         * @description Status of an order; Filled, Canceled and Rejected are final.
         * @enum {integer}
         */
        OrderStatus: 1 | 2 | 3 | 4 | 5 | 6;
        /**
         * OrderSubscriptionRequest
         * @description The account of an `orders` subscription.
         */
        OrderSubscriptionRequest: {
            accountId: string;
        };
        /**
         * OrderType
         * @description Type of an order.
         * @enum {integer}
         */
        OrderType: 1 | 2 | 3 | 4;
        /**
         * ParentType
         * @description Kind of the parent of a bracket.
         * @enum {integer}
         */
        ParentType: 1 | 2 | 3;
        /**
         * PipValues
         * @description Value of a pip of one lot in the account's currency, for a buy and for a sell. Source: pipValueUpdate.
         */
        PipValues: {
            buyPipValue: number;
            sellPipValue: number;
            symbol: string;
        };
        /**
         * PipValueSubscriptionRequest
         * @description The account and the symbol of a `pip-value` subscription.
         */
        PipValueSubscriptionRequest: {
            accountId: string;
            symbol: string;
        };
        /**
         * PlacedOrder
         * @description An order in the server's state. All keys are present, null where unset; times are epoch milliseconds.
         */
        PlacedOrder: {
            avgPrice: number | null;
            clientOrderId: string | null;
            commission: number;
            createTime: number;
            currentQuotes: components["schemas"]["CurrentQuotes"] | null;
            customFields: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            duration: components["schemas"]["OrderDuration"] | null;
            /** @description Of a bracket: `id` of the exit level that it belongs to. */
            exitLevelId: string | null;
            exitLevels: components["schemas"]["ExitLevel"][] | null;
            filledQty: number;
            guaranteedStop: number | null;
            id: string;
            isClose: boolean | null;
            limitPrice: number | null;
            message: components["schemas"]["OrderMessage"] | null;
            notional: number | null;
            parentId: string | null;
            parentType: components["schemas"]["ParentType"] | null;
            positionId: string | null;
            postOnly: boolean | null;
            qty: number;
            reason: string | null;
            /** @description How often its owner changed it. */
            revision: number;
            seenPrice: number | null;
            side: components["schemas"]["Side"];
            status: components["schemas"]["OrderStatus"];
            stopLoss: number | null;
            stopLossLimit: number | null;
            stopPrice: number | null;
            stopType: components["schemas"]["StopType"] | null;
            symbol: string;
            takeProfit: number | null;
            trailingStopPips: number | null;
            trailPercent: number | null;
            type: components["schemas"]["OrderType"];
            updateTime: number;
        };
        /**
         * PlaceOrderResult
         * @description The id of the new order.
         */
        PlaceOrderResult: {
            orderId: string;
        };
        /**
         * PLSubscriptionRequest
         * @description The account of a `pl` subscription.
         */
        PLSubscriptionRequest: {
            accountId: string;
        };
        /**
         * PLUpdate
         * @description The open positions of an account, sent in each tick that moves the mark of one of them.
         */
        PLUpdate: {
            positions: components["schemas"]["PositionPL"][];
            time: number;
        };
        /**
         * Position
         * @description A netted position; `qty` is 0 in its last update, `pl` is unrealised, all money in the account currency. With individual positions on both sides of the market, `avgPrice` is the price at which their sum makes no profit.
         */
        Position: {
            avgPrice: number;
            canBeClosed: boolean;
            exitLevels: components["schemas"]["ExitLevel"][] | null;
            guaranteedStop: number | null;
            id: string;
            pl: number;
            qty: number;
            realizedPL: number;
            side: components["schemas"]["Side"];
            stopLoss: number | null;
            stopLossLimit: number | null;
            symbol: string;
            takeProfit: number | null;
            trailingStopPips: number | null;
            updateTime: number;
        };
        /**
         * PositionPL
         * @description Unrealised profit of one position at one mark price.
         */
        PositionPL: {
            id: string;
            pl: number;
            price: number;
            symbol: string;
        };
        /**
         * PositionSubscriptionRequest
         * @description The account of a `positions` subscription.
         */
        PositionSubscriptionRequest: {
            accountId: string;
        };
        /**
         * PreOrder
         * @description An order as the client sends it. Prices and quantities in the instrument's natural units.
         */
        PreOrder: {
            /** @default null */
            clientOrderId?: string | null;
            /** @default null */
            currentQuotes?: components["schemas"]["CurrentQuotes"] | null;
            /** @default null */
            customFields?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** @default null */
            duration?: components["schemas"]["OrderDuration"] | null;
            /** @default null */
            exitLevels?: components["schemas"]["ExitLevel"][] | null;
            /** @default null */
            guaranteedStop?: number | null;
            /** @default null */
            isClose?: boolean | null;
            /** @default null */
            limitPrice?: number | null;
            /** @default null */
            notional?: number | null;
            /** @default null */
            positionId?: string | null;
            /** @default null */
            postOnly?: boolean | null;
            qty: number;
            /** @default null */
            seenPrice?: number | null;
            side: components["schemas"]["Side"];
            /** @default null */
            stopLoss?: number | null;
            /** @default null */
            stopLossLimit?: number | null;
            /** @default null */
            stopPrice?: number | null;
            /** @default null */
            stopType?: components["schemas"]["StopType"] | null;
            symbol: string;
            /** @default null */
            takeProfit?: number | null;
            /** @default null */
            trailingStopPips?: number | null;
            /** @default null */
            trailPercent?: number | null;
            type: components["schemas"]["OrderType"];
        };
        /**
         * PreviewRow
         * @description One line of an order preview.
         */
        PreviewRow: {
            title: string;
            value: string;
        };
        /**
         * PreviewSection
         * @description A titled group of lines of an order preview.
         */
        PreviewSection: {
            header: string | null;
            rows: components["schemas"]["PreviewRow"][];
        };
        /**
         * Problem
         * @description Error body of every refused request. Source: RFC 9457; `code` and `errors` are our extension members.
         */
        Problem: {
            code: string;
            detail: string;
            /** @default null */
            errors?: components["schemas"]["ValidationIssue"][] | null;
            status: number;
            title: string;
            /** @default about:blank */
            type?: string;
        };
        /**
         * Profile
         * @description The rules of an account.
         */
        Profile: {
            /**
             * @default {
             *       "perTrade": 0,
             *       "perUnit": 0,
             *       "minimum": 0,
             *       "rate": 0,
             *       "makerRate": 0,
             *       "takerRate": 0
             *     }
             */
            commission?: components["schemas"]["Commission"];
            /**
             * @description Seconds between two executions of the simulator model; None is random between 1 and 2.
             * @default null
             */
            executionDelay?: number | null;
            /**
             * @description With `hedging`: whether only the oldest long and the oldest short individual position of a symbol can be closed by a command.
             * @default false
             */
            fifoClose?: boolean;
            /**
             * @description Orders fill by the market's rules, or one random working order at a time fills at its own price.
             * @default market
             * @enum {string}
             */
            fillModel?: "market" | "simulator";
            /**
             * @description Fraction of the notional that a guaranteed stop costs when it trades.
             * @default 0.001
             */
            guaranteedStopPremium?: number;
            /**
             * @description Whether each order opens an individual position beside the symbol's net one; it cannot change while positions are open, and not be combined with `long_only`.
             * @default false
             */
            hedging?: boolean;
            /**
             * @description With the simulator model: orders execute only on command.
             * @default false
             */
            isManual?: boolean;
            /**
             * @description Time between the acceptance of an order and the first quote that it can trade on.
             * @default 0
             */
            latencyMs?: number;
            /**
             * @description Notional that one unit of margin carries, for symbols without their own leverage.
             * @default 10
             */
            leverage?: number;
            /**
             * @default {
             *       "maxOpenOrders": 1000,
             *       "maxPosition": null,
             *       "dailyLoss": null
             *     }
             */
            limits?: components["schemas"]["Limits"];
            /**
             * @description Whether no trade may open a short position.
             * @default false
             */
            longOnly?: boolean;
            /**
             * @description Equity below this multiple of the margin used starts a margin call; None: no margin calls.
             * @default 1
             */
            marginCall?: number | null;
            /**
             * @description Open positions are valued at the quote that closing them would get, or at the last price.
             * @default quote
             * @enum {string}
             */
            mark?: "quote" | "last";
            /**
             * @default {
             *       "ticks": 0,
             *       "probability": 0,
             *       "volumeShare": 1
             *     }
             */
            slippage?: components["schemas"]["Slippage"];
            /**
             * @description Whether a stop may be on the other side of the market (market if touched).
             * @default false
             */
            stopOrdersBothDirections?: boolean;
            /**
             * @description Equity below this multiple of the margin used closes positions; None: no stop-out.
             * @default 0.5
             */
            stopOut?: number | null;
            /**
             * @description Whether only closing is allowed.
             * @default false
             */
            suspended?: boolean;
            /**
             * @description Whether a resting limit trades when its price is touched, or only when it is traded through.
             * @default true
             */
            touch?: boolean;
            /**
             * @description Whether every order fills whole, whatever size is displayed.
             * @default false
             */
            unlimitedSize?: boolean;
        };
        /**
         * PublishResponsePayload
         * @description Answer to ticks on a socket; `code` is the broken rule of a refused batch, of which no tick was accepted.
         */
        PublishResponsePayload: {
            accepted: number;
            code: string | null;
            message: string;
            /** @enum {string} */
            status: "ok" | "error";
        };
        /**
         * QtyInfo
         * @description Quantity range and step.
         */
        QtyInfo: {
            default: number;
            max: number;
            min: number;
            step: number;
        };
        /**
         * QuoteData
         * @description One quote; `n` is the requested name. Source: TradingView, QuoteData.
         */
        QuoteData: {
            n: string;
            /** @enum {string} */
            s: "ok" | "error";
            v: components["schemas"]["StaleUntradedQuoteValues"] | components["schemas"]["UntradedQuoteValues"] | components["schemas"]["StaleQuoteValues"] | components["schemas"]["HaltedQuoteValues"] | components["schemas"]["QuoteValues"] | components["schemas"]["QuoteError"];
        };
        /**
         * QuoteDataSubscriptionRequest
         * @description Subscription to quotes: `fast_symbols` at every tick, `symbols` at most once a minute; fast is preferred.
         */
        QuoteDataSubscriptionRequest: {
            /** @default [] */
            fast_symbols?: string[];
            /** @default [] */
            symbols?: string[];
        };
        /**
         * QuoteError
         * @description Values of a quote without a price.
         */
        QuoteError: {
            error: string;
        };
        /**
         * QuoteSeen
         * @description The quote that a trade was decided on; `time` is epoch milliseconds, a size is null where it was not told.
         */
        QuoteSeen: {
            ask: number;
            askSize: number | null;
            bid: number;
            bidSize: number | null;
            last: number;
            time: number;
        };
        /**
         * QuotesRequest
         * @description A request for quotes of at most 500 names.
         */
        QuotesRequest: {
            symbols: string[];
        };
        /**
         * QuoteValues
         * @description Values of a good quote. Source: TradingView, DatafeedQuoteValues.
         */
        QuoteValues: {
            ask: number;
            bid: number;
            ch: number;
            chp: number;
            description: string;
            exchange: string;
            high_price: number;
            low_price: number;
            lp: number;
            open_price: number;
            original_name: string;
            prev_close_price: number;
            short_name: string;
            spread: number;
            volume: number;
        };
        /**
         * RateSeen
         * @description Rate of a trade whose instrument has another currency than the account: one unit of `currency` is `value` units. `symbol` is the instrument that gave it: a currency pair, or the instrument itself.
         */
        RateSeen: {
            currency: string;
            symbol: string;
            value: number;
        };
        /**
         * Reconnects
         * @description Sockets that ended without the client's wish, and the time until the next one of the same address.
         */
        Reconnects: {
            lost: number;
            maxMs: number | null;
            reconnected: number;
        };
        /**
         * Recover
         * @description Position of a client that resumes: epoch and number of its last update.
         */
        Recover: {
            epoch: string;
            seq: number;
        };
        /**
         * RejectAction
         * @description Reject the order with a reason code and a message for traders.
         */
        RejectAction: {
            /** @default rejected by a fault */
            message?: string;
            reason: string;
        };
        /**
         * ReorderAction
         * @description Send the message after the next `n` messages of its topic.
         */
        ReorderAction: {
            /** @default 1 */
            n?: number;
        };
        /**
         * RequestRecord
         * @description A request, a message of a socket, or the begin or end of a socket. `status` is the HTTP status, the close code of a socket, or 200 or 400 for a message; null without an answer. `durationMs` is null for messages. With `replyLost` the command was done, and a fault kept its reply.
         */
        RequestRecord: {
            account: string | null;
            address: string;
            durationMs: number | null;
            fault: string | null;
            /** @enum {string} */
            kind: "request" | "open" | "message" | "close";
            method: string;
            number: number;
            path: string;
            replyLost: boolean;
            requestId: string;
            session: string | null;
            status: number | null;
            time: number;
        };
        /**
         * ResentOrders
         * @description Orders whose reply was lost, and which of them came again. A repeated `clientOrderId` is one order; the same body under another id, or without one, is a second order.
         */
        ResentOrders: {
            repliesLost: number;
            sameBody: number;
            sameClientOrderId: number;
        };
        /**
         * ResolveRequest
         * @description A request for the symbol infos of at most 500 names.
         */
        ResolveRequest: {
            symbols: string[];
        };
        /**
         * RetryAfterReport
         * @description Requests after an answer with Retry-After: in time, or too early.
         */
        RetryAfterReport: {
            ignored: number;
            kept: number;
        };
        /**
         * SavedChart
         * @description A layout was saved.
         */
        SavedChart: {
            id: number;
            /** @constant */
            status: "ok";
        };
        /**
         * SavedChartReply
         * @description Answer of `POST /charts`.
         */
        SavedChartReply: components["schemas"]["SavedChart"] | components["schemas"]["StorageError"];
        /**
         * Scenario
         * @description A stored scenario; `end` is null while it has no end.
         */
        Scenario: {
            begin: number;
            end: number | null;
            factor: number | null;
            id: string;
            /** @enum {string} */
            kind: "shock" | "halt" | "spread";
            /** @enum {string} */
            status: "scheduled" | "active" | "over";
            symbol: string;
        };
        /**
         * ScenarioRequest
         * @description A scenario of a symbol from `begin` to before `end` (epoch milliseconds of market time). A `shock` multiplies prices by `factor`, a `spread` the distance of bid and ask; a `halt` stops trading. Without `begin` it starts at once, without `end` it lasts until it is deleted. Times are rounded up to 200 ms.
         */
        ScenarioRequest: {
            /** @default null */
            begin?: number | null;
            /** @default null */
            end?: number | null;
            /** @default null */
            factor?: number | null;
            /** @enum {string} */
            kind: "shock" | "halt" | "spread";
            symbol: string;
        };
        /**
         * SearchPage
         * @description A page of matches, the best first, and the number of matches behind it.
         */
        SearchPage: {
            items: components["schemas"]["SearchSymbolResultItem"][];
            symbols_remaining: number;
        };
        /**
         * SearchSymbolResultItem
         * @description One row of a symbol search; `ticker` is the plain name. Source: TradingView, SearchSymbolResultItem.
         */
        SearchSymbolResultItem: {
            description: string;
            exchange: string;
            full_name: string;
            symbol: string;
            ticker: string;
            type: string;
        };
        /**
         * ServerHealth
         * @description Health of the whole server; `uptime` is seconds, `lint` is null without `--lint`, `bus` without `--bus`.
         */
        ServerHealth: {
            api_version: string;
            bus: components["schemas"]["BusHealth"] | null;
            clock: components["schemas"]["ClockHealth"];
            feed: components["schemas"]["FeedHealth"];
            ledger: components["schemas"]["LedgerHealth"] | null;
            lint: components["schemas"]["LintHealth"] | null;
            message: string;
            module_name: string;
            modules: string[];
            /** @enum {string} */
            status: "ok" | "degraded" | "starting";
            storage: components["schemas"]["StorageHealth"];
            ticker: components["schemas"]["TickHealth"];
            timestamp: string;
            uptime: number;
            version: string;
        };
        /**
         * Side
         * @description Direction: the sign of the quantity.
         * @enum {integer}
         */
        Side: 1 | -1;
        /**
         * Slippage
         * @description Slippage of market and stop orders, and the share of the displayed size that an account can take.
         */
        Slippage: {
            /**
             * @description Probability of one tick more, drawn from the account's random numbers.
             * @default 0
             */
            probability?: number;
            /**
             * @description Ticks by which every trade is worse than the quote.
             * @default 0
             */
            ticks?: number;
            /**
             * @description Largest share of the displayed size that an account can take; the rest of the order waits.
             * @default 1
             */
            volumeShare?: number;
        };
        /**
         * Sparkline
         * @description The course of one trading day for a small picture: the closes of its bars, ascending; the last one is forming. While the market is closed it is the day before. `symbol` is the name of the request, `time` the open of the day in epoch milliseconds; bars have 15 minutes, or more where the feed has no such bars.
         */
        Sparkline: {
            closes: number[];
            resolution: string;
            symbol: string;
            time: number;
        };
        /**
         * SparklinesRequest
         * @description A request for the sparklines of at most 100 names.
         */
        SparklinesRequest: {
            symbols: string[];
        };
        /**
         * StaleQuoteValues
         * @description Values of an overdue quote; `stale` is the number of seconds without a new price.
         */
        StaleQuoteValues: {
            ask: number;
            bid: number;
            ch: number;
            chp: number;
            description: string;
            exchange: string;
            high_price: number;
            low_price: number;
            lp: number;
            open_price: number;
            original_name: string;
            prev_close_price: number;
            short_name: string;
            spread: number;
            stale: number;
            volume: number;
        };
        /**
         * StaleUntradedQuoteValues
         * @description Values of an overdue quote before the first trade: `lp` is the middle of bid and ask.
         */
        StaleUntradedQuoteValues: {
            ask: number;
            bid: number;
            ch: number;
            chp: number;
            description: string;
            exchange: string;
            high_price: number;
            low_price: number;
            lp: number;
            open_price: number;
            original_name: string;
            prev_close_price: number;
            short_name: string;
            spread: number;
            stale: number;
            untraded: boolean;
            volume: number;
        };
        /**
         * StatusAction
         * @description Answer with a status; without `body` it is the problem body of the status.
         */
        StatusAction: {
            /** @default null */
            body?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            code: number;
            /** @default null */
            retryAfter?: number | null;
        };
        /**
         * StopType
         * @description Kind of a stop order.
         * @enum {integer}
         */
        StopType: 0 | 1 | 2;
        /**
         * StorageError
         * @description A request that was refused.
         */
        StorageError: {
            message: string;
            /** @constant */
            status: "error";
        };
        /**
         * StorageHealth
         * @description Kind of the storage, number of its events, and whether it can be written.
         */
        StorageHealth: {
            events: number;
            kind: string;
            writable: boolean;
        };
        /**
         * StorageOk
         * @description Something was saved or deleted.
         */
        StorageOk: {
            /** @constant */
            status: "ok";
        };
        /**
         * StorageReply
         * @description Answer to another save, or to a delete.
         */
        StorageReply: components["schemas"]["StorageOk"] | components["schemas"]["StorageError"];
        /**
         * StudyTemplateList
         * @description The study templates of an owner, oldest first.
         */
        StudyTemplateList: {
            data: components["schemas"]["TemplateName"][];
            /** @constant */
            status: "ok";
        };
        /**
         * StudyTemplatesReply
         * @description Answer of `GET /study_templates`.
         */
        StudyTemplatesReply: components["schemas"]["StudyTemplateList"] | components["schemas"]["LoadedTemplate"] | components["schemas"]["StorageError"];
        /**
         * StudyTemplateToSave
         * @description A study template to save, as a form or as JSON.
         */
        StudyTemplateToSave: {
            content: string;
            name: string;
        };
        /**
         * SubscribeResponsePayload
         * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
         */
        SubscribeResponsePayload: {
            /** @default null */
            epoch?: string | null;
            message: string;
            /** @default null */
            recovered?: boolean | null;
            /** @default null */
            seq?: number | null;
            /** @default null */
            snapshot?: components["schemas"]["JsonValue"];
            /** @enum {string} */
            status: "ok" | "error";
            topic: string;
        };
        /**
         * SuccessResponse
         * @description Answer to a command without a result of its own.
         */
        SuccessResponse: {
            message: string | null;
            success: boolean;
        };
        /**
         * SymbolType
         * @description A type filter of the symbol search.
         */
        SymbolType: {
            name: string;
            value: string;
        };
        /**
         * Template
         * @description A saved template.
         */
        Template: {
            content: string;
            name: string;
        };
        /**
         * TemplateName
         * @description A saved study template without its content.
         */
        TemplateName: {
            name: string;
        };
        /**
         * Tick
         * @description A trade, a quote, or both, of one symbol at one instant (epoch milliseconds). A trade is a `price` with its `size`; a quote is `bid` and `ask`, with sizes where they are known.
         */
        Tick: {
            /** @default null */
            ask?: number | null;
            /** @default null */
            ask_size?: number | null;
            /** @default null */
            bid?: number | null;
            /** @default null */
            bid_size?: number | null;
            /** @default null */
            price?: number | null;
            /** @default null */
            size?: number | null;
            symbol: string;
            time: number;
        };
        /**
         * TickHealth
         * @description The ticker: whether it runs, its ticks, and the periods that it skipped.
         */
        TickHealth: {
            running: boolean;
            skipped: number;
            ticks: number;
        };
        /**
         * TicksReply
         * @description Number of accepted ticks.
         */
        TicksReply: {
            accepted: number;
        };
        /**
         * TicksRequest
         * @description Ticks in order of time; all of them are accepted, or none.
         */
        TicksRequest: {
            ticks: components["schemas"]["Tick"][];
        };
        /**
         * TopicReport
         * @description Topics of lost sockets: subscribed again without a gap, or not.
         */
        TopicReport: {
            lost: string[];
            resumed: number;
        };
        /**
         * TruncateAction
         * @description Send only the first `bytes` of a body; of a message, by default the first half.
         */
        TruncateAction: {
            /** @default null */
            bytes?: number | null;
        };
        /**
         * UntradedQuoteValues
         * @description Values of a quote before the first trade: `lp` is the middle of bid and ask.
         */
        UntradedQuoteValues: {
            ask: number;
            bid: number;
            ch: number;
            chp: number;
            description: string;
            exchange: string;
            high_price: number;
            low_price: number;
            lp: number;
            open_price: number;
            original_name: string;
            prev_close_price: number;
            short_name: string;
            spread: number;
            untraded: boolean;
            volume: number;
        };
        /**
         * ValidationIssue
         * @description One field that does not validate; `loc` is the path to it.
         */
        ValidationIssue: {
            loc: (string | number)[];
            msg: string;
            type: string;
        };
        /**
         * Versions
         * @description All versions of the contract by name, and the recommended one.
         */
        Versions: {
            available_versions: {
                [key: string]: components["schemas"]["ApiVersion"];
            };
            current_version: string;
            /** @description Address of the pages about the contract, a path on the same server. */
            documentation_url: string;
            /** @description Who answers questions about the server. */
            support_contact: string;
        };
        /**
         * WelcomePayload
         * @description Answer to hello.
         */
        WelcomePayload: {
            /** @description Id of the history that sequence numbers belong to. */
            epoch: string;
            /** @description Longest time without a message on this connection. */
            heartbeatMs: number;
            /** @description Limits of the client. */
            limits: {
                [key: string]: number;
            };
            /** @description Age up to which missed updates are kept, if there are not too many. */
            resumeWindowMs: number;
            /** @description Market time. */
            serverTime: number;
            session: string;
        };
        /**
         * World
         * @description A world that a caller made; `created` and `deletesAfter` are real time, the latter as long as nobody uses it.
         */
        World: {
            accounts: components["schemas"]["AccountInfo"][];
            clock: components["schemas"]["ClockState"];
            created: number;
            deletesAfter: number;
            id: string;
            name: string | null;
            /** @constant */
            object: "world";
            seed: number;
            /** @constant */
            status: "ready";
            urls: components["schemas"]["WorldUrls"];
        };
        /**
         * WorldCreate
         * @description A new world; what is absent or null is as in the server's settings. `start` is its market time, epoch milliseconds. `ttl` is the seconds after its last use when it is deleted. `program` and `state` are those of a snapshot: a snapshot is the body that makes the world again.
         */
        WorldCreate: {
            /** @default [] */
            accounts?: components["schemas"]["AccountCreate"][];
            /** @default null */
            fillModel?: ("market" | "simulator") | null;
            /**
             * @default running
             * @enum {string}
             */
            mode?: "running" | "paused";
            /** @default null */
            name?: string | null;
            /** @default null */
            program?: string | null;
            /** @default null */
            seed?: number | null;
            /** @default 1 */
            speed?: number;
            /** @default null */
            start?: number | null;
            /** @default null */
            state?: string | null;
            /** @default 3600 */
            ttl?: number;
        };
        /**
         * WorldDeleted
         * @description Answer to the deletion of a world.
         */
        WorldDeleted: {
            deleted: boolean;
            id: string;
            /** @constant */
            object: "world";
        };
        /**
         * WorldFork
         * @description A copy of a world, with a name and a `ttl` of its own.
         */
        WorldFork: {
            /** @default null */
            name?: string | null;
            /** @default 3600 */
            ttl?: number;
        };
        /**
         * WorldSnapshot
         * @description A world in one file: the body of a later `POST /worlds`, in this process or another one of the same version. `program` names the version and the catalogue. `state` is compressed and in base64.
         */
        WorldSnapshot: {
            /** @enum {string} */
            fillModel: "market" | "simulator";
            /** @enum {string} */
            mode: "running" | "paused";
            name: string | null;
            program: string;
            seed: number;
            speed: number;
            start: number;
            state: string;
            ttl: number;
        };
        /**
         * WorldUrls
         * @description Addresses of a world: its page, API and stream, the UDF protocol, and the three bases of the Alpaca dialect.
         */
        WorldUrls: {
            alpaca: string;
            alpacaData: string;
            alpacaStream: string;
            api: string;
            page: string;
            udf: string;
            ws: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AccountCreate = components['schemas']['AccountCreate'];
export type AccountInfo = components['schemas']['AccountInfo'];
export type AccountMessage = components['schemas']['AccountMessage'];
export type AccountMetainfo = components['schemas']['AccountMetainfo'];
export type AccountReset = components['schemas']['AccountReset'];
export type ApiVersion = components['schemas']['ApiVersion'];
export type BandwidthAction = components['schemas']['BandwidthAction'];
export type Bar = components['schemas']['Bar'];
export type BarsReply = components['schemas']['BarsReply'];
export type BarsSubscriptionRequest = components['schemas']['BarsSubscriptionRequest'];
export type Brackets = components['schemas']['Brackets'];
export type BrokerConfig = components['schemas']['BrokerConfig'];
export type BrokerConnectionStatus = components['schemas']['BrokerConnectionStatus'];
export type BrokerConnectionSubscriptionRequest = components['schemas']['BrokerConnectionSubscriptionRequest'];
export type BusHealth = components['schemas']['BusHealth'];
export type ChartContent = components['schemas']['ChartContent'];
export type ChartList = components['schemas']['ChartList'];
export type ChartMetaInfo = components['schemas']['ChartMetaInfo'];
export type ChartsReply = components['schemas']['ChartsReply'];
export type ChartToSave = components['schemas']['ChartToSave'];
export type ClientReport = components['schemas']['ClientReport'];
export type ClockAdvance = components['schemas']['ClockAdvance'];
export type ClockChange = components['schemas']['ClockChange'];
export type ClockHealth = components['schemas']['ClockHealth'];
export type ClockState = components['schemas']['ClockState'];
export type ClockSubscription = components['schemas']['ClockSubscription'];
export type CloseAction = components['schemas']['CloseAction'];
export type ClosePositionRequest = components['schemas']['ClosePositionRequest'];
export type Commission = components['schemas']['Commission'];
export type ConnectionStatus = components['schemas']['ConnectionStatus'];
export type CurrentQuotes = components['schemas']['CurrentQuotes'];
export type DatafeedConfiguration = components['schemas']['DatafeedConfiguration'];
export type DepthSubscriptionRequest = components['schemas']['DepthSubscriptionRequest'];
export type DOMData = components['schemas']['DOMData'];
export type DOMLevel = components['schemas']['DOMLevel'];
export type DrawingTemplateList = components['schemas']['DrawingTemplateList'];
export type DrawingTemplatesReply = components['schemas']['DrawingTemplatesReply'];
export type DrawingTemplateToSave = components['schemas']['DrawingTemplateToSave'];
export type DurationAction = components['schemas']['DurationAction'];
export type DurationInfo = components['schemas']['DurationInfo'];
export type EditBracketsRequest = components['schemas']['EditBracketsRequest'];
export type EquityData = components['schemas']['EquityData'];
export type EquityHistory = components['schemas']['EquityHistory'];
export type EquityPoint = components['schemas']['EquityPoint'];
export type EquitySubscriptionRequest = components['schemas']['EquitySubscriptionRequest'];
export type ErrorPayload = components['schemas']['ErrorPayload'];
export type Exchange = components['schemas']['Exchange'];
export type Execution = components['schemas']['Execution'];
export type ExecutionExplanation = components['schemas']['ExecutionExplanation'];
export type ExecutionSubscriptionRequest = components['schemas']['ExecutionSubscriptionRequest'];
export type ExitLevel = components['schemas']['ExitLevel'];
export type Fault = components['schemas']['Fault'];
export type FaultAction = components['schemas']['FaultAction'];
export type FaultList = components['schemas']['FaultList'];
export type FaultMatch = components['schemas']['FaultMatch'];
export type FaultRequest = components['schemas']['FaultRequest'];
export type FaultStats = components['schemas']['FaultStats'];
export type FeedHealth = components['schemas']['FeedHealth'];
export type FillAction = components['schemas']['FillAction'];
export type GapReport = components['schemas']['GapReport'];
export type HaltedQuoteValues = components['schemas']['HaltedQuoteValues'];
export type HeartbeatPayload = components['schemas']['HeartbeatPayload'];
export type HelloPayload = components['schemas']['HelloPayload'];
export type IndividualPLSubscriptionRequest = components['schemas']['IndividualPLSubscriptionRequest'];
export type IndividualPosition = components['schemas']['IndividualPosition'];
export type IndividualPositionSubscriptionRequest = components['schemas']['IndividualPositionSubscriptionRequest'];
export type InstrumentInfo = components['schemas']['InstrumentInfo'];
export type JsonValue = components['schemas']['JsonValue'];
export type LatencyAction = components['schemas']['LatencyAction'];
export type LedgerHealth = components['schemas']['LedgerHealth'];
export type LeverageInfo = components['schemas']['LeverageInfo'];
export type LeveragePreviewResult = components['schemas']['LeveragePreviewResult'];
export type LeverageSetParams = components['schemas']['LeverageSetParams'];
export type LeverageSetResult = components['schemas']['LeverageSetResult'];
export type LibrarySymbolInfo = components['schemas']['LibrarySymbolInfo'];
export type Limits = components['schemas']['Limits'];
export type LinkedOrders = components['schemas']['LinkedOrders'];
export type LinkedOrdersResult = components['schemas']['LinkedOrdersResult'];
export type LintHealth = components['schemas']['LintHealth'];
export type LoadedChart = components['schemas']['LoadedChart'];
export type LoadedTemplate = components['schemas']['LoadedTemplate'];
export type MarginAvailable = components['schemas']['MarginAvailable'];
export type MarginAvailableSubscriptionRequest = components['schemas']['MarginAvailableSubscriptionRequest'];
export type MarginSeen = components['schemas']['MarginSeen'];
export type ModuleHealth = components['schemas']['ModuleHealth'];
export type NoticePayload = components['schemas']['NoticePayload'];
export type Notification = components['schemas']['Notification'];
export type NotificationSubscriptionRequest = components['schemas']['NotificationSubscriptionRequest'];
export type NotificationType = components['schemas']['NotificationType'];
export type OrderChange = components['schemas']['OrderChange'];
export type OrderDuration = components['schemas']['OrderDuration'];
export type OrderMessage = components['schemas']['OrderMessage'];
export type OrderPreviewResult = components['schemas']['OrderPreviewResult'];
export type OrderStatus = components['schemas']['OrderStatus'];
export type OrderSubscriptionRequest = components['schemas']['OrderSubscriptionRequest'];
export type OrderType = components['schemas']['OrderType'];
export type ParentType = components['schemas']['ParentType'];
export type PipValues = components['schemas']['PipValues'];
export type PipValueSubscriptionRequest = components['schemas']['PipValueSubscriptionRequest'];
export type PlacedOrder = components['schemas']['PlacedOrder'];
export type PlaceOrderResult = components['schemas']['PlaceOrderResult'];
export type PLSubscriptionRequest = components['schemas']['PLSubscriptionRequest'];
export type PLUpdate = components['schemas']['PLUpdate'];
export type Position = components['schemas']['Position'];
export type PositionPL = components['schemas']['PositionPL'];
export type PositionSubscriptionRequest = components['schemas']['PositionSubscriptionRequest'];
export type PreOrder = components['schemas']['PreOrder'];
export type PreviewRow = components['schemas']['PreviewRow'];
export type PreviewSection = components['schemas']['PreviewSection'];
export type Problem = components['schemas']['Problem'];
export type Profile = components['schemas']['Profile'];
export type PublishResponsePayload = components['schemas']['PublishResponsePayload'];
export type QtyInfo = components['schemas']['QtyInfo'];
export type QuoteData = components['schemas']['QuoteData'];
export type QuoteDataSubscriptionRequest = components['schemas']['QuoteDataSubscriptionRequest'];
export type QuoteError = components['schemas']['QuoteError'];
export type QuoteSeen = components['schemas']['QuoteSeen'];
export type QuotesRequest = components['schemas']['QuotesRequest'];
export type QuoteValues = components['schemas']['QuoteValues'];
export type RateSeen = components['schemas']['RateSeen'];
export type Reconnects = components['schemas']['Reconnects'];
export type Recover = components['schemas']['Recover'];
export type RejectAction = components['schemas']['RejectAction'];
export type ReorderAction = components['schemas']['ReorderAction'];
export type RequestRecord = components['schemas']['RequestRecord'];
export type ResentOrders = components['schemas']['ResentOrders'];
export type ResolveRequest = components['schemas']['ResolveRequest'];
export type RetryAfterReport = components['schemas']['RetryAfterReport'];
export type SavedChart = components['schemas']['SavedChart'];
export type SavedChartReply = components['schemas']['SavedChartReply'];
export type Scenario = components['schemas']['Scenario'];
export type ScenarioRequest = components['schemas']['ScenarioRequest'];
export type SearchPage = components['schemas']['SearchPage'];
export type SearchSymbolResultItem = components['schemas']['SearchSymbolResultItem'];
export type ServerHealth = components['schemas']['ServerHealth'];
export type Side = components['schemas']['Side'];
export type Slippage = components['schemas']['Slippage'];
export type Sparkline = components['schemas']['Sparkline'];
export type SparklinesRequest = components['schemas']['SparklinesRequest'];
export type StaleQuoteValues = components['schemas']['StaleQuoteValues'];
export type StaleUntradedQuoteValues = components['schemas']['StaleUntradedQuoteValues'];
export type StatusAction = components['schemas']['StatusAction'];
export type StopType = components['schemas']['StopType'];
export type StorageError = components['schemas']['StorageError'];
export type StorageHealth = components['schemas']['StorageHealth'];
export type StorageOk = components['schemas']['StorageOk'];
export type StorageReply = components['schemas']['StorageReply'];
export type StudyTemplateList = components['schemas']['StudyTemplateList'];
export type StudyTemplatesReply = components['schemas']['StudyTemplatesReply'];
export type StudyTemplateToSave = components['schemas']['StudyTemplateToSave'];
export type SubscribeResponsePayload = components['schemas']['SubscribeResponsePayload'];
export type SuccessResponse = components['schemas']['SuccessResponse'];
export type SymbolType = components['schemas']['SymbolType'];
export type Template = components['schemas']['Template'];
export type TemplateName = components['schemas']['TemplateName'];
export type Tick = components['schemas']['Tick'];
export type TickHealth = components['schemas']['TickHealth'];
export type TicksReply = components['schemas']['TicksReply'];
export type TicksRequest = components['schemas']['TicksRequest'];
export type TopicReport = components['schemas']['TopicReport'];
export type TruncateAction = components['schemas']['TruncateAction'];
export type UntradedQuoteValues = components['schemas']['UntradedQuoteValues'];
export type ValidationIssue = components['schemas']['ValidationIssue'];
export type Versions = components['schemas']['Versions'];
export type WelcomePayload = components['schemas']['WelcomePayload'];
export type World = components['schemas']['World'];
export type WorldCreate = components['schemas']['WorldCreate'];
export type WorldDeleted = components['schemas']['WorldDeleted'];
export type WorldFork = components['schemas']['WorldFork'];
export type WorldSnapshot = components['schemas']['WorldSnapshot'];
export type WorldUrls = components['schemas']['WorldUrls'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
