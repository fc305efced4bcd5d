-- Removes every counter of a subject; a key's record stays.
--   KEYS[1]  the subject's hash
local key = KEYS[1]
if redis.call('HEXISTS', key, 'v') == 0 then return redis.call('DEL', key) end
local gone = {}
for _, field in ipairs(redis.call('HKEYS', key)) do
  local kind = string.sub(field, 1, 2)
  if kind == 'c/' or kind == 'e/' then gone[#gone + 1] = field end
end
for first = 1, #gone, 1000 do
  redis.call('HDEL', key, unpack(gone, first, math.min(first + 999, #gone)))
end
return #gone
