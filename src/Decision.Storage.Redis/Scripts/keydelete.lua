-- Removes a key with its counters. After now.lua.
-- KEYS 1 = the key's hash
-- ARGV 1 = version that must be there, "" = any, 2 = time in milliseconds after which nothing may be written any more, 3 = channel, 4 = key id
-- returns 1 = removed, 0 = it is not there or has another version, -1 = too late
if now_ms() > tonumber(ARGV[2]) then
  return -1
end
local stored = redis.call('HMGET', KEYS[1], 'v', 'r')
if not (stored[1] or stored[2]) or (ARGV[1] ~= '' and stored[1] ~= ARGV[1]) then
  return 0
end
redis.call('PUBLISH', ARGV[3], 'key ' .. ARGV[4])
redis.call('UNLINK', KEYS[1])
return 1
