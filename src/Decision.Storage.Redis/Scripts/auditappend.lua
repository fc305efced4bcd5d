-- Appends records to the audit log, if its end is still where the caller saw it, and forgets what they came of.
-- KEYS 1 = hash of places, 2 = stream of records, 3 = hash of what is being done
-- ARGV 1 = number of the last record, 2 = its hash, 3 = id of what was being done, "" = nothing; then for each record: number, time in
--      microseconds, hash, entry
-- returns 1 = appended, 0 = others have appended meanwhile
local last = redis.call('HMGET', KEYS[1], 'end', 'end_hash')
if last[1] then
  if last[1] ~= ARGV[1] or last[2] ~= ARGV[2] then
    return 0
  end
elseif ARGV[1] ~= '0' then
  return 0
end
for i = 4, #ARGV, 4 do
  redis.call('XADD', KEYS[2], ARGV[i] .. '-0', 'at', ARGV[i + 1], 'hash', ARGV[i + 2], 'entry', ARGV[i + 3])
end
redis.call('HSET', KEYS[1], 'end', ARGV[#ARGV - 3], 'end_at', ARGV[#ARGV - 2], 'end_hash', ARGV[#ARGV - 1])
if ARGV[3] ~= '' then
  redis.call('HDEL', KEYS[3], ARGV[3])
end
return 1
