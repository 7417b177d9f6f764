// Generated from the specs by `make clients`; changes belong into the server's models.

export interface paths {
    "/api/v1/broker/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show who the account is */
        get: operations["getAccountInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/account/equity-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the account's equity over time */
        get: operations["getEquityHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/account/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the account's money */
        get: operations["getAccountState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the accounts */
        get: operations["getAccounts"];
        put?: never;
        /** Open an account */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/accounts/{accountId}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an account start anew */
        post: operations["resetAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what the broker supports */
        get: operations["getBrokerConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List executions */
        get: operations["getAllExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/executions/{executionId}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show why a trade came out as it did */
        get: operations["explainExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/executions/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the executions of a symbol */
        get: operations["getExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show whether all is well */
        get: operations["getBrokerHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/leverage/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the leverage of a symbol */
        get: operations["leverageInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/leverage/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show what another leverage would mean */
        post: operations["previewLeverage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/leverage/set": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change the leverage */
        put: operations["setLeverage"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the session's orders */
        get: operations["getOrders"];
        put?: never;
        /** Place an order */
        post: operations["placeOrder"];
        /** Cancel the matching orders */
        delete: operations["cancelOrders"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show one order */
        get: operations["getOrder"];
        /** Modify a working order */
        put: operations["modifyOrder"];
        post?: never;
        /** Cancel a working order */
        delete: operations["cancelOrder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/orders/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List final orders */
        get: operations["getOrdersHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/orders/linked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Place two orders of which one cancels the other */
        post: operations["placeLinkedOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/orders/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show what an order would cost */
        post: operations["previewOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List open positions */
        get: operations["getPositions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/positions/{positionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Close a position or part of it */
        delete: operations["closePosition"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/positions/{positionId}/brackets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change a position's brackets */
        put: operations["editPositionBrackets"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/positions/{positionId}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a position or part of it */
        post: operations["closePositionPart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/positions/{positionId}/reverse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn a position around */
        post: operations["reversePosition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/symbols/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the trading facts of a symbol */
        get: operations["getSymbolInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show this version of the contract */
        get: operations["getBrokerVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of the contract */
        get: operations["getBrokerVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show history */
        get: operations["getBars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what the datafeed supports */
        get: operations["getConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/depth/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the book of a symbol */
        get: operations["getDepth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show whether all is well */
        get: operations["getDatafeedHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show current quotes */
        post: operations["getQuotes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show several symbols */
        post: operations["resolveSymbols"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/resolve/{symbol}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a symbol */
        get: operations["resolveSymbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what is let happen to the synthetic market */
        get: operations["getScenarios"];
        put?: never;
        /** Let something happen to a symbol */
        post: operations["addScenario"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/scenarios/{scenarioId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a scenario, or drop one that has not begun */
        delete: operations["endScenario"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find symbols */
        get: operations["searchSymbols"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/ticks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send ticks to the external feed */
        post: operations["publishTicks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show market time in seconds */
        get: operations["getServerTime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show this version of the contract */
        get: operations["getDatafeedVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of the contract */
        get: operations["getDatafeedVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show whether all is well */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show this version of the contract */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of the contract */
        get: operations["getVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what the feed supports */
        get: operations["getUdfConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show bars as columns */
        get: operations["getUdfHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/marks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Mark the account's executions */
        get: operations["getUdfMarks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show current quotes */
        get: operations["getUdfQuotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find symbols */
        get: operations["searchUdfSymbols"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/symbol_info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List an exchange's symbols as columns */
        get: operations["getUdfSymbolInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/symbols": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Resolve a symbol */
        get: operations["getUdfSymbol"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show market time in seconds */
        get: operations["getUdfTime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/udf/timescale_marks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Mark special days */
        get: operations["getUdfTimescaleMarks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
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
         * Brackets
         * @description Bracket prices of a position; a field that is absent or null removes that bracket.
         */
        Brackets: {
            /** @default null */
            guaranteedStop?: number | null;
            /** @default null */
            stopLoss?: number | null;
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
            showNotificationsLog: boolean;
            supportAddBracketsToExistingOrder: boolean;
            supportClosePosition: boolean;
            supportDemoLiveSwitcher: boolean;
            supportEditAmount: boolean;
            supportExecutions: boolean;
            supportGuaranteedStop: boolean;
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
            supportNativeReversePosition: boolean;
            supportOrderBrackets: boolean;
            supportOrdersHistory: boolean;
            supportPartialClosePosition: boolean;
            supportPlaceOrderPreview: boolean;
            supportPLUpdate: boolean;
            supportPositionBrackets: boolean;
            supportPositions: boolean;
            supportReversePosition: boolean;
            supportStopLimitOrders: boolean;
            supportStopOrders: boolean;
            supportStopOrdersInBothDirections: boolean;
            supportSymbolSearch: boolean;
            supportTrailingStop: boolean;
        };
        /**
         * ClockHealth
         * @description Market time in epoch milliseconds, and the market seconds in one second.
         */
        ClockHealth: {
            now: number;
            speed: number;
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
            guaranteedStop?: number | null;
            /** @default null */
            stopLoss?: number | null;
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
            /** @default null */
            postOnly?: boolean | null;
            qty?: number;
            /** @default null */
            seenPrice?: number | null;
            side?: components["schemas"]["Side"];
            /** @default null */
            stopLoss?: number | null;
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
            filledQty: number;
            guaranteedStop: number | null;
            id: string;
            isClose: boolean | null;
            limitPrice: number | null;
            message: components["schemas"]["OrderMessage"] | null;
            notional: number | null;
            parentId: string | null;
            parentType: components["schemas"]["ParentType"] | null;
            postOnly: boolean | null;
            qty: number;
            reason: string | null;
            /** @description How often its owner changed it. */
            revision: number;
            seenPrice: number | null;
            side: components["schemas"]["Side"];
            status: components["schemas"]["OrderStatus"];
            stopLoss: number | null;
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
         * Position
         * @description A netted position; `qty` is 0 in its last update, `pl` is unrealised, all money in the account currency.
         */
        Position: {
            avgPrice: number;
            guaranteedStop: number | null;
            id: string;
            pl: number;
            qty: number;
            realizedPL: number;
            side: components["schemas"]["Side"];
            stopLoss: number | null;
            symbol: string;
            takeProfit: number | null;
            trailingStopPips: number | null;
            updateTime: number;
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
            guaranteedStop?: number | null;
            /** @default null */
            isClose?: boolean | null;
            /** @default null */
            limitPrice?: number | null;
            /** @default null */
            notional?: number | null;
            /** @default null */
            postOnly?: boolean | null;
            qty: number;
            /** @default null */
            seenPrice?: number | null;
            side: components["schemas"]["Side"];
            /** @default null */
            stopLoss?: number | null;
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
             * @description Always false, true is refused: there is one position per symbol.
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
         * ResolveRequest
         * @description A request for the symbol infos of at most 500 names.
         */
        ResolveRequest: {
            symbols: string[];
        };
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
         * @description Health of the whole server; `uptime` is seconds.
         */
        ServerHealth: {
            api_version: string;
            clock: components["schemas"]["ClockHealth"];
            feed: components["schemas"]["FeedHealth"];
            ledger: components["schemas"]["LedgerHealth"] | null;
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
         * StopType
         * @description Kind of a stop order.
         * @enum {integer}
         */
        StopType: 0 | 1 | 2;
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
         * UdfConfig
         * @description The supported features of the feed.
         */
        UdfConfig: {
            exchanges: components["schemas"]["Exchange"][];
            supported_resolutions: string[];
            supports_group_request: boolean;
            supports_marks: boolean;
            supports_search: boolean;
            supports_time: boolean;
            supports_timescale_marks: boolean;
            symbols_types: components["schemas"]["SymbolType"][];
        };
        /**
         * UdfError
         * @description A refused query; `errmsg` is `unknown_symbol` for an unknown symbol.
         */
        UdfError: {
            errmsg: string;
            /** @constant */
            s: "error";
        };
        /**
         * UdfHistory
         * @description Bars as columns, ascending. Without bars `s` is `no_data` and `nextTime` the time of the nearest older bar.
         */
        UdfHistory: {
            c: number[];
            h: number[];
            l: number[];
            nextTime: number | null;
            o: number[];
            /** @enum {string} */
            s: "ok" | "no_data";
            t: number[];
            v: number[];
        };
        /**
         * UdfHistoryReply
         * @description Answer of `/udf/history`.
         */
        UdfHistoryReply: components["schemas"]["UdfHistory"] | components["schemas"]["UdfError"];
        /**
         * UdfMark
         * @description A mark on a bar: one of the account's executions.
         */
        UdfMark: {
            color: string;
            id: string;
            label: string;
            labelFontColor: string;
            minSize: number;
            text: string;
            time: number;
        };
        /**
         * UdfMarksReply
         * @description Answer of `/udf/marks`.
         */
        UdfMarksReply: components["schemas"]["UdfMark"][] | components["schemas"]["UdfError"];
        /**
         * UdfQuotes
         * @description Quotes of the requested names, in order.
         */
        UdfQuotes: {
            d: components["schemas"]["QuoteData"][];
            /** @constant */
            s: "ok";
        };
        /**
         * UdfQuotesReply
         * @description Answer of `/udf/quotes`.
         */
        UdfQuotesReply: components["schemas"]["UdfQuotes"] | components["schemas"]["UdfError"];
        /**
         * UdfSearchReply
         * @description Answer of `/udf/search`.
         */
        UdfSearchReply: components["schemas"]["SearchSymbolResultItem"][] | components["schemas"]["UdfError"];
        /**
         * UdfSymbol
         * @description A resolved symbol with the protocol's older field names beside the current ones.
         */
        UdfSymbol: {
            corrections: string;
            currency_code: string;
            daily_multipliers: string[];
            /** @enum {string} */
            data_status: "streaming" | "endofday" | "delayed_streaming";
            description: string;
            exchange: string;
            /** @enum {string} */
            format: "price" | "volume";
            fractional: boolean;
            full_name: string;
            has_daily: boolean;
            has_intraday: boolean;
            has_weekly_and_monthly: boolean;
            intraday_multipliers: string[];
            listed_exchange: string;
            minmov: number;
            minmove2: number;
            minmovement: number;
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
         * UdfSymbolInfoReply
         * @description Answer of `/udf/symbol_info`.
         */
        UdfSymbolInfoReply: {
            [key: string]: string[] | number[] | boolean[] | string[][];
        } | components["schemas"]["UdfError"];
        /**
         * UdfSymbolReply
         * @description Answer of `/udf/symbols`.
         */
        UdfSymbolReply: components["schemas"]["UdfSymbol"] | components["schemas"]["UdfError"];
        /**
         * UdfTimescaleMark
         * @description A mark on the time axis: a day with exceptional trading hours.
         */
        UdfTimescaleMark: {
            color: string;
            id: string;
            label: string;
            time: number;
            tooltip: string[];
        };
        /**
         * UdfTimescaleMarksReply
         * @description Answer of `/udf/timescale_marks`.
         */
        UdfTimescaleMarksReply: components["schemas"]["UdfTimescaleMark"][] | components["schemas"]["UdfError"];
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
    };
    responses: {
        /** @description The command is denied, `code` says by which rule; or the request is not well-formed. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Bad Request",
                 *       "status": 400,
                 *       "detail": "qty 1.5 is not a multiple of 1 for AAPL",
                 *       "code": "BAD_QTY_STEP"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large. */
        BodyTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Body Too Large",
                 *       "status": 413,
                 *       "detail": "body is larger than 65536 bytes",
                 *       "code": "BODY_TOO_LARGE"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The order is final, or the id is taken. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "detail": "ORDER-1 is filled",
                 *       "code": "ORDER_FINAL"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The token does not allow this, or the origin is refused. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "detail": "the token does not have the scope admin",
                 *       "code": "FORBIDDEN"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What the address names (an order, a position, a symbol, an account) is not there, or is not yours. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Not Found",
                 *       "status": 404,
                 *       "detail": "there is no order ORDER-99",
                 *       "code": "UNKNOWN_ORDER"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests; `Retry-After` says when to come back, in seconds. */
        RateLimit: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Rate Limit",
                 *       "status": 429,
                 *       "detail": "more than 50 orders a second",
                 *       "code": "RATE_LIMIT"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Without a token, or with a bad one, where the server asks for tokens. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "detail": "the token has expired",
                 *       "code": "UNAUTHORIZED"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server is shutting down, or the change could not be stored; nothing was changed. */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unavailable",
                 *       "status": 503,
                 *       "detail": "the change could not be stored",
                 *       "code": "UNAVAILABLE"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unsupported Media Type",
                 *       "status": 415,
                 *       "detail": "the body must be application/json",
                 *       "code": "UNSUPPORTED_MEDIA_TYPE"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Body, query or path does not validate; `errors` names the fields. */
        Validation: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Validation",
                 *       "status": 422,
                 *       "detail": "qty: Input should be a valid number",
                 *       "code": "VALIDATION",
                 *       "errors": [
                 *         {
                 *           "loc": [
                 *             "qty"
                 *           ],
                 *           "msg": "Input should be a valid number",
                 *           "type": "float_type"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server does not answer for this host name. */
        WrongHost: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Wrong Host",
                 *       "status": 421,
                 *       "detail": "this server does not answer for other.example",
                 *       "code": "WRONG_HOST"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAccountInfo: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "DEMO-ACCOUNT",
                     *       "name": "Demo Trading Account",
                     *       "type": "demo",
                     *       "currency": "USD"
                     *     }
                     */
                    "application/json": components["schemas"]["AccountMetainfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getEquityHistory: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                /** @example 1767571200000 */
                from?: number;
                /** @example 1D */
                resolution?: "1" | "5" | "15" | "60" | "1D";
                to?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "resolution": "1D",
                     *       "points": [
                     *         {
                     *           "time": 1767571200000,
                     *           "equity": 100250.5
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EquityHistory"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAccountState: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "equity": 100006,
                     *       "balance": 100000,
                     *       "unrealizedPL": 6,
                     *       "realizedPL": 0,
                     *       "commission": 0,
                     *       "marginUsed": 1145.5,
                     *       "marginAvailable": 98860.5,
                     *       "currency": "USD",
                     *       "updateTime": 1767625200000,
                     *       "message": null
                     *     }
                     */
                    "application/json": components["schemas"]["EquityData"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "text",
                     *         "name": "text",
                     *         "type": "demo",
                     *         "currency": "text",
                     *         "deposit": 1,
                     *         "profile": {}
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["AccountInfo"][];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "PAPER-2",
                 *       "name": "Second account",
                 *       "balance": 50000,
                 *       "currency": "USD"
                 *     }
                 */
                "application/json": components["schemas"]["AccountCreate"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "text",
                     *       "name": "text",
                     *       "type": "demo",
                     *       "currency": "text",
                     *       "deposit": 1,
                     *       "profile": {}
                     *     }
                     */
                    "application/json": components["schemas"]["AccountInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    resetAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example DEMO-ACCOUNT */
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "balance": 100000
                 *     }
                 */
                "application/json": components["schemas"]["AccountReset"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "text",
                     *       "name": "text",
                     *       "type": "demo",
                     *       "currency": "text",
                     *       "deposit": 1,
                     *       "profile": {}
                     *     }
                     */
                    "application/json": components["schemas"]["AccountInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getBrokerConfig: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "supportPositions": true,
                     *       "supportPLUpdate": true,
                     *       "supportMarketOrders": true,
                     *       "supportLimitOrders": true,
                     *       "supportStopOrders": true,
                     *       "supportStopLimitOrders": true,
                     *       "supportMarketBrackets": true,
                     *       "supportOrderBrackets": true,
                     *       "supportPositionBrackets": true,
                     *       "supportModifyBrackets": true,
                     *       "supportAddBracketsToExistingOrder": true,
                     *       "supportModifyOrderPrice": true,
                     *       "supportModifyOrderType": true,
                     *       "supportModifyDuration": true,
                     *       "supportEditAmount": true,
                     *       "supportTrailingStop": true,
                     *       "supportModifyTrailingStop": true,
                     *       "supportGuaranteedStop": true,
                     *       "supportClosePosition": true,
                     *       "supportPartialClosePosition": true,
                     *       "supportReversePosition": true,
                     *       "supportNativeReversePosition": true,
                     *       "supportMargin": true,
                     *       "supportLeverage": true,
                     *       "supportLeverageButton": true,
                     *       "supportPlaceOrderPreview": true,
                     *       "supportModifyOrderPreview": true,
                     *       "supportOrdersHistory": true,
                     *       "supportExecutions": true,
                     *       "supportSymbolSearch": true,
                     *       "supportStopOrdersInBothDirections": true,
                     *       "supportDemoLiveSwitcher": true,
                     *       "showNotificationsLog": true,
                     *       "closePositionCancelsOrders": true,
                     *       "durations": [
                     *         {
                     *           "name": "text",
                     *           "value": "text",
                     *           "hasDatePicker": true,
                     *           "hasTimePicker": true,
                     *           "default": true,
                     *           "supportedOrderTypes": [
                     *             1
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BrokerConfig"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAllExecutions: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                /** @example 1767625200000 */
                from?: number;
                /** @example 100 */
                limit?: number;
                to?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "EXEC-1",
                     *         "orderId": "ORDER-1",
                     *         "symbol": "AAPL",
                     *         "price": 228.5,
                     *         "qty": 10,
                     *         "side": 1,
                     *         "time": 1767625200000,
                     *         "commission": 0,
                     *         "netAmount": -2285,
                     *         "maker": true
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Execution"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    explainExecution: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example EXEC-1 */
                executionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution": {
                     *         "id": "text",
                     *         "orderId": "text",
                     *         "symbol": "text",
                     *         "price": 1,
                     *         "qty": 1,
                     *         "side": 1,
                     *         "time": 1,
                     *         "commission": 1,
                     *         "netAmount": 1,
                     *         "maker": true
                     *       },
                     *       "rule": "text",
                     *       "quote": {
                     *         "time": 1,
                     *         "bid": 1,
                     *         "ask": 1,
                     *         "last": 1,
                     *         "bidSize": 1,
                     *         "askSize": 1
                     *       },
                     *       "level": 1,
                     *       "levelPrice": 1,
                     *       "displayed": 1,
                     *       "takenBefore": 1,
                     *       "slippage": 1,
                     *       "draw": 1,
                     *       "rate": {
                     *         "symbol": "text",
                     *         "currency": "text",
                     *         "value": 1
                     *       },
                     *       "margin": {
                     *         "equity": 1,
                     *         "used": 1,
                     *         "reserved": 1,
                     *         "available": 1,
                     *         "required": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ExecutionExplanation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getExecutions: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example AAPL */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "EXEC-1",
                     *         "orderId": "ORDER-1",
                     *         "symbol": "AAPL",
                     *         "price": 228.5,
                     *         "qty": 10,
                     *         "side": 1,
                     *         "time": 1767625200000,
                     *         "commission": 0,
                     *         "netAmount": -2285,
                     *         "maker": true
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Execution"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getBrokerHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "message": "text",
                     *       "timestamp": "text",
                     *       "module_name": "text",
                     *       "api_version": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["ModuleHealth"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            /** @description The same, when not all is well. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "message": "text",
                     *       "timestamp": "text",
                     *       "module_name": "text",
                     *       "api_version": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["ModuleHealth"];
                };
            };
        };
    };
    leverageInfo: {
        parameters: {
            query: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                orderType?: number;
                side?: number;
                /** @example AAPL */
                symbol: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "title": "Leverage for AAPL",
                     *       "leverage": 10,
                     *       "min": 1,
                     *       "max": 100,
                     *       "step": 1
                     *     }
                     */
                    "application/json": components["schemas"]["LeverageInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    previewLeverage: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "symbol": "AAPL",
                 *       "leverage": 25
                 *     }
                 */
                "application/json": components["schemas"]["LeverageSetParams"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "infos": [
                     *         "25x frees 137.10 USD of margin"
                     *       ],
                     *       "warnings": null,
                     *       "errors": null
                     *     }
                     */
                    "application/json": components["schemas"]["LeveragePreviewResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    setLeverage: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "symbol": "AAPL",
                 *       "leverage": 25
                 *     }
                 */
                "application/json": components["schemas"]["LeverageSetParams"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "leverage": 25
                     *     }
                     */
                    "application/json": components["schemas"]["LeverageSetResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOrders: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "symbol": "AAPL",
                     *         "type": 1,
                     *         "side": 1,
                     *         "qty": 10,
                     *         "limitPrice": 228.5,
                     *         "id": "ORDER-1",
                     *         "status": 6,
                     *         "stopPrice": null,
                     *         "takeProfit": null,
                     *         "stopLoss": null,
                     *         "guaranteedStop": null,
                     *         "trailingStopPips": null,
                     *         "stopType": null,
                     *         "duration": {
                     *           "type": "GTC",
                     *           "datetime": null
                     *         },
                     *         "seenPrice": null,
                     *         "currentQuotes": null,
                     *         "isClose": null,
                     *         "postOnly": null,
                     *         "clientOrderId": "bot-17",
                     *         "customFields": null,
                     *         "filledQty": 0,
                     *         "avgPrice": null,
                     *         "createTime": 1767625200000,
                     *         "updateTime": 1767625200000,
                     *         "parentId": null,
                     *         "parentType": null,
                     *         "commission": 0,
                     *         "message": null,
                     *         "reason": null,
                     *         "notional": null,
                     *         "trailPercent": null,
                     *         "revision": 0
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["PlacedOrder"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    placeOrder: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "symbol": "AAPL",
                 *       "type": 1,
                 *       "side": 1,
                 *       "qty": 10,
                 *       "limitPrice": 228.5
                 *     }
                 */
                "application/json": components["schemas"]["PreOrder"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orderId": "ORDER-1"
                     *     }
                     */
                    "application/json": components["schemas"]["PlaceOrderResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelOrders: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                ids?: string;
                /** @example 1 */
                side?: 1 | -1;
                /** @example AAPL */
                symbol?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOrder: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example ORDER-1 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "symbol": "AAPL",
                     *       "type": 1,
                     *       "side": 1,
                     *       "qty": 10,
                     *       "limitPrice": 228.5,
                     *       "id": "ORDER-1",
                     *       "status": 6,
                     *       "stopPrice": null,
                     *       "takeProfit": null,
                     *       "stopLoss": null,
                     *       "guaranteedStop": null,
                     *       "trailingStopPips": null,
                     *       "stopType": null,
                     *       "duration": {
                     *         "type": "GTC",
                     *         "datetime": null
                     *       },
                     *       "seenPrice": null,
                     *       "currentQuotes": null,
                     *       "isClose": null,
                     *       "postOnly": null,
                     *       "clientOrderId": "bot-17",
                     *       "customFields": null,
                     *       "filledQty": 0,
                     *       "avgPrice": null,
                     *       "createTime": 1767625200000,
                     *       "updateTime": 1767625200000,
                     *       "parentId": null,
                     *       "parentType": null,
                     *       "commission": 0,
                     *       "message": null,
                     *       "reason": null,
                     *       "notional": null,
                     *       "trailPercent": null,
                     *       "revision": 0
                     *     }
                     */
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    modifyOrder: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example ORDER-1 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limitPrice": 228.4,
                 *       "takeProfit": null
                 *     }
                 */
                "application/json": components["schemas"]["OrderChange"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example ORDER-1 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOrdersHistory: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                /** @example 1767625200000 */
                from?: number;
                /** @example 100 */
                limit?: number;
                to?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "symbol": "AAPL",
                     *         "type": 1,
                     *         "side": 1,
                     *         "qty": 10,
                     *         "limitPrice": 228.5,
                     *         "id": "ORDER-1",
                     *         "status": 6,
                     *         "stopPrice": null,
                     *         "takeProfit": null,
                     *         "stopLoss": null,
                     *         "guaranteedStop": null,
                     *         "trailingStopPips": null,
                     *         "stopType": null,
                     *         "duration": {
                     *           "type": "GTC",
                     *           "datetime": null
                     *         },
                     *         "seenPrice": null,
                     *         "currentQuotes": null,
                     *         "isClose": null,
                     *         "postOnly": null,
                     *         "clientOrderId": "bot-17",
                     *         "customFields": null,
                     *         "filledQty": 0,
                     *         "avgPrice": null,
                     *         "createTime": 1767625200000,
                     *         "updateTime": 1767625200000,
                     *         "parentId": null,
                     *         "parentType": null,
                     *         "commission": 0,
                     *         "message": null,
                     *         "reason": null,
                     *         "notional": null,
                     *         "trailPercent": null,
                     *         "revision": 0
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["PlacedOrder"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    placeLinkedOrders: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "orders": [
                 *         {
                 *           "symbol": "AAPL",
                 *           "type": 1,
                 *           "side": -1,
                 *           "qty": 10,
                 *           "limitPrice": 240
                 *         },
                 *         {
                 *           "symbol": "AAPL",
                 *           "type": 3,
                 *           "side": -1,
                 *           "qty": 10,
                 *           "stopPrice": 220
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["LinkedOrders"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orderIds": [
                     *         "ORDER-1",
                     *         "ORDER-2"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LinkedOrdersResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    previewOrder: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "symbol": "AAPL",
                 *       "type": 1,
                 *       "side": 1,
                 *       "qty": 10,
                 *       "limitPrice": 228.5
                 *     }
                 */
                "application/json": components["schemas"]["PreOrder"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sections": [
                     *         {
                     *           "header": "Cost Analysis",
                     *           "rows": [
                     *             {
                     *               "title": "Estimated Price",
                     *               "value": "228.50"
                     *             },
                     *             {
                     *               "title": "Order Value",
                     *               "value": "2,285.00 USD"
                     *             },
                     *             {
                     *               "title": "Margin Required",
                     *               "value": "228.50 USD"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "confirmId": "PREVIEW-1",
                     *       "warnings": null,
                     *       "errors": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrderPreviewResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getPositions: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "AAPL",
                     *         "symbol": "AAPL",
                     *         "qty": 10,
                     *         "side": 1,
                     *         "avgPrice": 228.5,
                     *         "pl": 6,
                     *         "realizedPL": 0,
                     *         "takeProfit": null,
                     *         "stopLoss": null,
                     *         "guaranteedStop": null,
                     *         "trailingStopPips": null,
                     *         "updateTime": 1767625200000
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Position"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    closePosition: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                /** @example 5 */
                amount?: number;
            };
            header?: never;
            path: {
                /** @example AAPL */
                positionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    editPositionBrackets: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example AAPL */
                positionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "brackets": {
                 *         "stopLoss": 221,
                 *         "takeProfit": 240
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EditBracketsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    closePositionPart: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example AAPL */
                positionId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "amount": 5
                 *     }
                 */
                "application/json": components["schemas"]["ClosePositionRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    reversePosition: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example AAPL */
                positionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getSymbolInfo: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                /** @example AAPL */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "symbol": "text",
                     *       "description": "text",
                     *       "type": "text",
                     *       "qty": {
                     *         "min": 1,
                     *         "max": 1,
                     *         "step": 1,
                     *         "default": 1
                     *       },
                     *       "pipSize": 1,
                     *       "pipValue": 1,
                     *       "minTick": 1,
                     *       "variableMinTick": "text",
                     *       "lotSize": 1,
                     *       "limitPriceStep": 1,
                     *       "stopPriceStep": 1,
                     *       "bigPointValue": 1,
                     *       "marginRate": 1,
                     *       "leverage": "text",
                     *       "currency": "text",
                     *       "baseCurrency": "text",
                     *       "quoteCurrency": "text",
                     *       "allowedDurations": [
                     *         "text"
                     *       ],
                     *       "allowedOrderTypes": [
                     *         1
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InstrumentInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getBrokerVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "v1",
                     *       "release_date": "2026-11-20",
                     *       "status": "stable",
                     *       "breaking_changes": [],
                     *       "deprecation_notice": null,
                     *       "sunset_date": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiVersion"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getBrokerVersions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "current_version": "v1",
                     *       "available_versions": {
                     *         "v1": {
                     *           "version": "v1",
                     *           "release_date": "2026-11-20",
                     *           "status": "stable",
                     *           "breaking_changes": [],
                     *           "deprecation_notice": null,
                     *           "sunset_date": null
                     *         }
                     *       },
                     *       "documentation_url": "/api/v1/docs",
                     *       "support_contact": "The operator of this server."
                     *     }
                     */
                    "application/json": components["schemas"]["Versions"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getBars: {
        parameters: {
            query: {
                /** @example 300 */
                count_back?: number;
                from_time?: number;
                /** @example 1 */
                resolution: "1" | "3" | "5" | "15" | "30" | "60" | "240" | "1D" | "1W" | "1M" | "D" | "W" | "M";
                /** @example AAPL */
                symbol: string;
                to_time?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bars": [
                     *         {
                     *           "time": 1767625200000,
                     *           "open": 228.9,
                     *           "high": 229.2,
                     *           "low": 228.85,
                     *           "close": 229.1,
                     *           "volume": 18200
                     *         }
                     *       ],
                     *       "no_data": false,
                     *       "next_time": null
                     *     }
                     */
                    "application/json": components["schemas"]["BarsReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "exchanges": [
                     *         {
                     *           "value": "text",
                     *           "name": "text",
                     *           "desc": "text"
                     *         }
                     *       ],
                     *       "symbols_types": [
                     *         {
                     *           "name": "text",
                     *           "value": "text"
                     *         }
                     *       ],
                     *       "supported_resolutions": [
                     *         "text"
                     *       ],
                     *       "supports_marks": true,
                     *       "supports_timescale_marks": true,
                     *       "supports_time": true
                     *     }
                     */
                    "application/json": components["schemas"]["DatafeedConfiguration"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDepth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example AAPL */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "snapshot": true,
                     *       "asks": [
                     *         {
                     *           "price": 1,
                     *           "volume": 1
                     *         }
                     *       ],
                     *       "bids": [
                     *         {
                     *           "price": 1,
                     *           "volume": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DOMData"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDatafeedHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "message": "text",
                     *       "timestamp": "text",
                     *       "module_name": "text",
                     *       "api_version": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["ModuleHealth"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            /** @description The same, when not all is well. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "message": "text",
                     *       "timestamp": "text",
                     *       "module_name": "text",
                     *       "api_version": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["ModuleHealth"];
                };
            };
        };
    };
    getQuotes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "symbols": [
                 *         "AAPL",
                 *         "MSFT"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["QuotesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "s": "ok",
                     *         "n": "AAPL",
                     *         "v": {
                     *           "lp": 229.1,
                     *           "ask": 229.11,
                     *           "bid": 229.09,
                     *           "spread": 0.02,
                     *           "open_price": 228.4,
                     *           "high_price": 229.6,
                     *           "low_price": 227.95,
                     *           "prev_close_price": 228.05,
                     *           "volume": 1250400,
                     *           "ch": 1.05,
                     *           "chp": 0.46,
                     *           "short_name": "AAPL",
                     *           "exchange": "NASDAQ",
                     *           "description": "Apple Inc.",
                     *           "original_name": "NASDAQ:AAPL"
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["QuoteData"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    resolveSymbols: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "symbols": [
                 *         "AAPL",
                 *         "MSFT"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ResolveRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "name": "text",
                     *         "full_name": "text",
                     *         "ticker": "text",
                     *         "description": "text",
                     *         "type": "text",
                     *         "session": "text",
                     *         "session_holidays": "text",
                     *         "corrections": "text",
                     *         "exchange": "text",
                     *         "listed_exchange": "text",
                     *         "timezone": "text",
                     *         "format": "price",
                     *         "pricescale": 1,
                     *         "minmov": 1,
                     *         "has_intraday": true,
                     *         "intraday_multipliers": [
                     *           "text"
                     *         ],
                     *         "has_daily": true,
                     *         "daily_multipliers": [
                     *           "text"
                     *         ],
                     *         "has_weekly_and_monthly": true,
                     *         "supported_resolutions": [
                     *           "text"
                     *         ],
                     *         "volume_precision": 1,
                     *         "data_status": "streaming",
                     *         "currency_code": "text"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["LibrarySymbolInfo"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    resolveSymbol: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example AAPL */
                symbol: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "text",
                     *       "full_name": "text",
                     *       "ticker": "text",
                     *       "description": "text",
                     *       "type": "text",
                     *       "session": "text",
                     *       "session_holidays": "text",
                     *       "corrections": "text",
                     *       "exchange": "text",
                     *       "listed_exchange": "text",
                     *       "timezone": "text",
                     *       "format": "price",
                     *       "pricescale": 1,
                     *       "minmov": 1,
                     *       "has_intraday": true,
                     *       "intraday_multipliers": [
                     *         "text"
                     *       ],
                     *       "has_daily": true,
                     *       "daily_multipliers": [
                     *         "text"
                     *       ],
                     *       "has_weekly_and_monthly": true,
                     *       "supported_resolutions": [
                     *         "text"
                     *       ],
                     *       "volume_precision": 1,
                     *       "data_status": "streaming",
                     *       "currency_code": "text"
                     *     }
                     */
                    "application/json": components["schemas"]["LibrarySymbolInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getScenarios: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "SCENARIO-1",
                     *         "symbol": "AAPL",
                     *         "kind": "shock",
                     *         "factor": 0.9,
                     *         "begin": 1767625200000,
                     *         "end": null,
                     *         "status": "scheduled"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Scenario"][];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    addScenario: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "symbol": "AAPL",
                 *       "kind": "shock",
                 *       "factor": 0.9,
                 *       "begin": 1767625200000,
                 *       "end": null
                 *     }
                 */
                "application/json": components["schemas"]["ScenarioRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "SCENARIO-1",
                     *       "symbol": "AAPL",
                     *       "kind": "shock",
                     *       "factor": 0.9,
                     *       "begin": 1767625200000,
                     *       "end": null,
                     *       "status": "scheduled"
                     *     }
                     */
                    "application/json": components["schemas"]["Scenario"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    endScenario: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example SCENARIO-1 */
                scenarioId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "ORDER-1 modified"
                     *     }
                     */
                    "application/json": components["schemas"]["SuccessResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    searchSymbols: {
        parameters: {
            query?: {
                exchange?: string;
                /** @example 10 */
                max_results?: number;
                symbol_type?: string;
                /** @example app */
                user_input?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "symbol": "AAPL",
                     *         "full_name": "NASDAQ:AAPL",
                     *         "description": "Apple Inc.",
                     *         "exchange": "NASDAQ",
                     *         "ticker": "AAPL",
                     *         "type": "stock"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["SearchSymbolResultItem"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    publishTicks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ticks": [
                 *         {
                 *           "symbol": "AAPL",
                 *           "time": 1767625200000,
                 *           "price": 229.1,
                 *           "size": 100,
                 *           "bid": 229.09,
                 *           "ask": 229.11
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["TicksRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": 1
                     *     }
                     */
                    "application/json": components["schemas"]["TicksReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getServerTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example 1767625200 */
                    "application/json": number;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDatafeedVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "v1",
                     *       "release_date": "2026-11-20",
                     *       "status": "stable",
                     *       "breaking_changes": [],
                     *       "deprecation_notice": null,
                     *       "sunset_date": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiVersion"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDatafeedVersions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "current_version": "v1",
                     *       "available_versions": {
                     *         "v1": {
                     *           "version": "v1",
                     *           "release_date": "2026-11-20",
                     *           "status": "stable",
                     *           "breaking_changes": [],
                     *           "deprecation_notice": null,
                     *           "sunset_date": null
                     *         }
                     *       },
                     *       "documentation_url": "/api/v1/docs",
                     *       "support_contact": "The operator of this server."
                     *     }
                     */
                    "application/json": components["schemas"]["Versions"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "message": "text",
                     *       "timestamp": "text",
                     *       "module_name": "text",
                     *       "api_version": "text",
                     *       "uptime": 1,
                     *       "version": "text",
                     *       "modules": [
                     *         "text"
                     *       ],
                     *       "clock": {
                     *         "now": 1,
                     *         "speed": 1
                     *       },
                     *       "feed": {
                     *         "kind": "synthetic",
                     *         "sessions": "24x7",
                     *         "stale": {}
                     *       },
                     *       "ledger": {
                     *         "checks": 1,
                     *         "violations": 1,
                     *         "last": "text"
                     *       },
                     *       "storage": {
                     *         "kind": "text",
                     *         "events": 1,
                     *         "writable": true
                     *       },
                     *       "ticker": {
                     *         "running": true,
                     *         "ticks": 1,
                     *         "skipped": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ServerHealth"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            /** @description The same, when not all is well. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "message": "text",
                     *       "timestamp": "text",
                     *       "module_name": "text",
                     *       "api_version": "text",
                     *       "uptime": 1,
                     *       "version": "text",
                     *       "modules": [
                     *         "text"
                     *       ],
                     *       "clock": {
                     *         "now": 1,
                     *         "speed": 1
                     *       },
                     *       "feed": {
                     *         "kind": "synthetic",
                     *         "sessions": "24x7",
                     *         "stale": {}
                     *       },
                     *       "ledger": {
                     *         "checks": 1,
                     *         "violations": 1,
                     *         "last": "text"
                     *       },
                     *       "storage": {
                     *         "kind": "text",
                     *         "events": 1,
                     *         "writable": true
                     *       },
                     *       "ticker": {
                     *         "running": true,
                     *         "ticks": 1,
                     *         "skipped": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ServerHealth"];
                };
            };
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "v1",
                     *       "release_date": "2026-11-20",
                     *       "status": "stable",
                     *       "breaking_changes": [],
                     *       "deprecation_notice": null,
                     *       "sunset_date": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiVersion"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getVersions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "current_version": "v1",
                     *       "available_versions": {
                     *         "v1": {
                     *           "version": "v1",
                     *           "release_date": "2026-11-20",
                     *           "status": "stable",
                     *           "breaking_changes": [],
                     *           "deprecation_notice": null,
                     *           "sunset_date": null
                     *         }
                     *       },
                     *       "documentation_url": "/api/v1/docs",
                     *       "support_contact": "The operator of this server."
                     *     }
                     */
                    "application/json": components["schemas"]["Versions"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "supports_search": true,
                     *       "supports_group_request": true,
                     *       "supports_marks": true,
                     *       "supports_timescale_marks": true,
                     *       "supports_time": true,
                     *       "supported_resolutions": [
                     *         "text"
                     *       ],
                     *       "exchanges": [
                     *         {
                     *           "value": "text",
                     *           "name": "text",
                     *           "desc": "text"
                     *         }
                     *       ],
                     *       "symbols_types": [
                     *         {
                     *           "name": "text",
                     *           "value": "text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UdfConfig"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfHistory: {
        parameters: {
            query: {
                countback?: number;
                from?: number;
                resolution: "1" | "3" | "5" | "15" | "30" | "60" | "240" | "1D" | "1W" | "1M" | "D" | "W" | "M";
                symbol: string;
                to: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "s": "ok",
                     *       "t": [
                     *         1
                     *       ],
                     *       "o": [
                     *         1
                     *       ],
                     *       "h": [
                     *         1
                     *       ],
                     *       "l": [
                     *         1
                     *       ],
                     *       "c": [
                     *         1
                     *       ],
                     *       "v": [
                     *         1
                     *       ],
                     *       "nextTime": 1
                     *     }
                     */
                    "application/json": components["schemas"]["UdfHistoryReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfMarks: {
        parameters: {
            query: {
                from: number;
                resolution?: string;
                symbol: string;
                to: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "text",
                     *         "time": 1,
                     *         "color": "text",
                     *         "text": "text",
                     *         "label": "text",
                     *         "labelFontColor": "text",
                     *         "minSize": 1
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["UdfMarksReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfQuotes: {
        parameters: {
            query: {
                symbols: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "s": "ok",
                     *       "d": [
                     *         {
                     *           "s": "ok",
                     *           "n": "text",
                     *           "v": {
                     *             "lp": 1,
                     *             "ask": 1,
                     *             "bid": 1,
                     *             "spread": 1,
                     *             "open_price": 1,
                     *             "high_price": 1,
                     *             "low_price": 1,
                     *             "prev_close_price": 1,
                     *             "volume": 1,
                     *             "ch": 1,
                     *             "chp": 1,
                     *             "short_name": "text",
                     *             "exchange": "text",
                     *             "description": "text",
                     *             "original_name": "text",
                     *             "stale": 1
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UdfQuotesReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    searchUdfSymbols: {
        parameters: {
            query?: {
                exchange?: string;
                limit?: number;
                query?: string;
                type?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "symbol": "text",
                     *         "full_name": "text",
                     *         "description": "text",
                     *         "exchange": "text",
                     *         "ticker": "text",
                     *         "type": "text"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["UdfSearchReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfSymbolInfo: {
        parameters: {
            query?: {
                group?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": components["schemas"]["UdfSymbolInfoReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfSymbol: {
        parameters: {
            query: {
                symbol: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "text",
                     *       "full_name": "text",
                     *       "ticker": "text",
                     *       "description": "text",
                     *       "type": "text",
                     *       "session": "text",
                     *       "session_holidays": "text",
                     *       "corrections": "text",
                     *       "exchange": "text",
                     *       "listed_exchange": "text",
                     *       "timezone": "text",
                     *       "format": "price",
                     *       "pricescale": 1,
                     *       "minmov": 1,
                     *       "has_intraday": true,
                     *       "intraday_multipliers": [
                     *         "text"
                     *       ],
                     *       "has_daily": true,
                     *       "daily_multipliers": [
                     *         "text"
                     *       ],
                     *       "has_weekly_and_monthly": true,
                     *       "supported_resolutions": [
                     *         "text"
                     *       ],
                     *       "volume_precision": 1,
                     *       "data_status": "streaming",
                     *       "currency_code": "text",
                     *       "minmovement": 1,
                     *       "minmove2": 1,
                     *       "fractional": true
                     *     }
                     */
                    "application/json": components["schemas"]["UdfSymbolReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example 1767625200 */
                    "application/json": number;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUdfTimescaleMarks: {
        parameters: {
            query: {
                from: number;
                resolution?: string;
                symbol: string;
                to: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "text",
                     *         "time": 1,
                     *         "color": "text",
                     *         "label": "text",
                     *         "tooltip": [
                     *           "text"
                     *         ]
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["UdfTimescaleMarksReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["WrongHost"];
            422: components["responses"]["Validation"];
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
}
