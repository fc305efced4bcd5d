-- Ends a write of a key: corrects the sets by the record that was read, unless another write is under way, which then does it. After now.lua,
-- indexmark.lua.
-- KEYS 1 = marks, 2 to n + 1 = sets that the key belongs to, the rest = sets that it does not belong to
-- ARGV 1 = key id, 2 = random word of the write, 3 = the mark's number before the record was read, "" = correct nothing, a later count does,
--      4 = n
-- returns 1 = done or left to another, 3 = the mark is gone: begin anew,
--         0, the mark's number, all sets to correct = others wrote since: read the record anew
local now = now_ms()
local mark = mark_of(KEYS[1], ARGV[1])
if not mark or not mark.w[ARGV[2]] then
  return { 3 }
end
mark.w[ARGV[2]] = nil
if is_written(mark, now) or ARGV[3] == '' then
  mark.s = mark.s + 1
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(mark))
  return { 1 }
end
if mark.s ~= tonumber(ARGV[3]) then
  return told(0, mark)
end
for i = 2, #KEYS do
  if i <= tonumber(ARGV[4]) + 1 then
    redis.call('ZADD', KEYS[i], 0, ARGV[1])
  else
    redis.call('ZREM', KEYS[i], ARGV[1])
  end
end
redis.call('HDEL', KEYS[1], ARGV[1])
return { 1 }
