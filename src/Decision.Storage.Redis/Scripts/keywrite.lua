-- Creates or replaces a key's record. Counters that lie in the same hash stay. After now.lua.
-- KEYS 1 = the key's hash
-- ARGV 1 = version that must be there, "" = there must be no record, 2 = version to write, 3 = record,
--      4 = time in milliseconds after which nothing may be written any more, 5 = channel, 6 = key id
-- returns 1 = written, 0 = another version is there, -1 = too late
if now_ms() > tonumber(ARGV[4]) then
  return -1
end
local stored = redis.call('HMGET', KEYS[1], 'v', 'r')
if ARGV[1] == '' then
  if stored[1] or stored[2] then
    return 0
  end
elseif stored[1] ~= ARGV[1] then
  return 0
end
-- Told first: a user without the right to tell it fails before anything is written. Nobody hears it before the script has ended.
redis.call('PUBLISH', ARGV[5], 'key ' .. ARGV[6])
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'r', ARGV[3])
-- Counters alone leave by themselves; with a record they stay as long as it does.
redis.call('HDEL', KEYS[1], 'x')
redis.call('PERSIST', KEYS[1])
return 1
