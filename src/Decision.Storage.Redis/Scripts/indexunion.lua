-- Counts key ids that are in at least one of some sets, each once, a range of ids at a time.
-- KEYS = the sets
-- ARGV 1 = after this id, "" = from the start, 2 = how many ids of each set to look at
-- returns 1 = that was all or 0 = there is more, the last id of the range, how many are in it
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local most = tonumber(ARGV[2])

-- By bytes: the operator would follow the server's locale.
local function is_before(left, right)
  for i = 1, math.min(#left, #right) do
    local l, r = string.byte(left, i), string.byte(right, i)
    if l ~= r then
      return l < r
    end
  end
  return #left < #right
end

-- The range ends where the first of the sets that have more was left.
local parts, last = {}, nil
for i = 1, #KEYS do
  parts[i] = redis.call('ZRANGE', KEYS[i], from, '+', 'BYLEX', 'LIMIT', 0, most)
  local id = #parts[i] == most and parts[i][most]
  if id and (not last or is_before(id, last)) then
    last = id
  end
end
local seen, found = {}, 0
for i = 1, #KEYS do
  for n = 1, last and redis.call('ZLEXCOUNT', KEYS[i], from, '[' .. last) or #parts[i] do
    local id = parts[i][n]
    if not seen[id] then
      seen[id] = true
      found = found + 1
    end
  end
end
return { last and 0 or 1, last or '', found }
