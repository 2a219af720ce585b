-- What sold in this hour: units and revenue, corrected as late orders arrive.
CREATE TEMPORARY VIEW orders (
  `order` BIGINT, product STRING, units INT, price STRING, ts TIMESTAMP
) USING json OPTIONS (path 'sample', maxFilesPerTrigger 1);

-- Each hour and product again whenever an order changes it; an order half an hour late still counts.
CREATE STREAMING TABLE hours USING console TBLPROPERTIES (outputMode = 'update') AS
SELECT window.start AS hour, product, sum(units) AS units,
       sum(units * CAST(price AS DECIMAL(8, 2))) AS revenue
FROM STREAM(orders) WATERMARK ts DELAY OF INTERVAL 30 MINUTES
GROUP BY window(ts, '1 hour'), product;

-- The best products so far.
CREATE STREAMING TABLE top USING console TBLPROPERTIES (outputMode = 'complete') AS
SELECT product, sum(units) AS units, sum(units * CAST(price AS DECIMAL(8, 2))) AS revenue
FROM STREAM(orders)
GROUP BY product ORDER BY revenue DESC LIMIT 3;
