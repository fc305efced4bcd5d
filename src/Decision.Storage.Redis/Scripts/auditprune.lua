-- Removes the audit log's records up to a place, and keeps the place.
-- KEYS 1 = hash of places, 2 = stream of records
-- ARGV 1 = number of the last record to remove, 2 = its hash, 3 = its time in microseconds
-- returns 1 = removed, 0 = they were removed before
local anchor = redis.call('HGET', KEYS[1], 'anchor')
if anchor and tonumber(anchor) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'anchor', ARGV[1], 'anchor_hash', ARGV[2], 'anchor_at', ARGV[3])
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f-0', tonumber(ARGV[1]) + 1))
return 1
