-- Removes the counters of a key that no longer count; the hash itself has no end, because the key's record is in it.
--   KEYS[1]  the key's hash
--   ARGV[1]  empty, or the moment that a test sets
-- Answers how many counters were removed.
local key = KEYS[1]
if call('HEXISTS', key, 'v') == 0 then return 0 end
local now
if ARGV[1] == '' then
  local time = call('TIME')
  now = time[1] * 1000000 + time[2]
else
  now = tonumber(ARGV[1])
end
local dels, removed = {}, 0
for _, field in ipairs(call('HKEYS', key)) do
  if sub(field, 1, 2) == 'c/' then
    local bytes = call('HGET', key, field)
    local fine, s = pcall(byte(bytes) == QUOTA_STATE and unpack_quota or unpack_rate, bytes)
    local idle = fine and idle_at(s)
    if idle and idle <= now then
      dels[#dels + 1], removed = field, removed + 1
      for number = s.hc or 0, (s.tc or 0) - 1 do dels[#dels + 1] = chunk_field(sub(field, 3), number) end
    end
  end
end
if #dels > 0 then call('HDEL', key, unpack(dels)) end
return removed
