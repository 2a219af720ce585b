-- Stop a card while it is still in the reader.
CREATE TEMPORARY VIEW payments (
  payment BIGINT, card STRING, merchant INT, amount DECIMAL(10, 2), ts TIMESTAMP
) USING json OPTIONS (path 'sample/payments');
CREATE TEMPORARY VIEW blocklist (card STRING, reason STRING)
  USING json OPTIONS (path 'sample/blocklist');
CREATE TEMPORARY VIEW merchants (merchant INT, place STRING, latitude DOUBLE, longitude DOUBLE)
  USING json OPTIONS (path 'sample/merchants');

-- Of each payment alone.
CREATE STREAMING TABLE refused USING console OPTIONS (truncate false) AS
SELECT p.payment, p.card, p.ts, b.reason
FROM STREAM(payments) p JOIN blocklist b ON p.card = b.card;

-- Of ten minutes, slid by one, as they go: too many payments, or too much.
CREATE STREAMING TABLE too_much USING console OPTIONS (truncate false)
TBLPROPERTIES (outputMode = 'update') AS
SELECT card, window.start AS since, count(*) AS payments, sum(amount) AS total
FROM STREAM(payments) WATERMARK ts DELAY OF INTERVAL 1 MINUTE
GROUP BY window(ts, '10 minutes', '5 minutes'), card
HAVING count(*) > 5 OR sum(amount) > 1000;

-- Two places in ten minutes that nobody can travel between: kilometres by the haversine.
CREATE STREAMING TABLE too_far USING console OPTIONS (truncate false)
TBLPROPERTIES (outputMode = 'update') AS
SELECT card, since, km FROM (
  SELECT card, window.start AS since,
         round(2 * 6371 * asin(sqrt(
           pow(sin(radians(max(latitude) - min(latitude)) / 2), 2)
           + cos(radians(max(latitude))) * cos(radians(min(latitude)))
             * pow(sin(radians(max(longitude) - min(longitude)) / 2), 2)))) AS km
  FROM STREAM(payments) WATERMARK ts DELAY OF INTERVAL 1 MINUTE
  JOIN merchants ON payments.merchant = merchants.merchant
  GROUP BY window(ts, '10 minutes', '5 minutes'), card)
WHERE km > 500;
