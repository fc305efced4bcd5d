-- As a function of Redis, 7.0 or later: everything above is made at its first call and kept.
return decide_all
