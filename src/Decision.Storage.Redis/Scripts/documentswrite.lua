-- Writes and removes several documents with their revisions, all or nothing. After documents.lua.
-- KEYS 1 = number of the last change; then for each document: hash of its kind's documents, stream of its revisions, set of the kind's ids that
--      have revisions
-- ARGV 1 = time of the change in microseconds, 2 = random number of the change, 3 = channel to tell it on; then for each document: id,
--      "none" | "any" | "etag" (what must be there), that etag, its next etag, its JSON ("" = it is removed, and must be there), word of the change
-- returns the revision number that each got; an empty list = something else is there, {-1} = what is there has an unknown format
local count = (#KEYS - 1) / 3
local numbers = {}
for i = 1, count do
  local key, arg = 3 * i - 1, 6 * i - 2
  local stored = redis.call('HGET', KEYS[key], ARGV[arg])
  if stored then
    local etag = etag_of(stored)
    if not etag then
      return { -1 }
    end
    if ARGV[arg + 1] == 'none' or (ARGV[arg + 1] == 'etag' and etag ~= ARGV[arg + 2]) then
      return {}
    end
  elseif ARGV[arg + 1] == 'etag' or ARGV[arg + 4] == '' then
    return {}
  end
  numbers[i] = last_revision(KEYS[key + 1]) + 1
end

-- Told first: a user without the right to tell it fails before anything is written. Nobody hears it before the script has ended.
redis.call('PUBLISH', ARGV[3], 'documents')
for i = 1, count do
  local key, arg = 3 * i - 1, 6 * i - 2
  local number = string.format('%.0f', numbers[i])
  redis.call('XADD', KEYS[key + 1], number .. '-0', 'change', ARGV[arg + 5], 'at', ARGV[1], 'json', ARGV[arg + 4])
  redis.call('SADD', KEYS[key + 2], ARGV[arg])
  if ARGV[arg + 4] == '' then
    redis.call('HDEL', KEYS[key], ARGV[arg])
  else
    redis.call('HSET', KEYS[key], ARGV[arg], '1\n' .. number .. '\n' .. ARGV[1] .. '\n' .. ARGV[arg + 3] .. '\n' .. ARGV[arg + 4])
  end
end
redis.call('SET', KEYS[1], ARGV[2])
return numbers
