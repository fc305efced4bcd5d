-- What the scripts of documents share. A stored document is "1", its revision, the time of its change in microseconds and its etag, each ended by
-- a line feed, and then its JSON.

-- The etag of a stored document; nil where it is of a format that this version does not know.
local function etag_of(stored)
  return string.match(stored, '^1\n%d+\n%-?%d+\n([^\n]*)\n')
end

-- The highest revision number that was ever given. The stream remembers it, also where it keeps no entry.
local function last_revision(stream)
  if redis.call('EXISTS', stream) == 0 then
    return 0
  end
  local info = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      return tonumber(string.match(info[i + 1], '^%d+'))
    end
  end
  return 0
end
