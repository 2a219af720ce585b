-- What went wrong, where and since when: access logs, syslog and the log of Debian's package
-- manager, read line by line as text. LOGS is the directory of the logs (see run).
CREATE TEMPORARY VIEW lines USING text OPTIONS (path '${env:LOGS}');

-- One row a line that is understood: when, which service, from where, whether it failed, how long
-- it took (milliseconds).
CREATE TEMPORARY VIEW events AS
SELECT ts, service, address, failed, latency_ms
FROM (
  SELECT
    try_cast(concat(
        regexp_extract(value, r'\[\d+/\w+/(\d+):', 1), '-',
        lpad(string((instr('JanFebMarAprMayJunJulAugSepOctNovDec',
                           regexp_extract(value, r'\[\d+/(\w+)/', 1)) + 2) div 3), 2, '0'), '-',
        regexp_extract(value, r'\[(\d+)/', 1), ' ',
        regexp_extract(value, r'\[\d+/\w+/\d+:(\d+:\d+:\d+)', 1),
        regexp_extract(value, r'([+-]\d\d)\d\d\]', 1), ':00') AS TIMESTAMP) AS ts,
    regexp_extract(value, r'"\w+ /([^/ ?"]*)', 1) AS service,
    regexp_extract(value, r'^(\S+)', 1) AS address,
    regexp_extract(value, r'" (\d)\d\d ', 1) = '5' AS failed,
    try_cast(regexp_extract(value, r'" \d+ \S+ (\d+)', 1) AS INT) AS latency_ms
  FROM STREAM(lines) WHERE value rlike r'^\S+ \S+ \S+ \[\d+/\w+/\d+:'
  UNION ALL
  SELECT
    try_cast(substring(value, 1, 32) AS TIMESTAMP),
    regexp_extract(value, r'^\S+ \S+ ([\w.-]+)', 1),
    CAST(NULL AS STRING),
    value rlike '(?i)error|fail|denied',
    CAST(NULL AS INT)
  FROM STREAM(lines) WHERE value rlike r'^\d{4}-\d\d-\d\dT'
  UNION ALL
  SELECT
    try_cast(substring(value, 1, 19) AS TIMESTAMP),
    concat('dpkg ', regexp_extract(value, r'^\S+ \S+ (\w+)', 1)),
    CAST(NULL AS STRING),
    value rlike '(?i)error|fail',
    CAST(NULL AS INT)
  FROM STREAM(lines) WHERE value rlike r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d '
)
WHERE ts IS NOT NULL;

-- Lines, failures and latency of each service and minute, kept as files.
CREATE STREAMING TABLE minutes USING parquet OPTIONS (path '${env:OUT}/minutes') AS
SELECT window.start AS minute, service, count(*) AS lines,
       sum(if(failed, 1, 0)) AS failures,
       round(100.0 * sum(if(failed, 1, 0)) / count(*), 1) AS failed_percent,
       max(latency_ms) AS slowest_ms
FROM events WATERMARK ts DELAY OF INTERVAL 1 MINUTE
GROUP BY window(ts, '1 minute'), service;

-- The same, only what is bad, as it becomes final.
CREATE STREAMING TABLE bad_minutes USING console OPTIONS (truncate false) AS
SELECT window.start AS minute, service, count(*) AS lines,
       round(100.0 * sum(if(failed, 1, 0)) / count(*), 1) AS failed_percent,
       max(latency_ms) AS slowest_ms
FROM events WATERMARK ts DELAY OF INTERVAL 1 MINUTE
GROUP BY window(ts, '1 minute'), service
HAVING sum(if(failed, 1, 0)) * 5 > count(*);

-- Who asks for what fails, the whole log over.
CREATE STREAMING TABLE top_addresses USING console TBLPROPERTIES (outputMode = 'complete') AS
SELECT address, count(*) AS failures, max(latency_ms) AS slowest_ms
FROM events WHERE failed AND address IS NOT NULL
GROUP BY address ORDER BY failures DESC, address LIMIT 5;
