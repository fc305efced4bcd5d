-- As a script: everything above is made for this one call.
return decide_all(KEYS, ARGV)
