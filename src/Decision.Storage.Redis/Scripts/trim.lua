-- Removes counters of one subject that have not counted for long, a part of the hash with each call. What is damaged stays, and is told.
-- To run it again, or beside any other script, changes nothing that counts: each counter goes with its whole log or stays. After limits.lua.
--   KEYS[1]  the subject's hash
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[2]  for how long a rate must not have counted, in microseconds
--   ARGV[3]  for how long a quota must not have counted, in microseconds
--   ARGV[4]  where to go on, as the call before answered; 0 = at the beginning
--   ARGV[5]  about how many fields to look at
-- Answers where to go on (0 = that was all), how many counters are removed, and how many fields are damaged.
begin(ARGV[1])
local key = KEYS[1]
local rate_rest, quota_rest = tonumber(ARGV[2]), tonumber(ARGV[3])

-- A log's parts that lie apart; an error where one is not as the state says.
local function parts_of(name, s)
  if s.hc > s.tc or s.tc - s.hc > MOST_ENTRIES / CHUNK + 1 or s.ho >= CHUNK or #s.tail > CHUNK * ENTRY or log.count(s) < 1 then error('damaged') end
  if s.hc == s.tc then return {} end
  local fields = {}
  for number = s.hc, s.tc - 1 do fields[#fields + 1] = log.chunk_field(name, number) end
  local parts = call('HMGET', key, unpack(fields))
  for index = 1, #parts do
    if not parts[index] or #parts[index] ~= CHUNK * ENTRY then error('damaged') end
  end
  return fields
end

-- The fields to remove; nil where the counter still counts, or did a short while ago.
local function gone_of(name, bytes)
  if byte(bytes) == QUOTA_STATE then
    local s = quotas.unpack(bytes)
    if s.n == 0 then
      -- No period runs: it says no more than none would.
      if s.c ~= 0 or s.e ~= 0 then error('damaged') end
      return {}
    end
    if not (s.n > 0 and s.c >= 0 and s.e >= 0) then error('damaged') end
    local idle = limits.idle_at(s)
    return idle and now - max(idle, s.n) >= quota_rest and {} or nil
  end
  local s = limits.unpack(bytes)
  local idle = limits.idle_at(s)
  if not (s.p > 0 and s.m > 0 and s.n > 0 and idle == idle) then error('damaged') end
  if now - max(idle, s.n) < rate_rest then return nil end
  return s.k == LOG and parts_of(name, s) or {}
end

local scan = redis.pcall('HSCAN', key, ARGV[4], 'COUNT', ARGV[5])
if scan.err then
  if not string.find(scan.err, 'WRONGTYPE', 1, true) then return scan end
  -- Something else has the name.
  return {'0', 0, 1}
end
local fields, counters, left = scan[2], {}, {}
local trimmed, damaged = 0, 0
local out
for index = 1, #fields, 2 do
  local field = fields[index]
  if field ~= 's' and field ~= 'x' then left[field] = true end
  if sub(field, 1, 2) == 'c/' then counters[field] = fields[index + 1] end
  if field == 'l' then out = fields[index + 1] end
end
for field, bytes in pairs(counters) do
  local fine, gone = pcall(gone_of, sub(field, 3), bytes)
  if not fine then
    damaged = damaged + 1
  elseif gone then
    gone[#gone + 1] = field
    call('HDEL', key, unpack(gone))
    for part = 1, #gone do left[gone[part]] = nil end
    trimmed = trimmed + 1
  end
end
if out then
  -- Leases whose end nobody asked about since, and that would no longer count.
  local fine, held = pcall(leases.read, out)
  local counts = false
  for index = 1, fine and #held or 0 do
    -- While there is the counter it may be asked about, under any terms.
    counts = counts or now - held[index].counts < rate_rest or call('HEXISTS', key, 'c/' .. held[index].name) == 1
  end
  if not fine then
    damaged = damaged + 1
  elseif not counts then
    call('HDEL', key, 'l')
    left.l = nil
  end
end

if ARGV[4] == '0' and scan[1] == '0' then
  -- The whole hash was seen. Without a record and without a counter it is nobody's: only whose it was and until when it is kept is left of it.
  if not next(left) then call('DEL', key) end
  for field in pairs(left) do
    local name = string.match(field, '^e/%d+/(.*)$')
    if name and not counters['c/' .. name] then damaged = damaged + 1 end
  end
end
return {scan[1], trimmed, damaged}
