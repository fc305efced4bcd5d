-- Marks a key as being written and puts it into sets, before its record is written. After now.lua, indexmark.lua.
-- KEYS 1 = marks, the rest = sets to put it into
-- ARGV 1 = key id, 2 = random word of the write, 3 = milliseconds after which the write has ended in any case, the rest = sets to correct at the end
-- returns 1, the mark's number, all sets to correct
local now = now_ms()
local mark = mark_of(KEYS[1], ARGV[1]) or { s = 0, w = {}, n = {} }
is_written(mark, now)
mark.s = mark.s + 1
mark.w[ARGV[2]] = now + tonumber(ARGV[3])
for i = 4, #ARGV do
  mark.n[ARGV[i]] = 1
end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(mark))
for i = 2, #KEYS do
  redis.call('ZADD', KEYS[i], 0, ARGV[1])
end
return told(1, mark)
