-- Keys whose writes ended without correcting the sets: of a crash. After now.lua, indexmark.lua.
-- KEYS 1 = marks
-- ARGV 1 = how many at most
-- returns key ids
local left = {}
local marks = redis.call('HGETALL', KEYS[1])
local now = now_ms()
for i = 1, #marks, 2 do
  if #left < tonumber(ARGV[1]) and not is_written(cjson.decode(marks[i + 1]), now) then
    left[#left + 1] = marks[i]
  end
end
return left
