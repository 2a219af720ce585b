SELECT transform(a, x -> x + 1), filter(a, (x, j) -> x BETWEEN 1 AND j), CASE WHEN i IS NULL THEN INTERVAL '1' DAY ELSE INTERVAL 2 HOURS END FROM t LATERAL VIEW explode(a) e AS f
