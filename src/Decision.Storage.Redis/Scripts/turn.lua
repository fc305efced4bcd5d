-- Takes a turn that one replica has at a time, or keeps it longer.
--   KEYS[1]  the turn
--   ARGV[1]  who asks
--   ARGV[2]  for how long, in milliseconds
-- Answers 1 = it is theirs, 0 = another has it.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
