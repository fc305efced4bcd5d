-- What is stored of a key, and when that was. After now.lua.
-- KEYS 1 = the key's hash
-- returns the clock in milliseconds, the version's 8 bytes or nil, the record or nil
return { now_ms(), redis.call('HGET', KEYS[1], 'v'), redis.call('HGET', KEYS[1], 'r') }
