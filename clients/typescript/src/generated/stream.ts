// Generated from the specs by `make clients`; changes belong into the server's models.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
        BarsSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["BarsSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "bars.subscribe";
        };
        BarsSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["Bar"][] | components["schemas"]["Bar"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "bars.subscribe.response";
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
        BarsUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["BarsSubscriptionRequest"];
            /** @constant */
            type: "bars.unsubscribe";
        };
        BarsUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "bars.unsubscribe.response";
        };
        BarsUpdateMessage: {
            payload: {
                payload: components["schemas"]["Bar"];
                /** @description Grows; numbers may be missing, the newest state is always sent. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "bars.update";
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
        BrokerConnectionSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["BrokerConnectionSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "broker-connection.subscribe";
        };
        BrokerConnectionSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["BrokerConnectionStatus"][] | components["schemas"]["BrokerConnectionStatus"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "broker-connection.subscribe.response";
        };
        /**
         * BrokerConnectionSubscriptionRequest
         * @description The account of a `broker-connection` subscription.
         */
        BrokerConnectionSubscriptionRequest: {
            accountId: string;
        };
        BrokerConnectionUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["BrokerConnectionSubscriptionRequest"];
            /** @constant */
            type: "broker-connection.unsubscribe";
        };
        BrokerConnectionUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "broker-connection.unsubscribe.response";
        };
        BrokerConnectionUpdateMessage: {
            payload: {
                payload: components["schemas"]["BrokerConnectionStatus"];
                /** @description One more than the last one of this topic, without holes. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "broker-connection.update";
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
        ClockSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["ClockSubscription"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "clock.subscribe";
        };
        ClockSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["ClockState"][] | components["schemas"]["ClockState"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "clock.subscribe.response";
        };
        /**
         * ClockSubscription
         * @description The clock of the world; an update after each change of it.
         */
        ClockSubscription: Record<string, never>;
        ClockUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["ClockSubscription"];
            /** @constant */
            type: "clock.unsubscribe";
        };
        ClockUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "clock.unsubscribe.response";
        };
        ClockUpdateMessage: {
            payload: {
                payload: components["schemas"]["ClockState"];
                /** @description One more than the last one of this topic, without holes. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "clock.update";
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
        DepthSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["DepthSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "depth.subscribe";
        };
        DepthSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["DOMData"][] | components["schemas"]["DOMData"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "depth.subscribe.response";
        };
        /**
         * DepthSubscriptionRequest
         * @description Subscription to the order book of a symbol.
         */
        DepthSubscriptionRequest: {
            symbol: string;
        };
        DepthUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["DepthSubscriptionRequest"];
            /** @constant */
            type: "depth.unsubscribe";
        };
        DepthUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "depth.unsubscribe.response";
        };
        DepthUpdateMessage: {
            payload: {
                payload: components["schemas"]["DOMData"];
                /** @description Grows; numbers may be missing, the newest state is always sent. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "depth.update";
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
        EquitySubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["EquitySubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "equity.subscribe";
        };
        EquitySubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["EquityData"][] | components["schemas"]["EquityData"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "equity.subscribe.response";
        };
        /**
         * EquitySubscriptionRequest
         * @description The account of an `equity` subscription.
         */
        EquitySubscriptionRequest: {
            accountId: string;
        };
        EquityUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["EquitySubscriptionRequest"];
            /** @constant */
            type: "equity.unsubscribe";
        };
        EquityUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "equity.unsubscribe.response";
        };
        EquityUpdateMessage: {
            payload: {
                payload: components["schemas"]["EquityData"];
                /** @description Grows; numbers may be missing, the newest state is always sent. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "equity.update";
        };
        ErrorMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["ErrorPayload"];
            /** @constant */
            type: "error";
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
        ExecutionsSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["ExecutionSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "executions.subscribe";
        };
        ExecutionsSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["Execution"][] | components["schemas"]["Execution"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "executions.subscribe.response";
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
        ExecutionsUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["ExecutionSubscriptionRequest"];
            /** @constant */
            type: "executions.unsubscribe";
        };
        ExecutionsUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "executions.unsubscribe.response";
        };
        ExecutionsUpdateMessage: {
            payload: {
                payload: components["schemas"]["Execution"];
                /** @description One more than the last one of this topic, without holes. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "executions.update";
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
        HeartbeatMessage: {
            payload: components["schemas"]["HeartbeatPayload"];
            /** @constant */
            type: "heartbeat";
        };
        /**
         * HeartbeatPayload
         * @description Heartbeat; `serverTime` is market time.
         */
        HeartbeatPayload: {
            serverTime: number;
        };
        HelloMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload?: components["schemas"]["HelloPayload"];
            /** @constant */
            type: "hello";
        };
        /**
         * HelloPayload
         * @description Request for `welcome` and heartbeats; the token is used where the server requires one.
         */
        HelloPayload: {
            /** @default null */
            token?: string | null;
        };
        /** @description Any JSON value. */
        JsonValue: unknown;
        NoticeMessage: {
            payload: components["schemas"]["NoticePayload"];
            /** @constant */
            type: "notice";
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
        NotificationsSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["NotificationSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "notifications.subscribe";
        };
        NotificationsSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["Notification"][] | components["schemas"]["Notification"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "notifications.subscribe.response";
        };
        /**
         * NotificationSubscriptionRequest
         * @description The account of a `notifications` subscription.
         */
        NotificationSubscriptionRequest: {
            accountId: string;
        };
        NotificationsUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["NotificationSubscriptionRequest"];
            /** @constant */
            type: "notifications.unsubscribe";
        };
        NotificationsUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "notifications.unsubscribe.response";
        };
        NotificationsUpdateMessage: {
            payload: {
                payload: components["schemas"]["Notification"];
                /** @description One more than the last one of this topic, without holes. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "notifications.update";
        };
        /**
         * NotificationType
         * @description Source: TradingView, NotificationType.
         * @enum {integer}
         */
        NotificationType: 0 | 1;
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
        OrdersSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["OrderSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "orders.subscribe";
        };
        OrdersSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["PlacedOrder"][] | components["schemas"]["PlacedOrder"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "orders.subscribe.response";
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
        OrdersUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["OrderSubscriptionRequest"];
            /** @constant */
            type: "orders.unsubscribe";
        };
        OrdersUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "orders.unsubscribe.response";
        };
        OrdersUpdateMessage: {
            payload: {
                payload: components["schemas"]["PlacedOrder"];
                /** @description One more than the last one of this topic, without holes. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "orders.update";
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
        PlSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["PLSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "pl.subscribe";
        };
        PlSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["PLUpdate"][] | components["schemas"]["PLUpdate"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "pl.subscribe.response";
        };
        /**
         * PLSubscriptionRequest
         * @description The account of a `pl` subscription.
         */
        PLSubscriptionRequest: {
            accountId: string;
        };
        PlUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["PLSubscriptionRequest"];
            /** @constant */
            type: "pl.unsubscribe";
        };
        PlUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "pl.unsubscribe.response";
        };
        /**
         * PLUpdate
         * @description The open positions of an account, sent in each tick that moves the mark of one of them.
         */
        PLUpdate: {
            positions: components["schemas"]["PositionPL"][];
            time: number;
        };
        PlUpdateMessage: {
            payload: {
                payload: components["schemas"]["PLUpdate"];
                /** @description Grows; numbers may be missing, the newest state is always sent. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "pl.update";
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
         * PositionPL
         * @description Unrealised profit of one position at one mark price.
         */
        PositionPL: {
            id: string;
            pl: number;
            price: number;
            symbol: string;
        };
        PositionsSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["PositionSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "positions.subscribe";
        };
        PositionsSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["Position"][] | components["schemas"]["Position"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "positions.subscribe.response";
        };
        /**
         * PositionSubscriptionRequest
         * @description The account of a `positions` subscription.
         */
        PositionSubscriptionRequest: {
            accountId: string;
        };
        PositionsUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["PositionSubscriptionRequest"];
            /** @constant */
            type: "positions.unsubscribe";
        };
        PositionsUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "positions.unsubscribe.response";
        };
        PositionsUpdateMessage: {
            payload: {
                payload: components["schemas"]["Position"];
                /** @description One more than the last one of this topic, without holes. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "positions.update";
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
        QuotesSubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["QuoteDataSubscriptionRequest"];
            recover?: components["schemas"]["Recover"];
            snapshot?: boolean;
            /** @constant */
            type: "quotes.subscribe";
        };
        QuotesSubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            /**
             * SubscribeResponsePayload
             * @description Answer to subscribe and unsubscribe. The next update of the topic on this connection has a greater number than `seq`; `seq + 1` where every update is delivered. `snapshot` is the state at `seq`; it is left out when the missed updates follow.
             */
            payload: {
                /** @default null */
                epoch?: string | null;
                message: string;
                /** @default null */
                recovered?: boolean | null;
                /** @default null */
                seq?: number | null;
                /** @description The state as of `seq`, where it was asked for. */
                snapshot?: components["schemas"]["QuoteData"][] | components["schemas"]["QuoteData"] | null;
                /** @enum {string} */
                status: "ok" | "error";
                topic: string;
            };
            /** @constant */
            type: "quotes.subscribe.response";
        };
        QuotesUnsubscribeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["QuoteDataSubscriptionRequest"];
            /** @constant */
            type: "quotes.unsubscribe";
        };
        QuotesUnsubscribeResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["SubscribeResponsePayload"];
            /** @constant */
            type: "quotes.unsubscribe.response";
        };
        QuotesUpdateMessage: {
            payload: {
                payload: components["schemas"]["QuoteData"];
                /** @description Grows; numbers may be missing, the newest state is always sent. */
                seq: number;
                topic: string;
            };
            /** @constant */
            type: "quotes.update";
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
         * Recover
         * @description Position of a client that resumes: epoch and number of its last update.
         */
        Recover: {
            epoch: string;
            seq: number;
        };
        /**
         * Side
         * @description Direction: the sign of the quantity.
         * @enum {integer}
         */
        Side: 1 | -1;
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
        TicksPublishMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["TicksRequest"];
            /** @constant */
            type: "ticks.publish";
        };
        TicksPublishResponseMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["PublishResponsePayload"];
            /** @constant */
            type: "ticks.publish.response";
        };
        /**
         * TicksRequest
         * @description Ticks in order of time; all of them are accepted, or none.
         */
        TicksRequest: {
            ticks: components["schemas"]["Tick"][];
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
        WelcomeMessage: {
            /** @description Given by the client, echoed in the reply. */
            id?: string | number;
            payload: components["schemas"]["WelcomePayload"];
            /** @constant */
            type: "welcome";
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

/** Subscription and update of every route. */
export interface Routes {
  "bars": { subscription: components["schemas"]["BarsSubscriptionRequest"]; update: components["schemas"]["Bar"] };
  "broker-connection": { subscription: components["schemas"]["BrokerConnectionSubscriptionRequest"]; update: components["schemas"]["BrokerConnectionStatus"] };
  "clock": { subscription: components["schemas"]["ClockSubscription"]; update: components["schemas"]["ClockState"] };
  "depth": { subscription: components["schemas"]["DepthSubscriptionRequest"]; update: components["schemas"]["DOMData"] };
  "equity": { subscription: components["schemas"]["EquitySubscriptionRequest"]; update: components["schemas"]["EquityData"] };
  "executions": { subscription: components["schemas"]["ExecutionSubscriptionRequest"]; update: components["schemas"]["Execution"] };
  "notifications": { subscription: components["schemas"]["NotificationSubscriptionRequest"]; update: components["schemas"]["Notification"] };
  "orders": { subscription: components["schemas"]["OrderSubscriptionRequest"]; update: components["schemas"]["PlacedOrder"] };
  "pl": { subscription: components["schemas"]["PLSubscriptionRequest"]; update: components["schemas"]["PLUpdate"] };
  "positions": { subscription: components["schemas"]["PositionSubscriptionRequest"]; update: components["schemas"]["Position"] };
  "quotes": { subscription: components["schemas"]["QuoteDataSubscriptionRequest"]; update: components["schemas"]["QuoteData"] };
}

/** Whether every update of a route comes, or the newest state. */
export const DELIVERY: Readonly<Record<keyof Routes, "exact" | "conflated">> = {
  "bars": "conflated",
  "broker-connection": "exact",
  "clock": "exact",
  "depth": "conflated",
  "equity": "conflated",
  "executions": "exact",
  "notifications": "exact",
  "orders": "exact",
  "pl": "conflated",
  "positions": "exact",
  "quotes": "conflated",
};
