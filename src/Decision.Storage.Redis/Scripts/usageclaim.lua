-- Claims something that is to be told once in a period.
-- KEYS[1]  the claim: when the period ends, in microseconds since the Unix epoch
-- ARGV[1]  when it ends, as this caller reckons it
-- ARGV[2]  how far the ends of the same period may lie apart, in microseconds
-- ARGV[3]  milliseconds that the claim is kept
-- Returns 1, or 0 where it was claimed for this period before.
local known = redis.call('GET', KEYS[1])
if known and math.abs(tonumber(known) - tonumber(ARGV[1])) <= tonumber(ARGV[2]) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
