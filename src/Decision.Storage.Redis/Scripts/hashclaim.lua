-- Takes a custom hash for a key before the key's record is written. The entry is the time in milliseconds until which it may stand without such a
-- record, a random word of the claim, and the key's id, with spaces between. After now.lua.
-- KEYS 1 = the hash's name
-- ARGV 1 = key id, 2 = random word, 3 = milliseconds that the entry may stand without a record, 4 = "own" where an entry of the same key is
--      renewed, 5 = entry that may be replaced because its record was seen to lack the hash, "" = none
-- returns 2 and the new entry = taken, 1 and the new entry = the key's own entry renewed,
--         0, the entry that is there, its key id, and 1 where its time is over = refused
local now = now_ms()
local entry = redis.call('GET', KEYS[1])
local outcome = 2
if entry and entry ~= ARGV[5] then
  local ends, owner = string.match(entry, '^(%d+) %S+ (.*)$')
  if owner ~= ARGV[1] or ARGV[4] ~= 'own' then
    return { 0, entry, owner or '', (not ends or tonumber(ends) < now) and 1 or 0 }
  end
  outcome = 1
end
local new = string.format('%.0f %s %s', now + tonumber(ARGV[3]), ARGV[2], ARGV[1])
redis.call('SET', KEYS[1], new)
return { outcome, new }
