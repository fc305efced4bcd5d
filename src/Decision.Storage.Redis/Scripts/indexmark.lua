-- What the scripts of the index share. While a key is written, it has a mark: a field of one hash, as JSON
--   s = rises with each begin and each end of a write,
--   w = the writes that are under way: random word -> time in milliseconds after which it has ended in any case,
--   n = the sets that the key may be in without belonging there: name -> 1.
-- Whoever ends last, with a record that was read after everybody else had begun or ended, corrects the sets and removes the mark. A mark without
-- a write under way is of a crash; who lists or counts does its work.

local function mark_of(marks, id)
  local text = redis.call('HGET', marks, id)
  return text and cjson.decode(text)
end

-- Forgets writes whose time is over; answers whether one is left.
local function is_written(mark, now)
  local left = false
  for word, ends in pairs(mark.w) do
    if ends < now then
      mark.w[word] = nil
    else
      left = true
    end
  end
  return left
end

-- An answer with the mark's number and its sets.
local function told(outcome, mark)
  local answer = { outcome, mark.s }
  for name in pairs(mark.n) do
    answer[#answer + 1] = name
  end
  return answer
end
