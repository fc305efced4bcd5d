-- Removes a document and appends a revision without content. After documents.lua.
-- KEYS 1 = hash of the kind's documents, 2 = stream of the document's revisions, 3 = number of the last change
-- ARGV 1 = id, 2 = etag that it must have, "" = any, 3 = time of the change in microseconds, 4 = random number of the
--      change, 5 = channel, "" = a kind without history
-- returns 1 = removed, 0 = it is not there or has another etag
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored or (ARGV[2] ~= '' and etag_of(stored) ~= ARGV[2]) then
  return 0
end
local id = string.format('%.0f-0', last_revision(KEYS[2]) + 1)
if ARGV[5] == '' then
  redis.call('XADD', KEYS[2], 'MAXLEN', 0, id, 'change', 'delete')
else
  redis.call('PUBLISH', ARGV[5], 'documents')
  redis.call('XADD', KEYS[2], id, 'change', 'delete', 'at', ARGV[3], 'json', '')
  redis.call('SET', KEYS[3], ARGV[4])
end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
