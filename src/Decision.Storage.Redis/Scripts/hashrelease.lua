-- Frees a custom hash, unless somebody claimed it since.
-- KEYS 1 = the hash's name
-- ARGV 1 = the entry that is removed
-- returns 1 = removed, 0 = something else is there
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
