-- Takes counters of one subject over from another store. What remains is never enlarged.
--   KEYS[1]  the subject's hash
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[2]  kind (one byte) and id of the subject
--   then of each counter: its name, its state, how many parts of its log follow, and these
-- Answers how many are written, were there already, and were kept as they are because to overwrite could enlarge what remains.
begin(ARGV[1])
local key = KEYS[1]

local written, same, left = 0, 0, 0
local sets, dels, idle, always = {}, {}, 0, false
local at = 3
while at <= #ARGV do
  local name, bytes, parts = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local field = 'c/' .. name
  local held = call('HGET', key, field)
  local is_quota = byte(bytes) == QUOTA_STATE
  local s = limits.unpack(bytes)
  local other = held and limits.unpack(held)
  local counts = other and (limits.idle_at(other) or now + 1) > now
  local takes = not counts
  if counts and is_quota and other.k == QUOTA_STATE then
    takes = s.n > other.n or (s.n == other.n and s.c > other.c)
    if not takes and s.n == other.n and s.c == other.c then same = same + 1 elseif not takes then left = left + 1 end
  elseif counts then
    local is_same = held == bytes
    if s.k == LOG and other.k == LOG then
      -- Running sums begin anywhere: the terms, the stamps at both ends and the units must be the same.
      is_same = sub(held, 1, 29) == sub(bytes, 1, 29) and s.old == other.old and log.count(s) == log.count(other)
        and (s.ls - s.sb) % WRAP == (other.ls - other.sb) % WRAP
    end
    if is_same then same = same + 1 else left = left + 1 end
  end
  if takes then
    written = written + 1
    if other then
      for number = other.hc or 0, (other.tc or 0) - 1 do dels[#dels + 1] = log.chunk_field(name, number) end
    end
    for part = 1, parts do
      sets[#sets + 1] = log.chunk_field(name, part - 1)
      sets[#sets + 1] = ARGV[at + 2 + part]
    end
    sets[#sets + 1] = field
    sets[#sets + 1] = bytes
    local ends = limits.idle_at(s)
    if ends then idle = max(idle, ends) else always = true end
  end
  at = at + 3 + parts
end

if #dels > 0 then call('HDEL', key, unpack(dels)) end
if #sets > 0 then
  call('HSET', key, unpack(sets))
  local held = call('HMGET', key, 'v', 'x')
  if not held[1] then
    if not held[2] then call('HSET', key, 's', ARGV[2]) end
    local kept = limits.keep(key, held[2] and sunpack('<d', held[2]), (not always) and idle or nil, now)
    if kept then call('HSET', key, 'x', spack('<d', kept)) end
  end
end
return {written, same, left}
