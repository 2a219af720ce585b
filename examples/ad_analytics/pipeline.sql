-- Impressions, clicks and the click-through rate of each campaign and minute.
CREATE TEMPORARY VIEW impressions (ad BIGINT, campaign INT, ts TIMESTAMP)
  USING json OPTIONS (path 'sample/impressions');
CREATE TEMPORARY VIEW clicks (ad BIGINT, campaign INT, ts TIMESTAMP)
  USING json OPTIONS (path 'sample/clicks');
CREATE TEMPORARY VIEW campaigns (campaign INT, name STRING, cent INT)
  USING json OPTIONS (path 'sample/campaigns');

CREATE TEMPORARY VIEW events AS
SELECT campaign, 1 AS shown, 0 AS clicked, ts
FROM STREAM(impressions) WATERMARK ts DELAY OF INTERVAL 30 SECONDS
UNION ALL
SELECT campaign, 0, 1, ts FROM STREAM(clicks) WATERMARK ts DELAY OF INTERVAL 30 SECONDS;

CREATE STREAMING TABLE rates USING console AS
SELECT window.start AS minute, name, sum(shown) AS impressions, sum(clicked) AS clicks,
       round(100.0 * sum(clicked) / sum(shown), 2) AS ctr_percent, sum(clicked * cent) AS cent
FROM events JOIN campaigns USING (campaign)
GROUP BY window(ts, '1 minute'), name
HAVING sum(shown) > 0;
