SELECT /* c */ -1.5e3, X'0aff', DATE '2024-02-29', r'\d', "a\n", `q``q` FROM VALUES (1, 'x'), (2, NULL) AS `q``q`(a, b) -- end
