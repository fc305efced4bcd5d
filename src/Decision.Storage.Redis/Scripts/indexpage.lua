-- Key ids that are in all of some sets, in the order of their bytes. It walks the smallest set, and ends early where that takes long.
-- KEYS = the sets
-- ARGV 1 = after this id, "" = from the start, 2 = how many to find at most, 3 = how many to look at at most, 4 = "ids" | "count"
-- returns 1 = that was all or 0 = there may be more, the last id that was looked at, how many were found, and with "ids" these
local smallest, size = 1, nil
for i = 1, #KEYS do
  local cards = redis.call('ZCARD', KEYS[i])
  if not size or cards < size then
    smallest, size = i, cards
  end
end
local answer = { 0, ARGV[1], 0 }
local looked = 0
while answer[3] < tonumber(ARGV[2]) and looked < tonumber(ARGV[3]) do
  local wanted = math.min(1000, #KEYS == 1 and tonumber(ARGV[2]) - answer[3] or 1000)
  local ids = redis.call('ZRANGE', KEYS[smallest], answer[2] == '' and '-' or '(' .. answer[2], '+', 'BYLEX', 'LIMIT', 0, wanted)
  looked = looked + #ids
  for _, id in ipairs(ids) do
    local is_in = true
    for i = 1, #KEYS do
      is_in = is_in and (i == smallest or redis.call('ZSCORE', KEYS[i], id))
    end
    answer[2] = id
    if is_in then
      answer[3] = answer[3] + 1
      if ARGV[4] == 'ids' then
        answer[#answer + 1] = id
      end
      if answer[3] == tonumber(ARGV[2]) then
        return answer
      end
    end
  end
  if #ids < wanted then
    answer[1] = 1
    return answer
  end
end
return answer
