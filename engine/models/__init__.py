"""Values that cross borders: wire models by business topic, and the market values that broker and datafeed share."""
