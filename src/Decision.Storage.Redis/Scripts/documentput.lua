-- Writes a document and its revision, all or nothing. After documents.lua.
-- KEYS 1 = hash of the kind's documents, 2 = stream of the document's revisions, 3 = number of the last change, 4 = set of the ids that have revisions
-- ARGV 1 = id, 2 = "none" | "any" | "etag" (what must be there), 3 = that etag, 4 = revision number, 5 = stored form up to the JSON, 6 = JSON,
--      7 = word of the change, 8 = time of the change in microseconds, 9 = random number of the change, 10 = channel to tell it on, "" = a kind
--      without history, told to nobody
-- returns 1 = written, 0 = something else is there, or the number was given before, -1 = what is there has an unknown format
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored then
  local etag = etag_of(stored)
  if not etag then
    return -1
  end
  if ARGV[2] == 'none' or (ARGV[2] == 'etag' and etag ~= ARGV[3]) then
    return 0
  end
elseif ARGV[2] == 'etag' then
  return 0
end
if tonumber(ARGV[4]) <= last_revision(KEYS[2]) then
  return 0
end
local id = ARGV[4] .. '-0'
if ARGV[10] == '' then
  redis.call('XADD', KEYS[2], 'MAXLEN', 0, id, 'change', ARGV[7])
else
  -- Told first: a user without the right to tell it fails before anything is written. Nobody hears it before the script has ended.
  redis.call('PUBLISH', ARGV[10], 'documents')
  redis.call('XADD', KEYS[2], id, 'change', ARGV[7], 'at', ARGV[8], 'json', ARGV[6])
  redis.call('SADD', KEYS[4], ARGV[1])
  redis.call('SET', KEYS[3], ARGV[9])
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[5] .. ARGV[6])
return 1
