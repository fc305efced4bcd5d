-- Takes back what one subject counted for a spending that another subject then refused, and tells what the counters hold now.
--   KEYS[1]      the subject's hash
--   ARGV[1]      empty, or the moment that a test sets
--   ARGV[n]      one charge, as SpendingWriter writes it
--   ARGV[n + 1]  the cost
--   ARGV[n + 2]  the moment it was spent at; empty = it was not, tell only
--   ARGV[n + 3]  what its counter held before and after that, as decide.lua told it; empty = unknown
-- A counter that nobody touched since holds again what it held before. Of another one the units are taken back, and its newest stamp stays.
-- Answers of each charge: refused (0), used, until all is free, 0, moment. To be called once: a second time would take back twice.
begin(ARGV[1])
local key, cost = KEYS[1], 0

local function take_back(c, l, s, stamp)
  if not s then return nil end
  if l.k >= ROLLING then
    if s.n == 0 or s.n > stamp then return nil end
    return quotas.adjust(l, s, -cost, max(stamp, s.n))
  end
  -- Under other terms than it was spent under nothing tells what it was turned into: it stays counted.
  if s.k ~= l.k or s.p ~= l.p or s.m ~= l.m then return nil end
  if l.k == LOG then
    return chunks.take_back(c, s, cost, stamp) and s or nil
  elseif l.k == BUCKET then
    if s.mk < stamp then return nil end
    local less, less_rest = windows.muldiv(l.p, cost, l.m)
    local mk, rest = s.mk - less, s.c - less_rest
    if rest < 0 then mk, rest = mk - 1, rest + l.m end
    s.mk, s.c = mk, rest
    return s
  end
  local start = stamp - fmod(stamp, l.p)
  if s.mk == start then
    s.c = max(0, s.c - cost)
  elseif l.k ~= FIXED and s.mk == start + l.p then
    s.pv = max(0, s.pv - cost)
  else
    return nil
  end
  return s
end

-- The bytes before and after.
local function read_states(bytes)
  if bytes == '' then return '', '' end
  local length, at = sunpack('<H', bytes)
  local before, rest = sub(bytes, at, at + length - 1), at + length
  length, at = sunpack('<H', bytes, rest)
  return before, sub(bytes, at, at + length - 1)
end

local out = call('HGET', key, 'l')
out = out and leases.read(out) or {}
local replies, sets, dels = {}, {}, {}
for index = 2, #ARGV, 4 do
  local l = limits.read_charge(ARGV[index], 1)
  cost = tonumber(ARGV[index + 1])
  local counter = {key = key, name = l.name}
  local bytes = call('HGET', key, 'c/' .. l.name)
  local s = limits.state_of(l, bytes)
  local before, after = read_states(ARGV[index + 3])
  if after ~= '' and after == bytes then
    if before == '' then
      s = nil
      dels[#dels + 1] = 'c/' .. l.name
    else
      s = limits.state_of(l, before)
      sets[#sets + 1], sets[#sets + 2] = 'c/' .. l.name, before
    end
  elseif ARGV[index + 2] ~= '' then
    local less = take_back(counter, l, s, tonumber(ARGV[index + 2]))
    if less then
      s, counter.s = less, less
      limits.collect(counter, sets, dels)
    end
  end
  local moment = s and s.n > now and s.n or now
  local reserved, ends = leases.reserved(out, l.name, now)
  local _, used, reset = limits.test_charge(counter, l, limits.under(counter, l, s), 0, moment, reserved, ends)
  replies[#replies + 1] = spack('<Bdddd', 0, used, reset, 0, moment)
end
if #dels > 0 then call('HDEL', key, unpack(dels)) end
if #sets > 0 then call('HSET', key, unpack(sets)) end
return table.concat(replies)
