-- Who plays on how many devices right now, by the time in the heartbeats.
CREATE TEMPORARY VIEW heartbeats (
  account STRING, device STRING, allowed INT, ts TIMESTAMP
) USING json OPTIONS (path 'sample');

-- A device counts once a minute, however often its heart beats.
CREATE TEMPORARY VIEW playing AS
SELECT window, account, device, max(allowed) AS allowed
FROM STREAM(heartbeats) WATERMARK ts DELAY OF INTERVAL 20 SECONDS
GROUP BY window(ts, '1 minute'), account, device;

CREATE STREAMING TABLE too_many USING console AS
SELECT window.start AS minute, account, count(*) AS devices, max(allowed) AS allowed
FROM playing GROUP BY window, account
HAVING count(*) > max(allowed);

CREATE STREAMING TABLE active USING console AS
SELECT window.start AS minute, count(*) AS accounts, sum(devices) AS devices
FROM (SELECT window, account, count(*) AS devices FROM playing GROUP BY window, account)
GROUP BY window;
