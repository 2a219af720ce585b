-- Every reading of every device judged alone: no state, so no reading waits for another one.
CREATE TEMPORARY VIEW readings (
  device STRING, ts TIMESTAMP, kind STRING, unit STRING, value DOUBLE, _corrupt_record STRING
) USING json OPTIONS (path 'sample');

-- One unit a kind; what cannot be is said, not dropped.
CREATE TEMPORARY VIEW judged AS
SELECT device, ts, kind, round(si, 2) AS value,
       CASE WHEN broken IS NOT NULL THEN concat('cannot be read: ', broken)
            WHEN si IS NULL THEN 'no value'
            WHEN kind = 'temperature' AND NOT si BETWEEN -40 AND 60 THEN 'temperature out of range'
            WHEN kind = 'humidity' AND NOT si BETWEEN 0 AND 100 THEN 'humidity impossible'
       END AS trouble
FROM (SELECT device, ts, kind, _corrupt_record AS broken,
             CASE unit WHEN 'F' THEN (value - 32) / 1.8 ELSE value END AS si
      FROM STREAM(readings));

CREATE STREAMING TABLE good USING console OPTIONS (numRows 5, truncate false) AS
SELECT device, ts, kind, value FROM judged WHERE trouble IS NULL;

CREATE STREAMING TABLE alerts USING console OPTIONS (truncate false) AS
SELECT device, ts, kind, value, trouble FROM judged WHERE trouble IS NOT NULL;
