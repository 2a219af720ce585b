SELECT window(ts, '10 minutes', '5 minutes') AS w, count(*), sum(i) FILTER (WHERE i > 2) FROM t GROUP BY window(ts, '10 minutes', '5 minutes') HAVING count(*) > 1
