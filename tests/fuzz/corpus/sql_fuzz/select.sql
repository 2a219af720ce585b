SELECT i, upper(s) AS u, n.x, a[0], m['k'] FROM t WHERE i > 1 AND s LIKE 'a%' ORDER BY u DESC LIMIT 3
