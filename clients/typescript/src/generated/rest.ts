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
    "/api/v1/broker/individual-positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List open individual positions */
        get: operations["getIndividualPositions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/individual-positions/{individualPositionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Close an individual position or part of it */
        delete: operations["closeIndividualPosition"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/individual-positions/{individualPositionId}/brackets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change the brackets of an individual position */
        put: operations["editIndividualPositionBrackets"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/broker/individual-positions/{individualPositionId}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close an individual position or part of it */
        post: operations["closeIndividualPositionPart"];
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
    "/api/v1/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the clock of the world */
        get: operations["getClock"];
        /** Pause the clock, let it run, or change its speed */
        put: operations["setClock"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clock/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move the clock forward */
        post: operations["advanceClock"];
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
    "/api/v1/datafeed/search/page": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find symbols, page by page */
        get: operations["searchSymbolsPaginated"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datafeed/sparklines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show the course of the day of several symbols */
        post: operations["getSparklines"];
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
    "/api/v1/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the faults in their order */
        get: operations["getFaults"];
        /** Replace the list of faults */
        put: operations["replaceFaults"];
        /** Add a fault at the end of the list */
        post: operations["addFault"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/faults/{faultId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a fault and its counts */
        get: operations["getFault"];
        put?: never;
        post?: never;
        /** Remove a fault */
        delete: operations["removeFault"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/faults/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set the counts of all faults to zero */
        post: operations["resetFaults"];
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
    "/api/v1/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the recording of the world */
        get: operations["getRecording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Report how a client behaved */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what clients sent */
        get: operations["getRequests"];
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
    "/api/v1/worlds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the worlds that callers made */
        get: operations["getWorlds"];
        put?: never;
        /** Make a world */
        post: operations["createWorld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worlds/{worldId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a world */
        get: operations["getWorld"];
        put?: never;
        post?: never;
        /** Delete a world */
        delete: operations["deleteWorld"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worlds/{worldId}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a second world in the same state */
        post: operations["forkWorld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worlds/{worldId}/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a world as the body that makes it again */
        get: operations["getWorldSnapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/charts_storage/1.1/charts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the saved layouts, or load one */
        get: operations["getCharts"];
        put?: never;
        /** Save a layout */
        post: operations["saveChart"];
        /** Delete a layout */
        delete: operations["deleteChart"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/charts_storage/1.1/drawing_templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the templates of a drawing tool, or load one */
        get: operations["getDrawingTemplates"];
        put?: never;
        /** Save a template of a drawing tool */
        post: operations["saveDrawingTemplate"];
        /** Delete a template of a drawing tool */
        delete: operations["deleteDrawingTemplate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/charts_storage/1.1/study_templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the study templates, or load one */
        get: operations["getStudyTemplates"];
        put?: never;
        /** Save a study template */
        post: operations["saveStudyTemplate"];
        /** Delete a study template */
        delete: operations["deleteStudyTemplate"];
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
         * Reconnects
         * @description Sockets that ended without the client's wish, and the time until the next one of the same address.
         */
        Reconnects: {
            lost: number;
            maxMs: number | null;
            reconnected: number;
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
         * @description A resolved symbol with the protocol's other field names beside those of LibrarySymbolInfo.
         */
        UdfSymbol: {
            corrections: string;
            currency_code: string;
            daily_multipliers: string[];
            /** @enum {string} */
            data_status: "streaming" | "endofday" | "delayed_streaming";
            description: string;
            exchange: string;
            exchange_listed_name: string;
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
                     *       "supportPositionNetting": true,
                     *       "supportIndividualPositionBrackets": true,
                     *       "supportCloseIndividualPosition": true,
                     *       "supportPartialCloseIndividualPosition": true,
                     *       "requiresFIFOCloseIndividualPositions": true,
                     *       "supportMultipleExitLevels": true,
                     *       "supportUnpairedExitLevels": true,
                     *       "supportLevel2Data": true,
                     *       "supportBalances": true,
                     *       "supportCryptoExchangeOrderTicket": true,
                     *       "supportMultiposition": true,
                     *       "supportOnlyPairPositionBrackets": true,
                     *       "supportOnlyPairOrderBrackets": true,
                     *       "supportCancellingBothBracketsOnly": true,
                     *       "supportPreviewClosePosition": true,
                     *       "positionPLInInstrumentCurrency": true,
                     *       "showRiskInInstrumentCurrency": true,
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
    getIndividualPositions: {
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
                     *         "id": "POSITION-1",
                     *         "symbol": "AAPL",
                     *         "orderId": "ORDER-1",
                     *         "date": 1767625200000,
                     *         "qty": 10,
                     *         "side": 1,
                     *         "price": 228.5,
                     *         "pl": 6,
                     *         "realizedPL": 0,
                     *         "takeProfit": 240,
                     *         "stopLoss": 221,
                     *         "stopLossLimit": null,
                     *         "guaranteedStop": null,
                     *         "trailingStopPips": null,
                     *         "exitLevels": null,
                     *         "canBeClosed": true,
                     *         "updateTime": 1767625200000
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["IndividualPosition"][];
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
    closeIndividualPosition: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                /** @example 5 */
                amount?: number;
            };
            header?: never;
            path: {
                individualPositionId: string;
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
    editIndividualPositionBrackets: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                individualPositionId: string;
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
    closeIndividualPositionPart: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
            };
            header?: never;
            path: {
                individualPositionId: string;
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
                     *         "stopLossLimit": null,
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
                     *         "revision": 0,
                     *         "positionId": null,
                     *         "exitLevels": null,
                     *         "exitLevelId": null
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
                     *       "stopLossLimit": null,
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
                     *       "revision": 0,
                     *       "positionId": null,
                     *       "exitLevels": null,
                     *       "exitLevelId": null
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
                     *         "stopLossLimit": null,
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
                     *         "revision": 0,
                     *         "positionId": null,
                     *         "exitLevels": null,
                     *         "exitLevelId": null
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
                     *         "stopLossLimit": null,
                     *         "guaranteedStop": null,
                     *         "trailingStopPips": null,
                     *         "exitLevels": null,
                     *         "canBeClosed": true,
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
    getClock: {
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
                     *       "object": "clock",
                     *       "now": 1767625200000,
                     *       "mode": "paused",
                     *       "speed": 1,
                     *       "status": "ready",
                     *       "target": null
                     *     }
                     */
                    "application/json": components["schemas"]["ClockState"];
                };
            };
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
    setClock: {
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
                 *       "mode": "paused",
                 *       "speed": 10
                 *     }
                 */
                "application/json": components["schemas"]["ClockChange"];
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
                     *       "object": "clock",
                     *       "now": 1767625200000,
                     *       "mode": "paused",
                     *       "speed": 1,
                     *       "status": "ready",
                     *       "target": null
                     *     }
                     */
                    "application/json": components["schemas"]["ClockState"];
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
    advanceClock: {
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
                 *       "until": "fill",
                 *       "limit": 86400000
                 *     }
                 */
                "application/json": components["schemas"]["ClockAdvance"];
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
                     *       "object": "clock",
                     *       "now": 1767625200000,
                     *       "mode": "paused",
                     *       "speed": 1,
                     *       "status": "ready",
                     *       "target": null
                     *     }
                     */
                    "application/json": components["schemas"]["ClockState"];
                };
            };
            /** @description The same, while it goes on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "object": "clock",
                     *       "now": 1767625200000,
                     *       "mode": "paused",
                     *       "speed": 1,
                     *       "status": "ready",
                     *       "target": null
                     *     }
                     */
                    "application/json": components["schemas"]["ClockState"];
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
                     *         "exchange_listed_name": "text",
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
                     *       "exchange_listed_name": "text",
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
    searchSymbolsPaginated: {
        parameters: {
            query?: {
                exchange?: string;
                max_results?: number;
                start?: number;
                symbol_type?: string;
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
                     * @example {
                     *       "items": [
                     *         {
                     *           "symbol": "AAPL",
                     *           "full_name": "NASDAQ:AAPL",
                     *           "description": "Apple Inc.",
                     *           "exchange": "NASDAQ",
                     *           "ticker": "AAPL",
                     *           "type": "stock"
                     *         }
                     *       ],
                     *       "symbols_remaining": 0
                     *     }
                     */
                    "application/json": components["schemas"]["SearchPage"];
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
    getSparklines: {
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
                "application/json": components["schemas"]["SparklinesRequest"];
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
                     *         "symbol": "AAPL",
                     *         "time": 1767571200000,
                     *         "resolution": "15",
                     *         "closes": [
                     *           228.4,
                     *           228.9,
                     *           229.1
                     *         ]
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Sparkline"][];
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
    getFaults: {
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
                     *         "id": "fault-1",
                     *         "name": "accepted, reply lost",
                     *         "stage": "request",
                     *         "match": {
                     *           "path": "/api/v1/broker/orders",
                     *           "method": "POST"
                     *         },
                     *         "do": {
                     *           "reset": true
                     *         },
                     *         "phase": "after",
                     *         "after": 0,
                     *         "times": 1,
                     *         "probability": 1,
                     *         "stats": {
                     *           "matched": 1,
                     *           "applied": 1
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Fault"][];
                };
            };
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
    replaceFaults: {
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
                 *       "faults": [
                 *         {
                 *           "stage": "push",
                 *           "match": {
                 *             "route": "orders"
                 *           },
                 *           "do": {
                 *             "drop": true
                 *           },
                 *           "probability": 0.1
                 *         },
                 *         {
                 *           "stage": "order",
                 *           "match": {
                 *             "symbol": "AAPL"
                 *           },
                 *           "do": {
                 *             "fill": {
                 *               "qty": 5,
                 *               "then": "stall"
                 *             }
                 *           },
                 *           "times": 1
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["FaultList"];
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
                     *         "id": "fault-1",
                     *         "name": "accepted, reply lost",
                     *         "stage": "request",
                     *         "match": {
                     *           "path": "/api/v1/broker/orders",
                     *           "method": "POST"
                     *         },
                     *         "do": {
                     *           "reset": true
                     *         },
                     *         "phase": "after",
                     *         "after": 0,
                     *         "times": 1,
                     *         "probability": 1,
                     *         "stats": {
                     *           "matched": 1,
                     *           "applied": 1
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Fault"][];
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
    addFault: {
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
                 *       "name": "accepted, reply lost",
                 *       "stage": "request",
                 *       "match": {
                 *         "path": "/api/v1/broker/orders",
                 *         "method": "POST"
                 *       },
                 *       "do": {
                 *         "reset": true
                 *       },
                 *       "phase": "after",
                 *       "after": 0,
                 *       "times": 1,
                 *       "probability": 1
                 *     }
                 */
                "application/json": components["schemas"]["FaultRequest"];
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
                     *       "id": "fault-1",
                     *       "name": "accepted, reply lost",
                     *       "stage": "request",
                     *       "match": {
                     *         "path": "/api/v1/broker/orders",
                     *         "method": "POST"
                     *       },
                     *       "do": {
                     *         "reset": true
                     *       },
                     *       "phase": "after",
                     *       "after": 0,
                     *       "times": 1,
                     *       "probability": 1,
                     *       "stats": {
                     *         "matched": 1,
                     *         "applied": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Fault"];
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
    getFault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                faultId: string;
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
                     *       "id": "fault-1",
                     *       "name": "accepted, reply lost",
                     *       "stage": "request",
                     *       "match": {
                     *         "path": "/api/v1/broker/orders",
                     *         "method": "POST"
                     *       },
                     *       "do": {
                     *         "reset": true
                     *       },
                     *       "phase": "after",
                     *       "after": 0,
                     *       "times": 1,
                     *       "probability": 1,
                     *       "stats": {
                     *         "matched": 1,
                     *         "applied": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Fault"];
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
    removeFault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                faultId: string;
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
                     *       "id": "fault-1",
                     *       "name": "accepted, reply lost",
                     *       "stage": "request",
                     *       "match": {
                     *         "path": "/api/v1/broker/orders",
                     *         "method": "POST"
                     *       },
                     *       "do": {
                     *         "reset": true
                     *       },
                     *       "phase": "after",
                     *       "after": 0,
                     *       "times": 1,
                     *       "probability": 1,
                     *       "stats": {
                     *         "matched": 1,
                     *         "applied": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Fault"];
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
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    resetFaults: {
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
                     *       },
                     *       "lint": null,
                     *       "bus": {
                     *         "role": "core",
                     *         "status": "connected",
                     *         "lag": 1,
                     *         "lag_ms": 1,
                     *         "core": null
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
                     *       },
                     *       "lint": null,
                     *       "bus": {
                     *         "role": "core",
                     *         "status": "connected",
                     *         "lag": 1,
                     *         "lag_ms": 1,
                     *         "core": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ServerHealth"];
                };
            };
        };
    };
    getRecording: {
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
                    /** @example {...} */
                    "application/x-ndjson": string;
                };
            };
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
    getReport: {
        parameters: {
            query?: {
                account?: string;
                session?: string;
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
                     *       "account": "DEMO-ACCOUNT",
                     *       "session": null,
                     *       "requests": 14,
                     *       "messages": 6,
                     *       "faults": 3,
                     *       "reconnects": {
                     *         "lost": 1,
                     *         "reconnected": 1,
                     *         "maxMs": 812
                     *       },
                     *       "topics": {
                     *         "resumed": 2,
                     *         "lost": []
                     *       },
                     *       "orders": {
                     *         "repliesLost": 1,
                     *         "sameClientOrderId": 1,
                     *         "sameBody": 0
                     *       },
                     *       "retryAfter": {
                     *         "kept": 1,
                     *         "ignored": 0
                     *       },
                     *       "cancelsAfterFill": 0,
                     *       "gaps": {
                     *         "seen": 1,
                     *         "resumed": 1,
                     *         "notResumed": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ClientReport"];
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
    getRequests: {
        parameters: {
            query?: {
                account?: string;
                from?: number;
                limit?: number;
                method?: string;
                path?: string;
                status?: number;
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
                     *         "number": 12,
                     *         "time": 1767625200000,
                     *         "kind": "request",
                     *         "method": "POST",
                     *         "path": "/api/v1/broker/orders",
                     *         "account": "DEMO-ACCOUNT",
                     *         "address": "127.0.0.1",
                     *         "session": null,
                     *         "requestId": "6f1c8a2e-c",
                     *         "status": 200,
                     *         "durationMs": 1.204,
                     *         "fault": "fault-1",
                     *         "replyLost": true
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["RequestRecord"][];
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
    getWorlds: {
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
                     *         "id": "w-1",
                     *         "object": "world",
                     *         "name": "breakout test",
                     *         "status": "ready",
                     *         "created": 1795980000000,
                     *         "deletesAfter": 1795980600000,
                     *         "seed": 7,
                     *         "clock": {
                     *           "object": "clock",
                     *           "now": 1767625200000,
                     *           "mode": "paused",
                     *           "speed": 1,
                     *           "status": "ready",
                     *           "target": null
                     *         },
                     *         "accounts": [],
                     *         "urls": {
                     *           "page": "http://127.0.0.1:8000/w/w-1/",
                     *           "api": "http://127.0.0.1:8000/w/w-1/api/v1",
                     *           "ws": "ws://127.0.0.1:8000/w/w-1/api/v1/ws",
                     *           "udf": "http://127.0.0.1:8000/w/w-1/udf",
                     *           "alpaca": "http://127.0.0.1:8000/w/w-1/alpaca",
                     *           "alpacaStream": "ws://127.0.0.1:8000/w/w-1/alpaca/stream",
                     *           "alpacaData": "http://127.0.0.1:8000/w/w-1/alpaca"
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["World"][];
                };
            };
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
    createWorld: {
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
                 *       "name": "breakout test",
                 *       "seed": 7,
                 *       "start": 1767625200000,
                 *       "mode": "paused",
                 *       "speed": 1,
                 *       "fillModel": "market",
                 *       "accounts": [
                 *         {
                 *           "id": "ALICE",
                 *           "name": "Alice",
                 *           "balance": 50000
                 *         }
                 *       ],
                 *       "ttl": 600
                 *     }
                 */
                "application/json": components["schemas"]["WorldCreate"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "w-1",
                     *       "object": "world",
                     *       "name": "breakout test",
                     *       "status": "ready",
                     *       "created": 1795980000000,
                     *       "deletesAfter": 1795980600000,
                     *       "seed": 7,
                     *       "clock": {
                     *         "object": "clock",
                     *         "now": 1767625200000,
                     *         "mode": "paused",
                     *         "speed": 1,
                     *         "status": "ready",
                     *         "target": null
                     *       },
                     *       "accounts": [],
                     *       "urls": {
                     *         "page": "http://127.0.0.1:8000/w/w-1/",
                     *         "api": "http://127.0.0.1:8000/w/w-1/api/v1",
                     *         "ws": "ws://127.0.0.1:8000/w/w-1/api/v1/ws",
                     *         "udf": "http://127.0.0.1:8000/w/w-1/udf",
                     *         "alpaca": "http://127.0.0.1:8000/w/w-1/alpaca",
                     *         "alpacaStream": "ws://127.0.0.1:8000/w/w-1/alpaca/stream",
                     *         "alpacaData": "http://127.0.0.1:8000/w/w-1/alpaca"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["World"];
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
    getWorld: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example w-1 */
                worldId: string;
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
                     *       "id": "w-1",
                     *       "object": "world",
                     *       "name": "breakout test",
                     *       "status": "ready",
                     *       "created": 1795980000000,
                     *       "deletesAfter": 1795980600000,
                     *       "seed": 7,
                     *       "clock": {
                     *         "object": "clock",
                     *         "now": 1767625200000,
                     *         "mode": "paused",
                     *         "speed": 1,
                     *         "status": "ready",
                     *         "target": null
                     *       },
                     *       "accounts": [],
                     *       "urls": {
                     *         "page": "http://127.0.0.1:8000/w/w-1/",
                     *         "api": "http://127.0.0.1:8000/w/w-1/api/v1",
                     *         "ws": "ws://127.0.0.1:8000/w/w-1/api/v1/ws",
                     *         "udf": "http://127.0.0.1:8000/w/w-1/udf",
                     *         "alpaca": "http://127.0.0.1:8000/w/w-1/alpaca",
                     *         "alpacaStream": "ws://127.0.0.1:8000/w/w-1/alpaca/stream",
                     *         "alpacaData": "http://127.0.0.1:8000/w/w-1/alpaca"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["World"];
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
    deleteWorld: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example w-1 */
                worldId: string;
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
                     *       "id": "w-1",
                     *       "object": "world",
                     *       "deleted": true
                     *     }
                     */
                    "application/json": components["schemas"]["WorldDeleted"];
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
            429: components["responses"]["RateLimit"];
            503: components["responses"]["Unavailable"];
        };
    };
    forkWorld: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example w-1 */
                worldId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "the other way",
                 *       "ttl": 600
                 *     }
                 */
                "application/json": components["schemas"]["WorldFork"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "w-1",
                     *       "object": "world",
                     *       "name": "breakout test",
                     *       "status": "ready",
                     *       "created": 1795980000000,
                     *       "deletesAfter": 1795980600000,
                     *       "seed": 7,
                     *       "clock": {
                     *         "object": "clock",
                     *         "now": 1767625200000,
                     *         "mode": "paused",
                     *         "speed": 1,
                     *         "status": "ready",
                     *         "target": null
                     *       },
                     *       "accounts": [],
                     *       "urls": {
                     *         "page": "http://127.0.0.1:8000/w/w-1/",
                     *         "api": "http://127.0.0.1:8000/w/w-1/api/v1",
                     *         "ws": "ws://127.0.0.1:8000/w/w-1/api/v1/ws",
                     *         "udf": "http://127.0.0.1:8000/w/w-1/udf",
                     *         "alpaca": "http://127.0.0.1:8000/w/w-1/alpaca",
                     *         "alpacaStream": "ws://127.0.0.1:8000/w/w-1/alpaca/stream",
                     *         "alpacaData": "http://127.0.0.1:8000/w/w-1/alpaca"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["World"];
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
    getWorldSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example w-1 */
                worldId: string;
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
                     *       "name": "breakout test",
                     *       "seed": 7,
                     *       "start": 1767625200000,
                     *       "mode": "paused",
                     *       "speed": 1,
                     *       "fillModel": "market",
                     *       "ttl": 600,
                     *       "program": "5d41402abc4b2a76b9719d911017c592",
                     *       "state": "eJxrYGBg"
                     *     }
                     */
                    "application/json": components["schemas"]["WorldSnapshot"];
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
    getCharts: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                chart?: number;
                client?: string;
                user?: string;
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
                     *       "status": "ok",
                     *       "data": [
                     *         {
                     *           "id": 1,
                     *           "name": "Two moving averages",
                     *           "symbol": "AAPL",
                     *           "resolution": "1D",
                     *           "timestamp": 1767625200
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChartsReply"];
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
    saveChart: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                chart?: number;
                client?: string;
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Two moving averages",
                 *       "content": "{}",
                 *       "symbol": "AAPL",
                 *       "resolution": "1D"
                 *     }
                 */
                "application/json": components["schemas"]["ChartToSave"];
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
                     *       "status": "ok",
                     *       "id": 1
                     *     }
                     */
                    "application/json": components["schemas"]["SavedChartReply"];
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
    deleteChart: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                chart?: number;
                client?: string;
                user?: string;
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
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["StorageReply"];
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
    getDrawingTemplates: {
        parameters: {
            query: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                client?: string;
                /** @example Thick */
                name?: string;
                /** @example LineToolRay */
                tool: string;
                user?: string;
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
                     *       "status": "ok",
                     *       "data": [
                     *         "Thick"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DrawingTemplatesReply"];
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
    saveDrawingTemplate: {
        parameters: {
            query: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                client?: string;
                /** @example Thick */
                name?: string;
                /** @example LineToolRay */
                tool: string;
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "{}"
                 *     }
                 */
                "application/json": components["schemas"]["DrawingTemplateToSave"];
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
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["StorageReply"];
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
    deleteDrawingTemplate: {
        parameters: {
            query: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                client?: string;
                /** @example Thick */
                name?: string;
                /** @example LineToolRay */
                tool: string;
                user?: string;
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
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["StorageReply"];
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
    getStudyTemplates: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                client?: string;
                template?: string;
                user?: string;
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
                     *       "status": "ok",
                     *       "data": [
                     *         {
                     *           "name": "Trend"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["StudyTemplatesReply"];
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
    saveStudyTemplate: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                client?: string;
                template?: string;
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Trend",
                 *       "content": "{}"
                 *     }
                 */
                "application/json": components["schemas"]["StudyTemplateToSave"];
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
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["StorageReply"];
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
    deleteStudyTemplate: {
        parameters: {
            query?: {
                /** @example DEMO-ACCOUNT */
                accountId?: string;
                client?: string;
                template?: string;
                user?: string;
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
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["StorageReply"];
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
                     *       "exchange_listed_name": "NASDAQ",
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
